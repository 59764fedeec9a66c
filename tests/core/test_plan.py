"""The plan as a whole: what one agreement cannot do to another, and what stands on every document."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from connector.core.catalogue import OverageRule
from connector.core.feed import Feed
from connector.core.invoice import DocumentKind
from connector.core.plan import Plan
from connector.core.readings import ReadingScope
from tests.core.books import FEB, JAN, Books, books, codes, nets, rests, the_document, the_problem, total_net
from tests.core.builders import agreement, offer, party, position, project, reading, seller
from tests.core.retainer_builders import item, overage, retainer, version, work

ALL_DONE = reading("100 %", "", scope=ReadingScope.PROJECT)
HOSTING = agreement(id_="hosting", project="HOST")


def two_agreements() -> Books:
    """Return a website of 1,000 and hosting of 60."""
    hosting = offer(position("1", "60", offer="H1", project="HOST"), id_="H1", project="HOST")
    return Books([offer(position("1", "1000")), hosting], agreements=[agreement(), HOSTING])


def plan_both(ours: Books, **others: object) -> Plan:
    """Return the plan with everything done."""
    hosted = reading("100 %", "", scope=ReadingScope.PROJECT, project="HOST")
    return ours.plan(JAN, ALL_DONE, hosted, **others)


def test_no_facts_no_plan() -> None:
    """Nothing agreed: no document, no problem, nothing untouched."""
    assert Books([], agreements=[]).plan(JAN) == Plan(JAN, (), (), ())


def test_documents_come_in_the_order_of_the_agreements() -> None:
    """As they stand in the configuration."""
    ours = two_agreements()
    assert list(nets(plan_both(ours))) == ["A1/1", "H1/1"]
    ours.agreements = [HOSTING, agreement()]
    assert list(nets(plan_both(ours))) == ["H1/1", "A1/1"]


def test_a_customer_no_source_knows_holds_only_its_agreement() -> None:
    """The problem names customer, agreement and place."""
    ours = two_agreements()
    ours.agreements = [agreement(customer="K9"), HOSTING]
    plan = plan_both(ours)
    assert nets(plan) == {"H1/1": "60.00"}
    problem = the_problem(plan)
    assert (problem.code, problem.agreement, problem.place) == ("UnknownCustomer", "website", "agreements.toml:1")
    assert "'K9'" in problem.message


def test_all_problems_of_an_agreement_are_told_at_once() -> None:
    """An unknown customer hides no fault of the readings."""
    ours = books(position(), agreements=[agreement(customer="K9")])
    assert codes(ours.plan(JAN, reading("1 %"), reading("2 %"))) == ["ReadingsContradict", "UnknownCustomer"]


def test_a_position_claimed_twice_is_billed_by_neither() -> None:
    """Both agreements are held; a third is billed."""
    ours = two_agreements()
    ours.agreements = [agreement(), agreement(id_="again"), HOSTING]
    plan = plan_both(ours)
    assert nets(plan) == {"H1/1": "60.00"}
    assert codes(plan) == ["PositionInTwoAgreements", "PositionInTwoAgreements"]


def test_one_agreements_problem_never_holds_another() -> None:
    """Contradicting readings of the website; the hosting goes out."""
    ours = two_agreements()
    plan = plan_both(ours, readings=(reading("1 %"), reading("2 %"), reading("50 %", "H1/1")))
    assert (nets(plan), codes(plan)) == ({"H1/1": "30.00"}, ["ReadingsContradict"])


def test_a_choice_limits_only_the_agreement_it_names() -> None:
    """The other one is billed whole."""
    plan = plan_both(two_agreements(), selection={"website": frozenset({"A1/9"})})
    assert (nets(plan), rests(plan)) == ({"H1/1": "60.00"}, {"A1/1": "not_selected"})


@pytest.mark.parametrize(
    ("of_agreement", "of_customer", "days"), [(7, 10, 7), (0, 10, 0), (None, 10, 10), (None, 0, 0), (None, None, 30)]
)
def test_the_due_date_follows_agreement_then_customer_then_tenant(
    of_agreement: int | None, of_customer: int | None, days: int
) -> None:
    """The nearest that says something decides; 0 says 'at once'."""
    ours = books(
        position(),
        agreements=[agreement(payment_days=of_agreement)],
        customers={"K1": party(payment_days=of_customer)},
    )
    invoice = the_document(ours.plan(JAN, ALL_DONE)).invoice
    assert (invoice.issue_date, invoice.due_date) == (JAN, JAN + timedelta(days))


def test_a_planned_document_is_complete_but_for_its_number() -> None:
    """Parties, kind, agreement and sums; the number is reserved when it is stored."""
    invoice = the_document(books(position()).plan(JAN, ALL_DONE)).invoice
    assert (invoice.number, invoice.kind, invoice.agreement) == ("", DocumentKind.INVOICE, "website")
    assert (invoice.seller, invoice.buyer) == (seller(), party())
    assert [str(amount) for amount in (invoice.net, invoice.tax, invoice.gross, invoice.payable)] == [
        "5000.00 EUR",
        "950.00 EUR",
        "5950.00 EUR",
        "5950.00 EUR",
    ]


def test_subprojects_in_an_agreement_of_their_own_stay_out_only_by_named_offers() -> None:
    """Otherwise the parent's agreement would bill them as well, which is refused."""
    parts = {"WEB": project(), "SHOP": project("SHOP", parent="WEB")}
    shop = offer(position("1", "700", offer="S1", project="SHOP"), id_="S1", project="SHOP")
    separate = agreement(id_="shop", project="SHOP")
    ours = Books([offer(position("1", "1000")), shop], projects=parts, agreements=[agreement(), separate])
    assert codes(ours.plan(JAN, ALL_DONE)) == ["PositionInTwoAgreements", "PositionInTwoAgreements"]
    ours.agreements = [agreement(offers=("A1",)), separate]
    assert nets(ours.plan(JAN)) == {"A1/1": "1000.00", "S1/1": "700.00"}


def test_what_is_selected_leaves_out_agreements_without_positions() -> None:
    """A retainer bills its fee; where a person chose positions of others, it waits."""
    ours = books(agreements=[replace(agreement(), terms=retainer())])
    assert total_net(ours.plan(FEB)) == "2400.00"
    assert ours.plan(FEB, selection={"website": frozenset()}).documents == ()


def test_what_waits_for_a_person_is_named_beside_the_plan() -> None:
    """The fee is billed, the overage waits; let through, it is billed as well."""
    waiting = retainer(version("2400", item(beyond=overage(OverageRule.HOLD))))
    ours = books(agreements=[replace(agreement(), terms=waiting, feeds=(Feed("design"),))])
    booked = {"website": [work(27)]}
    plan = ours.plan(FEB, work=booked)
    assert (nets(plan), codes(plan)) == (
        {"website/2026-01/fee": "2400.00"},
        ["ThresholdReached"] * 3 + ["OverageWaits"],
    )
    assert [each.charge.key for each in plan.waiting] == ["website/2026-01/overage/design"]
    approved = frozenset(each.approval for each in plan.waiting)
    assert nets(ours.plan(FEB, work=booked, approved=approved))["website/2026-01/overage/design"] == "910.00"
