from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.money import rounded
from connector.core.quantity import Quantity, Unit, plain, seconds_of_hours, seconds_of_text


def test_units_have_the_codes_of_electronic_invoices() -> None:
    """Every unit has its UN/ECE Recommendation 20 code (EN 16931, BT-130)."""
    assert {unit: unit.code for unit in Unit} == {
        Unit.HOUR: "HUR",
        Unit.DAY: "DAY",
        Unit.MONTH: "MON",
        Unit.PIECE: "C62",
        Unit.FLAT: "LS",
    }


def test_a_quantity_is_exact() -> None:
    """A float is refused at the door (domain 1.1)."""
    assert Quantity(Decimal("1.5"), Unit.HOUR).value == Decimal("1.5")
    with pytest.raises(TypeError, match="float"):
        Quantity(1.5, Unit.HOUR)  # type: ignore[arg-type] # refusing it is the point


@pytest.mark.parametrize("text", ["1.5", "1:30", "01:30", "01:30:00", "PT1H30M", "PT90M", "PT5400S", " +1.50 "])
def test_every_way_to_write_a_duration_becomes_the_same_seconds(text: str) -> None:
    """'1.5', '01:30' and 'PT1H30M' all are 5400 s (domain 1.4)."""
    assert seconds_of_text(text) == 5400


def test_a_decimal_comma_is_read_where_it_was_agreed() -> None:
    """'1,5' is an hour and a half where numbers are written with a comma, and nothing elsewhere."""
    assert seconds_of_text("1,5", decimal_comma=True) == 5400
    with pytest.raises(ValueError, match=r"not a duration: '1,5'; write 1\.5"):
        seconds_of_text("1,5")
    with pytest.raises(ValueError, match=r"not a duration: '1\.5'; write 1,5"):
        seconds_of_text("1.5", decimal_comma=True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        (".5", 1800),
        ("0.33", 1188),
        ("-0.25", -900),
        ("0.00013888", 0),
        ("0.00013889", 1),
        ("100:00", 360_000),
        ("0:00:01", 1),
        ("P1DT1H", 90_000),
        ("P2D", 172_800),
        ("-PT30M", -1800),
        ("PT0S", 0),
    ],
)
def test_durations_become_whole_seconds(text: str, seconds: int) -> None:
    """Hours are rounded half up to the second; days have 24 hours."""
    assert seconds_of_text(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "abc", "1h", "1:5", "1:60", "1:30:60", "-1:30", "12345:00",
        "P", "PT", "-PT", "P1DT", "PT1M1H", "PT1.5H", "1.", ".", "1.2.3", "1_5", "1e3", "NaN", "Infinity", "--1",
    ],
)  # fmt: skip
def test_a_duration_is_never_guessed(text: str) -> None:
    """An empty field is no zero, and an unusual form is refused with a hint (domain 1.4)."""
    with pytest.raises(ValueError, match=r"not a duration: .*; write 1\.5 or 1:30 or PT1H30M"):
        seconds_of_text(text)


@given(st.integers(0, 9999), st.integers(0, 59), st.integers(0, 59))
def test_clock_and_iso_forms_agree(hours: int, minutes: int, seconds: int) -> None:
    """The same duration read from a clock and from ISO 8601 gives the same whole seconds."""
    expected = hours * 3600 + minutes * 60 + seconds
    assert seconds_of_text(f"{hours}:{minutes:02}:{seconds:02}") == expected
    assert seconds_of_text(f"PT{hours}H{minutes}M{seconds}S") == expected


@given(st.integers(-(10**7), 10**7))
def test_seconds_survive_as_exact_hours(seconds: int) -> None:
    """Seconds told as a fraction of hours come back unchanged."""
    assert seconds_of_hours(Fraction(seconds, 3600)) == seconds


@given(st.integers(0, 10**5))
def test_hours_with_two_decimals_stay_within_their_rounding(minutes: int) -> None:
    """Whole minutes told as hours with two decimals are off by half of 0.01 h, 18 s, at most."""
    hours = rounded(Fraction(minutes, 60), 2)
    assert abs(minutes * 60 - seconds_of_hours(hours)) <= 18


def test_hours_are_taken_exactly_or_not_at_all() -> None:
    """A float of hours is refused with its type."""
    assert seconds_of_hours(2) == 7200
    with pytest.raises(TypeError, match=r"not float: 1\.5"):
        seconds_of_hours(1.5)  # type: ignore[arg-type] # refusing it is the point


@pytest.mark.parametrize(("told", "written"), [("10.0", "10"), ("2.50", "2.5"), ("-0.5", "-0.5"), ("100", "100")])
def test_a_number_is_written_as_a_person_would(told: str, written: str) -> None:
    """Without needless zeros, and never as 1E+2."""
    assert str(plain(Decimal(told))) == written
