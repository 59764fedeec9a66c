from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.delivery import Outcome
from connector.core.errors import RefusedError
from connector.core.interest import Stretch
from connector.core.lifecycle import DocumentState
from connector.core.period import Period
from connector.core.ports import Receipt
from connector.core.reminder import Reminder
from connector.store import Store
from tests.core.builders import eur
from tests.store.world import WHO, add

SINK = "cloud"
MARCH = date(2026, 3, 1)
STRETCH = Stretch(Period(date(2026, 2, 15), MARCH), eur("5950.00"), Decimal("1.27"), Decimal(9))


def reminder(level: int = 1, key: str = "k-1") -> Reminder:
    """Return a reminder with interest."""
    return Reminder(
        key, "RE0001", "website", "K1", level, "Mahnung", MARCH, date(2026, 3, 8), date(2026, 2, 14),
        eur("5950.00"), eur("2.50"), eur(0), (STRETCH,), text="Bitte zahlen.",
    )  # fmt: skip


@pytest.fixture
def reminding(store: Store) -> Store:
    """Return the store with a document to remind of."""
    add(store, "k-1", DocumentState.APPROVED)
    return store


def outcomes(store: Store) -> list[tuple[int, Outcome | None, str]]:
    """Return level, outcome and words of every attempt."""
    return [(each.reminder.level, each.attempt.outcome, each.attempt.words) for each in store.reminders.of("k-1")]


def test_an_attempt_is_on_record_before_its_answer(reminding: Store) -> None:
    """With the whole reminder, exactly; the answer ends it."""
    reminding.reminders.begin(SINK, reminder(), who=WHO)
    (begun,) = reminding.reminders.of("k-1")
    assert begun.reminder == reminder()
    assert (begun.attempt.sink, begun.attempt.outcome, begun.attempt.ended_at, begun.receipt) == (
        SINK,
        None,
        None,
        None,
    )
    reminding.reminders.accept(Receipt("k-1", "4711", link="https://cloud.example/4711"), who=WHO)
    (given,) = reminding.reminders.of("k-1")
    assert given.counts
    assert given.receipt == Receipt("k-1", "4711", link="https://cloud.example/4711")
    assert given.attempt.ended_at
    assert given.attempt.ended_at > given.attempt.begun_at
    assert reminding.reminders.given() == {"k-1": (given,)}
    assert [deed.action for deed in reminding.audit.list("k-1")][-1] == "reminder accepted"


@pytest.mark.parametrize("outcome", [None, Outcome.UNKNOWN])
def test_nothing_begins_while_an_attempt_is_unsettled(reminding: Store, outcome: Outcome | None) -> None:
    """Two runs that overlap: the second is refused, of any level."""
    reminding.reminders.begin(SINK, reminder(), who=WHO)
    if outcome:
        reminding.reminders.end("k-1", outcome, "no answer", who=WHO)
    for level in (1, 2):
        with pytest.raises(RefusedError, match=f"level {level} was given, or may have been"):
            reminding.reminders.begin(SINK, reminder(level), who=WHO)
    assert len(reminding.reminders.of("k-1")) == 1


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.NOT_SENT])
def test_what_was_not_written_may_be_tried_again(reminding: Store, outcome: Outcome) -> None:
    """Every attempt is kept."""
    reminding.reminders.begin(SINK, reminder(), who=WHO)
    reminding.reminders.end("k-1", outcome, "why", who=WHO)
    reminding.reminders.begin(SINK, reminder(), who=WHO)
    assert outcomes(reminding) == [(1, outcome, "why"), (1, None, "")]
    assert [deed.details["why"] for deed in reminding.audit.list("k-1") if deed.action == f"reminder {outcome}"] == [
        "why"
    ]


def test_a_level_is_given_once(reminding: Store) -> None:
    """By whomever; a higher one may follow, a lower one not."""
    reminding.reminders.by_hand(reminder(2), "by letter", who=WHO)
    (by_hand,) = reminding.reminders.of("k-1")
    assert (by_hand.counts, by_hand.attempt.sink, by_hand.who, by_hand.receipt) == (True, "", WHO, None)
    for level in (1, 2):
        with pytest.raises(RefusedError):
            reminding.reminders.begin(SINK, reminder(level), who=WHO)
        with pytest.raises(RefusedError):
            reminding.reminders.by_hand(reminder(level), "", who=WHO)
    reminding.reminders.begin(SINK, reminder(3), who=WHO)


def test_an_unknown_attempt_may_be_found(reminding: Store) -> None:
    """Then it counts from when it was begun."""
    reminding.reminders.begin(SINK, reminder(), who=WHO)
    reminding.reminders.end("k-1", Outcome.UNKNOWN, "no answer", who=WHO)
    reminding.reminders.accept(Receipt("k-1", ""), who=WHO, why="seen there")
    (given,) = reminding.reminders.of("k-1")
    assert (given.counts, given.attempt.words, given.receipt) == (True, "seen there", None)


def test_a_level_may_be_taken_back(reminding: Store) -> None:
    """Only that one; it may be given anew."""
    for level in (1, 2):
        reminding.reminders.by_hand(reminder(level), "", who=WHO)
    reminding.reminders.take_back("k-1", 2, "discarded", who=WHO)
    assert outcomes(reminding) == [(1, Outcome.ACCEPTED, ""), (2, Outcome.NOT_SENT, "discarded")]
    reminding.reminders.by_hand(reminder(2), "", who=WHO)
    assert [deed.action for deed in reminding.audit.list("k-1")][-2:] == ["reminder taken back", "reminder accepted"]


def test_documents_may_be_held(reminding: Store) -> None:
    """With the reason, the newest counts, until released; each is on record."""
    assert reminding.reminders.held() == {}
    reminding.reminders.hold("k-1", "disputed", who=WHO)
    reminding.reminders.hold("k-1", "in court", who=WHO)
    assert reminding.reminders.held() == {"k-1": "in court"}
    reminding.reminders.release("k-1", "settled", who=WHO)
    assert reminding.reminders.held() == {}
    deeds = [(deed.action, deed.details["why"]) for deed in list(reminding.audit.list("k-1"))[-3:]]
    assert deeds == [
        ("reminders held", "disputed"),
        ("reminders held", "in court"),
        ("reminders released", "settled"),
    ]


def test_documents_are_reminded_of_one_by_one(reminding: Store) -> None:
    """What is unsettled of one hinders no other."""
    add(reminding, "k-2", DocumentState.APPROVED)
    reminding.reminders.begin(SINK, reminder(), who=WHO)
    reminding.reminders.begin(SINK, replace(reminder(), key="k-2"), who=WHO)
    reminding.reminders.accept(Receipt("k-2", "4712"), who=WHO)
    assert {key: [each.counts for each in given] for key, given in reminding.reminders.given().items()} == {
        "k-1": [False],
        "k-2": [True],
    }
    assert reminding.reminders.of("k-3") == ()
