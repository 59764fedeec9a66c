from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from connector.core.billed import EMPTY, BilledEntry, BilledKind, BilledState, History, given_back
from tests.core.builders import FEBRUARY, JANUARY, MARCH, billed_entry, eur, position

THIRD = Fraction(1, 3)


def state(*entries: BilledEntry) -> BilledState:
    """Return what the entries say of the first position."""
    return History.fold(entries).positions["A1/1"]


def first_third() -> BilledEntry:
    """Return the first of three deliveries, billed in January."""
    return billed_entry("3333.33", document="k-1", shares=(0, THIRD))


def second_third() -> BilledEntry:
    """Return the second delivery, billed in February."""
    return billed_entry("3333.34", document="k-2", shares=(THIRD, 2 * THIRD), period=FEBRUARY)


def reversal(entry: BilledEntry) -> BilledEntry:
    """Return the entry that takes the other back."""
    return replace(
        entry,
        kind=BilledKind.REVERSED,
        share_before=entry.share_after,
        share_after=entry.share_before,
        computed=-entry.computed,
        invoiced=-entry.invoiced,
    )


def test_an_empty_log_knows_nothing() -> None:
    """No entries, no states, no documents."""
    assert History.fold([]) == EMPTY


def test_what_was_billed_is_the_sum_of_what_was_computed() -> None:
    """Already billed is Σ computed net, never a counter; the share is the last one billed (domain 3.8)."""
    billed = state(first_third(), second_third())
    assert billed.computed == eur("6666.67")
    assert billed.share == 2 * THIRD
    assert billed.through == FEBRUARY.end


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=30))
def test_any_log_adds_up(cents: list[int]) -> None:
    """The folded sums are those of the entries, whatever their signs."""
    entries = [
        billed_entry(eur("0.01").amount * each, invoiced=eur("0.01").amount * -each, document=f"k-{index}")
        for index, each in enumerate(cents)
    ]
    billed = state(*entries)
    assert billed.computed.amount * 100 == sum(cents)
    assert billed.invoiced == -billed.computed


def test_what_is_given_back_was_billed_by_the_last_document_that_stands() -> None:
    """Not by one that gave back itself, nor by one that was taken back; a positive amount gives nothing back."""
    back = billed_entry("-1000.00", document="k-3", shares=(2 * THIRD, Fraction(1, 2)))
    billed = state(first_third(), second_third(), back)
    assert given_back(billed, eur("-1.00")) == "k-2"
    assert given_back(billed, eur("1.00")) == given_back(None, eur("-1.00")) == ""
    assert given_back(state(first_third(), second_third(), reversal(second_third())), eur("-1.00")) == "k-1"
    assert given_back(state(back), eur("-1.00")) == ""


def test_positions_are_kept_apart() -> None:
    """Each position key has its own state, also on one document."""
    other = billed_entry("10.00", of=position("2"), document="k-1", shares=(0, Fraction(1, 2)))
    positions = History.fold([first_third(), other]).positions
    assert {key: state.share for key, state in positions.items()} == {"A1/1": THIRD, "A1/2": Fraction(1, 2)}


def test_an_edit_changes_what_was_invoiced_and_not_what_was_computed() -> None:
    """A person's edit shows as a deviation and leaves share, terms and later invoices alone (domain 3.8)."""
    edit = billed_entry("0.00", invoiced="-33.33", document="k-1", kind=BilledKind.EDITED, shares=(THIRD, THIRD))
    billed = state(first_third(), edit)
    assert (billed.computed, billed.invoiced, billed.deviation) == (eur("3333.33"), eur("3300.00"), eur("-33.33"))
    assert billed.share == THIRD


def test_an_unedited_position_deviates_by_nothing() -> None:
    """Where nobody edited, invoiced is computed."""
    assert not state(first_third(), second_third()).deviation


