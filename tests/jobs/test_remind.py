from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from connector.core.delivery import Outcome
from connector.core.errors import (
    AuthenticationFailed,
    DocumentRejected,
    HonorarError,
    OutcomeUnknown,
    RefusedError,
    Unavailable,
    UnexpectedAnswer,
)
from connector.core.interest import Balance
from connector.core.lifecycle import DocumentState
from connector.core.ports import Capabilities, Receipt, ReminderSink
from connector.core.problems import Problem
from connector.core.reminder import Reminder
from connector.core.reminding import Case
from connector.jobs.remind import Sender, Sent, unsettled_problems
from connector.store import Store, open_store
from tests.core.builders import eur, party
from tests.core.procedures import item, level, procedure
from tests.store.world import TENANT, WHO, add
from tests.support.fate import Killed

MARCH = date(2026, 3, 1)
NAME = "cloud"
REASON = "why"

Said = HonorarError | BaseException | None


@dataclass
class Cloud:
    """Accounting that takes reminders; before or after it took one, something may happen."""

    finds: bool = True
    before: list[Said] = field(default_factory=list)
    after: list[Said] = field(default_factory=list)
    searching: list[Said] = field(default_factory=list)
    refuses: bool = False
    written: dict[str, Reminder] = field(default_factory=dict)
    searched: int = 0
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def capabilities(self) -> Capabilities:
        """Return what it can do."""
        return Capabilities(duns=True, finds_reminders=self.finds, settles_after=60)

    def reminder_refusals(self, reminder: Reminder) -> Iterator[Problem]:
        """Yield that it does not like the reminder, where it does not."""
        if self.refuses:
            yield Problem("ReminderFeeRefused", "no fees", reminder.place, "leave them out")

    def remind(self, reminder: Reminder, document: Receipt) -> Receipt:
        """Take the reminder."""
        _happen(self.before)
        receipt = Receipt(reminder.key, f"{document.reference}-{next(self.numbers)}")
        self.written[receipt.reference] = reminder
        _happen(self.after)
        return receipt

    def find_reminder(
        self, reminder: Reminder, document: Receipt, since: datetime, known: Collection[str]
    ) -> Receipt | None:
        """Look for it, where it can."""
        assert since.tzinfo
        self.searched += 1
        _happen(self.searching)
        mine = (name for name in self.written if name.startswith(f"{document.reference}-") and name not in known)
        return Receipt(reminder.key, found) if self.finds and (found := next(mine, None)) else None


def _happen(planned: list[Said]) -> None:
    if planned and (error := planned.pop(0)):
        raise error


@dataclass
class Clock:
    """Moves only when it is told to."""

    moment: datetime = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment


