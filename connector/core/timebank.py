"""The time bank statement (Leistungsnachweis) of an item, period by period (domain 4.10, 4.11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from connector.core.agreement import Agreement
from connector.core.allowance import Balance, Movement, Turn, run_closed, run_open
from connector.core.catalogue import Item, shown
from connector.core.consumption import NOTHING_CONSUMED, Consumed, Consumption
from connector.core.cycle import BillingPeriod
from connector.core.problems import Problem, Severity
from connector.core.proration import PeriodTerms

WHOLE_PERCENT = 100


@dataclass(frozen=True, slots=True)
class BankStatement:
    """One item in one period: the movement of its bank, and whether it is final.

    Its entries are those of `consumed`: fed to the item, on the covered days of the period, up to the day of the run.
    `next_close` is the end of the next period, None if the retainer ends with this one.
    """

    agreement: str
    item: Item
    period: BillingPeriod
    closed: bool
    movement: Movement
    consumed: Consumed
    next_close: date | None


@dataclass(frozen=True, slots=True)
class ThresholdNotice:
    """A threshold, in percent, that was reached; the `key` tells whether it was raised before (domain 4.11: once)."""

    statement: BankStatement
    threshold: int

    @property
    def key(self) -> str:
        """Return 'agreement/2026-03/item/80'."""
        statement = self.statement
        return f"{statement.agreement}/{statement.period.name}/{statement.item.id}/{self.threshold}"

    def problem(self, place: str, currency: str) -> Problem:
        """Return the notice as it is shown; `place` is the agreement's."""
        statement, item, movement = self.statement, self.statement.item, self.statement.movement
        used = shown(movement.used, item.unit, currency)
        available = shown(movement.available, item.unit, currency)
        return Problem(
            "ThresholdReached",
            f"{item.label} reached {self.threshold} % in {statement.period.name}: {used} of {available}",
            f"{place} {item.id}",
            "tell the customer, or agree on more",
            Severity.NOTICE,
            statement.agreement,
        )


def statements(
    agreement: Agreement, item_id: str, periods: Sequence[PeriodTerms], consumed: Consumption, as_of: date
) -> Iterator[BankStatement]:
    """Yield the statements of the item for all periods begun by `as_of`, oldest first, each opening as the last closed.

    The last of the periods may be one that is still to come: only its allowance counts.
    """
    items = [held.item(item_id) for held in periods]
    grants = [held.granted(item_id) for held in periods]
    balance = Balance()
    for index, (held, item) in enumerate(zip(periods, items, strict=True)):
        if item is None or held.period.covered.start > as_of:
            continue
        period = held.period
        following = index + 1 if index + 1 < len(periods) else None
        goes_on = following is not None and items[following] is not None
        used = consumed.get((item_id, index), NOTHING_CONSUMED)
        turn = Turn(period.name, period.number, grants[index], used.grains, grants[index + 1] if goes_on else None)
        closed = period.closed(as_of)
        movement = (run_closed if closed else run_open)(balance, item, turn)
        balance = movement.after
        next_close = None if following is None else periods[following].period.covered.end
        yield BankStatement(agreement.id, item, period, closed, movement, used, next_close)


def threshold_notices(thresholds: Sequence[int], found: Iterable[BankStatement]) -> Iterator[ThresholdNotice]:
    """Yield a notice for every threshold reached, in the order of the statements."""
    in_order = sorted(thresholds)
    for statement in found:
        used, available = statement.movement.used * WHOLE_PERCENT, statement.movement.available
        yield from (ThresholdNotice(statement, each) for each in in_order if 0 < used >= each * available)
