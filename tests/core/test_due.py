"""What is due for one position, how its line is printed, and what may not change after billing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.agreement import DecreaseRule, OverRule, ProgressTerms
from connector.core.billed import BilledEntry, BilledKind, BilledState, History
from connector.core.due import (
    Due,
    Printed,
    as_printed,
    changed_since_billing,
    due_at,
    due_now,
    vanished_since_billing,
)
from connector.core.money import Money
from connector.core.offer import Position
from connector.core.problems import Problem
from connector.core.progress import Measured
from connector.core.quantity import Unit
from connector.core.reason import step
from connector.core.share import Share
from tests.core.books import JAN
from tests.core.builders import agreement, billed_entry, eur, position, progress_terms

HOLD = progress_terms()
CREDIT = replace(HOLD, on_decrease=DecreaseRule.CREDIT)


def at(share: str) -> Measured:
    """Return the share read on 31 January."""
    return Measured(Share.parse(share), JAN, (step("reading", share=share),))


def billed(*entries: BilledEntry) -> BilledState:
    """Return what the log says of the first position."""
    return History.fold(entries).positions["A1/1"]


HALF = billed(billed_entry("2500.00", shares=(0, Fraction(1, 2)), quantity="0.5"))


def shown(found: Printed) -> str:
    """Return '0.5 flat × 5000.00'."""
    return f"{found.quantity} {found.unit} × {found.unit_price}"


def test_the_reason_leads_from_the_total_to_what_is_due() -> None:
    """Total, reading, due: every step with the values it worked on."""
    due = due_at(position(), at("80 %"), HALF)
    assert due.amount == eur("1500.00")
    assert [each.rule for each in due.reason] == ["total", "reading", "due"]
    assert dict(due.reason[0].values) == {
        "quantity": "1",
        "unit": "flat",
        "unit_price": "5000",
        "discount": "0",
        "total": "5000.00 EUR",
    }
    assert dict(due.reason[2].values) == {
        "share": "4/5",
        "target": "4000.00 EUR",
        "billed": "2500.00 EUR",
        "due": "1500.00 EUR",
    }


def test_the_shares_before_and_after_are_kept() -> None:
    """From the log and from the reading."""
    due = due_at(position(), at("80 %"), HALF)
    assert (due.share_before, due.share_after.written, due.on) == (Fraction(1, 2), "80 %", JAN)


@pytest.mark.parametrize(("over", "amount", "notices"), [(OverRule.CAP, "2500.00", 1), (OverRule.BILL, "3500.00", 0)])
def test_a_share_above_one_is_capped_or_billed(over: OverRule, amount: str, notices: int) -> None:
    """120 % of 5,000 with half of it billed (domain 3.7)."""
    due, problems = due_now(agreement(), replace(HOLD, over=over), position(), at("120 %"), HALF)
    assert isinstance(due, Due)
    assert (due.amount, len(problems)) == (eur(amount), notices)
    assert not any(problem.holds for problem in problems)


def test_exactly_the_whole_is_not_above_it() -> None:
    """100 % is neither capped nor reported."""
    due, problems = due_now(agreement(), HOLD, position(), at("3 of 3"), None)
    assert isinstance(due, Due)
    assert (due.amount, due.share_after.written, problems) == (eur("5000.00"), "3 of 3", [])


def test_a_capped_share_can_still_have_gone_back() -> None:
    """What was billed at 130 % under `over = bill` is more than a later cap allows: both are told."""
    beyond = billed(billed_entry("6500.00", shares=(0, Fraction(13, 10)), quantity="1.3"))
    due, problems = due_now(agreement(), HOLD, position(), at("120 %"), beyond)
    assert due is None
    assert [problem.code for problem in problems] == ["ShareAboveOne", "ProgressWentBack"]
    assert "billed at 130 % and now stands at 100 %" in problems[1].message


def test_the_same_share_again_is_no_decrease() -> None:
    """Nothing is due and nothing is held."""
    due, problems = due_now(agreement(), HOLD, position(), at("50 %"), HALF)
    assert isinstance(due, Due)
    assert (due.amount, problems) == (eur("0.00"), [])


@pytest.mark.parametrize("terms", [HOLD, CREDIT])
def test_a_share_below_nothing_is_never_billed_or_credited(terms: ProgressTerms) -> None:
    """More can be given back than was billed only by mistake (booked time may be negative)."""
    below = Measured(Share(Fraction(-1, 8), "-1:00 of 8:00 h"), JAN, ())
    due, (problem,) = due_now(agreement(), terms, position(), below, HALF)
    assert due is None
    assert (problem.code, problem.holds) == ("ShareBelowNothing", True)
    assert "-1:00 of 8:00 h" in problem.message


@pytest.mark.parametrize(
    ("what", "share", "amount", "line"),
    [
        (position("1", "5000"), "1/2", "2500.00", "0.5 flat × 5000.00"),
        (position("1", "5000"), "1", "5000.00", "1 flat × 5000.00"),
        (position("1", "5000"), "-1/5", "-1000.00", "-0.2 flat × 5000.00"),
        (position("1", "10000"), "1/3", "3333.33", "1 flat × 3333.33"),
        (position("1", "10000"), "-1/3", "-3333.33", "-1 flat × 3333.33"),
        (position("1", "-400"), "1/2", "-200.00", "-0.5 flat × 400.00"),
        (position("1", "120", quantity=40, unit=Unit.HOUR), "1/4", "1200.00", "10 hour × 120.00"),
        (position("1", "120", quantity=1000, unit=Unit.HOUR), "1/10", "12000.00", "100 hour × 120.00"),
        (position("1", "0.000001", quantity=10**7, unit=Unit.PIECE), "1/2", "5.00", "5000000 piece × 0.000001"),
        (position("1", "33.333333", quantity=3, unit=Unit.DAY), "1", "100.00", "3 day × 33.333333"),
        (position("1", "100", discount=Fraction(1, 10)), "1/2", "45.00", "0.5 flat × 90.00"),
        (position("1", "99.99", discount=Fraction(1, 8)), "1", "87.49", "1 flat × 87.49125"),
        (position("1", "100", discount=Fraction(1, 3)), "1", "66.67", "1 flat × 66.67"),
        (position("1", "5000"), "1/2", "2500.01", "1 flat × 2500.01"),
        (position("1", "5000"), "0", "0.00", "0 flat × 5000.00"),
        (position("1", "1500", currency="JPY"), "1/2", "750", "0.5 flat × 1500.00"),
    ],
)
def test_a_line_prints_what_a_pocket_calculator_multiplies(what: Position, share: str, amount: str, line: str) -> None:
    """Quantity × price where that is the amount, at four and six decimals; else one lump sum (domain 1.6, 3.6)."""
    found = as_printed(what, Fraction(share), Money.exactly(Decimal(amount), what.currency))
    assert shown(found) == line


@given(
    st.decimals(-(10**5), 10**5, places=6),
    st.decimals(-(10**4), 10**4, places=2),
    st.fractions(0, 1, max_denominator=100),
    st.fractions(-1, 1, max_denominator=100),
)
def test_whatever_is_printed_multiplies_out(
    price: Decimal, quantity: Decimal, discount: Fraction, share: Fraction
) -> None:
    """Quantity as printed × price as printed, rounded, is the amount; the decimals stay within bounds."""
    what = position("1", price, quantity=quantity, discount=discount)
    amount = Money.of(what.total.amount, "EUR", share)
    found = as_printed(what, share, amount)
    assert Money.of(found.quantity, "EUR", found.unit_price) == amount
    assert found.unit_price >= 0
    assert found.quantity == round(found.quantity, 4)
    assert found.unit_price == round(found.unit_price, 6)


def test_the_log_keeps_the_true_quantity_of_a_lump_sum() -> None:
    """1 × 3,333.34 is printed, 0.3333 was done since the last invoice."""
    first = billed(billed_entry("3333.33", of=position("1", "10000"), shares=(0, Fraction(1, 3))))
    assert due_at(position("1", "10000"), at("2 of 3"), first).quantity == Decimal("0.3333")
    assert due_at(position("1", "10000"), at("50 %"), None).quantity == Decimal("0.5")
    assert due_at(position("1", "-400"), at("50 %"), None).quantity == Decimal("0.5")


def test_a_deviation_is_told_only_where_there_is_one() -> None:
    """A person billed 2,600 instead of 2,500 before (domain 3.8)."""
    entry = billed_entry("2500.00", invoiced="2600.00", shares=(0, Fraction(1, 2)))
    assert "deviation" in [each.rule for each in due_at(position(), at("80 %"), billed(entry)).reason]
    assert "deviation" not in [each.rule for each in due_at(position(), at("80 %"), HALF).reason]


def test_a_position_with_the_same_terms_has_not_changed() -> None:
    """Label, category, dates and the way a number is written may differ."""
    relabelled = position("1", "5000.00", quantity="1.0", label="New", category="Design", start=JAN)
    assert changed_since_billing(agreement(), relabelled, HALF) is None


def test_all_changes_are_told_at_once() -> None:
    """Every term with its old and new value."""
    found = changed_since_billing(agreement(), position("1", "6000", quantity=2), HALF)
    assert found == Problem(
        "PositionChangedAfterBilling",
        "position A1/1 changed after it was billed: quantity 1 → 2, unit price 5000 → 6000",
        "agreements.toml:1 A1/1",
        "make it an amendment, or accept the change with a reason",
    )


def test_terms_are_free_again_once_nothing_stands() -> None:
    """A cancelled invoice binds nobody to its price."""
    entry = billed_entry("2500.00", shares=(0, Fraction(1, 2)))
    taken_back = billed(entry, replace(entry, kind=BilledKind.REVERSED, computed=eur("-2500.00")))
    assert changed_since_billing(agreement(), position("1", "6000"), taken_back) is None


def test_a_position_that_is_back_after_it_vanished_is_a_problem() -> None:
    """Its disappearance was accepted, so its return must be as well."""
    gone = billed(billed_entry(), billed_entry("0.00", kind=BilledKind.CHANGE_ACCEPTED, document="", vanished=True))
    found = changed_since_billing(agreement(), position(), gone)
    assert found is not None
    assert "it is back after it had vanished" in found.message


def test_another_currency_cannot_even_be_accepted() -> None:
    """Euro billed before cannot be set off against francs."""
    francs = position(currency="CHF")
    accepted = billed_entry("0.00", of=francs, kind=BilledKind.CHANGE_ACCEPTED, document="")
    for state in (HALF, billed(billed_entry(), accepted)):
        found = changed_since_billing(agreement(), francs, state)
        assert found is not None
        assert "was billed in EUR and is now in CHF" in found.message
        assert "accept" not in found.hint


def test_a_vanished_position_is_named_with_its_agreement() -> None:
    """The place leads to it."""
    found = vanished_since_billing(agreement(), "A1/7")
    assert (found.place, found.holds) == ("agreements.toml:1 A1/7", True)
