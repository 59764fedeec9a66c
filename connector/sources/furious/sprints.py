"""Sprints: time planned for somebody, and once it is validated, time worked.

Furious' API tells no other time. A validated sprint is a time entry of its last day; the others are plans. They are
read as plain rows, because they are many.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from connector.core.errors import UnexpectedAnswer
from connector.core.notation import NotationError
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.quantity import seconds_of_hours
from connector.core.timesheet import TimeEntry
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.lines import ProjectLines
from connector.sources.furious.projects import Projects
from connector.sources.furious.query import Filter, Operator, Search
from connector.sources.furious.settings import Planned, Settings
from connector.sources.furious.values import Row, amount, day, empty, link, text, truth


class SprintReader:
    """Reads sprints, and tells which position they belong to."""

    def __init__(self, calls: Calls, projects: Projects, lines: ProjectLines, settings: Settings) -> None:
        self._calls = calls
        self._projects = projects
        self._lines = lines
        self._fields = settings.sprint
        self._search = resources.sprints(settings).search

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield the validated sprints that end in the period, and notices; UnexpectedAnswer if it is ignored."""
        end = self._fields.end
        window = (
            Filter(end, Operator.AT_LEAST, period.start.isoformat()),
            # Less than the first day after it: a time of day behind the last day would be more than that day.
            Filter(end, Operator.LESS, period.end.isoformat()),
        )
        for row in self._calls.walk(Search(self._search.resource, self._search.fields, window)):
            if isinstance(row, Problem):
                yield row
                continue
            place = self._calls.place(self._search.resource, row["id"])
            try:
                if truth(row, self._fields.validated):
                    yield from self._entry(row, self._days(row), period, place)
            except NotationError as error:
                yield Problem("BadTimeEntry", error.message, place, error.hint)

    def _entry(self, row: Row, days: tuple[date, date], period: Period, place: str) -> Iterator[TimeEntry | Problem]:
        first, last = days
        if last not in period:
            message = f"a sprint that ends on {last} came, though {period.start} to {period.last_day} was asked for"
            raise UnexpectedAnswer(message, place=place, hint=f"the filter on {self._fields.end} is ignored")
        fields = self._fields
        project, line = link(row, fields.project), link(row, fields.line)
        if not project:
            raise empty(fields.project)
        position = self._lines.keys.get(line, "")
        if line and not position:
            yield self._lines.unknown(line, place)
        if (first.year, first.month) != (last.year, last.month):
            message = f"it runs from {first} to {last}; all of its time counts for the last day"
            hint = "let sprints end with the month if it matters"
            yield Problem("SprintSpansMonths", message, place, hint, Severity.NOTICE)
        activity = text(row, fields.activity)
        yield TimeEntry(
            id=str(row["id"]),
            project=self._projects.number(project),
            day=last,
            seconds=_seconds(row, fields.hours),
            person=text(row, fields.person),
            activity=activity,
            position=position,
            text=text(row, fields.text),
            billable=activity not in fields.not_billable and truth(row, fields.billable, empty_says=True),
            changed=text(row, fields.changed),
            origin=place,
        )

    def planned(self) -> tuple[Mapping[str, int], list[Problem]]:
        """Return the planned seconds by the keys of positions, and the problems; nothing if it is not wanted."""
        sums: dict[str, int] = {}
        problems: list[Problem] = []
        if self._fields.planned is Planned.NONE:
            return sums, problems
        for row in self._calls.walk(self._search):
            if isinstance(row, Problem):
                problems.append(row)
                continue
            try:
                key = self._lines.keys.get(text(row, self._fields.line), "")
                if key and self._is_plan(row):
                    sums[key] = sums.get(key, 0) + _seconds(row, self._fields.hours)
            except NotationError as error:
                place = self._calls.place(self._search.resource, row["id"])
                problems.append(Problem("BadTimeEntry", error.message, place, error.hint))
        return sums, problems

    def _is_plan(self, row: Row) -> bool:
        return self._fields.planned is Planned.ALL or not truth(row, self._fields.validated)

    def _days(self, row: Row) -> tuple[date, date]:
        last = day(row, self._fields.end)
        first = day(row, self._fields.start) or last
        if first is None or last is None or last < first:
            raise NotationError(str(last), "not the last day of a sprint", "correct its days in Furious")
        return first, last


def _seconds(row: Row, field: str) -> int:
    hours = amount(row, field)
    if hours < 0:
        raise NotationError(str(hours), f"{field} is less than nothing", "correct it in Furious")
    return seconds_of_hours(hours)
