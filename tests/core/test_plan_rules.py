"""The rules around progress: what is billed at all, how documents are cut, keyed and repeated (domain 2, 7, 9, 11)."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from connector.core.agreement import DecreaseRule, ProgressMode, ProgressTerms
from connector.core.invoice import DocumentKind
from connector.core.offer import OfferState
from connector.core.plan import Plan
from connector.core.problems import Problem
from connector.core.readings import ReadingScope
from connector.core.vat import VatCase, VatDecision
from tests.core.books import FEB, JAN, Books, books, by_service, codes, nets, the_document, the_problem, total_net
from tests.core.builders import (
    agreement,
    eur,
    offer,
    party,
    position,
    progress_terms,
    project,
    reading,
    reverse_charge,
    three_phases,
    vat_decision,
    vat_rate,
)

ALL_DONE = reading("100 %", "", scope=ReadingScope.PROJECT)
ROOT = Path(__file__).parents[2]
NO_RULE = Problem("MissingVatRule", "no VAT rule", "customer K1", "add one")


def test_rule_2_headings_and_options_are_never_billed() -> None:
    """What is not billable has no line, no zero line and no place in the project's share."""
    plan = books(position("1", "1000"), position("2", "900", billable=False)).plan(JAN, ALL_DONE)
    assert nets(plan) == {"A1/1": "1000.00"}
    assert plan.untouched == ()


@pytest.mark.parametrize("state", [OfferState.DRAFT, OfferState.SENT, OfferState.LOST])
def test_rule_2_only_accepted_offers_are_billed(state: OfferState) -> None:
    """An offer in any other state is not billed; where nothing is accepted, that is said."""
    ours = Books([offer(position("1", "1000")), offer(position("1", "700", offer="A2"), id_="A2", state=state)])
    assert nets(ours.plan(JAN, ALL_DONE)) == {"A1/1": "1000.00"}
    plan = Books([offer(state=state)]).plan(JAN, ALL_DONE)
    assert (plan.documents, codes(plan), the_problem(plan).holds) == ((), ["NothingToBill"], False)


def test_rule_2_the_total_of_a_position_is_rounded_after_the_discount() -> None:
    """7.5 × 33.333333 less 10 % is 225.00 at 100 %."""
    ours = books(position("1", "33.333333", quantity="7.5", discount=Fraction(1, 10)))
    assert nets(ours.plan(JAN, ALL_DONE)) == {"A1/1": "225.00"}


def test_rule_2_an_amendment_is_billed_beside_the_offer() -> None:
    """A further offer of the same project comes after the first, on the same document."""
    amendment = offer(position("1", "500", offer="A2"), id_="A2", amends="A1")
    ours = Books([replace(amendment, accepted_on=date(2026, 1, 20)), offer(position("1", "1000"))])
    assert list(nets(ours.plan(JAN, ALL_DONE)).items()) == [("A1/1", "1000.00"), ("A2/1", "500.00")]


def test_rule_2_a_negative_amendment_takes_scope_away() -> None:
    """A position of −400 is credited with its progress, whatever `on_decrease` says: its share goes up."""
    removed = offer(position("1", "-400", offer="A2"), id_="A2", amends="A1")
    ours = Books([offer(position("1", "1000")), removed])
    assert nets(ours.bill(JAN, reading("100 %", "A1/1"), reading("50 %", "A2/1"))) == {
        "A1/1": "1000.00",
        "A2/1": "-200.00",
    }
    document = the_document(ours.bill(FEB, reading("100 %", "A2/1", on=FEB))).invoice
    assert (document.kind, document.net) == (DocumentKind.CREDIT_NOTE, eur("-200.00"))


def test_rule_2_subprojects_belong_to_the_agreement_of_the_project() -> None:
    """The offer of a subproject is billed with the project's agreement."""
    parts = {"WEB": project(), "SHOP": project("SHOP", parent="WEB")}
    shop = offer(position("1", "700", offer="S1", project="SHOP"), id_="S1", project="SHOP")
    ours = Books([offer(position("1", "1000")), shop], projects=parts)
    assert nets(ours.plan(JAN, ALL_DONE)) == {"A1/1": "1000.00", "S1/1": "700.00"}


