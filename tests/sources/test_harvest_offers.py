"""Estimates and fixed fees of Harvest as offers, and what is wrong with them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from connector.core.offer import Offer, OfferState
from connector.core.problems import Problem, Severity
from connector.core.quantity import Quantity, Unit
from tests.sources.test_harvest_entries import source
from tests.standins import harvest


@pytest.fixture
def api() -> harvest.Harvest:
    """Return an account with two clients, a project of each, and an estimate for the first."""
    api = harvest.api()
    for number in (1, 2):
        api.add_project(f"P-{number}", "Projekt", api.add_client(f"1000{number} A"))
    api.add_estimate("A-1", api.clients[0], purchase_order=" P-1 ", state="accepted")
    return api


def read(api: harvest.Harvest, **settings: object) -> list[Offer | Problem]:
    """Return the estimates."""
    return list(source(api, offers=["estimates"], **settings).offers())


def offer_of(found: list[Offer | Problem]) -> Offer:
    """Return the one offer among the values."""
    [offer] = [value for value in found if isinstance(value, Offer)]
    return offer


def problem_of(found: list[Offer | Problem]) -> Problem:
    """Return the one problem among the values."""
    [problem] = [value for value in found if isinstance(value, Problem)]
    return problem


def test_offers_are_read_on_request(api: harvest.Harvest) -> None:
    """Beside a ledger that has them, they would be billed twice."""
    api.projects[0] |= {"is_fixed_fee": True, "fee": Decimal(9500)}

    assert list(source(api).offers()) == []
    assert [getattr(each, "id", None) for each in source(api, offers=["fees"]).offers()] == ["P-1"]


def test_lines_become_positions(api: harvest.Harvest) -> None:
    """The kind is the category and, where the settings know it, the unit; a line without a text is called by it."""
    first = api.add_line(api.estimates[0], Decimal("2.5"), Decimal("98.50"), kind="Stunden", description="Gestaltung")
    api.add_line(api.estimates[0], 3, -10, kind="Nachlass")
    offer = offer_of(read(api, units={"Stunden": "hour"}))
    design, rebate = offer.positions

    assert (design.key, design.label, design.category) == (f"A-1/{first['id']}", "Gestaltung", "Stunden")
    assert (design.quantity, design.unit_price, design.currency) == (
        Quantity(Decimal("2.5"), Unit.HOUR),
        Decimal("98.50"),
        "EUR",
    )
    assert (rebate.label, rebate.quantity.unit, str(rebate.total)) == ("Nachlass", Unit.PIECE, "-30.00 EUR")
    assert design.origin == f"harvest: estimate A-1, line {first['id']}"


def test_an_estimate_without_a_number_is_known_by_its_id(api: harvest.Harvest) -> None:
    """Harvest numbers them itself; a null is no name."""
    api.estimates[0]["number"] = None

    assert offer_of(read(api)).id == str(api.estimates[0]["id"])


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("draft", OfferState.DRAFT),
        ("sent", OfferState.SENT),
        ("accepted", OfferState.ACCEPTED),
        ("declined", OfferState.LOST),
    ],
)
def test_the_state_is_kept(api: harvest.Harvest, state: str, found: OfferState) -> None:
    """Only accepted offers are billed."""
    api.estimates[0]["state"] = state

    assert offer_of(read(api)).state is found


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"purchase_order": None}, "the purchase order names no project of the client '10001 A'"),
        ({"purchase_order": "P-2"}, "the purchase order names no project of the client '10001 A'"),
        ({"state": "open"}, "unknown"),
        ({"discount": Decimal(101)}, "not a discount in percent"),
    ],
)
def test_an_estimate_that_cannot_be_billed_is_told(api: harvest.Harvest, more: dict[str, Any], message: str) -> None:
    """It is withheld, and named."""
    api.add_line(api.estimates[0], 1, 1)
    api.estimates[0] |= more
    problem = problem_of(read(api))

    assert (problem.code, problem.place) == ("BadOffer", "harvest: estimate A-1")
    assert problem.message.startswith(message)


@pytest.mark.parametrize("state", ["draft", "sent", "declined"])
@pytest.mark.parametrize("more", [{"purchase_order": ""}, {"currency": "XXQ"}])
def test_what_is_wrong_with_an_estimate_that_is_not_billed_holds_nothing_back(
    api: harvest.Harvest, state: str, more: dict[str, Any]
) -> None:
    """A project is made when the customer says yes; until then the estimate names none, and is left out."""
    api.add_line(api.estimates[0], 1, 1)
    api.estimates[0] |= {"state": state, **more}

    assert read(api) == []


def test_a_project_that_is_not_found_comes_with_those_there_are(api: harvest.Harvest) -> None:
    """The hint names the client's projects."""
    api.estimates[0]["purchase_order"] = "P-9"

    assert problem_of(read(api)).hint == "write one of P-1"


def test_the_subject_may_name_the_project(api: harvest.Harvest) -> None:
    """Its first word, where purchase orders are the customers' own."""
    api.estimates[0] |= {"subject": "P-1 Relaunch", "purchase_order": "4711"}
    offer = offer_of(read(api, estimate_project="subject"))

    assert (offer.project, offer.label) == ("P-1", "P-1 Relaunch")


