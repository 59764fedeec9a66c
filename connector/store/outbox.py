"""Handing documents over to sinks that take files: an export is recorded before its first byte (domain 9.1, 9.2).

An export is begun, written by the sink, and finished. One that was begun and never finished (the process was killed)
is found by `open_export` and written again under its own number and token, before any other is begun.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from connector.core.booking import Booking
from connector.core.errors import NotFound, StoreError
from connector.core.lifecycle import DocumentState, check_transition
from connector.core.ports import Export, ExportResult, Receipt
from connector.store import audit
from connector.store.documents import booking_of
from connector.store.engine import READ_ROWS, Database
from connector.store.schema import debtors, documents, exports, outbox
from connector.store.sync import batches, put

_TOKEN_BYTES = 8


@dataclass(frozen=True, slots=True)
class ExportSummary:
    """An export in a list; `finished_at` is None while its files may not be complete."""

    sink: str
    number: int
    token: str
    made_at: datetime
    repeat: bool
    finished_at: datetime | None
    files: tuple[str, ...]
    documents: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """In which export a document went where; `reference` is the file's name or the sink's id, '' until accepted."""

    sink: str
    export: int
    reference: str
    repeat: bool
    made_at: datetime


class Outbox:
    """Exports, and what went out with each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin_export(
        self, sink: str, keys: Sequence[str], made_at: datetime, *, who: str, repeat: bool = False
    ) -> Export:
        """Reserve the next export of the sink for these documents, in this order.

        Queued documents become `sending`. With `repeat`, documents that went out before go out once more and keep
        their state. Raises StoreError while another export of the sink is open, NotFound for an unknown key,
        TransitionError for a document that is not queued, ValueError for no documents or (repeat) one not sent yet.
        """
        if not keys:
            message = "an export hands over at least one document"
            raise ValueError(message)
        with self._database.writing() as connection:
            number = self._following(connection, sink)
            export = Export(
                number,
                secrets.token_hex(_TOKEN_BYTES),
                made_at.astimezone(UTC),
                repeat,
                self._debtors(connection, sink),
            )
            row = {"sink": sink, "number": number, "token": export.token, "made_at": export.made_at, "repeat": repeat}
            connection.execute(sa.insert(exports), {"tenant": self._database.tenant, "files": "[]"} | row)
            take = self._take_again if repeat else self._take_queued
            for chunk in batches(keys):
                take(connection, chunk)
            self._assign(connection, keys, sink, number)
            counts = {"number": str(number), "documents": str(len(keys))}
            audit.record(self._database, connection, who, "export begun", sink, **counts)
        return export

    def open_export(self, sink: str) -> Export | None:
        """Return the export that was begun and not finished, as it was begun; None if there is none."""
        mine = (exports.c.tenant == self._database.tenant, exports.c.sink == sink, exports.c.finished_at.is_(None))
        with self._database.reading() as connection:
            row = connection.execute(sa.select(exports).where(*mine)).one_or_none()
            if row is None:
                return None
            return Export(row.number, row.token, row.made_at, row.repeat, self._debtors(connection, sink))

    def waiting(self) -> Iterator[Booking]:
        """Yield the bookings of the queued documents, in the order in which the documents were stored."""
        mine = (documents.c.tenant == self._database.tenant, documents.c.state == DocumentState.QUEUED)
        return self._bookings(sa.select(documents).where(*mine).order_by(documents.c.row))

    def bookings(self, sink: str, export: Export) -> tuple[Booking, ...]:
        """Return the bookings of the export's documents, in its order."""
        chosen = sa.select(documents).join(outbox, _same_document).where(*self._of(sink, export.number))
        return tuple(self._bookings(chosen.order_by(outbox.c.place)))

    def finish_export(self, sink: str, export: Export, result: ExportResult, *, who: str) -> None:
        """Record files, receipts and debtors of the export; its documents are accepted. Harmless a second time.

        Raises ValueError where the receipts are not those of the export's documents.
        """
        mine = (exports.c.tenant == self._database.tenant, exports.c.sink == sink, exports.c.number == export.number)
        with self._database.writing() as connection:
            if connection.scalar(sa.select(exports.c.finished_at).where(*mine)) is not None:
                return
            self._acknowledge(connection, sink, export, result.receipts)
            done = {"files": json.dumps(result.files, ensure_ascii=False), "finished_at": self._database.now()}
            connection.execute(sa.update(exports).where(*mine).values(done))
            owner = {"tenant": self._database.tenant, "sink": sink}
            put(connection, debtors, [owner | {"account": a, "fingerprint": f} for a, f in result.debtors.items()])
            counts = {"number": str(export.number), "files": str(len(result.files))}
            audit.record(self._database, connection, who, "export finished", sink, **counts)

    def exports(self) -> Iterator[ExportSummary]:
        """Yield all exports in the order in which they were made."""
        handed = sa.select(sa.func.count()).where(_same_export).scalar_subquery()
        chosen = sa.select(exports, handed.label("documents")).where(exports.c.tenant == self._database.tenant)
        with self._database.reading() as connection:
            for row in connection.execute(chosen.order_by(exports.c.made_at, exports.c.sink, exports.c.number)):
                files = tuple(json.loads(row.files))
                yield ExportSummary(
                    row.sink, row.number, row.token, row.made_at, row.repeat, row.finished_at, files, row.documents
                )

    def deliveries(self, key: str) -> tuple[Delivery, ...]:
        """Return every hand-over of the document with the key, oldest first."""
        chosen = (
            sa.select(outbox.c.sink, outbox.c.export, outbox.c.reference, exports.c.repeat, exports.c.made_at)
            .join(exports, _same_export)
            .where(outbox.c.tenant == self._database.tenant, outbox.c.document == key)
            .order_by(outbox.c.row)
        )
        with self._database.reading() as connection:
            return tuple(Delivery(*row) for row in connection.execute(chosen))

    def _bookings(self, chosen: sa.Select[Any]) -> Iterator[Booking]:
        with self._database.reading() as connection:
            for row in connection.execute(chosen, execution_options=READ_ROWS):
                yield booking_of(row)

    def _following(self, connection: sa.Connection, sink: str) -> int:
        """Return the next number of the sink's exports; StoreError while one of them is open."""
        mine = (exports.c.tenant == self._database.tenant, exports.c.sink == sink)
        unfinished = connection.scalar(sa.select(exports.c.number).where(*mine, exports.c.finished_at.is_(None)))
        if unfinished is not None:
            message = f"export {unfinished} of {sink} is not finished"
            raise StoreError(message, hint="finish it first: honorar push")
        return (connection.scalar(sa.select(sa.func.max(exports.c.number)).where(*mine)) or 0) + 1

    def _debtors(self, connection: sa.Connection, sink: str) -> dict[str, str]:
        mine = (debtors.c.tenant == self._database.tenant, debtors.c.sink == sink)
        chosen = sa.select(debtors.c.account, debtors.c.fingerprint).where(*mine)
        return {row.account: row.fingerprint for row in connection.execute(chosen)}

    def _take_queued(self, connection: sa.Connection, keys: Sequence[str]) -> None:
        mine = (documents.c.tenant == self._database.tenant, documents.c.key.in_(keys))
        chosen = sa.select(documents.c.key, documents.c.state).where(*mine)
        states = {row.key: row.state for row in connection.execute(chosen)}
        for key in keys:
            if key not in states:
                message = f"no document has the key {key!r}"
                raise NotFound(message)
            check_transition(DocumentState(states[key]), DocumentState.SENDING)
        connection.execute(sa.update(documents).where(*mine).values(state=DocumentState.SENDING))

    def _take_again(self, connection: sa.Connection, keys: Sequence[str]) -> None:
        mine = (outbox.c.tenant == self._database.tenant, outbox.c.document.in_(keys), outbox.c.reference != "")
        sent = set(connection.scalars(sa.select(outbox.c.document).where(*mine)))
        for key in keys:
            if key not in sent:
                message = f"document {key} was never handed over, so it cannot be repeated"
                raise ValueError(message)
            enqueue(self._database, connection, key)

    def _assign(self, connection: sa.Connection, keys: Sequence[str], sink: str, number: int) -> None:
        waiting = (
            outbox.c.tenant == self._database.tenant,
            outbox.c.document == sa.bindparam("key"),
            outbox.c.export.is_(None),
        )
        change = sa.update(outbox).where(*waiting).values(sink=sink, export=number, place=sa.bindparam("at"))
        connection.execute(change, [{"key": key, "at": at} for at, key in enumerate(keys)])

    def _acknowledge(self, connection: sa.Connection, sink: str, export: Export, receipts: Sequence[Receipt]) -> None:
        handed = sa.select(outbox.c.document).where(*self._of(sink, export.number))
        if set(connection.scalars(handed)) != {receipt.key for receipt in receipts}:
            message = f"the receipts are not those of export {export.number} of {sink}"
            raise ValueError(message)
        change = sa.update(outbox).where(*self._of(sink, export.number), outbox.c.document == sa.bindparam("of"))
        values = [{"of": receipt.key, "said": receipt.reference} for receipt in receipts]
        connection.execute(change.values(reference=sa.bindparam("said")), values)
        sending = (documents.c.tenant == self._database.tenant, documents.c.state == DocumentState.SENDING)
        arrived = sa.update(documents).where(*sending, documents.c.key.in_(handed))
        connection.execute(arrived.values(state=DocumentState.ACCEPTED))

    def _of(self, sink: str, number: int) -> tuple[sa.ColumnElement[bool], ...]:
        return outbox.c.tenant == self._database.tenant, outbox.c.sink == sink, outbox.c.export == number


_same_document = sa.and_(documents.c.tenant == outbox.c.tenant, documents.c.key == outbox.c.document)

_same_export = sa.and_(
    exports.c.tenant == outbox.c.tenant, exports.c.sink == outbox.c.sink, exports.c.number == outbox.c.export
)


def enqueue(database: Database, connection: sa.Connection, key: str) -> None:
    """Let the document wait for the next export."""
    row = {"tenant": database.tenant, "document": key, "queued_at": database.now(), "reference": ""}
    connection.execute(sa.insert(outbox), row)


def forget(database: Database, connection: sa.Connection, key: str) -> None:
    """Let the document wait no longer."""
    waiting = (outbox.c.tenant == database.tenant, outbox.c.document == key, outbox.c.export.is_(None))
    connection.execute(sa.delete(outbox).where(*waiting))
