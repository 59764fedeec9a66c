"""Customers out of contacts or companies, and projects."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connector.core.offer import ProjectBilling
from connector.core.party import Address
from connector.core.problems import Severity
from tests.sources.furious_standin import World, codes
from tests.support.found import good, problems

FIELDS = {
    "postal_code": "cf_plz",
    "payment_days": "cf_zahlungsziel",
    "language": "cf_sprache",
    "number": "cf_kundennummer",
}
BILLING = {"billing": "cf_abrechnung", "fixed_price": ["Festpreis"], "unstated": ["Intern"]}


class TestCustomers:
    """Contacts, several for a company."""

    def test_a_contacts_company_is_a_customer(self) -> None:
        """Entities are decoded; the company's id is its number if no field is named for it."""
        [party] = good(World().source().customers())
        assert (party.id, party.name, party.address) == ("7", "Müller & Söhne GmbH", Address("", "", "Leipzig", "DE"))
        assert (party.is_business, party.payment_days, party.origin) == (True, None, "furious: crm #100")

    def test_contacts_of_a_company_are_brought_together(self) -> None:
        """What one of them does not say, another may; persons without a company are no customers."""
        world = World()
        world.add("crm", company_id=7, company="Müller & Söhne GmbH", cf_plz="04229", cf_kundennummer="K-7")
        world.add("crm", lastname="Niemand")
        [party] = good(world.source(customer=FIELDS).customers())
        assert (party.id, party.address.postal_code, party.address.city) == ("K-7", "04229", "Leipzig")

    def test_contacts_that_differ_are_a_problem(self) -> None:
        """Nobody can know which of them is right."""
        world = World()
        world.add("crm", company_id=7, company="Müller & Söhne GmbH", city="Dresden")
        [problem] = world.source().customers()
        assert (problem.code, problem.message) == (  # type: ignore[union-attr]  # the assertion says so
            "CustomerContradicts", "the contacts of one customer differ in city: Dresden, Leipzig",
        )  # fmt: skip

    def test_companies_may_be_read_instead(self) -> None:
        """Their fields are the instance's own."""
        world = World()
        world.row("project")["contact_company_id"] = world.add("company", name="B")
        fields = {"resource": "company", "key": "id", "name": "name", "city": "", "country": ""}
        source = world.source(customer=fields)
        [party] = good(source.customers())
        [project] = good(source.projects())
        assert (party.id, party.name, project.customer) == ("100", "B", "100")

    @pytest.mark.parametrize(
        ("field", "value", "fault"),
        [
            ("company", "", "this field is empty: 'company'"),
            ("cf_kundennummer", "", "this field is empty: 'cf_kundennummer'"),
            ("country", "Deutschland", "not a country code: 'Deutschland'"),
            ("cf_zahlungsziel", "1.5", "not a number of days: '1.5'"),
            ("cf_zahlungsziel", "400", "not a number of days: '400'"),
            ("cf_zahlungsziel", "bald", "payment_days is not a number: 'bald'"),
            ("cf_sprache", "fr", "unknown: 'fr'"),
        ],
    )
    def test_what_cannot_be_read_is_told_and_the_others_go_on(self, field: str, value: str, fault: str) -> None:
        """With the record's id, and what to do."""
        world = World()
        world.row("crm")["cf_kundennummer"] = "K-7"
        world.row("crm")[field] = value
        world.add("crm", company_id=8, company="B", country="DE", cf_kundennummer="K-8", cf_zahlungsziel=30)
        bad, other = world.source(customer=FIELDS).customers()
        assert (bad.code, bad.message, bad.place) == ("BadCustomer", fault, "furious: crm #100")  # type: ignore[union-attr]
        assert bad.hint  # type: ignore[union-attr]
        assert (other.id, other.payment_days) == ("K-8", 30)  # type: ignore[union-attr]

    def test_strange_values_are_told(self) -> None:
        """An object where a text belongs, also in place of the company's id."""
        world = World()
        world.row("crm")["city"] = {}
        world.add("crm", company_id=8, company="B")
        world.row("crm", 1)["company_id"] = {}
        assert codes(world.source().customers()) == ["UnreadableRecord", "BadCustomer"]

    def test_words_for_countries_are_those_of_the_settings(self) -> None:
        """In whatever language the agency writes them."""
        world = World()
        world.row("crm")["country"] = "Deutschland"
        [party] = good(world.source(countries={"Deutschland": "DE"}).customers())
        assert party.address.country == "DE"

    def test_a_number_that_two_customers_have_is_told(self) -> None:
        """The first one is taken."""
        world = World()
        world.row("crm")["cf_kundennummer"] = "K-7"
        world.add("crm", company_id=8, company="B", cf_kundennummer="K-7")
        found = list(world.source(customer={"number": "cf_kundennummer"}).customers())
        assert codes(found) == ["DuplicateRecord"]
        assert len(found) == 2

    def test_an_empty_business_field_says_yes(self) -> None:
        """A filled one says what it says."""
        world = World()
        world.row("crm")["type"] = "0"
        [consumer] = good(world.source(customer={"business": "type"}).customers())
        assert not consumer.is_business


