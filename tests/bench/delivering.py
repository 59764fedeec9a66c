"""Handing invoices over: what a sink asks per invoice, what it costs ourselves, and how near the vendor's limit we are.

Stand-ins play the vendors. Requests are counted as they arrive; processor time is that of the thread that delivers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from connector import registry
from connector.core.booking import Booking
from connector.core.document import PlannedDocument
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.login import LoginAdapter
from connector.core.numbering import NumberFormat
from connector.core.ports import BatchSink, Slots
from connector.http import Patience, Transport
from connector.jobs.deliver import Deliverer
from connector.jobs.push import Pusher
from connector.store import Store, open_store
from tests.bench.measure import Finding, Scale, fastest, seconds, speed
from tests.core.builders import billed_entry, booking, invoice, line, party, revenue
from tests.sinks.datev_online.world import visiting
from tests.standins.bucket import Bucket
from tests.standins.server import Api, Asked, Said, Standin, serving
from tests.support.keyed_tenant import keyed, played, revenue_account, sink_api, sink_settings
from tests.support.transports import BERLIN, MemoryInbox, NoLimit, no_wait

INVOICES = 40
INVOICES_PER_CUSTOMER = 4
INVOICES_AT_THE_LIMIT = 20

FLOOR = 2
"""Requests: one creates it, one reads it back."""

MOST_REQUESTS: Mapping[str, str] = {"lexware": "2.5", "sevdesk": "4.5", "tryton": "3.5", "datev_online": "4"}
"""What the vendor's way takes, and a search per customer; of a sink that takes files, for one of them."""

LEAST_PER_SECOND = 40
LEAST_SHARE = 0.99
LIMITED, PER_SECOND, BURST = "lexware", 2, 4
"""The vendor whose limit is the lowest known."""

WHO = "bench"
NUMBERS = NumberFormat.parse("RE-{number:06}")


@dataclass
class Desk:
    """A store, a sink, and its stand-in."""

    name: str
    store: Store
    standin: Standin
    folder: Path
    slots: Slots = field(default_factory=NoLimit)
    patience: Patience = field(default_factory=lambda: Patience(sleep=no_wait))
    numbers: Iterator[int] = field(default_factory=count)

    def sink(self) -> Any:  # noqa: ANN401 - a sink of either kind
        """Return the sink of a process that has just begun."""
        module = registry.sink(self.name)
        settings = module.Settings.model_validate(sink_settings(self.name, self.standin.url))
        transport = Transport(
            self.name, self.folder, MemoryInbox(), time_zone=BERLIN, patience=self.patience, slots=self.slots
        )
        return module.build(settings, transport)

    def queue(self, invoices: int) -> None:
        """Bill so many invoices of three lines, some for each customer."""
        accounts = dict.fromkeys((0, 7, 19), revenue(revenue_account(self.name)))
        for place in range(invoices):
            customer = place // INVOICES_PER_CUSTOMER
            self._bill(_invoice(next(self.numbers), customer), f"{10_000 + customer}", accounts)

    def push(self) -> float:
        """Hand over what waits; return our own seconds."""
        spent = seconds(self._job(self.sink()).push, time.thread_time)
        assert not list(self.store.billing.documents([DocumentState.QUEUED])), f"{self.name} did not take all of them"
        return spent

    def queued_and_pushed(self, invoices: int) -> float:
        """Bill and hand over; return our own seconds for handing over."""
        self.queue(invoices)
        return self.push()

    def _job(self, sink: Any) -> Pusher | Deliverer:  # noqa: ANN401 - a sink of either kind
        if isinstance(sink, BatchSink):
            return Pusher(self.store.outbox, sink, self.name, _now(), WHO)
        return Deliverer(self.store.deliveries, sink, self.name, WHO, _now)

    def _bill(self, document: Invoice, debtor: str, accounts: Mapping[int, Any]) -> None:
        def finished(number: str) -> tuple[Invoice, Booking]:
            named = replace(document, number=number)
            return named, booking(named, debtor=debtor, accounts=accounts)

        planned = PlannedDocument(document, (billed_entry("600.00", document=document.key),))
        state = DocumentState.APPROVED
        self.store.billing.add(planned, NUMBERS, finished, state=state, config_hash="", who=WHO)


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield requests per invoice and invoices per second for each sink, then the share of the lowest limit."""
    for name in played(keyed(registry.sinks())):
        with desk(name, sink_api(name)) as at:
            yield from delivered(at, scale)
    yield at_the_limit(scale.of(INVOICES_AT_THE_LIMIT))


def delivered(at: Desk, scale: Scale) -> Iterator[Finding]:
    """Yield what it takes to deliver to customers that are known there; nothing of a sink that asks nobody."""
    invoices = scale.of(INVOICES)
    if isinstance(sink := at.sink(), LoginAdapter):
        with visiting(at.standin.api.consent) as show:
            sink.log_in(show)
    at.queued_and_pushed(invoices)
    at.standin.asked.clear()
    at.queued_and_pushed(invoices)
    asked = len(at.standin.asked)
    if not asked:  # it writes files, and a person takes them further
        return
    yield counted(at.name, asked, invoices, in_file=isinstance(sink, BatchSink))
    with bare() as url:
        spent, floor = fastest(scale, partial(at.queued_and_pushed, invoices), partial(call, url, asked))
    yield speed("… in our own processor time", invoices, spent, LEAST_PER_SECOND, ("as many bare requests", floor))


def counted(name: str, asked: int, invoices: int, *, in_file: bool) -> Finding:
    """Return how many requests an invoice took, or all in one file."""
    each, most = asked / (1 if in_file else invoices), float(MOST_REQUESTS.get(name, FLOOR))
    customers = -(-invoices // INVOICES_PER_CUSTOMER)
    return Finding(
        f"{invoices} invoices of {customers} customers to {name}, requests for {'all' if in_file else 'each'}",
        f"{each:.2f}",
        f"≤ {most:g}",
        most / each,
        f"one create, one read back: {FLOOR}",
        each / FLOOR,
    )


def at_the_limit(invoices: int) -> Finding:
    """Return what part of the vendor's rate was used, from the first request that arrived to the last one."""
    vendor = Timed(sink_api(LIMITED), Bucket(PER_SECOND, 1, BURST))
    with desk(LIMITED, vendor) as at:
        at.queue(invoices)
        at.slots, at.patience = at.store.slots, Patience()
        at.push()
    spent, asked = max(vendor.arrivals) - min(vendor.arrivals), len(vendor.arrivals)
    floor = max(0, asked - BURST) / PER_SECOND
    share = floor / spent if floor else 1
    return Finding(
        f"{invoices} invoices of new customers to {LIMITED}: {asked} requests at {PER_SECOND}/s, bucket of {BURST}",
        f"{share:.1%}, {vendor.refused or 'no'} 429",
        f"≥ {LEAST_SHARE:.0%}, no 429",
        share / LEAST_SHARE / (1 + vendor.refused),
        f"the bucket alone: {floor:.1f} s",
        1 / share,
    )


