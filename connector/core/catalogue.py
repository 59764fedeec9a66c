"""The service catalogue of a retainer: items with allowance, carry-over and overage (domain 4.1, 4.4, 4.5).

An item is counted in whole grains, so that a time bank is exact: seconds for hours, thousandths for units, minor
units of the currency for amounts. Every allowance, cap, bound of a tier and balance is an int of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from connector.core.money import TEN_TO, Money, minor_digits, rounded
from connector.core.quantity import SECONDS_PER_HOUR, Quantity, Unit

UNIT_DECIMALS = 3
"""Units are counted in thousandths."""


class ItemUnit(StrEnum):
    """What an item's allowance is counted in; AMOUNT is a budget in money."""

    HOURS = "hours"
    UNITS = "units"
    AMOUNT = "amount"


class OverageRule(StrEnum):
    """What becomes of consumption beyond the allowance (domain 4.5)."""

    BILL_NOW = "bill_now"
    BILL_NEXT = "bill_next"
    DEDUCT_NEXT = "deduct_next"
    ABSORB = "absorb"
    HOLD = "hold"


class TierMode(StrEnum):
    """GRADUATED: each part at the price of its tier; VOLUME: all at the price of the tier reached."""

    GRADUATED = "graduated"
    VOLUME = "volume"


class DrawOrder(StrEnum):
    """Whether carried-over lots are used before the allowance of the period, or after it."""

    OLDEST_FIRST = "oldest_first"
    CURRENT_FIRST = "current_first"


@dataclass(frozen=True, slots=True)
class Tier:
    """A price up to so many grains of overage in a period, inclusive; the last tier has no bound.

    `price` per hour or unit, up to six decimals; for amounts a factor.
    """

    price: Decimal
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Overage:
    """The rule and the prices; `max_deduct` (grains) bounds what is drawn from the next allowance."""

    rule: OverageRule = OverageRule.BILL_NOW
    tiers: tuple[Tier, ...] = ()
    mode: TierMode = TierMode.GRADUATED
    max_deduct: int | None = None


@dataclass(frozen=True, slots=True)
class Rollover:
    """What of an unused allowance is carried over.

    `cap` in grains, or as a part of the full allowance (Fraction: 1 for '100 %'); None for no cap. `expires_after` is
    the number of following periods a lot may be used in; None for no limit.
    """

    cap: int | Fraction | None = None
    expires_after: int | None = None
    order: DrawOrder = DrawOrder.OLDEST_FIRST

    def cap_grains(self, allowance: int) -> int | None:
        """Return the cap in grains for the item's full allowance, None for no cap."""
        if isinstance(self.cap, Fraction):
            return int(rounded(self.cap, 0, allowance))
        return self.cap


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the catalogue in one version of the terms.

    `allowance` in grains per full period. `role_rates` price the hours that draw on an item of unit AMOUNT. `service`
    and `vat_class` feed the mapping; '' takes the retainer's.
    """

    id: str
    label: str
    unit: ItemUnit
    allowance: int
    overage: Overage = Overage()
    rollover: Rollover | None = None
    role_rates: Mapping[str, Decimal] = field(default_factory=dict)
    service: str = ""
    vat_class: str = ""


def grains_per_unit(unit: ItemUnit, currency: str) -> int:
    """Return how many grains one hour, unit or unit of the currency has."""
    if unit is ItemUnit.HOURS:
        return SECONDS_PER_HOUR
    return TEN_TO[UNIT_DECIMALS if unit is ItemUnit.UNITS else minor_digits(currency)]


def grains_of(value: Decimal | int, unit: ItemUnit, currency: str) -> int:
    """Return hours, units or an amount in grains; ValueError where it has a fraction of a grain."""
    over, under = (Fraction(value) * grains_per_unit(unit, currency)).as_integer_ratio()
    if under != 1:
        message = f"{value} {unit} is not counted in whole steps of 1/{grains_per_unit(unit, currency)}"
        raise ValueError(message)
    return over


def units_of(grains: int) -> Quantity:
    """Return an item's thousandths as pieces, without needless zeros."""
    value = rounded(grains, UNIT_DECIMALS, Fraction(1, TEN_TO[UNIT_DECIMALS]))
    whole = grains % TEN_TO[UNIT_DECIMALS] == 0
    return Quantity(Decimal(int(value)) if whole else value.normalize(), Unit.PIECE)


def money_of(grains: int, currency: str) -> Money:
    """Return an item's minor units as money."""
    return Money.of(grains, currency, Fraction(1, grains_per_unit(ItemUnit.AMOUNT, currency)))


def shown(grains: int, unit: ItemUnit, currency: str) -> str:
    """Return the grains as people read them: '7:20 h', '12.5', '100.00 EUR'."""
    if unit is ItemUnit.AMOUNT:
        return str(money_of(grains, currency))
    if unit is ItemUnit.UNITS:
        return f"{units_of(grains).value:f}"
    return f"{clock(grains)} h"


def clock(seconds: int) -> str:
    """Return whole seconds as '7:20', '0:00:30' where they are no whole minutes, with a sign where they are owed."""
    minutes, rest = divmod(abs(seconds), 60)
    sign = "−" if seconds < 0 else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
