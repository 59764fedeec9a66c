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

DOCUMENTS = frozenset({"RE", "TR", "AR", "ER", CANCELLATION})
"""Types of documents that count: no reminders, no templates of recurring invoices."""


class Sums(NamedTuple):
    """What a document comes to."""

    net: Money
    tax: Money
    gross: Money


def sums_of(record: Record) -> Sums:
    """Return the sums of the document with sevDesk's sign; UnexpectedAnswer where one is missing."""
    return Sums(*(amount_in(record, name) for name in ("sumNet", "sumTax", "sumGross")))


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
    return f"{app_url}/fi/{view}/type/{record.get('invoiceType', 'RE')}/id/{record['id']}"


def receipt_of(key: str, app_url: str, record: Record) -> Receipt:
    """Return the receipt of the document; a draft has no number that would stay."""
    number = "" if is_draft(record) else str(record.get("invoiceNumber") or "")
    return Receipt(key, record["id"], number, link_of(app_url, record), str(record.get("update") or ""))
