"""Handing documents over one by one: every attempt is recorded before its call, every answer after it (domain 9).

A document waits in the outbox until the sink has accepted or rejected it. One whose process died in between is found
still `sending`, with an attempt that has no end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connector.core.delivery import Attempt, Outcome, Pending
from connector.core.errors import NotFound
from connector.core.lifecycle import DocumentState, check_transition
from connector.core.ports import Delivered, Receipt
from connector.store import audit, outbox
from connector.store.documents import booking_of
from connector.store.engine import READ_ROWS, Database
from connector.store.schema import attempts, documents, receipts
from connector.store.schema import outbox as waiting

_S = DocumentState

_AFTER = {
    Outcome.ACCEPTED: _S.ACCEPTED,
    Outcome.REJECTED: _S.REJECTED,
    Outcome.NOT_SENT: _S.QUEUED,
    Outcome.UNKNOWN: _S.UNKNOWN,
}
"""Where an attempt leaves the document."""


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """A receipt with the sink that gave it, and the moments it was accepted and read back (None: not yet)."""

    sink: str
    receipt: Receipt
    accepted_at: datetime
    compared_at: datetime | None


class Deliveries:
    """Attempts and receipts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self) -> tuple[str, ...]:
        """Return the keys of the documents that no sink has for certain: first those that one may have.

        Else in the order they were stored.
        """
        mine = (
            documents.c.tenant == self._database.tenant,
            documents.c.state.in_((_S.QUEUED, _S.SENDING, _S.UNKNOWN)),
            sa.exists().where(
                waiting.c.tenant == documents.c.tenant,
                waiting.c.document == documents.c.key,
                waiting.c.export.is_(None),
            ),
        )
        with self._database.reading() as connection:
            order = (documents.c.state == _S.QUEUED, documents.c.row)
            return tuple(connection.scalars(sa.select(documents.c.key).where(*mine).order_by(*order)))

    def document(self, key: str) -> Pending:
        """Return the document with its attempts; NotFound for an unknown key."""
        with self._database.reading() as connection:
            row = self._row(connection, key)
            return Pending(booking_of(row), _S(row.state), self._attempts(connection, key))

    def attempts(self, key: str) -> tuple[Attempt, ...]:
        """Return every attempt to deliver the document with the key, oldest first."""
        with self._database.reading() as connection:
            return self._attempts(connection, key)

    def begin(self, sink: str, key: str) -> None:
        """Record that the document is about to be sent; TransitionError where it must not be."""
        with self._database.writing() as connection:
            self._bring(connection, key, _S.SENDING)
            row = {"tenant": self._database.tenant, "document": key, "sink": sink, "begun_at": self._database.now()}
            connection.execute(sa.insert(attempts), row | {"outcome": "", "words": ""})

    def end(self, key: str, outcome: Outcome, words: str, *, who: str) -> None:
        """Record how the attempt that is under way ended, other than by being accepted."""
        with self._database.writing() as connection:
            self._bring(connection, key, _AFTER[outcome])
            self._close(connection, key, outcome, words)
            if outcome is Outcome.REJECTED:
                outbox.forget(self._database, connection, key)
            audit.record(self._database, connection, who, f"document {_AFTER[outcome]}", key, why=words)

    def accept(self, sink: str, receipt: Receipt, *, who: str, why: str = "") -> None:
        """Record that the sink has the document, by the answer to the attempt or because it was found there.

        `why` is the reason of a person who says so.
        """
        with self._database.writing() as connection:
            current = _S(self._row(connection, receipt.key).state)
            if current is _S.QUEUED:  # sent by an attempt before, and found
                self._bring(connection, receipt.key, _S.SENDING)
            self._bring(connection, receipt.key, _S.ACCEPTED)
            self._close(connection, receipt.key, Outcome.ACCEPTED, "")
            outbox.forget(self._database, connection, receipt.key)
            row = {"sink": sink, "document": receipt.key, "accepted_at": self._database.now()}
            connection.execute(sa.insert(receipts), {"tenant": self._database.tenant} | row | _answer(receipt))
            self._issue(connection, receipt)
            details = {"sink": sink, "reference": receipt.reference, "number": receipt.number}
            details |= {"why": why} if why else {}
            audit.record(self._database, connection, who, "document accepted", receipt.key, **details)

    def not_compared(self, sink: str) -> tuple[Receipt, ...]:
        """Return the receipts of documents that were not read back yet."""
        return tuple(each.receipt for each in self._receipts(receipts.c.sink == sink, receipts.c.compared_at.is_(None)))

    def compared(self, sink: str, delivered: Delivered) -> None:
        """Record what was read back; a number the sink issued is the document's from now on (domain 7.6)."""
        receipt = delivered.receipt
        mine = (*self._of(receipts), receipts.c.sink == sink, receipts.c.document == receipt.key)
        with self._database.writing() as connection:
            values = _answer(receipt) | {"compared_at": self._database.now()}
            connection.execute(sa.update(receipts).where(*mine).values(values))
            self._issue(connection, receipt)

    def receipts(self, sink: str) -> Iterator[Receipt]:
        """Yield what the sink answered, oldest first."""
        return (each.receipt for each in self._receipts(receipts.c.sink == sink))

    def receipts_of(self, key: str) -> tuple[KeptReceipt, ...]:
        """Return the receipts of the document with the key, one per sink that has it."""
        return tuple(self._receipts(receipts.c.document == key))

    def _receipts(self, *conditions: sa.ColumnElement[bool]) -> Iterator[KeptReceipt]:
        chosen = sa.select(receipts).where(*self._of(receipts), *conditions)
        with self._database.reading() as connection:
            ordered = chosen.order_by(receipts.c.accepted_at, receipts.c.document)
            for row in connection.execute(ordered, execution_options=READ_ROWS):
                receipt = Receipt(row.document, row.reference, row.number, row.link, row.version)
                yield KeptReceipt(row.sink, receipt, row.accepted_at, row.compared_at)

    def _attempts(self, connection: sa.Connection, key: str) -> tuple[Attempt, ...]:
        mine = (*self._of(attempts), attempts.c.document == key)
        chosen = sa.select(attempts).where(*mine).order_by(attempts.c.row)
        return tuple(
            Attempt(row.sink, row.begun_at, row.ended_at, Outcome(row.outcome) if row.outcome else None, row.words)
            for row in connection.execute(chosen)
        )

    def _close(self, connection: sa.Connection, key: str, outcome: Outcome, words: str) -> None:
        mine = (*self._of(attempts), attempts.c.document == key, attempts.c.outcome == "")
        ended = {"ended_at": self._database.now(), "outcome": outcome, "words": words}
        connection.execute(sa.update(attempts).where(*mine).values(ended))

    def _bring(self, connection: sa.Connection, key: str, state: DocumentState) -> None:
        check_transition(_S(self._row(connection, key).state), state)
        mine = (*self._of(documents), documents.c.key == key)
        connection.execute(sa.update(documents).where(*mine).values(state=state))

    def _issue(self, connection: sa.Connection, receipt: Receipt) -> None:
        if receipt.number:
            mine = (*self._of(documents), documents.c.key == receipt.key, documents.c.issued == "")
            connection.execute(sa.update(documents).where(*mine).values(issued=receipt.number))

    def _row(self, connection: sa.Connection, key: str) -> sa.Row[Any]:
        row = connection.execute(sa.select(documents).where(*self._of(documents), documents.c.key == key)).one_or_none()
        if row is None:
            message = f"no document has the key {key!r}"
            raise NotFound(message)
        return row

    def _of(self, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        return (table.c.tenant == self._database.tenant,)


def _answer(receipt: Receipt) -> dict[str, str]:
    return {name: getattr(receipt, name) for name in ("reference", "number", "link", "version")}
