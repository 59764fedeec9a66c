"""Customers and projects of Kimai as customers and projects of the agency, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.offer import Project
from connector.core.party import Address, Party
from connector.core.problems import Severity
from tests.sources.kimai_world import JANUARY, served, settings, source
from tests.standins import Asked, Said, kimai
from tests.standins.kimai import Row
from tests.support.found import good, problems


@pytest.fixture
def api() -> kimai.Kimai:
    """Return an empty instance."""
    return kimai.api()


@pytest.fixture
def customer(api: kimai.Kimai) -> Row:
    """Return a customer."""
    return api.add_customer("10001", "Müller")


def customers(api: kimai.Kimai, **more: object) -> list[Party]:
    """Return the customers; a problem fails the test."""
    return good(source(api, **more).customers())


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (None, Address(country="DE")),
        ("Am Fluss 1\r\n01067 Dresden", Address("Am Fluss 1", "01067", "Dresden", "DE")),
        ("Müller GmbH\nHinterhaus\nAm Fluss 1\n\nD-01067 Dresden\nDeutschland",
         Address("Hinterhaus, Am Fluss 1", "01067", "Dresden", "DE")),
        ("1 Main Street\nLondon SW1A 1AA", Address("1 Main Street, London SW1A 1AA", country="DE")),
    ],
    ids=["none", "two lines", "with names", "abroad"],
)  # fmt: skip
def test_an_address_is_taken_out_of_lines(api: kimai.Kimai, text: str | None, address: Address) -> None:
    """The last line with a postal code; the names are left out."""
    api.add_customer("10001", "Müller", company="Müller GmbH", address=text)

    assert [each.address for each in customers(api)] == [address]


def test_the_company_comes_before_the_name(api: kimai.Kimai, customer: Row) -> None:
    """Documents need the name with its legal form."""
    assert [each.name for each in customers(api)] == ["Müller"]
    customer["company"] = "Müller GmbH"
    assert [each.name for each in customers(api)] == ["Müller GmbH"]


def test_a_customer_is_called_what_the_settings_say(api: kimai.Kimai, customer: Row) -> None:
    """Its number, or Kimai's id; without a number it is passed over."""
    api.add_customer(None, "Ohne")

    assert [each.id for each in customers(api)] == ["10001"]
    assert [each.id for each in customers(api, customer_id="id")] == [str(customer["id"]), "2"]


def test_hidden_customers_and_finished_projects_are_read(api: kimai.Kimai, customer: Row) -> None:
    """Their last invoice may be due."""
    customer["visible"] = False
    api.add_project("P-1", "Alt", customer, end="2020-12-31")
    api.add_project("P-2", "Verborgen", customer, visible=False)

    assert len(customers(api)) == 1
    assert [each.id for each in good(source(api).projects())] == ["P-1", "P-2"]


@pytest.mark.parametrize(("by", "key"), [("number", "P-1"), ("first_word", "Neuer"), ("id", "2")])
def test_a_project_is_called_what_the_settings_say(api: kimai.Kimai, customer: Row, by: str, key: str) -> None:
    """Its number, the first word of its name, or Kimai's id."""
    api.add_project(" P-1 ", "Neuer Auftritt", customer)

    assert [each.id for each in good(source(api, project_id=by).projects())] == [key]


