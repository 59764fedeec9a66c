"""Units out of the delivered quantity of lines, shares out of the updates of projects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from connector.core.problems import Severity
from connector.core.readings import Reading, ReadingScope
from tests.sources.odoo_world import World, link
from tests.support.found import good, problems

END = date(2026, 3, 31)


def delivered(quantity: Any, method: str = "manual", changed: str = "2026-02-10 12:00:00") -> World:  # noqa: ANN401 - JSON
    """Return a world with a line of which so much was delivered."""
    world = World()
    line = {**world.sold("Filme", 890, 6), "qty_delivered": quantity, "qty_delivered_method": method}
    world.add_order("S-1", line)
    world.api.rows["sale.order.line"][0]["write_date"] = changed
    return world


@pytest.mark.parametrize("method", ["manual", "stock_move", "milestones"])
def test_what_was_delivered_is_units(method: str) -> None:
    """As of the local day of the line's last change: half past eleven in the evening in UTC is the next day."""
    world = delivered(Decimal("2.50"), method, "2026-02-10 23:30:00")

    [reading] = good(world.told("readings", END, position_id="number", project_id="name"))
    origin = "odoo: order S-1 line 1"
    assert reading == Reading(
        "Relaunch", ReadingScope.POSITION, "S-1/1", date(2026, 2, 11), units=Decimal("2.5"), origin=origin
    )


@pytest.mark.parametrize("method", ["timesheet", "analytic"])
def test_deliveries_out_of_time_are_effort(method: str) -> None:
    """They are read as time."""
    assert delivered(2, method).told("readings", END) == []


def test_nothing_delivered_is_not_told() -> None:
    """Nor anything, where units are kept elsewhere."""
    assert delivered(0).told("readings", END) == []
    assert delivered(2).told("readings", END, units_by="none") == []


def test_units_of_a_later_day_are_not_told() -> None:
    """Odoo keeps no history of them, and the notice says so."""
    [notice] = delivered(2, changed="2026-04-01 12:00:00").told("readings", END)

    assert (notice.code, notice.place, notice.severity) == (
        "ProgressNotDated",
        "odoo: order S-1 line 1",
        Severity.NOTICE,
    )


def updated(*updates: tuple[Any, Any]) -> World:
    """Return a world with updates of the project."""
    world = World()
    for day, progress in updates:
        world.api.add("project.update", name="Stand", project_id=link(world.project), date=day, progress=progress)
    return world


def test_updates_are_shares_of_the_project() -> None:
    """Each of its day, the last one of a day; what was told after the day is not."""
    world = updated(("2026-01-31", 10), ("2026-02-28", 30), ("2026-02-28", 33), ("2026-04-01", 50), (False, 90))

    readings = good(world.told("readings", END, shares_by="updates", project_id="name"))
    assert [(each.project, each.scope, each.on, each.share.value, each.share.written) for each in readings] == [
        ("Relaunch", ReadingScope.PROJECT, date(2026, 1, 31), Fraction(1, 10), "10 %"),
        ("Relaunch", ReadingScope.PROJECT, date(2026, 2, 28), Fraction(33, 100), "33 %"),
    ]


def test_updates_are_read_only_if_wanted() -> None:
    """Who writes them without thinking of invoices would say 0 % of everything."""
    assert updated(("2026-01-31", 10)).told("readings", END) == []


def test_updates_that_say_no_share() -> None:
    """They are named; those of projects that are not read are not."""
    world = updated(("2026-01-31", 120), ("2026-02-01", -1), ("2026-02-02", "halb"))
    world.api.add("project.update", name="Fremd", project_id=[9999, "weg"], date="2026-01-31", progress=5)

    found = problems(world.told("readings", END, shares_by="updates"))
    assert [each.code for each in found] == ["BadReading", "BadReading", "UnreadableRecord"]
