"""Orders of Odoo as offers, their lines as positions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from connector.core.offer import Offer, OfferState, Position
from connector.core.problems import Problem
from connector.core.quantity import Quantity, Unit
from tests.sources.odoo_world import World, link
from tests.standins import Asked, Said, odoo
from tests.support.found import good, problems


def only(world: World, **settings: Any) -> Offer:  # noqa: ANN401 - settings as a configuration has them
    """Return the one offer."""
    [offer] = good(world.told("offers", **settings))
    assert isinstance(offer, Offer)
    return offer


def fault(world: World, **settings: Any) -> Problem:  # noqa: ANN401 - settings as a configuration has them
    """Return the one problem; there is no offer."""
    [problem] = world.told("offers", **settings)
    assert isinstance(problem, Problem)
    return problem


@pytest.mark.parametrize("release", [17, 18, 19])
def test_an_order_becomes_an_offer(release: int) -> None:
    """Number, project, state, day and lines, whatever the fields are called in the release."""
    world = World(odoo.api(release=release))
    reduced = world.api.add("account.tax", name="7%")
    world.add_order(
        "S-1",
        world.sold("Konzept\nEine Zeile mehr", 5000, sequence=1),
        {"name": "Phase 2", "display_type": "line_section", "sequence": 2},
        world.sold("Beratung", Decimal("120.5"), 10, product_uom_id=[4, "Hours"], sequence=3, tax_ids=[reduced["id"]]),
        {"name": "Vielen Dank", "display_type": "line_note", "sequence": 4},
        date_order="2026-01-05 23:30:00",
    )

    offer = only(world, position_id="number", project_id="name", vat_classes={"7%": "reduced"})
    assert (offer.id, offer.project, offer.state, offer.label, offer.accepted_on, offer.origin) == (
        "S-1", "Relaunch", OfferState.ACCEPTED, "S-1", date(2026, 1, 6), "odoo: order S-1",
    )  # fmt: skip
    assert offer.positions == (
        Position(
            "1", "S-1", "Relaunch", "Konzept", Quantity(Decimal(1), Unit.PIECE), Decimal("5000.00"), "EUR",
            service="Leistungen", origin="odoo: order S-1 line 1",
        ),
        Position(
            "2", "S-1", "Relaunch", "Beratung", Quantity(Decimal(10), Unit.HOUR), Decimal("120.50"), "EUR",
            category="Phase 2", vat_class="reduced", service="Leistungen", origin="odoo: order S-1 line 2",
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("draft", OfferState.DRAFT),
        ("sent", OfferState.SENT),
        ("sale", OfferState.ACCEPTED),
        ("done", OfferState.ACCEPTED),
        ("cancel", OfferState.LOST),
    ],
)
def test_where_an_offer_stands(state: str, expected: OfferState) -> None:
    """It has a day of acceptance only if it was accepted."""
    world = World()
    world.add_order("S-1", world.sold("Konzept"), state=state, client_order_ref="Bestellung 7")

    offer = only(world)
    assert (offer.state, offer.label) == (expected, "Bestellung 7")
    assert (offer.accepted_on is not None) == (expected is OfferState.ACCEPTED)


def test_an_order_that_is_confirmed_while_it_is_read_is_not_taken_with_half_its_lines() -> None:
    """Shares would be taken of the wrong total; the next run reads it whole."""
    world = World()
    order = world.add_order("S-1", world.sold("Konzept"), state="sent")

    def confirm(asked: Asked, said: Said) -> Said:
        is_of_lines = b'"sale.order.line"' in asked.body and b'"search_read"' in asked.body
        if is_of_lines and order["state"] == "sent":
            world.api.add("sale.order.line", order_id=link(order), **world.sold("Umsetzung"))
            order["state"] = "sale"
        return said

    world.bend = confirm

    assert only(world).state is OfferState.SENT
    assert len(only(world).positions) == 2


def test_a_discount_is_the_lines() -> None:
    """10 percent off, exactly; the subtotal says the same."""
    world = World()
    world.add_order("S-1", world.sold("Konzept", 1000, 2, discount=Decimal("12.5"), price_subtotal=1750))

    [position] = only(world).positions
    assert (position.discount, str(position.total)) == (Fraction(1, 8), "1750.00 EUR")


def test_what_is_not_sold_is_no_position() -> None:
    """Down payments, expenses that were passed on, sections and notes; a section within one is one."""
    world = World()
    world.add_order(
        "S-1",
        world.sold("Anzahlung", is_downpayment=True),
        world.sold("Reisekosten", is_expense=True),
        {"name": "A", "display_type": "line_section"},
        {"name": "B", "display_type": "line_subsection"},
        world.sold("Konzept"),
    )

    assert [(each.label, each.category) for each in only(world).positions] == [("Konzept", "B")]
    assert [each.category for each in only(world, category_by="none").positions] == [""]


@pytest.mark.parametrize(("by", "service"), [("category", "Leistungen"), ("code", "B-1"), ("name", "Beratung")])
def test_what_a_position_is_booked_as(by: str, service: str) -> None:
    """The last part of the product's category, its code, or its name."""
    world = World()
    world.product["default_code"] = "B-1"
    world.add_order("S-1", world.sold("Konzept"))

    assert [each.service for each in only(world, service_by=by).positions] == [service]


