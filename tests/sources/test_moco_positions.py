"""Items of MOCO's offers become positions, or say why not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.notation import NotationError
from connector.core.quantity import Quantity, Unit
from connector.sources.moco.positions import Around, Sheet, discount_of, label_of, position_of
from connector.sources.moco.records import ItemRecord

SHEET = Sheet("A-1", "P-1", "EUR", Fraction(1, 10), {"Motiv": Unit.PIECE}, {"Illustration": "reduced"})

AROUND = Around("1", "Phase 1", None, None, 7200)


def item(**values: Any) -> ItemRecord:  # noqa: ANN401 - JSON
    """Return an item: four days of 1,500."""
    days = {"quantity": 4, "unit": "d", "unit_price": 1500, "net_total": 6000, "optional": False}
    return ItemRecord.model_validate({"id": 34, "type": "item", "title": "Konzept", **days, **values})


def test_an_item_becomes_a_position() -> None:
    """Quantity, unit and price are the item's; discount and currency the offer's; the title above groups it."""
    position = position_of(item(), SHEET, AROUND, "here")

    assert (position.key, position.label, position.category) == ("A-1/1", "Konzept", "Phase 1")
    assert (position.quantity, position.unit_price) == (Quantity(Decimal(4), Unit.DAY), Decimal(1500))
    assert (str(position.total), position.billable) == ("5400.00 EUR", True)
    assert position.planned_seconds is None


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("h", Unit.HOUR), ("Std", Unit.HOUR), ("Stunden", Unit.HOUR), ("STD.", Unit.HOUR), ("Tag", Unit.DAY),
        ("Monat", Unit.MONTH), ("months", Unit.MONTH), ("Stk", Unit.PIECE), (None, Unit.PIECE), ("", Unit.PIECE),
        ("pauschal", Unit.FLAT), ("Motiv", Unit.PIECE),
    ],
)  # fmt: skip
def test_units_are_words_of_people(word: str | None, unit: Unit) -> None:
    """Whatever its case; none is a piece; the settings know further ones."""
    assert position_of(item(unit=word), SHEET, AROUND, "here").quantity.unit is unit


@pytest.mark.parametrize("empty", [None, 0, Decimal("0.0")])
def test_a_lump_sum_is_one_flat(empty: object) -> None:
    """It has a total, but neither quantity nor unit price; the task of its name may plan its effort."""
    lump = item(quantity=empty, unit=None, unit_price=empty, net_total=Decimal("1200.5"))

    position = position_of(lump, SHEET, AROUND, "here")

    assert (position.quantity, str(position.unit_price)) == (Quantity(Decimal(1), Unit.FLAT), "1200.50")
    assert position.planned_seconds == 7200


def test_an_option_is_not_billed() -> None:
    """As soon as it is ordered, it is no option in MOCO any more."""
    assert not position_of(item(optional=True), SHEET, AROUND, "here").billable


def test_the_revenue_category_is_the_service_and_may_lower_the_vat() -> None:
    """MOCO has one VAT rate for the whole offer; the mapping decides by class and service."""
    told = [
        position_of(item(revenue_category=each), SHEET, AROUND, "here")
        for each in ({"id": 1, "name": "Illustration"}, {"id": 2, "name": "Web"}, None)
    ]

    assert [(each.service, each.vat_class) for each in told] == [
        ("Illustration", "reduced"), ("Web", "standard"), ("", "standard"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "description", "label"),
    [
        (" Konzept ", "egal", "Konzept"),
        (None, "<div>Erste Zeile</div><div>Zweite</div>", "Erste Zeile"),
        ("", "a<br>b", "a"),
    ],
)
def test_the_label_is_the_title_else_the_first_line(title: str | None, description: str, label: str) -> None:
    """Descriptions are HTML."""
    assert label_of(item(title=title, description=description)) == label


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title": None}, "an item without a title"),
        ({"quantity": None, "unit_price": None, "net_total": None}, "an item without a price"),
        ({"quantity": None}, "a quantity without a unit price, or the other way round"),
        ({"unit_price": None}, "a quantity without a unit price, or the other way round"),
        ({"unit": "Server"}, "unknown: 'Server'"),
        ({"quantity": Decimal("0.12345"), "net_total": Decimal("185.18")}, "too fine a quantity"),
        ({"net_total": 5999}, "quantity × unit price is 6000, but the total of the item is: '5999'"),
        ({"unit_price": Decimal("0.1234567"), "net_total": Decimal("0.49")}, "more than 6 decimals"),
        ({"quantity": 10**9, "unit_price": 10**9, "net_total": 10**18}, "out of bounds"),
    ],
    ids=["no title", "no price", "no quantity", "half a price", "unit", "fine", "total", "fine price", "huge"],
)
def test_what_cannot_be_billed_is_refused(values: dict[str, Any], words: str) -> None:
    """Nothing is guessed; the message quotes what stands there."""
    with pytest.raises(NotationError) as caught:
        position_of(item(**values), SHEET, AROUND, "here")
    assert words in caught.value.message
    assert caught.value.hint


def test_an_unknown_currency_is_refused() -> None:
    """How many decimals it has is not guessed."""
    with pytest.raises(NotationError, match="unknown currency 'XYZ'"):
        position_of(item(), Sheet("A-1", "P-1", "XYZ", Fraction(0), {}, {}), AROUND, "here")


@pytest.mark.parametrize("percent", [Decimal(-1), Decimal("100.1")])
def test_a_discount_lies_between_nothing_and_all(percent: Decimal) -> None:
    """Anything else is a typing error."""
    with pytest.raises(NotationError, match="not a discount in percent"):
        discount_of(percent)


@given(
    quantity=st.decimals("0.01", 1000, places=2), price=st.decimals("-5000", 5000, places=2).filter(lambda price: price)
)
def test_a_position_is_worth_what_the_item_says(quantity: Decimal, price: Decimal) -> None:
    """Without a discount, the total of the position is that of the item, to the cent."""
    sheet = Sheet("A-1", "P-1", "EUR", Fraction(0), {}, {})
    plain = position_of(item(quantity=quantity, unit_price=price, net_total=None), sheet, AROUND, "here")
    again = position_of(item(quantity=quantity, unit_price=price, net_total=plain.total.amount), sheet, AROUND, "here")

    assert again == plain
    assert plain.quantity.value == quantity
    assert plain.unit_price == price
