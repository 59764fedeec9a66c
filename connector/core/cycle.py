"""The periods an agreement is billed in: month, quarter, year or week from an anchor day (domain 4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from connector.core.period import ONE_DAY, Period

CALENDAR_ANCHOR = date(2024, 1, 1)
"""A Monday on which a month, a quarter and a year begin: periods counted from it are those of the calendar."""

_DAYS_PER_WEEK = 7
_MONTHS_PER_YEAR = 12
_SHORTEST_MONTH = 28


class Cycle(StrEnum):
    """How often is billed."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


LONGEST_DAYS = {Cycle.WEEK: 7, Cycle.MONTH: 31, Cycle.QUARTER: 92, Cycle.YEAR: 366}
"""How many days a period has at most."""

_MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.YEAR: _MONTHS_PER_YEAR}


@dataclass(frozen=True, slots=True)
class BillingPeriod:
    """One period of an agreement.

    `name` is part of the keys of its charges and never changes: '2026-03', '2026-Q1', '2026', '2026-W09'; where these
    are not of the calendar, the first day: '2026-03-15', '2026-03-15-Q', '2026-03-15-Y', '2026-W09-3'. `whole` is the
    full period, `covered` the days of it on which the agreement runs. `number` counts the periods from the anchor.
    """

    name: str
    number: int
    whole: Period
    covered: Period

    @property
    def full(self) -> bool:
        """Tell whether the agreement runs on every day of the period."""
        return self.covered == self.whole

    def closed(self, as_of: date) -> bool:
        """Tell whether its last covered day has passed."""
        return self.covered.end <= as_of


@dataclass(frozen=True, slots=True)
class BillingCalendar:
    """Endless periods of one length in both directions from the anchor, a first day of one of them.

    An anchor on the 29th to 31st falls on the last day of shorter months.
    """

    cycle: Cycle = Cycle.MONTH
    anchor: date = CALENDAR_ANCHOR

    def periods(self, start: date, end: date | None, through: date) -> Iterator[BillingPeriod]:
        """Yield the periods between start and end (exclusive, None for none) that begin by the day `through`.

        The one after these comes last, if there is one: what is left over may be drawn from its allowance.
        """
        return iter(_periods(self, start, end, through))

    def walk(self, start: date, end: date | None, through: date) -> Iterator[BillingPeriod]:
        """Yield the same, made anew."""
        number = self.number_of(start)
        while True:
            whole = Period(self.first_day(number), self.first_day(number + 1))
            covered_from = max(whole.start, start)
            if end is not None and covered_from >= end:
                return
            covered_to = whole.end if end is None else min(whole.end, end)
            yield BillingPeriod(self._name(whole.start), number, whole, Period(covered_from, covered_to))
            if covered_from > through:
                return
            number += 1

    def number_of(self, day: date) -> int:
        """Return the number of the period the day lies in; 0 begins on the anchor."""
        if self.cycle is Cycle.WEEK:
            return (day - self.anchor).days // _DAYS_PER_WEEK
        number = (_months(day) - _months(self.anchor)) // _MONTHS[self.cycle]
        return number if self.first_day(number) <= day else number - 1

    def first_day(self, number: int) -> date:
        """Return the first day of the period of that number."""
        if self.cycle is Cycle.WEEK:
            return self.anchor + timedelta(days=_DAYS_PER_WEEK * number)
        months = _months(self.anchor) + number * _MONTHS[self.cycle]
        return _day_of_month(months, self.anchor.day)

    def _name(self, first: date) -> str:
        """Return the calendar's name of the period, else its first day; never that of a period of another cycle."""
        anchor = self.anchor
        if self.cycle is Cycle.WEEK:
            iso = first.isocalendar()
            return f"{iso.year:04}-W{iso.week:02}" + ("" if anchor.isoweekday() == 1 else f"-{iso.weekday}")
        if self.cycle is Cycle.MONTH:
            return f"{first:%Y-%m}" if anchor.day == 1 else first.isoformat()
        if self.cycle is Cycle.QUARTER:
            of_calendar = anchor.day == 1 and anchor.month % _MONTHS[Cycle.QUARTER] == 1
            return f"{first:%Y}-Q{first.month // _MONTHS[Cycle.QUARTER] + 1}" if of_calendar else f"{first}-Q"
        return f"{first:%Y}" if (anchor.day, anchor.month) == (1, 1) else f"{first}-Y"


@lru_cache(1024)
def _periods(calendar: BillingCalendar, start: date, end: date | None, through: date) -> tuple[BillingPeriod, ...]:
    """Return the periods once for all agreements that began on the same day."""
    return tuple(calendar.walk(start, end, through))


def _months(day: date) -> int:
    return day.year * _MONTHS_PER_YEAR + day.month - 1


def _day_of_month(months: int, day: int) -> date:
    year, month = divmod(months, _MONTHS_PER_YEAR)
    if day <= _SHORTEST_MONTH:
        return date(year, month + 1, day)
    last = date(year, month + 1, _SHORTEST_MONTH) + timedelta(days=4)
    last_day = (last.replace(day=1) - ONE_DAY).day
    return date(year, month + 1, min(day, last_day))
