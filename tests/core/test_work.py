"""Work from time entries."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.work import GroupBy, LeftOut, Work, work_of
from tests.core.builders import time_entry

PLAIN = TimeRounding()
ON = date(2026, 1, 15)


def test_rule_5_only_billable_entries() -> None:
    """Those that are not are left out and counted."""
    entries = [time_entry("1"), time_entry("2", billable=False)]
    work, left_out = work_of(entries, GroupBy.POSITION, PLAIN, approved_only=False)
    assert work == [Work(ON, 3600, "A1/1", "Jo", "Design", "WEB")]
    assert left_out == LeftOut(not_billable=1)


@pytest.mark.parametrize(("approved_only", "expected"), [(True, 1), (False, 2)])
def test_rule_5_only_approved_entries_if_so_agreed(approved_only: bool, expected: int) -> None:  # noqa: FBT001 -- a table
    """The others wait, and are counted."""
    entries = [time_entry("1"), time_entry("2", approved=False)]
    work, left_out = work_of(entries, GroupBy.ENTRY, PLAIN, approved_only=approved_only)
    assert [each.entry for each in work] == ["1", "2"][:expected]
    assert left_out.not_approved == 2 - expected


def test_rule_5_running_timers_are_left_out_and_counted() -> None:
    """An entry without an end has no time; one that is also not billable counts as that."""
    entries = [time_entry("1", None), time_entry("2", None, billable=False), time_entry("3", None, approved=False)]
    assert work_of(entries, GroupBy.PERSON, PLAIN, approved_only=True) == ([], LeftOut(not_billable=1, running=2))


def test_work_is_summed_by_what_its_rate_and_line_depend_on() -> None:
    """Two entries of a day are one sum; another day, person, activity, position or project is not."""
    first = time_entry("1")
    others = [
        time_entry("3", day=date(2026, 1, 16)),
        time_entry("4", person="Kim"),
        time_entry("5", activity="Text"),
        time_entry("6", position="A1/2"),
        time_entry("7", project="APP"),
    ]
    work, _ = work_of(
        [first, time_entry("2", 1800, text="Noch ein Entwurf"), *others], GroupBy.PERSON, PLAIN, approved_only=False
    )
    assert len(work) == 6
    assert Work(ON, 5400, "A1/1", "Jo", "Design", "WEB", entries=2) in work


def test_rule_5_by_entry_each_keeps_its_text() -> None:
    """A line of its own needs id and text."""
    work, _ = work_of([time_entry("1"), time_entry("2")], GroupBy.ENTRY, PLAIN, approved_only=False)
    assert [(each.entry, each.text) for each in work] == [("1", "Entwurf"), ("2", "Entwurf")]


@pytest.mark.parametrize(("per", "expected"), [(RoundedPer.ENTRY, 1800), (RoundedPer.DAY, 900), (RoundedPer.LINE, 600)])
def test_rule_1_5_time_is_rounded_per_entry_or_day(per: RoundedPer, expected: int) -> None:
    """Twice five minutes to a quarter of an hour; per line it is rounded later."""
    entries = [time_entry("1", 300), time_entry("2", 300)]
    work, _ = work_of(entries, GroupBy.PERSON, TimeRounding(15, RoundingMode.UP, per), approved_only=False)
    assert [each.seconds for each in work] == [expected]


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from("AB"), st.integers(0, 9999)), max_size=30), st.randoms())
def test_sums_do_not_depend_on_the_order(drawn: list[tuple[int, str, int]], chance: Random) -> None:
    """Shuffled entries give the same work, with every second in it."""
    entries = [
        time_entry(str(number), seconds, day=date(2026, 1, day), person=person)
        for number, (day, person, seconds) in enumerate(drawn)
    ]
    work, _ = work_of(entries, GroupBy.PERSON, PLAIN, approved_only=False)
    chance.shuffle(entries)
    assert work_of(entries, GroupBy.PERSON, PLAIN, approved_only=False)[0] == work
    assert sum(each.seconds for each in work) == sum(seconds for _, _, seconds in drawn)
    assert sum(each.entries for each in work) == len(drawn)
