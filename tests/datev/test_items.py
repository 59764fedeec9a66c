from __future__ import annotations

from decimal import Decimal

import pytest

from connector.core.payment import PaymentState, PaymentStatus
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.datev.items import Item, debtor_of, money_of, statuses_of, technical
from tests.core.builders import eur

RECEIPTS = [Receipt("key-1", "file", "RE-1"), Receipt("key-2", "file", "RE-2"), Receipt("key-3", "file")]

DEBTORS = range(10000, 70000)


@pytest.mark.parametrize(
    ("still_open", "booked", "state"),
    [
        ("0.00", "119.00", PaymentState.PAID),
        ("119.00", "119.00", PaymentState.OPEN),
        ("-119.00", "119.00", PaymentState.OPEN),
        ("69.00", "119.00", PaymentState.PART_PAID),
        ("-11.00", "119.00", PaymentState.PART_PAID),
    ],
)
def test_what_is_open_of_what_was_booked_tells_the_state(still_open: str, booked: str, state: PaymentState) -> None:
    """Whatever the side: a credit note is open below zero, and an invoice that was overpaid is not settled."""
    assert Item("10001", "RE-1", eur(still_open), eur(booked)).state is state


def test_what_was_booked_may_be_unknown() -> None:
    """Then what is open is open."""
    assert Item("10001", "RE-1", eur("69.00")).state is PaymentState.OPEN


def test_documents_are_known_by_their_numbers() -> None:
    """Of a number that nobody has booked, nothing is told; a document without a number is not looked for."""
    told = list(
        statuses_of(RECEIPTS, [Item("10001", "RE-1", eur("119.00"), word="open"), Item("10001", "", eur("1.00"))])
    )
    assert told == [PaymentStatus("key-1", PaymentState.OPEN, eur("119.00"), word="open")]


def test_a_number_of_two_debtors_is_not_guessed() -> None:
    """The other one is told all the same."""
    items = [Item("10001", "RE-1", eur("0.00")), Item("10002", "RE-1", eur("5.00")), Item("10001", "RE-2", eur("0.00"))]
    problem, status = statuses_of(RECEIPTS, items)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place) == ("AmbiguousOpenItem", "document RE-1")
    assert "10001 and 10002" in problem.message
    assert isinstance(status, PaymentStatus)
    assert status.key == "key-2"


@pytest.mark.parametrize(
    ("account", "debtor"),
    [
        (100010000, "10001"),
        ("100010000", "10001"),
        (699990000, "69999"),
        (700000000, ""),
        (100010001, ""),
        (84000000, ""),
        (None, ""),
        ("x", ""),
    ],
)
def test_debtors_have_nine_digits_in_interfaces(account: object, debtor: str) -> None:
    """Zeros at their end; other accounts are no debtors of ours."""
    assert debtor_of(account, DEBTORS) == debtor


def test_longer_debtors_have_fewer_zeros() -> None:
    """With account_length 6 a debtor has seven digits."""
    assert technical(1000001) == 100000100
    assert debtor_of(100000100, range(1_000_000, 7_000_000)) == "1000001"
    assert technical(10001) == 100010000


@pytest.mark.parametrize("value", [None, True, "119,00", Decimal("1.234")])
def test_what_is_no_amount_is_refused(value: object) -> None:
    """A text, nothing, or a fraction of a cent."""
    with pytest.raises(ValueError, match=r"amount|smallest unit"):
        money_of(value, "EUR")
    assert money_of(119, "EUR") == eur("119.00")
