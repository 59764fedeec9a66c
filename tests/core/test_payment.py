"""A reading of a payment joins what is known: nothing poorer overwrites it, and a contradiction is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.core.payment import Dunning, Known, PaymentReading, PaymentState, PaymentStatus, joined, state_of
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
    assert state_of(GROSS, -eur("0.01")) is state_of(-GROSS, eur("0.01")) is PaymentState.OVERPAID


@pytest.mark.parametrize(
    ("state", "amount"), [("paid", "0.01"), ("open", "0.00"), ("part_paid", "0.00"), ("overpaid", "0.00")]
)
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
    assert problem.message == "it was paid, 0.00 EUR open; now it is open, 595.00 EUR open"


OVERPAID = replace(PAID, state=PaymentState.OVERPAID, open=eur("-5.00"), word="overpaid")


def test_more_than_was_asked_for_is_paid_and_told() -> None:
    """Once; that it goes back, or is set off, is no contradiction, and that more of it comes is told again."""
    assert told(PAID, OVERPAID) == (OVERPAID, "Overpaid")
    assert told(PART, OVERPAID) == (OVERPAID, "Overpaid")
    assert told(OVERPAID, OVERPAID) == (OVERPAID, "")
    assert told(OVERPAID, replace(OVERPAID, open=eur("-7.00")))[1] == "Overpaid"
    assert told(OVERPAID, PAID) == (PAID, "")


def test_what_was_overpaid_may_be_taken_back_like_any_other_payment() -> None:
    """All of it, or more than was too much."""
    assert told(OVERPAID, PART) == (PART, "PaymentTakenBack")
    assert told(OVERPAID, OPEN) == (OPEN, "PaymentTakenBack")


def test_who_sees_open_items_alone_cannot_tell_what_is_overpaid() -> None:
    """5.00 on the other side look like a part of something; seen from what is payable, more was paid."""
    looks_open = replace(OVERPAID, state=PaymentState.PART_PAID)
    known, codes = known_after(PAID, looks_open, looks_open)
    assert (known.status, codes) == (OVERPAID, ["Overpaid"])
    assert known_after("paid", OVERPAID)[1] == ["Overpaid"]


@pytest.mark.parametrize(
    ("readings", "received"),
    [
        ((), "0.00"),
        ((OPEN,), "0.00"),
        ((replace(OPEN, open=eur("500.00")),), "0.00"),
        ((PART,), "200.00"),
        ((PART, PAID), "595.00"),
        ((OVERPAID,), "595.00"),
        ((PAID, OPEN), "0.00"),
        (("paid", PART), "595.00"),
        ((PART, replace(PAID, state=PaymentState.WRITTEN_OFF)), "200.00"),
        ((replace(PAID, state=PaymentState.CANCELLED),), "0.00"),
    ],
)
def test_what_came_in_is_known(readings: tuple[PaymentStatus | str, ...], received: str) -> None:
    """What is not open any more was paid, but for what was written off or cancelled; and never more than all."""
    assert known_after(*readings)[0].received == eur(received)


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
    second = Dunning(2, "2. Mahnung", date(2026, 5, 1), eur("5.00"), eur("1.20"), reference="4711")
    dunned = replace(OPEN, dunning=second)
    assert told(dunned, replace(OPEN, dunning=Dunning(2, blocked=True)))[0].dunning == replace(second, blocked=True)
    assert told(dunned, replace(OPEN, dunning=Dunning(3)))[0].dunning == Dunning(3)
    assert told(OPEN, replace(OPEN, dunning=Dunning(1)))[0].dunning == Dunning(1)


def known_after(*readings: PaymentStatus | str) -> tuple[Known, list[str]]:
    """Return what is known after the sink's readings, and after what people say ('paid', 'unpaid'); and the codes."""
    known, codes = Known.of_new("k1", GROSS), []
    for reading in readings:
        told = BY_PEOPLE[reading] if isinstance(reading, str) else PaymentReading(reading, "cloud")
        known, problem = known.after(told)
        codes += [problem.code] if problem else []
    return known, codes


SAID_PAID = replace(PAID, paid_on=date(2026, 2, 20), word="")
BY_PEOPLE = {
    "paid": PaymentReading(SAID_PAID, who="anna"),
    "unpaid": PaymentReading(replace(OPEN, word=""), who="anna"),
}


def test_before_anybody_told_anything_all_is_open() -> None:
    """Where nothing is payable, nothing is to come."""
    assert Known.of_new("k1", GROSS).status == PaymentStatus("k1", PaymentState.OPEN, GROSS)
    assert Known.of_new("k1", eur(0)).status.state is PaymentState.PAID


def test_the_sink_overwrites_nothing_a_person_knows_better() -> None:
    """The money was seen on the account; the bookkeeper has not booked it yet, or only a part."""
    known, codes = known_after(OPEN, "paid", OPEN, PART)
    assert (known.status, codes) == (replace(SAID_PAID, word="partial"), ["PaymentNotConfirmed"] * 2)
    assert known.person == SAID_PAID


def test_once_the_sink_agrees_its_word_counts_again() -> None:
    """It confirms the payment, and then the bank takes it back."""
    confirmed, codes = known_after("paid", OPEN, replace(PAID, paid_on=None))
    assert (confirmed.person, codes) == (None, ["PaymentNotConfirmed"])
    assert confirmed.status.paid_on == SAID_PAID.paid_on
    assert known_after("paid", PAID, OPEN)[1] == ["PaymentTakenBack"]


def test_a_person_knows_first_that_a_payment_bounced() -> None:
    """The sink says what it said before; once it says anything else, that counts."""
    stale, codes = known_after(PAID, "unpaid", PAID)
    assert (stale.status.state, codes) == (PaymentState.OPEN, ["PaymentNotConfirmed"])
    assert known_after(PAID, "unpaid", PAID, PART)[0].status == PART
    assert known_after("paid", "unpaid", PAID)[0].status.state is PaymentState.PAID
    assert known_after(PART, "paid", "unpaid", PART)[0].status == PART


def test_the_level_is_the_sinks_even_where_a_person_knows_more() -> None:
    """Who was dunned stays dunned."""
    dunned = replace(OPEN, dunning=Dunning(1, "1. Mahnung"))
    assert known_after("paid", dunned)[0].status.dunning == dunned.dunning


def test_only_what_is_new_is_worth_keeping() -> None:
    """The same word again is none; a first one is, and one that confirms a person."""
    once, _ = known_after(OPEN)
    assert known_after(OPEN, OPEN)[0].news == once.news
    assert Known.of_new("k1", GROSS).news != once.news
    assert known_after("paid", PAID)[0].news != known_after("paid")[0].news


def test_readings_fold_to_what_is_known() -> None:
    """In the order they came."""
    readings = [PaymentReading(PART, "cloud"), PaymentReading(PAID, "cloud")]
    assert Known.fold("k1", GROSS, readings) == known_after(PART, PAID)[0]
