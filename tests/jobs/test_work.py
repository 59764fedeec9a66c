from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from connector.core.agreement import Agreement
from connector.core.feed import Feed
from connector.core.feeding import Group
from connector.core.materials_terms import MaterialsTerms
from connector.core.offer import Project
from connector.core.period import Period
from connector.core.plan import Facts
from connector.core.problems import Severity
from connector.core.rates import RateCard
from connector.core.retainer_terms import RetainerTerms, TermsVersion
from connector.core.summing import Summing
from connector.core.time_rounding import RoundingMode, TimeRounding
from connector.core.work import LeftOut, Work
from connector.jobs.work import Reach, time_left_out, work_of_agreements
from tests.core.builders import JANUARY, agreement, eur, party, project, seller

AS_OF = JANUARY.last_day

PROJECTS = {
    "WEB": project(),
    "SHOP": project("SHOP"),
    "WEB-1": project("WEB-1", parent="WEB"),
    "WEB-1a": project("WEB-1a", parent="WEB-1"),
}


@dataclass
class Booked:
    """Satisfies the port of the same name: an hour of each project; remembers what it was asked."""

    asked: list[tuple[list[str], Summing]] = field(default_factory=list)
    waiting: dict[Group, LeftOut] = field(default_factory=dict)
    periods: list[tuple[Period, bool]] = field(default_factory=list)

    def work(self, projects: Collection[str], summing: Summing, as_of: date, /) -> Iterator[Work]:
        """Yield an hour of each project."""
        self.asked.append((sorted(projects), summing))
        yield from (Work(as_of, 3600, project=each) for each in sorted(projects))

    def left_out(self, projects: Collection[str], days: Period, /, *, approved_only: bool) -> dict[Group, LeftOut]:
        """Return what waits on the projects."""
        self.periods.append((days, approved_only))
        return {group: count for group, count in self.waiting.items() if group[0] in projects}


def retainer(id_: str, on: str = "WEB", *pooled: str, rounding: TimeRounding | None = None) -> Agreement:
    """Return a retainer on the projects."""
    terms = RetainerTerms(id_, (TermsVersion(JANUARY.start, eur(100)),), rounding=rounding or TimeRounding())
    return replace(agreement(id_=id_, project=on), terms=terms, pooled=pooled)


def materials(*feeds: Feed, since: date = JANUARY.start, approved_only: bool = False) -> Agreement:
    """Return time and materials on project WEB."""
    terms = MaterialsTerms("Work", "EUR", (RateCard(since, default=Decimal(100)),), approved_only=approved_only)
    return replace(agreement(id_="work"), terms=terms, feeds=feeds)


def facts(*agreements: Agreement) -> Facts:
    """Return facts of January."""
    return Facts("nordlicht", AS_OF, seller(), 30, agreements, {"K1": party()}, PROJECTS, (), lambda _: None)  # type: ignore[arg-type, return-value] # nothing is decided


def names(works: Collection[Work]) -> list[str]:
    """Return the projects of the work."""
    return [work.project for work in works]


def test_an_agreement_reaches_all_below_its_projects() -> None:
    """Subprojects belong to it at any depth; a project twice named is one, and one that no source knows is kept."""
    reach = Reach(PROJECTS)
    assert reach.projects(retainer("a")) == ["WEB", "WEB-1", "WEB-1a"]
    assert reach.projects(retainer("a", "WEB-1", "WEB", "GONE")) == ["WEB-1", "WEB-1a", "WEB", "GONE"]


def test_agreements_alike_are_asked_for_together() -> None:
    """One question for all that are summed the same way; each gets what is on its projects."""
    booked = Booked()
    found = work_of_agreements(
        booked,
        [retainer("a"), agreement(), retainer("b", "SHOP", "WEB-1"), retainer("c", "GONE")],
        Reach(PROJECTS),
        AS_OF,
    )
    assert {id_: names(works) for id_, works in found.items()} == {
        "a": ["WEB", "WEB-1", "WEB-1a"],
        "b": ["SHOP", "WEB-1", "WEB-1a"],
        "c": ["GONE"],
    }
    assert [asked for asked, _ in booked.asked] == [["GONE", "SHOP", "WEB", "WEB-1", "WEB-1a"]]


def test_other_rounding_is_another_question() -> None:
    """Two retainers that round differently on one project have sums of their own."""
    booked = Booked()
    quarters = retainer("b", rounding=TimeRounding(15, RoundingMode.UP))
    work_of_agreements(booked, [retainer("a"), quarters], Reach(PROJECTS), AS_OF)
    assert [summing.rounding.mode for _, summing in booked.asked] == [RoundingMode.NONE, RoundingMode.UP]


def test_project_without_time_has_no_work() -> None:
    """An agreement nobody worked for is planned like any other."""

    class Nothing(Booked):
        def work(self, projects: Collection[str], summing: Summing, as_of: date, /) -> Iterator[Work]:
            """Yield nothing."""
            del projects, summing, as_of
            yield from ()

    assert work_of_agreements(Nothing(), [retainer("a")], Reach(PROJECTS), AS_OF) == {"a": []}


def test_time_left_out_is_counted_per_agreement() -> None:
    """Running timers, entries not approved and not billable ones: one notice, which holds nothing."""
    booked = Booked(waiting={("WEB", "Design", ""): LeftOut(1, 2, 3), ("WEB-1", "Audit", ""): LeftOut(running=1)})
    (problem,) = time_left_out(booked, facts(materials(approved_only=True), retainer("a")))
    assert (problem.code, problem.severity, problem.agreement) == ("TimeLeftOut", Severity.NOTICE, "work")
    assert "3 running or without an end, 3 not approved, 1 not billable" in problem.message
    assert booked.periods == [(JANUARY, True)]


def test_time_of_others_is_not_counted() -> None:
    """Two agreements on one project: each is told only what its feeds take."""
    booked = Booked(waiting={("WEB", "Design", ""): LeftOut(running=1), ("WEB", "Audit", ""): LeftOut(running=5)})
    (problem,) = time_left_out(booked, facts(materials(Feed("", activities=("Design",)))))
    assert "1 running" in problem.message
    assert time_left_out(booked, facts(materials(Feed("", activities=("Other",))))) == []


def test_nothing_left_out_is_not_worth_a_word() -> None:
    """No notice without an entry, nor before the agreement has begun."""
    booked = Booked(waiting={("WEB", "", ""): LeftOut(running=1)})
    assert time_left_out(Booked(), facts(materials())) == []
    assert time_left_out(booked, facts(materials(since=date(2026, 2, 1)))) == []


def test_a_circle_of_projects_ends() -> None:
    """Two projects that are each other's parent belong together, once."""
    circle = {"A": Project("A", "", "K1", "B"), "B": Project("B", "", "K1", "A")}
    assert sorted(Reach(circle).projects(retainer("a", "A"))) == ["A", "B"]
