"""Terms and parts of a period."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.catalogue import ItemUnit
from connector.core.period import Period
from connector.core.proration import PeriodTerms, spans, terms_by_period
from connector.core.retainer_terms import Proration, RetainerTerms, VariablePart
from tests.core.retainer_builders import START, hours, item, retainer, version

MID_MARCH = date(2026, 3, 12)


def march(terms: RetainerTerms) -> PeriodTerms:
    """Return the terms of March 2026."""
    return next(held for held in terms_by_period(terms, date(2026, 3, 31)) if held.period.name == "2026-03")


def test_rule_4_7_an_allowance_is_prorated_to_whole_minutes() -> None:
    """20 hours from 12 March: 20 ÷ 31 of them are 12:54, not 12:54:11."""
    held = march(retainer(version("2400", item(), since=MID_MARCH)))
    assert held.granted("design") == hours(12) + 54 * 60


@pytest.mark.parametrize(
    ("unit", "allowance", "expected"),
    [
        (ItemUnit.HOURS, 20, 46440),
        (ItemUnit.UNITS, 10, 6000),
        (ItemUnit.AMOUNT, 10, 645),
    ],
)
def test_rule_4_7_units_and_amounts_are_prorated_too(unit: ItemUnit, allowance: int, expected: int) -> None:
    """To whole units and whole cents."""
    held = march(retainer(version("2400", item("design", allowance, unit=unit), since=MID_MARCH)))
    assert held.granted("design") == expected


def test_rule_4_7_a_change_inside_a_period_is_prorated() -> None:
    """11 days of 20 hours and 20 days of 31 hours are 27:06, rounded once."""
    held = march(retainer(version("1", item()), version("1", item("design", 31), since=MID_MARCH)))
    assert held.granted("design") == round(Fraction(20 * 11 + 31 * 20, 31) * 60) * 60 == hours(27) + 6 * 60
    assert [days.days for days, _ in held.versions] == [11, 20]


def test_rule_4_7_a_change_of_other_terms_leaves_the_allowance_whole() -> None:
    """1:30:30 stays 1:30:30 when only the fee changes."""
    odd = replace(item(), allowance=5430)
    held = march(retainer(version("1", odd), version("2", odd, since=MID_MARCH)))
    assert held.granted("design") == 5430


@pytest.mark.parametrize(
    ("rule", "first", "change"),
    [(Proration.DAY_EXACT, 46440, 97560), (Proration.FULL, 72000, 72000), (Proration.NONE, 0, 72000)],
)
def test_rule_4_7_full_and_none(rule: Proration, first: int, change: int) -> None:
    """In full or not at all; then a change takes effect with the next period."""
    begun = replace(retainer(version("2400", item(), since=MID_MARCH)), proration=rule)
    assert march(begun).granted("design") == first
    changed = retainer(version("1", item()), version("1", item("design", 31), since=MID_MARCH))
    assert march(replace(changed, proration=rule)).granted("design") == change


def test_the_last_version_of_the_period_decides_about_an_item() -> None:
    """An item that is dropped in March still belongs to it, with its days; one that is not there does not."""
    terms = retainer(version("1", item("design", 31)), version("1", item("code", 31), since=MID_MARCH))
    held = march(terms)
    assert held.granted("design") == hours(11)
    assert held.granted("code") == hours(20)
    assert held.granted("print") == 0
    assert held.item("design") == item("design", 31)
    assert held.item("print") is None
    changed = march(retainer(version("1", item()), version("1", item("design", 25), since=MID_MARCH)))
    assert changed.item("design") == item("design", 25)


def test_variable_parts_hold_on_their_days() -> None:
    """One that stays holds all March with its last terms, one that is dropped until then."""
    media = VariablePart("media", "Media", "spend", Fraction(8, 100))
    seats = VariablePart("seats", "Seats", "seats", unit_price=Decimal(5))
    dearer = replace(media, percent=Fraction(1, 10))
    held = march(retainer(version(variable=(media, seats)), version(variable=(dearer,), since=MID_MARCH)))
    assert list(held.variable()) == [
        ([Period(date(2026, 3, 1), MID_MARCH), Period(MID_MARCH, date(2026, 4, 1))], dearer),
        ([Period(date(2026, 3, 1), MID_MARCH)], seats),
    ]


versions = st.lists(
    st.tuples(st.integers(1, 200), st.integers(0, 100)), min_size=1, max_size=6, unique_by=lambda pair: pair[0]
)


@given(versions, st.sampled_from(Proration))
def test_the_days_of_a_period_are_divided_among_its_terms(drawn: list[tuple[int, int]], rule: Proration) -> None:
    """Every covered day has exactly one version, and the newest that began by it where days count."""
    terms = retainer(
        *(
            version("1", item("design", size), since=date.fromordinal(START.toordinal() + day))
            for day, size in sorted(drawn)
        )
    )
    for held in terms_by_period(replace(terms, proration=rule), date(2026, 12, 1)):
        days = [span for span, _ in held.versions]
        assert (days[0].start, days[-1].end) == (held.period.covered.start, held.period.covered.end)
        assert all(before.end == after.start for before, after in pairwise(days))
        sizes = [item_.allowance for _, found in held.versions if (item_ := found.item("design"))]
        if rule is not Proration.NONE or held.period.full:
            assert min(sizes) * held.period.covered.days // held.period.whole.days <= held.granted("design") + 60
            assert held.granted("design") <= max(sizes)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8, unique=True))
def test_spans_follow_the_terms_day_by_day(starts: list[int]) -> None:
    """Each day has the terms that began last."""
    first_days = [date.fromordinal(START.toordinal() + day) for day in sorted(starts)]
    held = terms_by_period(retainer(*(version(since=day) for day in first_days)), date(2027, 6, 1))
    for period in (each.period for each in held):
        for days, index in spans(first_days, period, Proration.DAY_EXACT):
            assert first_days[index] <= days.start
            assert index + 1 == len(first_days) or first_days[index + 1] >= days.end
