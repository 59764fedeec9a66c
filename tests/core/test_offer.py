from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.offer import Position
from connector.core.quantity import Unit
from tests.core.builders import eur, position, three_phases

HOUR = 3600


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "total"),
    [
        ("12.5", "110.00", 0, "1375.00"),
        ("3", "33.333333", 0, "100.00"),
        ("1", "5000", Fraction(1, 10), "4500.00"),
        ("0.5", "0.01", 0, "0.01"),
        ("1", "100.005", Fraction(1, 3), "66.67"),
        ("1", "-2500", 0, "-2500.00"),
        ("0", "110", 0, "0.00"),
        ("1", "80", 1, "0.00"),
    ],
)
def test_a_total_is_rounded_once(quantity: str, price: str, discount: Fraction | int, total: str) -> None:
    """Position total = round(quantity × unit price × (1 − discount)), rounded half up at the end (domain 2)."""
    assert position("1", price, quantity=quantity, discount=discount).total == eur(total)


@given(
    st.decimals(-1000, 1000, places=4),
    st.decimals(0, 10_000, places=6),
    st.fractions(0, 1, max_denominator=1000),
)
def test_an_amendment_takes_back_what_the_offer_gave(quantity: Decimal, price: Decimal, discount: Fraction) -> None:
    """The same position with its quantity turned has the same total, turned: together they are nothing (domain 2)."""
    offered = position("1", price, quantity=quantity, discount=discount)
    removed = position("2", price, quantity=-quantity, discount=discount)
    assert not offered.total + removed.total


def test_the_net_price_is_the_unit_price_after_discount() -> None:
    """The item net price (BT-146) is exact, with and without a discount."""
    assert position("1", "99.99").net_price == Decimal("99.99")
    assert position("1", "99.99", discount=Fraction(1, 3)).net_price == Fraction(9999, 150)


def test_the_three_phases_add_up_to_30000() -> None:
    """The worked example of domain 3.5 is worth 30,000 EUR."""
    assert [phase.total for phase in three_phases()] == [eur(5000), eur(10000), eur(15000)]


def test_a_unit_price_has_six_decimals_at_most() -> None:
    """The seventh decimal is refused, needless zeros are not (domain 1.1)."""
    assert position("1", "0.1234560").unit_price == Decimal("0.123456")
    with pytest.raises(ValueError, match=r"unit price of A1/1 has more than 6 decimals: 0\.1234567"):
        position("1", "0.1234567")


@pytest.mark.parametrize("price", ["1e13", "-1e30", "1e40"])
def test_a_unit_price_beyond_all_amounts_is_refused(price: str) -> None:
    """It is a fault of the data like any other, whatever its size."""
    with pytest.raises(ValueError, match="unit price of A1/1 is too large"):
        position("1", price)


def test_a_unit_price_is_no_float() -> None:
    """A float is refused at the door (domain 1.1)."""
    first = position()
    with pytest.raises(TypeError, match="float"):
        Position(first.id, first.offer, first.project, "", first.quantity, 0.1, "EUR")  # type: ignore[arg-type]


def test_a_position_is_named_by_its_offer_and_itself() -> None:
    """The key is unique in the tenant: the same id in two offers is two positions."""
    assert position("1", offer="A1").key == "A1/1"
    assert position("1", offer="N1").key == "N1/1"


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        (position(quantity=10, unit=Unit.HOUR, planned_seconds=8 * HOUR), 8 * HOUR),
        (position(quantity=10, unit=Unit.DAY, planned_seconds=0), 0),
        (position(quantity="2.5", unit=Unit.HOUR), 9000),
        (position(quantity="1.5", unit=Unit.DAY), 12 * HOUR),
        (position(quantity=3, unit=Unit.PIECE), None),
        (position(unit=Unit.FLAT), None),
    ],
)
def test_planned_effort_is_stated_or_follows_from_the_quantity(planned: Position, expected: int | None) -> None:
    """Planned hours, else the quantity in hours, else days × hours per day; nothing else is guessed (domain 3.3)."""
    assert planned.planned_effort(Decimal(8)) == expected


def test_days_have_no_hours_unless_these_are_set() -> None:
    """Without `hours_per_day` a position counted in days has no planned effort."""
    assert position(quantity=2, unit=Unit.DAY).planned_effort(None) is None
