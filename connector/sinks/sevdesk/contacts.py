"""Customers as contacts of sevDesk: found by customer number, or made."""

from __future__ import annotations

from typing import Any

from connector.core.booking import Booking
from connector.core.errors import DocumentRejected, NotFound, OutcomeUnknown
from connector.core.party import Party
from connector.sinks.sevdesk.account import Account
from connector.sinks.sevdesk.calls import Calls, Record, ref
from connector.sinks.sevdesk.settings import Settings

CUSTOMER = 3
"""Category of contacts."""

INVOICE_ADDRESS = 47
"""Category of addresses."""

AT_WORK = 2
"""Kind of e-mail addresses."""

ACTIVE = 1000
"""Status of contacts."""


class Contacts:
    """The customers of one account; each is looked up once per run."""

    def __init__(self, settings: Settings, calls: Calls, account: Account) -> None:
        self._settings = settings
        self._calls = calls
        self._account = account
        self._known: dict[tuple[str, str], str] = {}

    def contact_of(self, booking: Booking) -> str:
        """Return the id of the customer's contact, which is made first where need be.

        Raises DocumentRejected where the mapping names none that exists, or several have the customer's number.
        """
        number = self._number_of(booking)
        known = (booking.contact, number)
        if known not in self._known:
            self._known[known] = self._named(booking) if booking.contact else self._numbered(booking, number)
        return self._known[known]

    def _number_of(self, booking: Booking) -> str:
        return booking.debtor if self._settings.customer_numbers == "debtor" else booking.invoice.buyer.id

    def _named(self, booking: Booking) -> str:
        message = f"{booking.debtor_rule} names contact {booking.contact}, which sevDesk does not have"
        if not booking.contact.isdecimal():
            raise DocumentRejected(message, hint="it is the number in the address of the contact's page")
        try:
            return str(self._calls.one(f"Contact/{booking.contact}")["id"])
        except NotFound:
            raise DocumentRejected(message) from None

    def _numbered(self, booking: Booking, number: str) -> str:
        rows = self._calls.rows("Contact", {"customerNumber": number, "depth": 1})
        found = [row["id"] for row in rows if row.get("customerNumber") == number]
        if len(found) > 1:
            message = f"{len(found)} contacts have the customer number {number}: {', '.join(found)}"
            raise DocumentRejected(message, hint=f"name the right one at {booking.debtor_rule}: contact = its id")
        if not found and not self._settings.create_contacts:
            message = f"no contact has the customer number {number}"
            raise DocumentRejected(
                message, hint=f"enter it there, or name one at {booking.debtor_rule}: contact = its id"
            )
        return found[0] if found else self._made(booking.invoice.buyer, number)

    def _made(self, buyer: Party, number: str) -> str:
        """Create the contact, then its address, then its e-mail address: three calls that know nothing of each other.

        Whatever breaks off between them leaves a contact that the next run finds by its number.
        """
        country = self._account.country(buyer.address.country)
        contact = self._sent("Contact", _contact(buyer, number))
        if buyer.address.street or buyer.address.city:
            self._sent("ContactAddress", {"contact": ref("Contact", contact), **_address(buyer, country)})
        if buyer.email:
            way = {"type": "EMAIL", "value": buyer.email, "key": ref("CommunicationWayKey", AT_WORK), "main": True}
            self._sent("CommunicationWay", {"contact": ref("Contact", contact), **way})
        return contact

    def _sent(self, path: str, body: Record) -> str:
        answer = self._calls.send("POST", path, body)
        if isinstance(answer, dict) and str(answer.get("id") or "").isdecimal():
            return str(answer["id"])
        message = "it was taken, but the answer names no id"
        raise OutcomeUnknown(message, place=f"{self._calls.name}: {path}")


def _contact(buyer: Party, number: str) -> Record:
    first, _, last = buyer.name.rpartition(" ")
    name = {"name": buyer.name} if buyer.is_business else {"surename": first, "familyname": last}
    vat = {"vatNumber": buyer.vat_id} if buyer.vat_id else {}
    return {**name, "category": ref("Category", CUSTOMER), "customerNumber": number, "status": ACTIVE, **vat}


def _address(buyer: Party, country: str) -> dict[str, Any]:
    return {
        "street": buyer.address.street,
        "zip": buyer.address.postal_code,
        "city": buyer.address.city,
        "country": ref("StaticCountry", country),
        "category": ref("Category", INVOICE_ADDRESS),
    }
