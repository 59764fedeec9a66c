"""Open items from DATEVconnect, the interface of DATEV Rechnungswesen on the premises (accounts-receivable, condensed).

Read year by year, newest first: what is still open at the end of a year is carried into the next, so the newest year
that has an item knows it best.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from connector.core.errors import UnexpectedAnswer
from connector.core.money import Money
from connector.core.payment import Dunning, PaymentStatus
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.datev.items import Item, debtor_of, money_of, statuses_of, technical
from connector.datev.settings import Settings
from connector.http import Transport

Record = Mapping[str, Any]

_OPEN, _CLEARED = "open", "cleared"


@dataclass(frozen=True, slots=True)
class DatevConnect:
    """Reads the open items of one client (a StatusSource); `now` is the clock."""

    settings: Settings
    transport: Transport
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def statuses(
        self,
        receipts: Sequence[Receipt],
        since: datetime | None,  # noqa: ARG002 - DATEV does not say when an item changed
    ) -> Iterator[PaymentStatus | Problem]:
        """Yield what DATEV's books say of the documents."""
        wanted = {receipt.number for receipt in receipts}
        groups = dict[tuple[str, str], list[Record]]()
        for year in self._years():
            groups = self._groups(year, wanted) | groups
        found = [self._item(debtor, number, rows) for (debtor, number), rows in groups.items()]
        yield from (each for each in found if isinstance(each, Problem))
        yield from statuses_of(receipts, (each for each in found if isinstance(each, Item)))

    def check(self) -> Iterator[Problem]:
        """Ask for the fiscal years; raises what is wrong with address, client or user."""
        if not self._years():
            hint = "is datevconnect_client the client's id in DATEV (a GUID)?"
            yield Problem("OpenItemsEmpty", "the client has no fiscal year", self.settings.datevconnect_url, hint)

    def _years(self) -> list[str]:
        """Return the ids of the fiscal years that are read, newest first."""
        rows = self._get("fiscal-years", select="id")
        years = sorted((str(each.get("id", "")) for each in rows), reverse=True)
        return [year for year in years if year][: self.settings.payment_years]

    def _groups(self, year: str, wanted: set[str]) -> dict[tuple[str, str], list[Record]]:
        """Return the rows of the year by debtor and number, of our debtors and documents alone."""
        debtors = self.settings.debtors
        lowest, highest = technical(debtors.start), technical(debtors.stop - 1)
        chosen = f"account_number ge {lowest} and account_number le {highest}"
        groups = dict[tuple[str, str], list[Record]]()
        for row in self._get(f"fiscal-years/{year}/accounts-receivable/condense", filter=chosen):
            debtor = debtor_of(row.get("account_number"), debtors)
            if debtor and row.get("document_field1") in wanted:
                groups.setdefault((debtor, row["document_field1"]), []).append(row)
        return groups

    def _item(self, debtor: str, number: str, rows: Sequence[Record]) -> Item | Problem:
        try:
            return self._read(debtor, number, rows)
        except ValueError as error:
            hint = "look at the open item in DATEV Rechnungswesen"
            return Problem("OpenItemUnreadable", f"open item {number}: {error}", f"debtor {debtor}", hint)

    def _read(self, debtor: str, number: str, rows: Sequence[Record]) -> Item:
        """Return the item; ValueError where a row cannot be understood, or is in foreign money."""
        currency = self.settings.currency
        if any(row.get("currency_code", currency) != currency for row in rows):
            message = f"it is not in {currency}"
            raise ValueError(message)
        still_open = Money.total(
            (_balance(row, currency) for row in rows if row.get("is_cleared") is not True), currency
        )
        side = "amount_debit" if still_open.amount >= 0 else "amount_credit"
        booked = Money.total((money_of(row.get(side, 0), currency) for row in rows), currency)
        words = sorted({str(row.get("balance_type") or _CLEARED) for row in rows if row.get("is_cleared") is True})
        return Item(
            debtor,
            number,
            still_open,
            booked or None,
            dunning=_dunning(rows, self.now().astimezone(self.transport.time_zone).date()),
            word=_OPEN if still_open else ", ".join(words) or _CLEARED,
        )

    def _get(self, path: str, **params: str) -> list[Record]:
        settings = self.settings
        secret = settings.datevconnect_password.get_secret_value() if settings.datevconnect_password else ""
        pair = base64.b64encode(f"{settings.datevconnect_user}:{secret}".encode()).decode()
        url = f"{settings.datevconnect_url}/datev/api/accounting/v1/clients/{settings.datevconnect_client}/{path}"
        rows = self.transport.get_json(url, params=params, headers={"Authorization": f"Basic {pair}"}, refusal=_words)
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        message = "the answer is not what is documented"
        raise UnexpectedAnswer(message, place=f"DATEVconnect: {path}")


def _balance(row: Record, currency: str) -> Money:
    """Return what is open of the row, below zero where the balance is on the side of Haben."""
    balance = money_of(row.get("open_balance_of_item"), currency)
    match row.get("debit_credit_identifier"):
        case "S":
            return balance
        case "H":
            return -balance
    message = "its balance is on no side"
    raise ValueError(message)


def _dunning(rows: Sequence[Record], today: date) -> Dunning:
    """Return the highest level among the rows with its day, and whether any is blocked, for good or until a day."""
    level, row = max(((_level(row), row) for row in rows), key=lambda each: each[0])
    on = _day(row.get(f"dunning_date{level}")) if level else None
    blocked_until = [_day(each.get("temp_dunning_block")) or date.min for each in rows]
    blocked = max(blocked_until) >= today or any(each.get("has_dunning_block") is True for each in rows)
    return Dunning(level, on=on, blocked=blocked)


def _day(moment: object) -> date | None:
    return date.fromisoformat(str(moment)[:10]) if moment else None


def _level(row: Record) -> int:
    return int(row.get("dunning_level") or 0)


def _words(answer: Any) -> str:  # noqa: ANN401 - whatever came
    if not isinstance(answer, dict):
        return ""
    return " ".join(str(answer[name]) for name in ("error", "error_description") if answer.get(name))