def test_a_reversal_takes_a_document_back() -> None:
    """Reversing the last document leaves money, share and service period as they stood before it."""
    billed = state(first_third(), second_third(), reversal(second_third()))
    assert billed == state(first_third())
    assert billed.stands


def test_a_reversal_takes_edits_back() -> None:
    """The edited difference goes with its document."""
    edit = billed_entry("0.00", invoiced="-33.33", document="k-1", kind=BilledKind.EDITED, shares=(THIRD, THIRD))
    undone = [reversal(first_third()), replace(edit, kind=BilledKind.REVERSED, invoiced=eur("33.33"))]
    billed = state(first_third(), edit, *undone)
    assert not billed.computed
    assert not billed.invoiced


def test_nothing_stands_once_all_is_reversed() -> None:
    """Without a standing document the share is 0 and no service period is billed; the terms stay known."""
    billed = state(first_third(), reversal(first_third()))
    assert not billed.stands
    assert billed.share == 0
    assert billed.through is None
    assert billed.terms == first_third().position


def test_the_terms_of_the_last_reversal_stay_known() -> None:
    """Where nothing stands, the terms are those of the last entry."""
    dearer = replace(second_third(), position=position("1", "6000"))
    assert state(first_third(), dearer, reversal(first_third()), reversal(dearer)).terms == dearer.position
    assert state(first_third(), reversal(first_third()), dearer, reversal(dearer)).terms == dearer.position


def test_the_terms_are_those_last_billed() -> None:
    """A later document brings the terms it was computed with (domain 3.9)."""
    dearer = position("1", "6000")
    assert state(first_third(), replace(second_third(), position=dearer)).terms == dearer


def test_an_accepted_change_brings_new_terms_and_no_money() -> None:
    """After an operator accepted a change, the new terms are what later changes are measured by (domain 3.9)."""
    dearer = position("1", "6000")
    accepted = billed_entry("0.00", of=dearer, document="", kind=BilledKind.CHANGE_ACCEPTED, shares=(THIRD, THIRD))
    billed = state(first_third(), accepted)
    assert billed.terms == dearer
    assert (billed.computed, billed.share, billed.through) == (eur("3333.33"), THIRD, JANUARY.end)


def test_taking_an_earlier_document_back_keeps_the_accepted_terms() -> None:
    """A reversal carries the terms of its own day; they do not come back with it."""
    dearer = position("1", "6000")
    accepted = billed_entry("0.00", of=dearer, document="", kind=BilledKind.CHANGE_ACCEPTED, shares=(THIRD, THIRD))
    assert state(first_third(), accepted, reversal(first_third())).terms == dearer


def test_an_accepted_disappearance_is_remembered() -> None:
    """A position whose vanishing was accepted stays vanished, also when its document is reversed later."""
    gone = billed_entry("0.00", document="", kind=BilledKind.CHANGE_ACCEPTED, shares=(THIRD, THIRD), vanished=True)
    assert state(first_third(), gone).vanished
    assert state(first_third(), gone, reversal(first_third())).vanished
    assert not state(first_third()).vanished


def test_the_service_period_reaches_to_the_latest_end() -> None:
    """`through` is the latest end of any standing period, in whatever order they were billed."""
    assert state(replace(first_third(), period=MARCH), second_third()).through == date(2026, 4, 1)


def test_documents_are_counted_once_per_agreement() -> None:
    """Two lines on one document are one document; edits and reversals are none."""
    entries = [
        first_third(),
        billed_entry(of=position("2"), document="k-1"),
        second_third(),
        reversal(second_third()),
        billed_entry(of=position("9", offer="B1"), document="k-9", agreement="campaign"),
    ]
    assert History.fold(entries).documents == {"website": 2, "campaign": 1}


def test_the_agreement_is_the_one_that_billed_last() -> None:
    """A position handed over to another agreement belongs to that one."""
    assert state(first_third(), replace(second_third(), agreement="website-2")).agreement == "website-2"
