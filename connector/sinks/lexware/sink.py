"""The sink: delivers invoices and credit notes, finds them again by our key, and reads them back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal

from connector.core.booking import Booking
from connector.core.delivery import place_of, refused
from connector.core.errors import DocumentRejected, NotFound, OutcomeUnknown
from connector.core.invoice import Invoice
from connector.core.money import Money
from connector.core.payment import PaymentStatus
from connector.core.ports import Capabilities, Delivered, Listed, Receipt
from connector.core.problems import Problem, Severity
from connector.core.reminder import Reminder
from connector.core.vat import VatCategory
from connector.sinks.lexware.calls import Calls, Record
from connector.sinks.lexware.contacts import Contacts
from connector.sinks.lexware.documents import (
    KEY,
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_LINES,
    body_of,
    is_credit,
    path_of,
    remark_of,
    tax_type_of,
)
from connector.sinks.lexware.dunnings import Dunnings
from connector.sinks.lexware.settings import Settings
from connector.sinks.lexware.status import StatusReader

NAME = "Lexware Office"

SETTLES_AFTER = 60
"""Seconds: its gateway gives up after 30, and what it had begun may still be finished."""

ONE_DAY = timedelta(days=1)

_TYPES = {"invoices": "invoice", "credit-notes": "creditnote"}
"""By path: the type in lists."""


@dataclass(slots=True)
class Lexware:
    """One organisation (an InvoiceSink, ListingSink, StatusSource and ReminderSink that is Checkable)."""

    settings: Settings
    calls: Calls
    zone: tzinfo
    _contacts: Contacts = field(init=False)
    _keys: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Share the calls with the contacts."""
        self._contacts = Contacts(self.settings, self.calls)

    @property
    def capabilities(self) -> Capabilities:
        """Return what it can do: it numbers documents, and takes neither payments nor final invoices in full."""
        return Capabilities(
            numbers=True,
            finalises=self.settings.finalize,
            final_in_full=False,
            finds_by_reference=True,
            duns=True,
            currency="EUR",
            most_lines=MOST_LINES,
            line_text=LONGEST_LINE,
            settles_after=SETTLES_AFTER,
        )

    def check(self) -> Iterator[Problem]:
        """Yield what is wrong with key or contract, and say what becomes of drafts."""
        self.calls.get("profile")
        if not self.settings.finalize:
            message = "documents become drafts; the API can never finish a draft"
            hint = "finish each in the browser, or set finalize = true"
            yield Problem("DraftsStayDrafts", message, f"{self.calls.name}: finalize", hint, Severity.NOTICE)

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield every reason why Lexware Office would not take the document, or not as it is meant."""
        invoice = booking.invoice
        yield from refused(self.capabilities, booking, NAME)
        for code, message, hint in self._refusals(invoice):
            yield Problem(code, message, place_of(invoice), hint, agreement=invoice.agreement)

    def _refusals(self, invoice: Invoice) -> Iterator[tuple[str, str, str]]:
        _, category = invoice.treatment
        if tax_type_of(self.settings, invoice) is None:
            message = f"{NAME} has no tax type for VAT category {category.value}"
            yield "TaxTypeMissing", message, f"name it in tax_types: {{ {category.value} = ... }}"
        if len(remark_of(self.settings, invoice)) > LONGEST_TEXT:
            yield "TextTooLong", f"the notes are longer than {LONGEST_TEXT} characters", "shorten notes or remark"
        for line in invoice.lines:
            if not line.text.strip():
                yield "TextMissing", f"line {line.number} has no text", "give the position a label"
        buyer = invoice.buyer
        needed = {"name": buyer.name, "country": buyer.address.country}
        if buyer.id in self.settings.xrechnung:
            needed |= {"postal code": buyer.address.postal_code, "city": buyer.address.city}
            if category is not VatCategory.STANDARD:
                yield "XRechnungRefused", f"{NAME} makes an XRechnung only with VAT", "leave it out of xrechnung"
        if missing := [name for name, text in needed.items() if not text.strip()]:
            message = f"customer {buyer.id} has no {', no '.join(missing)}"
            yield "BuyerIncomplete", message, "complete the customer in the project tool"

    def deliver(self, booking: Booking) -> Receipt:
        """Create the document; what Lexware Office refuses is DocumentRejected in its own words."""
        invoice, path = booking.invoice, path_of(booking.invoice)
        contact = self._contacts.contact_of(booking)
        finalize = self._finalizes(invoice)
        params = ({"finalize": "true"} if finalize else {}) | self._predecessor(invoice, finalize=finalize)
        answer = self.calls.send("POST", path, body_of(self.settings, booking, contact, self.zone), **params)
        if not isinstance(answer.get("id"), str):
            message = "the document was taken, but the answer names no id"
            raise OutcomeUnknown(message, place=f"{self.calls.name}: {path}")
        return self._receipt(invoice.key, path, answer, is_draft=not finalize)

    def find(self, booking: Booking, since: datetime) -> Receipt | None:
        """Return the receipt of the document whose texts carry our key, None if there is none.

        Lists know neither texts nor our key, so every document of the kind that was made since then is looked at, those
        of the same amount first; then those of its day, which both sides know the same, however wrong a clock is.
        """
        invoice, path = booking.invoice, path_of(booking.invoice)
        made_since = (since.astimezone(self.zone) - ONE_DAY).date().isoformat()
        day_before, day_after = ((invoice.issue_date + each).isoformat() for each in (-ONE_DAY, ONE_DAY))
        for asked in (
            {"createdDateFrom": made_since},
            {"voucherDateFrom": day_before, "voucherDateTo": day_after},  # in another zone, the day may be the next
        ):
            rows = self._rows(path, sort="createdDate,ASC", **asked)
            for row in sorted(rows, key=lambda row: _total(row) != abs(invoice.gross.amount)):
                if invoice.key in self._keys_on(path, row["id"]):
                    return self._receipt(invoice.key, path, row, is_draft=row.get("voucherStatus") == "draft")
        return None

    def read(self, booking: Booking, receipt: Receipt) -> Delivered:
        """Return the document as it stands there; a draft has no number that would stay."""
        path = path_of(booking.invoice)
        document = self.calls.get(f"{path}/{receipt.reference}")
        sign = -1 if is_credit(booking.invoice) else 1
        try:
            totals = document["totalPrice"]
            net, tax, gross = (
                Money.exactly(sign * Decimal(totals[name]), booking.invoice.currency)
                for name in ("totalNetAmount", "totalTaxAmount", "totalGrossAmount")
            )
            lines = sum(line["type"] != "text" for line in document["lineItems"])
            is_draft = document["voucherStatus"] == "draft"
            number = "" if is_draft else document["voucherNumber"]
        except (KeyError, TypeError, ValueError, ArithmeticError):
            raise self.calls.not_understood(path) from None
        told = self._receipt(receipt.key, path, document, is_draft=is_draft, number=number)
        return Delivered(told, net, tax, gross, lines)

    def listed(self, since: date, known: Collection[str]) -> Iterator[Listed]:
        """Yield every invoice and credit note from that day on; keys of those that are not known."""
        for path in _TYPES:
            for row in self._rows(path, voucherDateFrom=since.isoformat(), sort="voucherDate,ASC"):
                reference, status = row["id"], row.get("voucherStatus")
                sign = -1 if path == "credit-notes" else 1
                yield Listed(
                    reference=reference,
                    key="" if reference in known else self._keys_on(path, reference)[-1],
                    number="" if status == "draft" else str(row.get("voucherNumber", "")),
                    issued_on=date.fromisoformat(str(row["voucherDate"])[:10]),
                    customer=str(row.get("contactName") or ""),
                    gross=Money.exactly(sign * _total(row), "EUR"),
                    link=self._link(path, reference, is_draft=status == "draft"),
                    cancelled=status == "voided",
                )

    def statuses(self, receipts: Sequence[Receipt], since: datetime | None) -> Iterator[PaymentStatus | Problem]:
        """Yield what changed since then in payments and reminders, and what is overdue."""
        yield from StatusReader(self.calls, self.zone).statuses(receipts, since)

    def reminder_refusals(self, reminder: Reminder) -> Iterator[Problem]:
        """Yield every reason why Lexware Office would not take the reminder."""
        return self._dunnings.refusals(reminder)

    def remind(self, reminder: Reminder, document: Receipt) -> Receipt:
        """Write the reminder as a draft, the only way the API has; a person sends it."""
        return self._dunnings.write(reminder, document)

    def find_reminder(
        self,
        reminder: Reminder,
        document: Receipt,
        since: datetime,  # noqa: ARG002 - our key stands on it
        known: Collection[str],
    ) -> Receipt | None:
        """Return the receipt of the reminder where the invoice names it; None proves nothing."""
        return self._dunnings.find(reminder, document, known)

    @property
    def _dunnings(self) -> Dunnings:
        return Dunnings(self.settings, self.calls, self.zone)

    def _rows(self, path: str, **params: str) -> Iterator[Record]:
        for row in self.calls.rows("voucherlist", voucherType=_TYPES[path], voucherStatus="any", **params):
            if not isinstance(row.get("totalAmount"), int | Decimal):
                raise self.calls.not_understood(path)
            yield row

    def _finalizes(self, invoice: Invoice) -> bool:
        return self.settings.finalize and invoice.agreement not in self.settings.drafts_for

    def _predecessor(self, invoice: Invoice, *, finalize: bool) -> dict[str, str]:
        """Return what ties a correction to the invoice it takes back; drafts cannot be tied."""
        if not invoice.corrects or not finalize or not is_credit(invoice):
            return {}
        for row in self._rows("invoices", voucherNumber=invoice.corrects):
            if row.get("voucherNumber") == invoice.corrects and row.get("voucherStatus") not in ("draft", "voided"):
                return {"precedingSalesVoucherId": row["id"]}
        message = f"it corrects {invoice.corrects}, which {NAME} does not have"
        raise DocumentRejected(message, hint="was it cancelled there?")

    def _keys_on(self, path: str, reference: str) -> tuple[str, ...]:
        """Return '' and whatever may be our key in the texts of the document, which is read once per run."""
        if reference not in self._keys:
            try:
                document = self.calls.record(self.calls.get(f"{path}/{reference}"), path)
            except NotFound:  # a draft that somebody just discarded
                return ("",)
            texts = f"{document.get('introduction') or ''}\n{document.get('remark') or ''}"
            self._keys[reference] = ("", *KEY.findall(texts))
        return self._keys[reference]

    def _receipt(self, key: str, path: str, answer: Record, *, is_draft: bool, number: str = "") -> Receipt:
        link = self._link(path, answer["id"], is_draft=is_draft)
        return Receipt(key, answer["id"], number, link, str(answer.get("version", "")))

    def _link(self, path: str, reference: str, *, is_draft: bool) -> str:
        return f"{self.settings.app_url}/permalink/{path}/{'edit' if is_draft else 'view'}/{reference}"


def _total(row: Record) -> Decimal:
    return Decimal(row["totalAmount"])
