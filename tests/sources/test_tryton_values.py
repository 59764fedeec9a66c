"""What Tryton's JSON says of days, instants, durations and amounts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.sources.tryton.values import amount_of, as_day, day_of, instant_of, referred, seconds_of


def duration(seconds: Any) -> dict[str, Any]:  # noqa: ANN401 - any value
    """Return a duration as Tryton's JSON has it."""
    return {"__class__": "timedelta", "seconds": seconds}


def test_a_day_goes_and_comes() -> None:
    """A day is told as an object of its parts."""
    assert day_of(as_day(date(2026, 1, 31))) == date(2026, 1, 31)


def test_an_instant_is_one_in_utc() -> None:
    """Tryton writes UTC without saying so; microseconds count."""
    parts = {"year": 2026, "month": 1, "day": 31, "hour": 23, "minute": 30, "second": 5, "microsecond": 500_000}

    assert instant_of({"__class__": "datetime", **parts}) == datetime(2026, 1, 31, 23, 30, 5, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [(5400, 5400), (Decimal("5400.0"), 5400), (0, 0), (Decimal("1.5"), 2), (Decimal("1.499999"), 1), (90_061, 90_061)],
)
def test_a_duration_becomes_whole_seconds(told: Any, seconds: int) -> None:  # noqa: ANN401 - any value
    """Tryton counts seconds with decimals; halves go up (domain 1.4)."""
    assert seconds_of(duration(told)) == seconds


@pytest.mark.parametrize(
    ("told", "number"),
    [("sale.line,2", 2), ("sale.sale,2", None), ("sale.line,-1", None), ("sale.line", None), ("", None)],
)
def test_a_reference_names_a_record(told: str, number: int | None) -> None:
    """Of the model asked for; a record that is not saved yet has a number below zero, and is none."""
    assert referred(told, "sale.line") == number


def test_an_amount_is_exact() -> None:
    """It stands as a text within an object."""
    assert amount_of({"__class__": "Decimal", "decimal": "100.1234"}) == Decimal("100.1234")


@pytest.mark.parametrize("told", [None, "", 5, [], {}, {"__class__": "Decimal"}, {"__class__": "bytes"}])
@pytest.mark.parametrize("reading", [day_of, instant_of, seconds_of])
def test_anything_else_is_refused(reading: Any, told: Any) -> None:  # noqa: ANN401 - any value
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="not a"):
        reading(told)


@pytest.mark.parametrize("told", [None, 5, {"__class__": "Decimal"}, {"__class__": "Decimal", "decimal": "x"}])
def test_what_is_no_amount_is_refused(told: Any) -> None:  # noqa: ANN401 - any value
    """A number with decimals in the JSON is none: Tryton would have lost what it stood for."""
    with pytest.raises(ValueError, match="not a"):
        amount_of(told)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_is_a_number(amount: str) -> None:
    """What is no number can be billed to nobody."""
    with pytest.raises(ValueError, match="not an amount"):
        amount_of({"__class__": "Decimal", "decimal": amount})


@pytest.mark.parametrize(
    "told",
    [
        {"__class__": "date", "year": 2026, "month": 13, "day": 1},
        {"__class__": "date", "year": 2026, "month": 1},
        {"__class__": "date", "year": "2026", "month": 1, "day": 1},
    ],
)
def test_a_day_that_is_none_is_refused(told: Any) -> None:  # noqa: ANN401 - any value
    """Its parts are missing, no numbers, or of no calendar."""
    with pytest.raises(ValueError, match=r"day|month"):
        day_of(told)


def test_an_instant_without_its_parts_is_refused() -> None:
    """A half one is none."""
    with pytest.raises(ValueError, match="not an instant"):
        instant_of({"__class__": "datetime", "year": 2026})


@pytest.mark.parametrize("seconds", [None, "5400", -1, Decimal("-0.5"), True, [5400]])
def test_a_duration_below_zero_or_of_no_number_is_refused(seconds: Any) -> None:  # noqa: ANN401 - any value
    """Tryton itself allows none (domain 1.4)."""
    with pytest.raises(ValueError, match="not a duration"):
        seconds_of(duration(seconds))
