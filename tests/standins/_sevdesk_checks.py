"""What sevDesk refuses of an invoice, as its documentation tells and others measured."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

RATES_BY_RULE: dict[str, tuple[int, ...] | None] = {
    "1": (0, 7, 19),
    "2": (0,),
    "3": (0, 7, 19),
    "4": (0,),
    "5": (0,),
    "11": (0,),
    "17": (0,),
    "18": None,
    "19": None,
    "20": None,
    "21": (0,),
}
"""Percent that positions may carry by the document's tax rule; None depends on the country."""

TYPES_AS_RULES = {"default": "1", "eu": "3", "ss": "11"}
"""Tax types that book-keeping 2.0 still understands."""

TAX_TYPES = ("default", "eu", "noteu", "custom", "ss")


@dataclass(frozen=True)
class InvoiceRules:
    """What holds for the account: its book-keeping and what may be pointed at, by name."""

    system: str
    known: dict[str, Collection[str]]

    def faults(self, body: dict[str, Any]) -> Iterator[str]:
        """Yield everything that is wrong with what saveInvoice was sent."""
        invoice = body.get("invoice")
        if not isinstance(invoice, dict) or invoice.get("objectName") != "Invoice" or invoice.get("mapAll") is not True:
            yield "invoice expected array with 'id' and 'objectName'"
            return
        if str(invoice.get("status")) != "100":
            yield "Invoices can only be created with status 100"
        if not invoice.get("currency"):
            yield "Currency is required."
        if invoice.get("invoiceType") not in ("RE", "AR", "TR", "ER", "WKR"):
            yield "Invalid invoice type"
        for name, kind in (("contact", "Contact"), ("contactPerson", "SevUser"), ("addressCountry", "StaticCountry")):
            yield from self.of_pointer(invoice, name, kind)
        yield from _of_days(invoice)
        yield from self._of_tax(invoice)
        yield from self._of_positions(body, invoice)

    def of_pointer(self, record: dict[str, Any], name: str, kind: str) -> Iterator[str]:
        """Yield what is wrong with how the record points at something."""
        pointer = record.get(name)
        if not isinstance(pointer, dict) or pointer.get("objectName") != kind:
            yield f"{name} expected array with 'id' and 'objectName'"
        elif str(pointer.get("id")) not in self.known[kind]:
            yield f"No Model_{kind} with the id {pointer.get('id')} was found"

    def _of_tax(self, invoice: dict[str, Any]) -> Iterator[str]:
        if self.system == "1.0":
            if invoice.get("taxType") not in TAX_TYPES:
                yield "taxType is required"
            if invoice.get("taxType") == "custom" and not invoice.get("taxSet"):
                yield "taxSet is required"
        elif self.rule_of(invoice) is None:
            yield "Invalid tax rule"
        if self.rule_of(invoice) not in ("1", "11") and invoice.get("invoiceType") in ("AR", "TR", "ER"):
            yield "This invoice type takes tax rule 1 or 11 only"

    def rule_of(self, invoice: dict[str, Any]) -> str | None:
        """Return the document's tax rule in 2.0, None where it has none."""
        rule = (invoice.get("taxRule") or {}).get("id") or TYPES_AS_RULES.get(str(invoice.get("taxType")))
        return str(rule) if str(rule) in RATES_BY_RULE else None

    def _of_positions(self, body: dict[str, Any], invoice: dict[str, Any]) -> Iterator[str]:
        positions = body.get("invoicePosSave") or []
        if not positions:
            yield "The given document must have at least one position"
        rule = self.rule_of(invoice)
        rates = RATES_BY_RULE[rule] if rule else None
        for position in positions:
            yield from self._of_position(position)
            rate = Decimal(str(position.get("taxRate") or 0))
            if rates is not None and rate not in rates:
                yield f"Tax rate {rate} is not allowed for tax rule {rule}"
            if invoice.get("smallSettlement") and rate:
                yield "Small settlement must not contain any vat"

    def _of_position(self, position: dict[str, Any]) -> Iterator[str]:
        if position.get("objectName") != "InvoicePos" or position.get("mapAll") is not True:
            yield "invoicePosSave expected array with 'id' and 'objectName'"
        yield from self.of_pointer(position, "unity", "Unity")
        for name in ("quantity", "taxRate"):
            if not isinstance(position.get(name), int | Decimal):
                yield f"{name} is required"


def _of_days(invoice: dict[str, Any]) -> Iterator[str]:
    if not invoice.get("invoiceDate"):
        yield "invoiceDate is required"
