"""Time entries, streamed in stretches of days; rows are many, so each is read as the plain dictionary it comes as.

Durations are ISO 8601 (PT1H30M), though the vendor's specification calls them dates. `spentOn` is a day, not an
instant: whoever books chooses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from connector.core.errors import UnexpectedAnswer
from connector.core.notation import one_of
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from connector.sources.openproject.calls import Calls, Row, filters_of
from connector.sources.openproject.hal import NOTHING, TRUTH, Schema, field_of, links_of, number_of, seconds_of, text_of
from connector.sources.openproject.work_packages import WorkPackages

MOST_ROWS = 20_000
"""A longer list is read in two halves, so that memory stays flat."""

MARGIN = timedelta(days=1)
"""Whether the ends of a filter belong to it is not documented: so a day more is asked for on either side."""

ANY_TIME_LATER = "2999-12-31T23:59:59Z"
"""A filter on moments takes two; that either may be left out is not documented."""

WORK_PACKAGE = "/work_packages/"

Told = TimeEntry | Problem


@dataclass(slots=True)
class EntryReader:
    """Reads time entries, those changed since the moment if one is given, and tells which position they belong to."""

    calls: Calls
    packages: WorkPackages
    since: datetime | None = None
    keys: dict[str, str] = field(default_factory=dict)
    strange_projects: dict[int, Problem] = field(default_factory=dict)

    def entries(self, period: Period) -> Iterator[Told]:
        """Yield every entry of the period once, and problems."""
        yield from self.fields()
        yield from self.packages.problems
        yield from self._stretch(period)
        yield from self.strange_projects.values()

    def fields(self) -> Iterator[Problem]:
        """Look the custom fields of time entries up; yield those that OpenProject does not know."""
        names = self.packages.projects.settings.entry.model_dump()
        if any(names.values()):
            schema = Schema([self.calls.one("/time_entries/schema")])
            yield from schema.unknown(names, "time entries", f"{self.calls.source}: entry.")
            self.keys = {setting: schema.key(name) for setting, name in names.items()}

    def _stretch(self, period: Period) -> Iterator[Told]:
        conditions = {"spent_on": ("<>d", [str(period.start - MARGIN), str(period.end)])}
        if self.since:
            conditions["updated_at"] = ("<>d", [f"{self.since:%Y-%m-%dT%H:%M:%SZ}", ANY_TIME_LATER])
        filters = filters_of(**conditions)
        if self.calls.total("/time_entries", filters) > MOST_ROWS and period.days > 1:
            middle = period.start + (period.end - period.start) / 2
            yield from self._stretch(Period(period.start, middle))
            yield from self._stretch(Period(middle, period.end))
            return
        listing = self.calls.listing("/time_entries", filters, self._taking(period))
        for told in listing.once(self._place):
            if isinstance(told, Problem) or told.day in period:
                yield told

    def _taking(self, period: Period) -> Callable[[Row], Told]:
        """Return what reads a row of the period; UnexpectedAnswer for one outside: the filter was ignored."""
        earliest, latest = period.start - MARGIN, period.end

        def take(row: Row) -> Told:
            place = self._place(row["id"])
            try:
                entry = self._entry(row, place)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                message = f"not as OpenProject documents it: {type(error).__name__} {error}"
                return Problem("BadTimeEntry", message, place, "look at it in OpenProject")
            if earliest <= entry.day <= latest:
                return entry
            message = f"time of {entry.day} came, though {period.start} to {period.last_day} was asked for"
            raise UnexpectedAnswer(message, place=place, hint="the filter spent_on is ignored")

        return take

    def _entry(self, row: Row, place: str) -> TimeEntry:
        links = row["_links"]
        activity = text_of(links.get("activity"))
        return TimeEntry(
            id=str(row["id"]),
            project=self._project(number_of(links["project"]["href"]), place),
            day=date.fromisoformat(row["spentOn"]),
            seconds=None if row.get("ongoing") is True else seconds_of(row["hours"]),
            person=text_of(links.get("user")),
            activity=activity,
            position=field_of(row, self.keys.get("position", "")) or self.packages.position_of(_work_package(row)),
            text=text_of(row.get("comment")) or activity,
            billable=self._truth(row, "billable", otherwise=True),
            approved=self._truth(row, "approved", otherwise=not self.keys.get("approved")),
            changed=text_of(row.get("updatedAt")),
            origin=place,
        )

    def _truth(self, row: Row, setting: str, *, otherwise: bool) -> bool:
        """Return what the field says; NotationError, a ValueError, if that is neither yes nor no."""
        text = field_of(row, self.keys.get(setting, ""))
        return one_of(TRUTH, text) if text else otherwise

    def _project(self, number: int, place: str) -> str:
        """Return what agreements call the project; #number of OpenProject, with a notice, if it was not listed."""
        projects = self.packages.projects
        if record := projects.records.get(number):
            return projects.id_of(record)
        if number not in self.strange_projects:
            message = f"its project {f'#{number} ' if number else ''}is not among those that are read"
            hint = "its time is read, and belongs to nothing that is billed; the next run reads a new project"
            self.strange_projects[number] = Problem("ProjectNotRead", message, place, hint, Severity.NOTICE)
        return f"#{number}" if number else ""

    def _place(self, key: object) -> str:
        return f"{self.calls.source}: time entry {key}"


def _work_package(row: Row) -> int:
    """Return the number of the work package, 0 for none; newer answers call it entity, which may be a meeting."""
    links = links_of(row)
    hrefs = ((links.get(name) or NOTHING).get("href") or "" for name in ("workPackage", "entity"))
    return next((number_of(href) for href in hrefs if WORK_PACKAGE in href), 0)
