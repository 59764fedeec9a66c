from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.invoice import DocumentKind, Invoice, InvoiceError, InvoiceLine, Prepayment, breakdown_of
from connector.core.money import CurrencyMismatchError, Money, rounded
from connector.core.period import Period
from connector.core.vat import VatCategory
from tests.core.builders import FEBRUARY, JANUARY, eur, invoice, line, reverse_charge, vat_decision, vat_rate


def with_lines(*lines: InvoiceLine) -> Invoice:
    """Return a document of exactly these lines, numbered or not, with the VAT they ask for."""
    return replace(invoice(), lines=lines, vat=breakdown_of(lines, "EUR"))


def test_kinds_have_their_document_codes() -> None:
    """Invoice 380, partial 326, final 380, correction 384, credit note 381 (domain 7.1, UNTDID 1001)."""
    assert {kind.value: kind.code for kind in DocumentKind} == {
        "invoice": "380",
        "partial": "326",
        "final": "380",
        "correction": "384",
        "credit_note": "381",
    }


@pytest.mark.parametrize(
    ("quantity", "price", "net"),
    [
        ("0.3333", "10000.00", "3333.00"),
        ("1.5", "110.333333", "165.50"),
        ("0.05", "0.10", "0.01"),
        ("-0.05", "0.10", "-0.01"),
        ("0", "99.00", "0.00"),
    ],
)
def test_a_line_is_right_for_a_pocket_calculator(quantity: str, price: str, net: str) -> None:
    """Quantity × unit price as printed, rounded once, is the line net (domain 1.6)."""
    right = replace(line(), quantity=Decimal(quantity), unit_price=Decimal(price), net=eur(net))
    assert right.net == eur(net)
    with pytest.raises(InvoiceError, match=rf"line 1: .* is {net} EUR, not {eur(net) + eur('0.01')}"):
        replace(right, net=eur(net) + eur("0.01"))


def test_a_third_of_ten_thousand_cannot_be_printed_as_quantity_times_price() -> None:
    """3,333.33 is no multiple of 10,000.00 at four decimals, so it must be printed as 1 × amount (domain 3.6)."""
    with pytest.raises(InvoiceError, match=r"0\.3333 × 10000 is 3333\.00 EUR, not 3333\.33 EUR"):
        replace(line(), quantity=Decimal("0.3333"), unit_price=Decimal(10000), net=eur("3333.33"))
    assert line("3333.33").quantity == 1


@pytest.mark.parametrize("field", ["quantity", "unit_price"])
def test_a_line_takes_no_float(field: str) -> None:
    """A float is refused at the door (domain 1.1)."""
    with pytest.raises(TypeError, match="not float"):
        replace(line(), **{field: 1.0})  # type: ignore[arg-type] # refusing it is the point


@given(st.lists(st.tuples(st.integers(-(10**7), 10**7), st.sampled_from([19, 7])), min_size=1, max_size=15))
def test_the_sums_hold_to_the_cent(parts: list[tuple[int, int]]) -> None:
    """Net = Σ lines, tax per rate = round(base × rate), payable = gross − prepaid (domain 1.3, 7.5)."""
    lines = [line(Decimal(cents).scaleb(-2), vat=vat_decision(vat_rate(percent))) for cents, percent in parts]
    document = invoice(*lines, prepaid="12.34")
    assert document.net.amount == sum(each.net.amount for each in document.lines)
    for row in document.vat:
        nets = [each.net.amount for each in document.lines if each.vat.rate == row.rate]
        assert row.tax.amount == rounded(Fraction(sum(nets)) * Fraction(row.rate.percent) / 100, 2)
    assert document.tax.amount == sum(row.tax.amount for row in document.vat)
    assert document.gross == document.net + document.tax
    assert document.payable == document.gross - eur("12.34")


def test_the_worked_credit_of_domain_7_5() -> None:
    """−1,710.50 at 19 % is −325.00 VAT and −2,035.50 gross, signs kept."""
    credit = invoice(line("-1710.50"), kind=DocumentKind.CREDIT_NOTE)
    assert (credit.net, credit.tax, credit.gross) == (eur("-1710.50"), eur("-325.00"), eur("-2035.50"))


def test_a_document_spans_the_service_periods_of_its_lines() -> None:
    """The invoicing period (BG-14) reaches from the first to the last day of any line."""
    middle = Period(date(2026, 1, 20), date(2026, 2, 10))
    assert invoice(line(period=FEBRUARY), line(period=middle), line(period=JANUARY)).period == Period(
        JANUARY.start, FEBRUARY.end
    )


def test_a_document_has_lines() -> None:
    """A document without lines is refused."""
    with pytest.raises(InvoiceError, match="document k-0001: lines are numbered from 1 without a gap"):
        with_lines()


@pytest.mark.parametrize("numbers", [(1, 3), (0, 1), (2, 1), (1, 1)])
def test_lines_are_numbered_from_one_without_a_gap(numbers: tuple[int, int]) -> None:
    """A gap, another start, a wrong order and a repeat are refused."""
    with pytest.raises(InvoiceError, match="numbered from 1 without a gap"):
        with_lines(*(line(number=number) for number in numbers))


def test_one_document_has_one_tax_treatment() -> None:
    """Reverse charge never stands beside taxed lines (domain 7.1); two rates of one category may."""
    with pytest.raises(InvoiceError, match="one tax treatment"):
        invoice(line(), line(vat=reverse_charge()))
    assert len(invoice(line(), line(vat=vat_decision(vat_rate(7)))).vat) == 2


def test_the_breakdown_is_that_of_the_lines() -> None:
    """A document with another VAT than its lines have is refused."""
    document = invoice()
    with pytest.raises(InvoiceError, match="the VAT breakdown is not that of the lines"):
        replace(document, vat=(replace(document.vat[0], tax=eur("949.99")),))


def test_a_document_has_one_currency() -> None:
    """A line or a prepaid amount in another currency is refused (domain 7.1)."""
    francs = replace(line(), net=Money.of(5000, "CHF"))
    with pytest.raises(CurrencyMismatchError):
        invoice(francs)
    with pytest.raises(InvoiceError, match="prepaid in CHF, invoiced in EUR"):
        replace(invoice(), prepaid=Money.zero("CHF"))


def test_what_is_prepaid_is_the_sum_of_the_documents_named() -> None:
    """Each with its own VAT: 2,035.50 and 119.00, taken back with turned signs."""
    earlier = [
        Prepayment("RE-1", DocumentKind.PARTIAL, JANUARY.last_day, invoice(line(net)).vat, "", "", "WEB", JANUARY)
        for net in ("1710.50", "100.00")
    ]
    document = replace(invoice(), prepaid=eur("2154.50"), prepayments=tuple(earlier))
    assert document.payable == eur("3795.50")
    assert (earlier[0].net, earlier[0].gross, (-earlier[0]).gross) == (eur("1710.50"), eur("2035.50"), eur("-2035.50"))
    assert earlier[0].treatment == document.treatment == ("EUR", VatCategory.STANDARD)
    with pytest.raises(InvoiceError, match=r"2154\.49 EUR prepaid is not the sum of the documents it names"):
        replace(document, prepaid=eur("2154.49"))


def test_messages_name_a_document_by_its_number_or_by_what_it_is_about() -> None:
    """Before it has one: agreement, customer and service period, from the first day of any line to the last."""
    assert invoice(number="RE-2026-0001").name == "RE-2026-0001"
    february = replace(line(), period=FEBRUARY)
    assert invoice(line(), february).name == "of website, customer K1, 2026-01-01 to 2026-02-28"
