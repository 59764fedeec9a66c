from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from connector.core.booking import Booking
from connector.core.errors import ConfigError, DocumentRejected, OutcomeUnknown
from connector.core.party import Address, Party
from connector.core.quantity import Unit
from tests.core.builders import invoice, line, party
from tests.sinks.sevdesk_world import build, document
from tests.standins import Said, Standin, serving
from tests.standins import sevdesk as standin_of_sevdesk


@pytest.fixture
def account() -> Iterator[Standin]:
    """Yield an empty account."""
    with serving(standin_of_sevdesk.api()) as standin:
        yield standin


def deliver(account: Standin, buyer: Party, contact: str = "", **wishes: Any) -> dict[str, Any]:  # noqa: ANN401 - any setting
    """Deliver an invoice to the customer; return it as it stands there."""
    made = document(invoice(buyer=buyer), key=f"{len(account.api.invoices) + 1:032x}")
    receipt = build(account.url, **wishes).deliver(replace(made, contact=contact))
    row: dict[str, Any] = account.api.invoices[receipt.reference]
    return row


def test_a_new_customer_is_made_with_all_we_know(account: Standin) -> None:
    """Contact, address and e-mail address are calls of their own."""
    row = deliver(account, replace(party(), email="rechnung@example.com"))
    (contact,) = account.api.contacts.values()
    (address,) = account.api.addresses.values()
    (way,) = account.api.ways.values()

    assert row["contact"] == {"id": contact["id"], "objectName": "Contact"}
    assert (contact["name"], contact["customerNumber"], contact["vatNumber"]) == (party().name, "10001", party().vat_id)
    assert (contact["category"]["id"], contact["status"]) == ("3", "1000")
    assert (address["street"], address["zip"], address["city"]) == ("Hauptstraße 1", "10115", "Berlin")
    assert (address["country"]["id"], address["category"]["id"]) == (1, 47)
    assert (way["type"], way["value"], way["key"]["id"], way["main"]) == ("EMAIL", "rechnung@example.com", 2, True)


def test_a_person_has_first_and_last_name(account: Standin) -> None:
    """And is found again, which sevDesk does only where persons are asked for; without an address none is made."""
    person = replace(party(name="Anna Maria Elbe", is_business=False), address=Address(country="DE"), vat_id="")
    deliver(account, person)
    deliver(account, person)
    (contact,) = account.api.contacts.values()
    assert (contact["name"], contact["surename"], contact["familyname"]) == (None, "Anna Maria", "Elbe")
    assert account.api.addresses == {}


def test_a_customer_is_found_by_number_and_left_as_it_is(account: Standin) -> None:
    """Whatever it is called there."""
    deliver(account, party())
    (contact,) = account.api.contacts.values()
    contact["name"] = "Mueller & Soehne"
    deliver(account, party())
    assert [row["name"] for row in account.api.contacts.values()] == ["Mueller & Soehne"]


def test_the_number_may_be_that_of_the_project_tool(account: Standin) -> None:
    """As the settings say."""
    deliver(account, party("KD-7"), customer_numbers="customer")
    assert [row["customerNumber"] for row in account.api.contacts.values()] == ["KD-7"]


def test_a_filter_that_is_ignored_misleads_nobody(account: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers are compared here."""
    deliver(account, party("K1"), customer_numbers="customer")
    monkeypatch.setattr(standin_of_sevdesk, "_is_wanted", lambda *_: True)
    row = deliver(account, party("K2"), customer_numbers="customer")
    assert account.api.contacts[row["contact"]["id"]]["customerNumber"] == "K2"


def test_two_contacts_of_one_number_are_not_guessed_between(account: Standin) -> None:
    """Their ids are named, and where to choose one."""
    row = deliver(account, party())
    twin = {**account.api.contacts[row["contact"]["id"]], "id": "7"}
    account.api.contacts["7"] = twin
    with pytest.raises(DocumentRejected, match="2 contacts have the customer number 10001: 138810001, 7") as caught:
        deliver(account, party())
    assert "mapping.toml:5" in caught.value.hint


def test_a_new_customer_may_be_unwanted(account: Standin) -> None:
    """Then its documents wait until a person has entered it."""
    with pytest.raises(DocumentRejected, match="no contact has the customer number 10001"):
        deliver(account, party(), create_contacts=False)
    assert account.api.contacts == {}


def test_the_mapping_may_name_the_contact(account: Standin) -> None:
    """It is looked up once, and nothing is made."""
    known = deliver(account, party())["contact"]["id"]
    before = len(account.asked)
    assert deliver(account, party(), contact=known)["contact"]["id"] == known
    assert sum("Contact" in asked.path for asked in account.asked[before:]) == 1


@pytest.mark.parametrize("contact", ["4711", "Müller"])
def test_a_contact_that_is_not_there_is_rejected(account: Standin, contact: str) -> None:
    """With the line of the mapping that names it."""
    with pytest.raises(DocumentRejected, match=f"mapping.toml:5 names contact {contact}, which sevDesk does not have"):
        deliver(account, party(), contact=contact)


def test_whether_a_contact_was_made_may_stay_unknown(account: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing is sent that would name it."""
    monkeypatch.setattr(account.api, "_create_contact", lambda _: Said(201, {"objects": []}))
    with pytest.raises(OutcomeUnknown, match="names no id"):
        deliver(account, party())
    assert account.api.invoices == {}


def test_a_country_that_is_not_known_is_rejected(account: Standin) -> None:
    """Known ones are found by their code, in whatever case; Germany is not even asked for."""
    deliver(account, party())
    assert account.calls("GET", "/api/v1/StaticCountry") == 0
    assert deliver(account, party("K2", country="AT"))["addressCountry"]["id"] == "3"
    with pytest.raises(DocumentRejected, match="sevDesk knows no country XX"):
        deliver(account, party("K3", country="XX"), customer_numbers="customer")


def in_unit(unit: Unit) -> Booking:
    """Return an invoice over a line in the unit."""
    return document(invoice(replace(line(), unit=unit)))


@pytest.mark.parametrize(
    ("unit", "number"), [(Unit.HOUR, 9), (Unit.DAY, 12), (Unit.PIECE, 1), (Unit.FLAT, 1), (Unit.MONTH, 14)]
)
def test_units_are_found_by_their_code(
    account: Standin, monkeypatch: pytest.MonkeyPatch, unit: Unit, number: int
) -> None:
    """Or named in the settings; a flat rate without a unit of its own is a piece."""
    monkeypatch.setitem(standin_of_sevdesk.UNITS, "14", ("Monat", None))
    receipt = build(account.url, units={"month": 14}).deliver(in_unit(unit))
    (position,) = account.api.positions[receipt.reference]
    assert position["unity"]["id"] == str(number)


def test_a_unit_that_is_not_known_is_rejected(account: Standin) -> None:
    """With the setting that names it."""
    with pytest.raises(DocumentRejected, match="no unit with the UN/ECE code MON") as caught:
        build(account.url).deliver(in_unit(Unit.MONTH))
    assert "units = { month = … }" in caught.value.hint


def test_an_account_without_users_names_nobody(account: Standin) -> None:
    """The settings have to."""
    account.api.users.clear()
    with pytest.raises(ConfigError, match="the account has 0 users"):
        deliver(account, party())
