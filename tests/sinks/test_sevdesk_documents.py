from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.core.invoice import Invoice
from connector.core.period import Period
from connector.core.quantity import Unit
from connector.core.vat import VatCategory
from connector.sinks.sevdesk import Settings
from connector.sinks.sevdesk.documents import References, body_of
from connector.sinks.sevdesk.settings import System
from connector.sinks.sevdesk.taxes import rates_refused, rule_of, tax_fields
from tests.core.builders import FEBRUARY, eur, invoice, line, party, seller
from tests.sinks.sevdesk_world import settings_for, taxed
from tests.support.transports import BERLIN

UNITS = {Unit.HOUR: "9", Unit.FLAT: "7", Unit.PIECE: "1"}

REFERENCES = References(
    "138810001", "1551095", "1", {"taxRule": {"id": "1", "objectName": "TaxRule"}}, UNITS.__getitem__
)


def settings(**wishes: Any) -> Settings:  # noqa: ANN401 - any setting
    """Return the settings."""
    return Settings.model_validate(settings_for("https://my.sevdesk.de") | wishes)


def body(made: Invoice, **wishes: Any) -> dict[str, Any]:  # noqa: ANN401 - any setting
    """Return what is sent for the document."""
    return body_of(settings(**wishes), made, REFERENCES, BERLIN)


def test_an_invoice_is_sent_whole() -> None:
    """Without totals, in the vendor's order, with our key as its note."""
    sent = body(invoice(notes=("Danke & auf bald",)))
    assert sent == {
        "invoice": {
            "objectName": "Invoice",
            "mapAll": True,
            "invoiceType": "RE",
            "status": "100",
            "customerInternalNote": "k-0001",
            "contact": {"id": 138810001, "objectName": "Contact"},
            "contactPerson": {"id": 1551095, "objectName": "SevUser"},
            "invoiceDate": "31.01.2026",
            "deliveryDate": 1767222000,
            "deliveryDateUntil": 1769814000,
            "timeToPay": 14,
            "header": "Rechnung",
            "headText": "",
            "footText": "Danke &amp; auf bald",
            "currency": "EUR",
            "showNet": True,
            "discount": 0,
            "taxRate": 0,
            "taxText": "Umsatzsteuer 19 %",
            "smallSettlement": False,
            "taxRule": {"id": "1", "objectName": "TaxRule"},
            "address": "Müller & Söhne GmbH\nHauptstraße 1\n10115 Berlin",
            "addressName": "Müller & Söhne GmbH",
            "addressStreet": "Hauptstraße 1",
            "addressZip": "10115",
            "addressCity": "Berlin",
            "addressCountry": {"id": 1, "objectName": "StaticCountry"},
        },
        "invoicePosSave": [
            {
                "objectName": "InvoicePos",
                "mapAll": True,
                "positionNumber": 0,
                "quantity": Decimal(1),
                "price": Decimal("5000.00"),
                "name": "Phase 1 – Audit",
                "text": None,
                "unity": {"id": 7, "objectName": "Unity"},
                "taxRate": Decimal(19),
            }
        ],
        "invoicePosDelete": None,
        "discountSave": None,
        "discountDelete": None,
        "takeDefaultAddress": False,
    }
    assert list(sent)[-4:] == ["invoicePosDelete", "discountSave", "discountDelete", "takeDefaultAddress"]


def test_texts_of_the_settings_stand_above_and_below() -> None:
    """Line breaks and signs survive; a reason for no VAT is said once, where the tax rule is."""
    made = invoice(taxed(VatCategory.REVERSE_CHARGE, note="Reverse Charge"), notes=("Reverse Charge", "Merci"))
    sent = body(made, head_text="Guten Tag,\n<wir>", foot_text="Bis bald")["invoice"]
    assert (sent["headText"], sent["footText"]) == ("Guten Tag,<br>&lt;wir&gt;", "Merci<br>Bis bald")
    assert sent["taxText"] == "Reverse Charge"


def test_a_single_day_has_no_end() -> None:
    """A service of one day is no period."""
    sent = body(invoice(line(period=Period(date(2026, 1, 5), date(2026, 1, 6)))))
    assert sent["invoice"]["deliveryDate"] == 1767567600
    assert "deliveryDateUntil" not in sent["invoice"]


def test_lines_of_other_periods_say_so() -> None:
    """In the customer's language, below what the position is called."""
    lines = (line(text="Hosting\nPaket L"), line(period=FEBRUARY))
    first, second = body(invoice(*lines))["invoicePosSave"]
    assert (first["name"], first["text"]) == ("Hosting", "Paket L\nLeistungszeitraum 01.01.2026 bis 31.01.2026")
    assert (second["positionNumber"], second["text"]) == (1, "Leistungszeitraum 01.02.2026 bis 28.02.2026")
    english = body(invoice(*lines, buyer=party(language="en")))
    assert english["invoicePosSave"][1]["text"] == "Service period 2026-02-01 to 2026-02-28"
    assert (english["invoice"]["header"], english["invoice"]["taxText"]) == ("Invoice", "VAT 19 %")


