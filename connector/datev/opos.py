"""Open items from lists that DATEV's programs export (OPOS-Liste, CSV), laid into a folder with their day in the name.

That an item is missing from the newest list proves a payment only where an older list had it: a document that no list
ever had may simply not be booked yet. Therefore older lists stay in the folder.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePath

from connector.core.money import Money
from connector.core.notation import GERMAN, NotationError
from connector.core.payment import Dunning, PaymentStatus
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.datev.items import Item, debtor_of, statuses_of
from connector.datev.settings import Settings
from connector.http import Transport

DAY = re.compile(r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?!\d)")

COLUMNS: Mapping[str, Sequence[str]] = {
    "account": ("Konto", "Kontonummer", "Personenkonto", "Debitor"),
    "number": ("Belegfeld 1", "Belegfeld1", "Rechnungs-Nr.", "Rechnungsnummer", "Rechnungsnr.", "RG-Nr."),
    "open": ("Saldo", "Offener Saldo", "Offener Betrag", "Saldo EUR", "OP-Saldo"),
    "side": ("S/H", "Soll/Haben", "S/H Saldo", "Saldo S/H", "Soll-/Haben-Kennzeichen"),
    "amount": ("Betrag", "Rechnungsbetrag", "Umsatz", "Betrag EUR"),
    "level": ("Mahnstufe", "MS"),
    "reminded": ("Mahndatum", "Letzte Mahnung", "Datum der letzten Mahnung"),
}
"""What the columns may be called; others are named in the setting opos_columns."""

NEEDED = ("number", "open")


@dataclass(frozen=True, slots=True)
class List:
    """One list: its day, its items by debtor and number, and what could not be read."""

    day: date
    items: Mapping[tuple[str, str], Item]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class OposLists:
    """Reads the lists of a folder (a StatusSource)."""

    settings: Settings
    transport: Transport

    def statuses(
        self,
        receipts: Sequence[Receipt],
        since: datetime | None,  # noqa: ARG002 - a list is always whole
    ) -> Iterator[PaymentStatus | Problem]:
        """Yield what the lists say of the documents.

        Nothing is concluded from what is missing in a list that has no item at all, or of which a row cannot be read.
        """
        lists = list[List]()
        for found in self._lists():
            if isinstance(found, Problem):
                yield found
                return
            lists.append(found)
        if not lists:
            return
        lists.sort(key=lambda each: each.day)
        newest = lists[-1]
        yield from newest.problems
        if not newest.items:
            hint = "export the whole list again; if nothing is open any more, record the last payments by hand"
            yield Problem("OpenItemsEmpty", f"the list of {newest.day} has no item", str(newest.day), hint)
            return
        yield from statuses_of(receipts, _joined(lists))

    def _lists(self) -> Iterator[List | Problem]:
        """Yield every list of the folder; a Problem for one without a day, and for two of the same day."""
        folder, seen = self.transport.folder / self.settings.opos_directory, dict[date, str]()
        for path in sorted(each for each in folder.glob("*") if each.suffix.lower() == ".csv"):
            day = _day_of(path)
            if day is None or day in seen:
                reason = "names no day" if day is None else f"is of the same day as {seen[day]}"
                hint = "name each list by its day, such as OPOS_2026-03-31.csv, and keep one a day"
                yield Problem("OpenItemsUndated", f"the list {path.name} {reason}", path.name, hint)
                continue
            seen[day] = path.name
            yield self._list_of(day, PurePath(self.settings.opos_directory, path.name))

    def _list_of(self, day: date, path: PurePath) -> List | Problem:
        payload = self.transport.read_file(str(path))
        rows = csv.reader(io.StringIO(_text_of(payload), newline=""), delimiter=";")
        named = {str(ours): theirs for ours, theirs in self.settings.opos_columns.items()}
        known = {ours: [named[ours]] if ours in named else names for ours, names in COLUMNS.items()}
        for row in rows:
            places = _places(row, known)
            if all(name in places for name in NEEDED):
                return _items_of(day, path.name, rows, places, self.settings)
        names = ", ".join(COLUMNS[name][0] for name in NEEDED)
        hint = f"the columns {names} are needed; name yours in opos_columns"
        return Problem("OpenItemsUnreadable", f"the list {path.name} has no row of column names", path.name, hint)


def _day_of(path: Path) -> date | None:
    for year, month, day in DAY.findall(path.stem):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def _text_of(payload: bytes) -> str:
    try:
        return payload.decode("utf-8-sig")
    except UnicodeDecodeError:
        return payload.decode("cp1252", errors="replace")


def _places(row: Sequence[str], known: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return where our columns stand in the row of names; of several names, the first counts."""
    names = [cell.strip().casefold() for cell in row]
    found = {ours: [name.casefold() for name in theirs if name.casefold() in names] for ours, theirs in known.items()}
    return {ours: names.index(theirs[0]) for ours, theirs in found.items() if theirs}


