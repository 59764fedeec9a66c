"""Which entries stand on documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from connector.core.agreement import Agreement
from connector.core.billed import History
from connector.core.billed_time import BilledTime, TimeOnDocuments
from connector.core.catalogue import ItemUnit, OverageRule
from connector.core.charge_claims import TimeFacts, assess
from connector.core.feed import Feed
from connector.core.feeding import Feeding
from connector.core.materials_terms import MaterialsTerms
from connector.core.retainer_terms import Billing, RetainerTerms
from connector.core.timesheet import TimeEntry
from connector.core.work import GroupBy, work_of
from tests.core.builders import agreement, eur, project
from tests.core.retainer_builders import (
    SUPPORT,
    Log,
    hours,
    item,
    materials,
    month,
    overage,
    rate_card,
    retainer,
    version,
)

PROJECTS = {"WEB": project("WEB")}
FEBRUARY, MARCH = month(2, 1), month(3, 1)


def entry(
    id_: str, number: float, on: int = 1, /, *, activity: str = "Design", billable: bool = True, approved: bool = True
) -> TimeEntry:
    """Return hours of Jo's design on the 10th of a month."""
    return TimeEntry(id_, "WEB", month(on), hours(str(number)), "Jo", activity, billable=billable, approved=approved)


@dataclass
class World:
    """An agreement, the time known of it, and a log that grows run by run."""

    terms: RetainerTerms | MaterialsTerms
    feeds: tuple[Feed, ...] = ()
    log: Log = field(default_factory=Log)

    @property
    def agreement(self) -> Agreement:
        """Return the agreement with its terms."""
        return replace(SUPPORT, terms=self.terms, feeds=self.feeds)

    def facts(self, entries: Sequence[TimeEntry], as_of: date) -> TimeFacts:
        """Return what is known on the day."""
        terms = self.terms
        by, only = (
            (terms.group_by, terms.approved_only) if isinstance(terms, MaterialsTerms) else (GroupBy.PERSON, False)
        )
        work, _ = work_of(entries, by, terms.rounding, approved_only=only)
        return TimeFacts(as_of, {SUPPORT.id: work}, (), PROJECTS, {})

    def bill(self, as_of: date, *entries: TimeEntry) -> None:
        """Bill what is due."""
        found = assess(self.agreement, self.facts(entries, as_of), Feeding(PROJECTS))
        assert not found.held
        self.log.run(found.charges, as_of)

    def told(self, as_of: date, *entries: TimeEntry) -> tuple[str, str]:
        """Return the ids that stand on documents, and those of which nothing is said."""
        states = History.fold(self.log.entries).positions
        found = TimeOnDocuments(self.facts(entries, as_of), Feeding(PROJECTS), states).of(self.agreement, entries)
        return " ".join(sorted(found.billed)), " ".join(sorted(found.pending))


def test_time_and_materials_stand_line_by_line() -> None:
    """A line that was billed stands; one of an open period is pending; what is left out of billing is neither."""
    world = World(replace(materials(), group_by=GroupBy.ACTIVITY, approved_only=True))
    time = (entry("a", 2), entry("b", 1, activity="Text"), entry("c", 3, 2), entry("d", 1, approved=False))
    as_of = month(2, 15)
    assert world.told(as_of, *time) == ("", "c")
    world.bill(as_of, *time)

    assert world.told(as_of, *time, entry("e", 1, billable=False)) == ("a b", "c")


def test_of_a_line_that_comes_out_differently_nothing_is_said_until_it_is_corrected() -> None:
    """Other lines of the same document stand on."""
    world = World(replace(materials(), group_by=GroupBy.ACTIVITY))
    before = (entry("a", 2), entry("b", 1, activity="Text"))
    world.bill(FEBRUARY, *before)
    late = (*before, entry("c", 1))

    assert world.told(FEBRUARY, *late) == ("b", "a c")
    world.bill(MARCH, *late)
    assert world.told(MARCH, *late) == ("a b c", "")


def test_what_was_cancelled_is_billed_no_longer() -> None:
    """It is not pending either: nothing of it stands."""
    world = World(materials())
    world.bill(FEBRUARY, entry("a", 2))
    world.log.cancel(FEBRUARY)

    assert world.told(FEBRUARY, entry("a", 2)) == ("", "")


