"""What Honorar remembers: what came in, what was billed, what went out, who did it (SQLite or PostgreSQL)."""

from __future__ import annotations

from connector.store.audit import AuditRow
from connector.store.collected import Collected
from connector.store.deliveries import KeptReceipt
from connector.store.documents import DocumentSummary, StoredDocument
from connector.store.outbox import ExportSummary
from connector.store.store import Store, open_store

__all__ = [
    "AuditRow",
    "Collected",
    "DocumentSummary",
    "ExportSummary",
    "KeptReceipt",
    "Store",
    "StoredDocument",
    "open_store",
]
