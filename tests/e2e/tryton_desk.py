"""Documents in a store, a Tryton behind a server that fails on demand, and runs of the delivery between them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connector.core.document import PlannedDocument
from connector.core.lifecycle import DocumentState
from connector.core.numbering import WORKING_NUMBERS
from connector.jobs.deliver import Deliverer
from connector.jobs.push import Pushed
from connector.sinks.tryton.sink import SETTLES_AFTER
from connector.store import Store, open_store
from tests.contract.desk import TENANT, Clock
from tests.core.builders import billed_entry, line
from tests.sinks.tryton_world import build, document
from tests.standins import Api, Asked, Standin, serving

WRITES = {"make customer": "model/party.party", "create": "model/account.invoice", "post": "/post"}
"""The calls that change something, by the end of their path."""


def is_write(name: str) -> Callable[[Asked], bool]:
    """Return a function that knows the call."""
    return lambda asked: asked.method == "POST" and asked.path.endswith(WRITES[name])


@dataclass
class Desk:
    """Documents of one customer, its `number` being its code too, and the Tryton they go to.

    `wishes` are settings, `issued` the day on the documents.
    """

    store: Store
    tryton: Standin
    clock: Clock
    number: str = "10001"
    issued: date = date(2026, 1, 31)
    wishes: dict[str, Any] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)

    def queue(self) -> str:
        """Bill and approve a further document; return its key."""
        key = f"{self.number}{len(self.keys) + 1:0{32 - len(self.number)}x}"
        due = self.issued + timedelta(days=14)
        plain = document(line(), key=key, debtor=self.number, issue_date=self.issued, due_date=due)
        buyer = replace(plain.invoice.buyer, name=f"Kundin {self.number}", vat_id="")
        planned = replace(plain.invoice, buyer=buyer)
        self.store.billing.add(
            PlannedDocument(planned, (billed_entry(str(planned.net.amount), document=key),)),
            WORKING_NUMBERS,
            lambda name: (replace(planned, number=name), replace(plain, invoice=replace(planned, number=name))),
            state=DocumentState.APPROVED,
            config_hash="c0ffee",
            who="anna",
        )
        self.keys.append(key)
        return key

    def run(self) -> Pushed:
        """Push once, as a process that has just begun."""
        sink = build(self.tryton.url, **self.wishes)
        return Deliverer(self.store.deliveries, sink, "tryton", "anna", self.clock).push()

    def wait(self) -> None:
        """Let pass a bit more than is waited after a lost answer."""
        self.clock.moment += timedelta(seconds=SETTLES_AFTER + 1)

    def run_until_quiet(self, most: int = 6) -> None:
        """Push again and again, with a wait before each."""
        for _ in range(most):
            self.wait()
            self.run()
            if not self.store.deliveries.pending() and not self.store.deliveries.not_compared("tryton"):
                return

    def exactly_once(self) -> None:
        """Hold store and books against each other: each document is there once, posted, under the number known."""
        sink = build(self.tryton.url, **self.wishes)
        there = [each for each in sink.listed(self.issued, ()) if each.key.startswith(self.number)]
        assert sorted(each.key for each in there) == sorted(self.keys)
        for listed in there:
            here = self.store.billing.document(listed.key)
            assert here.summary.state is DocumentState.ACCEPTED
            assert (here.summary.number, here.invoice.gross) == (listed.number, listed.gross)
            (kept,) = self.store.deliveries.receipts_of(listed.key)
            assert kept.receipt.reference == listed.reference
            assert kept.compared_at is not None


@contextmanager
def desk_at(api: Api, template: Path | None = None, **parts: Any) -> Iterator[Desk]:  # noqa: ANN401 - of a desk
    """Yield a desk with one document, whose store is copied from the template where one is given."""
    clock = Clock()
    with TemporaryDirectory(dir=template.parent if template else None) as folder, serving(api) as running:
        path = Path(folder) / "honorar.db"
        if template:
            shutil.copy(template, path)
        with open_store(f"sqlite:///{path}", TENANT, clock) as store:
            desk = Desk(store, running, clock, **parts)
            desk.queue()
            yield desk