@pytest.mark.parametrize(
    ("taxes", "line", "vat_class"),
    [
        ({"tax": 19}, {"taxed": True}, "standard"),
        ({"tax": 19, "tax2": 7}, {"taxed2": True}, "reduced"),
        ({"tax": 19}, {}, "exempt"),
        ({}, {}, "standard"),
    ],
)
def test_taxes_become_vat_classes(
    api: harvest.Harvest, taxes: dict[str, int], line: dict[str, bool], vat_class: str
) -> None:
    """An estimate without any tax leaves it to the mapping; the rate is the mapping's anyway."""
    api.estimates[0] |= {name: Decimal(percent) for name, percent in taxes.items()}
    api.add_line(api.estimates[0], 1, 100, **line)

    assert [each.vat_class for each in offer_of(read(api)).positions] == [vat_class]


def test_a_line_with_both_taxes_is_told(api: harvest.Harvest) -> None:
    """A line of an invoice has one rate (EN 16931)."""
    api.add_line(api.estimates[0], 1, 100, taxed=True, taxed2=True)

    assert problem_of(read(api)).message.startswith("a line with both taxes")


@pytest.mark.parametrize("more", [{"unit_price": Decimal("0.0000001")}, {"currency": "XXQ"}, {"amount": 10**30}])
def test_prices_that_cannot_be_billed_are_told(api: harvest.Harvest, more: dict[str, Any]) -> None:
    """More than six decimals, a currency nobody knows, a total beyond all amounts: the offer is withheld."""
    line = api.add_line(api.estimates[0], 1, 100)
    (line if "unit_price" in more else api.estimates[0]).update(more)

    assert problem_of(read(api)).code == "BadPosition"


def test_a_discount_counts_for_each_line(api: harvest.Harvest) -> None:
    """Harvest takes it off the sum; where the lines, each rounded, come to another sum, a notice says so."""
    for price in ("0.55", "0.55"):
        api.add_line(api.estimates[0], 1, Decimal(price))
    api.estimates[0] |= {"discount": Decimal(10), "amount": Decimal("0.99")}
    notice, offer = read(api)

    assert isinstance(offer, Offer)
    assert isinstance(notice, Problem)
    assert [(each.discount, str(each.total)) for each in offer.positions] == [(Fraction(1, 10), "0.50 EUR")] * 2
    assert (notice.code, notice.severity) == ("OfferTotalDiffers", Severity.NOTICE)
    assert notice.message == "its lines come to 1.00 net, Harvest says 0.99"


def test_another_total_than_rounding_makes_withholds_the_offer(api: harvest.Harvest) -> None:
    """What was read in the wrong way is not billed; a draft is none of it."""
    api.add_line(api.estimates[0], 1, 100)
    api.estimates[0]["amount"] = Decimal(119)

    assert (problem_of(read(api)).code, problem_of(read(api)).severity) == ("OfferTotalDiffers", Severity.HOLD)
    assert problem_of(read(api)).message == "its lines come to 100.00 net, Harvest says 119.00"
    api.estimates[0]["state"] = "sent"
    assert [type(each) for each in read(api)] == [Offer]


def test_taxes_are_no_part_of_the_total(api: harvest.Harvest) -> None:
    """The amount Harvest tells is with them."""
    api.estimates[0]["tax"] = Decimal(19)
    api.add_line(api.estimates[0], 1, 100, taxed=True)

    assert api.estimates[0]["amount"] == Decimal("119.00")
    assert [type(each) for each in read(api)] == [Offer]


@pytest.mark.parametrize("more", [{"amount": None}, {"line_items": []}])
def test_without_an_amount_nothing_is_compared(api: harvest.Harvest, more: dict[str, Any]) -> None:
    """An empty estimate is an offer of nothing."""
    api.add_line(api.estimates[0], 1, 100)
    api.estimates[0] |= {"amount": Decimal(7)} | more

    assert [type(each) for each in read(api)] == [Offer]


def test_an_unreadable_estimate_is_told(api: harvest.Harvest) -> None:
    """The others go on; one id that comes twice counts once."""
    api.add_line(api.estimates[0], 1, 100)["quantity"] = None
    api.add_estimate("A-2", api.clients[1], purchase_order="P-2", state="sent")
    api.estimates.append(api.estimates[1])
    found = read(api)

    assert sorted(each.code for each in found if isinstance(each, Problem)) == ["DuplicateRecord", "UnreadableRecord"]
    assert offer_of(found).id == "A-2"


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"fee": Decimal("9500.50")}, ["P-1"]),
        ({"fee": None}, []),
        ({"fee": Decimal(1), "is_fixed_fee": False}, []),
        ({"fee": Decimal(1), "code": ""}, []),
        ({"fee": Decimal("0.0000001")}, ["BadPosition"]),
        ({"fee": Decimal(1), "client": {"id": 5_735_000, "name": "A", "currency": None}}, ["BadPosition"]),
    ],
)
def test_a_fixed_fee_is_one_flat_position(api: harvest.Harvest, more: dict[str, Any], codes: list[str]) -> None:
    """Accepted, in the client's currency; a project without a fee or a code has none."""
    api.projects[0] |= {"is_fixed_fee": True, **more}
    found = list(source(api, offers=["fees"]).offers())

    assert [each.id if isinstance(each, Offer) else each.code for each in found] == codes
    for offer in (each for each in found if isinstance(each, Offer)):
        [position] = offer.positions
        assert (position.key, str(position.total), offer.state) == ("P-1/fee", "9500.50 EUR", OfferState.ACCEPTED)
