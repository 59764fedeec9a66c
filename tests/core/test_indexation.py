"""Fees that move."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.indexation import fees
from connector.core.retainer_terms import PercentIndexation, TableIndexation
from tests.core.builders import eur
from tests.core.retainer_builders import START, SUPPORT, YEAR_END, codes, retainer, version

JULY = date(2026, 7, 1)
INDEX = {date(2026, 5, 1): Decimal("120.0"), date(2026, 6, 1): Decimal("123.6"), date(2026, 12, 1): Decimal("125.0")}


def amounts(*changes: PercentIndexation | TableIndexation, before: date = YEAR_END, fee: str = "2400") -> list[str]:
    """Return the fees one after the other."""
    found, problems = fees(SUPPORT, retainer(version(fee, indexation=changes)), before)
    assert not problems
    return [f"{each.start} {each.amount.amount}" for each in found]


def test_rule_4_8_a_percentage_from_a_day_on() -> None:
    """2,400 and 2.5 % from July: 2,460; once more from October on the new fee."""
    july = PercentIndexation(JULY, Fraction(25, 1000))
    october = PercentIndexation(date(2026, 10, 1), Fraction(25, 1000))
    assert amounts(october, july) == ["2026-01-01 2400.00", "2026-07-01 2460.00", "2026-10-01 2521.50"]


@pytest.mark.parametrize(
    ("round_to", "expected"),
    [("0.01", "2434.57"), ("1", "2435.00"), ("5", "2435.00"), ("10", "2430.00"), ("0.05", "2434.55")],
)
def test_rule_4_8_the_new_fee_is_rounded(round_to: str, expected: str) -> None:
    """2,400 + 1.4403 % = 2,434.5672, to multiples of what was agreed, half up."""
    change = PercentIndexation(JULY, Fraction(14403, 1000000), Decimal(round_to))
    assert amounts(change)[1] == f"2026-07-01 {expected}"


def test_rule_4_8_half_a_step_goes_up() -> None:
    """2,425.00 to tens is 2,430."""
    assert amounts(PercentIndexation(JULY, Fraction(25, 2400), Decimal(10)))[1] == "2026-07-01 2430.00"


def test_rule_4_8_an_index_moves_the_fee() -> None:
    """From July, June's index counts: 2,400 × 123.6 ÷ 120 = 2,472; a stated month counts instead."""
    assert amounts(TableIndexation(JULY, INDEX, Decimal(120)))[1] == "2026-07-01 2472.00"
    stated = TableIndexation(JULY, INDEX, Decimal(120), month=date(2026, 5, 1))
    assert amounts(stated)[1] == "2026-07-01 2400.00"


@pytest.mark.parametrize(
    ("base", "threshold", "expected"),
    [("120", "3", "2472.00"), ("120", "3.01", "2400.00"), ("130", "5", "2400.00"), ("130", "4", "2281.85")],
)
def test_rule_4_8_an_index_below_its_threshold_moves_nothing(base: str, threshold: str, expected: str) -> None:
    """Reached is enough, up and down."""
    change = TableIndexation(JULY, INDEX, Decimal(base), Fraction(Decimal(threshold)) / 100)
    assert amounts(change)[1] == f"2026-07-01 {expected}"


def test_an_index_month_without_a_value_is_a_problem() -> None:
    """Named by its month; the fee stays, and later steps go on from it."""
    missing = TableIndexation(date(2026, 3, 1), INDEX, Decimal(120))
    later = PercentIndexation(JULY, Fraction(1, 100))
    found, problems = fees(SUPPORT, retainer(version(indexation=(missing, later))), YEAR_END)
    assert codes(problems) == ["IndexMonthMissing"]
    assert "no value for 2026-02" in problems[0].message
    assert problems[0].hint == 'add ["2026-02", value] to the index'
    assert [each.amount for each in found] == [eur("2400"), eur("2424")]


def test_an_index_is_asked_for_only_when_it_is_needed() -> None:
    """A step that begins after the periods at hand is not looked at."""
    missing = TableIndexation(JULY, {}, Decimal(120))
    assert amounts(missing, before=JULY) == ["2026-01-01 2400.00"]


def test_a_new_version_ends_the_indexation_of_the_old_one() -> None:
    """The fee agreed for July stands; a step of the old fee in August no longer counts."""
    old = version(indexation=(PercentIndexation(date(2026, 8, 1), Fraction(1)),))
    new = version("2500", since=JULY, indexation=(PercentIndexation(date(2026, 9, 1), Fraction(1, 10)),))
    found, _ = fees(SUPPORT, retainer(old, new), YEAR_END)
    assert [each.amount for each in found] == [eur("2400"), eur("2500"), eur("2750")]


def test_an_indexation_may_begin_with_the_fee() -> None:
    """Of two fees from the same day, the later step holds."""
    twice = (PercentIndexation(START, Fraction(1, 10)), PercentIndexation(START, Fraction(1, 10)))
    assert amounts(*twice) == ["2026-01-01 2904.00"]


def test_rule_11_the_fee_tells_how_it_came_about() -> None:
    """The agreed fee and every step of the indexation."""
    within = TableIndexation(date(2026, 6, 1), INDEX, Decimal(121), Fraction(1, 20))
    change = PercentIndexation(date(2026, 7, 1), Fraction(2, 100))
    table = TableIndexation(date(2027, 1, 1), INDEX, Decimal("123.6"))
    found, _ = fees(SUPPORT, retainer(version(indexation=(within, change, table))), date(2027, 2, 1))
    assert [each.rule for each in found[-1].reason] == [
        "agreed_fee",
        "index_within_threshold",
        "indexed",
        "indexed_by_table",
    ]
    assert ("change", "2 %") in found[-1].reason[2].values
