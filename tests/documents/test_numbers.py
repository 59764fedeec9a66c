from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.money import Money
from connector.core.quantity import Unit
from connector.core.texts import LANGUAGES
from connector.documents import numbers


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        ("0", "0", "0"),
        ("0.00", "0,00", "0.00"),
        ("1", "1", "1"),
        ("0.9486", "0,9486", "0.9486"),
        ("8333.33", "8.333,33", "8,333.33"),
        ("-333.30", "-333,30", "-333.30"),
        ("1234567.5", "1.234.567,5", "1,234,567.5"),
        ("1E+3", "1.000", "1,000"),
        ("9999999999999.99", "9.999.999.999.999,99", "9,999,999,999,999.99"),
    ],
)
def test_a_number_has_every_decimal_it_came_with(value: str, german: str, english: str) -> None:
    """Marks are those of the language, zeros at the end stay, and no exponent is shown."""
    assert numbers.number(Decimal(value), "de") == german
    assert numbers.number(Decimal(value), "en") == english


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_no_digit_is_lost(value: Decimal) -> None:
    """Without its marks, the text is the number."""
    assert Decimal(numbers.number(value, "en").replace(",", "")) == value
    assert Decimal(numbers.number(value, "de").replace(".", "").replace(",", ".")) == value


def test_money_names_its_currency() -> None:
    """With the decimals of the currency."""
    assert numbers.money(Money.of(Decimal("8333.33"), "EUR"), "de") == "8.333,33 EUR"
    assert numbers.money(Money.of(1200, "JPY"), "en") == "1,200 JPY"


def test_days_are_written_as_people_do() -> None:
    """Numbers in German; in English the month's name, which cannot be mistaken for the day."""
    assert numbers.day(date(2026, 3, 1), "de") == "01.03.2026"
    assert numbers.day(date(2026, 3, 1), "en") == "1 Mar 2026"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_has_a_name(language: str) -> None:
    """None is missing, and no two are the same."""
    assert len({numbers.unit(unit, language) for unit in Unit}) == len(Unit)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00 h"), (5400, "1:30 h"), (59, "0:00:59 h"), (3661, "1:01:01 h"), (360_000, "100:00 h")],
)
def test_hours_show_seconds_only_where_there_are_some(seconds: int, shown: str) -> None:
    """Booked time is never rounded on its way to the reader."""
    assert numbers.hours(seconds) == shown


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (Fraction(0), "0 %", "0 %"),
        (Fraction(1), "100 %", "100 %"),
        (Fraction(33, 100), "33 %", "33 %"),
        (Fraction(1, 8), "12,5 %", "12.5 %"),
        (Fraction(1, 3), "1/3 (33,33 %)", "1/3 (33.33 %)"),
        (Fraction(1, 100_000), "1/100000 (0 %)", "1/100000 (0 %)"),
    ],
)
def test_a_share_is_exact(value: Fraction, german: str, english: str) -> None:
    """A percentage where it says everything, else the fraction with the percentage beside it."""
    assert numbers.share(value, "de") == german
    assert numbers.share(value, "en") == english
