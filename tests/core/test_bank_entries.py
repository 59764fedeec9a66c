"""The entries behind a time bank statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.agreement import Agreement
from connector.core.allowance import BalanceError
from connector.core.bank_entries import BankEntry, TimeBank, TimeSheet, time_bank
from connector.core.catalogue import ItemUnit, Rollover
from connector.core.consumption import Usage
from connector.core.feed import Feed
from connector.core.feeding import Feeding, Group
from connector.core.problems import Problem
from connector.core.readings import Metric
from connector.core.retainer_terms import RetainerTerms
from connector.core.term_end import Term
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.timesheet import TimeEntry
from connector.core.work import Work
from tests.core.builders import project
from tests.core.retainer_builders import (
    START,
    SUPPORT,
    YEAR_END,
    codes,
    hours,
    item,
    materials,
    month,
    overage,
    retainer,
    version,
    work,
    worked_item,
)

PROJECTS = {"WEB": project(), "APP": project("APP"), "SHOP": project("SHOP", parent="WEB")}

POSTS = item("posts", 8, unit=ItemUnit.UNITS)
BUDGET = item("budget", 500, unit=ItemUnit.AMOUNT, role_rates={"Design": 120, "Text": 90})


def entry(
    id_: str,
    duration: Decimal | int | str | None,
    on: date | int = 1,
    /,
    *,
    project: str = "WEB",
    activity: str = "Design",
    billable: bool = True,
) -> TimeEntry:
    """Return hours of Jo's design on a day, or on the 10th of a month; None while the timer runs."""
    day = month(on) if isinstance(on, int) else on
    seconds = None if duration is None else hours(Decimal(duration))
    return TimeEntry(
        id_, project, day, seconds, "Jo", activity, "", f"did {id_}", billable=billable, origin=f"row {id_}"
    )


def metric(value: str, on: int = 1, name: str = "posts") -> Metric:
    """Return a reading of the 10th of a month."""
    return Metric(name, "WEB", month(on), Decimal(value), f"metric {on}")


def bank(
    terms: RetainerTerms,
    *entries: TimeEntry,
    feeds: Sequence[Feed] = (Feed("design"),),
    metrics: Sequence[Metric] = (),
    as_of: date = YEAR_END,
    feeding: Feeding | None = None,
) -> TimeBank:
    """Return the time bank of a retainer on WEB and APP on New Year's Day 2027."""
    agreement = replace(SUPPORT, terms=terms, feeds=tuple(feeds), pooled=("APP",))
    return time_bank(agreement, terms, TimeSheet(entries, metrics, PROJECTS), feeding or Feeding(PROJECTS), as_of)


def ids(found: TimeBank, of: str = "design") -> dict[str, list[str]]:
    """Return the ids of the entries per period of an item, where there are any."""
    return {
        each.bank.period.name: [entry.id for entry in each.entries]
        for each in found.statements
        if each.bank.item.id == of and each.entries
    }


def test_rule_4_10_every_entry_stands_behind_its_period() -> None:
    """With person, project and its name, text, hours and where it was read; subprojects and pooled ones as well."""
    terms = retainer(version("2400", worked_item()))
    shop = entry("3", 23, 2, project="SHOP")
    found = bank(terms, entry("1", 8), entry("2", 6, project="APP"), shop, entry("4", 30, 3), entry("5", 5, 4))
    assert ids(found) == {"2026-01": ["1", "2"], "2026-02": ["3"], "2026-03": ["4"], "2026-04": ["5"]}
    assert found.statements[2].bank.movement.overage == hours(7)
    [told] = found.statements[1].entries
    assert told == BankEntry(
        "3", month(2), "Jo", "SHOP", project("SHOP").name, "Design", "did 3", "row 3", hours(23), hours(23)
    )
    assert (found.problems, found.held) == ((), False)


def test_what_is_not_billed_stands_behind_nothing() -> None:
    """Not billable, still running, before the retainer, after its end, after the day, or on no item of it."""
    terms = replace(retainer(version("1", item(), since=month(1, 5))), term=Term(last_day=month(2, 28)))
    entries = [
        entry("ours", 1, billable=False),
        entry("running", None),
        entry("before", 1, month(1, 4)),
        entry("first", 1, month(1, 5)),
        entry("other", 1, activity="Code"),
        entry("last", 1, month(2, 28)),
        entry("after", 1, 3),
        entry("late", 1, month(12, 31)),
    ]
    found = bank(terms, *entries, feeds=[Feed("design", activities=("Design",))], as_of=month(12, 30))
    assert ids(found) == {"2026-01": ["first"], "2026-02": ["last"]}
    assert codes(found.problems) == ["TimeFeedsNothing"]


def test_an_entry_of_tomorrow_is_not_there_yet() -> None:
    """The statement is one of the day; the period runs."""
    found = bank(retainer(), entry("1", 1), entry("2", 1, month(1, 11)), as_of=month(1))
    assert ids(found) == {"2026-01": ["1"]}
    assert not found.statements[0].bank.closed


