"""Printed quantity × printed price."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.money import Money
from connector.core.pricing import HourPricing, Priced, by_hours, by_quantity, lump, price_fault, shown_price
from connector.core.quantity import Unit
from tests.core.builders import eur

PRINTED = HourPricing()
EXACT = HourPricing(exact=True)


def test_rule_1_6_hours_are_rounded_first_and_then_priced() -> None:
    """20 minutes at 100 are 0.33 h × 100.00 = 33.00."""
    priced = by_hours(1200, Decimal(100), "EUR", PRINTED)
    assert (priced.quantity, priced.unit, priced.unit_price) == (Decimal("0.33"), Unit.HOUR, Decimal("100.00"))
    assert priced.net == eur("33.00")
    assert by_hours(1200, Decimal(100), "EUR", HourPricing(4)).net == eur("33.33")


def test_rule_1_6_exact_pricing_prints_one_amount_with_the_hours_in_the_text() -> None:
    """20 minutes at 100 are 33.33, printed 1 × 33.33; the remark keeps the hours."""
    priced = by_hours(1200, Decimal(100), "EUR", EXACT)
    assert (priced.quantity, priced.unit, priced.net) == (Decimal(1), Unit.FLAT, eur("33.33"))
    assert priced.remark is not None
    assert priced.remark.values == (("seconds", "1200"),)


def test_a_credit_has_its_sign_in_the_quantity() -> None:
    """−100.00 is printed −1 × 100.00, because a price below zero is refused by EN 16931."""
    priced = lump(eur("-100"))
    assert (priced.quantity, priced.unit_price, priced.net) == (Decimal(-1), Decimal("100.00"), eur("-100.00"))
    assert lump(eur("0")).quantity == 1
    with pytest.raises(ValueError, match="below zero"):
        Priced(Decimal(1), Unit.FLAT, Decimal("-0.01"), "EUR")


@pytest.mark.parametrize(
    ("price", "currency", "shown"),
    [("130", "EUR", "130.00"), ("1E+2", "EUR", "100.00"), ("0.125000", "EUR", "0.125"), ("0.5", "JPY", "0.5")],
)
def test_a_price_is_shown_with_the_decimals_it_has(price: str, currency: str, shown: str) -> None:
    """At least those of the currency, and no needless zeros."""
    assert str(shown_price(Decimal(price), currency)) == shown


@pytest.mark.parametrize(
    ("price", "fault"), [("0", ""), ("0.000001", ""), ("0.0000001", "more than 6 decimals"), ("-1", "below zero")]
)
def test_prices_have_no_sign_and_at_most_six_decimals(price: str, fault: str) -> None:
    """What is wrong is said; nothing where nothing is."""
    assert fault in price_fault(Decimal(price))
    assert bool(price_fault(Decimal(price))) == bool(fault)


@given(st.integers(-(10**6), 10**6), st.decimals("0", "999", places=6), st.integers(0, 4), st.booleans())
def test_rule_1_6_the_pocket_calculator_is_right(seconds: int, price: Decimal, decimals: int, exact: bool) -> None:  # noqa: FBT001 -- hypothesis draws it
    """Whatever is priced, what is printed multiplies out to the net."""
    priced = by_hours(seconds, price, "EUR", HourPricing(decimals, exact))
    assert Money.of(priced.quantity, "EUR", priced.unit_price) == priced.net
    assert by_quantity(priced.quantity, priced.unit, priced.unit_price, "EUR").net == priced.net