def test_a_line_without_a_product_or_of_a_strange_one_has_no_service() -> None:
    """The mapping will say that nothing matches."""
    world = World()
    world.product["categ_id"] = False
    strange = world.api.add("product.product", name=7)
    world.add_order(
        "S-1", world.sold("A", product_id=False), world.sold("B"), world.sold("C", product_id=[strange["id"], ""])
    )

    assert [each.service for each in only(world).positions] == ["", "", ""]


def test_the_effort_of_tasks_is_that_of_the_position() -> None:
    """Those that came of the line, subtasks aside; hours sold plan themselves."""
    world = World()
    world.add_order("S-1", world.sold("Konzept"), world.sold("Beratung", product_uom_id=[4, "Hours"]))
    first, second, *_ = world.api.rows["sale.order.line"]
    for line in (first, second):
        task = world.api.add("project.task", name="Aufgabe", sale_line_id=link(line), allocated_hours=Decimal("1.5"))
        world.api.add(
            "project.task", name="Teil", sale_line_id=link(line), allocated_hours=1, parent_id=[task["id"], "Aufgabe"]
        )
    world.api.add("project.task", name="Seltsam", sale_line_id=link(first), allocated_hours="viel")

    assert [each.planned_seconds for each in only(world).positions] == [5400, None]


@pytest.mark.parametrize("missing", ["sale_line_id", "allocated_hours"])
def test_tasks_may_tell_no_effort(missing: str) -> None:
    """They know of sales, and of hours, with apps of their own."""
    world = World()
    world.api.missing["project.task"] = {missing}
    world.add_order("S-1", world.sold("Konzept"))
    world.api.add("project.task", name="Aufgabe", sale_line_id=link(world.api.rows["sale.order.line"][0]))

    assert [each.planned_seconds for each in only(world).positions] == [None]


def test_the_project_of_an_order() -> None:
    """That of the order, else the one of its lines, or of the tasks that came of them; several are none."""
    world = World()
    world.add_order("S-1", world.sold("Konzept"), project_id=False)
    line = world.api.rows["sale.order.line"][0]
    assert "of no project" in fault(world).message
    world.api.add("project.task", name="Aufgabe", sale_line_id=link(line), project_id=link(world.project))
    assert only(world, project_id="name").project == "Relaunch"
    line["project_id"] = link(world.add_project("Zweites"))
    assert (fault(world).code, fault(world).place) == ("UnknownProject", "odoo: order S-1")
    world.api.rows["sale.order"][0]["project_id"] = [9999, "weg"]
    assert fault(world).code == "UnknownProject"
    world.api.rows["sale.order"][0]["state"] = "sent"
    assert world.told("offers") == []


def test_releases_in_which_orders_have_no_project() -> None:
    """Then only lines and tasks have one."""
    world = World()
    world.api.missing["sale.order"] = {"project_id"}
    world.add_order("S-1", world.sold("Konzept", project_id=link(world.project)))

    assert only(world, project_id="name", offer_id="id").project == "Relaunch"


@pytest.mark.parametrize(
    "bad",
    [
        {"name": " "},
        {"product_uom_id": [9, "Kilogramm"]},
        {"discount": 120},
        {"discount": -1},
        {"price_unit": Decimal("0.0000001"), "price_subtotal": 0},
        {"product_uom_qty": Decimal("0.00001"), "price_subtotal": Decimal("0.01")},
        {"price_subtotal": Decimal("840.34")},
    ],
)
def test_a_line_that_cannot_be_billed_withholds_the_offer(bad: dict[str, Any]) -> None:
    """Among them one whose price has the VAT in it; the line is named."""
    world = World()
    world.add_order("S-1", world.sold("Gut"), {**world.sold("Schlecht"), **bad})

    assert (fault(world).code, fault(world).place) == ("BadPosition", "odoo: order S-1 line 2")


@pytest.mark.parametrize("state", ["draft", "sent", "cancel"])
def test_what_is_wrong_with_an_offer_that_is_not_billed_holds_nothing_back(state: str) -> None:
    """Nobody corrects an order that was cancelled years ago."""
    world = World()
    world.add_order("S-1", {**world.sold("Schlecht"), "product_uom_id": [9, "Kilogramm"]}, state=state)

    assert world.told("offers") == []


def test_a_currency_nobody_knows_withholds_the_offer() -> None:
    """How many decimals it has is never guessed."""
    world = World()
    world.add_order("S-1", world.sold("Gut"), currency_id=False)

    assert "unknown currency" in fault(world).message


def test_records_that_are_not_as_odoo_has_them() -> None:
    """A strange line withholds its order, a strange order itself; the others are read."""
    world = World()
    world.add_order("S-1", world.sold("Gut"))
    world.add_order("S-2", world.sold("Gut"), {**world.sold("Seltsam"), "price_unit": "teuer"})
    world.add_order("S-3", state="maybe")
    world.add_order("S-4", partner_id=False)
    world.api.add("sale.order.line", order_id="S-2", name="Verloren")
    world.add_order("S-5", {**world.sold("Ungeändert"), "write_date": False})

    told = world.told("offers")
    assert [each.id for each in told if isinstance(each, Offer)] == ["S-1", "S-4"]
    assert [each.code for each in problems(told)] == ["UnreadableRecord"] * 3


def test_a_unit_is_a_piece_where_none_is_told() -> None:
    """Such as on a line that was typed in freely; further names are told in the settings."""
    world = World()
    world.add_order(
        "S-1", world.sold("Pauschale", product_uom_id=False), world.sold("Wartung", product_uom_id=[9, "Mon."])
    )

    assert [each.quantity.unit for each in only(world, units={"Mon.": "month"}).positions] == [Unit.PIECE, Unit.MONTH]
