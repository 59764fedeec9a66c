"""What tests put into a store, and how they look into it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from connector.core import cancel
from connector.core.billed import BilledEntry, BilledKind
from connector.core.booking import Booking
from connector.core.cancel import Cancellation
from connector.core.document import NewDocument, PlannedDocument
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.numbering import NumberFormat
from connector.core.ports import Export, ExportResult, Receipt
from connector.store import Store
from connector.store.billing import Added
from tests.core.builders import billed_entry, booking, invoice, line, position

TENANT = "nordlicht"
WHO = "anna"
NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
NUMBERS = NumberFormat.parse("RE-{year}-{number:04}")


@dataclass
class Clock:
    """Tells the time from 1 February 2026, 08:00 UTC; each answer is a second later than the last."""

    moment: datetime = field(default=datetime(2026, 2, 1, 8, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Return the moment, and let a second pass."""
        self.moment += timedelta(seconds=1)
        return self.moment


def planned(key: str = "k-1", *entries: BilledEntry, issue_date: date = date(2026, 1, 31)) -> PlannedDocument:
    """Return a document of one line over 5,000.00 with its log entry, or with the entries given."""
    return PlannedDocument(
        invoice(line(), key=key, issue_date=issue_date), entries or (billed_entry(document=key, of=position()),)
    )


def numbered(document: PlannedDocument, number: str) -> tuple[Invoice, Booking]:
    """Return the document and its booking with the number in them."""
    finished = replace(document.invoice, number=number)
    return finished, booking(finished)


def add(
    store: Store,
    key: str = "k-1",
    state: DocumentState = DocumentState.DRAFT,
    document: PlannedDocument | None = None,
    numbers: NumberFormat = NUMBERS,
) -> Added:
    """Store a document."""
    document = document or planned(key)
    return store.billing.add(
        document, numbers, lambda number: numbered(document, number), state=state, config_hash="c0ffee", who=WHO
    )


def reversal_of(key: str, net: str = "5000.00") -> BilledEntry:
    """Return the log entry that takes the first position's line on the document back."""
    return billed_entry(f"-{net}", document=key, kind=BilledKind.REVERSED, shares=(1, 0))


def correction_of(key: str, number: str = "RE-2026-0001") -> NewDocument:
    """Return the correction that takes the stored document of that key and number back."""
    cancellation = Cancellation(TENANT, date(2026, 2, 1), WHO, "wrong")
    original = replace(planned(key).invoice, number=number)
    correction = cancel.correction_of(original, cancellation)

    def finish(number: str) -> tuple[Invoice, Booking]:
        finished = replace(correction, number=number)
        return finished, cancel.reversing_booking(booking(original), finished)

    return NewDocument(correction, NUMBERS, finish, "c0ffee")


def rows(store: Store, table: sa.Table) -> list[dict[str, Any]]:
    """Return all rows of the table, of every tenant, in the order of its columns' values."""
    with store.database.reading() as connection:
        chosen = sa.select(table).order_by(*table.primary_key.columns)
        return [dict(row._mapping) for row in connection.execute(chosen)]  # noqa: SLF001 (SQLAlchemy's public name)


def states(store: Store) -> dict[str, DocumentState]:
    """Return the state of each document by key."""
    return {document.key: document.state for document in store.billing.documents()}


def written(*keys: str, file: str = "EXTF_1.csv", debtors: dict[str, str] | None = None) -> ExportResult:
    """Return what a sink says that wrote the documents into one file."""
    return ExportResult(tuple(Receipt(key, file) for key in keys), (file,), debtors or {})


def hand_over(store: Store, *keys: str) -> Export:
    """Export the documents, from beginning to end."""
    export = store.outbox.begin_export("datev", keys, NOON, who=WHO)
    store.outbox.finish_export("datev", export, written(*keys), who=WHO)
    return export
