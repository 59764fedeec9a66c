"""From an invoice to its booking: VAT, debtor, revenue accounts, by rules that know their file and line (domain 8)."""

from connector.mapping.booking import book
from connector.mapping.rules import DebtorRule, Mapping, MappingTables, Placed, RevenueRule, Texts, VatRule
from connector.mapping.vat import decide_vat

__all__ = [
    "DebtorRule",
    "Mapping",
    "MappingTables",
    "Placed",
    "RevenueRule",
    "Texts",
    "VatRule",
    "book",
    "decide_vat",
]
