from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.core.billed import BilledKind
from connector.core.booking import Booking
from connector.core.document import PlannedDocument
from connector.core.errors import ConfigError, NotFound
from connector.core.invoice import DocumentKind, Invoice
from connector.core.lifecycle import DocumentState, TransitionError
from connector.core.numbering import NumberFormat
from connector.store import Store, open_store
from connector.store.documents import DocumentSummary
from connector.store.schema import audit, billed_log, documents, numbers, outbox
from tests.core.builders import billed_entry, booking, eur, invoice, line, party, position
from tests.store.world import (
    NOON,
    NUMBERS,
    TENANT,
    WHO,
    Clock,
    add,
    correction_of,
    hand_over,
    numbered,
    planned,
    reversal_of,
    rows,
    states,
)

S = DocumentState


def test_document_is_stored_with_all_that_belongs_to_it(store: Store, clock: Clock) -> None:
    """Document, number, log entry and audit row appear together and can be read back."""
    added = add(store)
    assert (added.number, added.is_new) == ("RE-2026-0001", True)
    document = store.billing.document("k-1")
    expected, booked = numbered(planned(), "RE-2026-0001")
    assert (document.invoice, document.booking) == (expected, booked)
    assert document.summary == DocumentSummary(
        key="k-1",
        number="RE-2026-0001",
        agreement="website",
        customer="K1",
        kind=DocumentKind.INVOICE,
        state=S.DRAFT,
        issue_date=date(2026, 1, 31),
        due_date=date(2026, 2, 14),
        net=eur("5000.00"),
        gross=eur("5950.00"),
        config_hash="c0ffee",
        created_at=document.summary.created_at,
        created_by=WHO,
    )
    assert document.summary.created_at <= clock.moment
    assert list(store.billing.log("A1/1")) == [billed_entry(document="k-1")]
    (deed,) = store.audit.list("k-1")
    assert (deed.who, deed.action) == (WHO, "document draft")
    assert deed.details == {"number": "RE-2026-0001", "gross": "5950.00 EUR"}


def test_second_insert_of_a_key_is_harmless(store: Store) -> None:
    """A document that is there already answers with its number; nothing is written twice."""
    add(store)
    tables = (documents, numbers, billed_log, audit, outbox)
    before = [rows(store, table) for table in tables]
    again = add(store, state=S.APPROVED)
    assert (again.number, again.is_new) == ("RE-2026-0001", False)
    assert [rows(store, table) for table in tables] == before


def test_numbers_are_gap_free_per_series(store: Store) -> None:
    """Each year counts from its start; a format without a year counts on."""
    template = NumberFormat.parse("{year}-{number:03}", start=7)
    for key, day in (("k-1", date(2025, 12, 31)), ("k-2", date(2026, 1, 1)), ("k-3", date(2026, 1, 2))):
        add(store, document=planned(key, issue_date=day), numbers=template)
    add(store, "k-4", numbers=NumberFormat.parse("A{number}"))
    assert [document.number for document in store.billing.documents()] == ["2025-007", "2026-007", "2026-008", "A1"]
    assert [(row["series"], row["number"], row["document"]) for row in rows(store, numbers)] == [
        ("", 1, "k-4"),
        ("2025", 7, "k-1"),
        ("2026", 7, "k-2"),
        ("2026", 8, "k-3"),
    ]


def test_document_that_cannot_be_finished_takes_no_number(store: Store) -> None:
    """What goes wrong after the number is reserved gives it back."""

    def fail(number: str) -> tuple[Invoice, Booking]:
        raise RuntimeError(number)

    with pytest.raises(RuntimeError, match="RE-2026-0001"):
        store.billing.add(planned(), NUMBERS, fail, state=S.DRAFT, config_hash="", who=WHO)
    assert rows(store, numbers) == []
    assert add(store).number == "RE-2026-0001"


def test_number_of_another_document_is_refused(store: Store) -> None:
    """A number format changed so that it repeats numbers is the operator's to mend."""
    add(store)
    with pytest.raises(ConfigError, match="the number RE-2026-0001 belongs to another document") as caught:
        add(store, "k-2", numbers=NumberFormat.parse("RE-2026-{number:04}"))
    assert "higher start" in caught.value.hint
    assert states(store) == {"k-1": S.DRAFT}


