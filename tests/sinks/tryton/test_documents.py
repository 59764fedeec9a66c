from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.booking import Booking
from connector.core.invoice import InvoiceLine
from connector.core.money import Money
from connector.core.quantity import Unit
from connector.core.vat import VatCategory
from connector.http.bodies import as_json
from connector.sinks.tryton.documents import References, Tax, UnitThere, body_of, treatment
from tests.core.builders import FEBRUARY, line, party, reverse_charge, vat_decision, vat_rate
from tests.sinks.tryton_world import API_KEY, DATABASE, document, hours
from tests.standins import Asked, tryton
from tests.standins._tryton_json import Record, told

NINETEEN = Tax(1, "USt 19 %", Decimal(19), 3, 4)
SEVEN = Tax(2, "USt 7 %", Decimal(7), 5, 6, "ermäßigt")
HOUR = UnitThere(1, "h", 2)


def references(booking: Booking, **changes: Any) -> References:  # noqa: ANN401 - any field
    """Return the ids of everything the document refers to."""
    lines = booking.invoice.lines
    by_percent = {Decimal(19): NINETEEN, Decimal(7): SEVEN, Decimal(0): None}
    refers = References(
        company=1,
        journal=1,
        party=7,
        address=8,
        receivable=1,
        currency=1,
        accounts={each.number: 2 for each in lines},
        taxes={each.number: by_percent[each.vat.rate.percent] for each in lines},
        units={Unit.HOUR: HOUR},
    )
    return replace(refers, **changes)


def body(*lines: InvoiceLine, **changes: Any) -> Record:  # noqa: ANN401 - any field of an invoice
    """Return the body of a document of these lines, with values as Python has them."""
    made = document(*lines, **changes)
    return dict(told(body_of(made, references(made))))


def lines_of(sent: Record) -> list[Record]:
    """Return the lines that are created along."""
    [[_, lines]] = sent["lines"]
    return list(lines)


def rows_of(sent: Record) -> list[tuple[int, int, Decimal, Decimal]]:
    """Return tax, account, base and amount of the rows that are created along."""
    [[_, rows]] = sent["taxes"]
    return [(each["tax"], each["account"], each["base"], each["amount"]) for each in rows]


def test_the_document_carries_our_key_and_days() -> None:
    """The due date is written as it is; the number is Tryton's business."""
    made = document(notes=("Danke!",), number="E_0001")
    sent = told(body_of(replace(made, order_number="B-17"), references(made)))
    assert (sent["type"], sent["reference"], sent["description"]) == ("out", made.invoice.key, "B-17")
    assert (sent["invoice_date"], sent["payment_term_date"]) == (made.invoice.issue_date, made.invoice.due_date)
    assert sent["comment"] == "Danke!\nLeistungszeitraum 01.01.2026 bis 31.01.2026"
    assert "number" not in sent


def test_a_line_is_quantity_and_price() -> None:
    """With account, tax, unit, and the day the tax is asked for."""
    [sent] = lines_of(body(hours("7.30", "120.50")))
    assert (sent["quantity"], sent["unit"], sent["unit_price"]) == (Decimal("7.30"), HOUR.id, Decimal("120.50"))
    assert (sent["account"], sent["taxes"], sent["taxes_date"].isoformat()) == (2, [["add", [1]]], "2026-01-31")
    assert sent["description"] == "Beratung"


@pytest.mark.parametrize(
    ("quantity", "price", "text"),
    [
        ("0.5", "0.01", "0.5 h × 0.01"),  # 0.005: up here, to the even cent there
        ("-0.5", "0.01", "-0.5 h × 0.01"),
        ("2", "10.12345", "2 h × 10.12345"),
        ("1234567890.123456", "0.01", "1234567890.123456 h × 0.01"),
    ],
    ids=["half", "half below zero", "fine price", "long quantity"],
)
def test_what_tryton_would_count_differently_goes_out_once(quantity: str, price: str, text: str) -> None:
    """With its amount as price, and what it is made of in the text."""
    made = hours(quantity, price)
    [sent] = lines_of(body(made))
    assert sent["quantity"] * sent["unit_price"] == made.net.amount
    assert abs(sent["quantity"]) == 1
    assert sent["description"] == f"Beratung\n{text}"


def test_a_unit_that_is_not_there_is_left_out_of_the_text() -> None:
    """The count stays."""
    made = replace(hours("0.5", "0.01"), unit=Unit.MONTH)
    [sent] = lines_of(body(made))
    assert (sent["unit"], sent["description"]) == (None, "Beratung\n0.5 × 0.01")


