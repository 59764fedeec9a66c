"""Exact amounts: the money value and the one function that rounds (domain 1.1, 1.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from functools import cache

EXACT_TYPES = (int, Decimal, Fraction)
Exact = int | Decimal | Fraction
"""Numbers that have lost nothing; float is refused everywhere (domain 1.1)."""

MINOR_DIGITS = {
    "AUD": 2, "BGN": 2, "CAD": 2, "CHF": 2, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2, "HUF": 2,
    "ISK": 0, "JPY": 0, "NOK": 2, "PLN": 2, "RON": 2, "SEK": 2, "TRY": 2, "USD": 2,
}  # fmt: skip
"""Digits of the minor unit per currency (ISO 4217). A currency missing here is refused, never guessed."""

TEN_TO: tuple[int, ...] = tuple(10**digits for digits in range(13))
"""Powers of ten, so that mypy and the reader see integers; twelve decimals are more than any price has."""

QUANTA = tuple(Decimal(1).scaleb(-digits) for digits in range(4))
"""The smallest unit by its number of decimals."""

LARGEST_AMOUNT = Decimal(10**13)
"""Bound on one amount; above it the data is wrong (and sums of minor units in SQL could leave int64)."""

_EXACT = Context(prec=60, traps=[Inexact])
"""Shifts a decimal point without rounding, whatever the precision of the caller's own context."""


class CurrencyMismatchError(TypeError):
    """Two amounts of different currencies met in one sum: a fault of the program, never of the data."""

    def __init__(self, left: Money, right: Money) -> None:
        """Name both operands."""
        super().__init__(f"amounts of different currencies: {left} and {right}")


def exact(value: Exact) -> Fraction:
    """Return the number as a fraction; TypeError for a float, which has already lost what it stood for."""
    if not isinstance(value, EXACT_TYPES):
        message = f"only exact numbers are taken, not {type(value).__name__}: {value!r}"
        raise TypeError(message)
    return Fraction(value)


def rounded_units(value: Exact, digits: int, *factors: Exact) -> int:
    """Return `value` (times the factors) in units of 10^-digits, rounded half up, away from zero (domain 1.2).

    Factors are multiplied as integer ratios, so the product is exact before it is rounded, once.
    Raises TypeError for a float: it has already lost what we would have to round.
    """
    numerator = TEN_TO[digits]
    denominator = 1
    for factor in (value, *factors):
        if not isinstance(factor, EXACT_TYPES):
            message = f"only exact numbers are rounded, not {type(factor).__name__}: {factor!r}"
            raise TypeError(message)
        over, under = factor.as_integer_ratio()
        numerator *= over
        denominator *= under
    units = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -units if numerator < 0 else units


def rounded(value: Exact, digits: int, *factors: Exact) -> Decimal:
    """Return `value` (times the factors) with exactly `digits` decimals, rounded half up, once (domain 1.2)."""
    return Decimal(rounded_units(value, digits, *factors)).scaleb(-digits, _EXACT)


def minor_digits(currency: str) -> int:
    """Return the number of decimals of the currency; ValueError where it is not known."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        message = f"unknown currency {currency!r}; known: {', '.join(sorted(MINOR_DIGITS))}"
        raise ValueError(message) from None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units of its currency (domain 1.1)."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        """Refuse floats, fractions of a minor unit, and absurd sizes."""
        if not isinstance(self.amount, Decimal):
            message = f"an amount is a Decimal, not {type(self.amount).__name__}: {self.amount!r}"
            raise TypeError(message)
        digits = minor_digits(self.currency)
        if not self.amount.same_quantum(QUANTA[digits]):
            message = f"an amount in {self.currency} has exactly {digits} decimals: {self.amount}"
            raise ValueError(message)
        if abs(self.amount) >= LARGEST_AMOUNT:
            message = f"amount out of bounds: {self.amount}"
            raise ValueError(message)

    @classmethod
    def of(cls, value: Exact, currency: str, *factors: Exact) -> Money:
        """Return the exact value (times the factors) rounded half up, once, to whole minor units."""
        return cls(rounded(value, minor_digits(currency), *factors), currency)

    @classmethod
    def exactly(cls, value: Decimal | int, currency: str) -> Money:
        """Return the value as money; ValueError where it has a fraction of a minor unit."""
        money = cls.of(value, currency)
        if money.amount != value:
            message = f"{value} {currency} has a fraction of the smallest unit"
            raise ValueError(message)
        return money

    @classmethod
    @cache
    def zero(cls, currency: str) -> Money:
        """Return nothing, in the currency."""
        return cls.of(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Return the sum of the amounts; zero for none."""
        total = cls.zero(currency)
        return cls(sum((amount.in_currency_of(total) for amount in amounts), total.amount), currency)

    def __add__(self, other: Money) -> Money:
        """Return the sum; CurrencyMismatchError for different currencies."""
        return Money(self.amount + other.in_currency_of(self), self.currency)

    def __sub__(self, other: Money) -> Money:
        """Return the difference; CurrencyMismatchError for different currencies."""
        return Money(self.amount - other.in_currency_of(self), self.currency)

    def __neg__(self) -> Money:
        """Return the amount with its sign turned."""
        return Money(self.amount.copy_negate() if self.amount else self.amount, self.currency)

    def __bool__(self) -> bool:
        """Tell whether it is not zero."""
        return bool(self.amount)

    def __str__(self) -> str:
        """Return '8333.33 EUR', for logs and errors; people get babel's form."""
        return f"{self.amount!s} {self.currency}"

    def in_currency_of(self, other: Money) -> Decimal:
        """Return the bare amount; CurrencyMismatchError where the other is in another currency."""
        if self.currency != other.currency:
            raise CurrencyMismatchError(other, self)
        return self.amount
