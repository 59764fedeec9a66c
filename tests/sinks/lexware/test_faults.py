"""The fault matrix: whatever happens to whichever call of a delivery, in the end there is one document (domain 9)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sinks.lexware.world import NIGHT, Desk, desk_in
from tests.standins import Asked, Fault
from tests.support.fate import dying_at

CALLS = {
    "search contact": ("GET", "/v1/contacts"),
    "make contact": ("POST", "/v1/contacts"),
    "change contact": ("PUT", "/v1/contacts"),
    "create": ("POST", "/v1/invoices"),
    "read back": ("GET", "/v1/invoices/"),
    "list": ("GET", "/v1/voucherlist"),
}
FIRST_RUN = ("search contact", "make contact", "create", "read back")

FOUR_PLACES_A_CALL = 12
"""A delivery has at least so many places to die at; fewer would mean that the harness has gone blind."""


def is_call(name: str) -> Callable[[Asked], bool]:
    """Return a function that knows the call."""
    method, path = CALLS[name]
    return lambda asked: asked.method == method and asked.path.startswith(path)


def with_old_contact(desk: Desk) -> None:
    """Let the customer be there already, under another address."""
    desk.queue(9)
    desk.run()
    (name,) = desk.api.documents
    desk.api.discard(name)
    desk.api.contacts[next(iter(desk.api.contacts))]["addresses"]["billing"][0]["street"] = "Altes Ufer 1"


@pytest.mark.parametrize("days", [-40, 40], ids=["behind", "ahead"])
def test_a_clock_that_is_wrong_sends_nothing_twice(desk: Desk, days: int) -> None:
    """Ours says another day than the vendor's, when the answer is lost and when it is searched for."""
    desk.api.now = lambda: NIGHT
    desk.clock.moment = NIGHT + timedelta(days=days)
    key = desk.queue()
    desk.standin.fail(Fault.ANSWER_LOST, is_call("create"))
    desk.run()
    desk.run_until_quiet()
    assert desk.exactly_once(key)


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_while_a_contact_is_changed(desk: Desk, fault: Fault) -> None:
    """The document waits, or goes out; the contact is changed once and never doubled."""
    with_old_contact(desk)
    key = desk.queue()
    desk.standin.fail(fault, is_call("change contact"))

    desk.run()
    desk.run_until_quiet()

    (contact,) = desk.api.contacts.values()
    assert contact["addresses"]["billing"][0]["street"] == "Hauptstraße 1"
    (there,) = desk.api.carrying(key)
    assert desk.store.billing.document(key).summary.number == there["voucherNumber"]


@pytest.mark.parametrize("call", ["list", "read back"])
@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("first", [Fault.ANSWER_LOST, Fault.SERVER_ERROR, Fault.GATEWAY_TIMEOUT])
def test_every_fault_while_a_lost_answer_is_searched_for(desk: Desk, first: Fault, fault: Fault, call: str) -> None:
    """The search may fail as often as it likes; only a search that was done permits another create."""
    key = desk.queue()
    desk.standin.fail(first, is_call("create"))
    desk.run()
    desk.standin.fail(fault, is_call(call), 3)

    desk.run_until_quiet()

    assert desk.exactly_once(key)


@pytest.mark.parametrize("first", Fault)
@pytest.mark.parametrize("second", Fault)
def test_every_fault_after_every_fault(desk: Desk, first: Fault, second: Fault) -> None:
    """A second attempt meets a fault of its own."""
    keys = desk.queue(1), desk.queue(2)
    desk.standin.fail(first, is_call("create"))
    desk.run()
    desk.standin.fail(second, is_call("create"))

    desk.run_until_quiet()

    assert desk.exactly_once(*keys)


def test_a_write_that_arrives_late_is_waited_for(desk: Desk) -> None:
    """The vendor gives up answering and finishes all the same: what is not there yet is not sent again."""
    key = desk.queue()
    desk.queue(2)
    desk.run()  # the contact is known from here on
    third = desk.queue(3)
    desk.late.puts_aside = 1
    assert [problem.code for problem in desk.run().problems] == ["DeliveryUnknown"]
    desk.wait(29)
    assert [problem.code for problem in desk.run().problems] == ["DeliveryUnknown"]

    desk.wait(2)
    assert desk.run().documents == (third,)
    assert desk.exactly_once(key, f"{2:032x}", third)


def test_whoever_does_not_wait_sends_twice(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same without the time-out: so the test above can fail."""
    monkeypatch.setattr("connector.sinks.lexware.sink.SETTLES_AFTER", 0)
    key = desk.queue()
    desk.queue(2)
    desk.run()
    third = desk.queue(3)
    desk.late.puts_aside = 1
    desk.run()
    desk.run()
    desk.wait(61)
    assert (key != third, len(desk.api.carrying(third))) == (True, 2)


def killed_at(desk: Desk, place: int) -> bool:
    """Push in a process that dies at the place; False once it was done before it came there."""
    with dying_at(place) as fate:
        desk.run()
    return fate.passed > place


Event = tuple[str, Any]

FAULTS = st.tuples(
    st.just("fault"), st.tuples(st.sampled_from(Fault), st.sampled_from(sorted(CALLS)), st.integers(1, 3))
)
EVENTS = st.one_of(
    FAULTS,
    st.tuples(st.just("run"), st.none()),
    st.tuples(st.just("kill"), st.integers(0, 40)),
    st.tuples(st.just("late"), st.integers(1, 2)),
    st.tuples(st.just("wait"), st.sampled_from([1, 20, 31, 61])),
    st.tuples(st.just("queue"), st.none()),
)


def happens(desk: Desk, what: str, value: Any, keys: list[str]) -> None:  # noqa: ANN401 - depends on the event
    """Let the event happen."""
    match what:
        case "fault":
            fault, call, times = value
            desk.standin.fail(fault, is_call(call), times)
        case "kill":
            killed_at(desk, value)
        case "late":
            desk.late.puts_aside = value
        case "wait":
            desk.wait(value)
        case "queue":
            keys.append(desk.queue(len(keys) + 1))
        case _:
            desk.run()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(EVENTS, min_size=3, max_size=12))
def test_whatever_happens_in_whatever_order(ground: Path, events: list[Event]) -> None:
    """Runs, faults, kills and writes that arrive late, in any order: always exactly once."""
    with desk_in(Path(tempfile.mkdtemp(dir=ground)), ground / "today.db") as desk:
        keys = [desk.queue(1)]
        for what, value in events:
            happens(desk, what, value, keys)
        desk.late.puts_aside = 0
        desk.run_until_quiet(most=20)
        assert desk.exactly_once(*keys)
