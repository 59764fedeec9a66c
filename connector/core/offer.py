"""Projects, offers and their rate-card positions (domain 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from connector.core.money import LARGEST_AMOUNT, Money
from connector.core.quantity import Quantity, Unit, seconds_of_hours

PRICE_DECIMALS = 6
"""Unit prices have at most this many decimals (domain 1.1)."""

SMALLEST_PRICE = Decimal(1).scaleb(-PRICE_DECIMALS)


class OfferState(StrEnum):
    """Where an offer stands; only accepted ones are billed."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    LOST = "lost"


class ProjectBilling(StrEnum):
    """How the project tool says a project is billed; UNSTATED where it does not say."""

    FIXED_PRICE = "fixed_price"
    TIME_AND_MATERIALS = "time_and_materials"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the agency; `parent` names the project it is a part of, '' for none."""

    id: str
    name: str
    customer: str
    parent: str = ""
    start: date | None = None
    end: date | None = None
    billing: ProjectBilling = ProjectBilling.UNSTATED
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """A rate-card line of an offer.

    `id` is unique within its offer, `key` within the tenant. `unit_price` in currency units with up to 6 decimals,
    before the `discount` (a fraction: 1/10 is 10 %). `vat_class` ('standard', 'reduced', …) and `service` feed the
    mapping; they decide nothing here. `planned_seconds` is the effort planned, where the tool keeps one.
    `billable` is False for headings, page breaks and options not accepted.
    """

    id: str
    offer: str
    project: str
    label: str
    quantity: Quantity
    unit_price: Decimal
    currency: str
    category: str = ""
    discount: Fraction = Fraction(0)
    vat_class: str = "standard"
    service: str = ""
    start: date | None = None
    end: date | None = None
    planned_seconds: int | None = None
    billable: bool = True
    origin: str = ""

    def __post_init__(self) -> None:
        """Refuse a unit price with more than six decimals (domain 1.1), or of an amount there is not."""
        if abs(self.unit_price) >= LARGEST_AMOUNT:
            message = f"the unit price of {self.key} is too large: {self.unit_price}"
            raise ValueError(message)
        if self.unit_price % SMALLEST_PRICE:
            message = f"the unit price of {self.key} has more than {PRICE_DECIMALS} decimals: {self.unit_price}"
            raise ValueError(message)

    @property
    def key(self) -> str:
        """Return the name of the position within the tenant: offer and position."""
        return f"{self.offer}/{self.id}"

    @property
    def net_price(self) -> Decimal | Fraction:
        """Return the unit price after discount, exact (EN 16931: BT-146, item net price)."""
        return Fraction(self.unit_price) * (1 - self.discount) if self.discount else self.unit_price

    @property
    def total(self) -> Money:
        """Return round(quantity × unit price × (1 − discount)) (domain 2)."""
        return Money.of(self.quantity.value, self.currency, self.net_price)

    def planned_effort(self, hours_per_day: Decimal | None) -> int | None:
        """Return the planned seconds: stated, else from hours, else from days; None if it has none (domain 3.3)."""
        if self.planned_seconds is not None:
            return self.planned_seconds
        if self.quantity.unit is Unit.HOUR:
            return seconds_of_hours(self.quantity.value)
        if self.quantity.unit is Unit.DAY and hours_per_day is not None:
            return seconds_of_hours(self.quantity.value * hours_per_day)
        return None


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer with its positions; an amendment is a further offer of the same project (domain 2)."""

    id: str
    project: str
    state: OfferState
    positions: tuple[Position, ...]
    label: str = ""
    accepted_on: date | None = None
    amends: str = ""
    origin: str = ""
