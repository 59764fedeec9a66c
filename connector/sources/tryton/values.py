"""What Tryton's JSON says of days, instants, durations and amounts (trytond/protocols/jsonrpc.py)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from connector.core.money import rounded_units

Told = Any
"""A value as it stands in the JSON."""


def day_of(told: Told) -> date:
    """Return the day; ValueError for anything else."""
    parts = _parts(told, "date")
    try:
        return date(parts["year"], parts["month"], parts["day"])
    except (KeyError, TypeError, OverflowError) as error:
        message = f"not a day: {error}"
        raise ValueError(message) from None


def instant_of(told: Told) -> datetime:
    """Return the instant, which Tryton writes in UTC without saying so; ValueError for anything else."""
    parts = _parts(told, "datetime")
    names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    try:
        return datetime(*(parts[name] for name in names), tzinfo=UTC)  # type: ignore[misc]  # all are given by name
    except (KeyError, TypeError, OverflowError) as error:
        message = f"not an instant: {error}"
        raise ValueError(message) from None


def seconds_of(told: Told) -> int:
    """Return the duration in whole seconds, half up (domain 1.4); ValueError for anything else, or below zero."""
    seconds: int | Decimal = _parts(told, "timedelta").get("seconds", -1)
    if type(seconds) not in (int, Decimal) or seconds < 0:
        message = f"not a duration from 0 seconds: {seconds!r}"
        raise ValueError(message)
    return rounded_units(seconds, 0)


def amount_of(told: Told) -> Decimal:
    """Return the amount, which Tryton writes as a text within an object; ValueError for anything else."""
    try:
        amount = Decimal(_parts(told, "Decimal")["decimal"])
    except (KeyError, TypeError, InvalidOperation):
        amount = Decimal("NaN")
    if not amount.is_finite():
        message = "not an amount"
        raise ValueError(message)
    return amount


def _parts(told: Told, kind: str) -> Mapping[str, Any]:
    if not isinstance(told, dict) or told.get("__class__") != kind:
        message = f"not a {kind} of Tryton's"
        raise ValueError(message)
    return told


def referred(told: str, model: str) -> int | None:
    """Return the number in a reference to a record of the model, such as 'sale.line,2'; None for any other text."""
    named, _, number = told.partition(",")
    return int(number) if named == model and number.isdecimal() else None


def as_day(day: date) -> Mapping[str, str | int]:
    """Return the day as Tryton's JSON has it."""
    return {"__class__": "date", "year": day.year, "month": day.month, "day": day.day}
