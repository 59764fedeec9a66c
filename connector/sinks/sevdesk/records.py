"""What stands in sevDesk's records of documents: text for numbers, moments with an offset, types and links."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import NamedTuple

from connector.core.errors import UnexpectedAnswer
from connector.core.invoice import Invoice
from connector.core.money import Money
from connector.core.ports import Receipt
from connector.sinks.sevdesk.calls import Record
from connector.sinks.sevdesk.documents import DRAFT

CANCELLATION, REMINDER = "SR", "MA"
"""Types of documents that hang on another one (field origin)."""

CREDIT_NOTE = "CreditNote"
"""Kind of objects of their own, with their own ids; their amounts are positive."""

DOCUMENTS = frozenset({"RE", "TR", "AR", "ER", CANCELLATION})
"""Types of documents that count: no reminders, no templates of recurring invoices."""


class Sums(NamedTuple):
    """What a document comes to."""

    net: Money
    tax: Money
    gross: Money


def is_credit_note(record: Record) -> bool:
    """Tell whether the record is a credit note, and no invoice."""
    return record.get("objectName") == CREDIT_NOTE


def sums_of(record: Record) -> Sums:
    """Return the sums of the document with our sign; UnexpectedAnswer where one is missing."""
    found = (amount_in(record, name) for name in ("sumNet", "sumTax", "sumGross"))
    return Sums(*(-each if is_credit_note(record) else each for each in found))


def our_sums(invoice: Invoice) -> Sums:
    """Return the sums of our document."""
    return Sums(invoice.net, invoice.tax, invoice.gross)


def amount_in(record: Mapping[str, object], name: str, default: str | None = None) -> Money:
    """Return the amount under the name, to the cent: sevDesk reckons in binary fractions; UnexpectedAnswer if none."""
    value = default if record.get(name) is None else str(record[name])
    try:
        return Money.of(Decimal(value or "nothing"), str(record.get("currency") or "EUR"))
    except (ArithmeticError, ValueError):
        message = f"{name} is not an amount"
        raise UnexpectedAnswer(message, place=f"document {record.get('id')}") from None


def day_in(record: Mapping[str, object], name: str, zone: tzinfo) -> date | None:
    """Return the local day of the moment under the name; None where there is none."""
    text = str(record.get(name) or "")
    try:
        return datetime.fromisoformat(text).astimezone(zone).date() if text else None
    except ValueError:
        message = f"{name} is not a moment"
        raise UnexpectedAnswer(message, place=f"document {record.get('id')}") from None


def is_draft(record: Record) -> bool:
    """Tell whether the document was not issued yet."""
    return str(record.get("status")) == DRAFT


def link_of(app_url: str, record: Record) -> str:
    """Return the address where a person sees the document."""
    view = "edit" if is_draft(record) else "detail"
    kind = "CN" if is_credit_note(record) else record.get("invoiceType", "RE")
    return f"{app_url}/fi/{view}/type/{kind}/id/{record['id']}"


def reference_of(record: Record) -> str:
    """Return how receipts name the document: an invoice by its id, a credit note with its kind before it."""
    return f"{CREDIT_NOTE}/{record['id']}" if is_credit_note(record) else str(record["id"])


def number_of(record: Record) -> str:
    """Return the number of the document; a draft has none that would stay."""
    name = "creditNoteNumber" if is_credit_note(record) else "invoiceNumber"
    return "" if is_draft(record) else str(record.get(name) or "")


def receipt_of(key: str, app_url: str, record: Record) -> Receipt:
    """Return the receipt of the document."""
    link, version = link_of(app_url, record), str(record.get("update") or "")
    return Receipt(key, reference_of(record), number_of(record), link, version)
