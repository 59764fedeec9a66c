"""What a line says to the customer, in German and English."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from connector.core.money import rounded

_TEXTS = {
    "de": {
        "progress": "{label} – Leistungsstand {after} (bisher {before})",
        "covers": "Umfasst: {positions}",
    },
    "en": {
        "progress": "{label} – progress {after} (so far {before})",
        "covers": "Covers: {positions}",
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
