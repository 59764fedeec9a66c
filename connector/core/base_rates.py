"""The base rate of § 247 BGB: percent a year by half-year, and never beyond the half-years that are known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

_JANUARY, _JULY = 1, 7

_UNCHANGED = [date(2016, 7, 1), *(date(year, month, 1) for year in range(2017, 2023) for month in (_JANUARY, _JULY))]

BASE_RATES: Mapping[date, Decimal] = {
    **dict.fromkeys(_UNCHANGED, Decimal("-0.88")),
    date(2023, 1, 1): Decimal("1.62"),
    date(2023, 7, 1): Decimal("3.12"),
    date(2024, 1, 1): Decimal("3.62"),
    date(2024, 7, 1): Decimal("3.37"),
    date(2025, 1, 1): Decimal("2.27"),
    date(2025, 7, 1): Decimal("1.27"),
    date(2026, 1, 1): Decimal("1.27"),
    date(2026, 7, 1): Decimal("1.52"),
}
"""By the first day of the half-year. Source: Deutsche Bundesbank, series BBIN1 M.DE.BBK.BBKBAS2.EUR.ME (Basiszinssatz
nach § 247 BGB), which it announces shortly before each half-year; the last one is known from secondary sources."""


def half_year_of(day: date) -> date:
    """Return the first day of the half-year, on which the base rate may change (§ 247 Abs. 1 BGB)."""
    return date(day.year, _JULY if day.month >= _JULY else _JANUARY, 1)


def half_year_after(day: date) -> date:
    """Return the first day of the half-year that follows."""
    begun = half_year_of(day)
    return date(day.year, _JULY, 1) if begun.month == _JANUARY else date(day.year + 1, _JANUARY, 1)
