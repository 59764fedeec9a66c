"""Billing periods."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.cycle import CALENDAR_ANCHOR, BillingCalendar, BillingPeriod, Cycle
from connector.core.period import Period

MONTHS = BillingCalendar()


def names(calendar: BillingCalendar, start: date, end: date | None, through: date) -> list[str]:
    """Return the names of the periods."""
    return [period.name for period in calendar.periods(start, end, through)]


@pytest.mark.parametrize(
    ("calendar", "first", "day", "following"),
    [
        (MONTHS, "2026-03", date(2026, 3, 1), date(2026, 4, 1)),
        (BillingCalendar(Cycle.MONTH, date(2024, 1, 15)), "2026-03-15", date(2026, 3, 15), date(2026, 4, 15)),
        (BillingCalendar(Cycle.QUARTER), "2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        (BillingCalendar(Cycle.QUARTER, date(2024, 2, 1)), "2026-02-01-Q", date(2026, 2, 1), date(2026, 5, 1)),
        (BillingCalendar(Cycle.YEAR), "2026", date(2026, 1, 1), date(2027, 1, 1)),
        (BillingCalendar(Cycle.YEAR, date(2024, 4, 1)), "2025-04-01-Y", date(2025, 4, 1), date(2026, 4, 1)),
        (BillingCalendar(Cycle.YEAR, date(2024, 1, 2)), "2026-01-02-Y", date(2026, 1, 2), date(2027, 1, 2)),
        (BillingCalendar(Cycle.WEEK), "2026-W12", date(2026, 3, 16), date(2026, 3, 23)),
        (BillingCalendar(Cycle.WEEK, date(2024, 1, 3)), "2026-W12-3", date(2026, 3, 18), date(2026, 3, 25)),
    ],
)
def test_rule_4_1_cycles_with_their_anchor(calendar: BillingCalendar, first: str, day: date, following: date) -> None:
    """A period of each cycle that holds 20 March 2026, with its name and days."""
    found = next(calendar.periods(date(2026, 3, 20), None, date(2026, 3, 20)))
    assert (found.name, found.whole) == (first, Period(day, following))


def test_rule_4_1_an_anchor_at_the_end_of_the_month_falls_on_its_last_day() -> None:
    """From the 31st on: 31 January, 28 February, 31 March, 30 April; 29 February in a leap year."""
    calendar = BillingCalendar(Cycle.MONTH, date(2026, 1, 31))
    assert [calendar.first_day(number).isoformat() for number in range(4)] == [
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
    ]
    assert calendar.first_day(25) == date(2028, 2, 29)
    assert BillingCalendar(Cycle.MONTH, date(2024, 1, 29)).first_day(-2) == date(2023, 11, 29)
    assert BillingCalendar(Cycle.MONTH, date(2024, 1, 30)).first_day(1) == date(2024, 2, 29)


def test_the_calendar_anchor_begins_everything() -> None:
    """Periods counted from it are those of the calendar."""
    assert CALENDAR_ANCHOR.isoweekday() == CALENDAR_ANCHOR.day == CALENDAR_ANCHOR.month == 1


def test_the_first_and_last_period_cover_a_part_of_theirs() -> None:
    """From 12 January to the end of 9 March: 20 days, a whole February, 9 days."""
    found = list(MONTHS.periods(date(2026, 1, 12), date(2026, 3, 10), date(2026, 12, 31)))
    assert [(period.name, period.covered.days, period.full) for period in found] == [
        ("2026-01", 20, False),
        ("2026-02", 28, True),
        ("2026-03", 9, False),
    ]


def test_the_period_after_the_day_comes_last() -> None:
    """By 15 February, January and February have begun, and March is yet to come; no further."""
    assert names(MONTHS, date(2026, 1, 1), None, date(2026, 2, 15)) == ["2026-01", "2026-02", "2026-03"]
    assert names(MONTHS, date(2026, 1, 1), None, date(2026, 2, 1)) == ["2026-01", "2026-02", "2026-03"]
    assert names(MONTHS, date(2026, 1, 1), None, date(2026, 1, 31)) == ["2026-01", "2026-02"]
    assert names(MONTHS, date(2026, 1, 1), date(2026, 3, 1), date(2026, 2, 15)) == ["2026-01", "2026-02"]
    assert names(MONTHS, date(2026, 1, 1), date(2026, 1, 1), date(2026, 2, 15)) == []
    assert names(MONTHS, date(2026, 5, 1), None, date(2026, 2, 15)) == ["2026-05"]


def test_a_period_closes_when_its_last_covered_day_has_passed() -> None:
    """January closes on 1 February; a retainer that ends on the 20th closes on the 21st."""
    january = next(MONTHS.periods(date(2026, 1, 1), None, date(2026, 1, 1)))
    assert january.closed(date(2026, 2, 1))
    assert not january.closed(date(2026, 1, 31))
    ended = next(MONTHS.periods(date(2026, 1, 1), date(2026, 1, 21), date(2026, 1, 1)))
    assert ended.closed(date(2026, 1, 21))


calendars = st.builds(BillingCalendar, st.sampled_from(Cycle), st.dates(date(2000, 1, 1), date(2030, 12, 31)))
days = st.dates(date(1990, 1, 1), date(2050, 12, 31))


@given(calendars, days)
def test_every_day_lies_in_exactly_one_period(calendar: BillingCalendar, day: date) -> None:
    """The period of a day begins by it and the next one after it, whatever cycle and anchor."""
    number = calendar.number_of(day)
    assert calendar.first_day(number) <= day < calendar.first_day(number + 1)
    assert calendar.number_of(calendar.anchor) == 0


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), days)
def test_a_name_belongs_to_one_cycle(anchor: date, start: date) -> None:
    """Months, quarters, years and weeks from the same anchor never share a name."""
    through = start + timedelta(days=400)
    found = [names(BillingCalendar(cycle, anchor), start, None, through) for cycle in Cycle]
    assert len({name for each in found for name in each}) == sum(len(each) for each in found)


@given(calendars, days, st.integers(1, 800), st.integers(0, 800))
def test_periods_follow_each_other_without_a_gap(calendar: BillingCalendar, start: date, length: int, run: int) -> None:
    """Together they cover every day from the start to the end or past the day of the run, under different names."""
    end, through = start + timedelta(days=length), start + timedelta(days=run)
    found: list[BillingPeriod] = list(calendar.periods(start, end, through))
    assert found[0].covered.start == start
    assert all(before.covered.end == after.covered.start for before, after in pairwise(found))
    assert found[-1].covered.end == end or found[-1].covered.start > through
    assert len({period.name for period in found}) == len(found)
