"""The fault matrix: whatever happens to whichever call of a delivery, in the end there is one document (domain 9)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from connector.core.document import PlannedDocument
from connector.core.lifecycle import DocumentState
from connector.core.numbering import WORKING_NUMBERS
from connector.jobs.deliver import Deliverer
from connector.jobs.push import Pushed
from connector.sinks.sevdesk.sink import SETTLES_AFTER
from connector.store import Store, open_store
from tests.core.builders import billed_entry, booking, invoice, line, party
from tests.sinks.sevdesk_world import NIGHT, build
from tests.standins import Asked, Fault, Standin, serving
from tests.standins import sevdesk as standin_of_sevdesk
from tests.support.fate import dying_at

TENANT = "nordlicht"

CALLS = {
    "search contact": ("GET", "/api/v1/Contact"),
    "make contact": ("POST", "/api/v1/Contact"),
    "make address": ("POST", "/api/v1/ContactAddress"),
    "create": ("POST", "/api/v1/Invoice/Factory/saveInvoice"),
    "issue": ("PUT", "/api/v1/Invoice/"),
    "read back": ("GET", "/api/v1/Invoice/"),
    "search": ("GET", "/api/v1/Invoice"),
}
FIRST_RUN = ("search contact", "make contact", "make address", "create", "issue", "read back")

PLACES_OF_A_DELIVERY = 24
"""So many at least; fewer would mean that the harness has gone blind."""


def is_call(name: str) -> Callable[[Asked], bool]:
    """Return a function that knows the call."""
    method, path = CALLS[name]
    return lambda asked: (
        asked.method == method and (asked.path == path if not path.endswith("/") else asked.path.startswith(path))
    )


@dataclass
class Clock:
    """Moves only when it is told to."""

    moment: datetime = NIGHT

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment

    def wait(self) -> None:
        """Let pass a bit more than the vendor's time-out."""
        self.moment += timedelta(seconds=SETTLES_AFTER + 1)


@dataclass
class Desk:
    """Documents in a store, and the account they go to."""

    store: Store
    account: Standin
    clock: Clock
    keys: list[str] = field(default_factory=list)

    def queue(self) -> str:
        """Bill and approve a further document of the same customer; return its key."""
        key = f"{len(self.keys) + 1:032x}"
        planned = replace(invoice(line(), buyer=party(vat_id="")), key=key)
        log = (billed_entry(str(planned.net.amount), document=key),)
        self.store.billing.add(
            PlannedDocument(planned, log),
            WORKING_NUMBERS,
            lambda name: (replace(planned, number=name), booking(replace(planned, number=name))),
            state=DocumentState.APPROVED,
            config_hash="c0ffee",
            who="anna",
        )
        self.keys.append(key)
        return key

    def run(self) -> Pushed:
        """Push once, as a process that has just begun."""
        return Deliverer(self.store.deliveries, build(self.account.url), "sevdesk", "anna", self.clock).push()

    def run_until_quiet(self, most: int = 6) -> None:
        """Push again and again, a bit more than the vendor's time-out between."""
        for _ in range(most):
            self.clock.wait()
            self.run()
            if not self.store.deliveries.pending() and not self.store.deliveries.not_compared("sevdesk"):
                return

    def exactly_once(self) -> None:
        """Hold store and account against each other: each document is there once, issued, under the number known."""
        api = self.account.api
        assert len(api.invoices) == len(self.keys)
        assert len(api.contacts) == 1
        for key in self.keys:
            (there,) = api.carrying(key)
            here = self.store.billing.document(key)
            assert there["status"] == "200"
            assert here.summary.state is DocumentState.ACCEPTED
            assert here.summary.number == there["invoiceNumber"]
            (kept,) = self.store.deliveries.receipts_of(key)
            assert kept.receipt.reference == there["id"]
            assert kept.compared_at is not None


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """Yield a folder where commits cost little, with a store of today's tables to copy."""
    in_memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(dir=in_memory if os.access(in_memory, os.W_OK) else None) as name:
        with open_store(f"sqlite:///{name}/today.db", TENANT):
            pass
        yield Path(name)