def test_a_quantity_finer_than_its_unit_goes_without_it() -> None:
    """Hours have two decimals there."""
    [sent] = lines_of(body(hours("3.333", "100")))
    assert (sent["quantity"], sent["unit"]) == (Decimal("3.333"), None)


def test_a_line_with_days_of_its_own_names_them() -> None:
    """In the customer's language; the whole span stands below."""
    sent = body(line(), line("100.00", period=FEBRUARY), buyer=party(language="en"))
    assert [each["description"] for each in lines_of(sent)] == [
        "Phase 1 – Audit\nService period 2026-01-01 to 2026-01-31",
        "Phase 1 – Audit\nService period 2026-02-01 to 2026-02-28",
    ]
    assert sent["comment"] == "Service period 2026-01-01 to 2026-02-28"


def test_vat_goes_along_by_rate_and_sign() -> None:
    """What is deducted stands on the account for credits; the last row of a rate takes the cents."""
    seven = vat_decision(vat_rate(7))
    sent = body(line("1000.03"), line("-900.06"), line("0.00"), line("50.00", vat=seven))
    assert rows_of(sent) == [
        (1, 3, Decimal("1000.03"), Decimal("190.01")),
        (1, 4, Decimal("-900.06"), Decimal("-171.02")),
        (2, 5, Decimal("50.00"), Decimal("3.50")),
    ]
    [[_, rows]] = sent["taxes"]
    assert [row.get("legal_notice") for row in rows] == [None, None, "ermäßigt"]
    assert {row["manual"] for row in rows} == {False}


def test_a_treatment_without_a_tax_has_no_rows() -> None:
    """Reverse charge, where no tax is named for it."""
    sent = body(line(vat=reverse_charge()), notes=("Reverse Charge",))
    assert (rows_of(sent), lines_of(sent)[0]["taxes"]) == ([], [])


def test_the_lines_of_a_correction_name_what_they_take_back() -> None:
    """One by one."""
    made = document(line("-10.00"), line("-20.00"))
    sent = body_of(made, references(made, origins=(11, 12)))
    assert [each["origin"] for each in lines_of(sent)] == ["account.invoice.line,11", "account.invoice.line,12"]
    assert "origin" not in lines_of(body())[0]


def test_treatments_are_named_by_category_and_rate() -> None:
    """Without a rate where there is none, and without needless zeros."""
    rates = [vat_rate("19.00"), vat_rate("10.70"), vat_rate(0, VatCategory.REVERSE_CHARGE)]
    assert [treatment(rate) for rate in rates] == ["S 19", "S 10.7", "AE"]


NETS = st.integers(-(10**7), 10**7).map(lambda cents: line(str(Decimal(cents) / 100)))
COUNTED = st.builds(
    lambda count, price, sign: hours(str(sign * Decimal(count) / 10000), str(Decimal(price) / 100000)),
    st.integers(1, 10**7),
    st.integers(1, 10**8),
    st.sampled_from([1, -1]),
)
LINES = st.lists(st.one_of(NETS, COUNTED), min_size=1, max_size=8)


@given(lines=LINES, percents=st.lists(st.sampled_from([19, 7]), min_size=8, max_size=8))
def test_whatever_is_on_it_tryton_comes_to_our_amounts(lines: list[InvoiceLine], percents: list[int]) -> None:
    """To the cent, though it rounds otherwise."""
    taxed = [replace(each, vat=vat_decision(vat_rate(rate))) for each, rate in zip(lines, percents, strict=False)]
    made = document(*taxed)
    accounts = dict.fromkeys((each.number for each in made.invoice.lines), 2)
    taxes = {each.number: _there(each) for each in made.invoice.lines}
    sent = body_of(made, replace(references(made), accounts=accounts, taxes=taxes))
    headers = {"authorization": f"Bearer {API_KEY}"}
    fields = ["untaxed_amount", "tax_amount", "total_amount"]
    asked = Asked("POST", f"/{DATABASE}/rest/model/account.invoice", {"f": fields}, headers, as_json(sent))
    found = tryton.api().answer(asked)
    assert found.status == 200, found.body
    assert [Money.of(told(found.body[name]), "EUR") for name in fields] == [
        made.invoice.net, made.invoice.tax, made.invoice.gross,
    ]  # fmt: skip


def _there(made: InvoiceLine) -> Tax:
    """Return the tax as the stand-in has it, with one account for both signs."""
    tax = NINETEEN if made.vat.rate.percent == 19 else SEVEN
    return replace(tax, invoiced=1, credited=1)
