"""The dunning procedure: when a customer is in default, and which level comes next (domain 10.2, 10.4; § 286 BGB)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from connector.core.base_rates import BASE_RATES
from connector.core.interest import ONE_DAY
from connector.core.money import Money
from connector.core.party import Party
from connector.core.payment import Dunning, PaymentState
from connector.core.problems import Problem, Severity
from connector.core.receivables import OpenItem

DEFAULT_AFTER = timedelta(days=30)
"""After due date and receipt of an invoice its customer is in default, reminded or not (§ 286 Abs. 3 BGB)."""


class Debtor(StrEnum):
    """Who owes: a consumer has other rights (§§ 13, 286, 288 BGB)."""

    BUSINESS = "business"
    CONSUMER = "consumer"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the procedure, counted from 1.

    It is given `days` after the due date, and asks for payment within `pay_within` days. `fee` is the whole fee it
    asks for, not one on top of earlier levels. `names` and `texts` are by language; a text may name places in braces.
    """

    number: int
    days: int
    pay_within: int
    fee: Money
    interest: bool
    lump_sum: bool
    names: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Procedure:
    """The levels in order, and what the tenant says of its due dates and customers.

    `agreed` tells that due dates are agreed with the customers; else an invoice counts as received `receipt_days` after
    its date. `consumers_told` says that invoices tell consumers of the 30 days. `unnamed` is what a customer is of whom
    nothing tells whether it is a business; None where a person is to be asked. `settled_within` days the payments must
    have been read before anybody is reminded. `rates` are base rates by half-year.
    """

    levels: tuple[Level, ...]
    agreed: bool
    receipt_days: int = 0
    consumers_told: bool = False
    unnamed: Debtor | None = None
    settled_within: int = 3
    rates: Mapping[date, Decimal] = field(default_factory=lambda: BASE_RATES)

    def lump_sum_at(self, level: Level) -> bool:
        """Tell whether the lump sum is asked for at the level: from the first one that has it, as one and the same."""
        return any(each.lump_sum for each in self.levels[: level.number])


@dataclass(frozen=True, slots=True)
class Reminded:
    """How far a document was reminded: highest level and its day, day of the first; `held` where a person said stop."""

    level: int = 0
    on: date | None = None
    first_on: date | None = None
    held: bool = False

    def joined(self, told: Dunning | None) -> Reminded:
        """Return this with what the accounting system tells: the higher level counts, from our day if it tells none."""
        if told is None or told.level <= self.level:
            return self
        return replace(self, level=told.level, on=told.on or self.on, first_on=self.first_on or told.on)


def debtor_of(customer: Party, unnamed: Debtor | None) -> Debtor | None:
    """Return what the customer is, None where nothing tells: a VAT id proves a business, a source names consumers."""
    if not customer.is_business:
        return Debtor.CONSUMER
    return Debtor.BUSINESS if customer.vat_id else unnamed


def default_start(item: OpenItem, procedure: Procedure, debtor: Debtor, first_reminder: date | None) -> date | None:
    """Return the first day of default, None while there is none (domain 10.2).

    After an agreed due date that is the next day. Else 30 days after due date and receipt, of consumers only if the
    invoice told them; at the latest then, so a reminder before that lets it begin on its next day.
    """
    if procedure.agreed:
        return item.due_date + ONE_DAY
    received = item.issue_date + timedelta(days=procedure.receipt_days)
    counts = debtor is Debtor.BUSINESS or procedure.consumers_told
    found = [max(item.due_date, received) + DEFAULT_AFTER + ONE_DAY] if counts else []
    if first_reminder:
        found.append(max(first_reminder, item.due_date) + ONE_DAY)
    return min(found, default=None)


def stopped(item: OpenItem, reminded: Reminded) -> bool:
    """Tell whether nobody is reminded of the item: nothing to pay, taken back, blocked there, or held by a person."""
    to_pay = item.state in (PaymentState.OPEN, PaymentState.PART_PAID) and item.open.amount > 0
    blocked = item.dunning is not None and item.dunning.blocked
    return not to_pay or item.cancelled or bool(item.corrects) or blocked or reminded.held


def next_step(item: OpenItem, reminded: Reminded, procedure: Procedure, on: date) -> Level | None:
    """Return the level to give on the day, None for none (domain 10.4).

    Each level follows the one before; between both lie at least as many days as the procedure has between them, also
    where it began late.
    """
    if stopped(item, reminded) or reminded.level >= len(procedure.levels):
        return None
    level = procedure.levels[reminded.level]
    earliest = item.due_date + timedelta(days=level.days)
    if reminded.on and reminded.level:
        between = level.days - procedure.levels[reminded.level - 1].days
        earliest = max(earliest, reminded.on + timedelta(days=between))
    return level if on >= earliest else None


def level_differs(ours: Reminded, told: Dunning | None, place: str) -> Problem | None:
    """Return the notice of a level that the accounting system has otherwise; told nothing, it contradicts nothing."""
    if told is None or told.level == ours.level:
        return None
    message = f"reminded up to level {ours.level} from here; the accounting system says level {told.level}"
    hint = "the higher one counts; was a reminder written or discarded there by hand?"
    return Problem("ReminderLevelDiffers", message, place, hint, Severity.NOTICE)
