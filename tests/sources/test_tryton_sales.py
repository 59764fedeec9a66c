"""Sales of Tryton as offers, their lines as positions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.errors import ConfigError
from connector.core.offer import Offer, OfferState, Position
from connector.core.problems import Problem
from connector.core.quantity import Quantity, Unit
from tests.sources.tryton_standin import StandIn, line, settings_of
from tests.support.found import good, problems


def offers(standin: StandIn, **settings: Any) -> list[Offer | Problem]:  # noqa: ANN401 - settings as a configuration has them
    """Return what is told of the sales."""
    return list(standin.source(**settings).offers())


def only(standin: StandIn, **settings: Any) -> Offer:  # noqa: ANN401 - settings as a configuration has them
    """Return the one offer."""
    [offer] = good(offers(standin, **settings))
    return offer


def fault(standin: StandIn, **settings: Any) -> Problem:  # noqa: ANN401 - settings as a configuration has them
    """Return the one problem; there is no offer."""
    [problem] = offers(standin, **settings)
    assert isinstance(problem, Problem)
    return problem


def product(name: str, category: str | None = "Leistungen") -> dict[str, Any]:
    """Return a product as it stands in a line."""
    told = {"id": 1, "template": {"id": 1, "name": name}}
    return {**told, "account_category": category and {"id": 1, "name": category}}


def test_a_sale_becomes_an_offer() -> None:
    """Number, project, state, day and lines; what stands between them groups them or says nothing."""
    standin = StandIn()
    standin.sale(
        "S-1",
        line("Konzept", "5000", product=product("Konzept")),
        line("Phase 2", None, None, type="title", unit=None),
        line("Beratung", "120.5", "10.25", unit={"id": 9, "symbol": "h"}, product=product("Beratung", None)),
        line("zusammen", None, None, type="subtotal", unit=None),
        line("Dank", None, None, type="comment", unit=None),
    )

    offer = only(standin)
    assert (offer.id, offer.project, offer.state, offer.label, offer.accepted_on, offer.origin) == (
        "S-1", "P-1", OfferState.ACCEPTED, "Angebot", date(2026, 1, 5), "tryton: sale S-1",
    )  # fmt: skip
    assert offer.positions == (
        Position(
            "1", "S-1", "P-1", "Konzept", Quantity(Decimal(1), Unit.PIECE), Decimal("5000.00"), "EUR",
            service="Leistungen", origin="tryton: sale S-1 line 1",
        ),
        Position(
            "3", "S-1", "P-1", "Beratung", Quantity(Decimal("10.25"), Unit.HOUR), Decimal("120.50"), "EUR",
            category="Phase 2", service="Beratung", origin="tryton: sale S-1 line 2",
        ),
    )  # fmt: skip


def test_lines_stand_in_their_order() -> None:
    """Those that were never moved come first, as Tryton shows them."""
    standin = StandIn()
    standin.sale("S-1", line("C", sequence=20), line("B", sequence=10), line("A"))

    assert [each.label for each in only(standin).positions] == ["A", "B", "C"]
    assert [each.id for each in only(standin, position_id="number").positions] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("quotation", OfferState.SENT),
        ("confirmed", OfferState.ACCEPTED),
        ("processing", OfferState.ACCEPTED),
        ("done", OfferState.ACCEPTED),
        ("cancelled", OfferState.LOST),
        ("draft", OfferState.DRAFT),
    ],
)
def test_where_an_offer_stands(state: str, expected: OfferState) -> None:
    """It was accepted on the day of the sale, if it was."""
    standin = StandIn()
    standin.sale("S-1", line("Konzept"), state=state)

    offer = only(standin)
    assert offer.state is expected
    assert (offer.accepted_on is not None) == (expected is OfferState.ACCEPTED)


def test_a_draft_without_a_number_is_not_told() -> None:
    """Tryton numbers it when it is quoted; called by its id, it is told."""
    standin = StandIn()
    standin.sale("", line("Konzept"), state="draft")

    assert offers(standin) == []
    assert only(standin, offer_id="id").id == "1"


def test_categories_may_be_left_out() -> None:
    """Where titles mean something else."""
    standin = StandIn()
    standin.sale("S-1", line("Konzept"), line("Phase", None, None, type="title", unit=None), line("Bau"))

    assert [each.category for each in only(standin, category_by="none").positions] == ["", ""]


def test_taxes_name_the_class() -> None:
    """Those the settings know; all others are standard."""
    standin = StandIn()
    reduced = [{"id": 1, "name": "Kleinkram"}, {"id": 2, "name": "USt 7 %"}]
    standin.sale("S-1", line("Illustration", taxes=reduced), line("Satz", taxes=[{"id": 3, "name": "USt 19 %"}]))

    classes = [each.vat_class for each in only(standin, vat_classes={"USt 7 %": "reduced"}).positions]
    assert classes == ["reduced", "standard"]


def test_units_of_the_house() -> None:
    """Further symbols are told in the settings; a line without a product has none and is counted in pieces."""
    standin = StandIn()
    standin.sale("S-1", line("Wartung", unit={"id": 30, "symbol": "mo"}), line("Pauschale", unit=None))

    assert [each.quantity.unit for each in only(standin, units={"mo": "month"}).positions] == [Unit.MONTH, Unit.PIECE]
    [problem] = problems(offers(standin))
    assert (problem.code, problem.place) == ("BadPosition", "tryton: sale S-1 line 1")


def test_the_effort_of_tasks_is_that_of_the_position() -> None:
    """All tasks that came of the line plan together; hours sold plan themselves."""
    standin = StandIn()
    standin.sale("S-1", line("Konzept"), line("Beratung", unit={"id": 9, "symbol": "h"}), line("Satz"))
    standin.rows["project.work"][-1] |= {"effort_duration": {"__class__": "timedelta", "seconds": 3600}}
    effort = timedelta(hours=2)
    standin.work("Konzept II", "T-8", parent=1, origin="sale.line,1", effort_duration=effort)
    standin.work("Beratung", "T-9", parent=1, origin="sale.line,2", effort_duration=effort)

    assert [each.planned_seconds for each in only(standin).positions] == [3 * 3600, None, None]


@pytest.mark.parametrize(
    "bad",
    [
        line("Ohne Preis", None),
        line("Ohne Menge", "1000", None),
        line(""),
        line("Zu fein", "1", "0.00001"),
        line("Zu genau", "0.0000001"),
        line("Fremde Einheit", unit={"id": 2, "symbol": "kg"}),
    ],
)
def test_a_line_that_cannot_be_billed_withholds_the_offer(bad: dict[str, Any]) -> None:
    """Shares would be taken of the wrong total; the line is named."""
    standin = StandIn()
    standin.sale("S-1", line("Gut"), bad)

    problem = fault(standin)
    assert (problem.code, problem.place) == ("BadPosition", "tryton: sale S-1 line 2")


@pytest.mark.parametrize("state", ["draft", "quotation", "cancelled"])
def test_what_is_wrong_with_an_offer_that_is_not_billed_holds_nothing_back(state: str) -> None:
    """Nobody corrects a sale that was cancelled years ago."""
    standin = StandIn()
    standin.sale("S-1", line("Fremde Einheit", unit={"id": 2, "symbol": "kg"}), state=state)

    assert list(standin.source().offers()) == []


def test_a_line_that_is_not_as_tryton_has_it_withholds_the_offer() -> None:
    """Its number and its sale's are told."""
    standin = StandIn()
    standin.sale("S-1", line("Gut"), line("Seltsam", type="bundle"))

    problem = fault(standin)
    assert (problem.code, problem.place) == ("UnreadableRecord", "tryton: line #2 of sale #1")


