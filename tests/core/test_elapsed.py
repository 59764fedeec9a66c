"""Days that have passed of a span."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.agreement import DayCount
from connector.core.elapsed import days_elapsed, days_in
from connector.core.period import Period

CALENDAR, WORKING = DayCount.CALENDAR, DayCount.WORKING
EASTER_WEEK = Period.inclusive(date(2026, 3, 30), date(2026, 4, 12))
"""Monday to Sunday two weeks later: Good Friday on 3 April, Easter Monday on 6 April 2026."""
EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 6)})


def test_all_days_count_unless_agreed_otherwise() -> None:
    """Weekends and holidays are calendar days."""
    assert days_in(EASTER_WEEK, CALENDAR, EASTER) == 14


def test_working_days_are_monday_to_friday() -> None:
    """Two weeks have ten of them where nothing is celebrated."""
    assert days_in(EASTER_WEEK, WORKING, frozenset()) == 10


def test_a_public_holiday_is_no_working_day() -> None:
    """Good Friday and Easter Monday fall away; Easter Sunday was none anyway."""
    assert days_in(EASTER_WEEK, WORKING, EASTER) == 8


def test_a_weekend_has_no_working_day() -> None:
    """Saturday and Sunday count for nothing."""
    assert days_in(Period.inclusive(date(2026, 4, 11), date(2026, 4, 12)), WORKING, frozenset()) == 0


@pytest.mark.parametrize(
    ("as_of", "calendar", "working"),
    [
        (date(2026, 3, 29), 0, 0),
        (date(2026, 3, 30), 1, 1),
        (date(2026, 4, 3), 5, 4),
        (date(2026, 4, 7), 9, 5),
        (date(2026, 4, 12), 14, 8),
        (date(2027, 1, 1), 14, 8),
    ],
)
def test_days_elapse_on_their_evening(as_of: date, calendar: int, working: int) -> None:
    """0 before the span, both its first and last day included, all of it afterwards (domain 3.3)."""
    assert days_elapsed(EASTER_WEEK, as_of, CALENDAR, EASTER) == calendar
    assert days_elapsed(EASTER_WEEK, as_of, WORKING, EASTER) == working


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 90), st.integers(0, 90), st.sampled_from(DayCount))
def test_what_has_elapsed_and_what_has_not_is_the_whole(
    start: date, first: int, rest: int, day_count: DayCount
) -> None:
    """The days up to a day and those after it add up to the span."""
    day, last = start + timedelta(first), start + timedelta(first + rest + 1)
    after = Period.inclusive(day + timedelta(1), last)
    span = Period.inclusive(start, last)
    elapsed = days_elapsed(span, day, day_count, frozenset())
    assert elapsed + days_in(after, day_count, frozenset()) == days_in(span, day_count, frozenset())
