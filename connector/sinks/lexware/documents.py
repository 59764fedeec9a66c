"""From a booking to what Lexware Office takes as an invoice or credit note; no totals are sent, it adds up itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any

from connector.core.booking import Booking
from connector.core.invoice import Invoice, InvoiceLine
from connector.core.money import rounded
from connector.core.period import Period
from connector.core.quantity import Unit
from connector.core.texts import KINDS
from connector.core.vat import VatCategory
from connector.sinks.lexware.settings import Settings, TaxType

LONGEST_TEXT = 2000
"""Characters of introduction and remark."""

LONGEST_LINE = 255
"""Characters of a line's name."""

MOST_LINES = 300

MOST_DECIMALS = 4
"""Of quantities and unit prices."""

KEY = re.compile(r"\b[0-9a-f]{32}\b")
"""Our key, wherever it stands in a text."""

_UNITS = {
    "de": {Unit.HOUR: "Stunde", Unit.DAY: "Tag", Unit.MONTH: "Monat", Unit.PIECE: "Stück", Unit.FLAT: "pauschal"},
    "en": {Unit.HOUR: "hour", Unit.DAY: "day", Unit.MONTH: "month", Unit.PIECE: "piece", Unit.FLAT: "flat"},
}

_TERMS = {"de": "Zahlbar bis {due:%d.%m.%Y} ohne Abzug", "en": "Payable by {due:%d %B %Y}"}

_PERIODS = {"de": "Leistungszeitraum {first:%d.%m.%Y} bis {last:%d.%m.%Y}", "en": "Service period {first} to {last}"}

_TAX_TYPES: dict[VatCategory, TaxType] = {
    VatCategory.STANDARD: "net",
    VatCategory.EXEMPT: "vatfree",
    VatCategory.INTRA_COMMUNITY: "intraCommunitySupply",
    VatCategory.EXPORT: "thirdPartyCountryDelivery",
}


def is_credit(invoice: Invoice) -> bool:
    """Tell whether the document stands in Lexware Office as a credit note, where amounts are positive."""
    return invoice.gross.amount < 0


def path_of(invoice: Invoice) -> str:
    """Return where documents of its kind are kept."""
    return "credit-notes" if is_credit(invoice) else "invoices"


def tax_type_of(settings: Settings, invoice: Invoice) -> TaxType | None:
    """Return what the VAT treatment is called; None where Lexware Office has nothing for it.

    Reverse charge is another type at home (construction, § 13b) than in the EU, and what lies outside the scope of
    German VAT is another one for a customer in another country.
    """
    _, category = invoice.treatment
    abroad = invoice.buyer.address.country != invoice.seller.address.country
    if category in settings.tax_types:
        return settings.tax_types[category]
    if category is VatCategory.REVERSE_CHARGE:
        return "externalService13b" if abroad else "constructionService13b"
    if category is VatCategory.OUTSIDE_SCOPE:
        return "thirdPartyCountryService" if abroad else "vatfree"
    return _TAX_TYPES.get(category)


def body_of(settings: Settings, booking: Booking, contact: str, zone: tzinfo) -> dict[str, Any]:
    """Return the document as it is sent; days begin at midnight of the zone."""
    invoice = booking.invoice
    language = invoice.buyer.language
    body: dict[str, Any] = {
        "language": language,
        "voucherDate": moment(invoice.issue_date, zone),
        "address": _address(invoice, contact),
        "lineItems": [_line(settings, invoice, line) for line in invoice.lines],
        "totalPrice": {"currency": invoice.currency},
        "taxConditions": _tax_conditions(settings, invoice),
        "title": KINDS[language][invoice.kind],
        "remark": remark_of(settings, invoice),
    }
    if settings.introduction:
        body["introduction"] = settings.introduction
    if is_credit(invoice):
        return body
    days = max(0, (invoice.due_date - invoice.issue_date).days)
    label = _TERMS[language].format(due=invoice.due_date)
    body["paymentConditions"] = {"paymentTermLabel": label, "paymentTermDuration": days}
    body["shippingConditions"] = _shipping(invoice.period, zone)
    if wanted := settings.xrechnung.get(invoice.buyer.id):
        body["xRechnung"] = {"buyerReference": wanted.buyer_reference}
    return body


def remark_of(settings: Settings, invoice: Invoice) -> str:
    """Return the text below the lines; its last line carries our key. What the VAT rests on is said elsewhere."""
    reasons = set(_tax_notes(invoice))
    notes = (note for note in invoice.notes if note not in reasons)
    return "\n".join(filter(None, (*notes, settings.remark, settings.key_text.replace("{key}", invoice.key))))


def moment(day: date, zone: tzinfo) -> str:
    """Return the day's midnight in the only form that is taken: with milliseconds and offset."""
    return datetime.combine(day, time(), zone).isoformat(timespec="milliseconds")


def _address(invoice: Invoice, contact: str) -> dict[str, str]:
    address = invoice.buyer.address
    told = {
        "name": invoice.buyer.name,
        "street": address.street,
        "zip": address.postal_code,
        "city": address.city,
        "countryCode": address.country,
    }
    return {"contactId": contact} | {name: text for name, text in told.items() if text}


def _tax_conditions(settings: Settings, invoice: Invoice) -> dict[str, str]:
    note = "\n".join(_tax_notes(invoice))
    return {"taxType": tax_type_of(settings, invoice) or ""} | ({"taxTypeNote": note} if note else {})


def _tax_notes(invoice: Invoice) -> Iterator[str]:
    yield from dict.fromkeys(line.vat.note for line in invoice.lines if line.vat.note)


def _line(settings: Settings, invoice: Invoice, line: InvoiceLine) -> dict[str, Any]:
    language = invoice.buyer.language
    quantity, price, unit, counted = _counted(line, language)
    if is_credit(invoice):
        quantity = -quantity
    if quantity < 0 and settings.negative_lines == "price":
        quantity, price = -quantity, -price
    descriptions = [counted] if counted else []
    if line.period != invoice.period:
        descriptions.append(_PERIODS[language].format(first=line.period.start, last=line.period.last_day))
    return {
        "type": "custom",
        "name": line.text,
        **({"description": "\n".join(descriptions)} if descriptions else {}),
        "quantity": quantity,
        "unitName": unit,
        "unitPrice": {"currency": invoice.currency, "netAmount": price, "taxRatePercentage": line.vat.rate.percent},
    }


def _counted(line: InvoiceLine, language: str) -> tuple[Decimal, Decimal, str, str]:
    """Return quantity, price and unit; where they have too many decimals, once the amount, and what it is made of."""
    unit = _UNITS[language][line.unit]
    if all(rounded(each, MOST_DECIMALS) == each for each in (line.quantity, line.unit_price)):
        return line.quantity, line.unit_price, unit, ""
    quantity = Decimal(-1 if line.net.amount < 0 else 1)
    return quantity, abs(line.net.amount), _UNITS[language][Unit.FLAT], f"{line.quantity} {unit} × {line.unit_price}"


def _shipping(period: Period, zone: tzinfo) -> dict[str, str]:
    first = moment(period.start, zone)
    if period.days == 1:
        return {"shippingType": "service", "shippingDate": first}
    return {"shippingType": "serviceperiod", "shippingDate": first, "shippingEndDate": moment(period.last_day, zone)}
