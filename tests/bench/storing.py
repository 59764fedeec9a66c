"""Storing invoices of three lines, each with its number, log entries and place in the outbox, on the disk for good."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from connector.core.document import PlannedDocument
from connector.core.lifecycle import DocumentState
from connector.store import open_store
from tests.bench.measure import Finding, Scale, fastest, seconds, speed
from tests.core.builders import billed_entry, invoice, line, position
from tests.store.world import TENANT, add

INVOICES = 500
LINES = 3
LEAST_PER_SECOND = 300


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield how many invoices a second are stored, in wall time: most of the floor is waiting for the disk."""
    documents = [_planned(number) for number in range(scale.of(INVOICES))]
    spent, floor = fastest(scale.repeats, lambda: store(documents), lambda: commit(len(documents)))
    name = f"Storing {len(documents):,} invoices of three lines"
    yield speed(name, len(documents), spent, LEAST_PER_SECOND, ("bare commits of one row", floor))


def _planned(number: int) -> PlannedDocument:
    key = f"k-{number}"
    positions = [position(str(each), offer=f"A{number}") for each in range(1, LINES + 1)]
    lines = (line(position=each.key, text=each.label) for each in positions)
    entries = tuple(billed_entry(of=each, document=key) for each in positions)
    return PlannedDocument(invoice(*lines, key=key), entries)


def store(documents: list[PlannedDocument]) -> float:
    """Store the documents in a new store and return the seconds."""
    with TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/honorar.db", TENANT) as opened:

        def all_of_them() -> None:
            for document in documents:
                add(opened, document.invoice.key, DocumentState.APPROVED, document)

        return seconds(all_of_them, time.perf_counter)


def commit(count: int) -> float:
    """Commit as many single rows, in the same mode, and return the seconds."""
    with TemporaryDirectory() as folder, closing(bare_database(Path(folder))) as connection:
        connection.execute("CREATE TABLE bare (number INTEGER PRIMARY KEY, text TEXT)")

        def all_of_them() -> None:
            for number in range(count):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO bare VALUES (?, ?)", (number, "invoice"))
                connection.execute("COMMIT")

        return seconds(all_of_them, time.perf_counter)


def bare_database(folder: Path) -> sqlite3.Connection:
    """Return a new SQLite database in the mode of the store: write-ahead log, every commit on the disk."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection
