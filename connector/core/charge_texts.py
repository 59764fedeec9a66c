"""What a charge's line says to the customer, in German and English."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from connector.core.catalogue import clock
from connector.core.charge import ChargeKind
from connector.core.charge_due import DueCharge
from connector.core.money import rounded
from connector.core.reason import Step
from connector.core.texts import percent

_TEXTS = {
    "de": {
        "overage": "{label} – Mehraufwand",
        "correction": "Korrektur {period}: {text}",
        "hours": "{text} ({seconds} Std.)",
        "percent_of": "{text} ({percent} von {base})",
    },
    "en": {
        "overage": "{label} – overage",
        "correction": "Correction {period}: {text}",
        "hours": "{text} ({seconds} h)",
        "percent_of": "{text} ({percent} of {base})",
    },
}


def due_text(due: DueCharge, language: str) -> str:
    """Return the line's text: the label, what the printed numbers leave out, and whether it corrects a period."""
    texts = _TEXTS[language]
    charge = due.charge
    text = texts["overage"].format(label=charge.label) if charge.kind is ChargeKind.OVERAGE else charge.label
    if due.printed.remark is not None:
        text = _remarked(text, due.printed.remark, language)
    return texts["correction"].format(period=period_text(charge.period_name), text=text) if due.correction else text


def _remarked(text: str, remark: Step, language: str) -> str:
    shown = {name: _SHOWN[name](value, language) for name, value in remark.values}
    return _TEXTS[language][remark.rule].format(text=text, **shown)


def period_text(name: str) -> str:
    """Return a calendar month ('2026-03') as '03/2026', any other period by its name."""
    year, _, month = name.partition("-")
    return f"{month}/{year}" if month.isdecimal() else name


def _number(text: str, language: str) -> str:
    """Return '12.345,67' in German and '12,345.67' in English."""
    english = f"{rounded(Decimal(text), 2):,}"
    return english.translate(_GERMAN_MARKS) if language == "de" else english


_GERMAN_MARKS = str.maketrans(",.", ".,")

_SHOWN: dict[str, Callable[[str, str], str]] = {
    "seconds": lambda text, _: clock(int(text)),
    "percent": lambda text, language: percent(Fraction(text), language),
    "base": _number,
}
"""How a value of a remark is shown, by its name."""
