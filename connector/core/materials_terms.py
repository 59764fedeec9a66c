"""The terms of time and materials (domain 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from connector.core.charge import LateRule
from connector.core.cycle import BillingCalendar
from connector.core.money import Money
from connector.core.pricing import HourPricing
from connector.core.rates import RateCard
from connector.core.term_end import Term
from connector.core.time_rounding import TimeRounding
from connector.core.work import GroupBy


@dataclass(frozen=True, slots=True)
class MaterialsTerms:
    """The terms of time and materials; they start with the first rate card.

    `label` names the work where its group has no name. `not_to_exceed` bounds the sum of all periods.
    """

    label: str
    currency: str
    rates: tuple[RateCard, ...]
    calendar: BillingCalendar = field(default_factory=BillingCalendar)
    term: Term = field(default_factory=Term)
    group_by: GroupBy = GroupBy.POSITION
    approved_only: bool = False
    not_to_exceed: Money | None = None
    rounding: TimeRounding = field(default_factory=TimeRounding)
    pricing: HourPricing = field(default_factory=HourPricing)
    late: LateRule = LateRule.CORRECT
    service: str = ""
    vat_class: str = "standard"

    def __post_init__(self) -> None:
        """Refuse terms without rates, with rates that are not in order, or with a limit in another currency."""
        days = [card.valid_from for card in self.rates]
        if not days or days != sorted(set(days)):
            message = "time and materials have rate cards that follow each other by valid_from"
            raise ValueError(message)
        limit = self.not_to_exceed
        if limit is not None and (limit.currency != self.currency or limit.amount < 0):
            message = f"not_to_exceed is {limit}; write an amount of 0 or more in {self.currency}"
            raise ValueError(message)

    @property
    def family(self) -> str:
        """Return 'time_and_materials'."""
        return "time_and_materials"

    @property
    def start(self) -> date:
        """Return the first day whose work is billed."""
        return self.rates[0].valid_from

    @property
    def end(self) -> date | None:
        """Return the first day whose work is no longer billed, None while there is no end."""
        return self.term.end(self.start, self.calendar)
