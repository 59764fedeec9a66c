from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.dunning import Debtor, Level, Reminded, debtor_of, default_start, level_differs, next_step, stopped
from connector.core.payment import Dunning, PaymentState
from tests.core.builders import eur, party
from tests.core.procedures import DUE, item, level, procedure

B, C = Debtor.BUSINESS, Debtor.CONSUMER
NEVER = Reminded()


def on(day: int, month: int = 3) -> date:
    """Return a day of 2026."""
    return date(2026, month, day)


@pytest.mark.parametrize(
    ("vat_id", "is_business", "unnamed", "expected"),
    [
        ("DE123456789", True, None, B),
        ("", False, B, C),
        ("DE123456789", False, None, C),
        ("", True, None, None),
        ("", True, B, B),
        ("", True, C, C),
    ],
)
def test_who_is_a_business(vat_id: str, is_business: bool, unnamed: Debtor | None, expected: Debtor | None) -> None:  # noqa: FBT001 - a case
    """A source that names a consumer is believed, a VAT id proves a business, and nothing is guessed of the others."""
    assert debtor_of(party(vat_id=vat_id, is_business=is_business), unnamed) is expected


def test_default_begins_the_day_after_an_agreed_due_date() -> None:
    """Due on 14 February: from the 15th, for everybody, reminded or not."""
    assert default_start(item(), procedure(), B, None) == on(15, 2)
    assert default_start(item(), procedure(), C, on(1)) == on(15, 2)


@pytest.mark.parametrize(
    ("debtor", "told", "receipt_days", "reminded", "expected"),
    [
        (B, False, 3, None, on(17)),  # due 14 February, 30 days: 16 March is the last of them
        (B, False, 20, None, on(23)),  # received on 20 February: 30 days end on 22 March
        (C, True, 3, None, on(17)),
        (C, False, 3, None, None),
        (C, False, 3, on(2), on(3)),
        (B, False, 3, on(2), on(3)),  # "at the latest": a reminder may come before
        (B, False, 3, on(30), on(17)),
        (C, False, 3, on(1, 2), on(15, 2)),  # reminded before it was due: not before the day after that
    ],
)
def test_default_where_due_dates_are_only_stated(
    debtor: Debtor,
    told: bool,  # noqa: FBT001 - a case
    receipt_days: int,
    reminded: date | None,
    expected: date | None,
) -> None:
    """30 days after due date and receipt, of consumers only if told; or the day after the first reminder."""
    stated = procedure(agreed=False, receipt_days=receipt_days, consumers_told=told)
    assert default_start(item(), stated, debtor, reminded) == expected


def test_levels_follow_each_other_on_their_days() -> None:
    """7, 21 and 35 days after 14 February; after the last there is none."""
    for reminded, earliest, number in (
        (NEVER, on(21, 2), 1),
        (Reminded(1, on(21, 2), on(21, 2)), on(7), 2),
        (Reminded(2, on(7), on(21, 2)), on(21), 3),
    ):
        assert next_step(item(), reminded, procedure(), earliest - timedelta(days=1)) is None
        assert next_step(item(), reminded, procedure(), earliest) == procedure().levels[number - 1]
    assert next_step(item(), Reminded(3, on(21), on(21, 2)), procedure(), on(31, 12)) is None


def test_who_begins_late_keeps_the_days_between() -> None:
    """Level 1 on 1 May leaves 14 days until level 2, however long it is overdue; of an unknown day nothing is kept."""
    late = Reminded(1, on(1, 5), on(1, 5))
    assert next_step(item(), late, procedure(), on(14, 5)) is None
    assert next_step(item(), late, procedure(), on(15, 5)) == procedure().levels[1]
    assert next_step(item(), Reminded(1), procedure(), on(1, 5)) == procedure().levels[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"open": eur(0), "state": PaymentState.PAID},
        {"open": eur(0), "state": PaymentState.WRITTEN_OFF},
        {"state": PaymentState.CANCELLED},
        {"open": eur(-10), "state": PaymentState.OPEN},
        {"cancelled": True},
        {"corrects": "RE0000"},
        {"dunning": Dunning(0, blocked=True)},
    ],
)
def test_what_stops_it(changes: dict[str, Any]) -> None:
    """Paid, written off, cancelled, a credit, a correction, or blocked in the accounting system."""
    assert stopped(item(**changes), NEVER)
    assert next_step(item(**changes), NEVER, procedure(), on(31, 12)) is None


def test_a_person_may_stop_it() -> None:
    """Because of a dispute; a part payment alone does not."""
    assert stopped(item(), Reminded(held=True))
    assert next_step(item(), Reminded(held=True), procedure(), on(31, 12)) is None
    assert not stopped(item(open=eur(1), state=PaymentState.PART_PAID), NEVER)


def test_the_higher_level_counts() -> None:
    """Ours or that of the accounting system, with its day; a person may have reminded there."""
    ours = Reminded(1, on(1), on(1))
    assert ours.joined(None) == ours.joined(Dunning(1, on=on(9))) == ours
    assert ours.joined(Dunning(2, on=on(9))) == Reminded(2, on(9), on(1))
    assert NEVER.joined(Dunning(1, on=on(9))) == Reminded(1, on(9), on(9))
    assert ours.joined(Dunning(2)) == Reminded(2, on(1), on(1))


def test_levels_that_differ_are_told() -> None:
    """Not where the accounting system says nothing."""
    assert level_differs(Reminded(1), None, "RE0001") is None
    assert level_differs(Reminded(1), Dunning(1), "RE0001") is None
    problem = level_differs(Reminded(1), Dunning(2), "RE0001")
    assert problem
    assert (problem.code, problem.holds) == ("ReminderLevelDiffers", False)
    assert problem.message == "reminded up to level 1 from here; the accounting system says level 2"


def levels_after(steps: list[int]) -> tuple[Level, ...]:
    """Return a level after each of so many days."""
    return tuple(replace(level(), number=at, days=days) for at, days in enumerate(accumulate(steps), start=1))


STEPS = st.lists(st.integers(1, 30), min_size=1, max_size=4)


@given(STEPS, st.integers(-5, 60), st.lists(st.integers(1, 20), min_size=30, max_size=30))
def test_each_level_is_given_once_and_in_order(steps: list[int], begun: int, waits: list[int]) -> None:
    """On whatever days somebody looks: levels count up by one, and never come sooner than the procedure says."""
    levels = levels_after(steps)
    found, today, reminded = [], DUE + timedelta(days=begun), NEVER
    for wait in waits:
        if step := next_step(item(), reminded, procedure(*levels), today):
            found.append((step.number, today))
            reminded = Reminded(step.number, today, reminded.first_on or today)
        today += timedelta(days=wait)
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    before = DUE
    for (_, day), days in zip(found, steps, strict=False):
        assert (day - before).days >= days
        before = day


@given(STEPS, st.integers(0, 4), st.integers(0, 100), st.integers(0, 100))
def test_a_step_that_is_due_stays_due(steps: list[int], given_level: int, first: int, later: int) -> None:
    """Until it is given: the days are monotone, nothing is skipped by waiting."""
    levels = levels_after(steps)
    reminded = Reminded(given_level, DUE if given_level else None, DUE if given_level else None)
    step = next_step(item(), reminded, procedure(*levels), DUE + timedelta(days=first))
    after = next_step(item(), reminded, procedure(*levels), DUE + timedelta(days=first + later))
    assert step is None or after == step
    assert after is None or after.number == given_level + 1
