"""Fields of configuration files."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from connector.mapping.fields import Account, Country, Exact, Table, TextTemplate, check_places, exact_number


class _Fields(Table):
    exact: Exact = Decimal(0)
    country: Country = "DE"
    account: Account = "0"
    text: TextTemplate = "-"


@pytest.mark.parametrize(
    ("written", "meant"), [("19", "19"), (19, "19"), ("1.50", "1.50"), ("-0.000001", "-0.000001"), (0, "0")]
)
def test_exact_numbers_are_text_with_a_point_or_whole(written: str | int, meant: str) -> None:
    """The number is the one that was written, digit for digit."""
    assert str(exact_number(written)) == meant


@pytest.mark.parametrize("written", [19.0, True, "1,5", "", "1e3", "NaN", "٣", " 1", "1.", ".5", None, "1.0000001"])
def test_anything_else_is_no_exact_number(written: object) -> None:
    """Floats, booleans, commas, exponents and foreign digits are refused with the right form."""
    with pytest.raises(ValueError, match=r'"19" or "1.5"'):
        exact_number(written)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("exact", 19.0),
        ("country", "de"),
        ("country", "GER"),
        ("country", False),
        ("account", 8400),
        ("account", "84 00"),
        ("account", ""),
        ("account", "8400."),
        ("account", ".1"),
        ("account", "1234567890123"),
        ("text", "{name}"),
        ("text", "{number!r}"),
        ("text", "{number:>9}"),
        ("text", "{number.real}"),
        ("text", "{}"),
        ("text", "{number"),
        ("text", ""),
        ("unknown", "x"),
    ],
)
def test_values_of_a_near_type_are_refused(key: str, value: object) -> None:
    """A float, a number for text, a small country code, a place that nothing fills: none passes."""
    with pytest.raises(ValidationError):
        _Fields.model_validate({key: value})


def test_norway_and_leading_zeros_survive() -> None:
    """'NO' is a country and '0100' an account, as written."""
    fields = _Fields.model_validate({"country": "NO", "account": "0100", "text": "{number} {{x}}"})
    assert (fields.country, fields.account, fields.text) == ("NO", "0100", "{number} {{x}}")


@pytest.mark.parametrize("written", ["4", "4.1.2", "10001", "UST19", "123456789012"])
def test_accounts_may_have_parts(written: str) -> None:
    """Charts number their accounts with or without points, in at most twelve characters."""
    assert _Fields(account=written).account == written


def test_the_places_that_may_be_used_are_named() -> None:
    """The message lists what may stand in braces."""
    with pytest.raises(ValueError, match=r"\{perod\} is not known here; a text may use \{number\}, \{period\}"):
        check_places("{number} {perod}", ("number", "period"))
