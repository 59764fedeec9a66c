"""From a booking to what sevDesk takes as an invoice or credit note; no totals are sent, it adds up itself."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from connector.core.invoice import Invoice, InvoiceLine
from connector.core.money import rounded
from connector.core.quantity import Unit
from connector.core.texts import KINDS
from connector.sinks.sevdesk.calls import Record, ref
from connector.sinks.sevdesk.settings import Settings
from connector.sinks.sevdesk.taxes import tax_text

DRAFT = "100"
"""Status in which every document is created."""

REDUCTION = "UNDERACHIEVEMENT"
"""Why there is a credit note: less was supplied than invoiced. The other reasons are those of one who pays himself."""

MOST_DECIMALS = 4
"""Of quantities and unit prices; more are not relied upon."""

_PERIODS = {
    "de": "Leistungszeitraum {first:%d.%m.%Y} bis {last:%d.%m.%Y}",
    "en": "Service period {first} to {last}",
}

_COUNTED = {
    "de": {Unit.HOUR: "Stunden", Unit.DAY: "Tage", Unit.MONTH: "Monate", Unit.PIECE: "Stück", Unit.FLAT: "pauschal"},
    "en": {Unit.HOUR: "hours", Unit.DAY: "days", Unit.MONTH: "months", Unit.PIECE: "pieces", Unit.FLAT: "flat"},
}


@dataclass(frozen=True, slots=True)
class References:
    """Ids of what a document points at in the account, and the fields of its VAT treatment."""

    contact: str
    contact_person: str
    country: str
    tax: dict[str, Any]
    unit: Callable[[Unit], str]


@dataclass(frozen=True, slots=True)
class Credited:
    """What a credit note points at: the issued invoice it takes something off, and the number it gets itself.

    Its days of service are those of the invoice: sevDesk takes no other ones.
    """

    invoice: Record
    number: str


def body_of(settings: Settings, invoice: Invoice, references: References, zone: tzinfo) -> Record:
    """Return the invoice as it is sent; days begin at midnight of the zone.

    The last four fields stand in this order and are never left out, as the vendor asks.
    """
    fields = {
        "objectName": "Invoice",
        "mapAll": True,
        "invoiceType": "RE",
        **dict(_fields(settings, invoice, references)),
        "invoiceDate": f"{invoice.issue_date:%d.%m.%Y}",
        "deliveryDate": timestamp(invoice.period.start, zone),
        "timeToPay": max(0, (invoice.due_date - invoice.issue_date).days),
    }
    if invoice.period.days > 1:
        fields["deliveryDateUntil"] = timestamp(invoice.period.last_day, zone)
    if settings.numbers == "honorar":
        fields["invoiceNumber"] = invoice.number
    return {
        "invoice": fields,
        "invoicePosSave": [_position(invoice, line, references) for line in invoice.lines],
        "invoicePosDelete": None,
        "discountSave": None,
        "discountDelete": None,
        "takeDefaultAddress": False,
    }


def credit_note_body(settings: Settings, invoice: Invoice, references: References, credited: Credited) -> Record:
    """Return the credit note as it is sent: with positive amounts, as a reduction of the invoice it points at.

    The last five fields stand in this order and are never left out, as the vendor asks.
    """
    fields = {
        "objectName": "CreditNote",
        "mapAll": True,
        "creditNoteType": "CN",
        "bookingCategory": REDUCTION,
        "refSrcInvoice": ref("Invoice", credited.invoice["id"]),
        **dict(_fields(settings, invoice, references)),
        "creditNoteDate": f"{invoice.issue_date:%d.%m.%Y}",
        **{
            name: int(datetime.fromisoformat(str(credited.invoice[name])).timestamp())
            for name in ("deliveryDate", "deliveryDateUntil")
            if credited.invoice.get(name)
        },
    }
    if credited.number:
        fields["creditNoteNumber"] = credited.number
    turned = [replace(line, quantity=-line.quantity, net=-line.net) for line in invoice.lines]
    return {
        "creditNote": fields,
        "creditNotePosSave": [_position(invoice, line, references, of_credit_note=True) for line in turned],
        "creditNotePosDelete": None,
        "discountSave": None,
        "discountDelete": None,
        "takeDefaultAddress": False,
        "forCashRegister": False,
    }


def timestamp(day: date, zone: tzinfo) -> int:
    """Return the day's midnight in Unix seconds."""
    return int(datetime.combine(day, time(), zone).timestamp())


