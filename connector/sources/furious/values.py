"""Values as Furious may send them: numbers also as texts, texts also HTML-encoded, empty ones as null or ''.

Public clients coerce amounts and decode `&#039;`, so neither type nor form can be relied on; what cannot be read
exactly is refused with the field's name (NotationError).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

from connector.core.notation import MOST_DIGITS, NotationError, one_of

Row = Mapping[str, Any]

ALL_PERCENT = 100

TRUTH = {"1": True, "0": False, "true": True, "false": False}

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DAY = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?")
NO_DAY = "0000-00-00"
"""How the databases of such programs write that there is no day."""


def text(row: Row, field: str) -> str:
    """Return the field without blanks around it, '' if it is empty or none is named; several are joined by ', '."""
    value = row.get(field) if field else None
    if value is None:
        return ""
    if isinstance(value, str):
        return (unescape(value) if "&" in value else value).strip()
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, Sequence):
        return ", ".join(text({field: each}, field) for each in value)
    raise NotationError(str(value), f"{field} is neither text nor number", "look at it in Furious")


def number(row: Row, field: str) -> Decimal | None:
    """Return the field's number, None if it is empty; a comma is refused: '1,234' would be two numbers."""
    value = row.get(field) if field else None
    if isinstance(value, Decimal) and value.is_finite() and value.adjusted() < MOST_DIGITS:
        return value
    plain = text(row, field)
    if not plain:
        return None
    if not _NUMBER.fullmatch(plain) or len(plain) > MOST_DIGITS + 2:
        raise NotationError(plain, f"{field} is not a number", "a number such as 1234.5 is expected")
    return Decimal(plain)


def amount(row: Row, field: str) -> Decimal:
    """Return the field's number; NotationError if it is empty: nothing is never zero (domain 1.4)."""
    value = number(row, field)
    if value is None:
        raise empty(field)
    return value


def said(row: Row, field: str) -> str:
    """Return the field; NotationError if it is empty."""
    if plain := text(row, field):
        return plain
    raise empty(field)


def identifier(row: Row, field: str) -> str:
    """Return the field, or the record's id if none is named; NotationError if it is empty."""
    return said(row, field or "id")


def link(row: Row, field: str) -> str:
    """Return the id of another record, '' for none, which databases also write as 0."""
    key = text(row, field)
    return "" if key == "0" else key


def empty(field: str) -> NotationError:
    """Return the fault of a field that must not be empty."""
    return NotationError(field, "this field is empty", "fill it in Furious")


def day(row: Row, field: str) -> date | None:
    """Return the field's local day, None if it is empty; a time of day behind it is left out."""
    plain = text(row, field)
    if not plain or plain.startswith(NO_DAY):
        return None
    match = _DAY.fullmatch(plain)
    try:
        return date.fromisoformat(match["day"]) if match else _refused(plain, field)
    except ValueError:
        return _refused(plain, field)


def _refused(plain: str, field: str) -> date:
    raise NotationError(plain, f"{field} is not a local day", "a day such as 2026-01-31 is expected")


def dated(row: Row, field: str) -> date:
    """Return the field's local day; NotationError if there is none."""
    on = day(row, field)
    if on is None:
        raise empty(field)
    return on


def truth(row: Row, field: str, *, empty_says: bool = False) -> bool:
    """Return whether the field says yes."""
    plain = text(row, field)
    return one_of(TRUTH, plain) if plain else empty_says
