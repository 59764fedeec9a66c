"""Quantities with their unit, and durations in whole seconds (domain 1.4 to 1.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from connector.core.money import Exact, exact, rounded_units

SECONDS_PER_HOUR = 3600

QUANTITY_DECIMALS = 4
"""More cannot be printed on an invoice line (domain 3.6)."""


class Unit(StrEnum):
    """The unit a position is counted in; `code` is its UN/ECE Recommendation 20 code (EN 16931, BT-130)."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    PIECE = "piece"
    FLAT = "flat"

    @property
    def code(self) -> str:
        """Return the UN/ECE code, as in an electronic invoice."""
        return _UNECE_CODES[self]


_UNECE_CODES = {Unit.HOUR: "HUR", Unit.DAY: "DAY", Unit.MONTH: "MON", Unit.PIECE: "C62", Unit.FLAT: "LS"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many of a unit; exact."""

    value: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse a float."""
        exact(self.value)


def plain(value: Decimal) -> Decimal:
    """Return 10 for 10.0 and 2.5 for 2.50, as a person would write it."""
    return Decimal(int(value)) if value == int(value) else value.normalize()


_ISO = re.compile(r"(?P<sign>-?)P(?=.)(?:(?P<days>\d+)D)?(?:T(?=\d)(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+)S)?)?")
_HOURS = re.compile(r"[-+]?\d*[.,]?\d+")
_CLOCK = re.compile(r"(?P<h>\d{1,4}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?")


def seconds_of_hours(hours: Exact) -> int:
    """Return decimal hours as whole seconds, half up: 1.5 h is 5400; 0.33 h is 1188.

    Raises TypeError for a float (read JSON with `parse_float=Decimal`).
    """
    return rounded_units(hours, 0, SECONDS_PER_HOUR)


def seconds_of_text(text: str, *, decimal_comma: bool = False) -> int:
    """Return whole seconds for '1,5' or '1.5' (hours), '1:30' or '01:30:00', and 'PT1H30M'.

    Raises ValueError for an empty or any other text: a duration is never guessed (domain 1.4).
    """
    text = text.strip()
    if match := _CLOCK.fullmatch(text):
        return _seconds(None, match["h"], match["m"], match["s"])
    if match := _ISO.fullmatch(text):
        seconds = _seconds(match["days"], match["h"], match["m"], match["s"])
        return -seconds if match["sign"] else seconds
    return seconds_of_hours(_decimal_hours(text, decimal_comma=decimal_comma))


def _seconds(days: str | None, hours: str | None, minutes: str | None, seconds: str | None) -> int:
    return ((int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)


def _decimal_hours(text: str, *, decimal_comma: bool) -> Decimal:
    mark, other = (",", ".") if decimal_comma else (".", ",")
    if other in text or not _HOURS.fullmatch(text):
        message = f"not a duration: {text!r}; write 1{mark}5 or 1:30 or PT1H30M"
        raise ValueError(message)
    return Decimal(text.replace(mark, "."))
