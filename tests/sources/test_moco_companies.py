"""MOCO's companies become customers."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.party import Address, Party
from tests.sources.moco_world import World
from tests.support.found import good, problems


def customers(world: World, **settings: Any) -> list[Any]:  # noqa: ANN401 - settings as a configuration has them
    """Return what the source tells of customers."""
    return list(world.source(**settings).customers())


def test_a_company_becomes_a_customer() -> None:
    """Number, address, VAT id, days to pay, language and e-mail stand in fields of their own."""
    world = World()
    world.company |= {
        "address": "Müller & Söhne GmbH\nBeispielstraße 5\n12345 Beispielstadt",
        "country_code": "DE",
        "vat_identifier": "DE 811111115",
        "default_invoice_due_days": 30,
        "email": "rechnung@mueller.example",
    }

    assert customers(world) == [
        Party(
            "K-1",
            "Müller & Söhne GmbH",
            Address("Beispielstraße 5", "12345", "Beispielstadt", "DE"),
            vat_id="DE811111115",
            payment_days=30,
            email="rechnung@mueller.example",
            origin="moco: company K-1",
        )
    ]


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ("", Address("", "", "", "DE")),
        ("Bahnhofstrasse 1\nCH-8620 Wetzikon", Address("Bahnhofstrasse 1", "8620", "Wetzikon", "DE")),
        ("Lendkai 21\r\nA-8020  Graz\r\nÖsterreich", Address("Lendkai 21", "8020", "Graz", "DE")),
        ("c/o Anna Berg\nHof 3\n04109 Leipzig", Address("c/o Anna Berg, Hof 3", "04109", "Leipzig", "DE")),
        ("1 Strand\nLondon SW1A 1AA", Address("1 Strand", "", "London SW1A 1AA", "DE")),
        ("Leipzig", Address("", "", "Leipzig", "DE")),
    ],
    ids=["none", "prefix", "country below", "more lines", "abroad", "one line"],
)
def test_an_address_is_taken_apart_by_its_lines(lines: str, address: Address) -> None:
    """The line with the postal code divides the street above it from the country below it."""
    world = World()
    world.company["address"] = lines

    [customer] = good(customers(world))

    assert customer.address == address


def test_archived_customers_are_read_and_suppliers_are_not() -> None:
    """MOCO leaves archived companies out unless asked; what they still owe is billed all the same."""
    world = World()
    world.company |= {"active": False, "archived_on": "2026-02-01"}
    world.api.add("/companies", identifier="L-1", name="Druckerei", type="supplier")

    assert [customer.id for customer in good(customers(world))] == ["K-1"]


def test_the_language_follows_the_alternative_one() -> None:
    """What the account calls its alternative language, the settings name."""
    world = World()
    world.api.add("/companies", identifier="K-2", name="B", alternative_correspondence_language=True)

    assert [each.language for each in good(customers(world))] == ["de", "en"]
    turned = customers(world, language="en", alternative_language="de")
    assert [each.language for each in good(turned)] == ["en", "de"]


def test_a_custom_property_tells_consumers_from_businesses() -> None:
    """An empty one says that it is a business."""
    world = World()
    world.company["custom_properties"] = {"Unternehmen": "0"}
    world.api.add("/companies", identifier="K-2", name="B")

    told = customers(world, customer={"business": "Unternehmen"})

    assert [each.is_business for each in good(told)] == [False, True]


def test_customers_may_be_called_by_mocos_own_number() -> None:
    """Where the account gives no customer numbers."""
    world = World()
    world.company["identifier"] = None

    assert [each.id for each in good(customers(world, customer_id="id"))] == [str(world.company["id"])]


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ({"identifier": None}, "UnreadableRecord", "it has no identifier"),
        ({"name": None}, "UnreadableRecord", "name: Input should be a valid string"),
        ({"country_code": "Deutschland"}, "BadCustomer", "customer K-2: not a country code: 'Deutschland'"),
        ({"default_invoice_due_days": 3000}, "BadCustomer", "customer K-2: not a number of days to pay: '3000'"),
        ({"custom_properties": {"Unternehmen": "vielleicht"}}, "BadCustomer", "customer K-2: unknown: 'vielleicht'"),
        ({"identifier": "K-1"}, "DuplicateId", "'K-1' is also what moco: company #1 is called"),
    ],
    ids=["no number", "no name", "country", "days", "business", "twice"],
)
def test_a_faulty_company_is_told_and_the_others_go_on(values: dict[str, Any], code: str, words: str) -> None:
    """The problem names the company."""
    world = World()
    second = world.api.add("/companies", **{"identifier": "K-2", "name": "B", **values})

    told = customers(world, customer={"business": "Unternehmen"})

    [problem] = problems(told)
    assert (problem.code, problem.place in (f"moco: company #{second['id']}", "moco: company K-2")) == (code, True)
    assert words in problem.message
    assert [each.id for each in told if isinstance(each, Party)] == ["K-1"]
