"""Cancelling: what is voided, what takes a correction, what is refused (domain 7.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.core.errors import RefusedError
from connector.core.invoice import DocumentKind, Invoice
from connector.core.lifecycle import NOT_HANDED_OVER, DocumentState
from connector.core.ports import Capabilities
from connector.jobs.bill import booked_with
from connector.jobs.cancel import Canceller
from tests.core.builders import JANUARY, billed_entry, eur, invoice, line
from tests.jobs.world import HOLD, NOTICE, WHO, MemoryDocuments, MemorySink, rules, terms

S = DocumentState
ON = date(2026, 2, 20)
HANDED_OVER = (S.ACCEPTED, S.OPEN, S.PART_PAID)


def stored(state: DocumentState = S.ACCEPTED, document: Invoice | None = None) -> MemoryDocuments:
    """Return documents with one of 5,000.00 in the state."""
    kept = document or invoice(number="RE-2026-0001")
    entry = billed_entry(document=kept.key)
    return MemoryDocuments([entry], {kept.key: (kept, booked_with(rules(), kept))}, {kept.key: state})


def cancel(documents: MemoryDocuments, sink: MemorySink | None = None, *, key: str = "k-0001", on: date = ON) -> object:
    """Cancel the document."""
    canceller = Canceller(documents, sink or MemorySink(), terms(), WHO)
    return canceller.cancel(documents.document(key), documents.states[key], on, "wrong address")


@pytest.mark.parametrize("state", sorted(NOT_HANDED_OVER))
def test_what_nobody_has_needs_no_correction(state: DocumentState) -> None:
    """Its number is void, and what it billed is free."""
    documents = stored(state)
    assert cancel(documents) is None
    assert (documents.states, len(documents.documents)) == ({"k-0001": S.CANCELLED}, 1)
    assert documents.told == [("wrong address", WHO)]
    assert documents.history().positions["A1/1"].computed == eur("0.00")


@pytest.mark.parametrize("state", HANDED_OVER)
def test_what_was_handed_over_is_taken_back_by_a_correction(state: DocumentState) -> None:
    """It is numbered, booked with the accounts of the original, and queued."""
    documents = stored(state)
    correction = cancel(documents)
    assert isinstance(correction, Invoice)
    assert (correction.number, correction.kind, correction.net) == (
        "RE-2026-0002",
        DocumentKind.CORRECTION,
        eur("-5000.00"),
    )
    kept, booking = documents.documents[correction.key]
    assert kept == correction
    assert booking is not None
    assert (booking.reverses, booking.rows[0].gross) == ("RE-2026-0001", eur("-5950.00"))
    assert documents.states == {"k-0001": S.CANCELLED, correction.key: S.QUEUED}
    assert documents.history().positions["A1/1"].computed == eur("0.00")


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (S.SENDING, "is just being handed over"),
        (S.UNKNOWN, "may or may not have arrived"),
        (S.PAID, "is paid"),
        (S.CANCELLED, "is cancelled already"),
    ],
)
def test_what_cannot_be_cancelled_is_refused_in_plain_words(state: DocumentState, message: str) -> None:
    """The document is named, and what to do first."""
    documents = stored(state)
    with pytest.raises(RefusedError, match=f"document RE-2026-0001 {message}") as caught:
        cancel(documents)
    assert caught.value.hint
    assert (documents.states, len(documents.log)) == ({"k-0001": state}, 1)


def test_every_state_is_cancelled_or_refused() -> None:
    """None is forgotten."""
    outcomes = {}
    for state in S:
        try:
            cancel(stored(state))
        except RefusedError:
            outcomes[state] = "refused"
    assert set(outcomes) | NOT_HANDED_OVER | set(HANDED_OVER) == set(S)


def test_a_correction_is_not_cancelled_itself() -> None:
    """What it freed is billed again instead."""
    correction = replace(invoice(line("-1.00"), number="RE-2026-0001"), kind=DocumentKind.CORRECTION)
    with pytest.raises(RefusedError, match="is a correction, which stays"):
        cancel(stored(S.QUEUED, correction))


def test_a_draft_in_the_accounting_system_is_not_corrected() -> None:
    """It has no number that a correction could name; one that nobody has yet is simply void."""
    draft = invoice(number="E_0001")
    with pytest.raises(RefusedError, match="document E_0001 is a draft in the accounting system"):
        cancel(stored(S.ACCEPTED, draft))
    assert cancel(stored(S.QUEUED, draft)) is None


@pytest.mark.parametrize("number", ["RE-2026-0001", "E_0001"])
def test_what_accounting_has_no_longer_needs_no_correction(number: str) -> None:
    """It was cancelled there by hand, or was a draft and discarded; what it billed is free."""
    documents = stored(S.OPEN, invoice(number=number))
    canceller = Canceller(documents, MemorySink(), terms(), WHO)
    assert canceller.cancel(documents.document("k-0001"), S.OPEN, ON, "wrong address", is_gone=True) is None
    assert documents.states == {"k-0001": S.CANCELLED}
    assert documents.history().positions["A1/1"].computed == eur("0.00")
    paid = stored(S.PAID)
    with pytest.raises(RefusedError, match="is paid"):
        Canceller(paid, MemorySink(), terms(), WHO).cancel(
            paid.document("k-0001"), S.PAID, ON, "wrong address", is_gone=True
        )


def test_a_document_is_not_cancelled_before_its_day() -> None:
    """The correction would lie before what it corrects."""
    with pytest.raises(RefusedError, match="is of 2026-01-31, after 2026-01-30"):
        cancel(stored(), on=date(2026, 1, 30))
    assert isinstance(cancel(stored(), on=JANUARY.last_day), Invoice)


def test_a_sink_that_reverses_nothing_is_told_before() -> None:
    """Nothing is written that could not be handed over."""
    documents = stored()
    with pytest.raises(RefusedError, match="the sink cannot reverse the booking of document RE-2026-0001"):
        cancel(documents, MemorySink(capabilities=Capabilities(reversals=False)))
    assert documents.states == {"k-0001": S.ACCEPTED}


def test_what_the_sink_refuses_stays_as_it_was() -> None:
    """Its problems are the answer; a notice holds nothing back."""
    documents = stored()
    assert cancel(documents, MemorySink({"website": [NOTICE, HOLD]})) == (NOTICE, HOLD)
    assert (documents.states, len(documents.log)) == ({"k-0001": S.ACCEPTED}, 1)
    assert isinstance(cancel(documents, MemorySink({"website": [NOTICE]})), Invoice)


def _with_final(*, deducted: bool, others: int = 0, net: str = "-5000.00") -> MemoryDocuments:
    """Return a down payment of 5,000.00 and the final invoice that stands, with or without its deduction."""
    partial = invoice(number="RE-2026-0001", kind=DocumentKind.PARTIAL)
    documents = stored(S.ACCEPTED, partial)
    deduction = line(net, position="website/RE-2026-0001-1")
    for number in range(1 + others):
        lines = (line("9000.00"), deduction) if deducted else (line("9000.00"),)
        final = invoice(*lines, key=f"k-final-{number}", number=f"RE-2026-000{number + 2}", kind=DocumentKind.FINAL)
        documents.documents[final.key] = final, None
        documents.states[final.key] = S.ACCEPTED
    return documents


def test_a_down_payment_deducted_in_part_waits_for_its_final_invoice() -> None:
    """A part of it was asked for again, and a part was not: only together can both be freed."""
    documents = _with_final(deducted=True, net="-2000.00")
    with pytest.raises(RefusedError, match=r"RE-2026-0001 is deducted in part by RE-2026-0002") as caught:
        cancel(documents)
    assert caught.value.hint == "cancel RE-2026-0002 first: the next final invoice asks for both"
    assert documents.states["k-0001"] is S.ACCEPTED


def test_what_a_final_invoice_asked_for_again_is_not_due_again() -> None:
    """The down payment was left open; cancelled, what it billed counts as the final invoice's."""
    documents = _with_final(deducted=False)
    cancel(documents)
    assert documents.history().positions["A1/1"].computed == eur("5000.00")
    assert documents.log[-1].document == "k-final-0"


def test_what_a_final_invoice_deducted_is_due_again() -> None:
    """It counted on money that is gone."""
    documents = _with_final(deducted=True)
    cancel(documents)
    assert documents.history().positions["A1/1"].computed == eur("0.00")


def test_a_cancelled_final_invoice_asked_for_nothing() -> None:
    """Then the down payment is taken back like any other."""
    documents = _with_final(deducted=False)
    documents.states["k-final-0"] = S.CANCELLED
    cancel(documents)
    assert documents.history().positions["A1/1"].computed == eur("0.00")
