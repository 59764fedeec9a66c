"""Projects of Tryton as offers, the tasks in them that have a price as positions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from connector.core.errors import ConfigError
from connector.core.offer import Offer, OfferState, Position
from connector.core.problems import Problem
from connector.core.quantity import Quantity, Unit
from tests.sources.tryton_standin import StandIn, amount
from tests.support.found import good, problems

FIXED = {"id": 1, "template": {"id": 1, "name": "Festpreis"}, "default_uom": {"id": 1, "symbol": "u"}}
HOURLY = {
    "id": 2,
    "template": {"id": 2, "name": "Beratung"},
    "default_uom": {"id": 10, "symbol": "d"},
    "account_category": {"id": 1, "name": "Leistungen"},
}


def offers(standin: StandIn, **settings: Any) -> list[Offer | Problem]:  # noqa: ANN401 - settings as a configuration has them
    """Return what is told of the projects."""
    return list(standin.source(offers="tasks", **settings).offers())


def task(standin: StandIn, name: str, number: str, price: str, **values: Any) -> dict[str, Any]:  # noqa: ANN401 - any values
    """Add a task with a price to the project."""
    given = {"parent": standin.project["id"], "product": FIXED, **values}
    return standin.work(name, number, list_price=amount(price), **given)


def test_priced_tasks_become_positions() -> None:
    """A price is one flat; that of a product counted in time is the price of an hour, whatever its unit."""
    standin = StandIn()
    task(standin, "Konzept", "T-1", "5000", effort_duration=timedelta(hours=40))
    phase = standin.work("Phase 2", "T-2", parent=standin.project["id"])
    effort = timedelta(hours=10, minutes=15)
    task(standin, "Beratung", "T-3", "120.5", product=HOURLY, effort_duration=effort, parent=phase["id"])
    task(standin, "Ohne Produkt", "T-4", "100", product=None)

    assert good(offers(standin)) == [
        Offer(
            "P-1", "P-1", OfferState.ACCEPTED, label="Relaunch", origin="tryton: project P-1",
            positions=(
                Position(
                    "2", "P-1", "P-1", "Konzept", Quantity(Decimal(1), Unit.FLAT), Decimal("5000.00"), "EUR",
                    service="Festpreis", planned_seconds=144_000, origin="tryton: task T-1",
                ),
                Position(
                    "4", "P-1", "P-1", "Beratung", Quantity(Decimal("10.25"), Unit.HOUR), Decimal("120.50"), "EUR",
                    category="Phase 2", service="Leistungen", origin="tryton: task T-3",
                ),
                Position(
                    "5", "P-1", "P-1", "Ohne Produkt", Quantity(Decimal(1), Unit.FLAT), Decimal("100.00"), "EUR",
                    origin="tryton: task T-4",
                ),
            ),
        )
    ]  # fmt: skip


def test_projects_without_prices_are_no_offers() -> None:
    """A task outside of all projects, or without a price, belongs to no offer."""
    standin = StandIn()
    task(standin, "Nirgends", "T-1", "5000", parent=None)
    task(standin, "Umsonst", "T-2", "0")
    standin.work("Ohne Preis", "T-3", parent=standin.project["id"])

    assert offers(standin) == []


def test_a_subproject_is_an_offer_of_its_own() -> None:
    """A position belongs to the project its task lies in."""
    standin = StandIn()
    task(standin, "Oben", "T-1", "5000")
    below = standin.work("Unten", "P-2", type="project", parent=standin.project["id"])
    task(standin, "Unten", "T-2", "700", parent=below["id"])

    told = [(each.id, [position.label for position in each.positions]) for each in good(offers(standin))]
    assert told == [("P-1", ["Oben"]), ("P-2", ["Unten"])]


def test_the_price_of_an_hour_is_no_position_where_time_is_billed() -> None:
    """In a project billed by time it is a rate; a fixed price beside it is still sold."""
    standin = StandIn()
    standin.project["project_invoice_method"] = "timesheet"
    task(standin, "Beratung", "T-1", "120", product=HOURLY)
    task(standin, "Pauschale", "T-2", "500")

    [offer] = good(offers(standin))
    assert [each.label for each in offer.positions] == ["Pauschale"]


def test_positions_by_number_and_without_categories() -> None:
    """What people see, and no groups."""
    standin = StandIn()
    phase = standin.work("Phase", "T-1", parent=standin.project["id"])
    task(standin, "Konzept", "T-2", "5000", parent=phase["id"])

    [offer] = good(offers(standin, position_id="number", category_by="none"))
    assert [(each.key, each.category) for each in offer.positions] == [("P-1/T-2", "")]


def test_an_effort_that_is_no_decimal_hours() -> None:
    """Twenty minutes are printed, and priced, as 0.3333 hours (domain 1.6)."""
    standin = StandIn()
    task(standin, "Beratung", "T-1", "120", product=HOURLY, effort_duration=timedelta(minutes=20))

    [offer] = good(offers(standin))
    assert str(offer.positions[0].total) == "40.00 EUR"
    assert offer.positions[0].quantity == Quantity(Decimal("0.3333"), Unit.HOUR)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"product": HOURLY}, "without an effort"),
        ({"currency": None}, "unknown currency"),
        ({"name": ""}, "without a description"),
    ],
)
def test_a_task_that_cannot_be_billed_withholds_the_offer(values: dict[str, Any], message: str) -> None:
    """Shares would be taken of the wrong total; the task is named."""
    standin = StandIn()
    task(standin, "Gut", "T-1", "5000")
    task(standin, "Schlecht", "T-2", "120")
    standin.rows["project.work"][-1] |= values

    [problem] = problems(offers(standin))
    assert (problem.code, problem.place) == ("BadPosition", "tryton: task T-2")
    assert message in problem.message


def test_a_task_without_a_number_cannot_be_called_by_it() -> None:
    """By its id it can."""
    standin = StandIn()
    task(standin, "Konzept", "", "5000")

    [problem] = problems(offers(standin, position_id="number"))
    assert "without a number" in problem.message
    assert len(good(offers(standin))) == 1


def test_an_instance_without_prices_is_refused() -> None:
    """They come with a module of their own."""
    standin = StandIn()
    standin.fields["project.work"] = standin.fields["project.work"].replace("list_price", "")

    with pytest.raises(ConfigError) as refused:
        offers(standin)
    assert "activate the module project_revenue" in refused.value.hint


def test_sales_are_not_asked_for() -> None:
    """An instance without the module sale is enough."""
    standin = StandIn()
    del standin.fields["sale.sale"], standin.fields["sale.line"], standin.fields["stock.move"]
    task(standin, "Konzept", "T-1", "5000", progress=Decimal("0.4"))

    source = standin.source(offers="tasks")
    assert list(source.check()) == []
