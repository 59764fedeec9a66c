"""Down payments pass by revenue: what is asked for, what is deducted, in either shape (domain 7.3, 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from connector.core.booking import Booking, RevenueAccount
from connector.core.final import DEDUCTION
from connector.core.invoice import DocumentKind, Invoice, Prepayment, prepaid_by
from connector.core.money import Money
from connector.core.problems import Problem
from connector.core.reason import step
from connector.core.vat import vat_breakdown
from connector.mapping import Mapping, RevenueRule, book
from tests.core.builders import JANUARY, eur, invoice, line, vat_decision, vat_rate
from tests.mapping.rules import mapping

RULES = """
    [[debtor]]
    customer = "K1"
    account = "10001"

    [[revenue]]
    document_kind = "partial"
    account = "1593"
    automatic = false
    vat_when_paid = true

    [[revenue]]
    category = "deduction"
    vat_category = "S"
    rate = "19"
    account = "1718"
    automatic = true
    text = "Abschlag {period}"

    [[revenue]]
    category = "deduction"
    vat_category = "S"
    rate = "7"
    account = "1711"
    automatic = true

    [[revenue]]
    service = "web"
    vat_category = "S"
    rate = "19"
    account = "8400"
    automatic = true

    [[revenue]]
    service = "rights"
    vat_category = "S"
    rate = "7"
    account = "8300"
    automatic = true
    """

REDUCED = vat_decision(vat_rate(7))


def booked(document: Invoice) -> Booking:
    """Return the booking; the test fails where the mapping has a hole."""
    result = book(mapping(RULES), document)
    assert isinstance(result, Booking), result
    return result


def held(document: Invoice, rules: Mapping) -> tuple[Problem, ...]:
    """Return the holes."""
    result = book(rules, document)
    assert isinstance(result, tuple)
    return result


def accounts(booking: Booking) -> list[tuple[str, str, str]]:
    """Return account, gross and adjustment of each row."""
    return [(row.revenue.account, str(row.gross.amount), str(row.adjustment.amount)) for row in booking.rows]


def prepayment(*nets: tuple[str, int], number: str = "RE-1") -> Prepayment:
    """Return a down payment of these nets and rates."""
    vat = vat_breakdown([(vat_rate(rate), eur(net)) for net, rate in nets], "EUR")
    return Prepayment(number, DocumentKind.PARTIAL, JANUARY.last_day, vat, DEDUCTION, "web", "WEB", JANUARY)


def final(*lines: str, prepaid: Sequence[Prepayment] = (), deducted: Sequence[str] = ()) -> Invoice:
    """Return a final invoice of lines for the web, with deductions as lines, or as prepaid."""
    stated = [line(net, service="web") for net in lines]
    taken_off = [line(f"-{net}", service="web", category=DEDUCTION) for net in deducted]
    document = invoice(*stated, *taken_off, number="RE-4", kind=DocumentKind.FINAL)
    return replace(document, prepayments=tuple(prepaid), prepaid=prepaid_by(prepaid, "EUR"))


def test_what_is_asked_for_ahead_waits_gross_on_an_account_of_its_own() -> None:
    """Its VAT is due when it is paid, so the row takes no tax key and the account no VAT."""
    asked = booked(invoice(line("1710.50", service="web"), kind=DocumentKind.PARTIAL))
    assert asked.rows[0].revenue == RevenueAccount("1593", automatic=False, vat_when_paid=True)
    assert accounts(asked) == [("1593", "2035.50", "0.00")]
    assert accounts(booked(invoice(line("1710.50", service="web")))) == [("8400", "2035.50", "0.00")]
    assert "row_vat_when_paid" in [each.rule for each in asked.rows[0].reason]


def test_deducted_lines_are_taken_off_with_the_vat_they_had() -> None:
    """325.00, 1,258.34 and 2,406.67 are a cent more than 19 % of their sum: the revenue takes it, openly."""
    document = final("30000.00", deducted=["1710.50", "6622.83", "12666.67"])
    assert document.tax == eur("1710.00")
    assert accounts(booked(document)) == [("8400", "35700.01", "0.01"), ("1718", "-24990.01", "-0.01")]
    assert booked(document).rows[1].text == "Abschlag 01/2026"


def test_where_all_is_deducted_the_document_decides() -> None:
    """Nothing else is there to take the cent."""
    document = final(deducted=["1710.50", "6622.83", "12666.67"])
    assert accounts(booked(document)) == [("1718", "-24990.00", "0.00")]


def test_prepaid_documents_are_rows_of_their_own() -> None:
    """One per document and VAT rate, with the VAT it had; the rows add up to what is left to pay."""
    earlier = prepayment(("1710.50", 19), ("100.00", 7))
    document = final("30000.00", prepaid=[earlier, prepayment(("6622.83", 19), number="RE-2")])
    booking = booked(document)
    assert accounts(booking) == [
        ("8400", "35700.00", "0.00"),
        ("1718", "-2035.50", "0.00"),
        ("1711", "-107.00", "0.00"),
        ("1718", "-7881.17", "0.00"),
    ]
    assert Money.total((row.gross for row in booking.rows), "EUR") == document.payable
    row = booking.rows[1]
    assert (row.net, row.lines, row.rules, row.supplied_on) == (
        eur("-1710.50"),
        (),
        ("revenue:2",),
        JANUARY.last_day,
    )
    assert (row.text, booking.rows[2].text) == ("Abschlag 01/2026", "RE-4 Müller & Söhne GmbH")
    found = step("row_prepaid", document="RE-1", account="1718", found_at="revenue:2", gross="-2035.50 EUR")
    assert row.reason == (found,)


def test_a_prepaid_document_of_nothing_has_no_row() -> None:
    """It stands on the document for reference alone."""
    assert accounts(booked(final("100.00", prepaid=[prepayment(("0.00", 19))]))) == [("8400", "119.00", "0.00")]


WEB_ALONE = """
    [[debtor]]
    customer = "K1"
    account = "10001"

    [[revenue]]
    category = "Web"
    vat_category = "S"
    rate = "19"
    account = "8400"
    automatic = true
    """


@pytest.mark.parametrize(
    ("document", "place", "condition"),
    [
        (
            invoice(line(), kind=DocumentKind.PARTIAL),
            "document of website, customer K1, 2026-01-01 to 2026-01-31, line 1",
            'document_kind = "partial"',
        ),
        (final(deducted=["1.00"]), "document RE-4, line 1", 'category = "deduction"'),
        (
            replace(
                final("3.00"),
                lines=(line("3.00", category="Web"),),
                prepaid=eur("2.38"),
                prepayments=(prepayment(("1.00", 19)), prepayment(("1.00", 19), number="RE-2")),
            ),
            "document RE-4, prepaid RE-1, RE-2",
            'category = "deduction"',
        ),
    ],
)
def test_without_an_account_of_their_own_they_are_held(document: Invoice, place: str, condition: str) -> None:
    """The hint shows the head of the rule to add, which is none for their service."""
    [problem] = held(document, mapping(WEB_ALONE))
    assert (problem.code, problem.place) == ("MissingRevenueAccount", place)
    assert problem.hint.splitlines()[:3] == ["add to mapping.toml:", "[[revenue]]", condition]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"document_kind": "invoice"},
        {"document_kind": "partial", "automatic": True, "vat_category": "S", "rate": "19"},
        {"document_kind": "partial", "tax_key": "3", "vat_category": "S", "rate": "19"},
    ],
)
def test_vat_waits_only_for_down_payments_on_plain_accounts(more: dict[str, object]) -> None:
    """On any other, gross would be booked as net."""
    with pytest.raises(ValidationError, match="vat_when_paid is for down payments"):
        RevenueRule.model_validate({"account": "1593", "automatic": False, "vat_when_paid": True} | more)


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_rule_may_ask_for_the_kind_of_document(kind: DocumentKind) -> None:
    """Any kind can be told from the others."""
    rules = mapping(f"""
        [[debtor]]
        customer = "K1"
        account = "10001"

        [[revenue]]
        document_kind = "{kind}"
        vat_category = "S"
        rate = "19"
        account = "8401"
        automatic = true

        [[revenue]]
        vat_category = "S"
        rate = "19"
        account = "8400"
        automatic = true
        """)
    chosen = [each for each in DocumentKind if "8401" in str(book(rules, invoice(line("1.00"), kind=each)))]
    assert chosen == [kind]


def test_a_correction_knows_what_it_reverses() -> None:
    """Its booking carries the number of the document that it takes back."""
    correction = replace(invoice(line("-1.00", service="web"), kind=DocumentKind.CORRECTION), corrects="RE-1")
    assert booked(correction).reverses == "RE-1"


nets = st.lists(st.integers(-(10**7), 10**7), max_size=12)


@given(nets, nets, st.booleans())
def test_rows_add_up_to_what_is_left_to_pay(stated: list[int], paid: list[int], full: bool) -> None:  # noqa: FBT001 -- drawn
    """Any lines and any deductions in either shape: to the cent, and every deduction with the VAT it had."""
    lines = [line(Decimal(cents).scaleb(-2), service="web") for cents in [*stated, 1]]
    earlier = [prepayment((str(Decimal(cents).scaleb(-2)), 19)) for cents in paid]
    if full:
        document = invoice(*lines, kind=DocumentKind.FINAL)
        document = replace(document, prepayments=tuple(earlier), prepaid=prepaid_by(earlier, "EUR"))
    else:
        taken = [line(-Decimal(cents).scaleb(-2), service="web", category=DEDUCTION) for cents in paid]
        document = invoice(*lines, *taken, kind=DocumentKind.FINAL)
    rows = booked(document).rows
    assert Money.total((row.gross for row in rows), "EUR") == document.payable
    if sum(stated, 1) and sum(paid):
        ahead = Money.total((row.gross for row in rows if row.revenue.account == "1718"), "EUR")
        assert -ahead == Money.total((each.gross for each in earlier), "EUR")