def test_document_must_carry_its_number_and_key(store: Store) -> None:
    """A document finished under another number than was reserved is a fault of the program."""
    with pytest.raises(ValueError, match="document k-1 has the number RE-2026-0001, not 'RE-7'"):
        store.billing.add(
            planned(), NUMBERS, lambda _: numbered(planned(), "RE-7"), state=S.DRAFT, config_hash="", who=WHO
        )
    assert rows(store, documents) == []


def test_approved_document_is_queued_at_once(store: Store) -> None:
    """With automatic approval the document waits for the sink as soon as it exists."""
    add(store, state=S.APPROVED)
    assert states(store) == {"k-1": S.QUEUED}
    assert [row["document"] for row in rows(store, outbox)] == ["k-1"]
    assert [booked.invoice.number for booked in store.outbox.waiting()] == ["RE-2026-0001"]


@pytest.mark.parametrize("state", [S.QUEUED, S.PAID, S.CANCELLED])
def test_document_cannot_begin_in_the_middle_of_its_life(store: Store, state: DocumentState) -> None:
    """A new document is a draft, held, or approved."""
    with pytest.raises(ValueError, match=f"a document begins as draft, held, approved, not as {state}"):
        add(store, state=state)
    assert rows(store, documents) == []


def test_document_without_booking_cannot_be_approved(store: Store) -> None:
    """A document nobody can book may be kept, but it is not handed over."""

    def unbooked(number: str) -> tuple[Invoice, None]:
        return replace(planned().invoice, number=number), None

    with pytest.raises(ValueError, match="document k-1 cannot be approved without a booking"):
        store.billing.add(planned(), NUMBERS, unbooked, state=S.APPROVED, config_hash="", who=WHO)
    store.billing.add(planned(), NUMBERS, unbooked, state=S.HELD, config_hash="", who=WHO)
    assert store.billing.document("k-1").booking is None
    assert store.billing.document("k-1").invoice.number == "RE-2026-0001"
    with pytest.raises(ValueError, match="cannot be approved"):
        store.billing.set_state("k-1", S.APPROVED, WHO)
    assert states(store) == {"k-1": S.HELD}


def test_draft_may_be_edited(store: Store) -> None:
    """A person's edit changes the document and is logged; number and computed amount stay."""
    add(store)
    edited = invoice(line("4800.00"), key="k-1", number="RE-2026-0001", buyer=party("K2"))
    entry = billed_entry("0.00", invoiced="-200.00", document="k-1", kind=BilledKind.EDITED, shares=(1, 1))
    store.billing.update_draft("k-1", edited, booking(edited), [entry], "bert")
    document = store.billing.document("RE-2026-0001")
    assert document.invoice == edited
    assert (document.summary.net, document.summary.customer) == (eur("4800.00"), "K2")
    assert store.billing.history().positions["A1/1"].deviation == eur("-200.00")
    assert [(deed.who, deed.action) for deed in store.audit.list("k-1")][-1] == ("bert", "document edited")


def test_draft_booked_anew_is_not_called_edited(store: Store) -> None:
    """Where only the booking changed, because the mapping was mended, the audit trail blames no edit on anyone."""
    add(store)
    document, _ = numbered(planned(), "RE-2026-0001")
    mended = booking(document, debtor="10002")
    store.billing.update_draft("k-1", document, mended, [], WHO)
    assert store.billing.document("k-1").booking == mended
    assert [deed.action for deed in store.audit.list("k-1")][-1] == "document booked anew"


def test_draft_keeps_its_number_and_key(store: Store) -> None:
    """An edit cannot turn one document into another."""
    add(store)
    with pytest.raises(ValueError, match="document k-1 has the number RE-2026-0001"):
        store.billing.update_draft("k-1", invoice(key="k-1", number="RE-7"), None, [], WHO)


def test_approved_document_is_never_edited(store: Store) -> None:
    """Once approved, a document is corrected by another document only."""
    add(store, state=S.APPROVED)
    with pytest.raises(TransitionError, match="a document that is queued cannot become draft"):
        store.billing.update_draft("k-1", *numbered(planned(), "RE-2026-0001"), [], WHO)


