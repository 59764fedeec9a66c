"""Progress of awork: tasks that are done, and time budgets that are used."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from fractions import Fraction

import pytest

from connector.core.problems import Problem, Severity
from connector.core.readings import Reading, ReadingScope
from tests.sources.test_awork_entries import source
from tests.standins import awork

DONE = {"type": "done", "name": "Fertig"}
END_OF_MARCH = date(2026, 3, 31)


@pytest.fixture
def api() -> awork.Awork:
    """Return an empty workspace with a field for positions."""
    api = awork.api()
    api.add_field(awork.POSITION_FIELD)
    return api


def done(on: str) -> awork.Row:
    """Return what a task has that was done then."""
    return {"taskStatus": DONE, "closedOn": on}


def by_tasks(api: awork.Awork, as_of: date = END_OF_MARCH, **settings: object) -> list[Reading | Problem]:
    """Return the readings by tasks."""
    return list(source(api, progress="tasks", **settings).readings(as_of))


def test_tasks_that_are_done_are_counted_as_of_the_day(api: awork.Awork) -> None:
    """Tasks made or closed later do not count; the reading is of the last change before the day."""
    project = api.add_project("P-1", "Projekt")
    api.add_task(project, "1", **done("2026-02-27T23:30:00.1234567Z"))
    api.add_task(project, "2", **done("2026-03-05T08:00:00Z"))
    api.add_task(project, "3")
    api.add_task(project, "part of 3", isSubtask=True)
    api.moment = datetime(2026, 3, 20, 8, tzinfo=UTC)
    api.add_task(project, "4")

    told = {}
    for as_of in (date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 28), END_OF_MARCH):
        told[as_of] = [
            (each.on, each.share and each.share.written) for each in by_tasks(api, as_of) if isinstance(each, Reading)
        ]
    assert list(told.values()) == [
        [],
        [(date(2026, 1, 2), "0 of 3")],
        [(date(2026, 2, 28), "1 of 3")],
        [(date(2026, 3, 20), "2 of 4")],
    ]


def test_tasks_of_a_position_tell_its_progress(api: awork.Awork) -> None:
    """With a field for positions, tasks that name none tell nothing."""
    project = api.add_project("P-1", "Projekt")
    for position in ("A/1", "A/1", "A/2", ""):
        api.add_task(project, "Aufgabe", position, **(done("2026-03-05T08:00:00Z") if position == "A/1" else {}))
    found = by_tasks(api, position_field=awork.POSITION_FIELD)

    assert [
        (each.scope, each.target, each.share and each.share.value) for each in found if isinstance(each, Reading)
    ] == [
        (ReadingScope.POSITION, "A/1", Fraction(1)),
        (ReadingScope.POSITION, "A/2", Fraction(0)),
    ]


def test_a_task_done_nobody_knows_when_is_a_notice(api: awork.Awork) -> None:
    """It does not count: the day might be a later one."""
    project = api.add_project("P-1", "Projekt")
    api.add_task(project, "1", taskStatus=DONE)
    notice, reading = by_tasks(api)

    assert isinstance(notice, Problem)
    assert isinstance(reading, Reading)
    assert (notice.code, notice.severity) == ("ProgressNotDated", Severity.NOTICE)
    assert reading.share is not None
    assert reading.share.written == "0 of 1"


def test_an_unreadable_task_is_told(api: awork.Awork) -> None:
    """The share would be of another whole."""
    project = api.add_project("P-1", "Projekt")
    task = api.add_task(project, "1", taskStatus={})
    [problem] = by_tasks(api)

    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("UnreadableRecord", f"awork: project P-1, task {task['key']}")


def test_projects_without_tasks_are_not_asked(api: awork.Awork) -> None:
    """The project tells how many there are."""
    api.add_project("P-1", "Projekt")

    assert by_tasks(api) == []


@pytest.mark.parametrize(("deducts", "written"), [(True, "3:00 h of 10:00 h"), (False, "2:00 h of 10:00 h")])
def test_a_budget_is_used_by_the_time_up_to_the_day(api: awork.Awork, deducts: bool, written: str) -> None:  # noqa: FBT001 - a case
    """Later time and running timers do not count, not billable time only where the project says so."""
    project = api.add_project("P-1", "Projekt", timeBudget=36_000, deductNonBillableHours=deducts)
    api.add_project("P-2", "Ohne Budget")
    api.add_entry(date(2026, 3, 1), 7200, project)
    api.add_entry(date(2026, 3, 2), 3600, project, isBillable=False)
    api.add_entry(date(2026, 3, 1), 500, project, **awork.running(date(2026, 3, 1), time(9)))
    api.add_entry(date(2026, 4, 1), 7200, project)
    [reading] = source(api, progress="budget").readings(END_OF_MARCH)

    assert isinstance(reading, Reading)
    assert reading.share is not None
    assert (reading.project, reading.scope, reading.share.written) == ("P-1", ReadingScope.PROJECT, written)
    assert reading.on == (date(2026, 3, 2) if deducts else date(2026, 3, 1))


def test_a_budget_with_a_bad_entry_says_so(api: awork.Awork) -> None:
    """A project without time has no reading."""
    project = api.add_project("P-1", "Projekt", timeBudget=36_000)
    api.add_entry(date(2026, 3, 1), -1, project)
    [problem] = source(api, progress="budget").readings(END_OF_MARCH)

    assert isinstance(problem, Problem)
    assert problem.code == "BadTimeEntry"
