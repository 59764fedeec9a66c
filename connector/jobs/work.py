"""The time that agreements bill, fetched from the store in few questions: one per way of summing, not per agreement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from connector.core.agreement import Agreement
from connector.core.feeding import Feeding, Group
from connector.core.materials_terms import MaterialsTerms
from connector.core.offer import Project
from connector.core.period import Period
from connector.core.plan import Facts
from connector.core.problems import Problem, Severity
from connector.core.progress import project_chain
from connector.core.summing import Summing, summing_of
from connector.core.work import LeftOut, Work


class Booked(Protocol):
    """Time entries, summed where they are kept."""

    def work(self, projects: Collection[str], summing: Summing, as_of: date, /) -> Iterator[Work]:
        """Yield the billable work on the projects up to the day, rounded and summed."""
        ...

    def left_out(self, projects: Collection[str], days: Period, /, *, approved_only: bool) -> Mapping[Group, LeftOut]:
        """Return what of the days' entries is not billed, per project, activity and position."""
        ...


class Reach:
    """Which projects belong to an agreement: those it names, and all below them (domain 4.1)."""

    def __init__(self, projects: Mapping[str, Project]) -> None:
        self._below: dict[str, list[str]] = {}
        for project in projects:
            for upper in project_chain(project, projects):
                self._below.setdefault(upper, []).append(project)

    def projects(self, agreement: Agreement) -> list[str]:
        """Return the projects, each once."""
        return list(dict.fromkeys(each for named in agreement.projects for each in self._below.get(named, (named,))))


def work_of_agreements(
    booked: Booked, agreements: Iterable[Agreement], reach: Reach, as_of: date
) -> dict[str, Sequence[Work]]:
    """Return the work up to the day of every agreement that bills time, by its id."""
    alike: dict[Summing, list[Agreement]] = {}
    for agreement in agreements:
        if summing := summing_of(agreement.terms):
            alike.setdefault(summing, []).append(agreement)
    return {
        agreement.id: work
        for summing, group in alike.items()
        for agreement, work in _shared_out(booked, group, reach, summing, as_of)
    }


def _shared_out(
    booked: Booked, group: Sequence[Agreement], reach: Reach, summing: Summing, as_of: date
) -> Iterator[tuple[Agreement, Sequence[Work]]]:
    """Yield each agreement with the work on its projects, asked for all of them at once."""
    scopes = [reach.projects(agreement) for agreement in group]
    by_project: dict[str, list[Work]] = {}
    for work in booked.work({project for scope in scopes for project in scope}, summing, as_of):
        by_project.setdefault(work.project, []).append(work)
    for agreement, scope in zip(group, scopes, strict=True):
        lists = [by_project[project] for project in scope if project in by_project]
        yield agreement, lists[0] if len(lists) == 1 else [work for each in lists for work in each]


def time_left_out(booked: Booked, facts: Facts) -> list[Problem]:
    """Return a notice for every agreement by time and materials that has time which is not billed (domain 5)."""
    reach, feeding = Reach(facts.projects), Feeding(facts.projects)
    found = []
    for agreement in facts.agreements:
        terms = agreement.terms
        if isinstance(terms, MaterialsTerms) and terms.start <= facts.as_of:
            days = Period.inclusive(terms.start, facts.as_of)
            told = booked.left_out(reach.projects(agreement), days, approved_only=terms.approved_only)
            mine = [count for group, count in told.items() if not agreement.feeds or feeding.feed(agreement, group)]
            found += [_left_out(agreement, sum(mine, LeftOut()))] if mine else []
    return found


def _left_out(agreement: Agreement, count: LeftOut) -> Problem:
    return Problem(
        "TimeLeftOut",
        f"entries of agreement {agreement.id} that are not billed: {count.running} running or without an end, "
        f"{count.not_approved} not approved, {count.not_billable} not billable",
        agreement.place,
        "stop the timers and approve the entries, if they are to be billed",
        Severity.NOTICE,
        agreement.id,
    )
