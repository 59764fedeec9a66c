"""From invoice to booking: accounts, rows that add up, texts, and holes that hold one document (domain 8)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.booking import Booking, RevenueAccount
from connector.core.invoice import Invoice, InvoiceLine
from connector.core.money import Money
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.reason import step
from connector.core.vat import VatDecision
from connector.mapping import Mapping, book
from tests.core.builders import (
    FEBRUARY,
    JANUARY,
    eur,
    invoice,
    line,
    party,
    reverse_charge,
    vat_decision,
    vat_rate,
)
from tests.mapping.rules import mapping

RULES = mapping("""
    [[debtor]]
    customer = "K1"
    account = "10001"

    [[revenue]]
    agreement = "special"
    account = "9999"
    automatic = false

    [[revenue]]
    service = "print"
    vat_category = "S"
    rate = "7"
    account = "8300"
    automatic = true

    [[revenue]]
    category = "Wartung"
    vat_category = "S"
    rate = "19"
    account = "8200"
    automatic = false
    tax_key = "3"
    cost_centre = "100"
    cost_unit = "P7"
    text = "Wartung {period}"

    [[revenue]]
    project = "OLD"
    vat_category = "S"
    rate = "19"
    valid_to = 2026-01-31
    account = "8401"
    automatic = true

    [[revenue]]
    vat_category = "S"
    rate = "19"
    account = "8400"
    automatic = true

    [[revenue]]
    vat_category = "AE"
    account = "8336"
    automatic = true

    [texts]
    booking = "{number} {customer} {agreement} {period}"