def _fields(settings: Settings, invoice: Invoice, references: References) -> Iterator[tuple[str, Any]]:
    """Yield what invoices and credit notes have in common."""
    yield from {
        "status": DRAFT,
        "customerInternalNote": invoice.key,
        "contact": ref("Contact", references.contact),
        "contactPerson": ref("SevUser", references.contact_person),
        "header": KINDS[invoice.buyer.language][invoice.kind],
        "headText": _as_html(settings.head_text),
        "footText": _as_html("\n".join(filter(None, (*_notes(invoice), settings.foot_text)))),
        "currency": invoice.currency,
        "showNet": True,
        "discount": 0,
        "taxRate": 0,
        "taxText": tax_text(invoice),
        "smallSettlement": invoice.seller.small_business,
        **references.tax,
    }.items()
    if settings.payment_method:
        yield "paymentMethod", ref("PaymentMethod", settings.payment_method)
    if invoice.buyer.id in settings.e_invoices_for:
        yield "propertyIsEInvoice", True
    yield from _address(invoice, references.country)


def _address(invoice: Invoice, country: str) -> Iterator[tuple[str, Any]]:
    """Yield the address twice: whole, as documented, and in parts, which an e-invoice is made from."""
    buyer, address = invoice.buyer, invoice.buyer.address
    yield (
        "address",
        "\n".join(filter(None, (buyer.name, address.street, f"{address.postal_code} {address.city}".strip()))),
    )
    yield "addressName", buyer.name
    yield "addressStreet", address.street
    yield "addressZip", address.postal_code
    yield "addressCity", address.city
    yield "addressCountry", ref("StaticCountry", country)


def _notes(invoice: Invoice) -> Iterator[str]:
    """Yield the notes, without those that the tax text says already."""
    reasons = {line.vat.note for line in invoice.lines}
    yield from (note for note in invoice.notes if note not in reasons)


def _position(invoice: Invoice, line: InvoiceLine, references: References, *, of_credit_note: bool = False) -> Record:
    """Return a line; those of a credit note name their period each: the document has that of the invoice."""
    quantity, price, unit, counted = _counted(line, invoice.buyer.language)
    name, _, more = line.text.partition("\n")
    details = [more, counted]
    if of_credit_note or line.period != invoice.period:
        details.append(_PERIODS[invoice.buyer.language].format(first=line.period.start, last=line.period.last_day))
    return {
        "objectName": "CreditNotePos" if of_credit_note else "InvoicePos",
        "mapAll": True,
        "positionNumber": line.number - 1,
        "quantity": quantity,
        "price": price,
        "name": name,
        "text": "\n".join(filter(None, details)) or None,
        "unity": ref("Unity", references.unit(unit)),
        "taxRate": line.vat.rate.percent,
    }


def _counted(line: InvoiceLine, language: str) -> tuple[Decimal, Decimal, Unit, str]:
    """Return quantity, price and unit; where they have too many decimals, once the amount, and what it is made of."""
    if all(rounded(each, MOST_DECIMALS) == each for each in (line.quantity, line.unit_price)):
        return line.quantity, line.unit_price, line.unit, ""
    quantity = Decimal(-1 if line.net.amount < 0 else 1)
    counted = f"{line.quantity} {_COUNTED[language][line.unit]} × {line.unit_price}"
    return quantity, abs(line.net.amount), Unit.FLAT, counted


def _as_html(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")
