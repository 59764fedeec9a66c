"""MOCO's offers: which project they are of, where they stand, and which of their lines are positions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connector.core.offer import Offer, OfferState
from connector.core.problems import Severity
from connector.sources.moco import Settings, build
from connector.sources.moco.records import OfferRecord
from tests.sources.moco_agency import KEY
from tests.sources.moco_world import World
from tests.standins import serving
from tests.support.found import good, problems
from tests.support.transports import transport_for


def offers(world: World, **settings: Any) -> list[Offer]:  # noqa: ANN401 - settings as a configuration has them
    """Return the offers; a problem fails the test."""
    return good(world.source(**settings).offers())


def test_an_offer_has_its_number_project_and_day() -> None:
    """It was accepted on the day of the order confirmation."""
    world = World()
    world.add_offer("A1704-042", world.item("Konzept"), offer_confirmation={"id": 9, "date": "2026-01-05"})

    [offer] = offers(world)

    assert (offer.id, offer.project, offer.label, offer.state) == ("A1704-042", "P-1", "Angebot", OfferState.ACCEPTED)
    assert (offer.accepted_on, offer.amends, offer.origin) == (date(2026, 1, 5), "", "moco: offer A1704-042")
    assert offer.positions[0].origin.startswith("moco: offer A1704-042 item #")


@pytest.mark.parametrize(
    ("status", "confirmed", "state"),
    [
        ("created", False, OfferState.DRAFT),
        ("sent", False, OfferState.SENT),
        ("accepted", False, OfferState.ACCEPTED),
        ("partially_billed", False, OfferState.ACCEPTED),
        ("billed", True, OfferState.ACCEPTED),
        ("archived", False, OfferState.LOST),
        ("archived", True, OfferState.ACCEPTED),
    ],
)
def test_the_status_says_where_an_offer_stands(status: str, confirmed: bool, state: OfferState) -> None:  # noqa: FBT001 - a column of the table
    """What MOCO has billed stays accepted; an archived offer was lost unless it was confirmed."""
    world = World()
    world.add_offer("A-1", status=status, offer_confirmation={"id": 9, "date": None} if confirmed else None)

    [offer] = offers(world)

    assert offer.state is state
    assert offer.accepted_on is None


def test_only_accepted_offers_cost_a_call_of_their_own() -> None:
    """The others are told without positions: they are not billed."""
    world = World()
    world.add_offer("A-1", world.item("Konzept"), status="sent")
    accepted = world.add_offer("A-2", world.item("Konzept"))

    assert [len(each.positions) for each in offers(world)] == [0, 1]
    assert [path for path in world.paths() if path.startswith("/offers/")] == [f"/offers/{accepted['id']}"]


def test_lines_that_are_no_items_are_no_positions() -> None:
    """Titles group what follows; comments, subtotals, page breaks and separators say nothing."""
    world = World()
    lines = [
        world.item("Ohne Gruppe"),
        world.item("Phase 1", type="title"),
        world.item(None, type="description", description="Hinweis"),
        world.item("Konzept"),
        world.item(None, type="subtotal"),
        world.item(None, type="page-break"),
        world.item("Option", optional=True),
        world.item("Phase 2", type="title"),
        world.item(None, type="separator"),
        world.item("Umsetzung"),
    ]
    world.add_offer("A-1", *lines)

    [offer] = offers(world)

    assert [(each.label, each.category, each.billable) for each in offer.positions] == [
        ("Ohne Gruppe", "", True),
        ("Konzept", "Phase 1", True),
        ("Option", "Phase 1", False),
        ("Umsetzung", "Phase 2", True),
    ]
    [plain] = offers(world, category_by="none")
    assert {each.category for each in plain.positions} == {""}


def test_positions_are_called_by_mocos_number_or_their_place() -> None:
    """MOCO's own number stays when an item is put before; the place is what people can write into a ledger."""
    world = World()
    first, option = world.item("Konzept"), world.item("Option", optional=True)
    last = world.item("Umsetzung")
    world.add_offer("A-1", world.item("Titel", type="title"), first, option, last)

    [by_id] = offers(world)
    [by_number] = offers(world, position_id="number")

    assert [each.id for each in by_id.positions] == [str(each["id"]) for each in (first, option, last)]
    assert [each.key for each in by_number.positions] == ["A-1/1", "A-1/2", "A-1/3"]


def test_the_discount_of_the_offer_holds_for_every_position() -> None:
    """Ten percent off the offer are ten percent off each line."""
    world = World()
    world.add_offer("A-1", world.item("Konzept"), world.item("Umsetzung", net_total=333), discount=10)

    [offer] = offers(world)

    assert [str(each.total) for each in offer.positions] == ["900.00 EUR", "299.70 EUR"]


def test_a_recurring_expense_of_the_same_title_gives_a_position_its_days() -> None:
    """Maintenance from January to December runs by dates; two of the same title leave it open."""
    world = World()
    for title in ("Wartung", "Hosting", "Hosting"):
        world.add_recurring(title, finish_date="2026-12-31")
    world.add_offer("A-1", *(world.item(title) for title in ("Wartung", "Hosting", "Konzept")))

    [offer] = offers(world)

    assert [(each.start, each.end) for each in offer.positions] == [
        (date(2026, 1, 1), date(2026, 12, 31)),
        (None, None),
        (None, None),
    ]


