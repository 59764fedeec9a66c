from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from connector.core.booking import Booking
from connector.core.delivery import Attempt, Outcome, Pending
from connector.core.errors import (
    AuthenticationFailed,
    ConfigError,
    DocumentRejected,
    HonorarError,
    NotFound,
    OutcomeUnknown,
    RefusedError,
    Unavailable,
)
from connector.core.lifecycle import DocumentState, check_transition
from connector.core.ports import Capabilities, Delivered, InvoiceSink, Receipt
from connector.jobs.deliver import DIED, MOST_FAILURES, Deliverer
from connector.jobs.push import Pushed
from tests.core.builders import booking, invoice, party
from tests.jobs.world import HOLD, NOTICE, WHO
from tests.support.cloud import SETTLES_AFTER, Cloud

S = DocumentState
NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
LOST = OutcomeUnknown("no whole answer came")


@dataclass
class MemoryDeliveries:
    """Satisfies the port Deliveries."""

    clock: Clock
    states: dict[str, DocumentState] = field(default_factory=dict)
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    read_back: set[str] = field(default_factory=set)
    customers: dict[str, str] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def pending(self) -> tuple[str, ...]:
        """Return what no sink has for certain."""
        first = [key for key, state in self.states.items() if state in (S.SENDING, S.UNKNOWN)]
        return (*first, *(key for key, state in self.states.items() if state is S.QUEUED))

    def document(self, key: str, /) -> Pending:
        """Return the document."""
        made = booking(invoice(key=key, number="E_0001", buyer=party(self.customers.get(key, key))))
        return Pending(made, self.states[key], tuple(self.attempts.get(key, ())))

    def begin(self, sink: str, key: str, /) -> None:
        """Open an attempt."""
        self._bring(key, S.SENDING)
        self.attempts.setdefault(key, []).append(Attempt(sink, self.clock()))

    def end(self, key: str, outcome: Outcome, words: str, /, *, who: str) -> None:
        """Close it."""
        assert who == WHO
        states = {Outcome.REJECTED: S.REJECTED, Outcome.UNKNOWN: S.UNKNOWN, Outcome.NOT_SENT: S.QUEUED}
        self._bring(key, states[outcome])
        self._close(key, outcome, words)

    def accept(self, sink: str, receipt: Receipt, /, *, who: str, why: str = "") -> None:
        """Close it, and keep the receipt and the reason."""
        self.reasons.append(why)
        assert (sink, who) == ("cloud", WHO)
        if self.states[receipt.key] is S.QUEUED:
            self._bring(receipt.key, S.SENDING)
        self._bring(receipt.key, S.ACCEPTED)
        if not self.attempts[receipt.key][-1].outcome:
            self._close(receipt.key, Outcome.ACCEPTED, "")
        self.receipts[receipt.key] = receipt

    def not_compared(self, sink: str, /) -> tuple[Receipt, ...]:
        """Return what was not read back."""
        assert sink == "cloud"
        return tuple(each for key, each in self.receipts.items() if key not in self.read_back)

    def compared(self, sink: str, delivered: Delivered, /) -> None:
        """Keep what was read back."""
        assert sink == "cloud"
        self.receipts[delivered.receipt.key] = delivered.receipt
        self.read_back.add(delivered.receipt.key)

    def _bring(self, key: str, state: DocumentState) -> None:
        check_transition(self.states[key], state)
        self.states[key] = state

    def _close(self, key: str, outcome: Outcome, words: str) -> None:
        last = self.attempts[key][-1]
        self.attempts[key][-1] = replace(last, ended_at=self.clock(), outcome=outcome, words=words)


@dataclass
class Clock:
    """Stands still, unless it is moved."""

    moment: datetime = NOON

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment

    def pass_by(self, seconds: int) -> None:
        """Let time pass."""
        self.moment += timedelta(seconds=seconds)


