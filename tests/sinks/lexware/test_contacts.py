from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from connector.core.booking import Booking
from connector.core.errors import DocumentRejected, OutcomeUnknown, Unavailable, UnexpectedAnswer
from connector.core.invoice import Invoice
from connector.core.party import Address
from connector.core.vat import VatCategory
from connector.sinks.lexware.settings import XRechnung
from tests.core.builders import booking, invoice, line, party, vat_decision, vat_rate
from tests.sinks.lexware.world import Desk, sink_at
from tests.standins import Asked, Fault, Said

BILLING = {"street": "Hauptstraße 1", "zip": "10115", "city": "Berlin", "countryCode": "DE"}


def contact_of(desk: Desk, document: Invoice | None = None, booked: Booking | None = None, **wishes: Any) -> str:  # noqa: ANN401 - any setting
    """Return the contact of the document's customer, by a new process."""
    sink = sink_at(desk.standin, **wishes)
    return sink._contacts.contact_of(booked or booking(document or invoice()))  # noqa: SLF001 - its only way in besides delivering


def the_contact(desk: Desk) -> dict[str, Any]:
    """Return the only contact."""
    (contact,) = desk.api.contacts.values()
    return contact


def known(desk: Desk, name: str, **parts: Any) -> str:  # noqa: ANN401 - any part of a contact
    """Let a company be there already; return its id."""
    body = {"version": 0, "roles": {"customer": {}}, "company": {"name": name}, **parts}
    said = desk.api._store_contact(f"id-{len(desk.api.contacts)}", body, 1, 201)  # noqa: SLF001 - what a person does there
    return str(said.body["id"])


def test_an_unknown_customer_becomes_a_contact(desk: Desk) -> None:
    """With name, address and VAT id; its customer number is given there."""
    document = invoice(buyer=replace(party(), email="post@mueller.example"))
    made = contact_of(desk, document)
    assert the_contact(desk) | {"organizationId": ""} == {
        "id": made,
        "organizationId": "",
        "version": 1,
        "archived": False,
        "roles": {"customer": {"number": 10001}},
        "company": {"name": "Müller & Söhne GmbH", "vatRegistrationId": "DE123456789"},
        "addresses": {"billing": [BILLING]},
        "emailAddresses": {"business": ["post@mueller.example"]},
    }


def test_a_person_has_a_first_and_a_last_name(desk: Desk) -> None:
    """The last word is the last name."""
    contact_of(desk, invoice(buyer=replace(party(name="Ada von Lovelace"), is_business=False)))
    assert the_contact(desk)["person"] == {"firstName": "Ada von", "lastName": "Lovelace"}
    assert contact_of(desk, invoice(buyer=replace(party(name="ada von  lovelace"), is_business=False)))
    assert len(desk.api.contacts) == 1


@pytest.mark.parametrize("name", ["Müller & Söhne GmbH", "MÜLLER &  SÖHNE GMBH", "A < B > C & Co", "&" * 90, "X" * 200])
def test_a_known_name_is_found(desk: Desk, name: str) -> None:
    """Whatever characters and length it has: the search takes them only as HTML writes them, and not too many."""
    first = contact_of(desk, invoice(buyer=party(name=name)))
    assert contact_of(desk, invoice(buyer=party(name=name.lower()))) == first
    assert len(desk.api.contacts) == 1


def test_a_name_that_only_begins_alike_is_another(desk: Desk) -> None:
    """The search finds parts of names; we take the whole."""
    known(desk, "Müller & Söhne GmbH & Co. KG")
    contact_of(desk)
    assert len(desk.api.contacts) == 2


def test_an_archived_contact_is_none(desk: Desk) -> None:
    """A new one is made."""
    old = known(desk, "Müller & Söhne GmbH")
    desk.api.contacts[old]["archived"] = True
    assert contact_of(desk) != old


def test_a_name_too_short_to_search_for_is_found_among_all(desk: Desk) -> None:
    """The search takes three letters at least; a second contact of the name would be one too many."""
    known(desk, "HP Reisen")
    made = contact_of(desk, invoice(buyer=party(name="HP")))
    assert contact_of(desk, invoice(buyer=party(name="hp"))) == made
    assert len(desk.api.contacts) == 2


