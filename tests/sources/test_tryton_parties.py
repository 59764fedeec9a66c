"""Parties of Tryton as customers."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.party import Address, Party
from tests.sources.tryton_standin import StandIn
from tests.support.found import good, problems


def address(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - any values
    """Return an address that is active, and 1 as SQLite has it."""
    told = {"street": "Hauptstraße 1\nHinterhaus\n", "postal_code": "10115", "city": "Berlin", "invoice": 0}
    return {**told, "country": {"id": 1, "code": "DE"}, "active": 1, **values}


def term(*deltas: dict[str, Any], parts: int = 1) -> dict[str, Any]:
    """Return terms of payment in so many parts, each by these steps."""
    return {"id": 1, "lines": [{"id": 1, "type": "remainder", "relativedeltas": list(deltas)}] * parts}


def only(standin: StandIn, **settings: Any) -> Party:  # noqa: ANN401 - settings as a configuration has them
    """Return the one customer."""
    [customer] = good(standin.source(**settings).customers())
    return customer


def test_everything_a_party_tells() -> None:
    """Code, name, address, VAT id, e-mail, days to pay and language."""
    standin = StandIn()
    standin.customer |= {
        "lang": {"id": 2, "code": "en_US"},
        "addresses": [address()],
        "identifiers": [{"type": "de_handelsregisternummer", "code": "HRB 1"}, {"type": "eu_vat", "code": "DE 1234"}],
        "contact_mechanisms": [{"type": "phone", "value": "030"}, {"type": "email", "value": "a@example.org"}],
        "customer_payment_term": term({"days": 14, "months": 0, "weeks": 0}),
    }

    assert only(standin) == Party(
        id="K-1",
        name="Müller & Söhne GmbH",
        address=Address("Hauptstraße 1, Hinterhaus", "10115", "Berlin", "DE"),
        vat_id="DE1234",
        payment_days=14,
        language="en",
        email="a@example.org",
        origin="tryton: party K-1",
    )


def test_a_party_that_tells_nothing_but_its_name() -> None:
    """What it lacks is empty, and its language is the tenant's."""
    expected = Party("K-1", "Müller & Söhne GmbH", Address(), language="en", origin="tryton: party K-1")

    assert only(StandIn(), language="en") == expected


def test_only_parties_of_projects_and_sales_are_customers() -> None:
    """Tryton knows suppliers, employees and the agency itself as parties too."""
    standin = StandIn()
    standin.add("party.party", name="Druckerei", code="L-1")
    buyer = standin.add("party.party", name="Käuferin", code="K-2")
    standin.sale("S-1", party=buyer["id"])

    assert [each.id for each in good(standin.source().customers())] == ["K-1", "K-2"]


def test_the_address_for_invoices_goes_first() -> None:
    """Else the first one; one that is no longer active never."""
    standin = StandIn()
    old, first, billing = address(city="Alt", active=0), address(city="Eins"), address(city="Zwei", invoice=1)
    standin.customer["addresses"] = [old, first, billing]
    assert only(standin).address.city == "Zwei"
    standin.customer["addresses"] = [old, first]
    assert only(standin).address.city == "Eins"
    standin.customer["addresses"] = [old]
    assert only(standin).address == Address()


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        (term({"days": 14}), 14),
        (term({"days": 1, "weeks": 2}, {"days": 5}), 20),
        (term(), 0),
        (term({"days": 14, "months": 1}), None),
        (term({"days": 14, "day": 31}), None),
        (term({"days": 14, "weekday": {"id": 1, "index": 0}}), None),
        (term({"days": 14}, parts=2), None),
        (None, None),
    ],
)
def test_days_to_pay(terms: object, days: int | None) -> None:
    """Only terms that are nothing but days are days; the end of a month or instalments are left to the agreement."""
    standin = StandIn()
    standin.customer["customer_payment_term"] = terms

    assert only(standin).payment_days == days


def test_consumers_are_in_a_category() -> None:
    """Which one, the settings say."""
    standin = StandIn()
    standin.customer["categories"] = [{"id": 1, "name": "Stammkunden"}, {"id": 2, "name": "Privat"}]

    assert only(standin).is_business
    assert not only(standin, consumer_category="Privat").is_business


def test_a_party_by_its_own_number() -> None:
    """Where codes are not kept."""
    standin = StandIn()
    standin.customer["code"] = None

    assert only(standin, customer_id="id").id == "1"
    [problem] = problems(standin.source().customers())
    assert (problem.code, problem.place) == ("UnreadableRecord", "tryton: party #1")


def test_two_parties_of_one_code() -> None:
    """The second is not read."""
    standin = StandIn()
    twin = standin.add("party.party", name="Zwilling", code="K-1")
    standin.sale("S-1", party=twin["id"])

    [problem] = problems(standin.source().customers())
    assert (problem.code, problem.place) == ("DuplicateId", "tryton: party #2")


def test_a_party_that_is_not_as_tryton_has_it() -> None:
    """The field is named, its value is not shown; the others are read."""
    standin = StandIn()
    strange = standin.add("party.party", name=["secret"], code="K-2")
    standin.sale("S-1", party=strange["id"])

    first, second = standin.source().customers()
    assert isinstance(first, Party)
    [problem] = problems([second])
    assert problem.code == "UnreadableRecord"
    assert "name:" in problem.message
    assert "secret" not in problem.message


def test_terms_are_read_where_there_are_invoices() -> None:
    """They come with the module account_invoice; without it nothing is asked of them."""
    standin = StandIn()
    standin.fields["party.party"] = standin.fields["party.party"].removesuffix(" customer_payment_term")

    assert only(standin).payment_days is None