@dataclass
class World:
    """A sink, what is on record, and the clock of both."""

    cloud: Cloud = field(default_factory=Cloud)
    clock: Clock = field(default_factory=Clock)
    kept: MemoryDeliveries = field(init=False)

    def __post_init__(self) -> None:
        self.kept = MemoryDeliveries(self.clock, {"k-1": S.QUEUED})

    def push(self, *failures: tuple[str, HonorarError, bool]) -> Pushed:
        """Run once, with these failures to come."""
        self.cloud.failures += failures
        return Deliverer(self.kept, self.cloud, "cloud", WHO, self.clock).push()

    @property
    def state(self) -> DocumentState:
        """Return where the first document stands."""
        return self.kept.states["k-1"]


@pytest.fixture
def world() -> World:
    """Return a world with one queued document."""
    return World()


def codes(pushed: Pushed) -> list[str]:
    """Return what was complained of."""
    return [problem.code for problem in pushed.problems]


def test_the_sinks_of_tests_satisfy_the_port(world: World) -> None:
    """As far as names go."""
    assert isinstance(world.cloud, InvoiceSink)


def test_a_first_attempt_is_one_create_and_one_read_back(world: World) -> None:
    """Nothing is searched for; the number the sink issued comes with the receipt."""
    pushed = world.push()

    assert world.cloud.calls == ["deliver k-1", "read k-1"]
    assert (pushed.documents, pushed.problems, pushed.error) == (("k-1",), (), None)
    assert pushed.receipts == (Receipt("k-1", "id-k-1", "RE-k-1", "https://cloud.example/k-1"),)
    assert world.state is S.ACCEPTED
    assert world.push() == Pushed()


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_answer_is_searched_for_before_anything_is_sent_again(world: World, *, arrived: bool) -> None:
    """Found, it is taken over; not found, it is sent only after the sink's own time-out."""
    pushed = world.push(("deliver", LOST, arrived))
    assert (world.state, codes(pushed), pushed.documents) == (S.UNKNOWN, ["DeliveryUnknown"], ())

    world.clock.pass_by(SETTLES_AFTER - 1)
    early = world.push()
    assert (world.state, early.documents) == ((S.ACCEPTED, ("k-1",)) if arrived else (S.UNKNOWN, ()))
    assert codes(early) == ([] if arrived else ["DeliveryUnknown"])

    world.clock.pass_by(1)
    assert world.push().documents == (() if arrived else ("k-1",))
    assert world.state is S.ACCEPTED
    assert [call for call in world.cloud.calls if call.startswith("deliver")] == ["deliver k-1"] * (2 - arrived)


def test_a_document_of_a_dead_process_is_unknown_from_when_it_is_noticed(world: World) -> None:
    """However long ago its attempt began: when the process died, nobody knows."""
    world.kept.begin("cloud", "k-1")
    world.clock.pass_by(10 * SETTLES_AFTER)

    pushed = world.push()
    assert (world.cloud.calls, codes(pushed)) == (["find k-1"], ["DeliveryUnknown"])
    assert world.kept.attempts["k-1"] == [Attempt("cloud", NOON, world.clock(), Outcome.UNKNOWN, DIED)]

    world.clock.pass_by(SETTLES_AFTER)
    assert world.push().documents == ("k-1",)


def test_a_clock_that_went_back_permits_nothing(world: World) -> None:
    """Whoever set it, the time-out has not passed for certain."""
    world.push(("deliver", LOST, False))
    world.clock.pass_by(-3600)
    assert codes(world.push()) == ["DeliveryUnknown"]


def test_what_was_not_sent_waits_again_and_is_searched_for_first(world: World) -> None:
    """A second attempt is never blind, though the first provably did not arrive."""
    pushed = world.push(("deliver", Unavailable("no connection"), False))
    assert (world.state, codes(pushed), pushed.error) == (S.QUEUED, ["DeliveryPostponed"], None)

    world.push()
    assert world.cloud.calls == ["deliver k-1", "find k-1", "deliver k-1", "read k-1"]
    assert world.state is S.ACCEPTED


def test_what_is_found_though_nothing_was_to_be_sent_is_taken_over(world: World) -> None:
    """Whatever the first attempt believed."""
    world.push(("deliver", Unavailable("no connection"), True))
    world.push()
    assert (world.state, len(world.cloud.kept)) == (S.ACCEPTED, 1)


