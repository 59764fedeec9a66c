"""Who is due to be reminded, and what was written, as people see it (domain 10.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connector.core.ports import Receipt
from connector.core.reminder import Reminder
from connector.documents import numbers
from connector.documents.reminders import part_lines

WORDS = {
    "de": {
        "due": "{number} · {customer} · fällig am {due}: {name} (Mahnstufe {level}), zahlbar bis {pay_by}: {total}",
        "nobody": "Niemand ist zu mahnen.",
        "nothing written": "Keine Mahnung geschrieben.",
        "only shown": "Nur angezeigt. Schreiben: honorar remind --send",
        "written": "Geschrieben: {number}, {name}: {where}",
        "recorded": "{number}: {name} (Mahnstufe {level}) gilt als gegeben.",
        "taken back": "{number}: {name} (Mahnstufe {level}) gilt nicht mehr als gegeben und wird wieder fällig.",
    },
    "en": {
        "due": "{number} · {customer} · due on {due}: {name} (dunning level {level}), to pay by {pay_by}: {total}",
        "nobody": "Nobody is to be reminded.",
        "nothing written": "No reminder written.",
        "only shown": "Only shown. To write them: honorar remind --send",
        "written": "Written: {number}, {name}: {where}",
        "recorded": "{number}: {name} (dunning level {level}) counts as given.",
        "taken back": "{number}: {name} (dunning level {level}) counts as not given, and becomes due again.",
    },
}


def due_lines(reminders: Iterable[Reminder], language: str) -> Iterator[str]:
    """Yield for each reminder whom it is for, then its amounts with their reasons; at the end that nothing was done."""
    words, found = WORDS[language], False
    for each in reminders:
        found = True
        days = {"due": numbers.day(each.due_date, language), "pay_by": numbers.day(each.pay_by, language)}
        yield words["due"].format(**_named(each), **days, total=numbers.money(each.total, language))
        yield from part_lines(each, language)
    yield words["only shown" if found else "nobody"]


def sent_lines(sent: Iterable[tuple[Reminder, Receipt]], language: str) -> Iterator[str]:
    """Yield where each reminder stands that was written; one line where there is none."""
    words, found = WORDS[language], False
    for reminder, receipt in sent:
        found = True
        yield words["written"].format(**_named(reminder), where=receipt.link or receipt.reference)
    if not found:
        yield words["nothing written"]


def decided_line(deed: str, reminder: Reminder, language: str) -> str:
    """Return what a person decided: the reminder is 'recorded' or 'taken back'."""
    return WORDS[language][deed].format(**_named(reminder))


def _named(reminder: Reminder) -> dict[str, object]:
    return {name: getattr(reminder, name) for name in ("number", "customer", "name", "level")}
