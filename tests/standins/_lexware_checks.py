"""What Lexware Office refuses of a sales document or a contact, as its documentation and measurements tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}(Z|[+-]\d{2}:\d{2})")
COUNTRY = re.compile(r"[A-Z]{2}(_[A-Z0-9]+)?")

TAXED = ("net", "gross")
TAX_TYPES = (
    *TAXED,
    "vatfree",
    "intraCommunitySupply",
    "constructionService13b",
    "externalService13b",
    "thirdPartyCountryService",
    "thirdPartyCountryDelivery",
    "photovoltaicEquipment",
)
RATES = (0, 7, 19)
MOST_LINES = 300

Contacts = Mapping[str, dict[str, Any]]


class Violation(NamedTuple):
    """One entry of an error's details."""

    violation: str
    field: str
    message: str


@dataclass(frozen=True)
class SalesRules:
    """What holds for the organisation and the kind of document."""

    contacts: Contacts
    small_business: bool
    ships: bool
    takes_xrechnung: bool

    def violations(self, body: dict[str, Any]) -> Iterator[Violation]:
        """Yield everything that is wrong with the document."""
        for name in ("voucherDate", "address", "lineItems", "totalPrice", "taxConditions"):
            if body.get(name) is None:
                yield _missing(name)
        if self.ships and body.get("shippingConditions") is None:
            yield _missing("shippingConditions")
        yield from _of_texts(body, {"title": 25, "introduction": 2000, "remark": 2000})
        if body.get("language", "de") not in ("de", "en"):
            yield Violation("INVALID", "language", "must be de or en")
        yield from _of_moment(body.get("voucherDate"), "voucherDate")
        yield from self._of_address(body.get("address") or {})
        yield from self._of_tax(body)
        yield from self._of_lines(body)
        if (body.get("totalPrice") or {}).get("currency", "EUR") != "EUR":
            yield Violation("INVALID", "totalPrice.currency", "only EUR")
        yield from _of_shipping(body.get("shippingConditions") or {})
        yield from _of_payment(body.get("paymentConditions"))
        yield from self._of_xrechnung(body)

    def _of_address(self, address: dict[str, Any]) -> Iterator[Violation]:
        contact_id = address.get("contactId")
        if contact_id is None:
            for name in ("name", "countryCode"):
                if not address.get(name):
                    yield _missing(f"address.{name}")
        elif contact_id not in self.contacts or "customer" not in self.contacts[contact_id]["roles"]:
            yield Violation("INVALID", "address.contactId", "no such contact with the role customer")
        if address.get("countryCode") and not COUNTRY.fullmatch(address["countryCode"]):
            yield Violation("INVALID", "address.countryCode", "not a country code")

    def _of_tax(self, body: dict[str, Any]) -> Iterator[Violation]:
        kind = (body.get("taxConditions") or {}).get("taxType", "net")
        if kind not in TAX_TYPES:
            yield Violation("INVALID", "taxConditions.taxType", "unknown tax type")
        if self.small_business and kind != "vatfree":
            yield Violation("INVALID", "taxConditions.taxType", "a tax-exempt organisation may only use vatfree")
        if kind not in (*TAXED, "vatfree") and not (body.get("address") or {}).get("contactId"):
            yield Violation("NOTNULL", "address.contactId", "this tax type needs a referenced contact")

    def _of_lines(self, body: dict[str, Any]) -> Iterator[Violation]:
        lines = body.get("lineItems") or []
        if len(lines) > MOST_LINES:
            yield Violation("SIZE", "lineItems", f"at most {MOST_LINES}")
        kind = (body.get("taxConditions") or {}).get("taxType", "net")
        for at, line in enumerate(lines):
            for found in _of_line(line, kind):
                yield found._replace(field=f"lineItems[{at}].{found.field}")

    def _of_xrechnung(self, body: dict[str, Any]) -> Iterator[Violation]:
        wanted = body.get("xRechnung")
        if not wanted or not wanted.get("buyerReference"):
            return
        contact = self.contacts.get((body.get("address") or {}).get("contactId") or "", {})
        if not self.takes_xrechnung:
            yield Violation("INVALID", "xRechnung", "not for this kind of document")
        if not (contact.get("xRechnung") or {}).get("vendorNumberAtCustomer"):
            yield Violation("INVALID", "xRechnung", "the contact has no buyerReference and vendorNumberAtCustomer")
        if (body.get("taxConditions") or {}).get("taxType") != "net":
            yield Violation("INVALID", "taxConditions.taxType", "an XRechnung is net")
        billing = ((contact.get("addresses") or {}).get("billing") or [{}])[0]
        address = {**billing, **(body.get("address") or {})}
        for name in ("zip", "city"):
            if not address.get(name):
                yield _missing(f"address.{name}")


def _missing(name: str) -> Violation:
    return Violation("NOTNULL", name, "must not be null")


def _of_texts(body: dict[str, Any], limits: Mapping[str, int]) -> Iterator[Violation]:
    for name, most in limits.items():
        if len(body.get(name) or "") > most:
            yield Violation("SIZE", name, f"at most {most} characters")


