from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connector.core.delivery import Attempt, Outcome
from connector.core.dunning import Reminded
from connector.core.interest import Balance
from connector.core.payment import Dunning
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.core.reminder import Reminder
from connector.core.reminding import (
    Case,
    Given,
    disagreement,
    due_reminder,
    next_reminder,
    not_settled,
    reminded_by,
    with_levels,
)
from tests.core.builders import eur, party
from tests.core.procedures import item, level, procedure

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST = date(2026, 3, 1)


def case(*given: Given, **changes: Any) -> Case:  # noqa: ANN401 - any field
    """Return a document that was handed over."""
    plain = Case(item(), party(), (Balance(date(2026, 1, 31), eur("9916.66")),), given)
    return replace(plain, **changes)


def made(found: Reminder | Problem | None) -> Reminder:
    """Return the reminder; it must be one."""
    assert isinstance(found, Reminder)
    return found


def given(number: int = 1, on: date = FIRST, outcome: Outcome | None = Outcome.ACCEPTED, sink: str = "cloud") -> Given:
    """Return an attempt at a level that ended at noon of 1 March."""
    reminder = replace(made(due_reminder(case(), procedure(), FIRST)), level=number, on=on)
    attempt = Attempt(sink, NOON, NOON if outcome else None, outcome)
    return Given(reminder, attempt, "Anna", Receipt("k-1", f"r{number}") if outcome is Outcome.ACCEPTED else None)


def test_only_what_was_accepted_counts() -> None:
    """The highest level with its day, and the day of the first."""
    tried = [given(2, FIRST, outcome) for outcome in (Outcome.REJECTED, Outcome.NOT_SENT, Outcome.UNKNOWN, None)]
    assert reminded_by(tried, held=True) == Reminded(held=True)
    later = FIRST + timedelta(days=14)
    assert reminded_by([given(), given(2, later), *tried]) == Reminded(2, later, FIRST)


def test_a_due_reminder_has_its_text() -> None:
    """In the words of its level; the next level needs the one before."""
    assert made(due_reminder(case(), procedure(), FIRST)).text == "Bitte zahlen Sie 9.916,66 EUR für RE0001."
    assert due_reminder(case(given()), procedure(), FIRST) is None
    assert made(due_reminder(case(given()), procedure(), date(2026, 3, 15))).level == 2


@pytest.mark.parametrize("outcome", [None, Outcome.UNKNOWN])
def test_nothing_is_due_while_an_attempt_is_unsettled(outcome: Outcome | None) -> None:
    """Nobody knows whether the customer was reminded."""
    waiting = case(given(outcome=outcome))
    assert waiting.unsettled is waiting.given[0]
    assert due_reminder(waiting, procedure(), date(2026, 12, 1)) is None
    assert case(given()).unsettled is None


def test_the_accounting_system_may_know_more() -> None:
    """A level that was given there by hand is not given again."""
    there = item(dunning=Dunning(1, on=date(2026, 3, 10)))
    assert due_reminder(case(item=there), procedure(), date(2026, 3, 11)) is None
    assert made(due_reminder(case(item=there), procedure(), date(2026, 3, 24))).level == 2


def test_what_was_taken_back_does_not_count_because_it_was_read_back_before() -> None:
    """Its level is due again, and shown nowhere; what another reminder told, or the same found anew, counts."""
    discarded = replace(given(outcome=Outcome.NOT_SENT), receipt=Receipt("k-1", "r1"))
    there = item(dunning=Dunning(1, "Mahnung", FIRST, reference="r1"))
    assert made(due_reminder(case(discarded, item=there), procedure(), date(2026, 4, 1))).level == 1
    assert made(next_reminder(case(discarded, item=there), procedure(), FIRST)).level == 1
    assert with_levels([there], {"k-1": (discarded,)})[0].dunning is None
    other = item(dunning=Dunning(1, on=FIRST, reference="r9"))
    assert made(due_reminder(case(discarded, item=other), procedure(), date(2026, 4, 1))).level == 2
    assert case(discarded, given(), item=there).told == there.dunning
    first, second = given(), replace(given(2, outcome=Outcome.NOT_SENT), receipt=Receipt("k-1", "r2"))
    there = item(dunning=Dunning(2, reference="r2"))
    assert disagreement(case(first, second, item=there), NOON + timedelta(days=1)) is None


def test_a_draft_is_not_reminded_of() -> None:
    """Its customer never got it."""
    found = due_reminder(case(item=item(number="E_0001")), procedure(), FIRST)
    assert isinstance(found, Problem)
    assert (found.code, found.place) == ("DraftNotReminded", "document E_0001 of website")


def test_what_must_be_decided_is_told() -> None:
    """Before anything is written."""
    asked = procedure(level(1, interest=True))
    for find in (due_reminder, next_reminder):
        found = find(case(customer=party(vat_id="")), asked, FIRST)
        assert isinstance(found, Problem)
        assert found.code == "DebtorKindUnknown"


def test_a_person_may_give_the_next_level_early() -> None:
    """Also of what is held; not without a level left, nor where nothing is to be paid."""
    early = made(next_reminder(case(given(), held=True), procedure(), FIRST))
    assert (early.level, early.text) == (2, "Bitte zahlen Sie 9.916,66 EUR für RE0001.")
    assert next_reminder(case(given(3)), procedure(), FIRST) is None
    assert next_reminder(case(item=item(cancelled=True)), procedure(), FIRST) is None


def test_levels_are_compared_with_what_was_read_later() -> None:
    """Not with what was read before the reminder was written; nor where nothing was read, or given from here."""
    there = item(dunning=Dunning(2))
    differing = case(given(), item=there)
    assert disagreement(differing, None) is None
    assert disagreement(differing, NOON) is None
    assert disagreement(case(item=there), NOON + timedelta(days=1)) is None
    found = disagreement(differing, NOON + timedelta(seconds=1))
    assert found
    assert (found.code, found.place) == ("ReminderLevelDiffers", "document RE0001 of website")
    assert disagreement(case(given(2), item=there), NOON + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("days", "code"), [(0, None), (3, None), *((days, "PaymentsNotRead") for days in (4, None, -4))]
)
def test_payments_must_have_been_read_lately(days: int | None, code: str | None) -> None:
    """Within the days the procedure names; days ahead, a clock was wrong."""
    settled_at = None if days is None else NOON - timedelta(days=days)
    found = not_settled(settled_at, NOON, procedure(), "cloud")
    assert (found and found.code) == code
    assert found is None or found.hint == "read them first: honorar settle"


def test_items_show_the_level_that_was_given() -> None:
    """With day, fee and interest; a level the accounting system tells counts where it is not lower."""
    ours = {"k-1": (given(), given(2, outcome=Outcome.UNKNOWN))}
    (shown,) = with_levels([item()], ours)
    assert shown.dunning == Dunning(1, "Zahlungserinnerung", FIRST, reference="r1")
    (told,) = with_levels([item(dunning=Dunning(1, "Mahnung", blocked=True))], ours)
    assert told.dunning == Dunning(1, "Mahnung", blocked=True)
    (higher,) = with_levels([item(dunning=Dunning(0, blocked=True))], {"k-1": (given(sink=""),)})
    assert higher.dunning
    assert (higher.dunning.level, higher.dunning.blocked) == (1, True)
    by_hand = replace(given(), receipt=None)
    (shown,) = with_levels([item()], {"k-1": (by_hand,)})
    assert shown.dunning
    assert shown.dunning.reference == ""
    assert with_levels([item()], {}) == [item()]