def test_states_follow_the_lifecycle(store: Store) -> None:
    """A draft is held, released and approved, each step with who and why; the approved one is queued."""
    add(store)
    store.billing.set_state("k-1", S.HELD, "bert", "ask the customer first")
    store.billing.set_state("k-1", S.DRAFT, "bert")
    store.billing.set_state("k-1", S.APPROVED, WHO)
    assert states(store) == {"k-1": S.QUEUED}
    deeds = [(deed.who, deed.action, deed.details.get("why")) for deed in store.audit.list("k-1")][1:]
    assert deeds == [
        ("bert", "document held", "ask the customer first"),
        ("bert", "document draft", ""),
        (WHO, "document approved", ""),
    ]


def test_state_that_may_not_follow_is_refused(store: Store) -> None:
    """The table of the lifecycle decides, and the answer says what is allowed."""
    add(store)
    with pytest.raises(TransitionError, match="a document that is draft cannot become paid"):
        store.billing.set_state("k-1", S.PAID, WHO)
    assert len(list(store.audit.list("k-1"))) == 1


@pytest.mark.parametrize("state", [S.DRAFT, S.HELD, S.APPROVED])
def test_cancelled_document_leaves_its_number_void(store: Store, state: DocumentState) -> None:
    """A number that will never be seen says why; it is not given again, and the log takes the document back."""
    add(store, state=state)
    assert store.billing.cancel("k-1", [reversal_of("k-1")], who=WHO, why="wrong customer") == ""
    assert [row["void_reason"] for row in rows(store, numbers)] == ["wrong customer"]
    assert rows(store, outbox) == []
    assert not store.billing.history().positions["A1/1"].computed
    assert add(store, "k-2").number == "RE-2026-0002"


def test_rejected_document_is_queued_anew(store: Store) -> None:
    """What the sink refused waits for the next export once it is mended; the first attempt stays on record."""
    add(store, state=S.APPROVED)
    store.outbox.begin_export("datev", ["k-1"], NOON, who=WHO)
    store.billing.set_state("k-1", S.REJECTED, WHO, "unknown debtor")
    store.billing.set_state("k-1", S.QUEUED, WHO, "debtor created")
    assert states(store) == {"k-1": S.QUEUED}
    assert [row["export"] for row in rows(store, outbox)] == [1, None]


def test_document_handed_over_is_taken_back_by_a_correction(store: Store) -> None:
    """A document the sink has keeps its number; the correction has the next one and waits for the sink."""
    add(store, state=S.APPROVED)
    hand_over(store, "k-1")
    written = store.billing.cancel(
        "k-1", [reversal_of("k-1")], who="bert", why="wrong customer", correction=correction_of("k-1")
    )
    assert written == "RE-2026-0002"
    assert [row["void_reason"] for row in rows(store, numbers)] == ["", ""]
    correction = store.billing.document("RE-2026-0002")
    assert (correction.summary.kind, correction.summary.gross) == (DocumentKind.CORRECTION, eur("-5950.00"))
    assert correction.booking is not None
    assert (correction.booking.reverses, correction.invoice.corrects) == ("RE-2026-0001", "RE-2026-0001")
    assert states(store) == {"k-1": S.CANCELLED, correction.summary.key: S.QUEUED}
    assert [booked.invoice.number for booked in store.outbox.waiting()] == ["RE-2026-0002"]
    assert not store.billing.history().positions["A1/1"].computed
    *_, cancelled = store.audit.list("k-1")
    assert (cancelled.who, cancelled.action) == ("bert", "document cancelled")
    assert cancelled.details == {"why": "wrong customer", "correction": "RE-2026-0002"}


@pytest.mark.parametrize("handed_over", [False, True])
def test_only_what_was_handed_over_has_a_correction(store: Store, *, handed_over: bool) -> None:
    """A correction too many or too few is a fault of the program, and nothing is written."""
    add(store, state=S.APPROVED)
    if handed_over:
        hand_over(store, "k-1")
    before = states(store)
    with pytest.raises(ValueError, match="a correction takes back what was handed over, and only that"):
        store.billing.cancel("k-1", [], who=WHO, why="", correction=None if handed_over else correction_of("k-1"))
    with pytest.raises(ValueError, match="document k-1 is cancelled together with its log"):
        store.billing.set_state("k-1", S.CANCELLED, WHO)
    assert states(store) == before