def test_letters_may_be_put_together_in_two_ways(desk: Desk) -> None:
    """An umlaut as one character, or as two: the name is the same."""
    there = known(desk, "Müller & Söhne GmbH")
    name = unicodedata.normalize("NFD", "Müller & Söhne GmbH")
    assert name != "Müller & Söhne GmbH"
    assert contact_of(desk, invoice(buyer=party(name=name))) == there


def test_two_of_one_name_are_told_apart_by_a_person(desk: Desk) -> None:
    """The document is rejected with their ids, and the rule that should name one."""
    known(desk, "Müller & Söhne GmbH")
    known(desk, "Müller & Söhne GmbH")
    with pytest.raises(DocumentRejected, match="2 contacts are called 'Müller & Söhne GmbH': id-0, id-1") as caught:
        contact_of(desk)
    assert caught.value.hint == "name the right one at mapping.toml:5: contact = its id"


def test_the_mapping_may_name_the_contact(desk: Desk) -> None:
    """It is taken as it is, whatever it is called there."""
    there = known(desk, "Mueller Verwaltungs GmbH")
    booked = replace(booking(), contact=there)
    assert contact_of(desk, booked=booked, update_contacts=False) == there
    with pytest.raises(DocumentRejected, match=r"mapping\.toml:5 names contact nobody, which Lexware Office does not"):
        contact_of(desk, booked=replace(booking(), contact="nobody"))


def test_debtor_accounts_may_be_customer_numbers(desk: Desk) -> None:
    """Only where the settings say so: elsewhere they are numbers of somebody else's books."""
    there = known(desk, "Mueller Verwaltungs GmbH")
    assert contact_of(desk, debtors_are_customer_numbers=True) == there
    assert the_contact(desk)["company"]["name"] == "Müller & Söhne GmbH"
    assert contact_of(desk, booked=replace(booking(), debtor="10077"), debtors_are_customer_numbers=True) == there
    assert contact_of(desk, booked=replace(booking(), debtor="D-7"), debtors_are_customer_numbers=True) == there


def test_a_contact_that_says_the_same_is_left_alone(desk: Desk) -> None:
    """One search a run and customer is all."""
    contact_of(desk)
    desk.standin.asked.clear()
    sink = sink_at(desk.standin)
    for _ in range(3):
        sink._contacts.contact_of(booking())  # noqa: SLF001 - as above
    assert [asked.method for asked in desk.standin.asked] == ["GET"]


def test_a_changed_customer_changes_the_contact(desk: Desk) -> None:
    """What we know is laid over what is there; what we do not know stays."""
    notes = {"note": "zahlt pünktlich", "phoneNumbers": {"business": ["030 1"]}}
    known(desk, "Müller & Söhne GmbH", **notes, addresses={"billing": [{"supplement": "Hof 2", "countryCode": "DE"}]})
    bare = replace(party(), vat_id="", address=Address("Neue Straße 2", "", "", "DE"))
    contact_of(desk, invoice(buyer=bare))
    contact = the_contact(desk)
    assert (contact["version"], contact["note"], contact["phoneNumbers"]) == (
        2,
        "zahlt pünktlich",
        notes["phoneNumbers"],
    )
    assert contact["addresses"]["billing"] == [{"supplement": "Hof 2", "countryCode": "DE", "street": "Neue Straße 2"}]


def test_contacts_may_be_left_alone(desk: Desk) -> None:
    """By a setting; the document carries the customer's address anyway."""
    known(desk, "Müller & Söhne GmbH")
    contact_of(desk, update_contacts=False)
    assert the_contact(desk)["version"] == 1


def test_a_contact_with_more_than_one_entry_is_left_alone(desk: Desk) -> None:
    """The API refuses to change such a one."""
    two = {"business": ["a@example.com", "b@example.com"]}
    known(desk, "Müller & Söhne GmbH", emailAddresses=two)
    assert contact_of(desk)
    assert the_contact(desk)["version"] == 1