def test_rule_7_1_one_document_per_currency() -> None:
    """Euro and franc positions of one agreement never share a document."""
    plan = books(position("1", "1000"), position("2", "900", currency="CHF"), position("3", "10")).plan(JAN, ALL_DONE)
    assert [(each.invoice.currency, str(each.invoice.net.amount)) for each in plan.documents] == [
        ("EUR", "1010.00"),
        ("CHF", "900.00"),
    ]


def test_rule_7_1_one_document_per_tax_treatment() -> None:
    """19 % and 7 % stand together; reverse charge stands alone, with its note."""
    decide = by_service(web=vat_decision(), book=vat_decision(vat_rate(7)), export=reverse_charge())
    services = ("web", "export", "book")
    positions = [position(str(n), "100", service=service) for n, service in enumerate(services)]
    ours = books(*positions, vat=decide)
    plan = ours.plan(JAN, ALL_DONE)
    assert [[line.position for line in each.invoice.lines] for each in plan.documents] == [
        ["A1/0", "A1/2"],
        ["A1/1"],
    ]
    first, second = (each.invoice for each in plan.documents)
    assert (first.tax, second.tax) == (eur("26.00"), eur("0.00"))
    assert (first.notes, second.notes) == ((), (reverse_charge().note,))


def test_rule_7_1_one_document_per_agreement() -> None:
    """Two agreements with one customer make two documents."""
    second = agreement(id_="hosting", project="HOST")
    hosting = offer(position("1", "60", offer="H1", project="HOST"), id_="H1", project="HOST")
    ours = Books([offer(position("1", "1000")), hosting], agreements=[agreement(), second])
    plan = ours.plan(JAN, ALL_DONE, reading("100 %", "", scope=ReadingScope.PROJECT, project="HOST"))
    assert [each.invoice.agreement for each in plan.documents] == ["website", "hosting"]


def test_rule_7_4_a_missing_vat_decision_holds_one_agreement_and_lets_others_through() -> None:
    """The problem names the agreement, once however many lines it concerns; the other agreement is billed."""
    second = agreement(id_="hosting", project="HOST")
    hosting = offer(position("1", "60", offer="H1", project="HOST", service="host"), id_="H1", project="HOST")
    web = offer(*(position(n, "1000", service="web") for n in ("1", "2")), position("3", "10", service="host"))
    ours = Books([web, hosting], agreements=[agreement(), second], vat=by_service(web=NO_RULE, host=vat_decision()))
    plan = ours.plan(JAN, ALL_DONE, reading("100 %", "", scope=ReadingScope.PROJECT, project="HOST"))
    assert nets(plan) == {"H1/1": "60.00"}
    assert plan.problems == (replace(NO_RULE, agreement="website"),)


def test_rule_7_4_the_decision_is_asked_for_seller_buyer_service_and_day_of_supply() -> None:
    """The case carries what the mapping decides by; the day is the last of the service period."""
    asked: list[VatCase] = []

    def decide(case: VatCase) -> VatDecision:
        asked.append(case)
        return vat_decision()

    books(position("1", "1000", service="web", vat_class="reduced"), vat=decide).plan(
        FEB, reading("50 %", on=date(2026, 2, 10))
    )
    (case,) = asked
    assert (case.seller.id, case.buyer.id) == ("seller", "K1")
    assert (case.vat_class, case.service, case.supplied_on) == ("reduced", "web", date(2026, 2, 10))


def test_rule_9_1_the_key_of_a_document_is_stable() -> None:
    """The same document has the same key on another day and with another amount, until it is billed."""
    ours = books(*three_phases())
    first = the_document(ours.plan(JAN, reading("50 %"))).invoice.key
    assert the_document(ours.plan(JAN)).invoice.key == first
    assert the_document(ours.plan(FEB, reading("60 %", on=FEB))).invoice.key == first


