"""Who sells and who buys (EN 16931: BG-4 seller, BG-7 buyer)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` is the ISO 3166-1 alpha-2 code (BT-40, BT-55)."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A buyer or seller as a source or the configuration names it.

    `vat_id` with its country prefix (BT-31, BT-48), '' for none. `payment_days` after the invoice date make the
    due date; None where the agreement or the defaults decide. `language` ('de' or 'en') is that of texts for it.
    `origin` is the place the record was read from. `tax_number` is the seller's at its tax office (BT-32);
    `small_business` tells that the seller charges no VAT (§ 19 UStG).
    """

    id: str
    name: str
    address: Address
    vat_id: str = ""
    is_business: bool = True
    payment_days: int | None = None
    language: str = "de"
    email: str = ""
    origin: str = ""
    tax_number: str = ""
    small_business: bool = False
