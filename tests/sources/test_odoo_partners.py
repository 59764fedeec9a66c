"""Partners of Odoo as customers."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import ConfigError
from connector.core.party import Address, Party
from tests.sources.odoo_world import World, link
from tests.support.found import good, problems


def only(world: World, **settings: Any) -> Party:  # noqa: ANN401 - settings as a configuration has them
    """Return the one customer."""
    [customer] = good(world.told("customers", **settings))
    assert isinstance(customer, Party)
    return customer


def test_everything_a_partner_tells() -> None:
    """Reference, name, address, VAT id, e-mail, days to pay and language."""
    world = World()
    world.api.add("account.payment.term.line", payment_id=[5, "14 Tage"], delay_type="days_after", nb_days=14)
    world.partner |= {
        "street": "Hauptstraße 1", "street2": "Hinterhaus", "zip": "10115", "city": "Berlin", "country_code": "DE",
        "vat": "DE 1234", "email": "a@example.org", "lang": "en_GB", "property_payment_term_id": [5, "14 Tage"],
    }  # fmt: skip

    assert only(world) == Party(
        id="K-1",
        name="Müller & Söhne GmbH",
        address=Address("Hauptstraße 1, Hinterhaus", "10115", "Berlin", "DE"),
        vat_id="DE1234",
        payment_days=14,
        language="en",
        email="a@example.org",
        origin="odoo: partner K-1",
    )


def test_a_partner_that_tells_nothing_but_its_name() -> None:
    """What it lacks is empty; a language that is neither German nor English is the tenant's."""
    world = World()
    world.partner["lang"] = "fr_FR"

    expected = Party("K-1", "Müller & Söhne GmbH", Address(), language="en", origin="odoo: partner K-1")
    assert only(world, language="en") == expected


def test_a_contact_stands_for_its_company() -> None:
    """Who is billed is the company, named once, whoever orders."""
    world = World()
    contact = world.add_partner("Eva Kunz", is_company=False)
    contact["commercial_partner_id"] = link(world.partner)
    world.add_order("S-1", world.sold("Konzept"), partner_id=link(contact))
    world.project["partner_id"] = link(contact)
    world.add_project("Zweites")

    assert only(world).id == "K-1"
    assert [each.customer for each in good(world.told("projects"))] == ["K-1", "K-1"]


def test_only_partners_of_projects_and_orders_are_customers() -> None:
    """Odoo knows suppliers and the agency itself as partners too; archived customers are read."""
    world = World()
    world.add_partner("Druckerei", ref="L-1")
    buyer = world.add_partner("Käufer GmbH", ref="K-2", active=False)
    world.add_order("S-1", partner_id=link(buyer))

    assert [each.id for each in good(world.told("customers"))] == ["K-1", "K-2"]


@pytest.mark.parametrize(
    ("is_company", "vat", "business"), [(True, False, True), (False, "DE1234", True), (False, False, False)]
)
def test_a_person_without_a_vat_id_is_a_consumer(is_company: bool, vat: Any, business: bool) -> None:  # noqa: ANN401, FBT001 - JSON as it comes
    """Freelancers have one."""
    world = World()
    world.partner |= {"is_company": is_company, "vat": vat}

    assert only(world).is_business is business


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        ([("days_after", 30)], 30),
        ([("days_after", 0)], 0),
        ([("days_after_end_of_month", 10)], None),
        ([("days_after", 0), ("days_after", 30)], None),
        ([("days_after", "viele")], None),
        ([], None),
    ],
)
def test_days_to_pay(lines: list[tuple[str, Any]], days: int | None) -> None:
    """Only terms that are nothing but days are days."""
    world = World()
    world.partner["property_payment_term_id"] = [5, "Ziel"]
    for kind, count in lines:
        world.api.add("account.payment.term.line", payment_id=[5, "Ziel"], delay_type=kind, nb_days=count)

    assert only(world).payment_days == days


@pytest.mark.parametrize(
    ("model", "field"),
    [("res.partner", "property_payment_term_id"), ("account.payment.term.line", "nb_days")],
)
def test_terms_of_payment_may_be_missing(model: str, field: str) -> None:
    """Without the app, or before release 17, none are read."""
    world = World()
    world.api.missing[model] = {field}

    assert only(world).payment_days is None


def test_another_field_may_name_the_customer() -> None:
    """Such as Odoo's own number; one that is not there is refused."""
    world = World()

    assert only(world, customer_id="id").id == str(world.partner["id"])
    with pytest.raises(ConfigError, match="x_studio_debitor"):
        only(world, customer_id="x_studio_debitor")


def test_a_partner_without_an_id_or_with_that_of_another() -> None:
    """It is named, and the others are read."""
    world = World()
    for name, ref in (("Ohne", False), ("Zwilling", "K-1"), ("Seltsam", "K-3")):
        partner = world.add_partner(name, ref=ref)
        world.add_project(f"Projekt {name}", partner_id=link(partner))
    world.api.rows["res.partner"][-1]["city"] = 7
    world.add_project("Verwaist", partner_id=[9999, "weg"])

    told = world.told("customers")
    assert [each.id for each in told if isinstance(each, Party)] == ["K-1"]
    assert [each.code for each in problems(told)] == ["UnreadableRecord", "DuplicateId", "UnreadableRecord"]
    assert "'ref' is empty" in problems(told)[0].message