@pytest.mark.parametrize("written", ["2026-01-05", "2026-01-05T00:00:00+0100"])
def test_a_project_has_days(api: kimai.Kimai, customer: Row, written: str) -> None:
    """Some versions write them as the beginning of the day."""
    api.add_project("P-1", "Projekt", customer, start=written)
    origin = "kimai: project P-1"

    assert good(source(api).projects()) == [Project("P-1", "Projekt", "10001", start=date(2026, 1, 5), origin=origin)]
    without = good(source(api, details=False).projects())
    assert [each.id for each in without] == ["P-1"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": None}, "UnreadableRecord"),
        ({"customer": None}, "UnreadableRecord"),
        ({"start": "gestern"}, "UnreadableRecord"),
        ({"budget": -1}, "UnreadableRecord"),
        ({"budgetType": "week"}, "UnreadableRecord"),
        ({"number": None}, "ProjectWithoutKey"),
        ({"number": "P-1"}, "DuplicateRecord"),
        ({"customer": 77}, "CustomerMissing"),
        ({"customer": 2}, "CustomerMissing"),
    ],
)
def test_a_bad_project_is_told_and_the_others_go_on(
    api: kimai.Kimai, customer: Row, change: dict[str, Any], code: str
) -> None:
    """Its place is named; a customer without a number is none."""
    api.add_customer(None, "Ohne")
    api.add_project("P-1", "Gut", customer)
    api.add_project("P-2", "Schlecht", customer).update(change)
    found = list(source(api).projects())

    assert [each.name for each in found if isinstance(each, Project)] == ["Gut"]
    assert [(each.code, each.severity) for each in problems(found)] == [(code, Severity.HOLD)]
    assert problems(found)[0].place.startswith("kimai: project ")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": 7}, "UnreadableRecord"),
        ({"country": "Deutschland"}, "BadCustomer"),
        ({"number": "10001"}, "DuplicateRecord"),
    ],
)
def test_a_bad_customer_is_told_and_the_others_go_on(
    api: kimai.Kimai, customer: Row, change: dict[str, Any], code: str
) -> None:
    """Its place is named."""
    api.add_customer("10002", "Schlecht").update(change)
    found = list(source(api).customers())

    assert [each.name for each in found if isinstance(each, Party)] == [customer["name"]]
    assert [each.code for each in problems(found)] == [code]


def test_a_record_that_comes_twice_counts_once(api: kimai.Kimai, customer: Row) -> None:
    """The first of them."""
    api.customers.append(customer)
    found = list(source(api).customers())

    assert len(found) == 2
    assert [each.code for each in problems(found)] == ["DuplicateRecord"]


def test_a_record_that_is_gone_meanwhile_is_left_out(api: kimai.Kimai, customer: Row) -> None:
    """It was in the list, and is no longer there when it is asked for."""
    gone = api.add_customer("10002", "Weg")
    answer = api.answer
    number = f"/api/customers/{gone['id']}"
    api.answer = lambda asked: _not_found(asked) if asked.path == number else answer(asked)  # type: ignore[method-assign]

    with served(api) as told:
        assert [each.name for each in good(told.customers())] == [customer["name"]]


def _not_found(_: Asked) -> Said:
    return Said(404, {"code": 404, "message": "Not Found"})


@pytest.mark.parametrize(("roles", "missing"), [(("ROLE_USER",), 1), (("ROLE_ADMIN",), 1), (("ROLE_SUPER_ADMIN",), 0)])
def test_a_user_who_sees_a_part_only_is_a_fault(api: kimai.Kimai, roles: tuple[str, ...], missing: int) -> None:
    """Kimai gives everybody their own time, and says nothing."""
    api.roles = roles
    found = list(source(api).projects())

    assert [each.code for each in problems(found)] == ["RightMissing"] * missing
    assert good(source(api, full_roles=["ROLE_USER", "ROLE_ADMIN", "ROLE_SUPER_ADMIN"]).projects()) == []


def test_a_user_that_is_none_is_a_fault(api: kimai.Kimai) -> None:
    """Roles are what it is asked for."""
    api.roles = None  # type: ignore[assignment]

    assert [each.code for each in problems(source(api).projects())] == ["UnreadableRecord"]
    assert good(source(api).entries(JANUARY)) == []


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"position_in": "field"}, "position_field belong together"),
        ({"position_field": "Position"}, "position_field belong together"),
        ({"offers": ["budgets"], "details": False}, "details = true"),
        ({"url": "http://kimai.example"}, "pattern"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(more: Row, message: str) -> None:
    """With the words of the setting; without encryption a key goes only to this machine."""
    with pytest.raises(ValidationError, match=message):
        settings(**more)
