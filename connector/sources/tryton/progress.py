"""How far positions are: shares out of the progress of tasks, units out of what was delivered.

Tryton says how far a task is now, and when it was last changed: so a share is dated to that day. What was delivered has
days of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from fractions import Fraction

from connector.core.offer import Position
from connector.core.period import local_day
from connector.core.problems import Problem, Severity
from connector.core.quantity import plain
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from connector.sources.tryton.calls import Calls
from connector.sources.tryton.card import Card, Sold
from connector.sources.tryton.positions import units_of
from connector.sources.tryton.records import MoveRecord, record_of
from connector.sources.tryton.settings import Settings
from connector.sources.tryton.values import as_day, referred

MOVE_FIELDS = ("origin", "quantity", "unit.symbol", "effective_date")

ALL_PERCENT = 100

WRITTEN_DECIMALS = 6
"""A percentage with more decimals is written as a fraction."""


def shares(card: Card, zone: tzinfo, as_of: date) -> Iterator[Reading | Problem]:
    """Yield the share of each position whose tasks say how far they are, and a notice where it is of a later day.

    Several tasks count alike, and one that says nothing is not begun: that is how Tryton itself counts them.
    """
    for sold in card.sold:
        if not any(task.progress is not None for task in sold.tasks):
            continue
        on = max(local_day(task.write_date or task.create_date, zone) for task in sold.tasks)
        if on <= as_of:
            yield _reading(sold, on)
        else:
            message = f"a task of it was changed after {as_of}, and Tryton keeps no history of progress"
            hint = "what was read of it up to that day stands in; else pull with a later day, or keep it in a ledger"
            yield Problem("ProgressNotDated", message, sold.position.origin, hint, Severity.NOTICE)


def _reading(sold: Sold, on: date) -> Reading | Problem:
    position = sold.position
    done = sum((Fraction(task.progress or 0) for task in sold.tasks), Fraction(0)) / len(sold.tasks)
    if not 0 <= done <= 1:
        return Problem("BadReading", f"a progress of {done}", position.origin, "Tryton counts it from 0 to 1")
    share = Share(done, _written(done))
    return Reading(position.project, ReadingScope.POSITION, position.key, on, share, origin=position.origin)


def _written(share: Fraction) -> str:
    """Return 33/100 as '33 %', and 1/3 as '1/3'."""
    units = share * ALL_PERCENT * 10**WRITTEN_DECIMALS
    if units.denominator != 1:
        return f"{share.numerator}/{share.denominator}"
    percent = Decimal(units.numerator).scaleb(-WRITTEN_DECIMALS)
    return f"{percent.normalize():f} %"


@dataclass(frozen=True, slots=True)
class MoveReader:
    """Reads what was delivered of the lines of sales."""

    calls: Calls
    card: Card
    settings: Settings

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield per position and day what was delivered up to then, and what cannot be counted."""
        delivered: dict[int, dict[date, Decimal]] = {}
        done = (["origin", "like", "sale.line,%"], ["state", "=", "done"], ["effective_date", "<=", as_day(as_of)])
        for row in self.calls.of_company("stock.move", MOVE_FIELDS, *done):
            place = f"{self.calls.source}: move #{row['id']}"
            record = record_of(row, MoveRecord, place)
            if isinstance(record, Problem):
                yield record
                continue
            line = referred(record.origin, "sale.line")
            if line is None or line not in self.card.lines:
                continue
            if units_of(self.settings).get(record.unit.symbol) is self.card.lines[line].quantity.unit:
                by_day = delivered.setdefault(line, {})
                by_day[record.effective_date] = by_day.get(record.effective_date, Decimal(0)) + record.quantity
            else:
                message = f"delivered in {record.unit.symbol!r}, which is not the unit of its line"
                yield Problem("BadReading", message, place, "deliver it in the unit of the line")
        for line, by_day in delivered.items():
            yield from _added_up(self.card.lines[line], by_day)


def _added_up(position: Position, by_day: Mapping[date, Decimal]) -> Iterator[Reading]:
    units = Decimal(0)
    for day in sorted(by_day):
        units += by_day[day]
        yield Reading(
            position.project, ReadingScope.POSITION, position.key, day, units=plain(units), origin=position.origin
        )
