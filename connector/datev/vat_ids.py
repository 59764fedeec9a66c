"""VAT ids of the European Union as DATEV takes them: the prefix is EL for Greece, XI for Northern Ireland."""

from __future__ import annotations

import re

from connector.core.invoice import Invoice
from connector.core.vat import VatCategory

PREFIXES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()  # noqa: SIM905 - a list of 28 strings is harder to read
)
"""The member states, and Northern Ireland for goods."""

_OTHERWISE = {"GR": "EL"}
"""Country codes (ISO 3166-1) whose VAT prefix differs."""

_RECIPIENT_OWES = (VatCategory.REVERSE_CHARGE, VatCategory.INTRA_COMMUNITY)
_NUMBER = re.compile(r"[0-9A-Z+*]{2,13}")


def split_vat_id(vat_id: str) -> tuple[str, str]:
    """Return prefix and number of an EU VAT id as DATEV wants them, blanks left out; ('', '') for any other."""
    plain = vat_id.replace(" ", "").upper()
    prefix, number = prefix_of(plain[:2]), plain[2:]
    return (prefix, number) if prefix in PREFIXES and _NUMBER.fullmatch(number) else ("", "")


def prefix_of(country: str) -> str:
    """Return the VAT prefix of the country."""
    return _OTHERWISE.get(country, country)


def destination(invoice: Invoice) -> str:
    """Return the buyer's VAT id in another member state where the buyer owes the VAT, '' in any other case."""
    if invoice.lines[0].vat.rate.category not in _RECIPIENT_OWES:
        return ""
    prefix, number = split_vat_id(invoice.buyer.vat_id)
    return "" if prefix == prefix_of(invoice.seller.address.country) else prefix + number


def needs_destination(invoice: Invoice) -> bool:
    """Tell whether the EC sales list asks for the buyer's VAT id: always with K, with AE in another member state."""
    category = invoice.lines[0].vat.rate.category
    abroad = prefix_of(invoice.buyer.address.country)
    elsewhere = abroad in PREFIXES and abroad != prefix_of(invoice.seller.address.country)
    return category is VatCategory.INTRA_COMMUNITY or (category is VatCategory.REVERSE_CHARGE and elsewhere)
