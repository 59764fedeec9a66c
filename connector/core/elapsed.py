"""How much of a span of days has passed: progress by dates (domain 3.3)."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from connector.core.agreement import DayCount
from connector.core.period import ONE_DAY, Period

SATURDAY = 5


def days_in(period: Period, day_count: DayCount, holidays: Container[date]) -> int:
    """Return how many days of the period count: all, or Monday to Friday without public holidays."""
    if day_count is DayCount.CALENDAR:
        return period.days
    days = (period.start + ONE_DAY * offset for offset in range(period.days))
    return sum(day.weekday() < SATURDAY and day not in holidays for day in days)


def days_elapsed(period: Period, as_of: date, day_count: DayCount, holidays: Container[date]) -> int:
    """Return how many counting days of the period have passed on the evening of `as_of`: 0 before, all after it."""
    if as_of < period.start:
        return 0
    return days_in(Period.inclusive(period.start, min(as_of, period.last_day)), day_count, holidays)
