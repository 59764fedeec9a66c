"""When an agreement ends: minimum term, notice, tacit renewal (domain 4.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from itertools import count

from dateutil.relativedelta import relativedelta

from connector.core.agreement import Agreement
from connector.core.cycle import BillingCalendar
from connector.core.period import ONE_DAY
from connector.core.problems import Problem, Severity

WARNING_DAYS = 30
"""So many days before the last day for a notice `check` begins to warn."""


class SpanUnit(StrEnum):
    """What terms and notices are counted in."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Span:
    """So many days, weeks, months or years."""

    number: int
    unit: SpanUnit = SpanUnit.MONTHS

    def __post_init__(self) -> None:
        """Refuse a span of nothing."""
        if self.number < 1:
            message = f"a span has at least one of its unit, not {self.number} {self.unit}"
            raise ValueError(message)

    def after(self, day: date, times: int = 1) -> date:
        """Return the day so many spans later; months end with the month (31 January + 1 month = 28 February)."""
        return day + self._delta(times)

    def before(self, day: date) -> date:
        """Return the day one span earlier."""
        return day - self._delta(1)

    def _delta(self, times: int) -> relativedelta:
        number = self.number * times
        if self.unit is SpanUnit.DAYS:
            return relativedelta(days=number)
        if self.unit is SpanUnit.WEEKS:
            return relativedelta(weeks=number)
        return relativedelta(months=number) if self.unit is SpanUnit.MONTHS else relativedelta(years=number)


@dataclass(frozen=True, slots=True)
class Term:
    """How long an agreement runs.

    `last_day` ends it whatever else is agreed. Otherwise it runs until a notice takes effect: at the end of the
    `minimum` term or of a later `renewal`; without renewal at the end of any period once the minimum has passed.
    `notice` is what must lie between the notice and that end (None: none); `notice_given` the day it was given.
    """

    minimum: Span | None = None
    notice: Span | None = None
    renewal: Span | None = None
    last_day: date | None = None
    notice_given: date | None = None

    def end(self, start: date, calendar: BillingCalendar) -> date | None:
        """Return the first day that no longer belongs to the agreement, None while it has no end."""
        stated = None if self.last_day is None else self.last_day + ONE_DAY
        if self.notice_given is None:
            return stated
        noticed = self.next_exit(start, calendar, self.notice_given).end
        return noticed if stated is None else min(stated, noticed)

    def next_exit(self, start: date, calendar: BillingCalendar, day: date) -> Exit:
        """Return the first end that a notice given on the day still reaches."""
        return next(found for found in map(self._exit, self._ends(start, calendar)) if day <= found.notice_by)

    def _exit(self, end: date) -> Exit:
        notice_before = end if self.notice is None else self.notice.before(end)
        return Exit(notice_before - ONE_DAY, end)

    def _ends(self, start: date, calendar: BillingCalendar) -> Iterator[date]:
        earliest = start if self.minimum is None else self.minimum.after(start)
        if self.renewal is not None:
            return map(partial(self.renewal.after, earliest), count(1 if self.minimum is None else 0))
        closes = map(calendar.first_day, count(calendar.number_of(earliest)))
        return (day for day in closes if earliest <= day != start)


@dataclass(frozen=True, slots=True)
class Exit:
    """A possible `end` (exclusive) and the last day on which notice for it may be given."""

    notice_by: date
    end: date


def notice_warning(
    agreement: Agreement, term: Term, start: date, calendar: BillingCalendar, as_of: date
) -> Problem | None:
    """Return a notice while the last day to end the agreement before its tacit renewal is near (domain 4.8)."""
    if term.renewal is None or term.end(start, calendar) is not None:
        return None
    coming = term.next_exit(start, calendar, as_of)
    if coming.notice_by - as_of > timedelta(days=WARNING_DAYS):
        return None
    return Problem(
        "RenewalComing",
        f"agreement {agreement.id} ends on {coming.end - ONE_DAY} only if notice is given by {coming.notice_by}; "
        f"else it runs on until {term.renewal.after(coming.end) - ONE_DAY}",
        agreement.place,
        "give notice (notice_given = the day), or let it renew",
        Severity.NOTICE,
        agreement.id,
    )