def test_a_rejected_document_keeps_the_sinks_words_and_leaves_the_others_alone(world: World) -> None:
    """It waits for a person; released, it is searched for and sent."""
    world.kept.states["k-2"] = S.QUEUED
    pushed = world.push(("deliver", DocumentRejected("refused (status 406): NOTNULL"), False))

    assert (world.state, pushed.documents) == (S.REJECTED, ("k-2",))
    assert [(each.code, each.message) for each in pushed.problems] == [
        ("DeliveryRejected", "cloud: refused (status 406): NOTNULL")
    ]
    assert world.kept.attempts["k-1"][0].words == "refused (status 406): NOTNULL"

    world.kept.states["k-1"] = S.QUEUED
    assert world.push().documents == ("k-1",)
    assert world.cloud.calls[-3:] == ["find k-1", "deliver k-1", "read k-1"]


@pytest.mark.parametrize(
    ("error", "state", "code"),
    [
        (DocumentRejected("post refused"), S.REJECTED, "DeliveryRejected"),
        (OutcomeUnknown("post lost"), S.UNKNOWN, "DeliveryUnknown"),
        (Unavailable("down"), S.UNKNOWN, "DeliveryPostponed"),
        (NotFound("gone"), S.UNKNOWN, "DeliveryPostponed"),
    ],
)
def test_a_search_that_fails_sends_nothing(world: World, error: HonorarError, state: DocumentState, code: str) -> None:
    """The search may have to finish what was begun; the document stays where it can be settled."""
    world.push(("deliver", LOST, False))
    world.clock.pass_by(SETTLES_AFTER)
    pushed = world.push(("find", error, False))
    assert (world.state, codes(pushed), world.cloud.calls[-1]) == (state, [code], "find k-1")


def test_an_error_that_would_meet_all_ends_the_run(world: World) -> None:
    """The document waits again; what was delivered before is still told."""
    world.kept.states["k-2"] = S.QUEUED
    for error in (AuthenticationFailed("the key is not accepted"), ConfigError("no address")):
        pushed = world.push(("deliver", error, False))
        assert (pushed.error, world.state, world.kept.states["k-2"]) == (error, S.QUEUED, S.QUEUED)
        assert world.kept.attempts["k-1"][-1].outcome is Outcome.NOT_SENT


def test_a_sink_that_is_down_is_given_a_rest(world: World) -> None:
    """After so many failures in a row, the rest waits for the next run."""
    for number in range(2, 7):
        world.kept.states[f"k-{number}"] = S.QUEUED
    down = [("deliver", Unavailable("down"), False)] * MOST_FAILURES
    pushed = world.push(*down)
    assert len(world.cloud.calls) == MOST_FAILURES
    assert isinstance(pushed.error, Unavailable)
    assert codes(pushed) == ["DeliveryPostponed"] * MOST_FAILURES
    assert set(world.kept.states.values()) == {S.QUEUED}


def test_single_failures_do_not_add_up(world: World) -> None:
    """A success between them begins the count anew."""
    for number in range(2, 7):
        world.kept.states[f"k-{number}"] = S.QUEUED
    once = ("deliver", Unavailable("down"), False)
    pushed = world.push(once, once, ("read", Unavailable("down"), False))
    assert (pushed.error, len(pushed.documents)) == (None, 4)


@pytest.mark.parametrize("failure", [("deliver", LOST, False), ("find", Unavailable("down"), False)])
def test_other_documents_of_the_customer_wait_for_an_unknown_one(
    world: World, failure: tuple[str, HonorarError, bool]
) -> None:
    """What is on its way may be the customer itself, whom the next document would make a second time."""
    world.kept.states |= {"k-2": S.QUEUED, "k-3": S.QUEUED}
    world.kept.customers = {"k-1": "K1", "k-2": "K1", "k-3": "K3"}
    pushed = world.push(("deliver", LOST, False))
    assert (codes(pushed), pushed.documents) == (["DeliveryUnknown", "DeliveryPostponed"], ("k-3",))
    assert pushed.problems[1].message == "another document of customer K1 is not settled yet"

    world.clock.pass_by(SETTLES_AFTER)
    assert world.push(failure).documents == ()
    world.clock.pass_by(SETTLES_AFTER)
    assert world.push().documents == ("k-1", "k-2")


