"""A sink behind its stand-in, a store with documents for it, and runs between them, each as a process of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connector.core.booking import Booking
from connector.core.document import PlannedDocument
from connector.core.lifecycle import DocumentState
from connector.core.numbering import WORKING_NUMBERS
from connector.core.payment import PaymentState
from connector.jobs.deliver import Deliverer
from connector.jobs.push import Pushed
from connector.jobs.settle import Settled, Settler
from connector.store import Store, open_store
from tests.core.builders import billed_entry
from tests.standins import Asked, Fault, Standin, serving

TENANT = "nordlicht"
WHO = "anna"
ISSUED = date(2026, 1, 31)

CREDIT_NOTE = "credit_note"
"""What a world has a function of that name for."""


@dataclass
class Clock:
    """Moves only when it is told to."""

    moment: datetime = datetime(2026, 2, 1, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment


@dataclass
class Desk:
    """Documents in a store, and the sink they go to; its world is tests/sinks/<name>_world.py."""

    name: str
    world: Any
    store: Store
    standin: Standin
    clock: Clock
    make: Callable[..., Booking]
    keys: list[str] = field(default_factory=list)
    begun: int = 0

    def sink(self) -> Any:  # noqa: ANN401 - each sink has ports of its own
        """Return the sink as a process has it that has just begun."""
        return self.world.build(self.standin.url)

    def queue(self) -> str:
        """Bill and approve a further document of the same customer; return its key."""
        key = f"{len(self.keys) + 1:032x}"
        booked = self.make(key=key)
        planned = booked.invoice

        def finish(name: str) -> Any:  # noqa: ANN401 - the document and its booking
            numbered = replace(planned, number=name)
            return numbered, replace(booked, invoice=numbered)

        entry = billed_entry(str(planned.net.amount), document=key)
        made = PlannedDocument(planned, (entry,))
        self.store.billing.add(
            made, WORKING_NUMBERS, finish, state=DocumentState.APPROVED, config_hash="c0ffee", who=WHO
        )
        self.keys.append(key)
        return key

    def run(self) -> Pushed:
        """Push once."""
        return Deliverer(self.store.deliveries, self.sink(), self.name, WHO, self.clock).push()

    def settle(self) -> Settled:
        """Read payments back once."""
        kept = self.store
        return Settler(kept.payments, kept.deliveries, self.sink(), self.name, WHO, self.clock).settle()

    def wait(self) -> None:
        """Let pass a bit more than the sink's own time-out."""
        self.clock.moment += timedelta(seconds=self.sink().capabilities.settles_after + 1)

    def run_until_quiet(self, most: int = 6) -> None:
        """Push again and again, with a wait before each, until nothing is pending any more."""
        for _ in range(most):
            self.wait()
            self.run()
            if not self.store.deliveries.pending() and not self.store.deliveries.not_compared(self.name):
                return

    def meets(self, fault: Fault, number: int, act: Callable[[], object], times: int = 1) -> bool:
        """Let the fault happen to the request of that number (the first is 0) of the act; False if it has fewer.

        It happens so many times, one request after the other.
        """
        first, armed = len(self.standin.asked), [True]
        self.standin.fail(fault, lambda _: armed[0] and len(self.standin.asked) > first + number, times)
        act()
        armed[0] = False
        return len(self.standin.asked) > first + number

    def requests(self) -> Sequence[Asked]:
        """Return what was asked so far, since the desk was opened."""
        return self.standin.asked[self.begun :]

    def exactly_once(self) -> bool:
        """Hold store and sink against each other: each document is there once, compared, under the number known."""
        there = list(self.sink().listed(ISSUED, ()))
        assert sorted(each.key for each in there) == sorted(self.keys)
        for listed in there:
            here = self.store.billing.document(listed.key)
            assert here.summary.state is DocumentState.ACCEPTED
            assert (here.summary.number, here.invoice.gross) == (listed.number, listed.gross)
            (kept,) = self.store.deliveries.receipts_of(listed.key)
            assert kept.receipt.reference == listed.reference
            assert kept.compared_at is not None
            assert len(list(self.store.billing.entries_of(listed.key))) == 1
        return True

    def told_once(self) -> bool:
        """Hold what is known of the payments: open, told once, and the document along with it."""
        for key in self.keys:
            (kept,) = self.store.payments.of(key)
            assert kept.reading.status.state is PaymentState.OPEN
            assert kept.reading.status.open == self.store.billing.document(key).invoice.payable
            assert self.store.billing.document(key).summary.state is DocumentState.OPEN
        return True


@contextmanager
def desk_of(name: str, template: Path, form: str = "document") -> Iterator[Desk]:
    """Yield a desk with one document, an empty sink, and a store that is a copy of the template.

    Where the form is a credit note, the sink has the invoice that it takes something off.
    """
    clock = Clock()
    api = import_module(f"tests.standins.{name}").api(now=clock)
    api.bucket = None
    with TemporaryDirectory(dir=template.parent) as folder, serving(api) as standin:
        standin.slow_seconds = 0.005
        path = shutil.copy(template, folder)
        with open_store(f"sqlite:///{path}", TENANT, clock) as store:
            world = import_module(f"tests.sinks.{name}_world")
            desk = Desk(name, world, store, standin, clock, world.document)
            key = desk.queue()
            if form == CREDIT_NOTE:
                desk.run()
                desk.make = partial(world.credit_note, credits=key)
                desk.queue()
            desk.begun = len(standin.asked)
            yield desk