class TestProjects:
    """Projects and whose they are."""

    def test_a_project_has_its_customer_and_days(self) -> None:
        """The id is its number if no field is named for it; ids of customers become their numbers."""
        world = World()
        world.row("crm")["cf_kundennummer"] = "K-7"
        world.row("project").update(start_date="2026-01-05", end_date="2026-03-31", cf_abrechnung="Festpreis")
        [project] = good(world.source(customer=FIELDS, project=BILLING).projects())
        assert (project.id, project.name, project.customer) == ("100", "Relaunch", "K-7")
        assert (project.start, project.end) == (date(2026, 1, 5), date(2026, 3, 31))
        assert project.billing is ProjectBilling.FIXED_PRICE

    @pytest.mark.parametrize(("company", "fault"), [("0", "no customer"), ("9", "its customer #9 was not read")])
    def test_one_without_customer_is_noticed_and_read(self, company: str, fault: str) -> None:
        """It may be the agency's own; the agreement names the customer where it is not."""
        world = World()
        world.row("project")["contact_company_id"] = company
        notice, project = world.source().projects()
        assert (notice.code, notice.message, notice.severity) == ("CustomerMissing", fault, Severity.NOTICE)  # type: ignore[union-attr]
        assert project.customer == ""  # type: ignore[union-attr]

    def test_a_part_names_its_project_by_number(self) -> None:
        """One that is not there is told, and the part stands alone."""
        world = World()
        world.row("project")["cf_projektnummer"] = "P"
        for number, parent in (("P-1", "P"), ("P-2", "Q")):
            world.add("project", title=number, contact_company_id=7, cf_projektnummer=number, cf_teil_von=parent)
        found = list(world.source(project={"number": "cf_projektnummer", "parent": "cf_teil_von"}).projects())
        assert [(each.id, each.parent) for each in found if not hasattr(each, "code")] == [
            ("P", ""), ("P-1", "P"), ("P-2", ""),
        ]  # fmt: skip
        assert codes(found) == ["UnknownProject"]

    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"title": ""}, "this field is empty: 'title'"),
            ({"title": {}}, "title is neither text nor number"),
            ({"start_date": "2026-13-01"}, "start_date is not a local day"),
            ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, "the end lies before the start, 2026-02-01"),
            ({"cf_abrechnung": "Vielleicht"}, "unknown: 'Vielleicht'"),
            ({"currency": {}}, "currency is neither text nor number"),
            ({"contact_company_id": {}}, "contact_company_id is neither text nor number"),
        ],
    )
    def test_what_cannot_be_read_is_told_and_the_others_go_on(self, values: dict[str, Any], fault: str) -> None:
        """With the record's id; what belongs to the project is told where it is read."""
        world = World()
        world.row("project").update(values)
        world.add("project", title="B", contact_company_id=7)
        found = list(world.source(project=BILLING).projects())
        [problem] = problems(found)
        assert (problem.code, problem.place) == ("UnreadableRecord", "furious: project #100")
        assert problem.message.startswith(fault)
        assert len(found) == 2

    def test_a_number_that_two_projects_have_is_told(self) -> None:
        """The first one is taken."""
        world = World()
        world.row("project")["cf_projektnummer"] = "P"
        world.add("project", title="B", contact_company_id=7, cf_projektnummer="P")
        assert codes(world.source(project={"number": "cf_projektnummer"}).projects()) == ["DuplicateRecord"]

    def test_a_record_without_id_is_told(self) -> None:
        """It cannot be named by anything."""
        world = World()
        world.api.tables["project"].insert(0, {"id": None, "title": "B"})
        world.api.tables["crm"].append({"id": None})
        source = world.source()
        assert codes(source.customers()) == ["UnreadableRecord"]
        assert codes(source.projects()) == ["UnreadableRecord"]