def test_what_is_gone_from_accounting_has_no_correction(store: Store) -> None:
    """Its number stays in the series, with the reason; a correction of nothing is a fault of the program."""
    add(store, state=S.APPROVED)
    hand_over(store, "k-1")
    with pytest.raises(ValueError, match="a correction takes back what was handed over, and only that"):
        store.billing.cancel("k-1", [], who=WHO, why="", correction=correction_of("k-1"), is_gone=True)
    assert store.billing.cancel("k-1", [reversal_of("k-1")], who=WHO, why="voided there", is_gone=True) == ""
    assert states(store) == {"k-1": S.CANCELLED}
    assert [row["void_reason"] for row in rows(store, numbers)] == ["voided there"]


@pytest.mark.parametrize("state", [S.SENDING, S.PAID, S.CANCELLED])
def test_what_is_on_its_way_or_paid_is_not_cancelled(store: Store, state: DocumentState) -> None:
    """The lifecycle refuses: nobody knows yet whether it arrived, or there is money to give back first."""
    add(store, state=S.APPROVED)
    if state is S.SENDING:
        store.outbox.begin_export("datev", ["k-1"], NOON, who=WHO)
    elif state is S.PAID:
        hand_over(store, "k-1")
        store.billing.set_state("k-1", state, WHO)
    else:
        store.billing.cancel("k-1", [], who=WHO, why="wrong")
    with pytest.raises(TransitionError, match=f"a document that is {state} cannot become cancelled"):
        store.billing.cancel("k-1", [reversal_of("k-1")], who=WHO, why="wrong", correction=correction_of("k-1"))
    assert store.billing.history().positions["A1/1"].computed == eur("5000.00")


def test_payment_is_recorded_with_its_day(store: Store) -> None:
    """When the money came is in the audit trail: the VAT of a down payment is due then."""
    add(store, state=S.APPROVED)
    hand_over(store, "k-1")
    store.billing.set_state("k-1", S.PAID, "bert", "statement 12", date(2026, 2, 20))
    assert states(store) == {"k-1": S.PAID}
    *_, deed = store.audit.list("k-1")
    assert (deed.who, deed.action) == ("bert", "document paid")
    assert deed.details == {"why": "statement 12", "on": "2026-02-20"}


def _of_kind(key: str, kind: DocumentKind, agreement: str = "website") -> PlannedDocument:
    document = planned(key, billed_entry(document=key, agreement=agreement))
    return replace(document, invoice=replace(document.invoice, kind=kind, agreement=agreement))


def test_a_final_invoice_knows_what_was_asked_for_before(store: Store) -> None:
    """Every earlier document that stands, in order, and what was paid of it; of the agreements asked for alone."""
    add(store, state=S.APPROVED, document=_of_kind("k-1", DocumentKind.PARTIAL))
    add(store, document=_of_kind("k-2", DocumentKind.PARTIAL))
    add(store, document=_of_kind("k-3", DocumentKind.PARTIAL))
    add(store, document=_of_kind("k-4", DocumentKind.INVOICE))
    add(store, document=_of_kind("k-5", DocumentKind.FINAL))
    add(store, document=_of_kind("k-6", DocumentKind.CORRECTION))
    add(store, document=_of_kind("k-7", DocumentKind.PARTIAL, "app"))
    hand_over(store, "k-1")
    store.billing.set_state("k-1", S.PAID, WHO)
    store.billing.cancel("k-3", [], who=WHO, why="wrong")

    found = store.billing.down_payments({"website"})
    assert [(each.invoice.number, each.received) for each in found["website"]] == [
        ("RE-2026-0001", eur("5950.00")),
        ("RE-2026-0002", eur(0)),
        ("RE-2026-0004", eur(0)),
    ]
    assert set(found) == {"website"}
    assert store.billing.down_payments(()) == {}
    assert [entry.document for entry in store.billing.entries_of("k-2")] == ["k-2"]


