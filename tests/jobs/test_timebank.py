"""The time bank statement, from what was pulled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.agreement import Agreement
from connector.core.catalogue import ItemUnit
from connector.core.errors import RefusedError
from connector.core.feed import Feed
from connector.core.feeding import Group
from connector.core.offer import Project
from connector.core.period import Period
from connector.core.readings import Metric
from connector.core.summing import Summing
from connector.core.timesheet import TimeEntry
from connector.core.work import GroupBy, LeftOut, Work, work_of
from connector.jobs.timebank import time_bank_of
from tests.core.builders import agreement, project, time_entry
from tests.core.retainer_builders import item, materials, retainer, version

MARCH_END = date(2026, 3, 31)

PROJECTS = {"WEB": project(), "SHOP": project("SHOP", parent="WEB"), "APP": project("APP")}

CARE: Agreement = replace(agreement(id_="care"), terms=retainer(), feeds=(Feed("design"),), pooled=("APP",))


@dataclass
class Collected:
    """Satisfies the port of the same name with entries in memory."""

    told: Sequence[TimeEntry]

    def projects(self) -> Mapping[str, Project]:
        """Return three projects."""
        return PROJECTS

    def metrics(self, _as_of: date, /) -> Sequence[Metric]:
        """Return none."""
        return ()

    def entries(self, projects: Collection[str], days: Period, /) -> Iterator[TimeEntry]:
        """Yield those of the projects and days."""
        return (entry for entry in self.told if entry.project in projects and entry.day in days)

    def work(self, projects: Collection[str], summing: Summing, as_of: date, /) -> Iterator[Work]:
        """Yield the work of the projects."""
        found = [entry for entry in self.told if entry.project in projects and entry.day <= as_of]
        yield from work_of(found, GroupBy.PERSON, summing.rounding, approved_only=summing.approved_only)[0]

    def left_out(self, projects: Collection[str], days: Period, /, *, approved_only: bool) -> dict[Group, LeftOut]:
        """Return nothing."""
        del projects, days, approved_only
        return {}


TOLD = Collected(
    [
        time_entry("T1", 3600, position="", day=date(2026, 1, 15), project="SHOP"),
        time_entry("T2", 7200, position="", day=date(2026, 2, 15), project="APP"),
        time_entry("T3", 1800, position="", day=date(2026, 3, 15), project="OTHER"),
    ]
)


def told(period: str = "", as_of: date = MARCH_END, agreed: Agreement = CARE, *others: Agreement) -> list[str]:
    """Return the periods shown with the ids of their entries."""
    bank = time_bank_of(TOLD, agreed, [agreed, *others], as_of, period)
    return [" ".join([each.bank.period.name, *(entry.id for entry in each.entries)]) for each in bank.statements]


def test_all_periods_are_shown_up_to_the_day() -> None:
    """With the entries of the agreement's projects, those below and those pooled, and no others."""
    assert told() == ["2026-01 T1", "2026-02 T2", "2026-03"]
    assert told(as_of=date(2026, 2, 14)) == ["2026-01 T1", "2026-02"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-02", ["2026-02 T2"]),
        ("2026-01-31", ["2026-01 T1"]),
        ("2026-Q1", ["2026-01 T1", "2026-02 T2", "2026-03"]),
        ("2026", ["2026-01 T1", "2026-02 T2", "2026-03"]),
    ],
)
def test_one_period_is_shown_by_its_name_or_its_days(name: str, expected: list[str]) -> None:
    """What was carried into it is computed from the periods before, all the same."""
    assert told(name) == expected
    bank = time_bank_of(TOLD, CARE, [CARE], MARCH_END, name)
    assert all(each.bank.movement.granted == 20 * 3600 for each in bank.statements)


@pytest.mark.parametrize("name", ["2026-04", "2025", "spring"])
def test_a_period_that_is_not_there_is_refused(name: str) -> None:
    """The hint says which are."""
    with pytest.raises(RefusedError, match=f"care has no period '{name}' up to 2026-03-31") as caught:
        told(name)
    assert caught.value.hint == "there are 2026-01 to 2026-03; or name a day, month, quarter or year"


@pytest.mark.parametrize(
    ("agreed", "as_of", "message"),
    [
        (agreement(), MARCH_END, "agreement website has no time bank: its kind is progress"),
        (
            replace(CARE, terms=materials()),
            MARCH_END,
            "agreement care has no time bank: its kind is time_and_materials",
        ),
        (CARE, date(2025, 12, 31), "agreement care begins on 2026-01-01, after 2025-12-31"),
        (
            replace(CARE, terms=retainer(version("60")), feeds=()),
            MARCH_END,
            "agreement care has no time bank: it had no item",
        ),
        (
            replace(CARE, terms=retainer(version("60"), version("60", item(), since=date(2026, 4, 1)))),
            MARCH_END,
            "agreement care has no time bank: it had no item up to 2026-03-31",
        ),
    ],
)
def test_an_agreement_without_a_time_bank_is_refused(agreed: Agreement, as_of: date, message: str) -> None:
    """Of another kind, not begun, or without an item on the day; each with what to do."""
    with pytest.raises(RefusedError, match=message) as caught:
        told("", as_of, agreed)
    assert caught.value.hint


@pytest.mark.parametrize(
    "other",
    [
        replace(agreement(id_="work", project="SHOP"), terms=materials()),
        replace(agreement(id_="more", project="SHOP"), terms=retainer(), feeds=(Feed("design"),)),
    ],
)
def test_time_that_two_agreements_count_leaves_no_statement(other: Agreement) -> None:
    """Its problem is told instead, whatever period was asked for."""
    bank = time_bank_of(TOLD, CARE, [CARE, other], MARCH_END, "2026-02")
    assert (bank.statements, [problem.code for problem in bank.problems]) == ((), ["TimeFedTwice"])


def test_units_that_two_agreements_count_leave_no_statement() -> None:
    """The readings of the other are asked for as well."""
    posts = item("posts", 8, unit=ItemUnit.UNITS)
    one, two = (
        replace(agreement(id_=id_), terms=retainer(version("0", posts)), feeds=(Feed("posts", metric="posts"),))
        for id_ in ("one", "two")
    )

    class Read(Collected):
        def metrics(self, _as_of: date, /) -> Sequence[Metric]:
            return [Metric("posts", "WEB", date(2026, month, 15), Decimal(3)) for month in (1, 2, 3)]

    bank = time_bank_of(Read([]), one, [one, two], MARCH_END)
    assert (bank.statements, [problem.code for problem in bank.problems]) == ((), ["TimeFedTwice"])


def test_agreements_on_other_projects_are_left_alone() -> None:
    """They are not even asked for."""
    assert told("", MARCH_END, CARE, replace(CARE, id="other", project="OTHER", pooled=())) == told()
    assert told("", MARCH_END, CARE, agreement(id_="progress")) == told()
