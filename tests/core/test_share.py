from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.share import NOTHING, WHOLE, Share


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("33 %", Fraction(33, 100)),
        ("33%", Fraction(33, 100)),
        ("33,5 %", Fraction(335, 1000)),
        ("33.333 %", Fraction(33333, 100_000)),
        ("0 %", Fraction(0)),
        ("120 %", Fraction(6, 5)),
        ("-5 %", Fraction(-1, 20)),
        ("1 of 3", Fraction(1, 3)),
        ("1 von 3", Fraction(1, 3)),
        ("1 OF 3", Fraction(1, 3)),
        ("1/3", Fraction(1, 3)),
        ("4 / 3", Fraction(4, 3)),
    ],
)
def test_a_share_is_read_exactly(text: str, value: Fraction) -> None:
    """'1 of 3' is 1/3 and '33 %' is 33/100, neither is the other (domain 3.1)."""
    assert Share.parse(text).value == value


def test_a_share_keeps_its_written_form() -> None:
    """What was written is kept, without the blanks around it."""
    assert Share.parse("  1 of 3 ").written == "1 of 3"


def test_shares_are_equal_by_value() -> None:
    """'50 %' and '1 of 2' are the same progress, however written."""
    assert Share.parse("50 %") == Share.parse("1 of 2")
    assert hash(Share.parse("50 %")) == hash(Share.parse("1 of 2"))


@pytest.mark.parametrize(
    "text", ["", "1", "0.33", "1 of 0", "1 of", "of 3", "33 % done", "1e2 %", "% 33", "a/b", "1,5/3"]
)
def test_anything_else_is_no_share(text: str) -> None:
    """A bare number could be percent or a part of one, so it is refused like any other text."""
    with pytest.raises(ValueError, match=r"not a share: .*; write '33 %' or '1 of 3'"):
        Share.parse(text)


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_parts_of_a_whole_are_read_as_their_ratio(part: int, whole: int) -> None:
    """Any '<part> of <whole>' is exactly part ÷ whole."""
    assert Share.parse(f"{part} of {whole}").value == Fraction(part, whole)


@given(st.decimals(0, 200, places=4))
def test_percentages_are_read_as_hundredths(number: Decimal) -> None:
    """Any percentage, with point or comma, is exactly a hundredth of its number."""
    assert Share.parse(f"{number} %").value == Fraction(number) / 100
    assert Share.parse(f"{number} %".replace(".", ",")).value == Fraction(number) / 100


def test_a_share_is_computed_exactly() -> None:
    """Part ÷ whole is a fraction, with the written form its source gives it."""
    assert Share.of(Decimal("7.5"), 10, "7.5 of 10") == Share(Fraction(3, 4), "75 %")


def test_a_share_of_nothing_is_refused() -> None:
    """There is no part of an empty whole."""
    with pytest.raises(ZeroDivisionError):
        Share.of(1, 0, "1 of 0")


@pytest.mark.parametrize("value", [0.5, 1, Decimal("0.5")])
def test_a_share_is_a_fraction_and_nothing_else(value: object) -> None:
    """Never a float (domain 3.1), and no other number that would compare differently later."""
    with pytest.raises(TypeError, match="a share is a Fraction"):
        Share(value, "50 %")  # type: ignore[arg-type] # refusing it is the point


@pytest.mark.parametrize(("part", "whole"), [(0.5, 1), (1, 2.0)])
def test_a_share_is_not_computed_from_floats(part: object, whole: object) -> None:
    """A float is refused on both sides of the division."""
    with pytest.raises(TypeError, match="float"):
        Share.of(part, whole, "")  # type: ignore[arg-type] # refusing it is the point


def test_the_two_ends_have_names() -> None:
    """Nothing and the whole are what they say."""
    assert NOTHING.value == 0
    assert WHOLE.value == 1
    assert Share.parse(NOTHING.written) == NOTHING
    assert Share.parse(WHOLE.written) == WHOLE
