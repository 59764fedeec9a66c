"""The rows of a time bank statement as people see them (domain 4.10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.core.bank_entries import BankEntry, PeriodStatement
from connector.core.catalogue import Item, ItemUnit, clock
from connector.documents import numbers
from connector.documents.timebank import MOVEMENTS, WORDS, movements, quantity_text, remarks

__all__ = ["ENTRY_AMOUNTS", "MOVEMENTS", "WORDS", "entry_headings", "entry_rows", "movement_rows", "remark_lines"]

ENTRY_AMOUNTS = ("booked", "counted")

Row = Sequence[str]


def movement_rows(statements: Sequence[PeriodStatement], currency: str, language: str) -> Iterator[Row]:
    """Yield a row per period: its name and state, and the figures of MOVEMENTS."""
    for each in statements:
        bank = each.bank
        state = WORDS[language]["closed" if bank.closed else "running"]
        figures = movements(bank.movement).values()
        texts = (quantity_text(grains, bank.item.unit, currency, language) for grains in figures)
        yield bank.period.name, state, *texts


def remark_lines(statements: Sequence[PeriodStatement], currency: str, language: str) -> Iterator[str]:
    """Yield what the figures leave open, each with its period."""
    for each in statements:
        yield from (f"  {each.bank.period.name}: {text}" for text in remarks(each, currency, language))


def entry_headings(item: Item) -> Sequence[str]:
    """Return the columns before the amounts; the activity is among them where it decides the price."""
    activity = ("activity",) if item.unit is ItemUnit.AMOUNT else ()
    return ("period", "day", "person", "project", *activity, "text", "id")


def entry_rows(statements: Sequence[PeriodStatement], currency: str, language: str) -> Iterator[Row]:
    """Yield a row per period that has entries, with what was used, and a row per entry below it."""
    for each in statements:
        bank = each.bank
        if each.entries:
            used = quantity_text(bank.movement.used, bank.item.unit, currency, language)
            blank = [""] * (len(entry_headings(bank.item)) - 2)
            yield bank.period.name, WORDS[language]["used"], *blank, "", used
            yield from (_entry(entry, bank.item, language) for entry in each.entries)


def _entry(entry: BankEntry, item: Item, language: str) -> Row:
    """Return the cells of an entry; a reading, which has no id, is found by where it was read."""
    if entry.units is None:
        amounts = f"{clock(entry.booked)} h", f"{clock(entry.counted)} h"
    else:
        amounts = "", numbers.number(entry.units, language)
    activity = (entry.activity,) if item.unit is ItemUnit.AMOUNT else ()
    found_by = entry.id or entry.origin
    return (
        "", numbers.day(entry.day, language), entry.person, entry.project_name, *activity, entry.text, found_by,
        *amounts,
    )  # fmt: skip
