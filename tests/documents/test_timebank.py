"""What a time bank statement says in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.core.allowance import LapseCause
from connector.core.bank_entries import TimeBank
from connector.core.catalogue import ItemUnit, OverageRule, Rollover
from connector.core.term_end import Term
from connector.core.texts import LANGUAGES
from connector.documents.timebank import MOVEMENTS, WORDS, movements, quantity_text, remarks
from tests.core.retainer_builders import hours, item, overage, retainer, version
from tests.support.time_banks import bank_of, booked, mixed_bank, worked_bank


def told(bank: TimeBank, language: str = "en") -> list[str]:
    """Return all remarks, each with its period."""
    return [
        f"{each.bank.period.name} {text}"
        for each in bank.statements
        for text in remarks(each, bank.terms.currency, language)
    ]


def test_both_languages_say_the_same() -> None:
    """Every word, every column and every cause of a lapse."""
    assert WORDS["de"].keys() == WORDS["en"].keys()
    assert {*MOVEMENTS, *LapseCause} <= WORDS["en"].keys()
    assert tuple(WORDS) == LANGUAGES


def test_rule_4_10_the_columns_balance() -> None:
    """Opening + granted = used + lapsed + closing − overage; what was carried in is a part of the opening."""
    for each in worked_bank().statements:
        moved = movements(each.bank.movement)
        assert tuple(moved) == MOVEMENTS
        assert moved["opening"] + moved["granted"] == (
            moved["used"] + moved["lapsed"] + moved["closing"] - moved["overage"]
        )
        assert moved["carried_in"] == moved["opening"]


@pytest.mark.parametrize(
    ("grains", "unit", "german", "english"),
    [
        (26_400, ItemUnit.HOURS, "7:20 h", "7:20 h"),
        (12_500, ItemUnit.UNITS, "12,5", "12.5"),
        (123_456, ItemUnit.AMOUNT, "1.234,56 EUR", "1,234.56 EUR"),
    ],
)
def test_quantities_are_written_as_people_do(grains: int, unit: ItemUnit, german: str, english: str) -> None:
    """Hours by the clock, units and amounts with the marks of the language."""
    assert quantity_text(grains, unit, "EUR", "de") == german
    assert quantity_text(grains, unit, "EUR", "en") == english


def test_rule_4_6_overage_and_lapses_are_told() -> None:
    """Seven hours beyond March; five of April over the cap, which carries ten."""
    assert told(worked_bank()) == [
        "2026-03 Overage 7:00 h: billed at once",
        "2026-04 5:00 h of 2026-04 lapsed: above the cap",
    ]
    assert told(worked_bank(), "de") == [
        "2026-03 Mehraufwand 7:00 h: wird sofort berechnet",
        "2026-04 5:00 h aus 2026-04 verfallen: über der Obergrenze",
    ]


def test_hours_become_money_before_the_readers_eyes() -> None:
    """9:39 rounded up to ten hours of design, two of text, and nothing of it is carried over."""
    closed = replace(mixed_bank(), as_of=date(2026, 1, 31))
    assert told(closed) == [
        "2026-01 Overage 1.5: billed at once",
        "2026-01 Rounding of the sums: 0:21 h",
        "2026-01 Used by Design: 10:00 h × 120.00 = 1,200.00 EUR",
        "2026-01 Used by Text: 2:00 h × 90.50 = 181.00 EUR",
    ]


def test_what_is_drawn_from_the_next_allowance_is_told() -> None:
    """Four of the seven hours beyond January; three are billed."""
    rule = overage(OverageRule.DEDUCT_NEXT, max_deduct=hours(4))
    bank = bank_of(retainer(version("2400", item(beyond=rule))), date(2026, 2, 1), booked("T1", "27"))
    assert told(bank) == [
        "2026-01 4:00 h are drawn from the next allowance",
        "2026-01 Overage 3:00 h: billed as far as the next allowance falls short",
    ]


@pytest.mark.parametrize(
    ("rollover", "last_day", "expected"),
    [
        (None, None, ["2026-01 20:00 h of 2026-01 lapsed: nothing is carried over"]),
        (Rollover(None, 1), None, []),
        (Rollover(), date(2026, 1, 31), ["2026-01 20:00 h of 2026-01 lapsed: the agreement ended"]),
    ],
)
def test_every_cause_of_a_lapse_is_told(rollover: Rollover | None, last_day: date | None, expected: list[str]) -> None:
    """No carry-over, or the end of it all."""
    terms = replace(retainer(version("1", item(rollover=rollover))), term=Term(last_day=last_day))
    assert told(bank_of(terms, date(2026, 2, 1))) == expected


def test_an_expired_lot_is_told_with_the_period_it_is_of() -> None:
    """January's hours may be used in February, and no longer."""
    bank = bank_of(retainer(version("1", item(rollover=Rollover(None, 1)))), date(2026, 3, 1))
    assert told(bank) == ["2026-02 20:00 h of 2026-01 lapsed: expired"]
