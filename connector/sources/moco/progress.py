"""What MOCO can tell of progress: units out of expenses, and a share out of a custom property of the project.

MOCO keeps no progress of its own. A ledger laid over it tells shares of positions and categories.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal

from connector.core.notation import ENGLISH, GERMAN, NotationError
from connector.core.offer import Position
from connector.core.period import local_day
from connector.core.problems import Problem, Severity
from connector.core.readings import Reading, ReadingScope
from connector.sources.moco.calls import Calls
from connector.sources.moco.entries import several
from connector.sources.moco.offers import RateCard, Subject
from connector.sources.moco.projects import Projects
from connector.sources.moco.records import ExpenseRecord, ProjectRecord, record_of
from connector.sources.moco.settings import Settings

NOTATIONS = {"de": GERMAN, "en": ENGLISH}

FIRST_DAY = date(2000, 1, 1)
"""MOCO takes `from` only together with `to`; nothing in it is older."""


@dataclass(frozen=True, slots=True)
class ShareReader:
    """Reads how far projects say they are; `zone` says on which day an instant lies."""

    projects: Projects
    settings: Settings
    zone: tzinfo

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield the share of each project that says one, if that is of the day or before."""
        for number, record in self.projects.records.items():
            if written := record.text(self.settings.project.share):
                try:
                    yield from self._reading(number, record, written, as_of)
                except NotationError as error:
                    yield Problem("UnreadableRecord", error.message, self.projects.place(number), error.hint)

    def _reading(self, number: int, record: ProjectRecord, written: str, as_of: date) -> Iterator[Reading | Problem]:
        notation, place = NOTATIONS[self.settings.locale], self.projects.place(number)
        share = notation.share(written)
        stated = record.text(self.settings.project.share_on)
        on = notation.day(stated) if stated else local_day(record.updated_at, self.zone)
        if on <= as_of:
            yield Reading(self.projects.ids[number], ReadingScope.PROJECT, "", on, share, origin=place)
        else:
            of, hint = "the share is of a day", "pull with a later day, or keep the reading in a ledger"
            if not stated:
                of, hint = (
                    "the project was changed",
                    f"name a custom property for the day (project.share_on), or {hint}",
                )
            message = f"{of} after {as_of}, and MOCO keeps no history of {self.settings.project.share!r}"
            yield Problem("ProgressNotDated", message, place, hint, Severity.NOTICE)


@dataclass(frozen=True, slots=True)
class ExpenseReader:
    """Reads the expenses that are billed; those called like a position count the units produced of it."""

    calls: Calls
    card: RateCard

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield per position and day what was produced up to then."""
        by_subject: dict[Subject, list[ExpenseRecord]] = {}
        for found in self.expenses(FIRST_DAY, as_of):
            if isinstance(found, Problem):
                yield found
            else:
                by_subject.setdefault((found.project.id, found.title), []).append(found)
        for (project, title), expenses in by_subject.items():
            positions = self.card.titled.get((project, title), [])
            if len(positions) > 1:
                place = f"{self.card.projects.place(project)} expense {title!r}"
                yield several(place, [each.key for each in positions], "expense")
            elif positions:
                yield from self._counted(positions[0], expenses)

    def expenses(self, first: date, last: date) -> Iterator[ExpenseRecord | Problem]:
        """Yield the billable expenses of the days."""
        days = {"from": first.isoformat(), "to": last.isoformat()}
        for row in self.calls.rows("/projects/expenses", **days):
            record = record_of(row, ExpenseRecord, f"{self.calls.source}: expense #{row['id']}")
            if isinstance(record, Problem) or record.billable:
                yield record

    def _counted(self, position: Position, expenses: list[ExpenseRecord]) -> Iterator[Reading]:
        by_day: dict[date, list[ExpenseRecord]] = {}
        for expense in sorted(expenses, key=lambda expense: (expense.date, expense.id)):
            by_day.setdefault(expense.date, []).append(expense)
        units = Decimal(0)
        for day, of_day in by_day.items():
            units += sum(expense.quantity for expense in of_day)
            origin = f"{self.calls.source}: expense #{of_day[-1].id}"
            yield Reading(
                position.project, ReadingScope.POSITION, position.key, day, units=units.normalize() + 0, origin=origin
            )
