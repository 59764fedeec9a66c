"""How sevDesk calls a VAT treatment: a tax rule in book-keeping 2.0, a tax type in 1.0."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from connector.core.invoice import Invoice
from connector.core.vat import VatCategory
from connector.sinks.sevdesk.settings import Settings, System

SYSTEMS: tuple[System, ...] = ("2.0", "1.0")

RATES = frozenset({Decimal(0), Decimal(7), Decimal(19)})
"""Percent that taxed revenue may carry; under OSS the rate depends on the country."""

TAXED, REVERSE_AT_HOME, REVERSE_IN_EU, NOT_TAXABLE, SMALL_BUSINESS = "1", "5", "21", "17", "11"

_RULES = {
    VatCategory.STANDARD: TAXED,
    VatCategory.ZERO_RATED: TAXED,
    VatCategory.EXPORT: "2",
    VatCategory.INTRA_COMMUNITY: "3",
    VatCategory.EXEMPT: "4",
}

_TYPES = {VatCategory.STANDARD: "default", VatCategory.ZERO_RATED: "default", VatCategory.INTRA_COMMUNITY: "eu"}


def tax_fields(settings: Settings, invoice: Invoice, system: System) -> dict[str, Any] | None:
    """Return the fields that carry the treatment; None where the system has nothing for it."""
    if system == "2.0":
        rule = rule_of(settings, invoice)
        return {"taxRule": {"id": rule, "objectName": "TaxRule"}} if rule else None
    _, category = invoice.treatment
    if category in settings.tax_sets:
        return {"taxType": "custom", "taxSet": {"id": str(settings.tax_sets[category]), "objectName": "TaxSet"}}
    kind = _type_of(invoice)
    return {"taxType": kind} if kind else None


def rule_of(settings: Settings, invoice: Invoice) -> str | None:
    """Return the id of the tax rule; None where there is none.

    Reverse charge is another rule at home (§ 13b) than for services in the EU (§ 18b), and what is not taxable here has
    a rule only for a customer in another country.
    """
    _, category = invoice.treatment
    if category in settings.tax_rules:
        return settings.tax_rules[category]
    if category is VatCategory.REVERSE_CHARGE:
        return REVERSE_IN_EU if _abroad(invoice) else REVERSE_AT_HOME
    if category is VatCategory.OUTSIDE_SCOPE:
        return NOT_TAXABLE if _abroad(invoice) else None
    if category is VatCategory.EXEMPT and invoice.seller.small_business:
        return SMALL_BUSINESS
    return _RULES[category]


def rates_refused(settings: Settings, invoice: Invoice) -> list[Decimal]:
    """Return the rates on the invoice that sevDesk does not take for it."""
    if rule_of(settings, invoice) not in (None, TAXED):
        return []
    return sorted({line.vat.rate.percent for line in invoice.lines} - RATES)


def tax_text(invoice: Invoice) -> str:
    """Return what the document says of its VAT: why it carries none, else the rates."""
    notes = dict.fromkeys(line.vat.note for line in invoice.lines if line.vat.note)
    rates = sorted({line.vat.rate.percent for line in invoice.lines}, reverse=True)
    word = "Umsatzsteuer" if invoice.buyer.language == "de" else "VAT"
    return "\n".join(notes) or f"{word} {', '.join(f'{rate:f} %' for rate in rates)}"


def _type_of(invoice: Invoice) -> str | None:
    _, category = invoice.treatment
    if category is VatCategory.OUTSIDE_SCOPE:
        return "noteu" if _abroad(invoice) else None
    if category is VatCategory.EXEMPT:
        return "ss" if invoice.seller.small_business else None
    return _TYPES.get(category)


def _abroad(invoice: Invoice) -> bool:
    return invoice.buyer.address.country != invoice.seller.address.country
