"""The final invoice: when it is due, what it states, what it deducts (domain 7.3)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.agreement import (
    Agreement,
    Closing,
    DecreaseRule,
    FinalShape,
    Instalments,
    OverRule,
    ScheduleTerms,
    UnpaidRule,
)
from connector.core.document import PlannedDocument, VatDecider
from connector.core.final import DEDUCTION, DownPayment, deducted_by
from connector.core.invoice import DocumentKind, Invoice
from connector.core.money import Money
from connector.core.offer import Position
from connector.core.plan import Plan
from connector.core.readings import Reading
from connector.core.vat import VatCase, VatDecision
from tests.core.books import (
    FEB,
    JAN,
    MAR,
    Books,
    books,
    by_service,
    codes,
    printed,
    rests,
    standard_rate,
    the_document,
    the_problem,
)
from tests.core.builders import (
    agreement,
    eur,
    position,
    progress_terms,
    reading,
    reverse_charge,
    schedule_terms,
    three_phases,
    vat_decision,
    vat_rate,
)

AHEAD = Closing(Instalments.DOWN_PAYMENT)
FULL = replace(AHEAD, final=FinalShape.FULL)
LEFT_OPEN = replace(AHEAD, unpaid=UnpaidRule.LEAVE_OPEN)


def ahead(closing: Closing = AHEAD, **terms: Any) -> Agreement:  # noqa: ANN401 -- any field of ProgressTerms
    """Return an agreement with money asked for ahead."""
    return replace(agreement(replace(progress_terms(), **terms)), closing=closing)


def down_payment(invoice: Invoice, paid: Fraction | int = 1) -> DownPayment:
    """Return the document, of which such a part was paid."""
    return DownPayment(invoice, Money.of(invoice.gross.amount, invoice.currency, paid))


@dataclass
class Desk:
    """The books, and the documents as they were numbered and paid."""

    books: Books
    down: list[DownPayment] = field(default_factory=list)
    finals: frozenset[str] = frozenset()

    def plan(self, as_of: date, *readings: Reading, **others: Any) -> Plan:  # noqa: ANN401 -- any field of Facts
        """Return the plan of the day."""
        return self.books.plan(as_of, *readings, down_payments={"website": self.down}, finals=self.finals, **others)

    def bill(self, as_of: date, *readings: Reading, paid: Fraction | int = 1) -> Invoice:
        """Store the only document of the day, of which such a part was paid, and return it."""
        document = the_document(self.plan(as_of, *readings))
        invoice = self.store(document)
        self.down.append(down_payment(invoice, paid))
        return invoice

    def store(self, document: PlannedDocument) -> Invoice:
        """Write the log of the document and return it with its number."""
        self.books.log += document.log
        return replace(document.invoice, number=f"RE-{len(self.down) + 1}")

    def close(self, as_of: date = MAR, *readings: Reading) -> Invoice:
        """Store the final invoice and return it."""
        invoice = self.store(the_document(self.plan(as_of, *(readings or (reading(on=MAR),)))))
        self.finals = frozenset({"website"})
        return invoice


def desk(
    *positions: Position,
    closing: Closing = AHEAD,
    vat: VatDecider = standard_rate,
    **terms: Any,  # noqa: ANN401 -- as above
) -> Desk:
    """Return the books with one agreement that asks for money ahead; one position of 5,000.00 where none is given."""
    return Desk(books(*(positions or (position(),)), agreements=[ahead(closing, **terms)], vat=vat))


def half(on: date = JAN) -> Reading:
    """Return a reading of one half."""
    return reading("50 %", on=on)


def test_until_everything_is_complete_money_is_asked_for_ahead() -> None:
    """Each document is a partial invoice (326)."""
    invoice = desk().bill(JAN, half())
    assert (invoice.kind, invoice.kind.code, invoice.net) == (DocumentKind.PARTIAL, "326", eur("2500.00"))


def test_the_final_invoice_states_the_whole_and_deducts_what_was_paid() -> None:
    """5,000.00 less 2,500.00, taxed as it was; the log takes down what is new."""
    ours = desk()
    ours.bill(JAN, half())
    final = ours.close()
    assert final.kind is DocumentKind.FINAL
    assert [(line.text, printed(line), line.category) for line in final.lines] == [
        ("Position 1", "1 flat × 5000.00 = 5000.00", ""),
        ("abzüglich Abschlagsrechnung RE-1 vom 31.01.2026", "-1 flat × 2500.00 = -2500.00", DEDUCTION),
    ]
    assert (final.net, final.tax, final.prepaid) == (eur("2500.00"), eur("475.00"), eur("0.00"))
    assert (ours.books.state().computed, ours.books.state().invoiced) == (eur("5000.00"), eur("5000.00"))
    assert [step.rule for line in final.lines for step in line.reason if step.rule in ("whole", "deducted")] == [
        "whole",
        "deducted",
    ]


def test_the_full_shape_takes_it_as_prepaid() -> None:
    """The whole stays in the sums and the VAT; what is left to pay is less."""
    ours = desk(closing=FULL)
    ours.bill(JAN, half())
    final = ours.close()
    assert (final.net, final.gross, final.prepaid, final.payable) == (
        eur("5000.00"),
        eur("5950.00"),
        eur("2975.00"),
        eur("2975.00"),
    )
    [earlier] = final.prepayments
    assert (earlier.number, earlier.kind, earlier.net, earlier.gross, earlier.category) == (
        "RE-1",
        DocumentKind.PARTIAL,
        eur("2500.00"),
        eur("2975.00"),
        DEDUCTION,
    )
    assert final.notes == (
        "Abschlagsrechnung RE-1 vom 31.01.2026: 2.500,00 EUR netto, 475,00 EUR USt, 2.975,00 EUR brutto",
    )


def test_there_is_one_final_invoice() -> None:
    """Once it stands, nothing more is due; an amendment is an invoice of its own."""
    ours = desk()
    ours.bill(JAN, half())
    ours.close()
    assert ours.plan(MAR).documents == ()
    assert rests(ours.plan(MAR)) == {"A1/1": "complete"}
    ours.books.offers = [replace(ours.books.offers[0], positions=(position(), position("2", "100")))]
    amendment = the_document(ours.plan(MAR, reading(target="A1/2", on=MAR))).invoice
    assert (amendment.kind, amendment.net) == (DocumentKind.INVOICE, eur("100.00"))


def test_a_final_invoice_without_anything_due_is_still_made_and_remembered() -> None:
    """The last open position was given up: the whole is stated, 0.00 is left, and the next document has its own key."""
    ours = desk(position(), position("2", "100"))
    ours.bill(JAN, reading())
    ours.books.offers = [replace(ours.books.offers[0], positions=(position(),))]
    document = the_document(ours.plan(MAR))
    assert (document.invoice.kind, document.invoice.net) == (DocumentKind.FINAL, eur("0.00"))
    assert [(entry.computed, entry.invoiced) for entry in document.log] == [(eur("0.00"), eur("0.00"))]
    ours.close()
    ours.books.offers = [replace(ours.books.offers[0], positions=(position(), position("3", "70")))]
    assert the_document(ours.plan(MAR, reading(target="A1/3", on=MAR))).invoice.key != document.invoice.key


def test_partial_supplies_are_never_closed() -> None:
    """They are invoices of their own."""
    ours = books(position())
    ours.bill(JAN, half())
    assert the_document(ours.bill(MAR, reading(on=MAR))).invoice.kind is DocumentKind.INVOICE


@pytest.mark.parametrize("selection", [frozenset({"A1/1"}), frozenset()])
def test_a_part_is_not_the_whole(selection: frozenset[str]) -> None:
    """While positions are left out, there is no final invoice."""
    ours = desk(position(), position("2", "100"))
    both = (reading(), reading(target="A1/2"))
    plan = ours.plan(JAN, *both, selection={"website": selection})
    assert [document.invoice.kind for document in plan.documents] == [DocumentKind.PARTIAL] * len(selection)


def test_what_is_held_holds_the_final_invoice() -> None:
    """A position that changed after it was billed: somebody says first what was agreed."""
    ours = desk(position(), position("2", "100"))
    ours.bill(JAN, half(), reading("50 %", "A1/2"))
    ours.books.offers = [replace(ours.books.offers[0], positions=(position(), position("2", "90")))]
    plan = ours.plan(MAR, reading(on=MAR), reading(target="A1/2", on=MAR))
    assert (plan.documents, codes(plan)) == ((), ["PositionChangedAfterBilling"])


def test_unpaid_down_payments_hold_the_final_invoice() -> None:
    """The problem names them, and what to do."""
    ours = desk()
    ours.bill(JAN, reading("30 %"), paid=0)
    ours.bill(FEB, reading("60 %", on=FEB), paid=0)
    problem = the_problem(ours.plan(MAR, reading(on=MAR)))
    assert (problem.code, problem.agreement, problem.holds) == ("DownPaymentsUnpaid", "website", True)
    assert problem.message.endswith("not paid are: RE-1, RE-2")
    assert "honorar paid" in problem.hint


@pytest.mark.parametrize("closing", [LEFT_OPEN, replace(FULL, unpaid=UnpaidRule.LEAVE_OPEN)])
def test_unpaid_down_payments_may_be_left_open(closing: Closing) -> None:
    """They are not deducted: the final invoice asks for their money."""
    ours = desk(closing=closing)
    paid = ours.bill(JAN, reading("30 %"))
    unpaid = ours.bill(FEB, reading("60 %", on=FEB), paid=0)
    final = ours.close()
    assert final.payable == eur("4165.00")  # 3,500.00 and 665.00 VAT
    assert (deducted_by(final, paid), deducted_by(final, unpaid)) == (paid.net, None)
    assert ours.books.state().computed == ours.books.state().invoiced == eur("5000.00")


@pytest.mark.parametrize("closing", [LEFT_OPEN, replace(FULL, unpaid=UnpaidRule.LEAVE_OPEN)])
def test_what_is_deducted_has_a_number(closing: Closing) -> None:
    """A working name is none; what is not deducted need not have one (domain 7.6)."""
    ours = desk(closing=closing)
    ours.bill(JAN, reading("30 %"))
    ours.bill(FEB, reading("60 %", on=FEB), paid=0)
    ours.down = [replace(each, invoice=replace(each.invoice, number=f"E_000{at}")) for at, each in enumerate(ours.down)]
    problem = the_problem(ours.plan(MAR, reading(on=MAR)))
    assert (problem.code, problem.agreement) == ("EarlierNotNumbered", "website")
    assert problem.message.endswith("without a number are: E_0000")


def test_supplies_billed_before_are_deducted_paid_or_not() -> None:
    """An invoice from before the agreement asked for money ahead stays one; it is booked off where it was booked."""
    ours = desk(position(category="Phase 1"))
    invoice = replace(ours.bill(JAN, half()), kind=DocumentKind.INVOICE)
    ours.down = [down_payment(invoice, 0)]
    final = ours.close()
    assert [(line.text, line.category) for line in final.lines][1:] == [
        ("abzüglich Rechnung RE-1 vom 31.01.2026", "Phase 1")
    ]
    assert deducted_by(final, invoice) == invoice.net


def test_a_down_payment_paid_in_part_holds_the_final_invoice_too() -> None:
    """The problem says what is missing of it."""
    ours = desk()
    ours.bill(JAN, half(), paid=Fraction(2, 5))
    assert the_problem(ours.plan(MAR, reading(on=MAR))).message.endswith("not paid are: RE-1 (1785.00 EUR open)")


def test_of_a_down_payment_paid_in_part_that_part_is_deducted() -> None:
    """1,190.00 of 2,975.00 came in: 1,000.00 and 190.00 VAT; the final invoice asks for the rest of the whole."""
    ours = desk(closing=LEFT_OPEN)
    partly = ours.bill(JAN, half(), paid=Fraction(2, 5))
    final = ours.close()
    assert [(line.text, printed(line)) for line in final.lines][1:] == [
        ("abzüglich Teilzahlung auf Abschlagsrechnung RE-1 vom 31.01.2026", "-1 flat × 1000.00 = -1000.00")
    ]
    assert (final.net, final.tax) == (eur("4000.00"), eur("760.00"))
    assert deducted_by(final, partly) == eur("1000.00")


def test_the_full_shape_takes_the_part_that_was_paid_as_prepaid() -> None:
    """A cent for which there is no net with 19 % on it is no less prepaid."""
    ours = desk(closing=replace(LEFT_OPEN, final=FinalShape.FULL))
    ours.down = [DownPayment(ours.bill(JAN, half()), eur("0.03"))]
    final = ours.close()
    assert (final.prepaid, final.payable) == (eur("0.03"), eur("5949.97"))
    assert final.notes == (
        "Teilzahlung auf Abschlagsrechnung RE-1 vom 31.01.2026: 0,03 EUR netto, 0,00 EUR USt, 0,03 EUR brutto",
    )


def test_what_was_paid_in_part_is_split_between_the_rates() -> None:
    """A third of 2,975.00 with 19 % and of 535.00 with 7 % each."""
    decide = by_service(web=vat_decision(), rights=vat_decision(vat_rate(7), rule="mapping.toml:20"))
    ours = desk(position(service="web"), position("2", "1000", service="rights"), vat=decide, closing=LEFT_OPEN)
    ours.bill(JAN, half(), reading("50 %", "A1/2"), paid=Fraction(1, 3))
    assert [(row.gross, row.base) for row in ours.down[0].deducted] == [
        (eur("991.67"), eur("833.34")),
        (eur("178.33"), eur("166.66")),
    ]
    final = ours.close(MAR, reading(on=MAR), reading(target="A1/2", on=MAR))
    assert [line.vat.rule for line in final.lines][2:] == ["mapping.toml:10", "mapping.toml:20"]


def test_what_is_given_back_ahead_is_a_partial_invoice_too() -> None:
    """Progress went back: a negative one, which the final invoice deducts with the others."""
    ours = desk(on_decrease=DecreaseRule.CREDIT)
    ours.bill(JAN, half())
    back = ours.bill(FEB, reading("40 %", on=FEB))
    assert (back.kind, back.net) == (DocumentKind.PARTIAL, eur("-500.00"))
    final = ours.close()
    assert [line.net for line in final.lines] == [eur("5000.00"), eur("-2500.00"), eur("500.00")]
    assert [printed(line) for line in final.lines][2] == "1 flat × 500.00 = 500.00"


def test_the_whole_is_what_was_really_done() -> None:
    """With over = bill, 120 % of the position are its whole."""
    ours = desk(over=OverRule.BILL)
    ours.bill(JAN, half())
    final = ours.close(MAR, reading("120 %", on=MAR))
    assert [printed(line) for line in final.lines] == ["1.2 flat × 5000.00 = 6000.00", "-1 flat × 2500.00 = -2500.00"]


def test_an_edited_down_payment_is_deducted_as_it_was_printed() -> None:
    """The log shows no deviation in the end: the whole is stated, what was invoiced is taken off."""
    ours = desk()
    document = the_document(ours.plan(JAN, half()))
    [line] = document.invoice.lines
    [entry] = document.log
    cheaper = replace(line, net=eur("2000.00"), unit_price=Decimal(2000), quantity=Decimal(1))
    vat = tuple(replace(row, base=eur("2000.00"), tax=eur("380.00")) for row in document.invoice.vat)
    ours.books.log.append(replace(entry, invoiced=eur("2000.00")))
    ours.down.append(down_payment(replace(document.invoice, number="RE-1", lines=(cheaper,), vat=vat)))
    assert ours.close().net == eur("3000.00")
    assert ours.books.state().deviation == eur("0.00")


def test_each_rate_is_deducted_by_itself() -> None:
    """A down payment with two rates has two lines, each taxed as it was."""
    decide = by_service(web=vat_decision(), rights=vat_decision(vat_rate(7), rule="mapping.toml:20"))
    ours = desk(position(service="web"), position("2", "1000", service="rights"), vat=decide)
    ours.bill(JAN, half(), reading("50 %", "A1/2"))
    final = ours.close(MAR, reading(on=MAR), reading(target="A1/2", on=MAR))
    assert [(line.net, line.vat.rate.percent, line.vat.rule) for line in final.lines][2:] == [
        (eur("-2500.00"), Decimal(19), "mapping.toml:10"),
        (eur("-500.00"), Decimal(7), "mapping.toml:20"),
    ]
    assert [row.tax for row in final.vat] == [eur("475.00"), eur("35.00")]


def _reverse_charge_from_march(case: VatCase) -> VatDecision:
    return reverse_charge() if case.supplied_on >= MAR else vat_decision()


def test_a_down_payment_taxed_differently_has_a_document_of_its_own() -> None:
    """The customer moved abroad: the whole is reverse charge, and what was paid with 19 % is given back with 19 %."""
    ours = desk(vat=_reverse_charge_from_march)
    ours.bill(JAN, half())
    whole, back = (document.invoice for document in ours.plan(MAR, reading(on=MAR)).documents)
    assert [(each.kind, each.net, each.tax) for each in (whole, back)] == [
        (DocumentKind.FINAL, eur("5000.00"), eur("0.00")),
        (DocumentKind.FINAL, eur("-2500.00"), eur("-475.00")),
    ]


def test_the_full_shape_cannot_deduct_what_was_taxed_differently() -> None:
    """A prepaid amount has no VAT of its own: the operator chooses another way."""
    ours = desk(vat=_reverse_charge_from_march, closing=FULL)
    ours.bill(JAN, half())
    plan = ours.plan(MAR, reading(on=MAR))
    problem = the_problem(plan)
    assert (plan.documents, problem.code, problem.agreement) == ((), "PrepaidTaxedDifferently", "website")
    assert problem.message.endswith("is taxed differently from RE-1")


def test_each_final_invoice_takes_its_own_as_prepaid() -> None:
    """One document per tax treatment, then and now."""
    decide = by_service(web=vat_decision(), abroad=reverse_charge())
    ours = desk(position(service="web"), position("2", "1000", service="abroad"), vat=decide, closing=FULL)
    for document in ours.plan(JAN, half(), reading("50 %", "A1/2")).documents:
        ours.down.append(down_payment(ours.store(document)))
    finals = [each.invoice for each in ours.plan(MAR, reading(on=MAR), reading(target="A1/2", on=MAR)).documents]
    assert [[earlier.number for earlier in final.prepayments] for final in finals] == [["RE-1"], ["RE-2"]]
    assert [len(final.notes) for final in finals] == [1, 2]  # the second says why it carries no VAT


def test_instalments_are_closed_with_the_last_one() -> None:
    """A schedule states its instalments, and what they cover for information."""
    terms = ScheduleTerms(schedule_terms().instalments, list_positions=True)
    ours = Desk(books(*three_phases(), agreements=[replace(agreement(terms), closing=AHEAD)]))
    assert ours.bill(JAN).kind is DocumentKind.PARTIAL
    final = ours.close(FEB, reading(on=FEB))
    assert [(line.text, str(line.net.amount)) for line in final.lines] == [
        ("1. Abschlag", "15000.00"),
        ("2. Abschlag", "15000.00"),
        ("abzüglich Abschlagsrechnung RE-1 vom 31.01.2026", "-15000.00"),
    ]
    assert final.notes == ("Umfasst: Phase 1 – Audit; Phase 2 – Design; Phase 3 – Umsetzung",)


PARTS = st.sampled_from([0, 1]) | st.fractions(0, 1)

SHARES = st.lists(st.integers(1, 99), min_size=3, max_size=3)


@given(st.lists(SHARES, max_size=5), st.sampled_from(FinalShape), st.data())
def test_what_was_paid_and_the_rest_are_the_whole(
    months: list[list[int]], shape: FinalShape, data: st.DataObject
) -> None:
    """Whatever was asked for ahead, up and down, and whatever part of it was paid: to the cent."""
    closing = Closing(Instalments.DOWN_PAYMENT, shape, UnpaidRule.LEAVE_OPEN)
    phases = [position(str(n), price) for n, price in ((1, "4999.99"), (2, "10000.01"), (3, "333.33"))]
    ours = desk(*phases, closing=closing, on_decrease=DecreaseRule.CREDIT)
    for shares in months:
        read = (reading(f"{share} %", f"A1/{n}", on=JAN) for n, share in enumerate(shares, start=1))
        ours.books.readings = []
        for document in ours.plan(JAN, *read).documents:
            ours.down.append(down_payment(ours.store(document), data.draw(PARTS)))
    ours.books.readings = []
    final = ours.close(MAR, *(reading(target=f"A1/{n}", on=MAR) for n in (1, 2, 3)))

    nothing = eur("0.00")
    assert [Money.total((row.gross for row in each.deducted), "EUR") for each in ours.down] == [
        each.received for each in ours.down
    ]
    deducted = [deducted_by(final, each.invoice) or nothing for each in ours.down]
    assert deducted == [Money.total((row.base for row in each.deducted), "EUR") for each in ours.down]
    if shape is FinalShape.FULL:
        assert (final.net, final.prepaid) == (eur("15333.33"), Money.total((e.received for e in ours.down), "EUR"))
    else:
        assert final.net + Money.total(deducted, "EUR") == eur("15333.33")
    assert [ours.books.state(f"A1/{n}").computed for n in (1, 2, 3)] == [phase.total for phase in phases]
    assert [ours.books.state(f"A1/{n}").deviation for n in (1, 2, 3)] == [eur("0.00")] * 3
