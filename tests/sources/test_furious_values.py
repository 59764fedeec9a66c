"""Values in every form that Furious may give them, and in none that it may not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.core.notation import NotationError
from connector.sources.furious.values import amount, day, identifier, link, number, said, text, truth

A = "a"


def row(value: object) -> dict[str, Any]:
    """Return a record with one field."""
    return {"a": value, "id": 5}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", ""),
        ("  x ", "x"),
        (7, "7"),
        (Decimal("1.50"), "1.50"),
        (True, "1"),
        ("Travaux d&#039;art &amp; Söhne", "Travaux d'art & Söhne"),
        (["a", 1], "a, 1"),
    ],
)
def test_texts(value: object, expected: str) -> None:
    """Numbers are taken as they are written, HTML entities are decoded, several values are joined."""
    assert text(row(value), A) == expected


def test_no_field_is_no_text() -> None:
    """Neither a field that is not named nor one that did not come."""
    assert (text(row("x"), ""), text({}, A)) == ("", "")


def test_an_object_is_no_text() -> None:
    """It is refused with the field's name."""
    with pytest.raises(NotationError, match="a is neither text nor number"):
        text(row({"b": 1}), A)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5000", 5000),
        (5000, 5000),
        ("3333.333333", "3333.333333"),
        (Decimal("-1.5"), "-1.5"),
        ("0", 0),
        ("-3.50", "-3.5"),
    ],
)
def test_numbers(value: object, expected: str | int) -> None:
    """Texts and numbers alike, exactly."""
    assert number(row(value), A) == Decimal(expected)


@pytest.mark.parametrize(
    "value", ["1,5", "1 000", "1e3", "5 €", "x", "1.", "9" * 18, Decimal("NaN"), Decimal("1E+30"), 10**30]
)
def test_what_is_no_plain_number_is_refused(value: object) -> None:
    """A comma could be either mark; more digits than any price has are an error."""
    with pytest.raises(NotationError, match="a is not a number"):
        number(row(value), A)


def test_nothing_is_never_zero() -> None:
    """An empty number is none; where one is needed, it is refused."""
    assert number(row(""), A) is None
    for read in (amount, said):
        with pytest.raises(NotationError, match="this field is empty: 'a'"):
            read(row(" "), A)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-01-31 23:59:59", date(2026, 1, 31)),
        ("2026-01-31T08:00", date(2026, 1, 31)),
        ("", None),
        (None, None),
        ("0000-00-00", None),
        ("0000-00-00 00:00:00", None),
    ],
)
def test_days(value: object, expected: date | None) -> None:
    """Furious' own local day, whatever time of day follows it; databases write no day with zeros."""
    assert day(row(value), A) == expected


@pytest.mark.parametrize("value", ["2026-02-30", "31/01/2026", "2026-01-31T23:30:00Z", "2026-01", "soon"])
def test_what_is_no_local_day_is_refused(value: str) -> None:
    """An instant of another zone could be another day."""
    with pytest.raises(NotationError, match="a is not a local day"):
        day(row(value), A)


def test_truth() -> None:
    """1 and 0 in every form; an empty field says what it is told to say; other words are refused."""
    assert [truth(row(value), A) for value in ("1", 1, True, "true", "0", 0, False, "")] == [True] * 4 + [False] * 4
    assert truth(row(None), A, empty_says=True)
    with pytest.raises(NotationError):
        truth(row("perhaps"), A)


def test_links_and_identifiers() -> None:
    """0 leads nowhere; a record without a number of its own is known by its id."""
    assert (link(row("0"), A), link(row(12), A), link(row(None), A)) == ("", "12", "")
    assert (identifier(row("X-1"), A), identifier(row("X-1"), "")) == ("X-1", "5")
