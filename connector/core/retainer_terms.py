"""The terms of a retainer and their versions (domain 4.1, 4.2, 4.7 to 4.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from connector.core.catalogue import Item
from connector.core.charge import LateRule
from connector.core.cycle import BillingCalendar
from connector.core.money import Money
from connector.core.period import ONE_DAY, Period
from connector.core.pricing import HourPricing
from connector.core.quantity import Unit
from connector.core.term_end import Term
from connector.core.time_rounding import TimeRounding

THRESHOLDS = (50, 80, 100)
"""Percent of what is available in a period at which a notice is raised (domain 4.11)."""


class Billing(StrEnum):
    """Whether the fee is billed at the start of its period or after it (domain 4.2)."""

    IN_ARREARS = "in_arrears"
    IN_ADVANCE = "in_advance"


class Proration(StrEnum):
    """What a period costs that the terms cover only in part (domain 4.7).

    DAY_EXACT: by days. FULL: like a full one. NONE: nothing, and nothing is granted. With the last two, terms that
    change inside a period take effect with the next one.
    """

    DAY_EXACT = "day_exact"
    FULL = "full"
    NONE = "none"


class MetricUse(StrEnum):
    """Which readings of a period count: the SUM of all (spend), or each project's LAST (seats)."""

    SUM = "sum"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class PercentIndexation:
    """From a day on, the fee is so much higher (1/50 is 2 %) or lower, rounded to multiples of `round_to`."""

    start: date
    percent: Fraction
    round_to: Decimal = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class TableIndexation:
    """From a day on, the fee is multiplied by index ÷ base, unless the index moved by less than the threshold.

    `index` maps the first day of a month to its value. `month` is the one that counts; None takes the last full month
    before `start`. `threshold` 1/20 is 5 %; it works in both directions.
    """

    start: date
    index: Mapping[date, Decimal]
    base: Decimal
    threshold: Fraction = Fraction(0)
    month: date | None = None
    round_to: Decimal = Decimal("0.01")

    @property
    def month_that_counts(self) -> date:
        """Return the first day of the month whose value decides."""
        return self.month or (self.start.replace(day=1) - ONE_DAY).replace(day=1)


Indexation = PercentIndexation | TableIndexation


@dataclass(frozen=True, slots=True)
class VariablePart:
    """A part of the price that follows a metric: a percentage of it, or a price per unit of it (domain 4.9).

    Exactly one of `percent` (8/100 is 8 %) and `unit_price` is set. `service` and `vat_class` as in `Item`.
    """

    id: str
    label: str
    metric: str
    percent: Fraction | None = None
    unit_price: Decimal | None = None
    unit: Unit = Unit.PIECE
    use: MetricUse = MetricUse.SUM
    service: str = ""
    vat_class: str = ""

    def __post_init__(self) -> None:
        """Refuse a part with no price, or two."""
        if (self.percent is None) == (self.unit_price is None):
            message = f"variable part {self.id}: give either a percentage or a unit price"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Discount:
    """Taken off the fee on the days of `period`: a part of it, or an amount per full period; never more than the fee.

    Exactly one of `percent` (1/10 is 10 %) and `amount` is set.
    """

    id: str
    label: str
    period: Period
    percent: Fraction | None = None
    amount: Money | None = None

    def __post_init__(self) -> None:
        """Refuse a discount with no size, or two, or below nothing."""
        if (self.percent is None) == (self.amount is None):
            message = f"discount {self.id}: give either a percentage or an amount"
            raise ValueError(message)
        if (self.percent or 0) < 0 or (self.amount is not None and self.amount.amount < 0):
            message = f"discount {self.id} is below nothing"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """What holds from a day on: fee per full period, items, variable parts, and the indexation of this fee."""

    valid_from: date
    fee: Money
    items: tuple[Item, ...] = ()
    variable: tuple[VariablePart, ...] = ()
    indexation: tuple[Indexation, ...] = ()

    def item(self, item_id: str) -> Item | None:
        """Return the item of that id."""
        for item in self.items:
            if item.id == item_id:
                return item
        return None


@dataclass(frozen=True, slots=True)
class RetainerTerms:
    """All terms of a retainer; it starts with its first version.

    `label` names it on the document; `service` and `vat_class` feed the mapping. Cycle and billing hold for all
    versions: a retainer that is to be billed in other periods is a new agreement.
    """

    label: str
    versions: tuple[TermsVersion, ...]
    calendar: BillingCalendar = field(default_factory=BillingCalendar)
    billing: Billing = Billing.IN_ARREARS
    proration: Proration = Proration.DAY_EXACT
    term: Term = field(default_factory=Term)
    discounts: tuple[Discount, ...] = ()
    thresholds: tuple[int, ...] = THRESHOLDS
    rounding: TimeRounding = field(default_factory=TimeRounding)
    pricing: HourPricing = field(default_factory=HourPricing)
    late: LateRule = LateRule.CORRECT
    service: str = ""
    vat_class: str = "standard"

    def __post_init__(self) -> None:
        """Refuse terms without a version, or versions that are not in order: two would hold on the same day."""
        days = [version.valid_from for version in self.versions]
        if not days:
            message = "a retainer has at least one version of its terms"
            raise ValueError(message)
        if doubled := next((day for earlier, day in pairwise(days) if day <= earlier), None):
            message = f"versions follow each other by valid_from, but {doubled} comes again or too late"
            raise ValueError(message)

    @property
    def family(self) -> str:
        """Return 'retainer'."""
        return "retainer"

    @property
    def start(self) -> date:
        """Return the first day of the retainer."""
        return self.versions[0].valid_from

    @property
    def end(self) -> date | None:
        """Return the first day after the retainer, None while it has no end."""
        return self.term.end(self.start, self.calendar)

    @property
    def item_ids(self) -> tuple[str, ...]:
        """Return the ids of all items there ever were, in the order they appeared."""
        return tuple(dict.fromkeys(item.id for version in self.versions for item in version.items))

    @property
    def currency(self) -> str:
        """Return the currency of all its amounts."""
        return self.versions[0].fee.currency
