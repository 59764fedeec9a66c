from __future__ import annotations

from decimal import Decimal

import pytest

from connector.core.billed import BilledKind
from connector.core.edit import LineEdit, NoSuchLineError, NothingBilledError
from connector.core.lifecycle import DocumentState
from connector.core.problems import Problem
from connector.jobs.approve import Approver
from tests.core.builders import JANUARY, billed_entry, eur, invoice, line
from tests.jobs.world import HOLD, NO_DEBTOR, NOTICE, RULES, WHO, MemoryDocuments, MemorySink, draft, rules

CHEAPER = LineEdit(1, "bert", JANUARY.last_day, "goodwill", unit_price=Decimal("4500.00"))


def approver(store: MemoryDocuments, toml: str = RULES, sink: MemorySink | None = None) -> Approver:
    """Return what works on the store's drafts."""
    return Approver(store, rules(toml), sink or MemorySink(), WHO)


def test_a_draft_is_approved_with_a_new_booking() -> None:
    """The mapping of today counts, not that of the day it was billed."""
    store = MemoryDocuments()
    document = draft(invoice())
    assert list(approver(store).approve([document])) == [document]

    _, booking = store.documents[document.key]
    assert booking is not None
    assert booking.debtor == "10001"
    assert store.states == {document.key: DocumentState.APPROVED}
    assert {who for _, who in store.told} == {WHO}


def test_a_draft_that_cannot_be_booked_stays_one() -> None:
    """Its problem is yielded in its place, and the others are approved."""
    store = MemoryDocuments()
    [problem] = approver(store, NO_DEBTOR).approve([draft(invoice())])

    assert isinstance(problem, Problem)
    assert (problem.code, store.states) == ("MissingDebtor", {})


def test_a_draft_that_cannot_be_delivered_stays_one() -> None:
    """The sink's refusal is yielded; a notice is yielded before the document and holds nothing."""
    store = MemoryDocuments()
    first, second = draft(invoice(key="k-1")), draft(invoice(key="k-2"), "RE-2026-0002")
    outcomes = list(approver(store, sink=MemorySink({"k-1": [HOLD], "k-2": [NOTICE]})).approve([first, second]))

    assert outcomes == [HOLD, NOTICE, second]
    assert store.states == {"k-2": DocumentState.APPROVED}


def test_an_edit_keeps_what_was_computed() -> None:
    """The line, its sums and its booking change; the log carries the difference in what is invoiced (domain 3.8)."""
    document = draft(invoice())
    store = MemoryDocuments(log=[billed_entry(document=document.key)])
    after = approver(store).edit(document, CHEAPER)

    assert (after.net, after.gross) == (eur("4500.00"), eur("5355.00"))
    stored, booking = store.documents[document.key]
    assert booking is not None
    assert (stored, booking.rows[0].gross) == (after, eur("5355.00"))
    entry = store.log[-1]
    assert (entry.kind, entry.computed, entry.invoiced) == (BilledKind.EDITED, eur("0.00"), eur("-500.00"))
    assert (entry.who, entry.comment) == ("bert", "goodwill")
    assert store.history().positions["A1/1"].deviation == eur("-500.00")


def test_an_edit_that_cannot_be_booked_is_kept_without_booking() -> None:
    """A hole in the mapping holds the approval, not the edit."""
    document = draft(invoice())
    store = MemoryDocuments(log=[billed_entry(document=document.key)])
    after = approver(store, NO_DEBTOR).edit(document, CHEAPER)

    assert store.documents[document.key] == (after, None)


def test_an_edit_of_no_line_changes_nothing() -> None:
    """There is no second line."""
    store = MemoryDocuments(log=[billed_entry()])
    with pytest.raises(NoSuchLineError):
        approver(store).edit(draft(invoice()), LineEdit(2, WHO, JANUARY.last_day, "x"))
    assert (store.documents, len(store.log)) == ({}, 1)


def test_an_edit_of_what_was_never_billed_changes_nothing() -> None:
    """A line shown at 0.00 has nothing to deviate from."""
    store = MemoryDocuments()
    with pytest.raises(NothingBilledError):
        approver(store).edit(draft(invoice(line("5000.00"))), CHEAPER)
    assert (store.documents, store.log) == ({}, [])