@dataclass
class BlindCloud(Cloud):
    """A foreign sink that finds nothing by our reference."""

    capabilities: Capabilities = field(default_factory=lambda: Capabilities(numbers=True))

    def find(self, booking: Booking, since: datetime) -> Receipt | None:  # noqa: ARG002 - the port's signature
        """Nobody asks."""
        raise AssertionError


@pytest.fixture
def blind() -> World:
    """Return a world whose sink cannot be searched, with one queued document."""
    return World(BlindCloud())


def again(world: World, key: str = "k-1") -> Pushed:
    """Send it once more, as a person says."""
    return Deliverer(world.kept, world.cloud, "cloud", WHO, world.clock).push_again(key)


def there(world: World, reference: str = "id-k-1") -> Pushed:
    """Take it over from there, as a person says."""
    return Deliverer(world.kept, world.cloud, "cloud", WHO, world.clock).take_over("k-1", reference, "seen there")


@pytest.mark.parametrize("arrived", [True, False])
def test_what_cannot_be_searched_for_waits_for_a_person(blind: World, *, arrived: bool) -> None:
    """However often it is pushed, and however much later; whatever else of the customer waits with it."""
    blind.kept.states |= {"k-2": S.QUEUED, "k-3": S.QUEUED}
    blind.kept.customers = {"k-1": "K1", "k-2": "K1", "k-3": "K3"}
    pushed = blind.push(("deliver", LOST, arrived))
    assert (blind.state, codes(pushed)) == (S.UNKNOWN, ["DeliveryUndecided", "DeliveryPostponed"])
    (problem, _) = pushed.problems
    assert problem.message == (
        "whether cloud has it is not known, and it cannot be searched for there: no whole answer came"
    )
    assert problem.hint == (
        "look for it: if it is there, honorar accept E_0001 --there ITS_ID; if not, honorar push --again E_0001"
    )
    assert problem.holds
    for _ in range(3):
        blind.clock.pass_by(86_400)
        assert codes(blind.push()) == ["DeliveryUndecided", "DeliveryPostponed"]
    assert blind.cloud.calls == ["deliver k-1", "deliver k-3", "read k-3"]


def test_what_a_dead_process_left_waits_for_a_person_too(blind: World) -> None:
    """Whether its request went out, nobody knows."""
    blind.kept.begin("cloud", "k-1")
    assert codes(blind.push()) == ["DeliveryUndecided"]
    assert blind.cloud.calls == []


def test_what_provably_did_not_arrive_needs_no_search(blind: World) -> None:
    """It is sent again by the next run, also after a person decided."""
    down = ("deliver", Unavailable("no connection"), False)
    assert codes(blind.push(down)) == ["DeliveryPostponed"]
    assert codes(blind.push(("deliver", LOST, False))) == ["DeliveryUndecided"]
    blind.cloud.failures.append(down)
    assert codes(again(blind)) == ["DeliveryPostponed"]
    assert blind.push().documents == ("k-1",)
    assert (len(blind.cloud.kept), blind.state) == (1, S.ACCEPTED)


def test_a_person_who_did_not_find_it_has_it_sent_again(blind: World) -> None:
    """Once; a second time there is nothing to decide."""
    blind.push(("deliver", LOST, False))
    assert again(blind).documents == ("k-1",)
    with pytest.raises(RefusedError, match="there is no lost answer of cloud to decide"):
        again(blind)
    assert blind.cloud.calls == ["deliver k-1", "deliver k-1", "read k-1"]