def test_entries_stand_in_the_order_of_their_days() -> None:
    """Whatever the order they are told in."""
    found = bank(retainer(), entry("b", 1, month(1, 9)), entry("c", 1, month(1, 8)), entry("a", 1, month(1, 9)))
    assert ids(found) == {"2026-01": ["c", "a", "b"]}


def test_an_item_in_units_has_the_readings_behind_it() -> None:
    """A reading has no person and no time; its text is the name of the metric."""
    terms = retainer(version("1", POSTS))
    later = replace(metric("5.5"), on=month(1, 11))
    metrics = [metric("4"), later, metric("99", name="clicks"), metric("7", 2)]
    found = bank(terms, feeds=[Feed("posts", metric="posts")], metrics=metrics, as_of=month(1, 31))
    [statement] = found.statements
    assert [(each.text, each.units, each.booked, each.origin) for each in statement.entries] == [
        ("posts", Decimal(4), 0, "metric 1"),
        ("posts", Decimal("5.5"), 0, "metric 1"),
    ]
    assert (statement.bank.movement.used, statement.rounding) == (9500, 0)


def test_a_month_without_a_reading_leaves_no_statement() -> None:
    """Zero would be a guess."""
    terms = retainer(version("1", POSTS))
    found = bank(terms, feeds=[Feed("posts", metric="posts")], metrics=[metric("4")], as_of=month(3, 1))
    assert (found.statements, codes(found.problems)) == ((), ["MetricMissing"])


def test_a_reading_told_twice_counts_once() -> None:
    """By two sources; two that differ leave no statement."""
    feeds = [Feed("posts", metric="posts")]
    twice = [metric("4"), replace(metric("4"), origin="another source")]
    found = bank(retainer(version("1", POSTS)), feeds=feeds, metrics=twice, as_of=month(1, 31))
    assert [(each.bank.movement.used, len(each.entries)) for each in found.statements] == [(4000, 1)]
    held = bank(retainer(version("1", POSTS)), feeds=feeds, metrics=[*twice, metric("5")], as_of=month(1, 31))
    assert (held.statements, codes(held.problems)) == ((), ["ReadingsContradict"])


def test_readings_finer_than_thousandths_count_in_their_sum() -> None:
    """Two halves of a thousandth are one."""
    found = bank(
        retainer(version("1", POSTS)),
        feeds=[Feed("posts", metric="posts")],
        metrics=[metric("0.0005"), replace(metric("0.0005"), on=month(1, 11))],
        as_of=month(1, 31),
    )
    assert found.statements[0].bank.movement.used == 1


def test_an_item_in_money_has_the_hours_behind_it() -> None:
    """2:20 of design are rounded up to 2:30 on their day, and cost 300.00; two of text 180.00."""
    rounding = TimeRounding(30, RoundingMode.UP, RoundedPer.DAY)
    terms = replace(retainer(version("1", BUDGET)), rounding=rounding)
    banner = [entry("1", "1.75"), entry("2", "0.5"), entry("3", 2, activity="Text")]
    found = bank(terms, *banner, feeds=[Feed("budget")])
    statement = found.statements[0]
    assert [(each.id, each.counted) for each in statement.entries] == [("1", 6300), ("2", 1800), ("3", 7200)]
    assert (statement.rounding, statement.bank.movement.used) == (900, 48000)


def test_each_entry_says_how_it_counts() -> None:
    """5:55 booked, rounded up to the quarter of an hour."""
    rounding = TimeRounding(15, RoundingMode.UP)
    found = bank(replace(retainer(), rounding=rounding), replace(entry("1", 1), seconds=21_300))
    [told] = found.statements[0].entries
    assert (told.booked, told.counted, found.statements[0].rounding) == (21_300, 21_600, 0)


@pytest.mark.parametrize("per", [RoundedPer.DAY, RoundedPer.LINE])
def test_rounding_of_sums_is_told_apart_from_the_entries(per: RoundedPer) -> None:
    """Two entries of 20 minutes make three quarters of an hour."""
    rounding = TimeRounding(15, RoundingMode.UP, per)
    entries = [replace(entry(each, 1), seconds=1200) for each in ("1", "2")]
    statement = bank(replace(retainer(), rounding=rounding), *entries).statements[0]
    assert [each.counted for each in statement.entries] == [1200, 1200]
    assert (statement.rounding, statement.bank.movement.used) == (300, 2700)


def test_items_are_told_one_after_the_other() -> None:
    """Each with its statements, under the name it has in the end."""
    later = version("1", replace(item(), label="Layout"), BUDGET, since=month(2, 1))
    found = bank(retainer(version("1", item()), later), feeds=[Feed("design")], as_of=month(3))
    assert [(each.label, [s.bank.period.name for s in statements]) for each, statements in found.items()] == [
        ("Layout", ["2026-01", "2026-02", "2026-03"]),
        ("Budget", ["2026-02", "2026-03"]),
    ]


