"""What a line says to the customer, in German and English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

from connector.core.money import Money, rounded

_TEXTS = {
    "de": {
        "progress": "{label} – Leistungsstand {after} (bisher {before})",
        "covers": "Umfasst: {positions}",
        "cancels": "Storno der Rechnung {number} vom {day}",
        "deducts": "abzüglich Abschlagsrechnung {number} vom {day}",
        "prepaid": "Abschlagsrechnung {number} vom {day}: {net} netto, {tax} USt, {gross} brutto",
    },
    "en": {
        "progress": "{label} – progress {after} (so far {before})",
        "covers": "Covers: {positions}",
        "cancels": "Cancels invoice {number} of {day}",
        "deducts": "less partial invoice {number} of {day}",
        "prepaid": "Partial invoice {number} of {day}: {net} net, {tax} VAT, {gross} gross",
    },
}

LANGUAGES = tuple(_TEXTS)


@lru_cache(1024)
def percent(share: Fraction, language: str) -> str:
    """Return the share as people read it: '33,33 %' in German, '33.33 %' in English, without needless zeros."""
    number = rounded(share, 2, 100)
    plain = f"{number:f}".rstrip("0").rstrip(".")
    return f"{plain.replace('.', ',') if language == 'de' else plain} %"


def progress_text(language: str, label: str, before: Fraction, after: Fraction) -> str:
    """Return the label with the shares before and after."""
    template = _TEXTS[language]["progress"]
    return template.format(label=label, before=percent(before, language), after=percent(after, language))


def covers_text(language: str, positions: str) -> str:
    """Return the note that lists what an instalment covers, without amounts (domain 3.12)."""
    return _TEXTS[language]["covers"].format(positions=positions)


def cancels_text(language: str, number: str, on: date) -> str:
    """Return the note of a correction that takes a document back."""
    return _TEXTS[language]["cancels"].format(number=number, day=_day(on, language))


def deducts_text(language: str, number: str, on: date) -> str:
    """Return the line of a final invoice that deducts an earlier document (domain 7.3)."""
    return _TEXTS[language]["deducts"].format(number=number, day=_day(on, language))


def prepaid_text(language: str, number: str, on: date, amounts: Sequence[Money]) -> str:
    """Return the note of a final invoice that names an earlier document; `amounts` are its net, tax and gross."""
    net, tax, gross = (_amount(amount, language) for amount in amounts)
    return _TEXTS[language]["prepaid"].format(number=number, day=_day(on, language), net=net, tax=tax, gross=gross)


def _day(on: date, language: str) -> str:
    return f"{on:%d.%m.%Y}" if language == "de" else on.isoformat()


def _amount(amount: Money, language: str) -> str:
    english = f"{amount.amount:,}"
    return f"{english.translate(_GERMAN_MARKS) if language == 'de' else english} {amount.currency}"


_GERMAN_MARKS = str.maketrans(",.", ".,")
