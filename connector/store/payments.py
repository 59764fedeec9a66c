"""Readings of payments as they were told, and what they come to (domain 10.1).

A reading is appended and never changed; what is known of a document is all its readings folded. A document's state
follows in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import sqlalchemy as sa

from connector.core.invoice import DocumentKind
from connector.core.lifecycle import DocumentState, check_transition
from connector.core.money import Money
from connector.core.payment import SETTLED, Dunning, Known, PaymentReading, PaymentState, PaymentStatus
from connector.core.ports import Receipt
from connector.core.receivables import OpenItem
from connector.core.settlement import Owed
from connector.store import audit
from connector.store.codec import decode, encode
from connector.store.documents import invoice_of, money, units
from connector.store.engine import READ_ROWS, Database
from connector.store.schema import attempts, cursors, documents, exports, outbox, payments, receipts, write_backs
from connector.store.sync import put

_S = DocumentState

HANDED_OVER = (_S.ACCEPTED, _S.OPEN, _S.PART_PAID, _S.PAID)

_CURSOR = "payments"

_PARTLY_PREPAID = (DocumentKind.FINAL, DocumentKind.CORRECTION)
"""Kinds of which something may have been paid before they were issued."""


@dataclass(frozen=True, slots=True)
class KeptReading:
    """A reading, and when it was read."""

    reading: PaymentReading
    at: datetime


class Payments:
    """Readings, what is known of documents, and how far each sink was asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(self, owed: Owed, reading: PaymentReading, *, who: str) -> None:
        """Append the reading, and bring the document to its state; TransitionError where the table forbids it."""
        status = reading.status
        with self._database.writing() as connection:
            mine = (*self._of(documents), documents.c.key == status.key)
            current = _S(connection.execute(sa.select(documents.c.state).where(*mine)).scalar_one())
            if current is not owed.state:
                check_transition(current, owed.state)
                connection.execute(sa.update(documents).where(*mine).values(state=owed.state))
            append(self._database, connection, reading)
            details = {"sink": reading.sink, "state": status.state.value, "open": str(status.open)}
            audit.record(self._database, connection, who, "payment read", status.key, **details)

    def of(self, key: str) -> tuple[KeptReading, ...]:
        """Return every reading of the document with the key, oldest first."""
        chosen = sa.select(payments).where(*self._of(payments), payments.c.document == key).order_by(payments.c.row)
        with self._database.reading() as connection:
            return tuple(KeptReading(_reading(row), row.read_at) for row in connection.execute(chosen))

    def owed(self, sink: str, settled_since: datetime) -> Iterator[Owed]:
        """Yield the documents that the sink has and that may still be paid, or not be paid any more.

        That is all that are not settled, and those of which a reading came since then. A correction that went out in a
        file is known there by the number of the document it takes back, and shares its open item.
        """
        for chosen, in_files in ((self._delivered(sink), False), (self._exported(sink), True)):
            for row, known, last in self.known(chosen):
                if known.status.state not in SETTLED or (last and last >= settled_since):
                    corrects = _corrects(row) if in_files else ""
                    known_as = corrects or row.receipt_number
                    receipt = Receipt(row.key, row.reference, known_as, row.link, row.version)
                    shares = _payable(row) if corrects or (in_files and row.state == _S.CANCELLED) else None
                    number = row.issued or row.number
                    yield Owed(receipt, number, row.agreement, _S(row.state), known, row.sent_at, shares)

    def items(self, since: date) -> Iterator[OpenItem]:
        """Yield what was handed over and may be open, and of what is settled all that was issued or read since then.

        A cancelled document and its correction are both among them, also while the correction still waits.
        """
        correction = sa.and_(documents.c.kind == DocumentKind.CORRECTION, documents.c.state != _S.CANCELLED)
        taken_back = sa.and_(documents.c.state == _S.CANCELLED, documents.c.kind != DocumentKind.CORRECTION)
        read = sa.exists().where(
            payments.c.tenant == documents.c.tenant,
            payments.c.document == documents.c.key,
            payments.c.read_at >= datetime.combine(since, time(), UTC),
        )
        last = sa.select(payments.c.open_units).where(
            payments.c.tenant == documents.c.tenant, payments.c.document == documents.c.key
        )
        overpaid = last.order_by(payments.c.row.desc()).limit(1).scalar_subquery() != 0
        stands = sa.and_(
            documents.c.state.in_(HANDED_OVER),
            sa.or_(documents.c.state != _S.PAID, overpaid, documents.c.issue_date >= since, read),
        )
        chosen = sa.select(documents).where(*self._of(documents), sa.or_(stands, correction, taken_back))
        for row, known, _ in self.known(chosen.order_by(documents.c.row)):
            yield _item(row, known)

    def known(self, chosen: sa.Select[Any]) -> Iterator[tuple[sa.Row[Any], Known, datetime | None]]:
        """Yield each chosen document with what is known of it, and when it was last told anything."""
        with self._database.reading() as connection:
            told = self._readings(connection, chosen)
            for row in connection.execute(chosen, execution_options=READ_ROWS):
                kept = told.get(row.key, ())
                known = Known.fold(row.key, _payable(row), (each.reading for each in kept))
                yield row, known, kept[-1].at if kept else None

    def cursor(self, sink: str) -> datetime | None:
        """Return up to when the sink was asked, None if it never was."""
        mine = (*self._of(cursors), cursors.c.source == sink, cursors.c.name == _CURSOR)
        with self._database.reading() as connection:
            found = connection.scalar(sa.select(cursors.c.value).where(*mine))
            return datetime.fromisoformat(found) if found else None

    def set_cursor(self, sink: str, until: datetime) -> None:
        """Remember up to when the sink was asked."""
        row = {"tenant": self._database.tenant, "source": sink, "name": _CURSOR, "value": until.isoformat()}
        with self._database.writing() as connection:
            put(connection, cursors, [row])

    def written_back(self, source: str) -> dict[str, str]:
        """Return what the source was last told, by the keys of the documents."""
        mine = (*self._of(write_backs), write_backs.c.source == source)
        with self._database.reading() as connection:
            chosen = sa.select(write_backs.c.document, write_backs.c.text).where(*mine)
            return {row.document: row.text for row in connection.execute(chosen)}

    def wrote_back(self, source: str, key: str, text: str, places: Iterable[str], *, who: str) -> None:
        """Remember what the source was told of the document, and where it was written."""
        row = {"tenant": self._database.tenant, "source": source, "document": key}
        with self._database.writing() as connection:
            put(connection, write_backs, [row | {"text": text, "written_at": self._database.now()}])
            if named := ", ".join(places):
                audit.record(self._database, connection, who, "status written", key, source=source, places=named)

    def _delivered(self, sink: str) -> sa.Select[Any]:
        """Return the question for the documents of which the sink gave a receipt each."""
        begun = sa.select(sa.func.min(attempts.c.begun_at)).where(
            attempts.c.tenant == documents.c.tenant, attempts.c.document == documents.c.key
        )
        answer = (receipts.c.reference, receipts.c.number.label("receipt_number"), receipts.c.link, receipts.c.version)
        sent_at = sa.func.coalesce(begun.scalar_subquery(), receipts.c.accepted_at).label("sent_at")
        same = sa.and_(receipts.c.tenant == documents.c.tenant, receipts.c.document == documents.c.key)
        chosen = sa.select(documents, *answer, sent_at).join(receipts, same)
        return chosen.where(*self._of(documents), receipts.c.sink == sink).order_by(documents.c.row)

    def _exported(self, sink: str) -> sa.Select[Any]:
        """Return the question for the documents that went to the sink in files: known there by their numbers."""
        nothing = sa.literal("")
        answer = (
            outbox.c.reference,
            documents.c.number.label("receipt_number"),
            nothing.label("link"),
            nothing.label("version"),
            exports.c.made_at.label("sent_at"),
        )
        in_file = sa.and_(outbox.c.tenant == documents.c.tenant, outbox.c.document == documents.c.key)
        export = sa.and_(
            exports.c.tenant == outbox.c.tenant, exports.c.sink == outbox.c.sink, exports.c.number == outbox.c.export
        )
        chosen = sa.select(documents, *answer).join(outbox, in_file).join(exports, export)
        first = (outbox.c.sink == sink, outbox.c.reference != "", sa.not_(exports.c.repeat))
        return chosen.where(*self._of(documents), *first).order_by(documents.c.row)

    def _readings(self, connection: sa.Connection, chosen: sa.Select[Any]) -> dict[str, list[KeptReading]]:
        keys = sa.select(chosen.order_by(None).subquery().c.key)
        mine = (*self._of(payments), payments.c.document.in_(keys))
        found: dict[str, list[KeptReading]] = {}
        for row in connection.execute(sa.select(payments).where(*mine).order_by(payments.c.row)):
            found.setdefault(row.document, []).append(KeptReading(_reading(row), row.read_at))
        return found

    def _of(self, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        return (table.c.tenant == self._database.tenant,)


def append(database: Database, connection: sa.Connection, reading: PaymentReading) -> None:
    """Write the reading within a transaction."""
    status = reading.status
    row = {
        "document": status.key,
        "sink": reading.sink,
        "who": reading.who,
        "state": status.state,
        "currency": status.open.currency,
        "open_units": units(status.open),
        "paid_on": status.paid_on,
        "overdue": status.overdue,
        "dunning": encode(status.dunning) if status.dunning else "",
        "word": status.word,
        "read_at": database.now(),
    }
    connection.execute(sa.insert(payments), {"tenant": database.tenant} | row)


def by_person(row: sa.Row[Any], state: DocumentState, who: str, on: date | None) -> PaymentReading:
    """Return what a person says by bringing the document of the row to the state: paid, or open again."""
    payable = _payable(row)
    paid = state is _S.PAID or not payable
    still_open = Money.zero(row.currency) if paid else payable
    status = PaymentStatus(row.key, PaymentState.PAID if paid else PaymentState.OPEN, still_open, paid_on=on)
    return PaymentReading(status, who=who)


def _reading(row: sa.Row[Any]) -> PaymentReading:
    status = PaymentStatus(
        key=row.document,
        state=PaymentState(row.state),
        open=money(row.open_units, row.currency),
        paid_on=row.paid_on,
        overdue=row.overdue,
        dunning=decode(Dunning, row.dunning) if row.dunning else None,
        word=row.word,
    )
    return PaymentReading(status, row.sink, row.who)


def _payable(row: sa.Row[Any]) -> Money:
    """Return what the document of the row asks for; only where something may have been prepaid is it read in full."""
    if row.kind in _PARTLY_PREPAID:
        return invoice_of(row).payable
    return money(row.gross_units, row.currency)


def _corrects(row: sa.Row[Any]) -> str:
    """Return the number of the document that the correction of the row takes back, '' for any other."""
    return invoice_of(row).corrects if row.kind == DocumentKind.CORRECTION else ""


def _item(row: sa.Row[Any], known: Known) -> OpenItem:
    status = known.status
    return OpenItem(
        key=row.key,
        number=row.issued or row.number,
        customer=row.customer,
        issue_date=row.issue_date,
        due_date=row.due_date,
        gross=_payable(row),
        open=status.open,
        agreement=row.agreement,
        state=status.state,
        paid_on=status.paid_on,
        dunning=status.dunning,
        word=status.word,
        corrects=_corrects(row),
        cancelled=row.state == _S.CANCELLED,
    )
