"""What is known of documents, positions and deeds; nothing here changes anything."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain
from operator import attrgetter

from connector.core.billed import BilledEntry
from connector.core.edit import NoSuchLineError, line_of
from connector.core.errors import NotFound, RefusedError
from connector.core.lifecycle import DocumentState
from connector.documents.deliveries import explain_attempts, explain_receipt
from connector.documents.explain import explain_document, explain_line
from connector.documents.payments import explain_reading
from connector.documents.reminders import explain_reminders
from connector.store import AuditRow, DocumentSummary, StoredDocument
from connector.wiring.workspace import Workspace


def documents(space: Workspace, states: Collection[str] = (), agreement: str = "") -> list[DocumentSummary]:
    """Return the documents in one of the states (none given: any), oldest first; RefusedError for no such state."""
    try:
        chosen = [DocumentState(state) for state in states]
    except ValueError as error:
        raise RefusedError(str(error), hint=f"known: {', '.join(DocumentState)}") from None
    return list(space.store.billing.documents(chosen, agreement))


def summary(space: Workspace, name: str) -> DocumentSummary:
    """Return where the document stands; NotFound."""
    return space.store.billing.document(name).summary


def log(space: Workspace, position: str) -> list[BilledEntry]:
    """Return what the log says of the position; NotFound where it says nothing."""
    entries = list(space.store.billing.log(position))
    if not entries:
        message = f"nothing was billed of position {position!r}"
        raise NotFound(message, hint="write offer/position, as the plan shows it")
    return entries


def last_read(space: Workspace) -> dict[str, datetime | None]:
    """Return when each configured source was last taken over; None where it never was."""
    moments: dict[str, datetime | None] = dict.fromkeys(source.name for source in space.tenant.sources)
    for pull in sorted(space.store.sources.last_pulls(), key=attrgetter("pulled_at")):
        if pull.source in moments:
            moments[pull.source] = pull.pulled_at
    return moments


def deeds(space: Workspace, subject: str = "") -> list[AuditRow]:
    """Return what was done, oldest first; of one document (by number), position, agreement or sink, if named."""
    numbered = {each.number: each.key for each in documents(space)}
    return list(space.store.audit.list(numbered.get(subject, subject)))


def explain(space: Workspace, name: str) -> Iterator[str]:
    """Yield the sentences that explain a document, or one of its lines (DOC.LINE)."""
    document, number = split_line(name)
    found = space.store.billing.document(document)
    language = space.tenant.language
    if number is None:
        return chain(explain_document(found.invoice, found.booking, language), _told_of_delivery(space, found))
    try:
        return explain_line(line_of(found.invoice, number), language)
    except NoSuchLineError as error:
        raise NotFound(str(error)) from error


def _told_of_delivery(space: Workspace, document: StoredDocument) -> Iterator[str]:
    """Yield how the document was handed over, in the tenant's language and time."""
    key, zone, language = document.summary.key, space.tenant.time_zone, space.tenant.language
    yield from explain_attempts(space.store.deliveries.attempts(key), zone, language)
    for kept in space.store.deliveries.receipts_of(key):
        yield explain_receipt(kept.sink, kept.receipt, kept.accepted_at.astimezone(zone), language)
    for told in space.store.payments.of(key):
        yield explain_reading(told.reading, told.at.astimezone(zone), language)
    yield from explain_reminders(space.store.reminders.of(key), language)


def split_line(name: str) -> tuple[str, int | None]:
    """Return document and line of 'RE-2026-0001.2'; the line is None where only the document is named."""
    document, dot, line = name.rpartition(".")
    return (document, int(line)) if dot and line.isdecimal() else (name, None)
