"""How people name days: a day, a week, a month, a quarter or a year; and the periods of an agreement that are meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from dateutil.relativedelta import relativedelta

from connector.core.cycle import BillingPeriod
from connector.core.period import Period


def _from(first: date, span: relativedelta) -> Period:
    return Period(first, first + span)


_FORMS: tuple[tuple[str, Callable[..., Period]], ...] = (
    (r"(\d{4})-(\d\d)-(\d\d)", lambda year, month, day: _from(date(year, month, day), relativedelta(days=1))),
    (r"(\d{4})-W(\d\d)", lambda year, week: _from(date.fromisocalendar(year, week, 1), relativedelta(weeks=1))),
    (r"(\d{4})-(\d\d)", lambda year, month: _from(date(year, month, 1), relativedelta(months=1))),
    (r"(\d{4})-Q([1-4])", lambda year, quarter: _from(date(year, 3 * quarter - 2, 1), relativedelta(months=3))),
    (r"(\d{4})", lambda year: _from(date(year, 1, 1), relativedelta(years=1))),
)


def days_named(name: str) -> Period | None:
    """Return the days of '2026-03-15', '2026-W11', '2026-03', '2026-Q1' or '2026'; None where it is none of these."""
    for form, days in _FORMS:
        if found := re.fullmatch(form, name, re.ASCII):
            try:
                return days(*map(int, found.groups()))
            except (ValueError, OverflowError):  # a month 13, a day or week that year does not have, the end of time
                return None
    return None


def periods_named(name: str, periods: Iterable[BillingPeriod]) -> list[BillingPeriod]:
    """Return the period of that name, else those that have one of the days it names."""
    known = list(periods)
    if exact := [period for period in known if period.name == name]:
        return exact
    days = days_named(name)
    return [] if days is None else [period for period in known if _share_a_day(period.covered, days)]


def _share_a_day(one: Period, other: Period) -> bool:
    return one.start < other.end and other.start < one.end