def test_a_custom_property_names_the_offer_that_is_amended() -> None:
    """An amendment is a further offer of the same project."""
    world = World()
    world.add_offer("N-1", world.item("Mehr"), custom_properties={"Nachtrag zu": "A-1"})

    assert [each.amends for each in offers(world, offer={"amends": "Nachtrag zu"})] == ["A-1"]


def test_an_offer_belongs_to_the_project_that_came_of_its_deal() -> None:
    """Made before there was a project, it was never assigned to one."""
    world = World()
    world.project["deal"] = {"id": 77, "name": "Relaunch"}
    world.add_offer("A-1", world.item("Konzept"), project=None, deal={"id": 77, "name": "Relaunch"})

    assert [each.project for each in offers(world)] == ["P-1"]


@pytest.mark.parametrize(
    "assigned",
    [{"project": None}, {"project": {"id": 999}}, {"project": None, "deal": {"id": 77}}],
    ids=["none", "unknown", "a deal of two projects"],
)
def test_an_accepted_offer_of_no_project_is_told(assigned: dict[str, Any]) -> None:
    """It would be billed to nobody; one that is not accepted needs no project yet."""
    world = World()
    for number in range(2):
        world.add_project(f"D-{number}", "Aus dem Deal", deal={"id": 77})
    world.add_offer("A-1", world.item("Konzept"), **assigned)
    world.add_offer("A-2", status="sent", **assigned)

    told = list(world.source().offers())

    assert [(each.code, each.place) for each in problems(told)] == [("UnknownProject", "moco: offer A-1")]
    assert len(told) == 1


def test_an_offer_that_is_deleted_while_being_read_is_gone() -> None:
    """Between the list and its own address, somebody deleted it."""
    world = World()
    world.add_offer("A-1", world.item("Konzept"))
    world.after = lambda asked: world.api.lists["/offers"].clear() if asked.path.endswith("/offers") else None
    with serving(world) as standin:
        settings = Settings.model_validate({"url": standin.url, "api_key": KEY})

        assert list(build(settings, transport_for("moco")).offers()) == []


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ({"currency": "CHF"}, "BadPosition", "its project is in EUR, but the offer in: 'CHF'"),
        ({"discount": 110}, "BadPosition", "not a discount in percent"),
        ({"status": "paid"}, "UnreadableRecord", "status: Input should be"),
        ({"identifier": None}, "UnreadableRecord", "it has no identifier"),
        ({"items": [{"id": 1, "type": "poem"}]}, "UnreadableRecord", "items.0.type: Input should be"),
        ({"items": None}, "UnreadableRecord", "items: Input should be a valid tuple"),
    ],
    ids=["currency", "discount", "status", "no number", "line", "no items"],
)
def test_a_faulty_offer_is_told_and_the_others_go_on(values: dict[str, Any], code: str, words: str) -> None:
    """The problem holds and says where."""
    world = World()
    world.add_offer("A-1", world.item("Konzept"))
    world.add_offer("A-2").update(values)

    told = list(world.source().offers())

    [problem] = problems(told)
    assert (problem.code, problem.severity) == (code, Severity.HOLD)
    assert problem.place.startswith("moco: offer ")
    assert words in problem.message
    assert [each.id for each in told if isinstance(each, Offer)] == ["A-1"]


@pytest.mark.parametrize("values", [{"currency": "CHF"}, {"discount": 110}])
@pytest.mark.parametrize("status", ["created", "sent", "archived"])
def test_what_is_wrong_with_an_offer_that_is_not_billed_holds_nothing_back(status: str, values: dict[str, Any]) -> None:
    """Nobody corrects an offer that was lost years ago."""
    world = World()
    world.add_offer("A-1").update(values | {"status": status, "offer_confirmation": None})

    assert list(world.source().offers()) == []


def test_an_offer_with_a_faulty_item_is_withheld() -> None:
    """Shares would be taken of the wrong total; every faulty item is told."""
    world = World()
    bad = [world.item(None), world.item("Server", quantity=1, unit="Server", unit_price=29, net_total=29)]
    world.add_offer("A-1", world.item("Konzept"), *bad)

    told = list(world.source().offers())

    assert [each.place for each in problems(told)] == [f"moco: offer A-1 item #{each['id']}" for each in bad]
    assert {each.code for each in problems(told)} == {"BadPosition"}
    assert len(told) == 2
    bad[0]["title"] = "Schulung"
    [known] = offers(world, units={"Server": "piece"})
    assert len(known.positions) == 3


def test_a_faulty_recurring_expense_is_told() -> None:
    """The offers go on."""
    world = World()
    expense = world.add_recurring("Hosting", start_date="bald")
    world.add_offer("A-1", world.item("Hosting"))

    told = list(world.source().offers())

    assert [each.place for each in problems(told)] == [f"moco: recurring expense #{expense['id']}"]
    assert len(told) == 2


def test_custom_properties_with_several_values_are_joined() -> None:
    """As MOCO tells a multiple choice; numbers and missing ones do not stop it."""
    record = OfferRecord.model_validate(
        {
            "id": 1,
            "currency": "EUR",
            "status": "sent",
            "updated_at": "2026-01-02T09:33:46Z",
            "custom_properties": {"a": ["x", "y"], "b": 7, "c": None},
        }
    )

    assert [record.text(name) for name in ("a", "b", "c", "d", "")] == ["x, y", "7", "", "", ""]
