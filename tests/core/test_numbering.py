"""Document numbers: their form and their series."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.numbering import WORKING_NUMBERS, NumberFormat, is_working

JULY = date(2026, 7, 1)


def test_year_and_padded_number_are_filled_in() -> None:
    """The template's two places are filled; the rest stands as written."""
    assert NumberFormat.parse("RE-{year}-{number:04}").render(JULY, 7) == "RE-2026-0007"
    assert NumberFormat.parse("{number}").render(JULY, 12345) == "12345"


def test_a_number_longer_than_its_padding_is_not_cut() -> None:
    """Number 10000 in four places keeps its five digits."""
    assert NumberFormat.parse("R{number:04}").render(JULY, 10000) == "R10000"


def test_a_year_in_the_template_makes_a_series_per_year() -> None:
    """Each year counts on its own where its number says so; else there is one series."""
    assert NumberFormat.parse("RE-{year}-{number:04}").series(JULY) == "2026"
    assert NumberFormat.parse("RE-{number:04}").series(JULY) == ""


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("RE-{year}", "exactly once"),
        ("{number}{number}", "exactly once"),
        ("{year}{year}{number}", "at most once"),
        ("RE_{number}", "'_' is not allowed"),
        ("RÄ{number}", "'Ä' is not allowed"),
        ("RE {number}", "' ' is not allowed"),
        ("RE{number}\n", "not allowed"),
        ("{month}{number}", "'{' is not allowed"),
        ("{number:4}", "'{' is not allowed"),
        ("R" * 30 + "{number}", "longer than 36"),
    ],
)
def test_a_template_that_makes_no_good_numbers_is_refused(template: str, fault: str) -> None:
    """What DATEV would not take, or what would not be unique, is refused with the reason."""
    with pytest.raises(ValueError, match=fault):
        NumberFormat.parse(template)


@given(st.integers(1, 10**8), st.integers(1, 10**8), st.dates(), st.dates())
def test_different_places_in_the_series_give_different_numbers(first: int, second: int, on: date, other: date) -> None:
    """Two documents share a number only if they share series and place in it."""
    number_format = NumberFormat.parse("RE{year}{number:03}")
    same = (number_format.series(on), first) == (number_format.series(other), second)
    assert (number_format.render(on, first) == number_format.render(other, second)) == same


def test_working_numbers_are_none_of_our_own() -> None:
    """No number format may give a number that looks like a working one (domain 7.6)."""
    assert WORKING_NUMBERS.render(date(2026, 1, 31), 7) == "E_0007"
    assert is_working("E_0007")
    assert not is_working("RE-2026-0007")
    with pytest.raises(ValueError, match="'_' is not allowed"):
        NumberFormat.parse(WORKING_NUMBERS.template)
