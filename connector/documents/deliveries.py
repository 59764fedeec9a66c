"""How a document was handed over, in sentences (domain 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from connector.core.delivery import Attempt, Outcome
from connector.core.ports import Receipt
from connector.documents import numbers

_SENTENCES = {
    "de": {
        "attempt": "Übergabe an {sink}, {at}: {outcome}{words}",
        "receipt": "In {sink} seit {at}: {name}",
        Outcome.ACCEPTED: "angenommen",
        Outcome.REJECTED: "abgelehnt",
        Outcome.NOT_SENT: "nicht gesendet",
        Outcome.UNKNOWN: "ungeklärt",
        None: "läuft oder wurde unterbrochen",
    },
    "en": {
        "attempt": "Delivery to {sink}, {at}: {outcome}{words}",
        "receipt": "In {sink} since {at}: {name}",
        Outcome.ACCEPTED: "accepted",
        Outcome.REJECTED: "rejected",
        Outcome.NOT_SENT: "not sent",
        Outcome.UNKNOWN: "unknown",
        None: "under way, or interrupted",
    },
}


def explain_attempts(attempts: Sequence[Attempt], zone: tzinfo, language: str) -> Iterator[str]:
    """Yield a sentence per attempt, oldest first, in the time of the zone."""
    sentences = _SENTENCES[language]
    for each in attempts:
        at = _moment(each.begun_at.astimezone(zone), language)
        words = f" – {each.words}" if each.words else ""
        yield sentences["attempt"].format(sink=each.sink, at=at, outcome=sentences[each.outcome], words=words)


def explain_receipt(sink: str, receipt: Receipt, at: datetime, language: str) -> str:
    """Return where the document is to be found: number and address, else the sink's own id."""
    name = " · ".join(filter(None, (receipt.number, receipt.link))) or receipt.reference
    return _SENTENCES[language]["receipt"].format(sink=sink, at=_moment(at, language), name=name)


def _moment(at: datetime, language: str) -> str:
    return f"{numbers.day(at.date(), language)} {at:%H:%M}"
