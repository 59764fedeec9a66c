"""What MOCO states of retainers and planned invoices, as agreements can be held against it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connector.core.agreement import Instalment
from connector.core.cycle import Cycle
from connector.core.ports import TermsSource
from connector.core.told_terms import ToldRetainer, ToldSchedule
from tests.core.builders import eur
from tests.sources.moco_world import Row, World
from tests.support.found import good, problems

PLACE = "moco: project P-1"


def add_planned(world: World, day: str, amount: Any, *, project: Row | None = None, **values: object) -> None:  # noqa: ANN401 - JSON
    """Plan an invoice of the project."""
    told = {"title": "Anzahlung", "billed": False, "project": {"id": (project or world.project)["id"]}, **values}
    world.api.add("/projects/payment_schedules", date=day, net_total=amount, **told)


def test_a_retainer_project_is_told_with_its_monthly_budget() -> None:
    """Whether that is the fee, MOCO does not say."""
    world = World()
    world.project |= {"retainer": True, "budget_monthly": 2400, "start_date": "2026-01-01", "finish_date": "2026-12-31"}
    source = world.source()

    assert isinstance(source, TermsSource)
    assert good(source.terms()) == [
        ToldRetainer(
            PLACE,
            "Relaunch",
            customer="K-1",
            project="P-1",
            start=date(2026, 1, 1),
            last_day=date(2026, 12, 31),
            cycle=Cycle.MONTH,
            budget=eur(2400),
        )
    ]


@pytest.mark.parametrize(
    "change", [{"retainer": False}, {"active": False}, {"budget_monthly": None}, {"budget_monthly": 0}]
)
def test_what_is_no_retainer_is_not_told(change: Row) -> None:
    """Nor is one of an archived project."""
    world = World()
    world.project |= {"retainer": True, "budget_monthly": 2400, **change}
    assert good(world.source().terms()) == []


@pytest.mark.parametrize(
    ("period", "cycle", "title"),
    [
        ("weekly", Cycle.WEEK, "Hosting XS"),
        ("monthly", Cycle.MONTH, "Hosting XS"),
        ("quarterly", Cycle.QUARTER, "Hosting XS"),
        ("annual", Cycle.YEAR, "Hosting XS"),
        ("biannual", None, "Hosting XS (biannual)"),
        ("biweekly", None, "Hosting XS (biweekly)"),
    ],
)
def test_a_recurring_expense_is_told_as_a_fee(period: str, cycle: Cycle | None, title: str) -> None:
    """Periods that agreements do not have are named in words."""
    world = World()
    world.add_recurring("Hosting XS", period=period, finish_date="2026-06-30")
    assert good(world.source().terms()) == [
        ToldRetainer(
            f"{PLACE}, Hosting XS",
            title,
            customer="K-1",
            project="P-1",
            start=date(2026, 1, 1),
            last_day=date(2026, 6, 30),
            cycle=cycle,
            fee=eur(29),
        )
    ]


def test_the_currency_of_the_project_counts_where_the_expense_names_none() -> None:
    """A price that is missing is not stated."""
    world = World()
    world.add_recurring("Hosting", currency=None)
    world.add_recurring("Wartung", price=None)
    world.add_recurring("Domain", currency="CHF")
    told = [str(each.fee) for each in good(world.source().terms()) if isinstance(each, ToldRetainer)]
    assert told == ["29.00 EUR", "None", "29.00 CHF"]


def test_what_an_offer_names_or_nobody_pays_is_not_told() -> None:
    """A recurring expense with the title of a position gives it its days."""
    world = World()
    world.add_offer("A-1", world.item("Hosting"))
    world.add_recurring("Hosting")
    world.add_recurring("Kulanz", billable=False)
    world.add_recurring("Anderswo", project={"id": 999})
    assert good(world.source().terms()) == []


def test_planned_invoices_are_told_by_project_in_the_order_of_their_days() -> None:
    """Those that are written are not."""
    world = World()
    add_planned(world, "2026-05-05", 500, title="Rest")
    add_planned(world, "2026-04-05", 1000)
    add_planned(world, "2026-03-05", 1000, billed=True)
    archived = world.add_project("P-2", "Alt", active=False)
    add_planned(world, "2026-04-05", 1000, project=archived)
    add_planned(world, "2026-04-05", 1000, project={"id": 999})
    planned = (
        Instalment(date(2026, 4, 5), "Anzahlung", eur(1000)),
        Instalment(date(2026, 5, 5), "Rest", eur(500)),
    )
    assert good(world.source().terms()) == [ToldSchedule(PLACE, "P-1", "K-1", planned)]


def test_a_project_without_a_customer_that_is_read_is_told_without() -> None:
    """The check tells that it lacks one."""
    world = World()
    for customer in (None, {"id": 999, "name": "?"}):
        world.project |= {"retainer": True, "budget_monthly": 2400, "customer": customer}
        [told] = good(world.source().terms())
        assert isinstance(told, ToldRetainer)
        assert told.customer == ""


def test_what_cannot_be_read_is_told() -> None:
    """Amounts with a fraction of a cent, and in currencies nobody knows; the others go on."""
    world = World()
    world.project |= {"retainer": True, "budget_monthly": "2400.001"}
    world.add_recurring("Hosting", currency="XYZ")
    add_planned(world, "2026-04-05", "0.001")
    add_planned(world, "2026-04-05", "viel")
    add_planned(world, "2026-04-05", 1000)
    found = list(world.source().terms())
    assert [(each.code, each.place) for each in problems(found)] == [
        ("UnreadableRecord", PLACE),
        ("UnreadableRecord", f"{PLACE}, Hosting"),
        ("UnreadableRecord", problems(found)[2].place),
        ("UnreadableRecord", problems(found)[3].place),
    ]
    assert len(found) == 5
