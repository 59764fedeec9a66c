from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.period import Period, local_day

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(1, 5000))
def test_a_period_has_its_first_day_and_not_its_end(start: date, length: int) -> None:
    """Periods are half open: the start belongs to them, the end does not (domain 1.7)."""
    period = Period(start, start + timedelta(days=length))
    assert start in period
    assert period.last_day in period
    assert period.end not in period
    assert start - timedelta(days=1) not in period
    assert period.days == length


@given(DAYS, st.integers(1, 100), st.integers(1, 100))
def test_neighbouring_periods_share_no_day(start: date, left: int, right: int) -> None:
    """Where one period ends the next one starts: every day counts once."""
    middle = start + timedelta(days=left)
    first, second = Period(start, middle), Period(middle, middle + timedelta(days=right))
    assert first.last_day not in second
    assert second.start not in first
    assert first.days + second.days == Period(first.start, second.end).days


@given(DAYS)
def test_both_ends_can_be_included(first: date) -> None:
    """The first and last day as people write them make a period that has both."""
    period = Period.inclusive(first, first + timedelta(days=9))
    assert (period.start, period.last_day, period.days) == (first, first + timedelta(days=9), 10)
    assert Period.inclusive(first, first).days == 1


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 31), date(2026, 1, 1), date(2026, 1, 31)),
        (date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_is_found_from_any_of_its_days(day: date, first: date, last: date) -> None:
    """Month lengths, leap days and the turn of the year are right."""
    assert Period.month_of(day) == Period.inclusive(first, last)


@pytest.mark.parametrize("length", [0, -1])
def test_a_period_without_a_day_is_refused(length: int) -> None:
    """A period that is empty or runs backwards is a fault of the program."""
    start = date(2026, 1, 1)
    with pytest.raises(ValueError, match="a period ends after it starts: 2026-01-01"):
        Period(start, start + timedelta(days=length))


def test_periods_sort_by_their_start() -> None:
    """Periods stand in the order of time."""
    january, february = Period.month_of(date(2026, 1, 1)), Period.month_of(date(2026, 2, 1))
    assert sorted([february, january]) == [january, february]


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 1, 31, 22, 59, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(9999, 12, 31, 23, 30, tzinfo=UTC), date(9999, 12, 31)),
    ],
    ids=["new day", "old day", "clocks went forward", "before they go back", "after they went back", "never"],
)
def test_an_instant_lies_on_a_local_day(instant: datetime, day: date) -> None:
    """By the zone's own clocks; where the calendar ends, no other day can be told (domain 1.7)."""
    assert local_day(instant, ZoneInfo("Europe/Berlin")) == day


def test_the_first_instant_has_a_day_everywhere() -> None:
    """West of Greenwich it would lie before the calendar begins."""
    assert local_day(datetime.min.replace(tzinfo=UTC), timezone(-timedelta(hours=5))) == date.min