def _of_moment(value: object, name: str) -> Iterator[Violation]:
    if value is not None and not (isinstance(value, str) and MOMENT.fullmatch(value)):
        yield Violation("INVALID", name, "yyyy-MM-ddTHH:mm:ss.SSSXXX is expected")


def _of_line(line: dict[str, Any], tax_type: str) -> Iterator[Violation]:
    kind = line.get("type")
    if kind == "text":
        if not (line.get("name") or line.get("description")):
            yield _missing("name")
        return
    if kind not in ("custom", "service", "material"):
        yield Violation("INVALID", "type", "custom, text, service or material")
    if (kind == "custom") is ("id" in line):
        yield Violation("INVALID", "id", "only, and always, for service and material")
    for name in ("name", "quantity", "unitName", "unitPrice"):
        if line.get(name) in (None, ""):
            yield _missing(name)
    yield from _of_texts(line, {"name": 255, "description": 2000})
    yield from _of_decimals(line.get("quantity"), "quantity", 4)
    yield from _of_decimals(line.get("discountPercentage"), "discountPercentage", 2)
    yield from _of_price(line.get("unitPrice") or {}, tax_type)


def _of_price(price: dict[str, Any], tax_type: str) -> Iterator[Violation]:
    if price.get("currency") != "EUR":
        yield Violation("INVALID", "unitPrice.currency", "only EUR")
    if price.get("netAmount") is None and price.get("grossAmount") is None:
        yield _missing("unitPrice.netAmount")
    for name in ("netAmount", "grossAmount"):
        yield from _of_decimals(price.get(name), f"unitPrice.{name}", 4)
    rate = price.get("taxRatePercentage")
    if rate is None:
        yield _missing("unitPrice.taxRatePercentage")
    elif rate not in (RATES if tax_type in TAXED else (0,)):
        yield Violation("INVALID", "unitPrice.taxRatePercentage", f"{rate} is not valid for {tax_type} on that day")


def _of_decimals(value: object, name: str, most: int) -> Iterator[Violation]:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        yield Violation("INVALID", name, "a number is expected")
    elif Decimal(value) != Decimal(value).quantize(Decimal(1).scaleb(-most)):
        yield Violation("DIGITS", name, f"at most {most} decimals")


def _of_shipping(shipping: dict[str, Any]) -> Iterator[Violation]:
    kind = shipping.get("shippingType", "none")
    needed = {"none": (), "service": _START, "delivery": _START, "serviceperiod": _BOTH, "deliveryperiod": _BOTH}
    if kind not in needed:
        yield Violation("INVALID", "shippingConditions.shippingType", "unknown")
    for name in needed.get(kind, ()):
        if shipping.get(name) is None:
            yield _missing(f"shippingConditions.{name}")
    for name in _BOTH:
        yield from _of_moment(shipping.get(name), f"shippingConditions.{name}")
    if (shipping.get("shippingEndDate") or "9") < (shipping.get("shippingDate") or ""):
        yield Violation("INVALID", "shippingConditions.shippingEndDate", "before shippingDate")


_START = ("shippingDate",)
_BOTH = ("shippingDate", "shippingEndDate")


def _of_payment(payment: dict[str, Any] | None) -> Iterator[Violation]:
    days = (payment or {}).get("paymentTermDuration", 0)
    if not isinstance(days, int) or days < 0:
        yield Violation("INVALID", "paymentConditions.paymentTermDuration", "whole days from 0 on")


class Issue(NamedTuple):
    """One entry of a legacy error."""

    i18nKey: str  # noqa: N815 - the vendor's name
    source: str
    type: str = "validation_failure"


def contact_issues(body: dict[str, Any], version: int) -> Iterator[Issue]:
    """Yield everything that is wrong with a contact; `version` is the one it has now."""
    if body.get("version") != version:
        yield Issue("stale_version" if body.get("version") is not None else "missing_entity", "version")
    if not body.get("roles"):
        yield Issue("missing_entity", "roles")
    if ("company" in body) is ("person" in body):
        yield Issue("invalid_value", "company")
    for kind, name in (("company", "name"), ("person", "lastName")):
        if kind in body and not body[kind].get(name):
            yield Issue("missing_entity", f"{kind}.{name}")
    if len(body.get("note") or "") > 1000:
        yield Issue("invalid_value", "note")
    yield from _of_contact_lists(body)
    reference = body.get("xRechnung")
    if reference is not None and not (reference.get("buyerReference") and reference.get("vendorNumberAtCustomer")):
        yield Issue("missing_entity", "xRechnung")


def _of_contact_lists(body: dict[str, Any]) -> Iterator[Issue]:
    for group in ("addresses", "emailAddresses", "phoneNumbers"):
        for name, entries in (body.get(group) or {}).items():
            if len(entries) > 1:
                yield Issue("invalid_value", f"{group}.{name}")
    for address in (body.get("addresses") or {}).get("billing") or []:
        if not COUNTRY.fullmatch(address.get("countryCode") or ""):
            yield Issue("missing_entity", "addresses.billing[0].countryCode")