def test_a_document_without_vat_needs_a_contact_that_allows_it(desk: Desk) -> None:
    """It is allowed when the contact is made, or later."""
    contact_of(desk)
    free = line(vat=vat_decision(vat_rate(0, VatCategory.REVERSE_CHARGE), note="§ 13b"))
    contact_of(desk, invoice(free))
    assert the_contact(desk)["company"]["allowTaxFreeInvoices"] is True


def test_an_xrechnung_customer_has_both_references(desk: Desk) -> None:
    """They stand with the contact."""
    wanted = {"K1": XRechnung(buyer_reference="04011000-1234512345-06", vendor_number="V7")}
    contact_of(desk, xrechnung=wanted)
    assert the_contact(desk)["xRechnung"] == {
        "buyerReference": "04011000-1234512345-06",
        "vendorNumberAtCustomer": "V7",
    }


class Meddling:
    """Somebody who changes the contact between our reading and writing, so many times."""

    def __init__(self, desk: Desk, times: int) -> None:
        self.inner, self.times = desk.late.api, times

    def answer(self, asked: Asked) -> Said:
        """Meddle before a change, then let the API answer."""
        if asked.method == "PUT" and self.times:
            self.times -= 1
            for contact in self.inner.contacts.values():
                contact |= {"version": contact["version"] + 1, "note": f"meddled {self.times}"}
        return self.inner.answer(asked)


@pytest.mark.parametrize("status", [406, 409])
def test_a_stale_contact_is_read_again(desk: Desk, status: int) -> None:
    """Documentation and measurement differ in the status; what somebody else wrote is kept."""
    desk.api.stale = status
    known(desk, "Müller & Söhne GmbH")
    desk.standin.api = Meddling(desk, 2)
    contact_of(desk)
    contact = the_contact(desk)
    assert (contact["version"], contact["note"], contact["addresses"]["billing"]) == (4, "meddled 0", [BILLING])


def test_a_contact_that_never_rests_is_given_up(desk: Desk) -> None:
    """The document has the right address all the same."""
    there = known(desk, "Müller & Söhne GmbH")
    desk.standin.api = Meddling(desk, 99)
    assert contact_of(desk) == there
    assert desk.standin.calls("PUT") == 3


def test_a_refused_change_rejects_the_document(desk: Desk) -> None:
    """In the vendor's words, in its older form of errors."""
    known(desk, "Müller & Söhne GmbH")
    with pytest.raises(
        DocumentRejected, match=r"refused \(status 406\): addresses\.billing\[0\]\.countryCode missing_entity"
    ):
        contact_of(desk, invoice(buyer=party(country="Deutschland")))


def test_a_lost_change_only_postpones(desk: Desk) -> None:
    """It carries the version it replaces, so it may be repeated; the document was not sent."""
    known(desk, "Müller & Söhne GmbH")
    desk.standin.fail(Fault.ANSWER_LOST, lambda asked: asked.method == "PUT")
    with pytest.raises(Unavailable):
        contact_of(desk)


class Mute:
    """Answers every write with nothing, and every read with the same."""

    def __init__(self, told: Any) -> None:  # noqa: ANN401 - any JSON
        self.told = told

    def answer(self, asked: Asked) -> Said:
        """Return what is told."""
        return Said(200, self.told) if asked.method == "GET" else Said(201, {})


def test_an_answer_without_an_id_leaves_the_contact_unknown(desk: Desk) -> None:
    """It may be there: the customer is searched for before another is made."""
    desk.standin.api = Mute({"content": [], "last": True})
    with pytest.raises(OutcomeUnknown, match="names no id"):
        contact_of(desk)


@pytest.mark.parametrize("told", [[], {"content": None}, {"content": [{}]}, {"content": ["x"]}])
def test_a_list_that_is_none_is_not_understood(desk: Desk, told: Any) -> None:  # noqa: ANN401 - any JSON
    """Nothing is made on such ground."""
    desk.standin.api = Mute(told)
    with pytest.raises(UnexpectedAnswer, match="not what is documented"):
        contact_of(desk)
    assert desk.standin.calls("POST") == 0


def test_a_list_without_an_end_is_given_up(desk: Desk) -> None:
    """After the ten thousand rows a list may have."""
    desk.standin.api = Mute({"content": [], "last": False})
    with pytest.raises(UnexpectedAnswer, match="longer than 10000 rows"):
        contact_of(desk)
