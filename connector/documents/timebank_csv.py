"""The time bank statement as a file that a spreadsheet opens by itself: one row per movement and entry (domain 4.10).

German: semicolons, decimal comma, days as 31.01.2026. English: commas, decimal point, days as 2026-01-31. Both in
UTF-8 with a byte order mark, without which Excel misreads umlauts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO

from connector.core.bank_entries import BankEntry, PeriodStatement, TimeBank
from connector.core.catalogue import Item, ItemUnit, clock, money_of, units_of
from connector.core.consumption import RoleHours
from connector.core.money import rounded
from connector.core.pricing import HOURS_PER_SECOND, shown_price
from connector.core.quantity import Unit
from connector.documents import numbers
from connector.documents.timebank import WORDS, movements, remarks

COLUMNS = (
    "item", "period", "state", "kind", "day", "person", "project", "project_name", "activity", "text", "quantity",
    "unit", "duration", "booked", "id", "origin",
)  # fmt: skip

_SEPARATORS = {"de": ";", "en": ","}
_DAYS = {"de": "%d.%m.%Y", "en": "%Y-%m-%d"}
_MARKS = {"de": str.maketrans(".", ","), "en": {}}

_HOUR_DECIMALS = (2, 4)
"""Hours have two decimals, or four where two do not tell them; the duration is exact."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula, or strips to find one. Anybody may book such a text: it is told as text."""

Row = dict[str, str]


def statement_file(bank: TimeBank, language: str) -> bytes:
    """Return the file; the rows of an entry have its quantity as it counts, and the duration as it was booked."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", delimiter=_SEPARATORS[language], lineterminator="\r\n")
    writer.writerow({name: WORDS[language][name] for name in COLUMNS})
    rows = _Rows(bank.terms.currency, language)
    for statement in bank.statements:
        writer.writerows(rows.of(statement))
    return text.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class _Rows:
    currency: str
    language: str

    def of(self, statement: PeriodStatement) -> Iterator[Row]:
        """Yield what the period began with, the entries and what they come to, and what it ended with."""
        bank = statement.bank
        head = {
            "item": _safe(bank.item.label),
            "period": bank.period.name,
            "state": self._word("closed" if bank.closed else "running"),
        }
        yield from (head | row for row in (*self._before(bank.item, statement), *self._after(bank.item, statement)))

    def _before(self, item: Item, statement: PeriodStatement) -> Iterator[Row]:
        moved = movements(statement.bank.movement)
        for name in ("opening", "carried_in", "granted"):
            yield self._kind(name) | self._grains(moved[name], item.unit)
        yield from (self._entry(entry) for entry in statement.entries)
        if statement.rounding:
            yield self._kind("rounding") | self._grains(statement.rounding, ItemUnit.HOURS)
        yield from (self._role(item, part) for part in statement.bank.consumed.roles)

    def _after(self, item: Item, statement: PeriodStatement) -> Iterator[Row]:
        moved = movements(statement.bank.movement)
        told = "; ".join(remarks(statement, self.currency, self.language))
        for name in ("used", "lapsed", "overage", "closing"):
            text = {"text": told} if name == "closing" else {}
            yield self._kind(name) | self._grains(moved[name], item.unit) | text

    def _entry(self, entry: BankEntry) -> Row:
        counted = self._units(entry.units) if entry.units is not None else self._grains(entry.counted, ItemUnit.HOURS)
        texts = {name: getattr(entry, name) for name in ("person", "project", "project_name", "activity", "text", "id")}
        return (
            self._kind("entry")
            | {name: _safe(text) for name, text in texts.items()}
            | {"day": entry.day.strftime(_DAYS[self.language]), "origin": _safe(entry.origin)}
            | {"booked": clock(entry.booked) if entry.units is None else ""}
            | counted
        )

    def _role(self, item: Item, part: RoleHours) -> Row:
        """Return what the hours of a role come to, in money."""
        net = {"quantity": self._number(part.priced.net.amount), "unit": self.currency, "duration": clock(part.seconds)}
        price = f"{self._number(shown_price(item.role_rates[part.role], self.currency))} {self.currency}"
        return self._kind("role") | {"activity": _safe(part.role), "text": f"× {price}"} | net

    def _grains(self, grains: int, unit: ItemUnit) -> Row:
        if unit is ItemUnit.UNITS:
            return self._units(units_of(grains).value)
        if unit is ItemUnit.AMOUNT:
            return {"quantity": self._number(money_of(grains, self.currency).amount), "unit": self.currency}
        few, many = (rounded(grains, decimals, HOURS_PER_SECOND) for decimals in _HOUR_DECIMALS)
        hours = self._number(few if few == many else many)
        return {"quantity": hours, "unit": numbers.unit(Unit.HOUR, self.language), "duration": clock(grains)}

    def _units(self, value: Decimal) -> Row:
        return {"quantity": self._number(value), "unit": numbers.unit(Unit.PIECE, self.language)}

    def _number(self, value: Decimal) -> str:
        return f"{value:f}".translate(_MARKS[self.language])

    def _kind(self, name: str) -> Row:
        return {"kind": self._word(name)}

    def _word(self, name: str) -> str:
        return WORDS[self.language][name]


def _safe(text: str) -> str:
    """Return the text as a spreadsheet shows it, whatever it begins with."""
    return f"'{text}" if text.startswith(_FORMULA) else text
