"""The fault matrix: whatever happens to whichever call of a delivery, in the end there is one document (domain 9)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from connector.core.lifecycle import DocumentState
from connector.jobs.deliver import Deliverer
from connector.store import open_store
from tests.sinks.lexware.fate import dying_at
from tests.sinks.tryton_desk import CALLS, FIRST_RUN, TENANT, Clock, Desk, desk_at, is_call
from tests.standins import Fault
from tests.standins import tryton as standin_of_tryton

PLACES_OF_A_DELIVERY = 24
"""So many at least; fewer would mean that the harness has gone blind."""


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    """Yield a store of today's tables, in a folder where commits cost little."""
    in_memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(dir=in_memory if os.access(in_memory, os.W_OK) else None) as name:
        with open_store(f"sqlite:///{name}/today.db", TENANT):
            pass
        yield Path(name) / "today.db"


@pytest.fixture
def desk(template: Path) -> Iterator[Desk]:
    """Yield a desk with one document and empty books."""
    with desk_at(standin_of_tryton.api(now=Clock()), template) as opened:
        yield opened


@pytest.mark.parametrize("times", [1, 2], ids=["once", "again"])
@pytest.mark.parametrize("call", FIRST_RUN)
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_at_every_call(desk: Desk, fault: Fault, call: str, times: int) -> None:
    """After the next runs exactly one document exists, none is lost, and the log agrees."""
    desk.tryton.fail(fault, is_call(call), times)

    desk.run()
    assert any(map(is_call(call), desk.tryton.asked))
    desk.run_until_quiet()

    desk.exactly_once()
    assert desk.run().documents == ()


@pytest.mark.parametrize("call", ["search", "post", "read back"])
@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("first", [Fault.ANSWER_LOST, Fault.SERVER_ERROR, Fault.GATEWAY_TIMEOUT])
def test_every_fault_while_a_lost_answer_is_searched_for(desk: Desk, first: Fault, fault: Fault, call: str) -> None:
    """The search may fail as often as it likes; only a search that was done permits another create."""
    desk.tryton.fail(first, is_call("create"))
    desk.run()
    desk.tryton.fail(fault, is_call(call), 3)

    desk.run_until_quiet()

    desk.exactly_once()


def test_a_draft_whose_post_never_arrived_is_posted_and_not_made_again(desk: Desk) -> None:
    """The connection broke before Tryton had seen anything."""
    desk.tryton.fail(Fault.RESET_BEFORE, is_call("post"))
    desk.run()
    assert [each["state"] for each in desk.tryton.api.carrying(desk.keys[0])] == ["draft"]

    desk.run_until_quiet()

    desk.exactly_once()
    assert sum(map(is_call("create"), desk.tryton.asked)) == 1


def test_a_draft_whose_post_was_refused_is_posted_once_it_was_released(desk: Desk) -> None:
    """The period was missing; meanwhile nothing is sent."""
    desk.tryton.api.years = range(2027, 2028)
    [problem] = desk.run().problems
    assert (problem.code, desk.state(desk.keys[0])) == ("DeliveryRejected", DocumentState.REJECTED)
    assert "must create a period" in problem.message
    desk.run_until_quiet()

    desk.tryton.api.years = range(2026, 2027)
    desk.store.billing.set_state(desk.keys[0], DocumentState.QUEUED, "anna")
    desk.run()

    desk.exactly_once()
    assert sum(map(is_call("create"), desk.tryton.asked)) == 1


def test_whoever_does_not_search_sends_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second attempt without a search: so the matrix can fail."""
    monkeypatch.setattr(Deliverer, "_search", lambda self, pending: self._send(pending.booking))
    desk.tryton.fail(Fault.ANSWER_LOST, is_call("create"))
    desk.run()
    desk.run_until_quiet()
    assert len(desk.tryton.api.carrying(desk.keys[0])) == 2


def killed_at(template: Path, place: int, first: Fault | None) -> bool:
    """Push in a process that dies at the place, then in others that do not; False once it was done before it died."""
    with desk_at(standin_of_tryton.api(now=Clock()), template) as desk:
        desk.queue()
        if first:
            desk.tryton.fail(first, is_call("create"))
            desk.run()
            desk.wait()
        with dying_at(place) as fate:
            desk.run()
        desk.run_until_quiet()
        desk.exactly_once()
        return fate.passed > place


@pytest.mark.parametrize("first", [None, Fault.ANSWER_LOST], ids=["first run", "search"])
def test_killed_at_any_place_the_next_runs_finish(template: Path, first: Fault | None) -> None:
    """Before each commit, before each request, before each answer: nothing is lost, doubled or skipped."""
    places = next(place for place in count() if not killed_at(template, place, first))
    assert places >= PLACES_OF_A_DELIVERY


def test_the_harness_knows_every_call(desk: Desk) -> None:
    """Each kind of call happens, or the matrix would test nothing."""
    desk.run()
    desk.tryton.fail(Fault.ANSWER_LOST, is_call("create"))
    desk.queue()
    desk.run_until_quiet()
    assert all(any(map(is_call(name), desk.tryton.asked)) for name in CALLS)