def test_rule_9_1_the_key_is_the_one_that_was_given_out_before() -> None:
    """A change of this digest would send open documents a second time: then KEY_VERSION has to rise."""
    key = the_document(books(position()).plan(JAN, ALL_DONE)).invoice.key
    assert key == "52058e3054c44652cdc0b6704d2847bd"


def test_rule_9_1_no_two_documents_have_one_key() -> None:
    """Over months, agreements, currencies and cancellations every key is new."""
    second = agreement(id_="hosting", project="HOST")
    hosting = offer(position("1", "60", offer="H1", project="HOST"), id_="H1", project="HOST")
    web = offer(position("1", "1000"), position("2", "900", currency="CHF"))
    ours = Books([web, hosting], agreements=[agreement(), second])
    keys = []
    for month in range(1, 7):
        day = date(2026, month, 28)
        done = reading(f"{month * 10} %", "", scope=ReadingScope.PROJECT, on=day)
        plan = ours.bill(day, done, replace(done, project="HOST"))
        keys += [each.invoice.key for each in plan.documents]
        ours.cancel(keys[-1])
    assert len(keys) == 18
    assert len(set(keys)) == len(keys)


def test_rule_9_1_a_cancelled_document_is_billed_again_under_a_new_key() -> None:
    """After a cancellation everything is due once more, as another document."""
    ours = books(*three_phases())
    first = the_document(ours.bill(JAN, ALL_DONE)).invoice
    ours.cancel(first.key)
    again = the_document(ours.bill(JAN)).invoice
    assert (again.net, again.lines[0].quantity) == (first.net, first.lines[0].quantity)
    assert again.key != first.key


def test_rule_9_5_planning_again_after_billing_finds_nothing_due() -> None:
    """The second plan of a day is empty and says why."""
    ours = books(*three_phases())
    assert total_net(ours.bill(JAN, reading("100 %", "A1/1"), reading("1 of 3", "A1/2"))) == "8333.33"
    again = ours.plan(JAN)
    assert (again.documents, again.problems) == ((), ())
    assert [each.rest.value for each in again.untouched] == ["complete", "no_progress", "no_reading"]


def test_rule_11_the_same_facts_give_the_same_plan() -> None:
    """Byte for byte, however often it is asked."""
    assert repr(busy_plan()) == repr(busy_plan())


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_rule_11_the_plan_does_not_depend_on_the_order_of_hashes(seed: str) -> None:
    """Another process with another hash seed prints the same bytes."""
    code = "from tests.core.test_plan_rules import busy_plan; print(repr(busy_plan()), end='')"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
    output = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
    ).stdout
    assert output.decode() == repr(busy_plan())


def busy_plan() -> Plan:
    """Return a plan with something of everything: two agreements, credits, a schedule's problems, notices."""
    terms = ProgressTerms(
        ProgressMode.MANUAL,
        mode_by_category={"Wartung": ProgressMode.DATES},
        on_decrease=DecreaseRule.CREDIT,
        show_unchanged=True,
    )
    positions = [
        position("1", "1000", category="Design", service="web"),
        position("2", "99.999999", quantity="3.5", category="Text", service="export"),
        position("3", "1200", category="Wartung", service="web", currency="CHF"),
        position("4", "700", service="web"),
    ]
    ours = Books(
        [
            offer(*positions),
            offer(position("1", "50", offer="H1", service="none", project="HOST"), id_="H1", project="HOST"),
        ],
        agreements=[agreement(terms), agreement(progress_terms(), id_="hosting", project="HOST")],
        customers={"K1": party(language="en")},
        vat=by_service(web=vat_decision(), export=reverse_charge(), none=NO_RULE),
    )
    ours.bill(JAN, reading("80 %", "Design", scope=ReadingScope.CATEGORY), reading("1 of 7", "A1/2"))
    return ours.plan(
        FEB,
        reading("60 %", "A1/1", on=FEB),
        reading("130 %", "Text", scope=ReadingScope.CATEGORY, on=FEB - timedelta(days=1)),
        reading("10 %", "", scope=ReadingScope.PROJECT, project="HOST"),
    )
