"""Storing invoices of three lines, each with its number, log entries and place in the outbox, on the disk for good."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from connector.core.document import PlannedDocument
from connector.core.lifecycle import DocumentState
from connector.store import Store, open_store
from tests.bench.measure import Finding, Scale, fastest, seconds, speed
from tests.core.builders import billed_entry, invoice, line, position
from tests.store.world import TENANT, add

INVOICES = 100
LINES = 3
LEAST_PER_SECOND = 300


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield how many invoices a second are stored, in wall time: most of the floor is waiting for the disk."""
    invoices = scale.of(INVOICES)
    numbers = count()
    with (
        TemporaryDirectory() as folder,
        open_store(f"sqlite:///{folder}/honorar.db", TENANT) as store,
        closing(bare_database(Path(folder))) as bare,
    ):
        bare.execute("CREATE TABLE bare (number INTEGER PRIMARY KEY, text TEXT)")
        spent, floor = fastest(
            scale,
            lambda: store_all(store, [planned(next(numbers)) for _ in range(invoices)]),
            lambda: commit(bare, invoices),
        )
    name = f"Storing {invoices:,} invoices of three lines"
    yield speed(name, invoices, spent, LEAST_PER_SECOND, ("bare commits of one row", floor))


def planned(number: int) -> PlannedDocument:
    """Return an invoice of three lines with its log entries."""
    key = f"k-{number}"
    positions = [position(str(each), offer=f"A{number}") for each in range(1, LINES + 1)]
    lines = (line(position=each.key, text=each.label) for each in positions)
    entries = tuple(billed_entry(of=each, document=key) for each in positions)
    return PlannedDocument(invoice(*lines, key=key), entries)


def store_all(store: Store, documents: Iterable[PlannedDocument]) -> float:
    """Store the documents, each in a transaction of its own, and return the seconds."""

    def all_of_them() -> None:
        for document in documents:
            add(store, document.invoice.key, DocumentState.APPROVED, document)

    return seconds(all_of_them, time.perf_counter)


def commit(bare: sqlite3.Connection, rows: int) -> float:
    """Commit so many single rows and return the seconds."""

    def all_of_them() -> None:
        for _ in range(rows):
            bare.execute("BEGIN IMMEDIATE")
            bare.execute("INSERT INTO bare (text) VALUES ('invoice')")
            bare.execute("COMMIT")

    return seconds(all_of_them, time.perf_counter)


def bare_database(folder: Path) -> sqlite3.Connection:
    """Return a new SQLite database in the mode of the store: write-ahead log, every commit on the disk."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
