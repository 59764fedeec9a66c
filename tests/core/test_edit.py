"""A person changes a draft line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.billed import BilledEntry, BilledKind, History
from connector.core.edit import LineEdit, NoSuchLineError, NothingBilledError, edit_entry, edited
from connector.core.invoice import DocumentKind
from connector.core.reason import step
from tests.core.books import FEB, JAN, books, nets, the_document
from tests.core.builders import billed_entry, eur, invoice, line, position, reading, vat_decision, vat_rate

ON = date(2026, 2, 2)


def change(
    number: int = 1, *, text: str | None = None, quantity: str | None = None, unit_price: str | None = None
) -> LineEdit:
    """Return Ada's wish of 2 February."""
    amount = None if quantity is None else Decimal(quantity)
    price = None if unit_price is None else Decimal(unit_price)
    return LineEdit(number, "Ada", ON, "as agreed", text, amount, price)


def test_a_new_price_changes_net_vat_and_gross() -> None:
    """Everything below the line is summed anew."""
    after = edited(invoice(), change(unit_price="4000"))
    assert [str(each.amount) for each in (after.lines[0].net, after.net, after.tax, after.gross)] == [
        "4000.00",
        "4000.00",
        "760.00",
        "4760.00",
    ]


def test_quantity_and_price_are_multiplied_and_rounded_once() -> None:
    """1.5 × 33.333 is 50.00."""
    after = edited(invoice(), change(quantity="1.5", unit_price="33.333"))
    assert (after.lines[0].quantity, after.lines[0].net) == (Decimal("1.5"), eur("50.00"))


def test_a_new_text_changes_no_amount() -> None:
    """Only the words differ; the reason still tells who did it."""
    before = invoice()
    after = edited(before, change(text="Phase 1"))
    assert (after.lines[0].text, after.net) == ("Phase 1", before.net)
    assert after.lines[0].reason[-1] == step(
        "edited", computed="5000.00 EUR", invoiced="5000.00 EUR", who="Ada", on="2026-02-02", comment="as agreed"
    )


def test_the_other_lines_stay_as_they_are() -> None:
    """One line of three, at another rate: only its VAT row moves."""
    before = invoice(line("100.00"), line("200.00", vat=vat_decision(vat_rate(7))), line("300.00"))
    after = edited(before, change(2, quantity="0.5"))
    assert [str(each.net.amount) for each in after.lines] == ["100.00", "100.00", "300.00"]
    assert [str(row.tax.amount) for row in after.vat] == ["76.00", "7.00"]
    assert (after.key, after.lines[0], after.lines[2]) == (before.key, before.lines[0], before.lines[2])


@pytest.mark.parametrize("number", [0, -1, 2])
def test_a_line_that_is_not_there_cannot_be_edited(number: int) -> None:
    """The error names the document and the lines it has."""
    with pytest.raises(NoSuchLineError, match=rf"document k-0001 has lines 1 to 1, not {number}"):
        edited(invoice(), change(number))


def test_a_numbered_document_is_named_by_its_number() -> None:
    """People know the number, not the key."""
    with pytest.raises(NoSuchLineError, match="document RE-7 has lines 1 to 1, not 2"):
        edited(invoice(number="RE-7"), change(2))


def test_the_kind_follows_the_sign() -> None:
    """An invoice edited below zero is a credit note, and the other way round; other kinds stay what they are."""
    credit = edited(invoice(), change(quantity="-1"))
    assert credit.kind is DocumentKind.CREDIT_NOTE
    assert edited(credit, change(quantity="1")).kind is DocumentKind.INVOICE
    assert edited(invoice(kind=DocumentKind.CORRECTION), change(quantity="-1")).kind is DocumentKind.CORRECTION


def test_the_entry_carries_the_difference_and_nothing_computed() -> None:
    """5,000 were computed and stay so; 4,000 are invoiced."""
    before, edit = invoice(), change(unit_price="4000")
    state = History.fold([billed_entry()]).positions["A1/1"]
    entry = edit_entry(before, edited(before, edit), edit, state)
    assert entry == BilledEntry(
        agreement="website",
        position=position(),
        document="k-0001",
        kind=BilledKind.EDITED,
        on=ON,
        share_before=Fraction(1),
        share_after=Fraction(1),
        quantity=Decimal(0),
        computed=eur("0.00"),
        invoiced=eur("-1000.00"),
        period=before.lines[0].period,
        who="Ada",
        comment="as agreed",
    )


def test_edits_of_edits_add_up() -> None:
    """450, then 425: 25 more than computed, and the next invoice is what it would have been."""
    ours = books(position("1", "1000"))
    draft = the_document(ours.bill(JAN, reading("40 %"))).invoice
    for price in ("1125", "1062.50"):
        edit = change(unit_price=price)
        after = edited(draft, edit)
        ours.log.append(edit_entry(draft, after, edit, ours.state()))
        draft = after
    assert (draft.net, ours.state().deviation) == (eur("425.00"), eur("25.00"))
    assert nets(ours.plan(FEB, reading("50 %", on=FEB))) == {"A1/1": "100.00"}


def test_an_edit_does_not_hide_a_later_change_of_the_position() -> None:
    """The terms of the log are those billed, edited or not."""
    ours = books(position("1", "1000"))
    draft = the_document(ours.bill(JAN, reading("40 %"))).invoice
    edit = change(unit_price="1125")
    ours.log.append(edit_entry(draft, edited(draft, edit), edit, ours.state()))
    assert ours.plan(FEB).problems == ()
    ours.offers = books(position("1", "1125")).offers
    assert [each.code for each in ours.plan(FEB).problems] == ["PositionChangedAfterBilling"]


def test_cancelling_an_edited_document_takes_the_edit_back() -> None:
    """Nothing was computed, nothing invoiced: all is due again."""
    ours = books(position("1", "1000"))
    draft = the_document(ours.bill(JAN, reading("40 %"))).invoice
    edit = change(unit_price="1125")
    ours.log.append(edit_entry(draft, edited(draft, edit), edit, ours.state()))
    ours.cancel(draft.key)
    assert (ours.state().computed, ours.state().invoiced) == (eur("0.00"), eur("0.00"))
    assert nets(ours.plan(FEB)) == {"A1/1": "400.00"}


def test_a_line_that_only_shows_a_position_cannot_be_edited() -> None:
    """Nothing of it is in the log that an edit could deviate from."""
    before, edit = invoice(line("0.00", position="A1/2")), change(quantity="2")
    with pytest.raises(NothingBilledError, match="line 1 shows A1/2, of which nothing is billed"):
        edit_entry(before, edited(before, edit), edit, None)
