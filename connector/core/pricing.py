"""Quantity × unit price as printed, which rounds to the net: the pocket calculator is right (domain 1.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache

from connector.core.money import Money, minor_digits, rounded
from connector.core.offer import PRICE_DECIMALS, SMALLEST_PRICE
from connector.core.quantity import SECONDS_PER_HOUR, Unit
from connector.core.reason import Step, step

HOURS_PER_SECOND = Fraction(1, SECONDS_PER_HOUR)


@dataclass(frozen=True, slots=True)
class Priced:
    """What a line prints: `net` is `quantity` × `unit_price`, rounded once; the sign is in the quantity.

    `remark` is what the text must add because the printed numbers do not say it: the hours behind 1 × amount, the base
    of a percentage.
    """

    quantity: Decimal
    unit: Unit
    unit_price: Decimal
    currency: str
    remark: Step | None = None
    net: Money = field(init=False)

    def __post_init__(self) -> None:
        """Multiply out; refuse a price below zero, as EN 16931 does (BR-27)."""
        if self.unit_price < 0:
            message = f"a price below zero: {self.unit_price}; the sign belongs to the quantity"
            raise ValueError(message)
        object.__setattr__(self, "net", Money.of(self.quantity, self.currency, self.unit_price))


@dataclass(frozen=True, slots=True)
class HourPricing:
    """How hours become money: first rounded to `decimals`, then priced; `exact` prices the seconds (domain 1.6)."""

    decimals: int = 2
    exact: bool = False


def price_fault(price: Decimal) -> str:
    """Return what is wrong with an agreed price, '' if nothing is: prices have no sign and at most six decimals."""
    if price < 0:
        return "is below zero"
    return f"has more than {PRICE_DECIMALS} decimals" if price % SMALLEST_PRICE else ""


@cache
def shown_price(price: Decimal, currency: str) -> Decimal:
    """Return the price with the decimals it has, at least those of the currency: 130 as 130.00, 0.125 as it is."""
    exponent = price.normalize().as_tuple().exponent
    return rounded(price, max(minor_digits(currency), -int(exponent)))


@lru_cache(1024)
def lump(net: Money, remark: Step | None = None) -> Priced:
    """Return 1 × the amount, −1 × for a credit."""
    sign = -1 if net.amount < 0 else 1
    return Priced(Decimal(sign), Unit.FLAT, abs(net.amount), net.currency, remark)


def by_quantity(quantity: Decimal, unit: Unit, price: Decimal, currency: str) -> Priced:
    """Return quantity × price, rounded once."""
    return Priced(quantity, unit, shown_price(price, currency), currency)


def by_hours(seconds: int, price: Decimal, currency: str, pricing: HourPricing) -> Priced:
    """Return whole seconds at a price per hour: printed hours × price, or 1 × the exact amount with the hours."""
    if pricing.exact:
        return lump(Money.of(seconds, currency, price, HOURS_PER_SECOND), step("hours", seconds=seconds))
    return by_quantity(hours(seconds, pricing), Unit.HOUR, price, currency)


def rounded_hours(seconds: int, priced: Priced) -> str:
    """Return the printed hours where they are not the seconds to the last one, else '': for the explanation."""
    exact = priced.unit is not Unit.HOUR or priced.quantity * SECONDS_PER_HOUR == seconds
    return "" if exact else str(priced.quantity)


def hours(seconds: int, pricing: HourPricing) -> Decimal:
    """Return the hours as they are printed."""
    return rounded(seconds, pricing.decimals, HOURS_PER_SECOND)
