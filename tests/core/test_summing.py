from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.cycle import BillingCalendar, Cycle
from connector.core.materials_terms import MaterialsTerms
from connector.core.rates import RateCard
from connector.core.retainer_terms import RetainerTerms, TermsVersion
from connector.core.summing import Summing, summing_of
from connector.core.term_end import Term
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.work import GroupBy
from tests.core.builders import eur, progress_terms

JANUARY, MARCH, MID_MARCH = date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 12)
PER_DAY = TimeRounding(15, RoundingMode.UP, RoundedPer.DAY)
NOT_AT_ALL = TimeRounding(15, RoundingMode.NONE, RoundedPer.DAY)


def retainer(start: date = JANUARY, last_day: date | None = None) -> RetainerTerms:
    """Return a retainer that bills calendar months."""
    return RetainerTerms("Support", (TermsVersion(start, eur(100)),), term=Term(last_day=last_day))


def materials(*since: date) -> MaterialsTerms:
    """Return time and materials with rates from these days."""
    return MaterialsTerms("Work", "EUR", tuple(RateCard(day, default=Decimal(100)) for day in since or (JANUARY,)))


@pytest.mark.parametrize("cycle", [Cycle.MONTH, Cycle.QUARTER, Cycle.YEAR])
def test_calendar_months_are_enough(cycle: Cycle) -> None:
    """Where every period begins and ends with a month, no day is asked for; a retainer asks for no person either."""
    terms = replace(retainer(last_day=date(2026, 12, 31)), calendar=BillingCalendar(cycle))
    assert summing_of(terms) == Summing(daily=frozenset(), by_person=False)


@pytest.mark.parametrize("calendar", [BillingCalendar(Cycle.WEEK), BillingCalendar(anchor=date(2024, 1, 15))])
def test_other_periods_need_days(calendar: BillingCalendar) -> None:
    """Weeks and months from the 15th cut calendar months in two."""
    for terms in (retainer(), materials()):
        summing = summing_of(replace(terms, calendar=calendar))
        assert summing is not None
        assert summing.daily is None


def test_months_cut_in_two_are_told_by_day() -> None:
    """A start or end in the middle of a month needs the days of that month alone."""
    summing = summing_of(retainer(MID_MARCH, date(2026, 9, 14)))
    assert summing is not None
    assert summing.daily == frozenset({MARCH, date(2026, 9, 1)})


def test_a_new_version_needs_no_days() -> None:
    """Consumption is counted per period, whatever version holds on a day."""
    versions = (TermsVersion(JANUARY, eur(100)), TermsVersion(MID_MARCH, eur(120)))
    assert summing_of(RetainerTerms("Support", versions)) == Summing(daily=frozenset(), by_person=False)


def test_new_rates_need_the_days_of_their_month() -> None:
    """What was worked before the 12th has the old price."""
    assert summing_of(materials(JANUARY, MID_MARCH, date(2026, 7, 1))) == Summing(daily=frozenset({MARCH}))


def test_entries_may_be_lines() -> None:
    """Then each is told with its day; and only what is approved, where that is agreed."""
    terms = replace(materials(), group_by=GroupBy.ENTRY, approved_only=True)
    assert summing_of(terms) == Summing(by_entry=True, approved_only=True)


def test_time_rounded_per_day_is_told_by_day_and_person() -> None:
    """A day's rest is rounded up per person, so sums of months would be too small."""
    for terms in (retainer(), materials()):
        assert summing_of(replace(terms, rounding=PER_DAY)) == Summing(PER_DAY)


def test_rounding_that_rounds_nothing_needs_no_days() -> None:
    """Mode none means none, whatever it says it rounds."""
    summing = summing_of(replace(retainer(), rounding=NOT_AT_ALL))
    assert summing == Summing(NOT_AT_ALL, frozenset(), by_person=False)


@pytest.mark.parametrize("coarse", [{"daily": frozenset()}, {"by_person": False}])
def test_sums_that_cannot_be_rounded_are_refused(coarse: dict[str, object]) -> None:
    """A fault of the program, told at once."""
    with pytest.raises(ValueError, match="rounded per day"):
        Summing(PER_DAY, **coarse)  # type: ignore[arg-type] # one of its fields


def test_progress_bills_no_time() -> None:
    """Its terms ask for no sums of this kind."""
    assert summing_of(progress_terms()) is None
