"""Credit notes: what they take something off, and the number they get (as measured: sevDesk issues none without)."""

from __future__ import annotations

from collections.abc import Iterator

from connector.core.errors import DocumentRejected
from connector.core.invoice import DocumentKind, Invoice
from connector.sinks.sevdesk.calls import Calls, Record
from connector.sinks.sevdesk.documents import Credited
from connector.sinks.sevdesk.records import is_draft
from connector.sinks.sevdesk.search import carrying
from connector.sinks.sevdesk.settings import Settings

PLACE_OF_NUMBER = "%NUMBER"


def is_ours(invoice: Invoice) -> bool:
    """Tell whether the document is a credit note there: others below zero have no form in sevDesk."""
    return invoice.kind is DocumentKind.CREDIT_NOTE


def refusals(invoice: Invoice) -> Iterator[tuple[str, str, str]]:
    """Yield why sevDesk would not take a document below zero, or could not take a credit note back."""
    by_hand = "write it there by hand"
    if invoice.kind is DocumentKind.CORRECTION:
        if invoice.gross.amount > 0:
            yield "CorrectionRefused", "sevDesk cancels invoices, no credit notes", by_hand
    elif not is_ours(invoice):
        if invoice.gross.amount < 0:
            yield "CreditNoteRefused", "sevDesk issues no invoice below zero", by_hand
    elif (count := len(_credited(invoice))) > 1:
        yield "CreditNoteRefused", f"it takes something off {count} documents; sevDesk ties it to one", by_hand
    elif "" in _credited(invoice):
        yield "CreditNoteRefused", "it takes nothing off an earlier invoice, to which sevDesk ties it", by_hand


def credited_by(settings: Settings, calls: Calls, invoice: Invoice) -> Credited:
    """Return what the credit note points at; DocumentRejected where sevDesk does not have it as an issued invoice."""
    key = next(iter(_credited(invoice)))
    found = carrying(calls, key)
    if found is None or is_draft(found) or found.get("invoiceType") != "RE":
        message = "what it takes something off is no issued invoice in sevDesk"
        raise DocumentRejected(message, hint="issue that one first, or write the credit note there by hand")
    if settings.numbers == "honorar":
        return Credited(found, invoice.number)
    stays_draft = not settings.finalize or invoice.agreement in settings.drafts_for
    return Credited(found, "" if stays_draft else _next_number(calls))


def _credited(invoice: Invoice) -> set[str]:
    """Return the keys of the documents that the lines below zero take something off, '' for one that names none."""
    return {line.credits for line in invoice.lines if line.net.amount < 0}


def _next_number(calls: Calls) -> str:
    """Return the next number of the account's own series, which moves on when a credit note is issued."""
    path = "SevSequence/Factory/getByType"
    sequence: Record = calls.record(calls.get(path, {"objectType": "CreditNote", "type": "CN"}), path)
    form, number = str(sequence.get("format") or ""), str(sequence.get("nextSequence") or "")
    if PLACE_OF_NUMBER not in form or not number.isdecimal():
        raise calls.not_understood(path)
    return form.replace(PLACE_OF_NUMBER, number)
