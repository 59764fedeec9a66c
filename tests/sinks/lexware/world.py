"""A store, the stand-in of Lexware Office, and runs of the delivery between them, each as a process of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connector.core.document import PlannedDocument
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.numbering import WORKING_NUMBERS
from connector.http import Patience, Transport
from connector.jobs.deliver import Deliverer
from connector.jobs.push import Pushed
from connector.sinks.lexware import Lexware, Settings, build
from connector.store import Store, open_store
from tests.core.builders import billed_entry, booking, invoice, line, party
from tests.standins import Asked, Said, Standin, serving
from tests.standins import lexware as standin_of_lexware
from tests.support.transports import BERLIN, MemoryInbox, NoLimit, no_wait

KEY = "fedcba98-7654-3210-fedc-ba9876543210"
WHO = "anna"
TENANT = "nordlicht"
NIGHT = datetime(2026, 2, 1, 2, tzinfo=UTC)

ARRIVES_AFTER = timedelta(seconds=30)
"""The vendor's gateway gives up after so long; what was begun before may be done until then."""


def key_of(number: int) -> str:
    """Return a key in its usual form."""
    return f"{number:032x}"


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of a tenant that issues at once."""
    return {"api_key": KEY, "finalize": True, "url": url}


def settings_of(url: str, **wishes: Any) -> Settings:  # noqa: ANN401 - any setting
    """Return them as the sink is built from them, with others beside."""
    return Settings.model_validate(settings_for(url) | wishes)


def sink_at(standin: Standin, **wishes: Any) -> Lexware:  # noqa: ANN401 - any setting
    """Return the sink of a new process: it neither waits nor remembers."""
    patience = Patience(attempts=2, sleep=no_wait)
    transport = Transport("lexware", Path(), MemoryInbox(), time_zone=BERLIN, patience=patience, slots=NoLimit())
    return build(settings_of(standin.url, **wishes), transport)


@dataclass
class Late:
    """Stands before the API: it may put writes aside, which arrive when time passes, or never answer."""

    api: standin_of_lexware.Lexware
    clock: Clock
    puts_aside: int = 0
    aside: list[tuple[datetime, Asked]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """Return the answer of the API; 504 for what is put aside."""
        if asked.method != "GET" and self.puts_aside:
            self.puts_aside -= 1
            self.aside.append((self.clock(), asked))
            return Said(504, {"message": "Endpoint request timed out"})
        return self.api.answer(asked)

    def arrive(self) -> None:
        """Do what was put aside long enough ago."""
        due = [asked for at, asked in self.aside if self.clock() - at >= ARRIVES_AFTER]
        self.aside = [each for each in self.aside if each[1] not in due]
        for asked in due:
            self.api.answer(asked)


@dataclass
class Clock:
    """Moves only when it is told to."""

    moment: datetime = NIGHT

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment


@dataclass
class Desk:
    """Documents in a store, and the sink they go to."""

    store: Store
    standin: Standin
    late: Late
    clock: Clock
    wishes: dict[str, Any] = field(default_factory=dict)

    @property
    def api(self) -> standin_of_lexware.Lexware:
        """Return the organisation."""
        return self.late.api

    def queue(self, number: int = 1, document: Invoice | None = None) -> str:
        """Bill and approve a document; return its key."""
        key = key_of(number)
        planned = replace(document or invoice(line()), key=key)
        log = (billed_entry(str(planned.net.amount), document=key),)
        self.store.billing.add(
            PlannedDocument(planned, log),
            WORKING_NUMBERS,
            lambda name: (replace(planned, number=name), booking(replace(planned, number=name))),
            state=DocumentState.APPROVED,
            config_hash="c0ffee",
            who=WHO,
        )
        return key

    def run(self) -> Pushed:
        """Push once, as a process that has just begun."""
        return Deliverer(self.store.deliveries, sink_at(self.standin, **self.wishes), "lexware", WHO, self.clock).push()

    def wait(self, seconds: int) -> None:
        """Let time pass; what was put aside arrives."""
        self.clock.moment += timedelta(seconds=seconds)
        self.late.arrive()

    def run_until_quiet(self, most: int = 6) -> list[Pushed]:
        """Push again and again, a minute and a bit between, until nothing is pending any more."""
        pushed = []
        for _ in range(most):
            self.wait(61)
            pushed.append(self.run())
            if not self.store.deliveries.pending() and not self.store.deliveries.not_compared("lexware"):
                break
        return pushed

    def state(self, key: str) -> DocumentState:
        """Return where the document stands."""
        return self.store.billing.document(key).summary.state

    def exactly_once(self, *keys: str) -> bool:
        """Hold store and sink against each other: each document is there once, under the number the store knows."""
        assert len(self.api.documents) == len(keys)
        for key in keys:
            (there,) = self.api.carrying(key)
            here = self.store.billing.document(key)
            assert here.summary.state is DocumentState.ACCEPTED
            assert here.summary.number == here.invoice.number == there["voucherNumber"]
            (kept,) = self.store.deliveries.receipts_of(key)
            assert kept.receipt.reference == there["id"]
            assert kept.compared_at is not None
            assert here.invoice.gross.amount == there["totalPrice"]["totalGrossAmount"]
            assert len(list(self.store.billing.entries_of(key))) == 1
        assert len({contact["company"]["name"] for contact in self.api.contacts.values()}) == len(self.api.contacts)
        return True


@contextmanager
def desk_in(folder: Path, template: Path | None = None, **wishes: Any) -> Iterator[Desk]:  # noqa: ANN401 - any setting
    """Yield a desk whose store is a file in the folder, copied from the template where one is given."""
    clock = Clock()
    path = folder / "honorar.db"
    if template:
        shutil.copy(template, path)
    api = standin_of_lexware.api(bucket=None, now=clock)
    late = Late(api, clock)
    with serving(late) as standin, open_store(f"sqlite:///{path}", TENANT, clock) as store:
        yield Desk(store, standin, late, clock, wishes)


def buyer(name: str = "Müller & Söhne GmbH", number: str = "K1") -> Any:  # noqa: ANN401 - a party
    """Return a customer."""
    return party(number, name=name)


Where = Callable[[Asked], bool]
