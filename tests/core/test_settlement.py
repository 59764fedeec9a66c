"""What a reading does to a document, and what a person should know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connector.core.lifecycle import DocumentState
from connector.core.payment import SETTLED, Known, PaymentReading, PaymentState, PaymentStatus
from connector.core.ports import Receipt
from connector.core.settlement import Owed, concerning, state_after, told_of
from tests.core.builders import eur

S = DocumentState
GROSS = eur("595.00")
SENT_AT = datetime(2026, 2, 1, 8, tzinfo=UTC)
RECEIPT = Receipt("k1", "4711", "RE0001", "https://cloud.example/4711")
PAID = PaymentStatus("k1", PaymentState.PAID, eur(0), date(2026, 3, 1))


def owed(state: DocumentState = S.ACCEPTED) -> Owed:
    """Return a document of which nothing was told yet."""
    return Owed(RECEIPT, "RE0001", "website", state, Known.of_new("k1", GROSS), SENT_AT)


def told(status: PaymentStatus, document: Owed) -> tuple[Owed, list[str]]:
    """Return the document after the sink's reading, and the codes of what should be known."""
    after, problems = told_of(document, PaymentReading(status, "cloud"))
    assert {problem.agreement for problem in problems} <= {"website"}
    assert {problem.place for problem in problems} <= {"document RE0001 of website, https://cloud.example/4711"}
    assert [problem for problem in problems if problem.holds] == []
    return after, [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("still_open", "state"), [("595.00", S.OPEN), ("95.00", S.PART_PAID), ("0.00", S.PAID)], ids=str
)
def test_a_document_stands_where_its_payment_does(still_open: str, state: DocumentState) -> None:
    """Open, part paid, paid; nothing to report."""
    left = eur(still_open)
    kind = {S.OPEN: PaymentState.OPEN, S.PART_PAID: PaymentState.PART_PAID, S.PAID: PaymentState.PAID}[state]
    after, codes = told(PaymentStatus("k1", kind, left), owed())
    assert (after.state, after.known.status.open, codes) == (state, left, [])


@pytest.mark.parametrize(
    ("state", "code"), [(PaymentState.CANCELLED, "CancelledInSink"), (PaymentState.WRITTEN_OFF, "WrittenOffInSink")]
)
def test_what_was_settled_there_without_money_is_told_once_and_not_copied(state: PaymentState, code: str) -> None:
    """Here a person decides; told again, it is no news."""
    after, codes = told(PaymentStatus("k1", state, eur(0)), owed(S.OPEN))
    assert (after.state, after.known.status.open, codes) == (S.OPEN, eur(0), [code])
    assert told(PaymentStatus("k1", state, eur(0)), after) == (after, [])


def test_every_way_of_settling_is_either_a_payment_or_told() -> None:
    """Nothing is settled over there without anybody knowing."""
    assert {state for state in SETTLED if told(PaymentStatus("k1", state, eur(0)), owed())[1]} == SETTLED - {
        PaymentState.PAID
    }


def test_a_cancelled_document_stays_cancelled() -> None:
    """Whatever is paid on it, or done with it there, is kept, and needs nobody."""
    assert state_after(S.CANCELLED, PAID) is S.CANCELLED
    after, codes = told(PaymentStatus("k1", PaymentState.CANCELLED, eur(0)), owed(S.CANCELLED))
    assert (after.state, after.known.status.open, codes) == (S.CANCELLED, eur(0), [])


def test_nothing_open_of_a_cancelled_document_is_no_payment() -> None:
    """Its correction settled it; what was paid before it was cancelled stays paid."""
    taken_back = concerning(owed(S.CANCELLED), PAID)
    assert taken_back == replace(PAID, state=PaymentState.CANCELLED)
    still_open = replace(PAID, state=PaymentState.PART_PAID, open=eur("95.00"))
    assert concerning(owed(S.CANCELLED), still_open) == still_open
    assert concerning(owed(S.PAID), PAID) == PAID
    paid, _ = told(PAID, owed())
    assert concerning(replace(paid, state=S.CANCELLED), PAID) == PAID


@pytest.mark.parametrize("sign", [1, -1], ids=["invoice", "credit"])
@pytest.mark.parametrize(
    ("left", "original", "correction"),
    [
        ("595.00", (PaymentState.OPEN, "595.00"), None),
        ("95.00", (PaymentState.PART_PAID, "95.00"), None),
        ("0.00", (PaymentState.CANCELLED, "0.00"), (PaymentState.PAID, "0.00")),
        ("-500.00", (PaymentState.CANCELLED, "0.00"), (PaymentState.PART_PAID, "-500.00")),
        ("-595.00", (PaymentState.CANCELLED, "0.00"), (PaymentState.OPEN, "-595.00")),
    ],
)
def test_of_a_shared_item_each_document_is_told_what_is_its_own(
    left: str, original: tuple[PaymentState, str], correction: tuple[PaymentState, str] | None, sign: int
) -> None:
    """Until the correction is booked, that is the first one's; then what was paid on it is to be given back."""
    total = eur(sign * Decimal(left))
    reading = PaymentStatus("k1", PaymentState.PART_PAID if total else PaymentState.PAID, total)
    if left == "595.00":
        reading = replace(reading, state=PaymentState.OPEN)
    payable = eur(sign * GROSS.amount)
    first = concerning(replace(owed(S.CANCELLED), shares=payable), reading)
    second = concerning(replace(owed(), shares=-payable), reading)
    assert first is not None
    assert (first.state, first.open) == (original[0], eur(sign * Decimal(original[1])))
    expected = correction and (correction[0], eur(sign * Decimal(correction[1])))
    assert (second and (second.state, second.open)) == expected


def test_a_payment_that_bounces_opens_the_document_again() -> None:
    """And is told, with the document's name in words."""
    paid, _ = told(PAID, owed())
    after, codes = told(PaymentStatus("k1", PaymentState.OPEN, GROSS), paid)
    assert (after.state, codes) == (S.OPEN, ["PaymentTakenBack"])


def test_a_document_without_an_address_is_named_without_it() -> None:
    """Documents that went out in files have none."""
    assert replace(owed(), receipt=Receipt("k1", "EXTF_1.csv")).place == "document RE0001 of website"
