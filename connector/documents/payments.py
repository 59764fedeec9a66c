"""What was told of a document's payment, in sentences (domain 10.1)."""

from __future__ import annotations

from datetime import datetime

from connector.core.payment import Dunning, PaymentReading, PaymentState
from connector.documents import numbers

_STATES = {
    "de": {
        PaymentState.OPEN: "offen",
        PaymentState.PART_PAID: "teilbezahlt",
        PaymentState.PAID: "bezahlt",
        PaymentState.CANCELLED: "storniert",
        PaymentState.WRITTEN_OFF: "ausgebucht",
    },
    "en": {
        PaymentState.OPEN: "open",
        PaymentState.PART_PAID: "part paid",
        PaymentState.PAID: "paid",
        PaymentState.CANCELLED: "cancelled",
        PaymentState.WRITTEN_OFF: "written off",
    },
}

_WORDS = {
    "de": {
        "reading": "Zahlungsstand laut {by}, {at}: {what}",
        "on": "am {day}",
        "left": "{open} offen",
        "level": "Mahnstufe {level}",
        "named": "Mahnstufe {level} ({name})",
    },
    "en": {
        "reading": "Payment by {by}, {at}: {what}",
        "on": "on {day}",
        "left": "{open} open",
        "level": "dunning level {level}",
        "named": "dunning level {level} ({name})",
    },
}


def explain_reading(reading: PaymentReading, at: datetime, language: str) -> str:
    """Return who said when how much is paid; the moment is shown in its own time zone."""
    words, status = _WORDS[language], reading.status
    parts = [state_text(status.state, language)]
    if status.paid_on:
        parts[0] += " " + words["on"].format(day=numbers.day(status.paid_on, language))
    if status.open:
        parts.append(words["left"].format(open=numbers.money(status.open, language)))
    if status.dunning:
        parts.append(dunning_text(status.dunning, language))
    told_at = f"{numbers.day(at.date(), language)} {at:%H:%M}"
    return words["reading"].format(by=reading.sink or reading.who, at=told_at, what=", ".join(filter(None, parts)))


def state_text(state: PaymentState, language: str) -> str:
    """Return 'bezahlt' or 'paid', and so on."""
    return _STATES[language][state]


def dunning_text(dunning: Dunning, language: str) -> str:
    """Return the level with its name, '' where nothing was dunned."""
    if not dunning.level:
        return ""
    return _WORDS[language]["named" if dunning.name else "level"].format(level=dunning.level, name=dunning.name)
