from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.http.bodies import as_json

LEAVES = st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(VALUES)
def test_what_is_written_is_read_back_equal(value: Any) -> None:  # noqa: ANN401 - any JSON
    """Every value survives, its decimals by value."""
    assert json.loads(as_json(value), parse_float=Decimal, parse_int=Decimal) == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1.10"), "1.10"),
        (Decimal("-0.005"), "-0.005"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        ({"a": (1, True, None)}, '{"a":[1,true,null]}'),
        ('€ "quoted"\n', '"€ \\"quoted\\"\\n"'),
    ],
)
def test_decimals_keep_their_digits(value: object, written: str) -> None:
    """No exponent, no rounding; texts are written in their own letters."""
    assert as_json(value) == written.encode()


@pytest.mark.parametrize("value", [0.1, Decimal("NaN"), Decimal("-Infinity"), Fraction(1, 3), {"a": [b"x"]}])
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    """A float is a fault of the program, as is what JSON has no word for."""
    with pytest.raises(TypeError, match="no exact form"):
        as_json(value)
