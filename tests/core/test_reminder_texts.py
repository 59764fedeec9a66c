from __future__ import annotations

from dataclasses import replace
from datetime import date
from string import Formatter

import pytest

from connector.core.dunning import Reminded
from connector.core.interest import Balance
from connector.core.money import Money
from connector.core.reminder import Reminder, Reminding, make_reminder
from connector.core.reminder_texts import PLACES, parts_of, reminder_text, usual_words
from connector.core.texts import LANGUAGES
from tests.core.builders import eur, party
from tests.core.procedures import item, level, procedure


@pytest.fixture
def reminder() -> Reminder:
    """Return a reminder with interest and lump sum of the end of March."""
    asked = procedure(level(1, fee=eur("45.50"), interest=True, lump_sum=True))
    case = Reminding(item(), party(), (Balance(date(2026, 1, 31), item().gross),), Reminded())
    made = make_reminder(case, asked.levels[0], asked, date(2026, 3, 31))
    assert isinstance(made, Reminder)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("levels", [1, 2, 3, 4])
def test_the_usual_words_fit_their_level(language: str, levels: int) -> None:
    """A name of its own each, short enough for a title; each text asks for an amount by a day."""
    found = [usual_words(language, number, levels) for number in range(1, levels + 1)]
    assert len({name for name, _ in found}) == levels
    for name, text in found:
        assert len(name) <= 25
        assert {place for _, place, _, _ in Formatter().parse(text) if place} >= {"number", "total", "pay_by"}


def test_only_the_last_of_several_is_the_last() -> None:
    """Two levels do not threaten yet."""
    assert [usual_words("de", number, 3)[0] for number in (1, 2, 3)] == [
        "Zahlungserinnerung",
        "1. Mahnung",
        "Letzte Mahnung",
    ]
    assert [usual_words("en", number, 2)[0] for number in (1, 2)] == ["Payment reminder", "Reminder 1"]


def test_every_place_is_filled_in(reminder: Reminder) -> None:
    """In the customer's language."""
    template = " ".join(f"{{{place}}}" for place in PLACES)
    assert reminder_text(template, reminder) == ("RE0001 1 14.02.2026 9.916,66 EUR 10.087,72 EUR 31.03.2026 07.04.2026")
    assert reminder_text("{open} {on}", replace(reminder, language="en")) == "9,916.66 EUR 2026-03-31"


def test_the_parts_come_to_the_total(reminder: Reminder) -> None:
    """Each with its reason."""
    parts = list(parts_of(reminder, "de"))
    assert [(each.label, each.amount) for each in parts] == [
        ("Offen aus RE0001", eur("9916.66")),
        ("Mahngebühr", eur("5.50")),
        ("Verzugspauschale (§ 288 Abs. 5 BGB)", eur(40)),
        ("Verzugszinsen 15.02.2026 bis 31.03.2026", eur("125.56")),
    ]
    assert parts[3].reckoned == "9.916,66 EUR × 10,27 % × 45 Tage ÷ 365 (Basiszinssatz 1,27 % + 9 %)"
    assert (
        list(parts_of(reminder, "en"))[3].reckoned == "9,916.66 EUR × 10.27 % × 45 days ÷ 365 (base rate 1.27 % + 9 %)"
    )
    assert Money.total((each.amount for each in parts), "EUR") == reminder.total


def test_what_is_not_asked_for_is_no_part(reminder: Reminder) -> None:
    """A plain reminder has one."""
    plain = replace(reminder, fee=eur(0), lump_sum=eur(0), interest=())
    assert [each.amount for each in parts_of(plain, "en")] == [eur("9916.66")]