def test_a_cancelled_final_invoice_stands_no_more(store: Store) -> None:
    """As long as it stands, there is no other; an agreement may have one per currency and tax treatment."""
    for key in ("k-1", "k-2"):
        add(store, document=_of_kind(key, DocumentKind.FINAL))
    add(store, document=_of_kind("k-3", DocumentKind.FINAL, "app"))
    assert store.billing.finals() == {"website": ("k-1", "k-2"), "app": ("k-3",)}
    for key in ("k-1", "k-3"):
        store.billing.cancel(key, [], who=WHO, why="wrong")
    assert store.billing.finals() == {"website": ("k-2",)}


def test_unknown_document_is_named(store: Store) -> None:
    """A key or number nobody has is answered in plain words, wherever it is asked for."""
    message = "no document has the key or number 'RE-9'"
    with pytest.raises(NotFound, match=message):
        store.billing.document("RE-9")
    with pytest.raises(NotFound, match=message):
        store.billing.set_state("RE-9", S.APPROVED, WHO)
    with pytest.raises(NotFound, match=message):
        store.billing.update_draft("RE-9", invoice(), None, [], WHO)


def test_documents_are_listed_oldest_first(store: Store) -> None:
    """The list can be limited to states and to one agreement."""
    for number in range(9, 12):
        add(store, f"k-{number}")
    other = planned("k-12")
    add(store, document=replace(other, invoice=replace(other.invoice, agreement="app")), state=S.HELD)
    assert [each.key for each in store.billing.documents()] == ["k-9", "k-10", "k-11", "k-12"]
    assert [each.key for each in store.billing.documents(states=[S.HELD, S.PAID])] == ["k-12"]
    assert [each.key for each in store.billing.documents(agreement="website")] == ["k-9", "k-10", "k-11"]
    assert list(store.billing.documents([S.HELD], "website")) == []


def test_history_is_the_log_folded(store: Store) -> None:
    """What was billed is a sum over the log, in the order it was written."""
    add(store, document=planned("k-1", billed_entry("2000.00", document="k-1", of=position("1"))))
    add(store, document=planned("k-2", billed_entry("3000.00", document="k-2", of=position("1"))))
    history = store.billing.history()
    assert history.positions["A1/1"].computed == eur("5000.00")
    assert history.documents == {"website": 2}
    assert [entry.document for entry in store.billing.log("A1/1")] == ["k-1", "k-2"]
    assert list(store.billing.log("A1/2")) == []


def test_accepted_change_belongs_to_no_document(store: Store) -> None:
    """Accepting a changed position leaves a log entry and says who did it and why."""
    entry = billed_entry("0.00", document="", kind=BilledKind.CHANGE_ACCEPTED, comment="agreed by phone")
    store.billing.accept_change([entry], WHO, "agreed by phone")
    assert list(store.billing.log("A1/1")) == [entry]
    assert [row["document"] for row in rows(store, billed_log)] == [None]
    (deed,) = store.audit.list("A1/1")
    assert (deed.action, deed.details) == ("change accepted", {"why": "agreed by phone"})


def test_amounts_are_kept_in_minor_units(store: Store) -> None:
    """Sums can be made in the database, exactly, whatever the currency's decimals."""
    entry = billed_entry("19.99", invoiced="-0.05", document="k-1")
    add(store, document=planned("k-1", entry))
    (row,) = rows(store, billed_log)
    assert (row["computed_units"], row["invoiced_units"], row["currency"]) == (1999, -5, "EUR")
    (row,) = rows(store, documents)
    assert (row["net_units"], row["gross_units"], row["currency"]) == (500000, 595000, "EUR")


def test_tenants_count_for_themselves(store: Store, url: str) -> None:
    """Two tenants in one store have their own numbers, documents and logs, even with the same keys."""
    add(store)
    with open_store(url, "other") as other:
        assert add(other).number == "RE-2026-0001"
        other.billing.cancel("k-1", [], who=WHO, why="test")
        assert (other.billing.down_payments({"website"}), other.billing.finals()) == ({}, {})
        assert [row["tenant"] for row in rows(other, numbers)] == [TENANT, "other"]
        assert len(list(other.billing.log("A1/1"))) == 1
    assert states(store) == {"k-1": S.DRAFT}
