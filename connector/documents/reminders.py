"""What was done to remind of a document, in sentences (domain 10.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connector.core.delivery import Outcome
from connector.core.reminder import Reminder
from connector.core.reminder_texts import parts_of
from connector.core.reminding import Given
from connector.documents import numbers

_WORDS = {
    "de": {
        "given": "{name} (Mahnstufe {level}) vom {on}, zahlbar bis {pay_by}, {by}: {outcome}{words}",
        "person": "von Hand durch {who}",
        "sink": "in {sink}",
        "total": "  zusammen {total}",
        Outcome.ACCEPTED: "geschrieben",
        Outcome.REJECTED: "abgelehnt",
        Outcome.NOT_SENT: "nicht geschrieben",
        Outcome.UNKNOWN: "ungeklärt",
        None: "läuft oder wurde unterbrochen",
    },
    "en": {
        "given": "{name} (dunning level {level}) of {on}, to pay by {pay_by}, {by}: {outcome}{words}",
        "person": "by hand, by {who}",
        "sink": "in {sink}",
        "total": "  together {total}",
        Outcome.ACCEPTED: "written",
        Outcome.REJECTED: "rejected",
        Outcome.NOT_SENT: "not written",
        Outcome.UNKNOWN: "unknown",
        None: "under way, or interrupted",
    },
}


def explain_reminders(given: Iterable[Given], language: str) -> Iterator[str]:
    """Yield for each attempt how it went, and what it asks for, part by part."""
    words = _WORDS[language]
    for each in given:
        reminder, attempt = each.reminder, each.attempt
        by = words["sink"].format(sink=attempt.sink) if attempt.sink else words["person"].format(who=each.who)
        where = each.receipt.link if each.receipt else ""
        said = "".join(f" – {text}" for text in (attempt.words, where) if text)
        days = {name: numbers.day(getattr(reminder, name), language) for name in ("on", "pay_by")}
        named = {"name": reminder.name, "level": reminder.level, "by": by, "words": said}
        yield words["given"].format(**named, **days, outcome=words[attempt.outcome])
        yield from part_lines(reminder, language)


def part_lines(reminder: Reminder, language: str) -> Iterator[str]:
    """Yield a line for each amount with its reason, and their sum where there are several."""
    parts = list(parts_of(reminder, language))
    for part in parts:
        reckoned = f" = {part.reckoned}" if part.reckoned else ""
        yield f"  {part.label}: {numbers.money(part.amount, language)}{reckoned}"
    if len(parts) > 1:
        yield _WORDS[language]["total"].format(total=numbers.money(reminder.total, language))
