"""Which positions an agreement bills."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from connector.core.agreement import Agreement
from connector.core.offer import Offer, OfferState
from connector.core.problems import Problem
from connector.core.scope import Scope, claimed_twice
from tests.core.builders import agreement, offer, position, project

PROJECTS = {
    "WEB": project(),
    "SHOP": project("SHOP", parent="WEB"),
    "CART": project("CART", parent="SHOP"),
    "HOST": project("HOST"),
}


def an_offer(id_: str, project_id: str = "WEB", accepted_on: date | None = date(2026, 1, 1)) -> Offer:
    """Return an accepted offer of one position."""
    return replace(
        offer(position("1", offer=id_, project=project_id), id_=id_, project=project_id), accepted_on=accepted_on
    )


def keys(offers: list[Offer], wanted: Agreement | None = None) -> list[str]:
    """Return the keys of the agreement's positions, in their order."""
    return [each.key for each in Scope(offers, PROJECTS).positions(wanted or agreement())]


def test_positions_come_in_the_order_their_offers_were_accepted() -> None:
    """By day, then by id; an offer without a day comes last."""
    offers = [
        an_offer("C", accepted_on=None),
        an_offer("D"),
        an_offer("B"),
        an_offer("A", accepted_on=date(2026, 2, 1)),
    ]
    assert keys(offers) == ["B/1", "D/1", "A/1", "C/1"]


def test_offers_of_subprojects_belong_to_the_project() -> None:
    """Parts of parts as well; other projects do not."""
    offers = [an_offer("A"), an_offer("B", "SHOP"), an_offer("C", "CART"), an_offer("D", "HOST")]
    assert keys(offers) == ["A/1", "B/1", "C/1"]
    assert keys(offers, agreement(project="SHOP")) == ["B/1", "C/1"]
    assert keys(offers, agreement(project="NONE")) == []


def test_an_agreement_may_name_its_offers() -> None:
    """The others of the project stay out; a name that is no accepted offer brings nothing."""
    assert keys([an_offer("A"), an_offer("B")], agreement(offers=("B", "Z"))) == ["B/1"]


def test_only_accepted_offers_and_billable_positions_count() -> None:
    """Sent and lost offers, headings and open options are left out."""
    mixed = offer(position("1"), position("2", billable=False), position("3"))
    assert keys([mixed, replace(an_offer("B"), state=OfferState.SENT)]) == ["A1/1", "A1/3"]


def claims(offers: list[Offer], *agreements: Agreement) -> list[Problem]:
    """Return what is claimed twice among the agreements."""
    scope = Scope(offers, PROJECTS)
    return claimed_twice([(each, scope.positions(each)) for each in agreements])


def test_a_position_of_two_agreements_is_a_problem_of_both() -> None:
    """Each is held with the names of both; a third agreement is not touched."""
    offers = [an_offer("A"), an_offer("B", "SHOP"), an_offer("D", "HOST")]
    shop, host = agreement(id_="shop", project="SHOP"), agreement(id_="host", project="HOST")
    found = claims(offers, agreement(), shop, host)
    assert [(each.code, each.agreement) for each in found] == [
        ("PositionInTwoAgreements", "website"),
        ("PositionInTwoAgreements", "shop"),
    ]
    assert "B/1 is billed by more than one agreement: website, shop" in found[0].message


def test_named_offers_keep_two_agreements_apart() -> None:
    """One project, two agreements, one offer each."""
    first, second = agreement(offers=("A",)), agreement(id_="second", offers=("B",))
    assert claims([an_offer("A"), an_offer("B")], first, second) == []


def test_two_positions_of_one_key_are_a_problem_of_their_agreement() -> None:
    """Billing both would add up what belongs to two positions; it is told once."""
    (found,) = claims([offer(position("1"), position("1", "700"), position("1", "900"))], agreement())
    assert (found.code, found.agreement) == ("PositionTwice", "website")
    assert "two positions A1/1" in found.message
