"""Handing over to accounting, and comparing with it."""

from __future__ import annotations

from datetime import date

from connector.core.errors import RefusedError
from connector.core.ports import BatchSink, Receipt
from connector.jobs.deliver import Deliverer
from connector.jobs.push import Pushed, Pusher
from connector.jobs.reconcile import ReconcilableSink, Reconciled, Reconciler
from connector.wiring.inquiry import documents
from connector.wiring.workspace import Workspace


def push(space: Workspace, again: str | None = None) -> Pushed:
    """Hand over what is queued, or one document once more to a sink that takes files.

    RefusedError where it never was handed over, or the sink keeps each document once.
    """
    pusher = _pusher(space)
    if again is None:
        return pusher.push()
    if isinstance(pusher, Deliverer):
        message = f"{space.tenant.sink.type} takes each document once"
        raise RefusedError(message, hint="what it rejected is sent again after: honorar release")
    document = space.store.billing.document(again).summary
    if not any(delivery.reference for delivery in space.store.outbox.deliveries(document.key)):
        message = f"document {document.number} was never handed over, so it cannot be repeated"
        raise RefusedError(message, hint="hand it over first: honorar push")
    return pusher.push_again(document.key)


def _pusher(space: Workspace) -> Pusher | Deliverer:
    """Return what hands documents to the sink: in files, or one by one."""
    name = space.tenant.sink.type
    if isinstance(space.sink, BatchSink):
        return Pusher(space.store.outbox, space.sink, name, space.now(), space.who)
    return Deliverer(space.store.deliveries, space.sink, name, space.who, space.now)


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
