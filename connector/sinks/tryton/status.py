"""Payments and dunning read back from Tryton (domain 10.1).

What is open is the invoice's amount to pay: a dunning keeps showing the whole amount after a part of it was paid. A
dunning is prepared as a draft of its next level, and counts when it was processed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from connector.core.errors import UnexpectedAnswer
from connector.core.money import Money
from connector.core.payment import Dunning, PaymentState, PaymentStatus, state_of
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.sinks.tryton.books import Books
from connector.sinks.tryton.calls import Record

INVOICE = "account.invoice"
DUNNING = "account.dunning"

AT_ONCE = 100
"""Documents asked for at once: their ids stand in the address."""

_FIELDS = (
    "state",
    "total_amount",
    "amount_to_pay",
    "currency.code",
    "reconciled",
    "payment_lines.date",
)

_DUNNING_FIELDS = ("line.move_origin", "procedure.name", "procedure.levels", "level", "state", "date", "blocked")

_FEES = ("fees.amount", "fees.currency.code")
"""Of a module of its own."""


@dataclass(frozen=True, slots=True)
class StatusReader:
    """Reads the payments of one company."""

    books: Books

    def statuses(self, receipts: Iterable[Receipt]) -> Iterator[PaymentStatus | Problem]:
        """Yield the state of every document."""
        waiting = iter(receipts)
        while some := list(islice(waiting, AT_ONCE)):
            yield from self._some({receipt.reference: receipt for receipt in some})

    def _some(self, receipts: Mapping[str, Receipt]) -> Iterator[PaymentStatus | Problem]:
        ids = [int(reference) for reference in receipts]
        found = {str(each["id"]): each for each in self.books.calls.search(INVOICE, [["id", "in", ids]], _FIELDS)}
        dunnings = self._dunnings(list(receipts))
        for reference, receipt in receipts.items():
            if reference not in found:
                yield _problem(receipt, "Tryton does not have it any more")
                continue
            try:
                yield self._status(receipt.key, found[reference], dunnings.get(reference))
            except UnexpectedAnswer as error:
                yield _problem(receipt, f"its payment cannot be read: {error.message}")

    def _status(self, key: str, record: Record, dunning: Record | None) -> PaymentStatus:
        try:
            word, currency = record["state"], record["currency"]["code"]
            total = Money.exactly(record["total_amount"], currency)
            to_pay = Money.exactly(record["amount_to_pay"], currency)
            paid_on = record["reconciled"] or max((each["date"] for each in record["payment_lines"]), default=None)
            told = self._dunning(dunning, currency) if dunning else None
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise self.books.calls.not_understood(INVOICE) from None
        if word == "cancelled":
            return PaymentStatus(key, PaymentState.CANCELLED, Money.zero(currency), dunning=told, word=word)
        still_open = total if word in ("draft", "validated") else to_pay
        return PaymentStatus(key, state_of(total, still_open), still_open, _day(paid_on), dunning=told, word=word)

    def _dunnings(self, references: Sequence[str]) -> dict[str, Record]:
        """Return the dunnings by the id of their invoice, those of settled ones too; none where they are not told."""
        if not self.books.may("read", DUNNING):
            return {}
        fields = (*_DUNNING_FIELDS, *(_FEES if self.books.has("account.dunning.fee") else ()))
        origins = [f"{INVOICE},{reference}" for reference in references]
        calls = self.books.calls.within(active_test=False)
        rows = calls.search(DUNNING, [["line.move.origin", "in", origins]], fields)
        return {_invoice_of(row): row for row in rows}

    def _dunning(self, record: Record, currency: str) -> Dunning:
        """Return the level that was reached, counted from 1, with the fees asked for so far."""
        levels = record["procedure"]["levels"]
        prepared = record["state"] == "draft"
        level = levels.index(record["level"]) + (0 if prepared else 1)
        fees = [Money.exactly(each["amount"], each["currency"]["code"]) for each in record.get("fees") or []]
        return Dunning(
            level,
            record["procedure"]["name"] if level else "",
            _day(record["date"]),
            Money.total(fees, currency) if fees else None,
            blocked=bool(record["blocked"]),
            reference=str(record["id"]),
        )


def _invoice_of(record: Record) -> str:
    _, _, number = str((record.get("line") or {}).get("move_origin") or "").partition(",")
    return number


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None


def _problem(receipt: Receipt, message: str) -> Problem:
    place = ", ".join(filter(None, (receipt.number or receipt.reference, receipt.link)))
    return Problem("PaymentNotUnderstood", message, place, "look at it there; it is asked for again")
