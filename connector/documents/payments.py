"""What was told of a document's payment, in sentences (domain 10.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from connector.core.payment import Dunning, PaymentReading, PaymentState, PaymentStatus
from connector.core.receivables import OpenItem
from connector.documents import numbers

_STATES = {
    "de": {
        PaymentState.OPEN: "offen",
        PaymentState.PART_PAID: "teilbezahlt",
        PaymentState.PAID: "bezahlt",
        PaymentState.OVERPAID: "überzahlt",
        PaymentState.CANCELLED: "storniert",
        PaymentState.WRITTEN_OFF: "ausgebucht",
    },
    "en": {
        PaymentState.OPEN: "open",
        PaymentState.PART_PAID: "part paid",
        PaymentState.PAID: "paid",
        PaymentState.OVERPAID: "overpaid",
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
        "news": "{number} vom {day} über {gross}: {what}",
        "due": "fällig am {day}",
        "corrects": "nimmt {number} zurück",
    },
    "en": {
        "reading": "Payment by {by}, {at}: {what}",
        "on": "on {day}",
        "left": "{open} open",
        "level": "dunning level {level}",
        "named": "dunning level {level} ({name})",
        "news": "{number} of {day} over {gross}: {what}",
        "due": "due on {day}",
        "corrects": "takes {number} back",
    },
}


def explain_reading(reading: PaymentReading, at: datetime, language: str) -> str:
    """Return who said when how much is paid; the moment is shown in its own time zone."""
    words, status = _WORDS[language], reading.status
    told_at = f"{numbers.day(at.date(), language)} {at:%H:%M}"
    return words["reading"].format(by=reading.sink or reading.who, at=told_at, what=", ".join(_parts(status, language)))


def news_text(item: OpenItem, language: str) -> str:
    """Return what became of the document, in a line that begins with its number."""
    words = _WORDS[language]
    if item.cancelled:
        what = state_text(PaymentState.CANCELLED, language)
    elif item.corrects:
        what = words["corrects"].format(number=item.corrects)
    else:
        due = (
            [words["due"].format(day=numbers.day(item.due_date, language))]
            if item.open and item.state is not PaymentState.OVERPAID
            else []
        )
        what = ", ".join([*_parts(item, language), *due])
    named = {"number": item.number, "day": numbers.day(item.issue_date, language)}
    return words["news"].format(**named, gross=numbers.money(item.gross, language), what=what)


def _parts(told: PaymentStatus | OpenItem, language: str) -> Iterator[str]:
    words = _WORDS[language]
    paid_on = words["on"].format(day=numbers.day(told.paid_on, language)) if told.paid_on else ""
    if told.state is not PaymentState.OPEN:
        yield f"{state_text(told.state, language)} {paid_on}".rstrip()
    if told.open:
        yield words["left"].format(open=numbers.money(told.open, language))
    if told.dunning and (dunned := dunning_text(told.dunning, language)):
        yield dunned


def state_text(state: PaymentState, language: str) -> str:
    """Return 'bezahlt' or 'paid', and so on."""
    return _STATES[language][state]


def dunning_text(dunning: Dunning, language: str) -> str:
    """Return the level with its name, '' where nothing was dunned."""
    if not dunning.level:
        return ""
    return _WORDS[language]["named" if dunning.name else "level"].format(level=dunning.level, name=dunning.name)
