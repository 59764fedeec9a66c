"""A reading of a payment joins what is known: nothing poorer overwrites it, and a contradiction is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.core.payment import Dunning, PaymentState, PaymentStatus, joined, state_of
from connector.core.problems import Problem
from tests.core.builders import eur

GROSS = eur("595.00")
OPEN = PaymentStatus("k1", PaymentState.OPEN, GROSS, word="open")
PART = PaymentStatus("k1", PaymentState.PART_PAID, eur("395.00"), paid_on=date(2026, 3, 3), word="partial")
PAID = PaymentStatus("k1", PaymentState.PAID, eur("0.00"), paid_on=date(2026, 4, 1), word="paid")


def told(known: PaymentStatus, reading: PaymentStatus) -> tuple[PaymentStatus, str]:
    """Return what is known then, and the code of the contradiction, '' for none."""
    found, problem = joined(known, reading)
    return found, problem.code if isinstance(problem, Problem) else ""


def test_the_open_amount_says_where_a_document_stands() -> None:
    """All open, some, or nothing; a credit likewise."""
    assert state_of(GROSS, GROSS) is PaymentState.OPEN
    assert state_of(GROSS, eur("0.01")) is PaymentState.PART_PAID
    assert state_of(GROSS, eur("0.00")) is PaymentState.PAID
    assert state_of(-GROSS, -eur("1.00")) is PaymentState.PART_PAID


@pytest.mark.parametrize(("state", "amount"), [("paid", "0.01"), ("open", "0.00"), ("part_paid", "0.00")])
def test_a_reading_does_not_contradict_itself(state: str, amount: str) -> None:
    """Paid with something open, or open with nothing open, is a mistake of the adapter."""
    with pytest.raises(ValueError, match="k1"):
        PaymentStatus("k1", PaymentState(state), eur(amount))


def test_payments_come_in_one_after_the_other() -> None:
    """Open, part paid, paid: each reading is what is known then, with nothing to report."""
    assert told(OPEN, PART) == (PART, "")
    assert told(PART, PAID) == (PAID, "")
    assert told(PAID, PAID) == (PAID, "")


def test_a_poorer_reading_takes_no_day_away() -> None:
    """A list that knows no days says again that it is paid."""
    poorer = replace(PAID, paid_on=None, word="settled")
    assert told(PAID, poorer) == (replace(PAID, word="settled"), "")


def test_the_day_of_an_earlier_payment_is_not_that_of_a_later_one() -> None:
    """The rest was paid on a day nobody told."""
    assert told(PART, replace(PAID, paid_on=None)) == (replace(PAID, paid_on=None), "")


def test_a_payment_taken_back_is_believed_and_told() -> None:
    """A direct debit bounced: it is open again."""
    assert told(PAID, OPEN) == (OPEN, "PaymentTakenBack")
    found, problem = joined(PAID, OPEN)
    assert (found.paid_on, problem and problem.holds) == (None, False)
    assert problem is not None
    assert problem.message == "document k1 was paid, 0.00 EUR open; now it is open, 595.00 EUR open"


def test_what_was_settled_otherwise_is_a_contradiction() -> None:
    """Written off over there after it was paid."""
    written_off = replace(PAID, state=PaymentState.WRITTEN_OFF)
    assert told(PAID, written_off) == (written_off, "PaymentContradicts")


def test_what_a_reading_does_not_say_stays_known() -> None:
    """Whether it is overdue, and how far it was dunned."""
    dunned = replace(OPEN, overdue=True, dunning=Dunning(2, "2. Mahnung", date(2026, 5, 1), eur("5.00")))
    assert told(dunned, OPEN) == (dunned, "")
    assert told(dunned, replace(OPEN, overdue=False))[0].overdue is False
    assert told(dunned, PAID)[0].overdue is None


def test_a_level_keeps_its_day_and_a_higher_one_brings_its_own() -> None:
    """Name, day, fee and interest belong to a level."""
    second = Dunning(2, "2. Mahnung", date(2026, 5, 1), eur("5.00"), eur("1.20"))
    dunned = replace(OPEN, dunning=second)
    assert told(dunned, replace(OPEN, dunning=Dunning(2, blocked=True)))[0].dunning == replace(second, blocked=True)
    assert told(dunned, replace(OPEN, dunning=Dunning(3)))[0].dunning == Dunning(3)
    assert told(OPEN, replace(OPEN, dunning=Dunning(1)))[0].dunning == Dunning(1)