""")

REDUCED = vat_decision(vat_rate(7), rule="mapping.toml:30")


def booked(document: Invoice, rules: Mapping = RULES) -> Booking:
    """Return the booking; the test fails where the mapping has a hole."""
    result = book(rules, document)
    assert isinstance(result, Booking), result
    return result


def held(document: Invoice, rules: Mapping = RULES) -> tuple[Problem, ...]:
    """Return the holes; the test fails where there are none."""
    result = book(rules, document)
    assert isinstance(result, tuple)
    assert result
    return result


def test_debtor_and_revenue_account_come_with_their_rules() -> None:
    """The plain case: one line of 5,000.00 and 950.00 VAT, booked gross, with the places of the rules."""
    booking = booked(invoice(number="RE-1"))
    assert (booking.debtor, booking.debtor_rule) == ("10001", "debtor:1")
    (row,) = booking.rows
    assert row.revenue == RevenueAccount("8400", automatic=True)
    assert (row.net, row.gross, row.adjustment) == (eur("5000.00"), eur("5950.00"), eur("0.00"))
    assert row.rules == ("revenue:5", "mapping.toml:10")
    assert (row.lines, row.supplied_on) == ((1,), JANUARY.last_day)


def test_lines_with_the_same_account_and_rate_make_one_row_in_order_of_the_first() -> None:
    """Three lines, two accounts: two rows, the first for lines 1 and 3, up to its last day of service."""
    document = invoice(line("100.00"), line("10.00", category="Wartung"), line("200.00", period=FEBRUARY))
    rows = booked(document).rows
    assert [(row.revenue.account, row.lines, row.net) for row in rows] == [
        ("8400", (1, 3), eur("300.00")),
        ("8200", (2,), eur("10.00")),
    ]
    assert rows[0].supplied_on == FEBRUARY.last_day
    assert rows[1].revenue == RevenueAccount("8200", False, "3", "100", "P7")  # noqa: FBT003 -- a field of the core's value


def test_different_rates_make_different_rows() -> None:
    """19 % and 7 % on one document are two rows, each with its own VAT."""
    rows = booked(invoice(line("100.00"), line("100.00", service="print", vat=REDUCED))).rows
    assert [(row.revenue.account, row.gross) for row in rows] == [("8400", eur("119.00")), ("8300", eur("107.00"))]


def test_the_cent_left_over_goes_to_the_largest_row_openly() -> None:
    """0.02 + 0.02 at 19 %: each row rounds to 0.00, the document to 0.01; the first of the two takes it."""
    rows = booked(invoice(line("0.02"), line("0.02", category="Wartung"))).rows
    assert [(row.gross, row.adjustment) for row in rows] == [(eur("0.03"), eur("0.01")), (eur("0.02"), eur("0.00"))]
    assert step("row_adjustment", adjustment="0.01 EUR", tax="0.01 EUR") in rows[0].reason
    assert "row_adjustment" not in [each.rule for each in rows[1].reason]


def test_the_reason_of_a_row_leads_from_lines_to_gross() -> None:
    """Each row tells its lines, account, rule, VAT and gross."""
    (row,) = booked(invoice()).rows
    assert row.reason == (
        step("row_net", lines="1", net="5000.00 EUR"),
        step("row_account", account="8400", found_at="revenue:5"),
        step("row_tax", net="5000.00 EUR", percent="19", tax="950.00 EUR"),
        step("row_gross", net="5000.00 EUR", tax="950.00 EUR", gross="5950.00 EUR"),
    )


def test_reverse_charge_is_booked_without_vat() -> None:
    """Net is gross where the customer owes the VAT."""
    (row,) = booked(invoice(line("100.00", vat=reverse_charge()))).rows
    assert (row.revenue.account, row.gross) == ("8336", eur("100.00"))


def test_a_rule_ends_on_its_last_day_of_supply() -> None:
    """Service that ends in January finds the old account, service that ends in February the new one."""
    january, february = line("1.00", project="OLD"), line("1.00", project="OLD", period=FEBRUARY)
    assert [row.revenue.account for row in booked(invoice(january, february)).rows] == ["8401", "8400"]


def test_an_agreement_may_have_its_own_account() -> None:
    """The first rule holds for agreement 'special' only."""
    document = replace(invoice(line("1.00", vat=reverse_charge())), agreement="special")
    assert booked(document).rows[0].revenue.account == "9999"


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (JANUARY, "RE-1 Müller & Söhne GmbH website 01/2026"),
        (Period.inclusive(date(2026, 1, 5), date(2026, 1, 5)), "RE-1 Müller & Söhne GmbH website 05.01.2026"),
        (
            Period.inclusive(date(2026, 1, 1), date(2026, 2, 28)),
            "RE-1 Müller & Söhne GmbH website 01.01.2026-28.02.2026",
        ),
    ],
)
def test_the_booking_text_is_filled_in(period: Period, text: str) -> None:
    """Number, customer, agreement and service period stand where the template says."""
    assert booked(invoice(line("1.00", period=period), number="RE-1")).rows[0].text == text


def test_a_rule_may_have_its_own_text() -> None:
    """The text of the rule goes before the general one."""
    assert booked(invoice(line("1.00", category="Wartung"))).rows[0].text == "Wartung 01/2026"


def test_lines_without_an_amount_book_nothing() -> None:
    """A position shown for information needs no account and makes no row."""
    shown = line("0.00", service="unmapped", vat=REDUCED)
    booking = booked(invoice(line("100.00"), shown))
    assert [row.lines for row in booking.rows] == [(1,)]


def test_lines_that_cancel_each_other_book_nothing() -> None:
    """Plus and minus on one account leave no row, and nothing to share out."""
    assert booked(invoice(line("100.00"), line("-100.00"))).rows == ()


def test_a_credit_is_booked_with_its_sign() -> None:
    """A negative document has negative rows; −1,710.50 at 19 % is −325.00."""
    (row,) = booked(invoice(line("-1710.50"))).rows
    assert (row.net, row.gross) == (eur("-1710.50"), eur("-2035.50"))


def test_an_unknown_customer_holds_the_document() -> None:
    """The hint has the lines to add, and who may have been meant."""
    (problem,) = held(invoice(buyer=party("k1")))
    assert (problem.code, problem.place, problem.agreement) == (
        "MissingDebtor",
        "document of website, customer k1, 2026-01-01 to 2026-01-31",
        "website",
    )
    assert problem.hint.splitlines()[:3] == ["add to mapping.toml:", "[[debtor]]", 'customer = "k1"']
    assert problem.hint.endswith("(did you mean 'K1'?)")


def test_a_customer_like_no_other_gets_no_suggestion() -> None:
    """A list of all customers would bury the hint."""
    (problem,) = held(invoice(buyer=party("X-77"), number="RE-1"))
    assert "known" not in problem.hint
    assert problem.place == "document RE-1"


def test_every_hole_is_named_once_with_all_its_lines() -> None:
    """Two services without an account, one of them on two lines: two problems beside the missing debtor."""
    document = invoice(
        line("1.00", service="film", vat=REDUCED),
        line("2.00", service="audio", vat=REDUCED),
        line("3.00", service="film", vat=REDUCED),
        buyer=party("X-77"),
    )
    problems = held(document)
    assert [(problem.code, problem.place) for problem in problems] == [
        ("MissingDebtor", "document of website, customer X-77, 2026-01-01 to 2026-01-31"),
        ("MissingRevenueAccount", "document of website, customer X-77, 2026-01-01 to 2026-01-31, lines 1, 3"),
        ("MissingRevenueAccount", "document of website, customer X-77, 2026-01-01 to 2026-01-31, line 2"),
    ]
    assert all(problem.agreement == "website" for problem in problems)


def test_a_missing_account_names_the_lines_to_add() -> None:
    """The hint is the head of a rule for this service and VAT."""
    (problem,) = held(invoice(line("1.00", service="film", vat=REDUCED)))
    assert problem.hint.splitlines()[:5] == [
        "add to mapping.toml:",
        "[[revenue]]",
        'service = "film"',
        'vat_category = "S"',
        'rate = "7"',
    ]


def test_gross_is_never_booked_as_net() -> None:
    """An account that neither splits VAT nor has a tax key would take 119.00 as revenue."""
    rules = mapping("""
        [[debtor]]
        customer = "K1"
        account = "10001"
        [[revenue]]
        account = "8200"
        automatic = false
    """)
    (problem,) = held(invoice(), rules)
    assert problem.code == "MissingTaxKey"
    assert "revenue:1 would book gross amounts with 19 % VAT on account 8200" in problem.message
    assert booked(invoice(line("1.00", vat=reverse_charge())), rules).rows[0].gross == eur("1.00")


def _line(kind: tuple[int, str, VatDecision]) -> InvoiceLine:
    cents, category, vat = kind
    service = "print" if vat is REDUCED else ""
    return line(Decimal(cents).scaleb(-2), category="" if service else category, service=service, vat=vat)


lines = st.lists(
    st.tuples(
        st.integers(-(10**8), 10**8), st.sampled_from(["", "Wartung"]), st.sampled_from([vat_decision(), REDUCED])
    ),
    min_size=1,
    max_size=25,
).map(lambda kinds: [_line(kind) for kind in kinds])


@given(lines)
def test_rows_add_up_to_the_document(chosen: Sequence[InvoiceLine]) -> None:
    """Any lines of any sign: gross to the cent, nets untouched, every line with an amount in exactly one row."""
    document = invoice(*chosen)
    rows = booked(document).rows
    assert Money.total((row.gross for row in rows), "EUR") == document.gross
    assert Money.total((row.net for row in rows), "EUR") == document.net
    in_rows = [number for row in rows for number in row.lines]
    assert len(in_rows) == len(set(in_rows))
    assert {each.number for each in document.lines if not each.net}.isdisjoint(in_rows)
    for row in rows:
        assert abs(row.adjustment.amount) <= Decimal("0.01")
        assert row.gross - row.adjustment == row.net + row.vat.tax_on(row.net)
