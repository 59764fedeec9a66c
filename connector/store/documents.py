"""Documents as rows: what is listed of them, and the whole of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from connector.core.booking import Booking
from connector.core.invoice import DocumentKind, Invoice
from connector.core.lifecycle import DocumentState
from connector.core.money import Money, minor_digits
from connector.store.codec import decode, decode_booking, encode, encode_booking
from connector.store.schema import documents


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """A document in a list."""

    key: str
    number: str
    agreement: str
    customer: str
    kind: DocumentKind
    state: DocumentState
    issue_date: date
    due_date: date
    net: Money
    gross: Money
    config_hash: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with all that is in it; `booking` is None while none could be made."""

    summary: DocumentSummary
    invoice: Invoice
    booking: Booking | None


_LISTED = (
    "key",
    "number",
    "agreement",
    "customer",
    "kind",
    "state",
    "issue_date",
    "due_date",
    "currency",
    "net_units",
    "gross_units",
    "config_hash",
    "created_at",
    "created_by",
    "issued",
)

LISTED = tuple(documents.c[name] for name in _LISTED)
"""The columns a summary is made of."""


def units(money: Money) -> int:
    """Return the amount in whole minor units, as it is stored."""
    return int(money.amount.scaleb(minor_digits(money.currency)))


def money(amount: int, currency: str) -> Money:
    """Return the stored minor units as money."""
    return Money(Decimal(amount).scaleb(-minor_digits(currency)), currency)


def contents(invoice: Invoice, booking: Booking | None) -> dict[str, Any]:
    """Return the columns that say what is on the document, all of which may change while it is a draft."""
    return {
        "agreement": invoice.agreement,
        "customer": invoice.buyer.id,
        "kind": invoice.kind,
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "currency": invoice.currency,
        "net_units": units(invoice.net),
        "gross_units": units(invoice.gross),
        "invoice": encode(invoice),
        "booking": encode_booking(booking),
    }


def summary(row: sa.Row[Any]) -> DocumentSummary:
    """Return the summary of a row that has at least the columns LISTED."""
    return DocumentSummary(
        key=row.key,
        number=row.issued or row.number,
        agreement=row.agreement,
        customer=row.customer,
        kind=DocumentKind(row.kind),
        state=DocumentState(row.state),
        issue_date=row.issue_date,
        due_date=row.due_date,
        net=money(row.net_units, row.currency),
        gross=money(row.gross_units, row.currency),
        config_hash=row.config_hash,
        created_at=row.created_at,
        created_by=row.created_by,
    )


def stored(row: sa.Row[Any]) -> StoredDocument:
    """Return the whole document of a row that has all columns."""
    booking = booking_of(row) if row.booking else None
    return StoredDocument(summary(row), booking.invoice if booking else invoice_of(row), booking)


def invoice_of(row: sa.Row[Any]) -> Invoice:
    """Return the document of the row; the number that the sink issued counts before the one it was stored under."""
    return _numbered(decode(Invoice, row.invoice), row.issued)


def booking_of(row: sa.Row[Any]) -> Booking:
    """Return the booking of the row with its document, numbered likewise."""
    booking = decode_booking(row.invoice, row.booking)
    return replace(booking, invoice=_numbered(booking.invoice, row.issued)) if row.issued else booking


def _numbered(invoice: Invoice, issued: str) -> Invoice:
    return replace(invoice, number=issued) if issued else invoice