def test_a_currency_nobody_knows_withholds_the_offer() -> None:
    """How many decimals it has is never guessed."""
    standin = StandIn()
    standin.sale("S-1", line("Gut"), currency={"id": 2, "code": "XTS"})

    assert "unknown currency" in fault(standin).message


def test_a_sale_that_is_not_as_tryton_has_it() -> None:
    """The others are read."""
    standin = StandIn()
    standin.sale("S-1", line("Gut"))
    standin.sale("S-2", state="lost")

    good_one, problem = offers(standin)
    assert isinstance(good_one, Offer)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("UnreadableRecord", "tryton: sale #2")


def test_an_accepted_sale_without_a_project() -> None:
    """Its tasks lie in none, or in several; one that is not accepted needs none."""
    standin = StandIn()
    standin.sale("S-1", line("Konzept"))
    task = standin.rows["project.work"][-1]
    task["parent"] = None
    assert fault(standin).code == "UnknownProject"
    task["parent"] = standin.project["id"]
    second = standin.work("Zweites", "P-2", type="project", party=1)
    standin.work("Konzept II", "T-9", parent=second["id"], origin="sale.line,1")
    assert "or in several" in fault(standin).message
    standin.rows["sale.sale"][0]["state"] = "quotation"
    assert offers(standin) == []


