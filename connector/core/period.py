"""Half-open spans of local days (domain 1.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from dateutil.relativedelta import relativedelta

ONE_DAY = timedelta(days=1)


def local_day(instant: datetime, zone: tzinfo) -> date:
    """Return the day of the instant in the zone; at either end of the calendar, where that has none, its own day.

    Tools write such instants for "never": 9999-12-31T23:59:59Z.
    """
    try:
        return instant.astimezone(zone).date()
    except OverflowError:
        return instant.date()


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to, but not including, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuse a period without a day."""
        if self.end <= self.start:
            message = f"a period ends after it starts: {self.start} to {self.end}"
            raise ValueError(message)

    @classmethod
    def inclusive(cls, first: date, last: date) -> Period:
        """Return the period of both days and all between them."""
        return cls(first, last + ONE_DAY)

    @classmethod
    def month_of(cls, day: date) -> Period:
        """Return the calendar month the day lies in."""
        first = day.replace(day=1)
        return cls(first, first + relativedelta(months=1))

    @property
    def last_day(self) -> date:
        """Return the last day that belongs to the period."""
        return self.end - ONE_DAY

    @property
    def days(self) -> int:
        """Return how many days the period has."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        """Tell whether the day belongs to the period."""
        return self.start <= day < self.end