@dataclass
class Office:
    """A store with documents that the cloud has, all due since the middle of February."""

    store: Store
    cloud: Cloud
    clock: Clock
    documents: int = 1

    def cases(self) -> list[Case]:
        """Return the documents with what was done so far."""
        keys = [f"k-{number}" for number in range(1, self.documents + 1)]
        balances = (Balance(date(2026, 1, 31), eur("9916.66")),)
        return [
            Case(
                item(key=key, number=f"RE-{key}"),
                party(),
                balances,
                self.store.reminders.of(key),
                document=Receipt(key, f"there-{key}"),
            )
            for key in keys
        ]

    def run(self, on: date = MARCH, cases: list[Case] | None = None) -> Sent:
        """Send what is due, as a process that has just begun."""
        sender = Sender(self.store.reminders, self.cloud, NAME, procedure(), WHO, self.clock)
        return sender.send(self.cases() if cases is None else cases, on)

    def wait(self, seconds: int = 61) -> None:
        """Let time pass."""
        self.clock.moment += timedelta(seconds=seconds)

    def outcomes(self, key: str = "k-1") -> list[Outcome | None]:
        """Return how every attempt ended."""
        return [each.attempt.outcome for each in self.store.reminders.of(key)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Yield an office with three documents; one is to be reminded of unless a test says otherwise."""
    clock = Clock()
    with open_store(f"sqlite:///{tmp_path / 'honorar.db'}", TENANT, clock) as store:
        for number in (1, 2, 3):
            add(store, f"k-{number}", DocumentState.APPROVED)
        yield Office(store, Cloud(), clock)


def codes(sent: Sent) -> list[str]:
    """Return the codes of what should be known."""
    return [problem.code for problem in sent.problems]


def test_the_sinks_of_the_tests_are_sinks() -> None:
    """As the port wants them."""
    assert isinstance(Cloud(), ReminderSink)


def test_what_is_due_is_written_once(office: Office) -> None:
    """In the order given; the next level when its days have passed."""
    office.documents = 2
    sent = office.run()
    assert [(reminder.number, receipt.reference) for reminder, receipt in sent.reminders] == [
        ("RE-k-1", "there-k-1-1"),
        ("RE-k-2", "there-k-2-2"),
    ]
    assert (codes(sent), sent.error) == ([], None)
    assert office.run() == Sent()
    assert [reminder.level for reminder, _ in office.run(on=date(2026, 3, 15)).reminders] == [2, 2]
    assert office.cloud.searched == 0


def test_what_cannot_be_said_there_is_not_begun(office: Office) -> None:
    """Nothing is on record of what the sink refuses by itself, of a draft, or of what no sink has."""
    office.cloud.refuses = True
    assert codes(office.run()) == ["ReminderFeeRefused"]
    office.cloud.refuses = False
    (case,) = office.cases()
    assert codes(office.run(cases=[replace(case, item=item(number="E_0001"))])) == ["DraftNotReminded"]
    assert codes(office.run(cases=[replace(case, document=None)])) == ["ReminderPostponed"]
    assert (office.outcomes(), office.cloud.written) == ([], {})


@pytest.mark.parametrize(
    ("error", "code", "outcome"),
    [
        (DocumentRejected("no such contact"), "ReminderRejected", Outcome.REJECTED),
        (Unavailable("down"), "ReminderPostponed", Outcome.NOT_SENT),
        (UnexpectedAnswer("what?"), "ReminderPostponed", Outcome.NOT_SENT),
    ],
)
def test_what_was_certainly_not_written_is_tried_again(
    office: Office, error: HonorarError, code: str, outcome: Outcome
) -> None:
    """A second attempt is searched for first all the same, and the others go on."""
    office.documents = 2
    office.cloud.before = [error]
    sent = office.run()
    assert (codes(sent), len(sent.reminders), office.outcomes()) == ([code], 1, [outcome])
    assert error.message in sent.problems[0].message
    assert len(office.run().reminders) == 1
    assert (office.cloud.searched, len(office.cloud.written)) == (1, 2)
    assert office.outcomes() == [outcome, Outcome.ACCEPTED]


def test_an_outage_leaves_few_answers_unknown(office: Office) -> None:
    """Where a person must look for each, a server that answers nobody is given a rest."""
    office.documents, office.cloud.finds = 3, False
    office.cloud.before = [OutcomeUnknown("no answer")] * 3
    sent = office.run()
    assert (codes(sent), type(sent.error)) == (["ReminderUnknown"] * 3, Unavailable)
    assert [office.outcomes(f"k-{number}") for number in (1, 2, 3)] == [[Outcome.UNKNOWN]] * 3


def test_a_second_attempt_finds_what_the_first_left(office: Office) -> None:
    """Although it was said that nothing was written: then it is taken over, not written twice."""
    office.cloud.after = [Unavailable("said to be down")]
    assert codes(office.run()) == ["ReminderPostponed"]
    ((_, receipt),) = office.run().reminders
    assert (receipt.reference, len(office.cloud.written)) == ("there-k-1-1", 1)


def test_a_search_that_fails_postpones_the_second_attempt(office: Office) -> None:
    """Nothing is sent while nobody can look."""
    office.cloud.before = [DocumentRejected("no such contact")]
    office.run()
    office.cloud.searching = [Unavailable("down")]
    assert codes(office.run()) == ["ReminderPostponed"]
    assert office.cloud.written == {}


@pytest.mark.parametrize("arrived", [True, False])
def test_a_lost_answer_is_searched_for(office: Office, arrived: bool) -> None:  # noqa: FBT001 - a case
    """Found, it counts; not found, it is written anew only after the sink's time-out, in the run after that."""
    lost = OutcomeUnknown("no answer")
    (office.cloud.after if arrived else office.cloud.before).append(lost)
    sent = office.run()
    assert (codes(sent), office.outcomes()) == (["ReminderUnknown"], [Outcome.UNKNOWN])
    assert "the next honorar remind --send searches for it" in sent.problems[0].hint
    if arrived:
        assert len(office.run().reminders) == 1
    else:
        assert codes(office.run()) == ["ReminderUnknown"]
        office.wait()
        assert codes(office.run()) == ["ReminderPostponed"]
        assert len(office.run().reminders) == 1
    assert len(office.cloud.written) == 1


def test_where_absence_proves_nothing_a_person_decides(office: Office) -> None:
    """However long it waits, nothing is written again."""
    office.cloud.finds = False
    office.cloud.before = [OutcomeUnknown("no answer")]
    office.run()
    for _ in range(3):
        office.wait(100_000)
        sent = office.run()
        assert codes(sent) == ["ReminderUnknown"]
        assert sent.problems[0].hint.startswith("look at the document there; then: honorar reminded RE-k-1")
    assert office.cloud.written == {}
    office.store.reminders.end("k-1", Outcome.NOT_SENT, "looked", who=WHO)
    assert len(office.run().reminders) == 1


def test_an_attempt_elsewhere_is_not_searched_for_here(office: Office) -> None:
    """Another sink may have it: a person looks."""
    (case,) = office.cases()
    reminder = Reminder("k-1", "RE-k-1", "website", "K1", 1, "Mahnung", MARCH, MARCH, MARCH, eur(1), eur(0), eur(0))
    office.store.reminders.begin("elsewhere", reminder, who=WHO)
    assert codes(office.run()) == ["ReminderUnknown"]
    assert office.cloud.searched == 0
    assert case.unsettled is None


def test_a_search_that_fails_leaves_it_unknown(office: Office) -> None:
    """It is searched for again."""
    office.cloud.after = [OutcomeUnknown("no answer")]
    office.run()
    office.cloud.searching = [Unavailable("down")]
    assert codes(office.run()) == ["ReminderPostponed"]
    assert office.outcomes() == [Outcome.UNKNOWN]
    assert len(office.run().reminders) == 1


def test_what_would_meet_every_document_ends_the_run(office: Office) -> None:
    """With what was written before; and so do three failures in a row."""
    office.documents = 3
    office.cloud.before = [None, AuthenticationFailed("no key")]
    sent = office.run()
    assert (len(sent.reminders), isinstance(sent.error, AuthenticationFailed)) == (1, True)
    assert (office.outcomes("k-2"), office.outcomes("k-3")) == ([Outcome.NOT_SENT], [])

    office.cloud.before = [Unavailable("down")] * 3
    office.run(on=date(2026, 3, 15))
    assert [office.outcomes(key)[-1] for key in ("k-1", "k-2", "k-3")] == [Outcome.NOT_SENT] * 3


def test_three_failures_in_a_row_are_enough(office: Office) -> None:
    """The other side is given a rest."""
    office.documents = 3
    office.cloud.before = [Unavailable("down")] * 3
    sent = office.run()
    assert (codes(sent), isinstance(sent.error, Unavailable)) == (["ReminderPostponed"] * 3, True)


def test_runs_that_overlap_write_it_once(office: Office) -> None:
    """The second sees the same documents as the first, and is refused where it would begin."""
    seen = office.cases()
    assert len(office.run(cases=seen).reminders) == 1
    sent = office.run(cases=seen)
    assert isinstance(sent.error, RefusedError)
    assert len(office.cloud.written) == 1


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_run_that_was_killed_leaves_it_unknown(office: Office, where: str) -> None:
    """Before the call or after it: the next run searches before anything is sent."""
    getattr(office.cloud, where).append(Killed())
    with pytest.raises(Killed):
        office.run()
    assert office.outcomes() == [None]
    (problem,) = unsettled_problems(office.cases(), finds=True)
    assert "the run ended before the answer came" in problem.message
    for _ in range(3):
        office.run()
        office.wait()
    assert (office.outcomes()[-1], len(office.cloud.written)) == (Outcome.ACCEPTED, 1)


def test_a_run_killed_at_any_write_of_the_store(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before or after what is recorded: in the end there is one reminder, here and there."""
    kept = type(office.store.reminders)
    for name in ("begin", "accept"):
        for dies_after in (False, True):
            with monkeypatch.context() as patch:
                patch.setattr(kept, name, _deadly(kept, name, dies_after))
                with pytest.raises(Killed):
                    office.run()
            for _ in range(3):
                office.wait()
                office.run()
            assert (office.outcomes()[-1], len(office.cloud.written)) == (Outcome.ACCEPTED, 1)
            office.store.reminders.take_back("k-1", 1, REASON, who=WHO)
            office.cloud.written.clear()


def _deadly(kept: type, name: str, dies_after: bool) -> Callable[..., None]:  # noqa: FBT001 - a case
    method = getattr(kept, name)

    def deadly(*arguments: object, **options: object) -> None:
        if dies_after:
            method(*arguments, **options)
        raise Killed

    return deadly


def test_levels_that_need_a_decision_are_told(office: Office) -> None:
    """And hold back only their own document."""
    asked = procedure(level(1, interest=True))
    (case,) = office.cases()
    sender = Sender(office.store.reminders, office.cloud, NAME, asked, WHO, office.clock)
    sent = sender.send([replace(case, customer=party(vat_id=""))], MARCH)
    assert codes(sent) == ["DebtorKindUnknown"]
