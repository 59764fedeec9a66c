"""Statutory interest on what is paid late: simple, split where base rate or open amount change (domain 10.3).

Days count from the first day of default to the last day asked for, both inclusive; every year has 365 (§ 288 BGB).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby, pairwise

from connector.core.base_rates import half_year_after, half_year_of
from connector.core.money import Money
from connector.core.payment import Known, PaymentReading
from connector.core.period import Period

BUSINESS_POINTS, CONSUMER_POINTS = Decimal(9), Decimal(5)
"""Points above the base rate: what businesses owe (§ 288 Abs. 2 BGB), and where a consumer is involved (Abs. 1)."""

DAYS_OF_YEAR = 365

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is open from the day on; the day of a payment still counts at what was open before."""

    since: date
    open: Money


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in which neither the open amount nor the rate changes; `base` and `points` are percent a year."""

    period: Period
    open: Money
    base: Decimal
    points: Decimal

    @property
    def percent(self) -> Decimal:
        """Return the interest of a year, in percent."""
        return self.base + self.points

    @property
    def interest(self) -> Money:
        """Return open amount × rate × days ÷ 365, rounded at the end of the stretch."""
        return Money.of(
            self.open.amount, self.open.currency, self.percent, Fraction(self.period.days, 100 * DAYS_OF_YEAR)
        )


class UnknownBaseRateError(LookupError):
    """The base rate of a half-year is not known; it is never carried on from the one before."""

    def __init__(self, half_year: date) -> None:
        """Name the half-year."""
        super().__init__(f"the base rate from {half_year} on is not known")
        self.half_year = half_year


def stretches(
    balances: Sequence[Balance], period: Period, points: Decimal, rates: Mapping[date, Decimal]
) -> tuple[Stretch, ...]:
    """Return the stretches of the period in which something was to be paid, in order.

    `balances` are in order, the first not later than the period. Raises UnknownBaseRateError.
    """
    pieces = [(_open_on(balances, day), _base_on(day, rates), day, end) for day, end in _pieces(balances, period)]
    found = []
    for (still_open, base), same in groupby(pieces, key=lambda piece: piece[:2]):
        days = list(same)
        if still_open.amount > 0:
            found.append(Stretch(Period(days[0][2], days[-1][3]), still_open, base, points))
    return tuple(found)


def _pieces(balances: Iterable[Balance], period: Period) -> Iterator[tuple[date, date]]:
    """Yield the period cut at every half-year and at every change of the open amount, half open."""
    cuts = {period.start, period.end, *(each.since for each in balances if period.start < each.since < period.end)}
    day = half_year_after(period.start)
    while day < period.end:
        cuts.add(day)
        day = half_year_after(day)
    return pairwise(sorted(cuts))


def _open_on(balances: Sequence[Balance], day: date) -> Money:
    return next(each.open for each in reversed(balances) if each.since <= day)


def _base_on(day: date, rates: Mapping[date, Decimal]) -> Decimal:
    if half_year_of(day) not in rates:
        raise UnknownBaseRateError(half_year_of(day))
    return rates[half_year_of(day)]


def balances_of(
    key: str, gross: Money, issued_on: date, told: Iterable[tuple[date, PaymentReading]]
) -> tuple[Balance, ...]:
    """Return what was open since when, by the readings with the days they were read, oldest first.

    A payment counts from the day it came in. Where nobody told that day, it counts from the earliest it can have been,
    the reading before: in doubt for the customer. A payment taken back counts from the day that was read.
    """
    found, known, last = [Balance(issued_on, gross)], Known.of_new(key, gross), issued_on
    for read_on, reading in told:
        known, _ = known.after(reading)
        status, before = known.status, found[-1].open
        if status.open != before:
            is_payment = status.open.amount < before.amount
            on = (status.paid_on or last) if is_payment else read_on
            found.append(Balance(max(on + ONE_DAY, found[-1].since), status.open))
        last = read_on
    return tuple(found)
