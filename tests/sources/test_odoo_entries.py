"""Timesheets of Odoo as time entries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.core.errors import ConfigError, UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Severity
from connector.core.timesheet import TimeEntry
from tests.sources.odoo_world import World, link
from tests.standins import odoo
from tests.support.found import good, problems

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


def entries(world: World, **settings: Any) -> list[Any]:  # noqa: ANN401 - settings as a configuration has them
    """Return the time of January."""
    return world.told("entries", JANUARY, project_id="name", **settings)


def test_an_entry_and_its_position() -> None:
    """Day, whole seconds, person, task, text, and the line of the order it is sold by."""
    world = World()
    world.add_order("S-1", world.sold("Konzept"))
    row = world.add_entry(name="Abstimmung", so_line=link(world.api.rows["sale.order.line"][0]))

    assert entries(world, position_id="number") == [
        TimeEntry(
            str(row["id"]), "Relaunch", date(2026, 1, 15), 5400, "Anna Berg", "Konzept", "S-1/1", "Abstimmung",
            changed="2026-01-02 08:00:00", origin=f"odoo: timesheet line #{row['id']}",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "seconds"),
    [
        (1, 3600),
        (Decimal("0.25"), 900),
        (Decimal("0.3333333333333333"), 1200),
        (Decimal("0.016666666666666666"), 60),
        (0, 0),
    ],
)
def test_hours_are_whole_seconds(hours: Any, seconds: int) -> None:  # noqa: ANN401 - JSON
    """Odoo counts in floating point: a third of an hour is twenty minutes, half up (domain 1.4)."""
    world = World()
    world.add_entry(hours=hours)

    assert [each.seconds for each in good(entries(world))] == [seconds]


def test_what_an_entry_may_lack() -> None:
    """Text, task, person and line; an analytic line without a project is no time."""
    world = World()
    world.add_entry(task_id=False, employee_id=False, product_uom_id=False, so_line=[9999, "weg"], write_date=False)
    world.add_entry(project_id=False)

    [entry] = good(entries(world))
    assert (entry.text, entry.activity, entry.person, entry.position, entry.changed) == ("", "", "", "", "")


def test_flags() -> None:
    """Billable unless Odoo says otherwise, approved unless it is known not to be."""
    world = World()
    world.add_entry(timesheet_invoice_type="non_billable", validated=False)
    world.add_entry(timesheet_invoice_type="billable_fixed")

    assert [(each.billable, each.approved) for each in good(entries(world))] == [(False, False), (True, True)]


def test_apps_that_are_not_installed() -> None:
    """Without them all time is billable and approved, and belongs to no position."""
    world = World()
    world.api.missing["account.analytic.line"] = {"so_line", "timesheet_invoice_type", "validated"}
    world.add_entry(validated=False)

    [entry] = good(entries(world))
    assert (entry.billable, entry.approved, entry.position) == (True, True, "")


def test_only_the_days_asked_for() -> None:
    """From the first day to the last, both included."""
    world = World()
    for day in ("2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"):
        world.add_entry(day)

    assert [each.day for each in good(entries(world))] == [date(2026, 1, 1), date(2026, 1, 31)]


def test_time_on_a_project_that_is_not_read() -> None:
    """It is kept under # and Odoo's number, which no project of the agency's own bears, with one notice."""
    world = World()
    for _ in range(2):
        world.add_entry(project_id=[9999, "weg"])

    found = entries(world)
    assert [(each.code, each.severity) for each in problems(found)] == [("ProjectNotRead", Severity.NOTICE)]
    assert [each.project for each in found if isinstance(each, TimeEntry)] == ["#9999", "#9999"]


@pytest.mark.parametrize(
    "bad",
    [
        {"unit_amount": -1},
        {"unit_amount": "1:30"},
        {"unit_amount": False},
        {"product_uom_id": [5, "Days"]},
        {"employee_id": [7]},
        {"project_id": 5},
        {"name": None, "write_date": None, "task_id": 8},
    ],
)
def test_an_entry_that_is_not_as_odoo_has_it(bad: dict[str, Any]) -> None:
    """It is named, and the others are read."""
    world = World()
    strange = world.add_entry()
    strange |= bad
    world.add_entry("2026-01-16")

    found = entries(world)
    assert [(each.code, each.place) for each in problems(found)] == [
        ("BadTimeEntry", f"odoo: timesheet line #{strange['id']}")
    ]
    assert [each.day for each in found if isinstance(each, TimeEntry)] == [date(2026, 1, 16)]


def test_time_of_other_days_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that ignores the filter would change what is billed."""
    world = World()
    world.add_entry("2026-02-01")
    meets = odoo._meets  # noqa: SLF001 - what the stand-in filters by
    monkeypatch.setattr(odoo, "_meets", lambda row, name, *more: name == "date" or meets(row, name, *more))

    with pytest.raises(UnexpectedAnswer, match="time of 2026-02-01 came"):
        entries(world)


def test_an_odoo_without_timesheets_is_refused() -> None:
    """The field that is missing is named."""
    world = World()
    world.api.missing["account.analytic.line"] = {"project_id"}

    with pytest.raises(ConfigError, match="no field 'project_id' of account"):
        entries(world)
