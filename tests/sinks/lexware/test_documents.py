from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.invoice import DocumentKind, Invoice, InvoiceLine
from connector.core.party import Address
from connector.core.period import Period
from connector.core.quantity import Unit
from connector.core.vat import VatCategory
from connector.sinks.lexware.documents import KEY, body_of, moment, path_of, remark_of, tax_type_of
from connector.sinks.lexware.settings import XRechnung
from tests.core.builders import FEBRUARY, booking, eur, invoice, line, party, vat_decision, vat_rate
from tests.sinks.lexware.world import key_of, settings_of
from tests.standins._lexware_checks import SalesRules
from tests.standins._lexware_sums import priced, summed
from tests.support.transports import BERLIN

URL = "https://api.lexware.io"
CONTACT = "c-1"


def body(document: Invoice | None = None, **wishes: Any) -> dict[str, Any]:  # noqa: ANN401 - any setting
    """Return what is sent for the document."""
    return body_of(settings_of(URL, **wishes), booking(document or invoice(key=key_of(1))), CONTACT, BERLIN)


def hours(quantity: str, price: str, net: str) -> InvoiceLine:
    """Return a line of hours."""
    return replace(
        line(), quantity=Decimal(quantity), unit=Unit.HOUR, unit_price=Decimal(price), net=eur(net), text="Beratung"
    )


def test_an_invoice_says_who_what_when_and_until() -> None:
    """Everything the law asks for, and nothing that Lexware Office computes itself."""
    assert body() == {
        "language": "de",
        "voucherDate": "2026-01-31T00:00:00.000+01:00",
        "address": {
            "contactId": CONTACT,
            "name": "Müller & Söhne GmbH",
            "street": "Hauptstraße 1",
            "zip": "10115",
            "city": "Berlin",
            "countryCode": "DE",
        },
        "lineItems": [
            {
                "type": "custom",
                "name": "Phase 1 – Audit",
                "quantity": Decimal(1),
                "unitName": "pauschal",
                "unitPrice": {"currency": "EUR", "netAmount": Decimal("5000.00"), "taxRatePercentage": Decimal(19)},
            }
        ],
        "totalPrice": {"currency": "EUR"},
        "taxConditions": {"taxType": "net"},
        "title": "Rechnung",
        "remark": f"Unser Zeichen: {key_of(1)}",
        "paymentConditions": {"paymentTermLabel": "Zahlbar bis 14.02.2026 ohne Abzug", "paymentTermDuration": 14},
        "shippingConditions": {
            "shippingType": "serviceperiod",
            "shippingDate": "2026-01-01T00:00:00.000+01:00",
            "shippingEndDate": "2026-01-31T00:00:00.000+01:00",
        },
    }


def test_an_english_customer_reads_english() -> None:
    """Title, unit, terms and periods."""
    lines = (line(), line(period=FEBRUARY))
    told = body(invoice(*lines, buyer=party(language="en")))
    assert (told["language"], told["title"]) == ("en", "Invoice")
    assert told["paymentConditions"]["paymentTermLabel"] == "Payable by 14 February 2026"
    assert [each["description"] for each in told["lineItems"]] == [
        "Service period 2026-01-01 to 2026-01-31",
        "Service period 2026-02-01 to 2026-02-28",
    ]


def test_a_single_day_of_service_is_a_date() -> None:
    """Not a period."""
    day = Period.inclusive(date(2026, 7, 1), date(2026, 7, 1))
    told = body(invoice(line(period=day)))["shippingConditions"]
    assert told == {"shippingType": "service", "shippingDate": "2026-07-01T00:00:00.000+02:00"}


def test_a_due_date_before_the_issue_is_at_once() -> None:
    """No negative days are sent."""
    told = body(invoice(due_date=date(2026, 1, 1)))
    assert told["paymentConditions"]["paymentTermDuration"] == 0


def test_a_credit_note_turns_the_signs() -> None:
    """Amounts are positive there; it ships nothing and is due nowhere."""
    told = body(invoice(line("-100.00"), line("40.00"), kind=DocumentKind.CREDIT_NOTE))
    assert path_of(invoice(line("-100.00"))) == "credit-notes"
    assert [(each["quantity"], each["unitPrice"]["netAmount"]) for each in told["lineItems"]] == [
        (Decimal(1), Decimal("100.00")),
        (Decimal(-1), Decimal("40.00")),
    ]
    assert told["title"] == "Kaufmännische Gutschrift"
    assert not {"shippingConditions", "paymentConditions"} & told.keys()


@pytest.mark.parametrize(("where", "quantity", "price"), [("quantity", -1, 40), ("price", 1, -40)])
def test_a_deduction_carries_its_minus_where_it_is_wanted(where: str, quantity: int, price: int) -> None:
    """On the quantity, unless Lexware Office wants it on the price."""
    *_, deducted = body(invoice(line("100.00"), line("-40.00")), negative_lines=where)["lineItems"]
    assert (deducted["quantity"], deducted["unitPrice"]["netAmount"]) == (quantity, price)


@pytest.mark.parametrize(
    ("quantity", "price", "net", "sent"),
    [
        ("1.5", "120.00", "180.00", ("1.5", "120.00", "Stunde", None)),
        ("1.2345", "0.0001", "0.00", ("1.2345", "0.0001", "Stunde", None)),
        ("100", "0.123456", "12.35", ("1", "12.35", "pauschal", "100 Stunde × 0.123456")),
        ("-100", "0.123456", "-12.35", ("-1", "12.35", "pauschal", "-100 Stunde × 0.123456")),
        ("0.33333", "100.00", "33.33", ("1", "33.33", "pauschal", "0.33333 Stunde × 100.00")),
    ],
)
def test_what_has_too_many_decimals_becomes_one_amount(
    quantity: str, price: str, net: str, sent: tuple[str, str, str, str | None]
) -> None:
    """The form is adapted, never the amount."""
    (told, *_) = body(invoice(hours(quantity, price, net), line("1000.00")))["lineItems"]
    assert (str(told["quantity"]), str(told["unitPrice"]["netAmount"]), told["unitName"]) == sent[:3]
    assert told.get("description") == sent[3]