def test_a_field_may_name_the_project() -> None:
    """By the project's number, or, where it leads to a work, by Tryton's own."""
    standin = StandIn()
    standin.fields["sale.sale"] += " project"
    sale = standin.sale("S-1", line("Konzept"), reference="P-1")
    sale["project"] = standin.work("Paket", "T-5", parent=standin.project["id"])["id"]

    assert only(standin, sale_project="reference").project == "P-1"
    assert only(standin, sale_project="project").project == "P-1"
    sale["reference"] = "P-7"
    assert "'reference' names no project: 'P-7'" in fault(standin, sale_project="reference").message
    sale["reference"] = None
    assert fault(standin, sale_project="reference").code == "UnknownProject"


def test_a_misspelt_field_of_the_project_is_refused() -> None:
    """Before any sale is asked for it."""
    standin = StandIn()

    with pytest.raises(ConfigError, match="referenz"):
        offers(standin, sale_project="referenz")
    assert "sale.sale" not in standin.asked


def test_tasks_may_be_found_by_name() -> None:
    """Where they do not come of sales: called like the line, in the sale's project."""
    standin = StandIn()
    standin.fields["sale.line"] = standin.fields["sale.line"].removesuffix(" tasks")
    standin.sale("S-1", line("Konzept"), reference="P-1")
    elsewhere = standin.work("Zweites", "P-2", type="project", party=1)
    effort = timedelta(hours=1)
    standin.work("Konzept", "T-5", parent=standin.project["id"], effort_duration=effort)
    standin.work("Konzept", "T-6", parent=elsewhere["id"], effort_duration=effort)
    standin.work("Anderes", "T-7", parent=standin.project["id"], effort_duration=effort)

    assert only(standin, sale_project="reference", tasks_by="name").positions[0].planned_seconds == 3600
    assert only(standin, sale_project="reference", tasks_by="none").positions[0].planned_seconds is None


def test_tasks_that_do_not_come_of_sales_need_a_named_project() -> None:
    """Else no sale would have one."""
    with pytest.raises(ValidationError, match="sale_project says"):
        settings_of(tasks_by="name")


@pytest.mark.parametrize(("missing", "module"), [("sale.line", "sale"), ("tasks", "sale_project_task")])
def test_a_missing_module_is_named(missing: str, module: str) -> None:
    """What the settings ask for must be there."""
    standin = StandIn()
    standin.fields["sale.line"] = "" if missing == "sale.line" else standin.fields["sale.line"].replace(" tasks", "")

    with pytest.raises(ConfigError) as refused:
        offers(standin)
    assert f"activate the module {module}," in refused.value.hint