def _items_of(
    day: date, name: str, rows: Iterator[Sequence[str]], places: Mapping[str, int], settings: Settings
) -> List:
    """Return the list; rows without a number are sums and headings, several of one item are added up.

    Rows of other accounts than debtors' are left out: a supplier may use our numbers too.
    """
    items, problems = dict[tuple[str, str], Item](), list[Problem]()
    for count, row in enumerate(rows, start=1):
        cells = {ours: row[place].strip() if place < len(row) else "" for ours, place in places.items()}
        cells["account"] = account = _account(cells.get("account", ""), settings.debtors)
        if not cells["number"] or (account.isdecimal() and int(account) not in settings.debtors):
            continue
        try:
            item = _item(cells, settings.currency)
        except (NotationError, ValueError) as error:
            hint = "export the list again; until then nothing is concluded from it"
            problems.append(Problem("OpenItemUnreadable", str(error), f"{name}, row {count}", hint))
            continue
        key = item.debtor, item.number
        items[key] = _added(items[key], item) if key in items else item
    return List(day, items, tuple(problems))


def _account(text: str, debtors: range) -> str:
    """Return the account as the mapping has it; it may stand there with DATEV's nine digits."""
    is_short = text.isdecimal() and int(text) in debtors
    return text if is_short else debtor_of(text, debtors) or text


def _item(cells: Mapping[str, str], currency: str) -> Item:
    side = cells.get("side", "")
    amount = _signed(cells.get("amount", ""), "") if cells.get("amount") else None
    return Item(
        debtor=cells["account"],
        number=cells["number"],
        open=Money.exactly(_signed(cells["open"], side), currency),
        booked=None if amount is None else Money.exactly(amount, currency),
        dunning=_dunning(cells),
    )


def _signed(text: str, side: str) -> Decimal:
    """Return the amount of '119,00', '119,00 S', '40,00 H' or '40,00-': what is on the side of Haben is below zero."""
    plain, marks = text.strip(), side.strip().upper()
    if plain[-1:].upper() in ("S", "H"):
        plain, marks = plain[:-1].strip(), plain[-1:].upper()
    if plain.endswith("-"):
        plain = f"-{plain[:-1].strip()}"
    number = GERMAN.number(plain)
    return -number if marks == "H" else number


def _dunning(cells: Mapping[str, str]) -> Dunning | None:
    if "level" not in cells:
        return None
    level = int(cells["level"] or 0)
    return Dunning(level, on=GERMAN.day(cells["reminded"]) if level and cells.get("reminded") else None)


def _added(one: Item, other: Item) -> Item:
    booked = one.booked + other.booked if one.booked is not None and other.booked is not None else None
    dunning = max((each for each in (one.dunning, other.dunning) if each), key=lambda each: each.level, default=None)
    return replace(one, open=one.open + other.open, booked=booked, dunning=dunning)


def _joined(lists: Sequence[List]) -> Iterator[Item]:
    """Yield what the newest list has; and as paid, what it lacks and an older one had, if all of it could be read."""
    newest, first = lists[-1], dict[tuple[str, str], Item]()
    for each in reversed(lists):
        first |= each.items
    for key, item in newest.items.items():
        booked = item.booked if item.booked is not None else first[key].open
        yield replace(item, booked=booked, word=f"OPOS {newest.day}")
    if not newest.problems:
        for key in first.keys() - newest.items.keys():
            nothing = Money.zero(first[key].open.currency)
            yield replace(first[key], open=nothing, word=f"no longer on the list of {newest.day}", dunning=None)
