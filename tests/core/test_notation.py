from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.notation import ENGLISH, GERMAN, MOST_DIGITS, Notation, NotationError, counted, one_of
from connector.core.quantity import Quantity, Unit


@pytest.mark.parametrize(
    ("notation", "text", "value"),
    [
        (GERMAN, "5", "5"),
        (GERMAN, " 1234,50 ", "1234.50"),
        (GERMAN, "1.234", "1234"),
        (GERMAN, "1.234.567,8", "1234567.8"),
        (GERMAN, "-0,125", "-0.125"),
        (GERMAN, "−3", "-3"),
        (ENGLISH, "1.234", "1.234"),
        (ENGLISH, "1,234", "1234"),
        (ENGLISH, "12,345.678901", "12345.678901"),
    ],
)
def test_a_number_is_read_in_the_stated_notation(notation: Notation, text: str, value: str) -> None:
    """The same text is another number in another notation; thousands marks are understood where they belong."""
    assert notation.number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        (GERMAN, "1.5"),
        (GERMAN, "12.34"),
        (GERMAN, "0.125"),
        (GERMAN, "1234.567"),
        (GERMAN, "1.23.456"),
        (GERMAN, "1.234.56"),
        (GERMAN, "1,234.5"),
        (GERMAN, "1,2,3"),
        (GERMAN, ",5"),
        (GERMAN, "5,"),
        (GERMAN, "5,0.000"),
        (ENGLISH, "1,5"),
        (ENGLISH, "0,125"),
        (ENGLISH, "1.234,5"),
        (GERMAN, ""),
        (GERMAN, "-"),
        (GERMAN, "5,00 €"),
        (GERMAN, "1 000"),
        (GERMAN, "1'000"),
        (GERMAN, "+5"),
        (GERMAN, "5-"),
        (GERMAN, "1e3"),
        (GERMAN, "1_000"),
        (GERMAN, "NaN"),
        (GERMAN, "٣"),
    ],
)
def test_what_is_no_number_in_the_notation_is_refused(notation: Notation, text: str) -> None:
    """Nothing that could have been meant otherwise becomes a number."""
    with pytest.raises(NotationError, match="not a number") as caught:
        notation.number(text)

    assert caught.value.hint.startswith("write 1234")


def test_a_number_that_nobody_means_is_refused() -> None:
    """A slipped key must not leave the bounds of an amount."""
    assert GERMAN.number("9" * MOST_DIGITS) == Decimal("9" * MOST_DIGITS)
    with pytest.raises(NotationError, match="too long a number"):
        GERMAN.number("9" * (MOST_DIGITS + 1))


@given(number=st.decimals(min_value=-(10**8), max_value=10**8, places=4), thousands=st.booleans())
def test_what_is_written_in_a_notation_is_read_back(number: Decimal, *, thousands: bool) -> None:
    """Every number, with thousands marks or without, survives both notations."""
    english = f"{number:,f}" if thousands else f"{number:f}"
    german = english.translate(str.maketrans(",.", ".,"))

    assert ENGLISH.number(english) == number
    assert GERMAN.number(german) == number


@pytest.mark.parametrize(
    ("notation", "text"),
    [(GERMAN, "2026-02-03"), (GERMAN, "03.02.2026"), (GERMAN, " 3.2.2026 "), (ENGLISH, "2026-02-03")],
)
def test_a_day_is_read(notation: Notation, text: str) -> None:
    """ISO everywhere; day, month, year with dots in German."""
    assert notation.day(text) == date(2026, 2, 3)


@pytest.mark.parametrize(
    ("notation", "text", "fault"),
    [
        (ENGLISH, "03.02.2026", "not a day"),
        (ENGLISH, "02/03/2026", "not a day"),
        (GERMAN, "03.02.26", "not a day"),
        (GERMAN, "20260203", "not a day"),
        (GERMAN, "2026-W05-2", "not a day"),
        (GERMAN, "2026-02-03T00:00", "not a day"),
        (GERMAN, "", "not a day"),
        (GERMAN, "2026-02-30", "no such day"),
        (GERMAN, "31.04.2026", "no such day"),
    ],
)
def test_another_day_is_refused(notation: Notation, text: str, fault: str) -> None:
    """Two-digit years, American order and days that do not exist are never guessed."""
    with pytest.raises(NotationError, match=fault):
        notation.day(text)


