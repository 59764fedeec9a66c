"""Handing over to accounting, and comparing with it."""

from __future__ import annotations

from datetime import date

from connector.core.booking import Booking
from connector.core.errors import NotFound, RefusedError
from connector.core.numbering import is_working
from connector.core.payment import PaymentState
from connector.core.ports import BatchSink, InvoiceSink, Receipt
from connector.jobs.deliver import Deliverer
from connector.jobs.push import Pushed, Pusher
from connector.jobs.reconcile import ReconcilableSink, Reconciled, Reconciler
from connector.store import StoredDocument
from connector.wiring.inquiry import documents
from connector.wiring.workspace import Workspace


def push(space: Workspace, again: str | None = None) -> Pushed:
    """Hand over what is queued, or one document once more.

    RefusedError where it never was handed over; or where the sink takes documents one by one, unless an answer was lost
    and only a person can find out whether it has the document.
    """
    pusher = _pusher(space)
    if again is None:
        return pusher.push()
    document = space.store.billing.document(again).summary
    if isinstance(pusher, Deliverer):
        return pusher.push_again(document.key)
    if not any(delivery.reference for delivery in space.store.outbox.deliveries(document.key)):
        message = f"document {document.number} was never handed over, so it cannot be repeated"
        raise RefusedError(message, hint="hand it over first: honorar push")
    return pusher.push_again(document.key)


def take_over(space: Workspace, name: str, reference: str, reason: str) -> Pushed:
    """Take over the document that a person found in accounting under its own reference, after an answer was lost.

    RefusedError where there is nothing to decide, or nothing under the reference.
    """
    pusher = _pusher(space)
    if not isinstance(pusher, Deliverer):
        message = f"{space.tenant.sink.type} takes files, whose answers are not lost"
        raise RefusedError(message, hint="honorar outbox lists what was handed over")
    return pusher.take_over(space.store.billing.document(name).summary.key, reference, reason)


def _pusher(space: Workspace) -> Pusher | Deliverer:
    """Return what hands documents to the sink: in files, or one by one."""
    name = space.tenant.sink.type
    if isinstance(space.sink, BatchSink):
        return Pusher(space.store.outbox, space.sink, name, space.now(), space.who)
    return Deliverer(space.store.deliveries, space.sink, name, space.who, space.now)


def is_gone(space: Workspace, document: StoredDocument) -> bool:
    """Tell whether accounting has nothing left of the document: it was cancelled there, or was a draft and discarded.

    Raises RefusedError or TemporaryError where that cannot be found out.
    """
    key, booking, sink = document.summary.key, document.booking, space.sink
    told = [each.reading for each in space.store.payments.of(key) if each.reading.sink]
    if told and told[-1].status.state is PaymentState.CANCELLED:
        return True
    if booking is None or not is_working(document.invoice.number) or not isinstance(sink, InvoiceSink):
        return False
    return any(_is_missing(sink, booking, kept.receipt) for kept in space.store.deliveries.receipts_of(key))


def _is_missing(sink: InvoiceSink, booking: Booking, receipt: Receipt) -> bool:
    try:
        sink.read(booking, receipt)
    except NotFound:
        return True
    return False


def reconcile(space: Workspace, since: date) -> Reconciled:
    """Return where store and sink disagree, from that day on; RefusedError where the sink cannot tell."""
    name = space.tenant.sink.type
    if not isinstance(space.sink, ReconcilableSink):
        message = f"what sink {name} has cannot be listed"
        raise RefusedError(message, hint="honorar outbox lists what was handed over")
    keys = frozenset(each.key for each in documents(space))
    return Reconciler(space.store.deliveries, space.sink, name, keys).reconcile(since)


def receipts(space: Workspace) -> list[Receipt]:
    """Return what the sink answered for each document that was handed over one by one, oldest first."""
    return list(space.store.deliveries.receipts(space.tenant.sink.type))
