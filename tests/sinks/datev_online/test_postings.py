from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.payment import PaymentState
from connector.core.problems import Problem
from connector.datev.items import Item
from connector.sinks.datev_online.postings import Ledger
from tests.core.builders import eur

DEBTOR, REVENUE, BANK = 100010000, 84000000, 12000000

JANUARY, FEBRUARY, MARCH = "2026-01-31", "2026-02-10", "2026-03-01"


def posting(account: int, on: str, *, debit: str = "", credit: str = "", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """Return a posting of RE-1."""
    amounts = {"amountDebit": Decimal(debit)} if debit else {"amountCredit": Decimal(credit)}
    return {"accountNumber": account, "documentField1": "RE-1", "date": on, "currencyCode": "EUR", **amounts, **more}


def items(*postings: dict[str, Any]) -> list[Item | Problem]:
    """Return what the postings come to."""
    ledger = Ledger(range(10000, 70000), "EUR", {"RE-1"})
    for each in postings:
        ledger.add(each)
    return list(ledger.items())


def item(*postings: dict[str, Any]) -> Item:
    """Return the one open item that the postings come to."""
    [found] = items(*postings)
    assert isinstance(found, Item)
    return found


def billed(amount: str = "119.00", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """Return the invoice on the debtor's account."""
    return posting(DEBTOR, JANUARY, debit=amount, **more)


def paid(amount: str, on: str = FEBRUARY, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """Return a payment on the debtor's account."""
    return posting(DEBTOR, on, credit=amount, **more)


def test_what_was_paid_is_the_sum_of_what_was_booked_against_it() -> None:
    """Nothing, a part, all in two parts: the rest is open, and the day is that of the last payment."""
    assert item(billed()) == Item("10001", "RE-1", eur("119.00"), eur("119.00"), None, None, "postings")
    part = item(billed(), paid("50.00"))
    assert (part.state, part.open, part.paid_on) == (PaymentState.PART_PAID, eur("69.00"), date(2026, 2, 10))
    whole = item(billed(), paid("50.00"), paid("69.00", MARCH))
    assert (whole.state, whole.open, whole.paid_on) == (PaymentState.PAID, eur("0.00"), date(2026, 3, 1))


@given(
    invoice=st.integers(1, 10_000_000),
    payments=st.lists(st.integers(1, 3_000_000), max_size=6),
    order=st.randoms(use_true_random=False),
)
def test_parts_add_up_whatever_the_order(invoice: int, payments: list[int], order: Any) -> None:  # noqa: ANN401 - a Random
    """Open is billed less paid, to the cent."""
    told = [billed(f"{Decimal(invoice) / 100:.2f}"), *(paid(f"{Decimal(each) / 100:.2f}") for each in payments)]
    order.shuffle(told)
    found = item(*told)
    assert found.open.amount == Decimal(invoice - sum(payments)) / 100
    assert found.booked == eur(f"{Decimal(invoice) / 100:.2f}")


def test_an_invoice_of_several_rows_is_their_sum() -> None:
    """One row per revenue account, as we hand it over; a deduction stands on the other side on the same day."""
    assert item(billed("119.00"), billed("107.00")).booked == eur("226.00")


def test_a_payment_that_bounced_is_open_again() -> None:
    """A debit after the first payment takes it back; a second payment settles it."""
    bounced = posting(DEBTOR, MARCH, debit="119.00")
    again = item(billed(), paid("119.00"), bounced)
    assert (again.state, again.open, again.booked) == (PaymentState.OPEN, eur("119.00"), eur("119.00"))
    assert item(billed(), paid("119.00"), bounced, paid("119.00", "2026-03-20")).state is PaymentState.PAID


def test_a_credit_note_is_seen_from_the_other_side() -> None:
    """Open below zero until it was paid out."""
    credit = posting(DEBTOR, JANUARY, credit="40.00")
    assert (item(credit).open, item(credit).state) == (eur("-40.00"), PaymentState.OPEN)
    assert item(credit, posting(DEBTOR, MARCH, debit="40.00")).state is PaymentState.PAID
    assert item(credit, posting(DEBTOR, MARCH, debit="15.00")).open == eur("-25.00")


@pytest.mark.parametrize("amount", ["119.00", "-119.00"])
def test_a_general_reversal_takes_away_on_its_own_side(amount: str) -> None:
    """Of the invoice or of a payment, whether the amount comes with its sign or without."""
    assert item(billed(), posting(DEBTOR, MARCH, debit=amount, generalReversal=True)).state is PaymentState.PAID
    taken_back = item(billed(), paid("119.00"), paid(amount, MARCH, generalReversal=True))
    assert (taken_back.open, taken_back.state) == (eur("119.00"), PaymentState.OPEN)


def contra(account: int, on: str = JANUARY, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """Return a posting on another account that names the debtor as its contra account."""
    return posting(account, on, contraAccountNumber=DEBTOR, **more)


def test_the_debtors_own_account_counts_before_the_other_side_of_the_same() -> None:
    """The same posting seen from the revenue account is not added."""
    assert item(billed(), contra(REVENUE, credit="119.00"), paid("119.00")).state is PaymentState.PAID


def test_from_the_other_side_alone_a_paid_document_is_told() -> None:
    """Whether the revenue is shown with its VAT or without: 119.00 were paid of either."""
    payment = contra(BANK, FEBRUARY, debit="119.00")
    for shown in ("119.00", "100.00"):
        found = item(contra(REVENUE, credit=shown, taxRate=Decimal(19)), payment)
        assert (found.state, found.paid_on) == (PaymentState.PAID, date(2026, 2, 10))


def test_from_the_other_side_alone_a_part_payment_is_not_guessed() -> None:
    """Of 119.00 or of 141.61: a notice says so; where nothing was paid, nothing is told."""
    invoice = contra(REVENUE, credit="119.00", taxRate=Decimal(19))
    [problem] = items(invoice, contra(BANK, FEBRUARY, debit="50.00"))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.holds) == ("PartPaymentUnclear", False)
    assert "50.00 EUR were paid of 119.00 EUR or 141.61 EUR" in problem.message
    assert items(invoice) == []


def test_from_the_other_side_without_vat_all_is_clear() -> None:
    """Reverse charge, third countries: the amount is the same either way."""
    invoice = contra(REVENUE, credit="100.00")
    assert item(invoice).state is PaymentState.OPEN
    assert item(invoice, contra(BANK, FEBRUARY, debit="40.00")).open == eur("60.00")


@pytest.mark.parametrize(
    "foreign",
    [
        {"documentField1": "RE-2"},
        {"documentField1": None},
        {"accountNumber": REVENUE},
        {"accountNumber": 700010000},
    ],
)
def test_what_is_not_ours_is_left_alone(foreign: dict[str, object]) -> None:
    """Other numbers, other accounts."""
    assert items(billed() | foreign) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"currencyCode": "CHF"}, "it is not in EUR"),
        ({"exchangeRate": Decimal("0.93")}, "it is not in EUR"),
        ({"date": "yesterday"}, "Invalid isoformat"),
        ({"amountDebit": "119,00"}, "is no amount"),
    ],
)
def test_what_cannot_be_understood_is_told_once(wrong: dict[str, object], words: str) -> None:
    """And nothing else of this document, whatever its other postings say."""
    [problem] = items(billed() | wrong, billed() | wrong, paid("119.00"))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("OpenItemUnreadable", "debtor 10001")
    assert words in problem.message