def test_texts_stand_where_people_look_for_them() -> None:
    """Notes and our own text below, the key last; what the VAT rests on with the tax type."""
    note = "Steuerschuldnerschaft des Leistungsempfängers"
    decision = vat_decision(vat_rate(0, VatCategory.REVERSE_CHARGE), note=note)
    document = invoice(line(vat=decision), key=key_of(7), notes=("Umfasst: Konzept", note))
    told = body(document, introduction="Guten Tag", remark="Danke", key_text="({key})")
    assert told["introduction"] == "Guten Tag"
    assert told["remark"] == f"Umfasst: Konzept\nDanke\n({key_of(7)})"
    assert told["taxConditions"] == {"taxType": "constructionService13b", "taxTypeNote": note}
    assert KEY.findall(told["remark"]) == [key_of(7)]


@pytest.mark.parametrize(
    ("category", "country", "expected"),
    [
        (VatCategory.STANDARD, "DE", "net"),
        (VatCategory.REVERSE_CHARGE, "AT", "externalService13b"),
        (VatCategory.REVERSE_CHARGE, "DE", "constructionService13b"),
        (VatCategory.OUTSIDE_SCOPE, "CH", "thirdPartyCountryService"),
        (VatCategory.OUTSIDE_SCOPE, "DE", "vatfree"),
        (VatCategory.EXEMPT, "DE", "vatfree"),
        (VatCategory.INTRA_COMMUNITY, "FR", "intraCommunitySupply"),
        (VatCategory.EXPORT, "US", "thirdPartyCountryDelivery"),
        (VatCategory.ZERO_RATED, "DE", None),
    ],
)
def test_every_vat_treatment_has_its_tax_type(category: VatCategory, country: str, expected: str | None) -> None:
    """None is guessed: for one there is none."""
    rate = vat_rate(19 if category is VatCategory.STANDARD else 0, category)
    document = invoice(line(vat=vat_decision(rate)), buyer=party(country=country))
    assert tax_type_of(settings_of(URL), document) == expected
    assert (
        tax_type_of(settings_of(URL, tax_types={category: "photovoltaicEquipment"}), document)
        == "photovoltaicEquipment"
    )


def test_a_customer_who_wants_xrechnung_gets_it() -> None:
    """By the reference in the settings; others do not, nor does a credit note."""
    wanted = {"K1": XRechnung(buyer_reference="04011000-1234512345-06", vendor_number="V7")}
    assert body(xrechnung=wanted)["xRechnung"] == {"buyerReference": "04011000-1234512345-06"}
    assert "xRechnung" not in body(invoice(buyer=party("K2")), xrechnung=wanted)
    assert "xRechnung" not in body(invoice(line("-1.00")), xrechnung=wanted)


def test_what_a_customer_has_not_is_not_sent() -> None:
    """An empty street would overwrite the contact's."""
    bare = replace(party(), address=Address(country="DE"))
    assert body(invoice(buyer=bare))["address"] == {
        "contactId": CONTACT,
        "name": "Müller & Söhne GmbH",
        "countryCode": "DE",
    }


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_moment_has_the_only_form_that_is_taken(day: date) -> None:
    """Three digits of milliseconds and an offset; the day is that of the tenant."""
    text = moment(day, BERLIN)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00\.000\+0[12]:00", text)
    assert text.startswith(day.isoformat())


AMOUNTS = st.decimals(Decimal("0.01"), Decimal(99999), places=2)
QUANTITIES = st.decimals(Decimal("-99.99"), Decimal("999.99"), places=2).filter(bool)


@given(st.lists(st.tuples(QUANTITIES, AMOUNTS, st.sampled_from([19, 7, 0])), min_size=1, max_size=8))
def test_what_lexware_adds_up_is_what_we_computed(rows: list[tuple[Decimal, Decimal, int]]) -> None:
    """By its documented sums, to the cent, whatever the signs; and it refuses nothing of it."""
    lines = []
    for quantity, price, percent in rows:
        rate = vat_rate(percent) if percent else vat_rate(0, VatCategory.EXEMPT)
        net = eur(str((quantity * price).quantize(Decimal("0.01"), "ROUND_HALF_UP")))
        made = replace(line(), quantity=quantity, unit_price=price, net=net, vat=vat_decision(rate))
        lines.append(made)
    category = {each.vat.rate.category for each in lines}
    kept = [each for each in lines if each.vat.rate.category is min(category)]
    document = invoice(*kept, key=key_of(1))
    told = body(document)
    rules = SalesRules({CONTACT: {"roles": {"customer": {}}}}, small_business=False, ships=True, takes_xrechnung=True)
    total, _ = summed([priced(each, gross=False) for each in told["lineItems"]], gross=False)

    assert [each for each in rules.violations(told) if "shipping" not in each.field] == []
    sign = -1 if document.gross.amount < 0 else 1
    assert sign * total["totalNetAmount"] == document.net.amount
    assert sign * total["totalTaxAmount"] == document.tax.amount
    assert sign * total["totalGrossAmount"] == document.gross.amount


def test_the_remark_is_never_without_the_key() -> None:
    """Without notes, too."""
    assert remark_of(settings_of(URL), invoice(key=key_of(3))) == f"Unser Zeichen: {key_of(3)}"
