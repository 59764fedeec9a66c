"""What a reminder says to the customer, in German and English; a tenant may say it otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from connector.core.interest import Stretch
from connector.core.money import Money
from connector.core.reminder import Reminder
from connector.core.texts import amount_text, day_text, percent

PLACES = ("number", "level", "due", "open", "total", "on", "pay_by")
"""What the text of a level may name in braces."""

_NAMES = {
    "de": {"first": "Zahlungserinnerung", "later": "{}. Mahnung", "last": "Letzte Mahnung"},
    "en": {"first": "Payment reminder", "later": "Reminder {}", "last": "Final reminder"},
}

_TEXTS = {
    "de": {
        "first": "sicher haben Sie es nur übersehen: {number}, fällig am {due}, ist noch mit {open} offen. "
        "Bitte überweisen Sie {total} bis zum {pay_by}. Hat sich das mit Ihrer Zahlung überschnitten, "
        "betrachten Sie dieses Schreiben bitte als gegenstandslos.",
        "later": "{number}, fällig am {due}, ist trotz unserer Erinnerung noch mit {open} offen. "
        "Bitte überweisen Sie {total} bis zum {pay_by}.",
        "last": "{number}, fällig am {due}, ist trotz mehrerer Erinnerungen noch mit {open} offen. "
        "Wir fordern Sie letztmals auf, {total} bis zum {pay_by} zu überweisen. "
        "Danach behalten wir uns weitere Schritte vor.",
    },
    "en": {
        "first": "you have probably overlooked it: {number}, due on {due}, still has {open} open. "
        "Please pay {total} by {pay_by}. If your payment has crossed this letter, please disregard it.",
        "later": "{number}, due on {due}, still has {open} open in spite of our reminder. "
        "Please pay {total} by {pay_by}.",
        "last": "{number}, due on {due}, still has {open} open in spite of several reminders. "
        "We ask you for the last time to pay {total} by {pay_by}. "
        "After that we reserve the right to take further steps.",
    },
}

_PARTS = {
    "de": {
        "open": "Offen aus {number}",
        "fee": "Mahngebühr",
        "lump_sum": "Verzugspauschale (§ 288 Abs. 5 BGB)",
        "interest": "Verzugszinsen {first} bis {last}",
        "reckoned": "{open} × {percent} × {days} Tage ÷ 365 (Basiszinssatz {base} + {points})",
    },
    "en": {
        "open": "Open of {number}",
        "fee": "Reminder fee",
        "lump_sum": "Lump sum for default (§ 288 (5) BGB)",
        "interest": "Default interest {first} to {last}",
        "reckoned": "{open} × {percent} × {days} days ÷ 365 (base rate {base} + {points})",
    },
}


def usual_words(language: str, number: int, levels: int) -> tuple[str, str]:
    """Return name and text of the level where the tenant says nothing: first, later, and last of three and more."""
    kind = "first" if number == 1 else "last" if number == levels and levels > LEVELS_WITHOUT_LAST else "later"
    return _NAMES[language][kind].format(number - 1), _TEXTS[language][kind]


LEVELS_WITHOUT_LAST = 2
"""Nobody is asked for the last time who was reminded but once before."""


def reminder_text(template: str, reminder: Reminder) -> str:
    """Return what the reminder says, its places filled in."""
    language = reminder.language
    days = {name: day_text(getattr(reminder, name), language) for name in ("on", "pay_by")}
    amounts = {name: amount_text(getattr(reminder, name), language) for name in ("open", "total")}
    due = day_text(reminder.due_date, language)
    return template.format(number=reminder.number, level=reminder.level, due=due, **days, **amounts)


@dataclass(frozen=True, slots=True)
class Part:
    """One amount a reminder asks for: what it is, how it was reckoned ('' where there is nothing to reckon)."""

    label: str
    amount: Money
    reckoned: str = ""


def parts_of(reminder: Reminder, language: str) -> Iterator[Part]:
    """Yield what the reminder asks for, part by part; together they are its total."""
    words = _PARTS[language]
    yield Part(words["open"].format(number=reminder.number), reminder.open)
    for name in ("fee", "lump_sum"):
        amount: Money = getattr(reminder, name)
        if amount:
            yield Part(words[name], amount)
    for stretch in reminder.interest:
        yield _interest_part(stretch, language)


def _interest_part(stretch: Stretch, language: str) -> Part:
    words, period = _PARTS[language], stretch.period
    label = words["interest"].format(first=day_text(period.start, language), last=day_text(period.last_day, language))
    rates = {name: percent(Fraction(getattr(stretch, name)) / 100, language) for name in ("percent", "base", "points")}
    still_open = amount_text(stretch.open, language)
    return Part(label, stretch.interest, words["reckoned"].format(open=still_open, days=period.days, **rates))