def test_a_person_who_found_it_has_it_taken_over(blind: World) -> None:
    """It is read and compared like any other; the reason is kept, and nothing is sent."""
    blind.push(("deliver", LOST, True))
    blind.cloud.adds = "0.01"
    pushed = there(blind)
    assert (pushed.receipts[0].number, codes(pushed)) == ("RE-k-1", ["DeliveredDifferently"])
    assert (blind.state, blind.kept.reasons) == (S.ACCEPTED, ["seen there"])
    assert not any(call.startswith("deliver") for call in blind.cloud.calls[1:])


def test_what_is_not_there_is_not_taken_over(blind: World) -> None:
    """The sink has nothing under the reference; the document waits on."""
    blind.push(("deliver", LOST, False))
    blind.cloud.failures.append(("read", NotFound("nothing there"), False))
    with pytest.raises(NotFound):
        there(blind)
    assert blind.state is S.UNKNOWN


@pytest.mark.parametrize("decide", [again, there])
def test_nobody_decides_what_can_be_searched_for(world: World, decide: Callable[[World], Pushed]) -> None:
    """Nor what another sink may have."""
    world.push(("deliver", LOST, False))
    with pytest.raises(RefusedError, match="cloud takes each document once, and is searched for it"):
        decide(world)
    elsewhere = World(BlindCloud())
    elsewhere.kept.begin("other", "k-1")
    with pytest.raises(RefusedError, match="no lost answer of cloud"):
        decide(elsewhere)


def test_what_the_sink_cannot_do_is_held_before_it_is_sent(world: World) -> None:
    """No attempt is made; a notice alone holds nothing."""
    world.cloud.problems = (HOLD, NOTICE)
    pushed = world.push()
    assert (world.state, world.cloud.calls, pushed.problems) == (S.QUEUED, [], (HOLD, NOTICE))

    world.cloud.problems = (NOTICE,)
    assert world.push().documents == ("k-1",)


def test_what_another_sink_may_have_is_not_sent(world: World) -> None:
    """Until that is settled there."""
    world.kept.begin("other", "k-1")
    pushed = world.push()
    assert (codes(pushed), world.cloud.calls) == (["AttemptedElsewhere"], [])
    assert "other may have it" in pushed.problems[0].message


def test_a_difference_of_a_cent_is_told_and_stops_nothing(world: World) -> None:
    """Both amounts are named, and the address of the document."""
    world.cloud.adds = "0.01"
    world.kept.states["k-2"] = S.QUEUED
    pushed = world.push()
    assert pushed.documents == ("k-1", "k-2")
    assert codes(pushed) == ["DeliveredDifferently"] * 2
    first = pushed.problems[0]
    assert first.message == "gross 5950.00 EUR here, 5950.01 EUR there"
    assert first.place == "document RE-k-1 of website, https://cloud.example/k-1"
    assert codes(world.push()) == []


def test_documents_that_are_gone_keep_no_others_from_being_sent(world: World) -> None:
    """Discarded there before they were read back, they are told with every run until they are cancelled here."""
    gone = [f"k-{number}" for number in range(1, MOST_FAILURES + 1)]
    world.kept.states.update(dict.fromkeys([*gone, "k-9"], S.QUEUED))
    missing = ("read", NotFound("it is gone"), False)
    pushed = world.push(*[missing] * len(gone))
    assert (pushed.error, codes(pushed)) == (None, ["MissingInSink"] * len(gone))
    assert world.kept.states["k-9"] is S.ACCEPTED
    world.kept.states["k-1"] = S.CANCELLED
    assert codes(world.push(*[missing] * (len(gone) - 1))) == ["MissingInSink"] * (len(gone) - 1)


def test_what_could_not_be_read_back_is_compared_by_the_next_run(world: World) -> None:
    """It counts as accepted all the same."""
    pushed = world.push(("read", Unavailable("down"), False))
    assert (world.state, codes(pushed)) == (S.ACCEPTED, ["NotCompared"])
    assert pushed.receipts == (Receipt("k-1", "id-k-1"),)

    world.cloud.adds = "0.01"
    again = world.push()
    assert (codes(again), again.documents) == (["DeliveredDifferently"], ())
    assert world.kept.receipts["k-1"].number == "RE-k-1"
