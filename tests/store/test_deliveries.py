from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from connector.core.delivery import Outcome
from connector.core.errors import NotFound, RefusedError
from connector.core.lifecycle import DocumentState, TransitionError
from connector.core.numbering import WORKING_NUMBERS
from connector.core.ports import Delivered, Receipt
from connector.store import Store
from connector.store.schema import attempts, documents, outbox, receipts
from tests.core.builders import eur
from tests.store.world import NOON, WHO, Clock, add, correction_of, hand_over, rows, states

S = DocumentState
SINK = "cloud"
RECEIPT = Receipt("k-1", "4711")


@pytest.fixture
def queued(store: Store) -> Store:
    """Return the store with two documents that wait for the sink under working names, and a draft."""
    for key in ("k-1", "k-2"):
        add(store, key, S.APPROVED, numbers=WORKING_NUMBERS)
    add(store, "k-3", numbers=WORKING_NUMBERS)
    return store


def read_back(number: str = "RE0001", receipt: Receipt = RECEIPT) -> Delivered:
    """Return what the sink has, with its number."""
    told = replace(receipt, number=number, link="https://cloud.example/4711", version="1")
    return Delivered(told, eur("5000.00"), eur("950.00"), eur("5950.00"), 1)


def test_what_waits_or_may_be_there_is_pending(queued: Store) -> None:
    """First what may be there, else in the order it was stored; drafts and what the sink has are not."""
    assert queued.deliveries.pending() == ("k-1", "k-2")
    queued.deliveries.begin(SINK, "k-2")
    assert queued.deliveries.pending() == ("k-2", "k-1")
    queued.deliveries.end("k-2", Outcome.UNKNOWN, "lost", who=WHO)
    assert queued.deliveries.pending() == ("k-2", "k-1")
    queued.deliveries.begin(SINK, "k-1")
    queued.deliveries.accept(SINK, RECEIPT, who=WHO)
    assert queued.deliveries.pending() == ("k-2",)


def test_what_is_in_an_export_of_files_is_none_of_ours(queued: Store) -> None:
    """Even while it is being written."""
    queued.outbox.begin_export("datev", ["k-1"], NOON, who=WHO)
    assert queued.deliveries.pending() == ("k-2",)


def test_an_attempt_is_on_record_before_its_call(queued: Store, clock: Clock) -> None:
    """The document is being sent from then on, and the attempt has no end yet."""
    queued.deliveries.begin(SINK, "k-1")
    found = queued.deliveries.document("k-1")
    assert (found.state, found.booking.invoice.number) == (S.SENDING, "E_0001")
    (attempt,) = found.attempts
    assert (attempt.sink, attempt.ended_at, attempt.outcome, attempt.is_open) == (SINK, None, None, True)
    assert attempt.begun_at <= clock.moment
    assert queued.deliveries.attempts("k-2") == ()


def test_a_document_that_is_being_sent_is_not_sent_twice(queued: Store) -> None:
    """Nor one that does not exist."""
    queued.deliveries.begin(SINK, "k-1")
    with pytest.raises(TransitionError):
        queued.deliveries.begin(SINK, "k-1")
    with pytest.raises(NotFound):
        queued.deliveries.begin(SINK, "k-7")
    assert len(rows(queued, attempts)) == 1


@pytest.mark.parametrize(
    ("outcome", "state", "waits"),
    [
        (Outcome.REJECTED, S.REJECTED, False),
        (Outcome.UNKNOWN, S.UNKNOWN, True),
        (Outcome.NOT_SENT, S.QUEUED, True),
    ],
)
def test_an_attempt_ends_in_the_sinks_words(queued: Store, outcome: Outcome, state: S, *, waits: bool) -> None:
    """The document stands where the outcome leaves it; only what was rejected waits no longer."""
    queued.deliveries.begin(SINK, "k-1")
    queued.deliveries.end("k-1", outcome, "NOTNULL", who=WHO)
    found = queued.deliveries.document("k-1")
    assert (found.state, found.attempts[0].outcome, found.attempts[0].words) == (state, outcome, "NOTNULL")
    ended_at = found.attempts[0].ended_at
    assert ended_at is not None
    assert timedelta(0) < ended_at - found.attempts[0].begun_at < timedelta(minutes=1)
    assert ("k-1" in [row["document"] for row in rows(queued, outbox)]) is waits
    assert [(deed.action, deed.details) for deed in queued.audit.list("k-1")][-1] == (
        f"document {state}",
        {"why": "NOTNULL"},
    )


def test_a_rejected_document_is_queued_again(queued: Store) -> None:
    """After its cause was mended; its attempts stay on record."""
    queued.deliveries.begin(SINK, "k-1")
    queued.deliveries.end("k-1", Outcome.REJECTED, "NOTNULL", who=WHO)
    queued.billing.set_state("k-1", S.QUEUED, WHO, "mended")
    assert queued.deliveries.pending() == ("k-1", "k-2")
    queued.deliveries.begin(SINK, "k-1")
    assert [each.outcome for each in queued.deliveries.attempts("k-1")] == [Outcome.REJECTED, None]


