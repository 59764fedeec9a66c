"""Lines of timesheets of a period of days, streamed; what changed in it is found by comparing (domain 6).

Rows are plain dictionaries, checked field by field: they are many, and a model for each would cost most of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from connector.sources.tryton.calls import Calls, Row
from connector.sources.tryton.card import Card
from connector.sources.tryton.settings import Settings
from connector.sources.tryton.values import as_day, day_of, instant_of, seconds_of

FIELDS = (
    "date", "duration", "description", "employee.party.name", "work.origin", "work.name", "write_date", "create_date",
)  # fmt: skip


class _Work(NamedTuple):
    """What time on a work belongs to; `known` is False for a task of no project that is read."""

    project: str
    activity: str
    position: str
    billable: bool
    known: bool


@dataclass(slots=True)
class EntryReader:
    """Reads time and tells which position of the rate card it belongs to; asked once."""

    calls: Calls
    card: Card
    settings: Settings
    works: dict[str, _Work] = field(default_factory=dict)

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield every entry of the period once, problems, and a notice for each task that lies in no project."""
        self.calls.need("timesheet.line", "duration", "timesheet")
        days = (["date", ">=", as_day(period.start)], ["date", "<", as_day(period.end)])
        for row in self.calls.of_company("timesheet.line", FIELDS, *days):
            place = f"{self.calls.source}: timesheet line #{row['id']}"
            try:
                told, work = self._entry(row, place)
            except (ValueError, TypeError, AttributeError, KeyError) as error:
                message = f"not as Tryton has it: {type(error).__name__} {error}"
                yield Problem("BadTimeEntry", message, place, "look at it in Tryton")
                continue
            if told.day not in period:
                message = f"time of {told.day} came, though {period.start} to {period.last_day} was asked for"
                raise UnexpectedAnswer(message, place=place, hint="the filter of days is ignored by this server")
            if not work.known:
                yield self._homeless(row["work"]["origin"], work, place)
            yield told

    def _entry(self, row: Row, place: str) -> tuple[TimeEntry, _Work]:
        """Return the row as an entry; any of Python's errors for a field that is not as Tryton has it."""
        work = self._work(row["work"])
        entry = TimeEntry(
            id=str(row["id"]),
            project=work.project,
            day=day_of(row["date"]),
            seconds=seconds_of(row["duration"]),
            person=row["employee"]["party"]["name"] or "",
            activity=work.activity,
            position=work.position,
            text=row["description"] or "",
            billable=work.billable,
            changed=instant_of(row["write_date"] or row["create_date"]).isoformat(),
            origin=place,
        )
        return entry, work

    def _work(self, told: Any) -> _Work:  # noqa: ANN401 - JSON
        """Return what the work of a timesheet stands for; worked out once for each."""
        origin, name = told["origin"] or "", told["name"] or ""
        key = origin or name
        if key not in self.works:
            self.works[key] = self._found(origin, name)
        return self.works[key]

    def _found(self, origin: str, name: str) -> _Work:
        model, _, number = origin.partition(",")
        if model != "project.work":  # a work of its own, such as holidays, belongs to no project
            return _Work("", name, "", billable=False, known=True)
        works = self.card.works
        record, project = works.records.get(int(number)), works.project_of(int(number))
        activity = record.name if record else ""
        billable = activity not in self.settings.unbillable_tasks
        if project is None:
            return _Work("", activity, "", billable, known=False)
        return _Work(works.ids[project], activity, self.card.position_of(int(number)), billable, known=True)

    def _homeless(self, origin: str, work: _Work, place: str) -> Problem:
        self.works[origin] = work._replace(known=True)
        message = f"its task {work.activity!r} lies in no project that is read"
        hint = "move the task into its project; its time is read, and belongs to nothing that is billed"
        return Problem("ProjectNotRead", message, place, hint, Severity.NOTICE)
