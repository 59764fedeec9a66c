"""Items counted in grains."""

from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.catalogue import (
    ItemUnit,
    Rollover,
    clock,
    grains_of,
    grains_per_unit,
    money_of,
    shown,
    units_of,
)
from connector.core.quantity import Quantity, Unit
from tests.core.builders import eur
from tests.core.retainer_builders import hours


@pytest.mark.parametrize(
    ("value", "unit", "currency", "grains", "text"),
    [
        ("7.5", ItemUnit.HOURS, "EUR", 27000, "7:30 h"),
        ("12.5", ItemUnit.UNITS, "EUR", 12500, "12.5"),
        ("120", ItemUnit.UNITS, "EUR", 120000, "120"),
        ("99.95", ItemUnit.AMOUNT, "EUR", 9995, "99.95 EUR"),
        ("99", ItemUnit.AMOUNT, "JPY", 99, "99 JPY"),
    ],
)
def test_items_are_counted_in_whole_grains(value: str, unit: ItemUnit, currency: str, grains: int, text: str) -> None:
    """Seconds, thousandths and minor units; shown as people read them."""
    assert grains_of(Decimal(value), unit, currency) == grains
    assert grains_of(1, unit, currency) == grains_per_unit(unit, currency)
    assert shown(grains, unit, currency) == text


@pytest.mark.parametrize(
    ("value", "unit"), [("0.0001", ItemUnit.HOURS), ("0.0001", ItemUnit.UNITS), ("0.001", ItemUnit.AMOUNT)]
)
def test_a_fraction_of_a_grain_is_refused(value: str, unit: ItemUnit) -> None:
    """Nothing is rounded where it is counted."""
    with pytest.raises(ValueError, match="not counted in whole steps"):
        grains_of(Decimal(value), unit, "EUR")


def test_grains_become_quantities_and_money() -> None:
    """12,500 thousandths are 12.5 pieces, 12,000 are 12; 9,995 cents are 99.95."""
    assert units_of(12500) == Quantity(Decimal("12.5"), Unit.PIECE)
    assert str(units_of(120000).value) == "120"
    assert money_of(9995, "EUR") == eur("99.95")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (26400, "7:20"), (30, "0:00:30"), (-5400, "−1:30"), (360000, "100:00")]
)
def test_hours_are_shown_as_on_a_clock(seconds: int, text: str) -> None:
    """With seconds where there are any, and a sign where they are owed."""
    assert clock(seconds) == text


def test_a_cap_is_an_amount_or_a_part_of_the_allowance() -> None:
    """10 hours, 100 % or a third of 20 hours, or none."""
    assert Rollover(hours(10)).cap_grains(hours(20)) == hours(10)
    assert Rollover(Fraction(1)).cap_grains(hours(20)) == hours(20)
    assert Rollover(Fraction(1, 3)).cap_grains(hours(20)) == 24000
    assert Rollover(Fraction(1, 7)).cap_grains(hours(20)) == 10286
    assert Rollover().cap_grains(hours(20)) is None
