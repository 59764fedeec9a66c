"""Days as people name them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.cycle import BillingCalendar, Cycle
from connector.core.period import Period
from connector.core.period_names import days_named, periods_named

START, THROUGH = date(2026, 1, 1), date(2026, 7, 31)


@pytest.mark.parametrize(
    ("name", "first", "end"),
    [
        ("2026-03-15", date(2026, 3, 15), date(2026, 3, 16)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 5)),
        ("2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_name_means_its_days(name: str, first: date, end: date) -> None:
    """A day, an ISO week, a month, a quarter, a year."""
    assert days_named(name) == Period(first, end)


@pytest.mark.parametrize(
    "name",
    ["", "March", "2026-3", "2026-13", "2026-00", "2026-02-30", "2026-Q5", "2026-W54", "2026-W00", "0000", "9999",
     "9999-12-31", "20260315", "2026-W11-3", "\u0662\u0660\u0662\u0666", "2026-03 "],
)  # fmt: skip
def test_any_other_word_names_no_days(name: str) -> None:
    """Nothing is guessed."""
    assert days_named(name) is None


def names(name: str, cycle: Cycle = Cycle.MONTH, anchor: date = START) -> list[str]:
    """Return the names of the periods that are meant, of an agreement from January to July 2026."""
    known = BillingCalendar(cycle, anchor).periods(START, None, THROUGH)
    return [period.name for period in periods_named(name, known)]


def test_a_period_is_named_by_its_own_name_first() -> None:
    """Also where that looks like a single day."""
    assert names("2026-03") == ["2026-03"]
    assert names("2026-03-15", anchor=date(2026, 1, 15)) == ["2026-03-15"]
    assert names("2026-03-15-Q", Cycle.QUARTER, date(2025, 12, 15)) == ["2026-03-15-Q"]


def test_a_period_is_named_by_any_of_its_days() -> None:
    """A quarter names its months, a day or month its quarter; a month cut by an anchor day both its periods."""
    assert names("2026-Q1") == ["2026-01", "2026-02", "2026-03"]
    assert names("2026-02-28", Cycle.QUARTER) == names("2026-02", Cycle.QUARTER) == ["2026-Q1"]
    assert names("2026-02", anchor=date(2026, 1, 15)) == ["2026-01-15", "2026-02-15"]
    assert names("2026-02-14", anchor=date(2026, 1, 15)) == ["2026-01-15"]


@pytest.mark.parametrize("name", ["2025", "2027-01", "support"])
def test_a_name_may_mean_none(name: str) -> None:
    """Days outside, or no days at all."""
    assert names(name) == []


@given(st.sampled_from(Cycle), st.dates(START, date(2026, 7, 1)), st.dates(START, THROUGH))
def test_every_day_names_one_period_that_has_it(cycle: Cycle, anchor: date, day: date) -> None:
    """Unless the day is the name of another: a period begins on every day that names one."""
    known = list(BillingCalendar(cycle, anchor).periods(START, None, THROUGH))
    [found] = periods_named(day.isoformat(), known)
    assert day in found.covered