def test_an_item_that_pauses_has_no_entries_meanwhile() -> None:
    """What is booked in February, when no item was agreed, counts nowhere, and is told."""
    terms = retainer(version("1", item()), version("1", since=month(2, 1)), version("1", item(), since=month(3, 1)))
    found = bank(terms, entry("1", 1), entry("2", 1, 2), entry("3", 1, 3))
    assert ids(found) == {"2026-01": ["1"], "2026-03": ["3"]}
    assert codes(found.problems) == ["UsageNotCovered"]


def test_a_problem_that_holds_leaves_no_statement() -> None:
    """A role without a rate in a closed month: what was used of the budget would be a guess."""
    terms = retainer(version("1", BUDGET))
    found = bank(terms, entry("1", 1, activity="Code"), feeds=[Feed("budget")])
    assert (found.statements, codes(found.problems), found.held) == ((), ["RoleRateMissing"], True)


def test_what_cannot_be_measured_yet_is_told_and_does_not_count() -> None:
    """The same in a month that runs: a notice, and nothing used so far."""
    terms = retainer(version("1", BUDGET))
    found = bank(terms, entry("1", 1, activity="Code"), feeds=[Feed("budget")], as_of=month(1, 20))
    assert (codes(found.problems), found.held) == (["RoleRateMissing"], False)
    assert (found.statements[0].entries, found.statements[0].bank.movement.used) == ((), 0)


def test_terms_that_cannot_be_leave_no_statement() -> None:
    """An allowance below zero."""
    found = bank(retainer(version("1", item("design", -1))))
    assert (found.statements, codes(found.problems)) == ((), ["AllowanceBelowZero"])


def test_time_that_another_agreement_counts_as_well_leaves_no_statement() -> None:
    """The other one's problem is not ours to tell."""
    feeding = Feeding(PROJECTS)
    other = replace(SUPPORT, id="work", terms=materials(), feeds=())
    feeding.work(other, [work()])
    found = bank(retainer(), entry("1", 1), feeding=feeding)
    assert (found.statements, codes(found.problems)) == ((), ["TimeFedTwice"])


class _Losing(Feeding):
    """Forgets after the sums whom time belongs to."""

    summed = False

    def usage(
        self, agreement: Agreement, work: Iterable[Work], metrics: Iterable[Metric]
    ) -> tuple[list[Usage], list[Problem]]:
        """Return the consumption as ever."""
        try:
            return super().usage(agreement, work, metrics)
        finally:
            self.summed = True

    def feed(self, agreement: Agreement, group: Group) -> Feed | None:
        """Return nothing once the sums are made."""
        return None if self.summed else super().feed(agreement, group)


def test_rule_4_10_a_statement_whose_entries_do_not_add_up_is_refused() -> None:
    """That would be a fault of the program; nobody shall send it."""
    with pytest.raises(BalanceError, match="0 entries"):
        bank(retainer(), entry("1", 1), feeding=_Losing(PROJECTS))


roundings = st.builds(
    TimeRounding, st.sampled_from([1, 6, 15]), st.sampled_from(RoundingMode), st.sampled_from(RoundedPer)
)
sheets = st.lists(
    st.builds(
        lambda number, seconds, days, on, activity: TimeEntry(
            str(number), on, START + timedelta(days), seconds, "Jo", activity
        ),
        st.integers(0, 999),
        st.integers(0, 30_000),
        st.integers(0, 364),
        st.sampled_from(list(PROJECTS)),
        st.sampled_from(["Design", "Text"]),
    ),
    max_size=30,
    unique_by=lambda each: each.id,
)


@given(sheets, roundings, st.booleans(), st.dates(START, YEAR_END))
def test_rule_4_10_entries_and_rounding_are_what_was_used(
    entries: list[TimeEntry],
    rounding: TimeRounding,
    pooled: bool,  # noqa: FBT001 -- drawn
    as_of: date,
) -> None:
    """Every counted entry up to the day stands once; its item's sum is what the bank says, and the bank balances."""
    banks = (item("design", beyond=overage(), rollover=Rollover()), item("text", 5))
    terms = replace(retainer(version("1", *banks)), rounding=rounding)
    by_activity = [Feed("design", activities=("Design",)), Feed("text", activities=("Text",))]
    found = bank(terms, *entries, feeds=[Feed("design")] if pooled else by_activity, as_of=as_of)
    listed = [each.id for statement in found.statements for each in statement.entries]
    assert sorted(listed) == sorted(each.id for each in entries if each.day <= as_of)
    for statement in found.statements:
        moved = statement.bank.movement
        assert sum(each.counted for each in statement.entries) + statement.rounding == moved.used
        assert moved.opening + moved.granted == moved.used + moved.lapsed + moved.closing - moved.overage
        assert statement.rounding == 0 or rounding.per is not RoundedPer.ENTRY
