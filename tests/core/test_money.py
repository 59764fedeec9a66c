from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.money import (
    LARGEST_AMOUNT,
    MINOR_DIGITS,
    CurrencyMismatchError,
    Money,
    exact,
    minor_digits,
    rounded,
    rounded_units,
)
from tests.core.builders import eur

FRACTIONS = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)
CENTS = st.integers(-(10**12), 10**12).map(lambda cents: Money(Decimal(cents).scaleb(-2), "EUR"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("-0.005", "-0.01"),
        ("0.005", "0.01"),
        ("0.0049999", "0.00"),
        ("-0.0049999", "0.00"),
        ("2.675", "2.68"),
        ("2.665", "2.67"),
        ("-324.995", "-325.00"),
        ("7", "7.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(value: str, expected: str) -> None:
    """Rounding is half up, away from zero on halves: −0.005 becomes −0.01 (domain 1.2)."""
    assert str(rounded(Decimal(value), 2)) == expected


@given(FRACTIONS, st.integers(0, 6))
def test_rounding_is_symmetric_about_zero(value: Fraction, digits: int) -> None:
    """A credit is rounded like the invoice it takes back."""
    assert rounded(-value, digits) == -rounded(value, digits)


@given(FRACTIONS, st.integers(0, 6))
def test_rounding_moves_a_value_by_at_most_half_a_unit(value: Fraction, digits: int) -> None:
    """The rounded value is the nearest one, and has exactly the decimals asked for."""
    result = rounded(value, digits)
    assert abs(Fraction(result) - value) <= Fraction(1, 2 * 10**digits)
    assert result.as_tuple().exponent == -digits


@given(FRACTIONS, st.fractions(-1, 1, max_denominator=1000))
def test_factors_are_multiplied_before_rounding(value: Fraction, factor: Fraction) -> None:
    """A product is rounded once, at the end, as if it had been multiplied exactly (domain 1.2)."""
    assert rounded_units(value, 2, factor, 3) == rounded_units(value * factor * 3, 2)


def test_rounding_does_not_depend_on_the_precision_of_the_caller() -> None:
    """An amount comes out the same in a decimal context of five digits."""
    with localcontext(Context(prec=5)):
        assert rounded(Fraction(123456789012), 2) == Decimal("123456789012.00")


@pytest.mark.parametrize("position", [0, 1])
def test_floats_are_refused_where_values_are_rounded(position: int) -> None:
    """A float is refused as the value and as a factor: it has lost what would be rounded (domain 1.1)."""
    numbers: list[object] = [Decimal(1), Decimal(1)]
    numbers[position] = 0.1
    with pytest.raises(TypeError, match=r"not float: 0\.1"):
        rounded_units(numbers[0], 2, numbers[1])  # type: ignore[arg-type] # refusing it is the point


def test_a_number_is_taken_exactly_or_not_at_all() -> None:
    """Whole, decimal and fractional numbers become the same fraction; floats are refused."""
    assert exact(Decimal("0.5")) == exact(Fraction(1, 2)) == Fraction(1, 2)
    assert exact(2) == 2
    with pytest.raises(TypeError, match="float"):
        exact(0.5)  # type: ignore[arg-type] # refusing it is the point


def test_an_amount_is_a_decimal_in_whole_minor_units() -> None:
    """Money takes a Decimal with exactly the decimals of its currency (domain 1.1)."""
    assert str(Money(Decimal("8333.33"), "EUR")) == "8333.33 EUR"
    assert str(Money(Decimal(8333), "JPY")) == "8333 JPY"


@pytest.mark.parametrize("amount", ["8333.3", "8333", "8333.333", "NaN", "Infinity"])
def test_an_amount_with_other_decimals_is_refused(amount: str) -> None:
    """Neither a fraction of a cent nor a missing digit passes."""
    with pytest.raises(ValueError, match="exactly 2 decimals"):
        Money(Decimal(amount), "EUR")


@pytest.mark.parametrize("amount", [0.1, 1, "1.00", None])
def test_an_amount_that_is_no_decimal_is_refused(amount: object) -> None:
    """Floats, texts and nothing at all are no amounts."""
    with pytest.raises(TypeError, match="an amount is a Decimal"):
        Money(amount, "EUR")  # type: ignore[arg-type] # refusing it is the point


@pytest.mark.parametrize("sign", [1, -1])
def test_an_absurd_amount_is_refused(sign: int) -> None:
    """An amount at the bound is a fault of the data, just below it is not."""
    with pytest.raises(ValueError, match="out of bounds"):
        Money.of(sign * LARGEST_AMOUNT, "EUR")
    assert Money.of(sign * (LARGEST_AMOUNT - 1), "EUR")


def test_a_sum_that_leaves_the_bounds_is_refused() -> None:
    """Two large amounts do not add up to an absurd one unseen."""
    large = Money.of(LARGEST_AMOUNT - 1, "EUR")
    with pytest.raises(ValueError, match="out of bounds"):
        large + large


def test_an_unknown_currency_is_refused() -> None:
    """The decimals of a currency are never guessed; the known ones are named."""
    with pytest.raises(ValueError, match=r"unknown currency 'XXX'; known: AUD, .*USD"):
        Money.of(1, "XXX")


@pytest.mark.parametrize("currency", list(MINOR_DIGITS))
def test_the_currency_says_how_many_decimals_there_are(currency: str) -> None:
    """Minor units follow ISO 4217: of the known currencies only krona and yen of Iceland and Japan have none."""
    digits = 0 if currency in {"ISK", "JPY"} else 2
    assert minor_digits(currency) == digits
    assert str(Money.zero(currency)) == f"{rounded(0, digits)} {currency}"


def test_money_of_rounds_and_exactly_does_not() -> None:
    """`of` rounds half up; `exactly` refuses a fraction of a cent and takes fewer decimals."""
    assert Money.of(Fraction(10_000, 3), "EUR") == eur("3333.33")
    assert Money.of(Decimal("0.15"), "EUR", Decimal("0.1")) == eur("0.02")
    assert Money.exactly(Decimal("1.5"), "EUR") == eur("1.50")
    with pytest.raises(ValueError, match=r"1\.005 EUR has a fraction"):
        Money.exactly(Decimal("1.005"), "EUR")


@given(CENTS, CENTS)
def test_sums_and_differences_are_exact(left: Money, right: Money) -> None:
    """What is added and taken away again leaves the amount as it was."""
    assert left + right - right == left
    assert left - right == -(right - left)
    assert (left + right).amount == left.amount + right.amount


@given(st.lists(CENTS, max_size=20))
def test_a_total_is_the_sum_of_its_parts(amounts: list[Money]) -> None:
    """Totals are sums of what is printed, in any order (domain 1.3)."""
    total = Money.total(amounts, "EUR")
    assert total.amount == sum(amount.amount for amount in amounts)
    assert Money.total(reversed(amounts), "EUR") == total


def test_the_total_of_nothing_is_zero() -> None:
    """A sum without parts still has its currency."""
    assert Money.total([], "CHF") == Money.zero("CHF")


def test_different_currencies_never_meet_in_one_sum() -> None:
    """Adding, taking away and totalling refuse another currency and name both amounts."""
    francs = Money.of(2, "CHF")
    with pytest.raises(CurrencyMismatchError, match=r"1\.00 EUR and 2\.00 CHF"):
        eur(1) + francs
    with pytest.raises(CurrencyMismatchError, match=r"1\.00 EUR and 2\.00 CHF"):
        eur(1) - francs
    with pytest.raises(CurrencyMismatchError, match=r"0\.00 EUR and 2\.00 CHF"):
        Money.total([eur(1), francs], "EUR")


def test_a_currency_is_part_of_equality() -> None:
    """1 EUR is not 1 CHF."""
    assert Money.of(1, "EUR") != Money.of(1, "CHF")


def test_nothing_has_no_sign() -> None:
    """Turning the sign of zero, or rounding a tiny credit, never prints '-0.00'."""
    assert str(-Money.zero("EUR")) == "0.00 EUR"
    assert str(Money.of(Decimal("-0.001"), "EUR")) == "0.00 EUR"
    assert str(-eur("5.00")) == "-5.00 EUR"


def test_zero_is_false_and_any_other_amount_is_true() -> None:
    """An amount can be asked whether there is anything to bill."""
    assert not Money.zero("EUR")
    assert eur("-0.01")
