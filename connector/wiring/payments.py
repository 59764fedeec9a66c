"""The way back: what accounting tells of payments, what the project tools are told of it, what is still to come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from connector.core.errors import RefusedError
from connector.core.ports import BilledMarker, StatusSource, StatusWriter
from connector.core.problems import Problem
from connector.core.receivables import DSO_DAYS, OpenItem, Receivables, set_off
from connector.core.receivables import receivables as receivables_of
from connector.core.reminding import with_levels
from connector.documents.payments import news_text
from connector.jobs.mark import Marking
from connector.jobs.settle import Settled, Settler
from connector.jobs.write_back import WriteBack, WrittenBack
from connector.wiring import billing
from connector.wiring.workspace import Workspace


def settles(space: Workspace) -> bool:
    """Tell whether the sink knows what was paid, or a source wants to be told."""
    return isinstance(space.sink, StatusSource) or bool(_status_writers(space)) or bool(_markers(space))


def settle(space: Workspace) -> Settled:
    """Read payments and reminders back; RefusedError where the sink knows of none, and no source wants any."""
    name = space.tenant.sink.type
    if not settles(space):
        message = f"sink {name} does not tell what was paid"
        raise RefusedError(message, hint="record payments with: honorar paid")
    if not isinstance(space.sink, StatusSource):
        return Settled()
    kept, deliveries = space.store.payments, space.store.deliveries
    return Settler(kept, deliveries, space.sink, name, space.who, space.now).settle()


def write_back(space: Workspace, on: date) -> WrittenBack:
    """Tell the sources what became of documents since they were last told, of what was settled a while ago too.

    Those that want it are told which time stands on documents.
    """
    say = partial(news_text, language=space.tenant.language)
    back = WriteBack(space.store.billing, space.store.payments, say, space.who)
    written = back.write(_status_writers(space), set_off(_items(space, on)))
    marked = list(_marked(space, on))
    places = tuple(each for each in marked if isinstance(each, str))
    problems = tuple(each for each in marked if isinstance(each, Problem))
    return WrittenBack((*written.places, *places), (*written.problems, *problems))


def receivables(space: Workspace, on: date, agreement: str = "") -> Receivables:
    """Return what is still to come on the day, of one agreement if one is named."""
    return receivables_of([item for item in _items(space, on) if agreement in ("", item.agreement)], on)


def _status_writers(space: Workspace) -> dict[str, StatusWriter]:
    """Return the sources that are told what becomes of documents, by name."""
    adapters = ((each.name, each.adapter) for each in space.sources)
    return {name: each for name, each in adapters if isinstance(each, StatusWriter) and each.writes_status}


def _markers(space: Workspace) -> dict[str, BilledMarker]:
    """Return the sources in which time is marked as billed, by name."""
    adapters = ((each.name, each.adapter) for each in space.sources)
    return {name: each for name, each in adapters if isinstance(each, BilledMarker) and each.marks_billed}


def _marked(space: Workspace, on: date) -> Iterator[str | Problem]:
    if markers := _markers(space):
        store = space.store
        marking = Marking(billing.facts(space, on, {}), store.billing.approved_history(), store.marks, space.who)
        for name, marker in markers.items():
            yield from marking.mark(name, marker, store.collected([name]))


def _items(space: Workspace, on: date) -> list[OpenItem]:
    """Return what may be open, and what was settled lately, with the level that was given from here."""
    return with_levels(space.store.payments.items(on - timedelta(days=DSO_DAYS)), space.store.reminders.given())
