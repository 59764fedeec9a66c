"""VAT decisions: the first rule that matches, never a default (domain 7.4)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.party import Party
from connector.core.problems import Problem
from connector.core.vat import VatCase, VatCategory, VatDecision, VatRate
from connector.mapping import decide_vat
from connector.mapping.vat import EU_COUNTRIES
from tests.core.builders import party, vat_case
from tests.mapping.rules import mapping

STANDARD = mapping("""
    [[vat]]
    seller_small_business = true
    category = "E"
    note = "§ 19 UStG"

    [[vat]]
    country = "DE"
    vat_class = "standard"
    valid_from = 2021-01-01
    category = "S"
    rate = "19"

    [[vat]]
    country = "DE"
    valid_from = 2020-07-01
    valid_to = 2020-12-31
    category = "S"
    rate = "16"

    [[vat]]
    group = "EU"
    business = true
    has_vat_id = true
    category = "AE"
    note = "Reverse Charge"

    [[vat]]
    group = "third_country"
    category = "O"
    note = "nicht steuerbar"

    [[vat]]
    countries = ["AT", "BE"]
    service = "books"
    category = "Z"
""")

AUSTRIAN = party(country="AT", vat_id="ATU12345678")


def decided(case: VatCase) -> VatDecision:
    """Return the decision; the test fails where there is none."""
    decision = decide_vat(STANDARD, case)
    assert isinstance(decision, VatDecision), decision
    return decision


def held(case: VatCase) -> Problem:
    """Return the problem; the test fails where there is a decision."""
    problem = decide_vat(STANDARD, case)
    assert isinstance(problem, Problem), problem
    return problem


def test_the_decision_keeps_rate_note_and_rule() -> None:
    """A domestic supply carries 19 % and the place of its rule."""
    assert decided(vat_case()) == VatDecision(VatRate(VatCategory.STANDARD, Decimal(19)), "", "vat:2")


@pytest.mark.parametrize(
    ("buyer", "category", "note"),
    [
        (AUSTRIAN, "AE", "Reverse Charge"),
        (party(country="CH", vat_id=""), "O", "nicht steuerbar"),
        (party(country="NO", vat_id="", is_business=False), "O", "nicht steuerbar"),
    ],
)
def test_the_customers_country_decides(buyer: Party, category: str, note: str) -> None:
    """Other member states and third countries have their own treatment, with the note the law asks for."""
    decision = decided(vat_case(buyer))
    assert (decision.rate.category.value, decision.note) == (category, note)


@pytest.mark.parametrize(
    ("supplied_on", "rate"),
    [
        (date(2021, 1, 1), "19"),
        (date(2020, 12, 31), "16"),
        (date(2020, 7, 1), "16"),
    ],
)
def test_the_day_of_supply_decides_and_both_ends_belong_to_the_rule(supplied_on: date, rate: str) -> None:
    """The last day of 16 % and the first of 19 % are told apart."""
    assert decided(vat_case(supplied_on=supplied_on)).rate.percent == Decimal(rate)


def test_before_the_first_rule_there_is_no_rate() -> None:
    """A day that no rule covers has no VAT, rather than today's."""
    assert held(vat_case(supplied_on=date(2020, 6, 30))).code == "MissingVatRule"


def test_the_first_rule_that_matches_wins() -> None:
    """A small business charges no VAT, whatever follows."""
    case = vat_case()
    small = replace(case, seller=replace(case.seller, small_business=True))
    assert decided(small).rule == "vat:1"


def test_the_group_of_member_states_leaves_out_the_sellers_own() -> None:
    """A rule for the EU is never taken for a domestic supply, wherever it stands."""
    rules = mapping('[[vat]]\ngroup = "EU"\ncategory = "AE"\nnote = "n"')
    assert isinstance(decide_vat(rules, vat_case(AUSTRIAN)), VatDecision)
    assert isinstance(decide_vat(rules, vat_case(party(country="DE"))), Problem)


def test_an_unknown_country_is_no_third_country() -> None:
    """A customer without a country is held; the hint asks for the country, not for a rule."""
    problem = held(vat_case(party(country="")))
    assert problem.code == "MissingVatRule"
    assert problem.hint == "enter the customer's country"


def test_a_list_of_countries_and_a_service_are_conditions() -> None:
    """The last rule holds for books to consumers in Austria or Belgium only."""
    buyer = party(country="AT", vat_id="", is_business=False)
    assert decided(vat_case(buyer, service="books")).rule == "vat:6"
    assert held(vat_case(buyer, service="films")).code == "MissingVatRule"
    assert held(vat_case(party(country="FR", is_business=False), service="books")).code == "MissingVatRule"


def test_a_missing_rule_names_the_lines_to_add() -> None:
    """The hint is the head of a rule for exactly this case."""
    problem = held(vat_case(party("K9", country="AT", vat_id="", is_business=False), vat_class="reduced"))
    assert problem.place == "customer K9"
    assert problem.hint.splitlines()[:6] == [
        "add to mapping.toml:",
        "[[vat]]",
        'country = "AT"',
        "business = false",
        "has_vat_id = false",
        'vat_class = "reduced"',
    ]


@pytest.mark.parametrize("category", ["AE", "K"])
@pytest.mark.parametrize("side", ["seller", "customer"])
def test_reverse_charge_and_intra_community_supplies_need_both_vat_ids(category: str, side: str) -> None:
    """Where the seller or the customer has no VAT id the document is held, and the hint says whose is missing."""
    rules = mapping(f'[[vat]]\ncategory = "{category}"\nnote = "n"')
    case = vat_case(AUSTRIAN)
    lacking = (
        replace(case, seller=replace(case.seller, vat_id=""))
        if side == "seller"
        else replace(case, buyer=replace(case.buyer, vat_id=""))
    )
    problem = decide_vat(rules, lacking)
    assert isinstance(problem, Problem)
    assert problem.code == "MissingVatId"
    assert f"{side} {(lacking.seller if side == 'seller' else lacking.buyer).id} has no VAT id" in problem.message
    assert isinstance(decide_vat(rules, case), VatDecision)


def test_there_are_27_member_states() -> None:
    """All by ISO code: Greece is GR, and the United Kingdom is gone."""
    assert len(EU_COUNTRIES) == 27
    assert "GR" in EU_COUNTRIES
    assert not EU_COUNTRIES & {"EL", "GB", "XI", "CH", "NO"}