def test_of_a_line_cut_by_the_limit_nothing_is_said() -> None:
    """Part of its hours stands on a document, and nobody can say which; what comes after it is not billed."""
    terms = replace(materials(), group_by=GroupBy.ENTRY, not_to_exceed=eur("250.00"))
    world = World(terms)
    time = (entry("a", 2), entry("b", 1), entry("c", 1))
    world.bill(FEBRUARY, *time)

    assert world.told(FEBRUARY, *time) == ("a", "b")


def test_time_that_no_line_can_take_stands_nowhere() -> None:
    """It lies before the agreement, or has no rate in a period that may still get one."""
    world = World(materials(rate_card(None, activities={"Design": 100})))
    world.bill(FEBRUARY, entry("a", 2))
    before = replace(entry("b", 1), day=date(2020, 1, 10))

    assert world.told(FEBRUARY, entry("a", 2), before, entry("c", 1, 2, activity="Text")) == ("a", "")


def test_feeds_say_which_time_is_the_agreements() -> None:
    """The rest belongs to nobody here."""
    world = World(materials(), (Feed("work", activities=("Design",)),))
    time = (entry("a", 2), entry("b", 1, activity="Text"))
    world.bill(FEBRUARY, entry("a", 2))

    assert world.told(FEBRUARY, *time) == ("a", "")


@pytest.mark.parametrize("billing", Billing)
def test_a_retainers_fee_covers_the_time_of_its_closed_periods(billing: Billing) -> None:
    """Also paid in advance, time stands on a document once its period has closed: until then it may still change."""
    world = World(replace(retainer(), billing=billing), (Feed("design"),))
    time = (entry("a", 14), entry("b", 3, 2))
    world.bill(FEBRUARY, *time)

    assert world.told(FEBRUARY, *time) == ("a", "b")


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        (OverageRule.BILL_NOW, ("a", ""), ("a", "")),
        (OverageRule.BILL_NEXT, ("", "a"), ("a", "")),
        (OverageRule.DEDUCT_NEXT, ("a", ""), ("a", "")),
        (OverageRule.ABSORB, ("a", ""), ("a", "")),
        (OverageRule.HOLD, ("", "a"), ("", "a")),
    ],
)
def test_overage_is_part_of_it(rule: OverageRule, first: tuple[str, str], second: tuple[str, str]) -> None:
    """While overage is to be billed later, or waits for a person, nothing is said of its period."""
    world = World(retainer(version("2400", item(beyond=overage(rule)))), (Feed("design"),))
    world.bill(FEBRUARY, entry("a", 23))
    assert world.told(FEBRUARY, entry("a", 23)) == first
    world.bill(MARCH, entry("a", 23))
    assert world.told(MARCH, entry("a", 23)) == second


def test_overage_that_is_gone_is_corrected_first() -> None:
    """An entry deleted behind us leaves an overage billed that is none any more."""
    world = World(retainer(version("2400", item(beyond=overage()))), (Feed("design"),))
    world.bill(FEBRUARY, entry("a", 18), entry("b", 5))
    assert world.told(FEBRUARY, entry("a", 18)) == ("", "a")
    world.bill(MARCH, entry("a", 18))

    assert world.told(MARCH, entry("a", 18)) == ("a", "")


def test_time_without_a_fee_or_overage_stands_on_nothing() -> None:
    """An allowance given for free was billed to nobody."""
    world = World(retainer(version("0", item())), (Feed("design"),))
    world.bill(FEBRUARY, entry("a", 2))

    assert world.told(FEBRUARY, entry("a", 2)) == ("", "")


def test_of_an_agreement_that_a_problem_holds_back_nothing_is_said() -> None:
    """No rate for a line, or for a role of a budget: what its lines come to is not known."""
    unpriced = World(materials(rate_card(None)))
    assert unpriced.told(FEBRUARY, entry("a", 2)) == ("", "a")
    budget = item("budget", 500, unit=ItemUnit.AMOUNT, role_rates={"Text": 90})
    assert World(retainer(version("1", budget)), (Feed("budget"),)).told(FEBRUARY, entry("a", 2)) == ("", "a")


def test_progress_is_not_billed_by_the_entry() -> None:
    """Effort only measures it."""
    facts = TimeFacts(FEBRUARY, {}, (), PROJECTS, {})
    assert TimeOnDocuments(facts, Feeding(PROJECTS), {}).of(agreement(), [entry("a", 2)]) == BilledTime()