@dataclass
class Timed:
    """Stands before an API with the vendor's bucket, and remembers when it was asked, in seconds."""

    api: Api
    bucket: Bucket
    arrivals: list[float] = field(default_factory=list)
    refused: int = 0

    def answer(self, asked: Asked) -> Said:
        """Answer as long as there is something in the bucket."""
        self.arrivals.append(time.monotonic())
        if self.bucket.take():
            return self.api.answer(asked)
        self.refused += 1
        return Said(429)


@contextmanager
def desk(name: str, api: Api) -> Iterator[Desk]:
    """Yield an empty store, and the sink's stand-in."""
    with (
        TemporaryDirectory() as folder,
        serving(api) as standin,
        open_store(f"sqlite:///{folder}/honorar.db", "bench") as store,
    ):
        yield Desk(name, store, standin, Path(folder))


def _now() -> datetime:
    return datetime.now(UTC)


def _invoice(number: int, customer: int) -> Invoice:
    buyer = party(f"K{customer}", name=f"Kunde {customer} GmbH", vat_id="")
    document = invoice(*map(line, ("100.00", "200.00", "300.00")), buyer=buyer, key=f"{number:032x}")
    return replace(document, agreement=f"agreement-{number}")


class Agreeable:
    """Answers whatever is asked, in a few bytes."""

    def answer(self, _: Asked) -> Said:
        """Return an empty object."""
        return Said(200, {})


@contextmanager
def bare() -> Iterator[str]:
    """Yield the address of a server that does nothing."""
    with serving(Agreeable()) as standin:
        yield standin.url


def call(url: str, times: int) -> float:
    """Call the address so often over one connection, every other time with a body; return our own seconds."""

    def all_of_them() -> None:
        with requests.Session() as session:
            for each in range(times):
                session.request("POST" if each % 2 else "GET", url, json={} if each % 2 else None, timeout=10).json()

    return seconds(all_of_them, time.thread_time)