@pytest.mark.parametrize("tried", [[], [Outcome.NOT_SENT], [Outcome.UNKNOWN]])
def test_a_receipt_is_kept_whether_it_was_answered_or_found(queued: Store, tried: list[Outcome]) -> None:
    """The document is accepted and waits no longer."""
    for outcome in tried:
        queued.deliveries.begin(SINK, "k-1")
        queued.deliveries.end("k-1", outcome, "", who=WHO)
    if not tried:
        queued.deliveries.begin(SINK, "k-1")
    queued.deliveries.accept(SINK, RECEIPT, who=WHO)

    assert states(queued)["k-1"] is S.ACCEPTED
    assert [each.outcome for each in queued.deliveries.attempts("k-1")] == (tried or [Outcome.ACCEPTED])
    assert list(queued.deliveries.receipts(SINK)) == [RECEIPT]
    assert list(queued.deliveries.receipts("other")) == []
    (kept,) = queued.deliveries.receipts_of("k-1")
    assert (kept.sink, kept.receipt, kept.compared_at) == (SINK, RECEIPT, None)
    assert queued.deliveries.not_compared(SINK) == (RECEIPT,)


def test_the_number_the_sink_issued_is_the_documents(queued: Store) -> None:
    """Lists, the document itself and its booking show it; it can be asked for by either name (domain 7.6)."""
    queued.deliveries.begin(SINK, "k-1")
    queued.deliveries.accept(SINK, RECEIPT, who=WHO)
    assert queued.billing.document("k-1").summary.number == "E_0001"

    queued.deliveries.compared(SINK, read_back())
    for name in ("k-1", "E_0001", "RE0001"):
        found = queued.billing.document(name)
        assert found.booking is not None
        assert {found.summary.number, found.invoice.number, found.booking.invoice.number} == {"RE0001"}
    assert [each.number for each in queued.billing.documents()] == ["RE0001", "E_0002", "E_0003"]
    assert queued.deliveries.not_compared(SINK) == ()
    assert list(queued.deliveries.receipts(SINK)) == [read_back().receipt]


def test_a_number_comes_once(queued: Store) -> None:
    """What is read later does not change it, nor does the database let anybody."""
    queued.deliveries.begin(SINK, "k-1")
    queued.deliveries.accept(SINK, replace(RECEIPT, number="RE0001"), who=WHO)
    queued.deliveries.compared(SINK, read_back("RE0009"))
    assert queued.billing.document("k-1").summary.number == "RE0001"
    change = sa.update(documents).where(documents.c.key == "k-1").values(issued="RE0009")
    with pytest.raises(sa.exc.DBAPIError, match="may not be changed"), queued.database.writing() as connection:
        connection.execute(change)


def test_a_number_that_two_documents_have_must_be_told_apart(queued: Store) -> None:
    """A sink may issue what another one issued, or we did, before."""
    for key in ("k-1", "k-2"):
        queued.deliveries.begin(SINK, key)
        queued.deliveries.accept(SINK, Receipt(key, f"id-{key}", "RE0001"), who=WHO)
    with pytest.raises(RefusedError, match="2 documents have the number 'RE0001'") as caught:
        queued.billing.document("RE0001")
    assert caught.value.hint == "name it by its key: k-1, k-2"
    with pytest.raises(NotFound):
        queued.billing.document("")


def test_a_final_invoice_deducts_by_the_number_the_sink_issued(queued: Store) -> None:
    """Not by the working name."""
    queued.deliveries.begin(SINK, "k-1")
    queued.deliveries.accept(SINK, replace(RECEIPT, number="RE0001"), who=WHO)
    down = queued.billing.down_payments(["website"])["website"]
    assert [each.invoice.number for each in down] == ["RE0001", "E_0002", "E_0003"]


def test_a_correction_names_the_number_the_sink_issued(queued: Store) -> None:
    """It is stored under a working name of its own."""
    queued.deliveries.begin(SINK, "k-1")
    queued.deliveries.accept(SINK, replace(RECEIPT, number="RE0001"), who=WHO)
    correction = replace(correction_of("k-1", "RE0001"), template=WORKING_NUMBERS)
    number = queued.billing.cancel("k-1", [], who=WHO, why="wrong", correction=correction)
    found = queued.billing.document(number)
    assert (number, found.invoice.corrects) == ("E_0004", "RE0001")
    assert queued.deliveries.pending() == ("k-2", found.summary.key)


def test_files_and_calls_share_one_outbox(queued: Store) -> None:
    """What was handed over in a file is not offered to an API, and the other way round."""
    hand_over(queued, "k-1")
    queued.deliveries.begin(SINK, "k-2")
    queued.deliveries.accept(SINK, Receipt("k-2", "4712"), who=WHO)
    assert queued.deliveries.pending() == ()
    assert list(queued.outbox.waiting()) == []


@pytest.mark.parametrize(
    "change",
    [
        sa.delete(attempts),
        sa.update(attempts).values(words="something else"),
        sa.delete(receipts),
        sa.update(receipts).values(reference="4712"),
    ],
    ids=lambda change: str(change).replace("\n", ""),
)
def test_attempts_and_receipts_stay_as_they_were(queued: Store, change: sa.Update | sa.Delete) -> None:
    """The database refuses what would falsify them."""
    queued.deliveries.begin(SINK, "k-1")
    queued.deliveries.accept(SINK, RECEIPT, who=WHO)
    with pytest.raises(sa.exc.DBAPIError, match="may not be changed"), queued.database.writing() as connection:
        connection.execute(change)
