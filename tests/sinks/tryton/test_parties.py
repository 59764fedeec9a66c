from __future__ import annotations

from dataclasses import replace

import pytest

from connector.core.errors import DocumentRejected
from tests.core.builders import party
from tests.sinks.tryton.books import sink
from tests.sinks.tryton_world import (
    VAT_ID,
    document,
)
from tests.standins import Standin


def test_a_new_customer_is_made_once(there: Standin) -> None:
    """With the debtor account as its code, in every later process too."""
    there.api.add("country.country", code="DE")
    buyer = replace(party(vat_id=VAT_ID), email="rechnung@kunde.example")
    for number in (1, 2):
        sink(there).deliver(document(key=f"{number:032x}", buyer=buyer))
    [made] = [each for each in there.api.tables["party.party"].values() if each["code"]]
    assert (made["name"], made["code"]) == ("Müller & Söhne GmbH", "10001")
    address = there.api.tables["party.address"][made["addresses"][0]]
    assert (address["street"], address["city"], address["country"]) == ("Hauptstraße 1", "Berlin", 1)
    [mail] = there.api.tables["party.contact_mechanism"].values()
    assert (mail["type"], mail["value"]) == ("email", "rechnung@kunde.example")
    assert there.api.tables["ir.lang"][made["lang"]]["code"] == "de"


def test_a_customer_is_found_by_its_vat_id(there: Standin) -> None:
    """Under a code of Tryton's own, with the address that is for invoices, and an account of its own."""
    api = there.api
    addresses = [api.add("party.address"), api.add("party.address", invoice=True)]
    own = api.add_account("1.2.9", "receivable")
    known = api.add(
        "party.party", name="Müller", code="7", addresses=addresses, account_receivable=own,
        identifiers=[api.add("party.identifier", type="eu_vat", code=VAT_ID)],
    )  # fmt: skip
    sink(there).deliver(document())
    [made] = api.tables["account.invoice"].values()
    assert (made["party"], made["invoice_address"], made["account"]) == (known, addresses[1], own)


def test_two_customers_with_one_vat_id_are_not_guessed_between(there: Standin) -> None:
    """Their codes are told; one that the mapping names is taken, whatever it is called."""
    for code in ("7", "8"):
        identifier = there.api.add("party.identifier", type="eu_vat", code=VAT_ID)
        address = there.api.add("party.address")
        there.api.add("party.party", name="Müller", code=code, identifiers=[identifier], addresses=[address])
    with pytest.raises(DocumentRejected, match="2 parties have the VAT id DE136695976: 7, 8") as caught:
        sink(there).deliver(document())
    assert caught.value.hint == "name the right one at mapping.toml:5: contact = its code"
    sink(there).deliver(replace(document(), contact="8"))
    [made] = there.api.tables["account.invoice"].values()
    assert there.api.tables["party.party"][made["party"]]["code"] == "8"


def test_a_code_that_belongs_to_somebody_else_is_not_taken(there: Standin) -> None:
    """Codes may be numbers of Tryton's own."""
    there.api.add("party.party", name="Elbe KG", code="10001", addresses=[there.api.add("party.address")])
    with pytest.raises(DocumentRejected, match="party 10001 in Tryton is called 'Elbe KG'") as caught:
        sink(there).deliver(document())
    assert 'contact = "10001"' in caught.value.hint
    assert there.api.tables["account.invoice"] == {}


@pytest.mark.parametrize("name", ["müller &  söhne gmbh", "Müller & Söhne GmbH "])
def test_a_customer_without_vat_id_is_known_by_code_and_name(there: Standin, name: str) -> None:
    """Whatever the case and the blanks."""
    there.api.add("party.party", name=name, code="10001", addresses=[there.api.add("party.address")])
    sink(there).deliver(document(buyer=party(vat_id="")))
    assert len(there.api.tables["account.invoice"]) == 1


def test_a_contact_that_is_not_there_is_told(there: Standin) -> None:
    """With the rule that names it."""
    with pytest.raises(DocumentRejected, match=r"mapping\.toml:5 names party 99, which Tryton does not have"):
        sink(there).deliver(replace(document(), contact="99"))


def test_a_customer_without_address_is_told(there: Standin) -> None:
    """An invoice needs one."""
    there.api.add("party.party", name="Müller & Söhne GmbH", code="10001")
    with pytest.raises(DocumentRejected, match="party 10001 has no address"):
        sink(there).deliver(document())


def test_a_customer_without_vat_id_and_country_is_made(there: Standin) -> None:
    """With what is known."""
    buyer = party(vat_id="")
    sink(there).deliver(document(buyer=replace(buyer, address=replace(buyer.address, country=""))))
    [made] = [each for each in there.api.tables["party.party"].values() if each["code"]]
    assert made["identifiers"] == []
