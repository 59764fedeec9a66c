"""Cancelling: the correction, its booking, and what the log takes back (domain 6, 7.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from connector.core.billed import BilledKind, History
from connector.core.cancel import Cancellation, correction_of, kept_by_final, reversing_booking, reversing_entries
from connector.core.document import PlannedDocument
from connector.core.invoice import DocumentKind, Invoice, Prepayment
from connector.core.vat import vat_breakdown
from tests.core.books import JAN, books, nets
from tests.core.builders import (
    JANUARY,
    billed_entry,
    booking,
    eur,
    invoice,
    line,
    party,
    position,
    reading,
    reverse_charge,
    vat_decision,
    vat_rate,
)

ON = date(2026, 2, 20)
CANCELLATION = Cancellation("nordlicht", ON, "anna", "wrong address")


def prepayment(net: str = "1710.50") -> Prepayment:
    """Return a down payment of 1,710.50 and 325.00 VAT."""
    vat = vat_breakdown([(vat_rate(), eur(net))], "EUR")
    return Prepayment("RE-1", DocumentKind.PARTIAL, JAN, vat, "deduction", "", "WEB", JANUARY)


def full() -> Invoice:
    """Return a final invoice over 5,000.00 that takes a down payment as prepaid."""
    earlier = prepayment()
    final = invoice(line(), number="RE-2", kind=DocumentKind.FINAL, notes=("a note",), prepaid="2035.50")
    return replace(final, prepayments=(earlier,))


def test_a_correction_takes_every_line_back() -> None:
    """It has a key of its own, no number yet, the day and a note; what it corrects is named."""
    original = invoice(line("5000.00"), line("-300.00"), number="RE-1", key="k-1", notes=("a note",))
    correction = correction_of(original, CANCELLATION)
    assert (correction.kind, correction.kind.code, correction.number) == (DocumentKind.CORRECTION, "384", "")
    assert (correction.corrects, correction.issue_date, correction.due_date) == ("RE-1", ON, ON)
    assert [(each.quantity, each.unit_price, each.net) for each in correction.lines] == [
        (Decimal(-1), Decimal("5000.00"), eur("-5000.00")),
        (Decimal(1), Decimal("300.00"), eur("300.00")),
    ]
    assert (correction.net, correction.tax) == (-original.net, -original.tax)
    assert correction.notes == ("Storno: Rechnung RE-1 vom 31.01.2026", "a note")
    assert [step.rule for each in correction.lines for step in each.reason] == ["cancelled", "cancelled"]
    assert correction.key not in ("k-1", correction_of(replace(original, key="k-2"), CANCELLATION).key)
    assert correction.key == correction_of(original, CANCELLATION).key


def test_what_was_prepaid_is_taken_back_with_the_final_invoice() -> None:
    """The sums turn, and so does what is left to pay."""
    correction = correction_of(full(), CANCELLATION)
    assert (correction.gross, correction.prepaid, correction.payable) == (
        eur("-5950.00"),
        eur("-2035.50"),
        eur("-3914.50"),
    )
    assert [(each.net, each.gross) for each in correction.prepayments] == [(eur("-1710.50"), eur("-2035.50"))]


def test_the_note_speaks_the_language_of_the_customer() -> None:
    """In English, and for a document without VAT as well."""
    document = invoice(line(vat=reverse_charge()), number="RE-1", buyer=party(language="en"))
    assert correction_of(document, CANCELLATION).notes == ("Cancels: Invoice RE-1 of 2026-01-31",)


def test_a_reversing_booking_has_the_accounts_of_the_original() -> None:
    """Same debtor, rows and texts, amounts turned, cents included; it says which document it reverses."""
    reduced = vat_decision(vat_rate(7))
    original = booking(invoice(line("100.00"), line("50.00", vat=reduced), number="RE-1"))
    rows = tuple(replace(row, adjustment=eur("0.01")) for row in original.rows)
    correction = replace(correction_of(original.invoice, CANCELLATION), number="RE-2")
    reversing = reversing_booking(replace(original, rows=rows), correction)
    assert (reversing.invoice, reversing.debtor, reversing.reverses) == (correction, original.debtor, "RE-1")
    for row, reversed_row in zip(rows, reversing.rows, strict=True):
        assert reversed_row == replace(
            row, net=-row.net, gross=-row.gross, adjustment=eur("-0.01"), reason=reversed_row.reason
        )
        assert [step.rule for step in reversed_row.reason] == ["row_reversal"]


def test_the_log_takes_back_what_was_computed_and_invoiced() -> None:
    """One entry per position, edits included."""
    entries = [
        billed_entry("5000.00", document="k-1", shares=(0, Fraction(1, 2))),
        billed_entry("100.00", document="k-1", of=position("2"), quantity="0.5"),
        billed_entry("0.00", invoiced="-200.00", document="k-1", kind=BilledKind.EDITED, quantity=0),
    ]
    first, second = reversing_entries(entries, CANCELLATION)
    assert (first.kind, first.document, first.on, first.who, first.comment) == (
        BilledKind.REVERSED,
        "k-1",
        ON,
        "anna",
        "wrong address",
    )
    assert (first.computed, first.invoiced, first.quantity) == (eur("-5000.00"), eur("-4800.00"), Decimal(-1))
    assert (first.share_before, first.share_after) == (Fraction(1, 2), Fraction(0))
    assert (second.position.id, second.computed, second.quantity) == ("2", eur("-100.00"), Decimal("-0.5"))


def test_nothing_in_the_log_is_nothing_to_take_back() -> None:
    """A document may have had lines for information alone."""
    assert reversing_entries([], CANCELLATION) == []


def test_what_the_final_invoice_asked_for_stays_billed() -> None:
    """A down payment left open and cancelled: its sums move to the final invoice, and the state stays as it was."""
    log = [
        billed_entry("2000.00", document="k-1", shares=(0, Fraction(2, 5))),
        billed_entry("3000.00", document="k-final", shares=(Fraction(2, 5), 1), of=position(label="Phase 1a")),
    ]
    before = History.fold(log).positions
    reversing = reversing_entries(log[:1], CANCELLATION)
    log += [*reversing, *kept_by_final(reversing, before, "k-final")]
    moved = log[-1]
    assert (moved.document, moved.kind, moved.computed, moved.quantity) == (
        "k-final",
        BilledKind.BILLED,
        eur("2000.00"),
        Decimal(0),
    )
    after = History.fold(log).positions["A1/1"]
    assert (after.computed, after.invoiced, after.share, after.terms, after.vanished) == (
        before["A1/1"].computed,
        before["A1/1"].invoiced,
        before["A1/1"].share,
        before["A1/1"].terms,
        before["A1/1"].vanished,
    )
    log += reversing_entries([entry for entry in log if entry.document == "k-final"], CANCELLATION)
    assert not History.fold(log).positions["A1/1"].computed


@given(st.lists(st.integers(0, 100), min_size=1, max_size=6), st.data())
def test_whatever_is_cancelled_is_due_again(shares: list[int], data: st.DataObject) -> None:
    """Any document of a row of them: the next plan asks for exactly its amount, and the sum is what is due."""
    ours = books(position())
    documents: list[PlannedDocument] = []
    for share in sorted(shares):
        ours.readings = []
        documents += ours.bill(JAN, reading(f"{share} %")).documents
    if not documents:
        return
    gone = data.draw(st.sampled_from(documents))
    entries = [entry for entry in ours.log if entry.document == gone.invoice.key]
    ours.log += reversing_entries(entries, CANCELLATION)
    assert nets(ours.bill(JAN)) == {"A1/1": str(gone.invoice.net.amount)}
    assert ours.state().computed == eur(50 * max(shares))
    assert ours.plan(JAN).documents == ()
