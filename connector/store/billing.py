"""Documents and the billed log: whatever belongs together is written in one transaction (domain 7, 9.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from connector.core.billed import BilledEntry, History
from connector.core.booking import Booking
from connector.core.charge_due import DueCharge
from connector.core.document import Finish, NewDocument, PlannedDocument
from connector.core.errors import ConfigError, NotFound, RefusedError
from connector.core.final import DownPayment
from connector.core.invoice import DocumentKind, Invoice
from connector.core.lifecycle import NOT_HANDED_OVER, DocumentState, TransitionError, check_transition
from connector.core.numbering import NumberFormat
from connector.store import audit, log, numbers, outbox, payments
from connector.store.documents import LISTED, DocumentSummary, StoredDocument, contents, invoice_of, stored, summary
from connector.store.engine import READ_ROWS, Database
from connector.store.schema import approvals, billed_log, documents, notices

EDITABLE = frozenset({DocumentState.DRAFT, DocumentState.HELD})
"""The states in which a document may still change; the database refuses it in any other."""

_NAMED = sa.select(documents.c.key, documents.c.number).where(
    documents.c.tenant == sa.bindparam("tenant"),
    sa.or_(documents.c.key == sa.bindparam("key"), documents.c.number == sa.bindparam("number")),
)

_SAID_OF_PAYMENT = (DocumentState.PAID, DocumentState.OPEN)
"""States to which people bring a document by saying that it is paid, or is not: a reading of its payment too."""

_FIRST = (DocumentState.DRAFT, DocumentState.HELD, DocumentState.APPROVED)


@dataclass(frozen=True, slots=True)
class Added:
    """The number of the document, and whether it was stored just now or had been before."""

    number: str
    is_new: bool


class Billing:
    """Documents, their numbers, and the billed log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        planned: PlannedDocument,
        template: NumberFormat,
        finish: Finish,
        *,
        state: DocumentState,
        config_hash: str,
        who: str,
    ) -> Added:
        """Store the document under the next number of its series, with its log entries; harmless a second time.

        `state` is DRAFT, HELD or APPROVED; an approved document is queued for the sink at once. Raises ConfigError
        where the template gives a number that another document has.
        """
        with self._database.writing() as connection:
            new = NewDocument(planned.invoice, template, finish, config_hash)
            added = self._add(connection, new, state, who)
            if added.is_new:
                log.append(self._database, connection, planned.log)
        return added

    def update_draft(
        self, key: str, invoice: Invoice, booking: Booking | None, entries: Iterable[BilledEntry], who: str
    ) -> None:
        """Replace what is on a draft or held document and log what a person changed; its number stays.

        Raises NotFound for an unknown key, TransitionError for a document that is approved already.
        """
        with self._database.writing() as connection:
            row = self._row(connection, key)
            if row.state not in EDITABLE:
                raise TransitionError(DocumentState(row.state), DocumentState.DRAFT)
            _check_identity(invoice, key, row.number)
            columns = contents(invoice, booking)
            deed = "document edited" if columns["invoice"] != row.invoice else "document booked anew"
            self._update(connection, key, columns)
            log.append(self._database, connection, entries)
            audit.record(self._database, connection, who, deed, key, gross=str(invoice.gross))

    def set_state(self, key: str, state: DocumentState, who: str, why: str = "", on: date | None = None) -> None:
        """Bring the document into the state, if the lifecycle lets it; an approved document is queued at once.

        `on` is the day it happened, where that is another than today. Raises NotFound, TransitionError, or ValueError
        for CANCELLED, which is more than a state.
        """
        if state is DocumentState.CANCELLED:
            message = f"document {key} is cancelled together with its log"
            raise ValueError(message)
        with self._database.writing() as connection:
            row = self._row(connection, key)
            check_transition(DocumentState(row.state), state)
            self._update(connection, key, {"state": _resting(state)})
            if _resting(state) is DocumentState.QUEUED:
                _require_booking(key, row.booking)
                outbox.enqueue(self._database, connection, key)
            if state in _SAID_OF_PAYMENT:
                payments.append(self._database, connection, payments.by_person(row, state, who, on))
            day = {"on": on.isoformat()} if on else {}
            audit.record(self._database, connection, who, f"document {state}", key, why=why, **day)

    def cancel(
        self,
        key: str,
        entries: Iterable[BilledEntry],
        *,
        who: str,
        why: str,
        correction: NewDocument | None = None,
        is_gone: bool = False,
    ) -> str:
        """Cancel the document, write the log entries that take it back, and return the number of its correction.

        A document that was never handed over has none: its number becomes void (''). Nor has one that `is_gone` from
        accounting. For any other, the correction is stored under the next number and waits for the sink. Raises
        NotFound, TransitionError, or ValueError where the correction is missing or not asked for.
        """
        with self._database.writing() as connection:
            current = DocumentState(self._row(connection, key).state)
            check_transition(current, DocumentState.CANCELLED)
            if (correction is None) != (is_gone or current in NOT_HANDED_OVER):
                message = f"document {key} is {current}: a correction takes back what was handed over, and only that"
                raise ValueError(message)
            self._update(connection, key, {"state": DocumentState.CANCELLED})
            number = ""
            if correction:
                number = self._add(connection, correction, DocumentState.APPROVED, who).number
            else:
                outbox.forget(self._database, connection, key)
                numbers.void(self._database, connection, key, why)
            log.append(self._database, connection, entries)
            audit.record(self._database, connection, who, "document cancelled", key, why=why, correction=number)
        return number

    def accept_change(self, entries: Iterable[BilledEntry], who: str, why: str) -> None:
        """Log changes of positions that were accepted after billing (domain 3.9); they belong to no document."""
        entries = tuple(entries)
        with self._database.writing() as connection:
            log.append(self._database, connection, entries)
            for entry in entries:
                audit.record(self._database, connection, who, "change accepted", entry.position.key, why=why)

    def approve_charges(self, dues: Iterable[DueCharge], who: str, why: str) -> None:
        """Let these steps of charges through: overage that waits, or corrections that are held (domain 4.5, 6)."""
        given = {"tenant": self._database.tenant, "who": who, "why": why}
        with self._database.writing() as connection:
            for due in dues:
                row = given | {"key": due.approval, "at": self._database.now()}
                connection.execute(sa.insert(approvals), row)
                amounts = {"billed": str(due.billed), "now": str(due.charge.net)}
                audit.record(self._database, connection, who, "charge approved", due.charge.key, why=why, **amounts)

    def approved_charges(self) -> frozenset[str]:
        """Return the approvals that were given, each of one step of one charge."""
        return self._keys(approvals)

    def raise_notices(self, keys: Iterable[str]) -> None:
        """Remember that these thresholds were reported; harmless a second time."""
        with self._database.writing() as connection:
            known = set(connection.scalars(self._keys_of(notices)))
            owner = {"tenant": self._database.tenant, "raised_at": self._database.now()}
            if new := [owner | {"key": key} for key in dict.fromkeys(keys) if key not in known]:
                connection.execute(sa.insert(notices), new)

    def raised_notices(self) -> frozenset[str]:
        """Return the keys of the thresholds that were reported (domain 4.11: once)."""
        return self._keys(notices)

    def document(self, key_or_number: str) -> StoredDocument:
        """Return the document with the key or number; NotFound if there is none."""
        with self._database.reading() as connection:
            return stored(self._row(connection, key_or_number))

    def documents(self, states: Collection[DocumentState] = (), agreement: str = "") -> Iterator[DocumentSummary]:
        """Yield the documents, oldest first; only those in one of the states and of the agreement, where given."""
        conditions = [documents.c.tenant == self._database.tenant]
        if states:
            conditions.append(documents.c.state.in_(states))
        if agreement:
            conditions.append(documents.c.agreement == agreement)
        chosen = sa.select(*LISTED).where(*conditions).order_by(documents.c.row)
        with self._database.reading() as connection:
            for row in connection.execute(chosen, execution_options=READ_ROWS):
                yield summary(row)

    def log(self, position: str) -> Iterator[BilledEntry]:
        """Yield what the log says of the position with the key, oldest first."""
        return log.read(self._database, billed_log.c.position == position)

    def history(self) -> History:
        """Return the whole log folded."""
        return History.at_a_glance(log.glance(self._database))

    def approved_history(self) -> History:
        """Return the log folded, but for documents that are drafts or held: nobody approved those yet."""
        drafts = {each.key for each in self.documents((DocumentState.DRAFT, DocumentState.HELD))}
        return History.at_a_glance(each for each in log.glance(self._database) if each.document not in drafts)

    def entries_of(self, document: str) -> Iterator[BilledEntry]:
        """Yield what the log says of the document with the key, oldest first."""
        return log.read(self._database, billed_log.c.document == document)

    def down_payments(self, agreements: Collection[str]) -> dict[str, tuple[DownPayment, ...]]:
        """Return what a final invoice of each agreement would deduct: every earlier document that stands (domain 7.3).

        Only for the agreements named, those that ask for money ahead: the documents are read in full.
        """
        earlier = documents.c.kind.in_((DocumentKind.PARTIAL, DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE))
        found: dict[str, tuple[DownPayment, ...]] = {}
        if agreements:
            chosen = self._standing(earlier, documents.c.agreement.in_(agreements))
            for row, known, _ in payments.Payments(self._database).known(chosen):
                before = found.get(row.agreement, ())
                found[row.agreement] = (*before, DownPayment(invoice_of(row), known.received))
        return found

    def finals(self) -> dict[str, tuple[str, ...]]:
        """Return the keys of the final invoices that stand, by agreement; one per currency and tax treatment."""
        found: dict[str, tuple[str, ...]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(self._standing(documents.c.kind == DocumentKind.FINAL)):
                found[row.agreement] = (*found.get(row.agreement, ()), row.key)
        return found

    def _standing(self, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
        mine = (documents.c.tenant == self._database.tenant, documents.c.state != DocumentState.CANCELLED)
        return sa.select(documents).where(*mine, *conditions).order_by(documents.c.row)

    def _add(self, connection: sa.Connection, new: NewDocument, state: DocumentState, who: str) -> Added:
        """Write the document under the next number, unless it is there already."""
        key, on = new.invoice.key, new.invoice.issue_date
        number = numbers.following(self._database, connection, new.template, on)
        written = new.template.render(on, number)
        known = self._known(connection, key, written)
        if known is not None:
            return Added(known, is_new=False)
        invoice, booking = _finished(new.finish, key, written)
        made = {"config_hash": new.config_hash, "created_by": who}
        self._insert(connection, invoice, booking, state, made)
        numbers.reserve(self._database, connection, new.template.series(on), number, key)
        details = {"number": written, "gross": str(invoice.gross)}
        audit.record(self._database, connection, who, f"document {state}", key, **details)
        return Added(written, is_new=True)

    def _keys(self, table: sa.Table) -> frozenset[str]:
        with self._database.reading() as connection:
            return frozenset(connection.scalars(self._keys_of(table)))

    def _keys_of(self, table: sa.Table) -> sa.Select[Any]:
        return sa.select(table.c.key).where(table.c.tenant == self._database.tenant)

    def _known(self, connection: sa.Connection, key: str, number: str) -> str | None:
        """Return the number the document has already, None if it is new."""
        named = {"tenant": self._database.tenant, "key": key, "number": number}
        found = {row.key: row.number for row in connection.execute(_NAMED, named)}
        if found and key not in found:
            message = f"the number {number} belongs to another document"
            raise ConfigError(message, hint="choose a number format that gives new numbers, or a higher start")
        return found.get(key)

    def _insert(
        self,
        connection: sa.Connection,
        invoice: Invoice,
        booking: Booking | None,
        state: DocumentState,
        made: dict[str, str],
    ) -> None:
        if state not in _FIRST:
            message = f"a document begins as {', '.join(_FIRST)}, not as {state}"
            raise ValueError(message)
        row = {"key": invoice.key, "number": invoice.number, "state": _resting(state)} | contents(invoice, booking)
        owner = {"tenant": self._database.tenant, "created_at": self._database.now()}
        connection.execute(sa.insert(documents), owner | row | made)
        if state is DocumentState.APPROVED:
            _require_booking(invoice.key, row["booking"])
            outbox.enqueue(self._database, connection, invoice.key)

    def _update(self, connection: sa.Connection, key: str, values: dict[str, Any]) -> None:
        mine = (documents.c.tenant == self._database.tenant, documents.c.key == key)
        connection.execute(sa.update(documents).where(*mine).values(values))

    def _row(self, connection: sa.Connection, key_or_number: str) -> sa.Row[Any]:
        names = (documents.c.key, documents.c.number, documents.c.issued)
        named = sa.or_(*(column == key_or_number for column in names))
        chosen = sa.select(documents).where(documents.c.tenant == self._database.tenant, named)
        found = connection.execute(chosen.order_by(documents.c.row)).all()
        if not key_or_number or not found:
            message = f"no document has the key or number {key_or_number!r}"
            raise NotFound(message)
        if len(found) > 1:
            message = f"{len(found)} documents have the number {key_or_number!r}"
            raise RefusedError(message, hint=f"name it by its key: {', '.join(row.key for row in found)}")
        return found[0]


def _resting(state: DocumentState) -> DocumentState:
    """Return the state that is stored: what is approved waits for the sink from then on."""
    return DocumentState.QUEUED if state is DocumentState.APPROVED else state


def _finished(finish: Finish, key: str, number: str) -> tuple[Invoice, Booking | None]:
    invoice, booking = finish(number)
    _check_identity(invoice, key, number)
    return invoice, booking


def _check_identity(invoice: Invoice, key: str, number: str) -> None:
    if (invoice.key, invoice.number) != (key, number):
        message = f"document {key} has the number {number}, not {invoice.number!r} ({invoice.key})"
        raise ValueError(message)


def _require_booking(key: str, booking: str) -> None:
    if not booking:
        message = f"document {key} cannot be approved without a booking"
        raise ValueError(message)
