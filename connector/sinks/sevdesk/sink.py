"""The sink: delivers invoices and credit notes, cancels invoices, finds all again by our key, and reads them back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any

from connector.core.booking import Booking
from connector.core.delivery import place_of, refused, with_draft_there
from connector.core.errors import DocumentRejected, HonorarError, OutcomeUnknown, UnexpectedAnswer
from connector.core.invoice import DocumentKind, Invoice
from connector.core.payment import PaymentStatus
from connector.core.ports import Capabilities, Delivered, Listed, Receipt
from connector.core.problems import Problem
from connector.core.reminder import Reminder
from connector.sinks.sevdesk import credit_notes
from connector.sinks.sevdesk.account import Account
from connector.sinks.sevdesk.calls import Calls, Record, id_in
from connector.sinks.sevdesk.contacts import Contacts
from connector.sinks.sevdesk.documents import References, body_of, credit_note_body
from connector.sinks.sevdesk.listing import listed
from connector.sinks.sevdesk.payments import statuses
from connector.sinks.sevdesk.records import (
    CREDIT_NOTE,
    is_credit_note,
    is_draft,
    link_of,
    our_sums,
    receipt_of,
    sums_of,
)
from connector.sinks.sevdesk.reminders import Reminders, reminder_refusals
from connector.sinks.sevdesk.search import cancellation_of, carrying, issued, number_is_taken
from connector.sinks.sevdesk.settings import Settings
from connector.sinks.sevdesk.taxes import SYSTEMS, rates_refused, tax_fields

NAME = "sevDesk"

SETTLES_AFTER = 120
"""Seconds; sevDesk names no time-out of its own, and ours is 60."""


@dataclass(slots=True)
class Sevdesk:
    """One account (an InvoiceSink, ListingSink, StatusSource and ReminderSink that is Checkable)."""

    settings: Settings
    calls: Calls
    zone: tzinfo
    _account: Account = field(init=False)
    _contacts: Contacts = field(init=False)

    def __post_init__(self) -> None:
        """Share the calls with what is asked once per run."""
        self._account = Account(self.settings, self.calls)
        self._contacts = Contacts(self.settings, self.calls, self._account)

    @property
    def capabilities(self) -> Capabilities:
        """Return what it can do: invoices, their cancellation, and credit notes that take something off one invoice."""
        we_number = self.settings.numbers == "honorar"
        return Capabilities(
            numbers=not we_number,
            finalises=self.settings.finalize,
            reversals=not we_number,
            final_in_full=False,
            finds_by_reference=True,
            duns=True,
            finds_reminders=True,
            currency="EUR",
            settles_after=SETTLES_AFTER,
        )

    def check(self) -> Iterator[Problem]:
        """Yield what is wrong with token or settings."""
        told = self._account.told_system
        if self.settings.bookkeeping not in (None, told):
            message = f"the account has book-keeping {told}, the settings say {self.settings.bookkeeping}"
            yield Problem(
                "BookkeepingDiffers", message, f"{self.calls.name}: bookkeeping", "leave it out, or correct it"
            )
        _ = self._account.contact_person

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield every reason why sevDesk would not take the document, or not as it is meant."""
        invoice = booking.invoice
        yield from refused(self.capabilities, booking, NAME)
        found = list(credit_notes.refusals(invoice))
        if invoice.kind is not DocumentKind.CORRECTION:  # sevDesk makes that from the invoice it takes back
            found += self._refusals(invoice)
        for code, message, hint in found:
            yield Problem(code, message, place_of(invoice), hint, agreement=invoice.agreement)

    def _refusals(self, invoice: Invoice) -> Iterator[tuple[str, str, str]]:
        _, category = invoice.treatment
        systems = (self.settings.bookkeeping,) if self.settings.bookkeeping else SYSTEMS
        if all(tax_fields(self.settings, invoice, system) is None for system in systems):
            message = f"{NAME} has no tax rule for VAT category {category.value}"
            yield "TaxRuleMissing", message, f'name it in tax_rules: {{ {category.value} = "..." }}'
        if rates := rates_refused(self.settings, invoice):
            message = f"{NAME} takes 0, 7 and 19 % VAT, not {', '.join(f'{rate:f} %' for rate in rates)}"
            yield "VatRateRefused", message, "name a tax rule with other rates in tax_rules, such as one for OSS"
        if invoice.period.start > invoice.issue_date and not credit_notes.is_ours(invoice):
            message = f"{NAME} takes no invoice of {invoice.issue_date} for a service from {invoice.period.start} on"
            yield "ServiceAfterInvoice", message, "issue it when the service begins, or bill in arrears"
        for line in invoice.lines:
            if not line.text.strip():
                yield "TextMissing", f"line {line.number} has no text", "give the position a label"
        buyer = invoice.buyer
        if missing := [
            name for name, text in {"name": buyer.name, "country": buyer.address.country}.items() if not text
        ]:
            message = f"customer {buyer.id} has no {', no '.join(missing)}"
            yield "BuyerIncomplete", message, "complete the customer in the project tool"

    def deliver(self, booking: Booking) -> Receipt:
        """Create the document as a draft, hold it against ours, and issue it; a correction cancels what it takes back.

        A draft that sevDesk adds up differently is never issued: DocumentRejected, with both sides.
        """
        invoice = booking.invoice
        if invoice.kind is DocumentKind.CORRECTION:
            return self._cancel(invoice)
        tax = tax_fields(self.settings, invoice, self._account.system)
        if tax is None:
            message = f"book-keeping {self._account.system} has nothing for VAT category {invoice.treatment[1].value}"
            raise DocumentRejected(message, hint="name it in tax_rules or tax_sets")
        credited = (
            credit_notes.credited_by(self.settings, self.calls, invoice) if credit_notes.is_ours(invoice) else None
        )
        references = References(
            contact=self._contacts.contact_of(booking),
            contact_person=self._account.contact_person,
            country=self._account.country(invoice.buyer.address.country),
            tax=tax,
            unit=self._account.unit,
        )
        if credited:
            path, name = f"{CREDIT_NOTE}/Factory/saveCreditNote", "creditNote"
            body = credit_note_body(self.settings, invoice, references, credited)
        else:
            path, name = "Invoice/Factory/saveInvoice", "invoice"
            body = body_of(self.settings, invoice, references, self.zone)
        answer = self.calls.send("POST", path, body)
        draft = self._created(answer.get(name) if isinstance(answer, dict) else None, path)
        try:
            return self._finished(invoice, draft)
        except HonorarError as error:
            raise with_draft_there(error, self.calls.name) from None

    def find(self, booking: Booking, since: datetime) -> Receipt | None:  # noqa: ARG002 - the search knows no time
        """Return the receipt of the oldest document that carries our key, None if there is none.

        A draft that an earlier attempt left behind is issued first. Of a correction, the cancellation of the invoice it
        takes back is meant.
        """
        invoice = booking.invoice
        if invoice.kind is DocumentKind.CORRECTION:
            original = issued(self.calls, invoice.corrects)
            cancelled = cancellation_of(self.calls, original) if original else None
            return receipt_of(invoice.key, self.settings.app_url, cancelled) if cancelled else None
        found = carrying(self.calls, invoice.key, _kind_of(invoice))
        if found and is_credit_note(found) and self._is_issued_here(invoice, found):
            self._require_free_number(found)
        return self._finished(invoice, found) if found else None

    def read(self, booking: Booking, receipt: Receipt) -> Delivered:
        """Return the document as it stands there, with number and link."""
        path = receipt.reference if "/" in receipt.reference else f"Invoice/{receipt.reference}"
        record = self.calls.one(path)
        told = receipt_of(booking.invoice.key, self.settings.app_url, record)
        if not (is_draft(record) or told.number):
            message = "it was issued, but has no number"
            raise UnexpectedAnswer(message, place=f"{self.calls.name}: {path}")
        return Delivered(told, *sums_of(record), self._lines(record, path))

    def _lines(self, record: Record, path: str) -> int:
        if not is_credit_note(record):
            return sum(1 for _ in self.calls.rows(f"{path}/getPositions"))
        wanted = {"creditNote[id]": record["id"], "creditNote[objectName]": CREDIT_NOTE}
        return sum(id_in(row, "creditNote") == record["id"] for row in self.calls.rows("CreditNotePos", wanted))

    def listed(self, since: date, known: Collection[str]) -> Iterator[Listed]:  # noqa: ARG002 - lists tell the key
        """Yield every invoice, cancellation and credit note from that day on."""
        return listed(self.calls, self.settings.app_url, self.zone, since)

    def statuses(self, receipts: Sequence[Receipt], since: datetime | None) -> Iterator[PaymentStatus | Problem]:
        """Yield the payment and dunning status of every document that changed since then, of all for None."""
        return statuses(self.calls, self.zone, receipts, since)

    def reminder_refusals(self, reminder: Reminder) -> Iterator[Problem]:
        """Yield why sevDesk would not take the reminder as it is meant."""
        return reminder_refusals(reminder)

    def remind(self, reminder: Reminder, document: Receipt) -> Receipt:
        """Make the reminder from the invoice; what it says and asks for is sevDesk's own."""
        return self._reminders.write(reminder, document)

    def find_reminder(
        self, reminder: Reminder, document: Receipt, since: datetime, known: Collection[str]
    ) -> Receipt | None:
        """Return the receipt of a reminder on the document that was made since then and is not known."""
        return self._reminders.find(reminder, document, since, known)

    @property
    def _reminders(self) -> Reminders:
        return Reminders(self.calls, self.settings.app_url, self.zone)

    def _cancel(self, invoice: Invoice) -> Receipt:
        original = issued(self.calls, invoice.corrects)
        if original is None:
            message = f"it takes back {invoice.corrects}, which {NAME} does not have as an issued invoice"
            raise DocumentRejected(message)
        path = f"Invoice/{original['id']}/cancelInvoice"
        made = self._created(self.calls.send("POST", path), path)
        return receipt_of(invoice.key, self.settings.app_url, made)

    def _created(self, answer: Any, path: str) -> Record:  # noqa: ANN401 - whatever came
        """Return the record of what was created; OutcomeUnknown where the answer does not tell."""
        try:
            return self.calls.record(answer, path)
        except UnexpectedAnswer:
            message = "the document was taken, but the answer names no id"
            raise OutcomeUnknown(message, place=f"{self.calls.name}: {path}") from None

    def _finished(self, invoice: Invoice, record: Record) -> Receipt:
        """Return the receipt of the document, which is issued first if it is a draft that shall not stay one."""
        if self._is_issued_here(invoice, record):
            self._hold_to_the_cent(invoice, record)
            body = {"sendType": self.settings.send_type, "sendDraft": False}
            kind = _kind_of(invoice)
            answer = self.calls.send("PUT", f"{kind}/{record['id']}/sendBy", body)
            told = answer if isinstance(answer, dict) and answer.get("objectName") == kind else {}
            record = {**record, **told, "id": record["id"], "status": str(told.get("status") or "200")}
        return receipt_of(invoice.key, self.settings.app_url, record)

    def _is_issued_here(self, invoice: Invoice, record: Record) -> bool:
        """Tell whether the document is a draft that shall not stay one."""
        stays = not self.settings.finalize or invoice.agreement in self.settings.drafts_for
        return is_draft(record) and not stays

    def _require_free_number(self, draft: Record) -> None:
        """Return where no other credit note has the number that the draft was given when it was made."""
        if number_is_taken(self.calls, draft):
            message = f"{draft['creditNoteNumber']} was given to another one meanwhile; it is left as a draft"
            hint = f"give it another number and issue it, then release it here: {link_of(self.settings.app_url, draft)}"
            raise DocumentRejected(message, hint=hint)

    def _hold_to_the_cent(self, invoice: Invoice, draft: Record) -> None:
        theirs, ours = sums_of(draft), our_sums(invoice)
        if theirs != ours:
            pairs = zip(("net", "VAT", "gross"), ours, theirs, strict=True)
            found = "; ".join(f"{name} {here} here, {there} there" for name, here, there in pairs if here != there)
            where = link_of(self.settings.app_url, draft)
            message = f"{NAME} adds it up differently: {found}; it is left as a draft: {where}"
            raise DocumentRejected(message, hint="issue it there as it is and release it here, or discard both")


def _kind_of(invoice: Invoice) -> str:
    """Return the kind of object that the document is over there."""
    return CREDIT_NOTE if credit_notes.is_ours(invoice) else "Invoice"