@pytest.mark.parametrize(
    ("notation", "text", "value"),
    [
        (GERMAN, "33 %", Fraction(33, 100)),
        (GERMAN, "33,5%", Fraction(67, 200)),
        (ENGLISH, "33.5 %", Fraction(67, 200)),
        (GERMAN, "1 of 3", Fraction(1, 3)),
        (ENGLISH, "1 von 3", Fraction(1, 3)),
        (GERMAN, "120 %", Fraction(6, 5)),
        (GERMAN, "0 %", Fraction(0)),
    ],
)
def test_a_share_is_read_exactly_and_keeps_its_form(notation: Notation, text: str, value: Fraction) -> None:
    """'1 of 3' is a third, '33 %' is 33 hundredths (domain 3.1)."""
    share = notation.share(f" {text} ")

    assert (share.value, share.written) == (value, text)


@pytest.mark.parametrize(
    ("notation", "text", "fault"),
    [
        (GERMAN, "0,33", "not a share"),
        (GERMAN, "1", "not a share"),
        (GERMAN, "", "not a share"),
        (GERMAN, "33.5 %", "not a share"),
        (GERMAN, "33.333 %", "not a share"),
        (ENGLISH, "33,333 %", "not a share"),
        (GERMAN, "33 % done", "not a share"),
        (GERMAN, "1 of 0", "not a share"),
        (GERMAN, "-5 %", "a share below zero"),
    ],
)
def test_another_share_is_refused(notation: Notation, text: str, fault: str) -> None:
    """A bare number and a percentage in the other notation could be anything."""
    with pytest.raises(NotationError, match=fault):
        notation.share(text)


def test_a_percentage_needs_its_sign() -> None:
    """'10 %' is a tenth; '10' is not read."""
    assert GERMAN.percent("12,5 %") == Fraction(1, 8)
    with pytest.raises(NotationError, match="not a percentage"):
        GERMAN.percent("10")


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        (GERMAN, "1,5"),
        (GERMAN, "1,5 h"),
        (GERMAN, "1,50h"),
        (ENGLISH, "1.5"),
        (GERMAN, "1:30"),
        (GERMAN, "01:30:00"),
        (ENGLISH, "PT1H30M"),
        (GERMAN, "PT5400S"),
    ],
)
def test_all_forms_of_a_duration_are_whole_seconds(notation: Notation, text: str) -> None:
    """One and a half hours are 5400 seconds however they are written (domain 1.4)."""
    assert notation.seconds(text) == 5400


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        (GERMAN, ""),
        (GERMAN, " h"),
        (GERMAN, "1.5"),
        (ENGLISH, "1,5"),
        (GERMAN, "1:60"),
        (GERMAN, "PT"),
        (GERMAN, "90 min"),
        (GERMAN, "1e1"),
        (GERMAN, "1_0"),
    ],
)
def test_another_duration_is_refused(notation: Notation, text: str) -> None:
    """An empty field is never 0, and hours in the other notation are not ten times as many."""
    with pytest.raises(NotationError, match="not a duration"):
        notation.seconds(text)


def test_a_word_is_known_whatever_its_case() -> None:
    """A known word gives its meaning."""
    assert one_of({"Stunde": 1, "Tag": 2}, " stunde ") == 1


def test_an_unknown_word_names_the_nearest() -> None:
    """An unknown word is refused with a hint."""
    with pytest.raises(NotationError, match="unknown: 'Stunbe'; did you mean 'Stunde'") as caught:
        one_of({"Stunde": 1, "Tag": 2}, "Stunbe")

    assert caught.value.message == "unknown: 'Stunbe'"


@pytest.mark.parametrize("read", [GERMAN.number, GERMAN.day, GERMAN.share, GERMAN.seconds])
def test_a_long_text_is_quoted_in_part(read: Callable[[str], object]) -> None:
    """A whole cell of text in the wrong column must not bury the message."""
    with pytest.raises(NotationError) as caught:
        read("x" * 1000)

    assert len(caught.value.message) < 100


def test_a_quantity_fits_an_invoice_line() -> None:
    """Four decimals are printed, and more are refused (domain 3.6)."""
    assert counted(Decimal("2.50000"), Unit.DAY) == Quantity(Decimal("2.5"), Unit.DAY)
    assert counted(Decimal("0.0001"), Unit.DAY).value == Decimal("0.0001")
    with pytest.raises(NotationError, match="too fine a quantity"):
        counted(Decimal("0.00005"), Unit.DAY)
