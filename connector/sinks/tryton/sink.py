"""The sink: posts customer invoices, finds them again by our key, finishes drafts, and reads them back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from connector.core.booking import Booking
from connector.core.delivery import place_of, refused, with_draft_there
from connector.core.errors import DocumentRejected, HonorarError, NotAllowed
from connector.core.invoice import Invoice
from connector.core.money import Money
from connector.core.payment import PaymentStatus
from connector.core.ports import Capabilities, Delivered, Listed, Receipt
from connector.core.problems import Problem
from connector.sinks.tryton.books import Books
from connector.sinks.tryton.calls import Calls, Record, day
from connector.sinks.tryton.check import check
from connector.sinks.tryton.documents import body_of
from connector.sinks.tryton.parties import Parties
from connector.sinks.tryton.references import MODEL, ours, references_of, tax_named
from connector.sinks.tryton.settings import Settings
from connector.sinks.tryton.status import StatusReader

NAME = "Tryton"

SETTLES_AFTER = 300
"""Seconds: Tryton has no time-out of its own; what it had begun when an answer was lost is done or undone by then."""

KEY = re.compile(r"[0-9a-f]{32}")

_FIELDS = ("number", "state", "untaxed_amount", "tax_amount", "total_amount", "lines")

_LISTED = ("number", "state", "reference", "invoice_date", "total_amount", "party.name", "currency.code")

_UNFINISHED = ("draft", "validated")


@dataclass(slots=True)
class Tryton:
    """One company (an InvoiceSink, ListingSink and StatusSource that is Checkable)."""

    settings: Settings
    outside: Calls
    _books: Books = field(init=False)
    _parties: Parties = field(init=False)

    def __post_init__(self) -> None:
        """Share what is looked up."""
        self._books = Books(self.settings, self.outside)
        self._parties = Parties(self._books)

    @property
    def capabilities(self) -> Capabilities:
        """Return what it can do: it numbers documents; payments and dunning are its own business."""
        return Capabilities(numbers=True, final_in_full=False, finds_by_reference=True, settles_after=SETTLES_AFTER)

    def check(self) -> Iterator[Problem]:
        """Yield what the books lack, what the key's user may not do, and what cannot be told."""
        yield from check(self._books)

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield every reason why Tryton would not take the document, or not as it is meant."""
        invoice = booking.invoice
        yield from refused(self.capabilities, booking, NAME)
        for code, message, hint in self._refusals(booking):
            yield Problem(code, message, place_of(invoice), hint, agreement=invoice.agreement)

    def _refusals(self, booking: Booking) -> Iterator[tuple[str, str, str]]:
        for named in dict.fromkeys(tax_named(booking, line, self.settings) for line in booking.invoice.lines):
            if named not in self.settings.taxes:
                yield "TaxTypeMissing", f"no tax in {NAME} is named for {named}", f'add it to taxes: "{named}" = "…"'
        if not booking.rows:
            message = f"nothing of it is booked; {NAME} wants an account for every line"
            yield "NothingBooked", message, "bill it together with something that has an amount"
        for row in booking.rows:
            if row.revenue.vat_when_paid:
                message = f"{NAME} books the VAT with the invoice, not when money arrives ({', '.join(row.rules)})"
                yield "VatWhenPaidRefused", message, 'instalments = "partial_supply", or another accounting system'
            if row.revenue.cost_centre or row.revenue.cost_unit:
                message = f"{NAME} is given no cost centres ({', '.join(row.rules)})"
                yield "CostCentreRefused", message, "leave them out of mapping.toml"

    def deliver(self, booking: Booking) -> Receipt:
        """Create a draft, hold it against the document, and post it."""
        body = body_of(booking, references_of(booking, self._books, self._parties))
        draft = self._books.calls.send(MODEL, body, _FIELDS)
        try:
            return self._finished(booking, draft)
        except HonorarError as error:
            raise with_draft_there(error, self.outside.name) from None

    def find(self, booking: Booking, since: datetime) -> Receipt | None:  # noqa: ARG002 - a reference is enough
        """Return the receipt of the document with our key as its reference, posted if it was a draft still.

        A draft that somebody cancelled there counts as none.
        """
        clauses = [["reference", "=", booking.invoice.key], *ours(self._books)]
        for record in self._books.calls.search(MODEL, clauses, _FIELDS):
            if record.get("state") != "cancelled" or record.get("number"):
                return self._finished(booking, record)
        return None

    def read(self, booking: Booking, receipt: Receipt) -> Delivered:
        """Return the document as it stands there; a draft has no number."""
        record = self._books.calls.read(MODEL, receipt.reference, _FIELDS)
        return self._delivered(booking.invoice, record)

    def listed(self, since: date, known: Collection[str]) -> Iterator[Listed]:  # noqa: ARG002 - the key costs nothing
        """Yield every invoice from that day on that has a number, and drafts of ours."""
        clauses = [["invoice_date", ">=", day(since)], *ours(self._books)]
        for record in self._books.calls.search(MODEL, clauses, _LISTED):
            key = str(record.get("reference") or "")
            key = key if KEY.fullmatch(key) else ""
            if record.get("number") or (key and record.get("state") != "cancelled"):
                yield self._row(record, key)

    def statuses(
        self,
        receipts: Sequence[Receipt],
        since: datetime | None,  # noqa: ARG002 - dunning leaves no mark on what was invoiced: all are asked for
    ) -> Iterator[PaymentStatus | Problem]:
        """Yield payment and dunning of every one of the documents."""
        yield from StatusReader(self._books).statuses(receipts)

    def _finished(self, booking: Booking, record: Record) -> Receipt:
        """Post it where it is a draft that comes to the same amounts; what does not is never posted."""
        invoice = booking.invoice
        there = self._delivered(invoice, record)
        if record["state"] not in _UNFINISHED:
            return there.receipt
        if (there.net, there.tax) != (invoice.net, invoice.tax):
            message = f"its draft there comes to {there.net} + {there.tax} VAT, not {invoice.net} + {invoice.tax}"
            hint = f"correct or cancel the draft there: {there.receipt.link}"
            raise DocumentRejected(message, hint=hint)
        return self._delivered(invoice, self._posted(record["id"])).receipt

    def _posted(self, number: int) -> Record:
        """Post the draft; whatever the state of the books forbids, Tryton calls forbidden without a word."""
        try:
            return self._books.calls.send(f"{MODEL}/{number}/post", {}, _FIELDS)
        except NotAllowed as error:
            message = "Tryton does not let it be posted, and does not say why"
            hint = "is the journal closed in that period? may the key's user post?"
            raise DocumentRejected(message, place=error.place, hint=hint, status=error.status) from None

    def _delivered(self, invoice: Invoice, record: Record) -> Delivered:
        try:
            net, tax, gross = (
                Money.exactly(record[name], invoice.currency)
                for name in ("untaxed_amount", "tax_amount", "total_amount")
            )
            number = "" if record["state"] in _UNFINISHED else str(record["number"] or "")
            lines = len(record["lines"])
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise self.outside.not_understood(MODEL) from None
        reference = str(record["id"])
        return Delivered(Receipt(invoice.key, reference, number, self._link(reference)), net, tax, gross, lines)

    def _row(self, record: Record, key: str) -> Listed:
        try:
            return Listed(
                reference=str(record["id"]),
                key=key,
                number=str(record["number"] or ""),
                issued_on=record["invoice_date"],
                customer=record["party"]["name"],
                gross=Money.exactly(record["total_amount"], record["currency"]["code"]),
                link=self._link(str(record["id"])),
                cancelled=record["state"] == "cancelled",
            )
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise self.outside.not_understood(MODEL) from None

    def _link(self, reference: str) -> str:
        server, _, database = self.settings.url.rpartition("/")
        return f"{self.settings.web_url.rstrip('/') or server}/#{database}/model/{MODEL}/{reference}"
