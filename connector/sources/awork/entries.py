"""Time entries, streamed month by month; rows are many, so each is read as the plain dictionary it comes as.

Seen in recorded responses: a running timer has a start and no end, though a `duration`; an entry typed in as a duration
has neither; times have seven digits of a second; the local day stands beside the one in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from dateutil.relativedelta import relativedelta

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period, local_day
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from connector.sources.awork.calls import Calls, Params, Row
from connector.sources.awork.directory import Directory
from connector.sources.awork.tasks import Tasks

MARGIN = timedelta(days=1)
"""A local day and its day in UTC are at most so far apart."""

Told = TimeEntry | Problem

_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads time entries; `zone` says on which day an instant lies where awork does not."""

    calls: Calls
    directory: Directory
    tasks: Tasks
    zone: tzinfo

    def entries(self, period: Period) -> Iterator[Told]:
        """Yield every entry of the period once, and problems; a notice for billable time that names no project."""
        homeless: list[str] = []
        for month in self._months(period):
            listing = self.calls.listing("/timeentries", _within(month), self._taking(month))
            for told in listing.once(self._place):
                if isinstance(told, TimeEntry):
                    if told.day not in month:
                        continue
                    if told.billable and not told.project:
                        homeless.append(told.origin)
                yield told
        yield from self.tasks.problems
        if homeless:
            yield _without_project(homeless)

    def of_project(self, project: str) -> Iterator[Told]:
        """Yield all entries of the project with awork's id, of any day."""
        listing = self.calls.listing(f"/projects/{project}/timeentries", {}, self._told)
        yield from listing.once(self._place)

    def _months(self, period: Period) -> Iterator[Period]:
        """Yield the months of the period, from that of its first entry to that of its last."""
        first, last = self._end_of(period, "startDateUtc asc"), self._end_of(period, "startDateUtc desc")
        if first is None or last is None:
            return
        start, end = max(first - 2 * MARGIN, period.start), min(last + 3 * MARGIN, period.end)
        while start < end:
            following = start.replace(day=1) + relativedelta(months=1)
            yield Period(start, min(following, end))
            start = following

    def _end_of(self, period: Period, order: str) -> date | None:
        """Return the day of the entry that comes first in the order, None if there is none in the period."""
        row = self.calls.row("/timeentries", {**_within(period), "orderby": order})
        if row is None:
            return None
        told = self._told(row)
        beyond = period.start if order.endswith("asc") else period.end
        return told.day if isinstance(told, TimeEntry) else beyond

    def _taking(self, month: Period) -> Callable[[Row], Told]:
        """Return what reads a row of the month; UnexpectedAnswer for one far outside: the filter was ignored."""
        earliest, latest = month.start - 2 * MARGIN, month.end + 2 * MARGIN

        def take(row: Row) -> Told:
            told = self._told(row)
            if isinstance(told, TimeEntry) and not earliest <= told.day < latest:
                message = f"time of {told.day} came, though {month.start} to {month.last_day} was asked for"
                raise UnexpectedAnswer(message, place=told.origin, hint="the filter startDateUtc is ignored")
            return told

        return take

    def _told(self, row: Row) -> Told:
        """Return the row as an entry, or the problem that it is none."""
        place = self._place(row["id"])
        try:
            return self._entry(row, place)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"not as awork documents it: {type(error).__name__} {error}"
            return Problem("BadTimeEntry", message, place, "look at it in awork")

    def _entry(self, row: Row, place: str) -> TimeEntry:
        user, task = row.get("user") or _NOTHING, row.get("task") or _NOTHING
        return TimeEntry(
            id=row["id"],
            project=self._project(row),
            day=_day(row, self.zone),
            seconds=_seconds(row),
            person=f"{user.get('firstName') or ''} {user.get('lastName') or ''}".strip()
            or str(row.get("userId") or ""),
            activity=(row.get("typeOfWork") or _NOTHING).get("name") or "",
            position=self._position(row),
            text=row.get("note") or task.get("name") or "",
            billable=_truth(row, "isBillable"),
            changed=row.get("updatedOn") or "",
            origin=place,
        )

    def _project(self, row: Row) -> str:
        """Return what agreements call the project; the key beside the entry if the project was not in the list."""
        number = row.get("projectId")
        if not number:
            return ""
        project = self.directory.projects.get(number)
        if project is not None:
            return self.directory.project_id(project)
        nested = row.get("project") or _NOTHING
        return str(nested.get("projectKey") or nested.get("key") or number)

    def _position(self, row: Row) -> str:
        task, project = row.get("taskId"), self.directory.projects.get(row.get("projectId") or "")
        if not (task and project and self.directory.settings.position_field):
            return ""
        return self.tasks.position_of(project, task)

    def _place(self, key: str) -> str:
        return f"{self.calls.source}: time entry {key}"


def _within(period: Period) -> Params:
    """Return the filter for the period's days in UTC, a day wider on either side."""
    start, end = period.start - MARGIN, period.end + MARGIN
    return {"filterby": f"startDateUtc ge datetime'{start}T00:00' and startDateUtc lt datetime'{end}T00:00'"}


def _day(row: Row, zone: tzinfo) -> date:
    """Return the local day that awork says, else that of the start in UTC."""
    local = row.get("startDateLocal")
    if local:
        return date.fromisoformat(local[:10])
    day = row["startDateUtc"][:10]
    start = row.get("startTimeUtc")
    return local_day(datetime.fromisoformat(f"{day}T{start[:8]}+00:00"), zone) if start else date.fromisoformat(day)


def _seconds(row: Row) -> int | None:
    """Return the duration in seconds, None while the timer runs; ValueError for anything else."""
    if row.get("startTimeUtc") and not row.get("endTimeUtc"):
        return None
    seconds = row["duration"]
    if type(seconds) is not int or seconds < 0:
        message = f"the duration is {seconds!r}, not whole seconds from 0"
        raise ValueError(message)
    return seconds


def _truth(row: Row, name: str) -> bool:
    value = row[name]
    if not isinstance(value, bool):
        message = f"{name} is {value!r}, neither true nor false"
        raise TypeError(message)
    return value


def _without_project(places: list[str]) -> Problem:
    shown = "; ".join(places[:3])
    message = f"{len(places)} billable time entries name no project, as awork leaves them when a project is deleted"
    return Problem("TimeWithoutProject", message, shown, "name a project, or make them not billable", Severity.NOTICE)
