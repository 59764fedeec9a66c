"""What a line says to the customer, in German and English."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from connector.core.money import rounded

_TEXTS = {
    "de": {
        "progress": "{} – Leistungsstand {} (bisher {})",
        "covers": "Umfasst: {positions}",
    },
    "en": {
        "progress": "{} – progress {} (so far {})",
        "covers": "Covers: {positions}",
    },
}

LANGUAGES = tuple(_TEXTS)


def percent(share: Fraction, language: str) -> str:
    """Return the share as people read it: '33,33 %' in German, '33.33 %' in English, without needless zeros."""
    return _percent(share.numerator, share.denominator, language)


@lru_cache(1024)
def _percent(numerator: int, denominator: int, language: str) -> str:
    """Return the text of numerator ÷ denominator; known by two integers, which are looked up faster than a Fraction."""
    number = rounded(Fraction(numerator, denominator), 2, 100)
    plain = f"{number:f}".rstrip("0").rstrip(".")
    return f"{plain.replace('.', ',') if language == 'de' else plain} %"


def progress_text(language: str, label: str, before: Fraction, after: Fraction) -> str:
    """Return the label with the shares before and after."""
    return _TEXTS[language]["progress"].format(label, percent(after, language), percent(before, language))


def covers_text(language: str, positions: str) -> str:
    """Return the note that lists what an instalment covers, without amounts (domain 3.12)."""
    return _TEXTS[language]["covers"].format(positions=positions)
