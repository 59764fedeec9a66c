from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest

from connector.core.errors import OutcomeUnknown, RateLimited, Unavailable
from connector.http import Patience, Rate, Transport
from connector.http.pace import OwnSlots
from tests.support.transports import MemoryInbox
from tests.support.web import Answer, web

KEY = "0f1e2d3c4b5a"
RATE = Rate(requests=2, seconds=1, burst=2)
SECOND = 1_000_000


@dataclass
class NotedSlots:
    """Satisfies the port Slots: gives out the waits it was told, in microseconds, and notes what it is asked."""

    waits: list[int] = field(default_factory=list)
    asked: list[tuple[str, Rate]] = field(default_factory=list)
    pauses: list[int] = field(default_factory=list)

    def reserve(self, account: str, rate: Rate) -> int:
        """Return the next wait, then none."""
        self.asked.append((account, rate))
        return self.waits.pop(0) if self.waits else 0

    def push_back(self, account: str, rate: Rate, seconds: int) -> None:
        """Note the pause."""
        assert (account, rate) == self.asked[-1]
        self.pauses.append(seconds)


@dataclass
class Sleeper:
    """Notes how long it was to sleep, and does not."""

    slept: list[float] = field(default_factory=list)

    def transport(self, slots: NotedSlots) -> Transport:
        """Return a transport that sleeps here."""
        return Transport("tool", Path(), MemoryInbox(), patience=Patience(sleep=self.slept.append), slots=slots)


def test_without_a_rate_nothing_waits() -> None:
    """An adapter whose vendor names no limit asks for no slot."""
    slots = NotedSlots()
    with web(Answer(429), Answer()) as server:
        Sleeper().transport(slots).get_json(server.url)
    assert (slots.asked, slots.pauses) == ([], [])


def test_every_call_reserves_a_slot_and_waits_for_it() -> None:
    """Reads and writes alike; the slots know the account by a hash of its key alone."""
    slots, sleeper = NotedSlots([0, 1_500_000, 0]), Sleeper()
    transport = sleeper.transport(slots)
    transport.keep_to(RATE, KEY)
    with web(*[Answer()] * 3) as server:
        transport.get_json(server.url)
        transport.send_json("POST", server.url, body={})
        transport.ask_json(server.url, body={})
    assert slots.asked == [(hashlib.sha256(KEY.encode()).hexdigest(), RATE)] * 3
    assert sleeper.slept == [1.5]


def test_every_attempt_reserves_a_slot_of_its_own() -> None:
    """A call that is tried again counts again for the vendor."""
    slots = NotedSlots()
    transport = Sleeper().transport(slots)
    transport.keep_to(RATE, KEY)
    with web(Answer(503), Answer(500), Answer()) as server:
        transport.get_json(server.url)
    assert len(slots.asked) == 3
    assert slots.pauses == []


@pytest.mark.parametrize(("headers", "pause"), [({"Retry-After": "30"}, 30), ({"Retry-After": "0"}, 0), ({}, 1)])
def test_being_slowed_down_pushes_the_slots_back(headers: dict[str, str], pause: int) -> None:
    """For everybody, by the wait asked for, else by a second; also after the last attempt."""
    slots = NotedSlots()
    transport = Sleeper().transport(slots)
    transport.keep_to(RATE, KEY)
    with web(*[Answer(429, headers=headers)] * 5, Answer()) as server, pytest.raises(RateLimited):
        transport.send_json("POST", server.url, body={})
    assert set(slots.pauses) == {pause}
    assert len(slots.pauses) == len(slots.asked) == transport.requests


def test_a_fault_that_speaks_of_the_rate_is_one_of_the_rate() -> None:
    """Some vendors say it with status 500: then a write was not taken and goes out again, others leave it unknown."""
    slots = NotedSlots()
    transport = Sleeper().transport(slots)
    transport.keep_to(RATE, KEY, speaks_of_rate=lambda status, body: status == 500 and b"rate limit" in body)
    limited, broken = Answer(500, b'{"message": "rate limit exceeded"}'), Answer(500, b'{"message": "NPE"}')
    with web(limited, Answer(), limited, broken) as server:
        transport.send_json("POST", server.url, body={})
        with pytest.raises(OutcomeUnknown):
            transport.send_json("POST", server.url, body={})
    assert slots.pauses == [1, 1]


def test_a_slot_too_far_ahead_is_left_to_the_next_run() -> None:
    """Where a pause is longer than patience nothing goes out, nobody is pushed back, and the error tells the wait."""
    slots, sleeper = NotedSlots([600 * SECOND - 1]), Sleeper()
    transport = sleeper.transport(slots)
    transport.keep_to(RATE, KEY)
    with web(Answer()) as server, pytest.raises(RateLimited) as caught:
        transport.get_json(server.url)
    assert caught.value.retry_after == 600
    assert (sleeper.slept, slots.pauses, transport.requests, server.asked) == ([], [], 0, [])


def test_a_connection_that_is_not_made_keeps_to_the_rate() -> None:
    """Each attempt reserves, because the vendor may have counted it."""
    slots = NotedSlots()
    transport = Sleeper().transport(slots)
    transport.keep_to(RATE, KEY)
    with web() as server:
        pass
    with pytest.raises(Unavailable):
        transport.send_json("POST", server.url, body={})
    assert len(slots.asked) == 5


def test_slots_of_one_process() -> None:
    """The second comes a tenth of a second late, in case the first was slow; a pause moves the next to its end."""
    now = [0]
    slots = OwnSlots(lambda: now[0])
    assert [slots.reserve("a", RATE) for _ in range(4)] == [0, 100_000, 600_000, 1_100_000]
    assert slots.reserve("b", RATE) == 0
    now[0] = 10 * SECOND
    slots.push_back("a", RATE, 5)
    slots.push_back("a", RATE, 1)
    assert [slots.reserve("a", RATE) for _ in range(2)] == [5 * SECOND, 5 * SECOND + 500_000]


def test_the_slots_of_a_transport_are_its_own_unless_told_otherwise() -> None:
    """A transport without a store keeps to the rate by itself."""
    sleeper = Sleeper()
    transport = Transport("tool", Path(), MemoryInbox(), patience=Patience(sleep=sleeper.slept.append))
    transport.keep_to(Rate(requests=1, seconds=10), KEY)
    with web(Answer(), Answer()) as server:
        transport.get_json(server.url)
        transport.get_json(server.url)
    [slept] = sleeper.slept
    assert 9 < slept < 10


def test_several_threads_may_call() -> None:
    """Every call is counted, and every answer kept."""
    inbox = MemoryInbox()
    transport = Transport("tool", Path(), inbox)

    def call() -> None:
        for _ in range(5):
            transport.get_json(server.url)
            transport.send_json("POST", server.url, body={})

    with web(*[Answer()] * 40) as server:
        threads = [Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert transport.requests == len(server.asked) == len(inbox.kept) == 40