@contextmanager
def desk_on(ground: Path) -> Iterator[Desk]:
    """Yield a desk with one document and an empty account."""
    clock = Clock()
    with TemporaryDirectory(dir=ground) as folder, serving(standin_of_sevdesk.api(now=clock)) as account:
        path = shutil.copy(ground / "today.db", folder)
        with open_store(f"sqlite:///{path}", TENANT, clock) as store:
            desk = Desk(store, account, clock)
            desk.queue()
            yield desk


@pytest.fixture
def desk(ground: Path) -> Iterator[Desk]:
    """Yield a desk with one document and an empty account."""
    with desk_on(ground) as opened:
        yield opened


@pytest.mark.parametrize("times", [1, 2], ids=["once", "again"])
@pytest.mark.parametrize("call", FIRST_RUN)
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_at_every_call(desk: Desk, fault: Fault, call: str, times: int) -> None:
    """After the next runs exactly one document exists, none is lost, and the log agrees."""
    desk.account.fail(fault, is_call(call), times)

    desk.run()
    assert any(map(is_call(call), desk.account.asked))
    desk.run_until_quiet()

    desk.exactly_once()
    assert desk.run().documents == ()


@pytest.mark.parametrize("call", ["search", "issue", "read back"])
@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("first", [Fault.ANSWER_LOST, Fault.SERVER_ERROR, Fault.GATEWAY_TIMEOUT])
def test_every_fault_while_a_lost_answer_is_searched_for(desk: Desk, first: Fault, fault: Fault, call: str) -> None:
    """The search may fail as often as it likes; only a search that was done permits another create."""
    desk.account.fail(first, is_call("create"))
    desk.run()
    desk.account.fail(fault, is_call(call), 3)

    desk.run_until_quiet()

    desk.exactly_once()
    assert desk.run().documents == ()


def test_a_draft_left_behind_is_issued_and_not_made_again(desk: Desk) -> None:
    """The answer to the issue was lost before it was done."""
    desk.account.fail(Fault.RESET_BEFORE, is_call("issue"))
    desk.run()
    assert [row["status"] for row in desk.account.api.invoices.values()] == ["100"]

    desk.run_until_quiet()

    desk.exactly_once()
    assert desk.account.calls("POST", CALLS["create"][1]) == 1


def test_a_document_with_a_draft_there_does_not_count_as_never_sent(desk: Desk) -> None:
    """To issue it was refused for the time being: it could be cancelled without a trace, while somebody issues it."""
    desk.account.fail(Fault.TOO_MANY, is_call("issue"), 2)
    [problem] = desk.run().problems
    state = desk.store.billing.document(desk.keys[0]).summary.state
    assert (problem.code, state) == ("DeliveryUnknown", DocumentState.UNKNOWN)
    assert "its draft is there, but was not issued: too many requests" in problem.message
    desk.run_until_quiet()
    desk.exactly_once()


def test_whoever_does_not_search_sends_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second attempt without a search: so the matrix can fail."""
    monkeypatch.setattr(Deliverer, "_search", lambda self, pending: self._send(pending.booking))
    desk.account.fail(Fault.ANSWER_LOST, is_call("create"))
    desk.run()
    desk.run_until_quiet()
    assert len(desk.account.api.carrying(desk.keys[0])) == 2


def killed_at(ground: Path, place: int, first: Fault | None) -> bool:
    """Push in a process that dies at the place, then in others that do not; False once it was done before it died."""
    with desk_on(ground) as desk:
        desk.queue()
        if first:
            desk.account.fail(first, is_call("create"))
            desk.run()
            desk.clock.wait()
        with dying_at(place) as fate:
            desk.run()
        desk.run_until_quiet()
        desk.exactly_once()
        return fate.passed > place


@pytest.mark.parametrize("first", [None, Fault.ANSWER_LOST], ids=["first run", "search"])
def test_killed_at_any_place_the_next_runs_finish(ground: Path, first: Fault | None) -> None:
    """Before each commit, before each request, before each answer: nothing is lost, doubled or skipped."""
    places = next(place for place in count() if not killed_at(ground, place, first))
    assert places >= PLACES_OF_A_DELIVERY
