"""Numbers, dates and units as people write them, in German and English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from connector.core.money import Money
from connector.core.quantity import SECONDS_PER_HOUR, Unit
from connector.core.texts import percent

_LOCALES = {"de": "de_DE", "en": "en_GB"}
_DAY_PATTERNS = {"de": "dd.MM.yyyy", "en": "d MMM yyyy"}
_UNITS = {
    "de": {Unit.HOUR: "Std.", Unit.DAY: "Tage", Unit.MONTH: "Monate", Unit.PIECE: "Stück", Unit.FLAT: "pauschal"},
    "en": {Unit.HOUR: "hours", Unit.DAY: "days", Unit.MONTH: "months", Unit.PIECE: "pieces", Unit.FLAT: "flat"},
}


def number(value: Decimal, language: str) -> str:
    """Return '1.234,5' in German and '1,234.5' in English, with every decimal the value has."""
    from babel.numbers import format_decimal  # noqa: PLC0415 (a run that bills nothing prints no number)

    exponent = value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=_LOCALES[language]))


def money(amount: Money, language: str) -> str:
    """Return '8.333,33 EUR' in German and '8,333.33 EUR' in English."""
    return f"{number(amount.amount, language)} {amount.currency}"


def day(value: date, language: str) -> str:
    """Return '31.01.2026' in German and '31 Jan 2026' in English."""
    from babel.dates import format_date  # noqa: PLC0415 (as above)

    return str(format_date(value, format=_DAY_PATTERNS[language], locale=_LOCALES[language]))


def unit(value: Unit, language: str) -> str:
    """Return the unit's name."""
    return _UNITS[language][value]


def hours(seconds: int) -> str:
    """Return whole seconds as '12:30 h'."""
    full, rest = divmod(seconds, SECONDS_PER_HOUR)
    return f"{full}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "") + " h"


def share(value: Fraction, language: str) -> str:
    """Return an exact share with its percentage where that helps: '1/3 (33,33 %)'."""
    rounded = percent(value, language)
    return rounded if (value * 10000).denominator == 1 else f"{value} ({rounded})"
