"""MOCO's companies as customers: what they are called by, and their addresses out of lines of text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from connector.core.notation import NotationError, one_of
from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.sources.moco.calls import Calls
from connector.sources.moco.records import CompanyRecord, keyed
from connector.sources.moco.settings import Settings

LONGEST_PAYMENT_DAYS = 365
"""More days to pay are a typing error."""

TRUTH = {"1": True, "0": False, "ja": True, "nein": False, "yes": True, "no": False}
"""Values of a custom property of the kind Boolean, and of a list that people made in its place."""

_CITY = re.compile(r"(?:[A-Z]{1,3}[- ])?(?P<postal_code>\d{4,5}) +(?P<city>\D.*)")
_COUNTRY = re.compile("[A-Z]{2}")


@dataclass(slots=True)
class Companies:
    """The customers; `ids` has what each is called, by MOCO's number, faulty ones included."""

    ids: dict[int, str] = field(default_factory=dict)
    told: list[Party | Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Companies:
        """Return all customers, archived ones included: MOCO leaves them out unless asked."""
        companies = cls()
        rows = calls.rows("/companies", type="customer", include_archived="true")
        for found in keyed(rows, CompanyRecord, settings.customer_id, f"{calls.source}: company"):
            if isinstance(found, Problem):
                companies.told.append(found)
                continue
            key, record = found
            companies.ids[record.id] = key
            companies.told.append(_customer(key, record, settings, f"{calls.source}: company {key}"))
        return companies


def _customer(key: str, record: CompanyRecord, settings: Settings, place: str) -> Party | Problem:
    try:
        return _party(key, record, settings, place)
    except NotationError as error:
        return Problem("BadCustomer", f"customer {key}: {error.message}", place, error.hint)


def _party(key: str, record: CompanyRecord, settings: Settings, place: str) -> Party:
    business = record.text(settings.customer.business)
    alternative = record.alternative_correspondence_language
    return Party(
        id=key,
        name=record.name,
        address=address_of(record),
        vat_id=record.vat_identifier.replace(" ", ""),
        is_business=one_of(TRUTH, business) if business else True,
        payment_days=_payment_days(record.default_invoice_due_days),
        language=settings.alternative_language if alternative else settings.language,
        email=record.email,
        origin=place,
    )


def address_of(record: CompanyRecord) -> Address:
    """Return street, postal code and city out of the lines of the address; NotationError for a bad country.

    The name is left out, as is what stands below the city (a country, which has a field of its own). A last line that
    is no postal code with a city, as abroad, is taken as the city as it stands.
    """
    if record.country_code and not _COUNTRY.fullmatch(record.country_code):
        raise NotationError(record.country_code, "not a country code", "write two capitals, such as DE (ISO 3166-1)")
    lines = [line.strip() for line in record.address.splitlines() if line.strip() and line.strip() != record.name]
    for at in range(len(lines) - 1, -1, -1):
        if match := _CITY.fullmatch(lines[at]):
            return Address(", ".join(lines[:at]), match["postal_code"], match["city"], record.country_code)
    return Address(", ".join(lines[:-1]), "", lines[-1] if lines else "", record.country_code)


def _payment_days(days: int | None) -> int | None:
    if days is not None and not 0 <= days <= LONGEST_PAYMENT_DAYS:
        raise NotationError(str(days), "not a number of days to pay", f"0 to {LONGEST_PAYMENT_DAYS}")
    return days