@pytest.mark.parametrize(
    ("quantity", "price", "net", "sent", "text"),
    [
        ("12.5", "96.4321", "1205.40", ("12.5", "96.4321", "9"), None),
        ("12.5", "96.43215", "1205.40", ("1", "1205.40", "7"), "12.5 Stunden × 96.43215"),
        ("-0.33333", "100", "-33.33", ("-1", "33.33", "7"), "-0.33333 Stunden × 100"),
        ("-2", "100", "-200.00", ("-2", "100", "9"), None),
    ],
)
def test_what_has_too_many_decimals_is_sent_as_its_amount(
    quantity: str, price: str, net: str, sent: tuple[str, str, str], text: str | None
) -> None:
    """The form is adapted, never the sum; a deduction has a quantity below zero."""
    changed = replace(line(), quantity=Decimal(quantity), unit=Unit.HOUR, unit_price=Decimal(price), net=eur(net))
    (position,) = body(invoice(changed))["invoicePosSave"]
    assert (position["quantity"], position["price"]) == (Decimal(sent[0]), Decimal(sent[1]))
    assert (position["unity"]["id"], position["text"]) == (int(sent[2]), text)


def test_an_e_invoice_is_one_for_whom_it_is_meant() -> None:
    """With the payment method it needs."""
    wishes = {"e_invoices_for": ["K1"], "payment_method": 21919}
    meant = body(invoice(), **wishes)["invoice"]
    assert (meant["propertyIsEInvoice"], meant["paymentMethod"]) == (True, {"id": 21919, "objectName": "PaymentMethod"})
    assert "propertyIsEInvoice" not in body(invoice(buyer=party("K2")), **wishes)["invoice"]


def under(category: VatCategory, country: str = "DE", *, small: bool = False) -> Invoice:
    """Return an invoice under the category, for a customer of the country."""
    made = invoice(taxed(category, 19 if category is VatCategory.STANDARD else 0), buyer=party(country=country))
    return replace(made, seller=replace(seller(), small_business=small))


@pytest.mark.parametrize(
    ("made", "rule", "kind"),
    [
        (under(VatCategory.STANDARD), "1", "default"),
        (under(VatCategory.ZERO_RATED), "1", "default"),
        (under(VatCategory.EXPORT, "CH"), "2", None),
        (under(VatCategory.INTRA_COMMUNITY, "AT"), "3", "eu"),
        (under(VatCategory.EXEMPT), "4", None),
        (under(VatCategory.EXEMPT, small=True), "11", "ss"),
        (under(VatCategory.REVERSE_CHARGE), "5", None),
        (under(VatCategory.REVERSE_CHARGE, "AT"), "21", None),
        (under(VatCategory.OUTSIDE_SCOPE, "CH"), "17", "noteu"),
        (under(VatCategory.OUTSIDE_SCOPE), None, None),
    ],
)
def test_every_treatment_has_its_name_in_both_systems(made: Invoice, rule: str | None, kind: str | None) -> None:
    """Or none, and then it is refused."""
    assert rule_of(settings(), made) == rule
    told = tax_fields(settings(), made, "2.0")
    assert told == ({"taxRule": {"id": rule, "objectName": "TaxRule"}} if rule else None)
    assert tax_fields(settings(), made, "1.0") == ({"taxType": kind} if kind else None)


@pytest.mark.parametrize(
    ("system", "fields"),
    [
        ("2.0", {"taxRule": {"id": "4", "objectName": "TaxRule"}}),
        ("1.0", {"taxType": "custom", "taxSet": {"id": "4711", "objectName": "TaxSet"}}),
    ],
)
def test_the_settings_have_the_last_word(system: System, fields: dict[str, Any]) -> None:
    """A rule in 2.0, a set in 1.0."""
    chosen = settings(tax_rules={"O": "4"}, tax_sets={"O": 4711})
    assert tax_fields(chosen, under(VatCategory.OUTSIDE_SCOPE), system) == fields


def test_only_some_rates_are_taken_unless_a_rule_has_others() -> None:
    """One-Stop-Shop has those of the customer's country."""
    made = invoice(taxed(percent=20), taxed(percent=7), taxed(percent=16))
    assert rates_refused(settings(), made) == [Decimal(16), Decimal(20)]
    assert rates_refused(settings(tax_rules={"S": "20"}), made) == []


def test_rates_are_told_from_the_highest_on() -> None:
    """As the document prints them."""
    made = invoice(taxed(percent=7), taxed(percent=19))
    assert body(made)["invoice"]["taxText"] == "Umsatzsteuer 19 %, 7 %"
