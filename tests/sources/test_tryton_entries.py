"""Timesheets of Tryton as time entries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.core.errors import ConfigError, UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Severity
from connector.core.timesheet import TimeEntry
from tests.sources import tryton_standin
from tests.sources.tryton_standin import StandIn, line, told
from tests.support.found import good, problems

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


def entries(standin: StandIn, **settings: Any) -> list[Any]:  # noqa: ANN401 - settings as a configuration has them
    """Return the time of January."""
    return list(standin.source(**settings).entries(JANUARY))


def sold() -> StandIn:
    """Return a stand-in with a sale, whose task is the last one."""
    standin = StandIn()
    standin.sale("S-1", line("Konzept"))
    return standin


def test_an_entry_and_its_position() -> None:
    """Day, whole seconds, person, task, text, and the position that the task came of."""
    standin = sold()
    standin.entry(seconds=Decimal("5400.0"), description="Abstimmung")

    assert entries(standin) == [
        TimeEntry(
            "1", "P-1", date(2026, 1, 15), 5400, "Anna Berg", "Konzept", "S-1/1", "Abstimmung",
            changed="2026-01-02T08:00:00+00:00", origin="tryton: timesheet line #1",
        )
    ]  # fmt: skip


def test_an_edit_changes_the_mark() -> None:
    """The instant of the last change, to the microsecond."""
    standin = sold()
    standin.entry(write_date=datetime(2026, 1, 20, 9, 0, 0, 250_000, tzinfo=UTC))

    assert [each.changed for each in entries(standin)] == ["2026-01-20T09:00:00.250000+00:00"]


def test_time_on_a_task_below_belongs_to_the_position_above() -> None:
    """And time on the project itself to none."""
    standin = sold()
    below = standin.work("Skizzen", "T-9", parent=len(standin.rows["project.work"]))
    standin.entry()
    standin.entry(work={"id": 2, "name": None, "origin": f"project.work,{standin.project['id']}"})

    assert [(each.activity, each.position) for each in good(entries(standin))] == [
        (below["name"], "S-1/1"),
        ("Relaunch", ""),
    ]


def test_only_the_days_asked_for() -> None:
    """From the first day to the last, both included."""
    standin = sold()
    for day in ("2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"):
        standin.entry(day)

    assert [each.day for each in good(entries(standin))] == [date(2026, 1, 1), date(2026, 1, 31)]


def test_tasks_that_are_not_billable() -> None:
    """The settings name them, for Tryton has no such mark."""
    standin = sold()
    standin.entry()

    assert [each.billable for each in entries(standin)] == [True]
    assert [each.billable for each in entries(standin, unbillable_tasks=["Konzept"])] == [False]


def test_time_on_a_work_of_its_own() -> None:
    """Holidays and the like belong to no project, and are billed to nobody."""
    standin = sold()
    standin.entry(work={"id": 3, "name": "Urlaub", "origin": None})

    [entry] = good(entries(standin))
    assert (entry.project, entry.activity, entry.billable) == ("", "Urlaub", False)


def test_time_on_a_task_of_no_project() -> None:
    """It is kept, with one notice for all time on that task."""
    standin = sold()
    standin.work("Verwaist", "T-9")
    standin.entry()
    standin.entry(work={"id": 4, "name": None, "origin": "project.work,99"})
    standin.entry("2026-01-16", work={"id": 4, "name": None, "origin": "project.work,99"})

    found = entries(standin)
    assert [(each.code, each.place, each.severity) for each in problems(found)] == [
        ("ProjectNotRead", "tryton: timesheet line #1", Severity.NOTICE),
        ("ProjectNotRead", "tryton: timesheet line #2", Severity.NOTICE),
    ]
    assert [(each.project, each.activity) for each in found if isinstance(each, TimeEntry)] == [
        ("", "Verwaist"),
        ("", ""),
        ("", ""),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"date": None},
        {"date": "2026-01-15"},
        {"duration": {"__class__": "timedelta", "seconds": -60}},
        {"duration": 5400},
        {"employee": None},
        {"work": None},
        {"work": {"id": 1, "name": None, "origin": "project.work,x"}},
        {"create_date": None},
    ],
)
def test_an_entry_that_is_not_as_tryton_has_it(bad: dict[str, Any]) -> None:
    """It is named, and the others are read."""
    standin = sold()
    standin.entry()
    standin.entry("2026-01-16")
    standin.rows["timesheet.line"][0] |= bad

    found = _unfiltered(standin)
    assert [(each.code, each.place) for each in problems(found)] == [("BadTimeEntry", "tryton: timesheet line #1")]
    assert [each.id for each in found if isinstance(each, TimeEntry)] == ["2"]


def _unfiltered(standin: StandIn) -> list[Any]:
    """Return the time of January from a server that ignores the filter of days."""
    with pytest.MonkeyPatch.context() as patch:
        meets = tryton_standin._meets  # noqa: SLF001 - what the stand-in filters by
        patch.setattr(tryton_standin, "_meets", lambda row, name, *more: name == "date" or meets(row, name, *more))
        return entries(standin)


def test_time_of_other_days_is_refused() -> None:
    """A server that ignores the filter would change what is billed."""
    standin = sold()
    standin.entry("2026-02-01")

    with pytest.raises(UnexpectedAnswer, match="time of 2026-02-01 came"):
        _unfiltered(standin)


def test_an_instance_without_timesheets_is_refused() -> None:
    """The module is named."""
    standin = sold()
    del standin.fields["timesheet.line"]

    with pytest.raises(ConfigError) as refused:
        entries(standin)
    assert "activate the module timesheet" in refused.value.hint


def test_what_changed_is_told_by_the_mark_of_creation_at_first() -> None:
    """A line that was never changed has no last change."""
    standin = sold()
    standin.entry(create_date=datetime(2026, 1, 15, 16, 0, tzinfo=UTC), write_date=told(None))

    assert [each.changed for each in entries(standin)] == ["2026-01-15T16:00:00+00:00"]
