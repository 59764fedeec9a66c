"""Customers as contacts of Lexware Office: found, made, or brought up to date."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator
from typing import Any

from connector.core.booking import Booking
from connector.core.errors import DocumentRejected, NotFound, OutcomeUnknown, Unavailable
from connector.core.party import Party
from connector.core.vat import VatCategory
from connector.sinks.lexware.calls import Calls, Record
from connector.sinks.lexware.settings import Settings

SHORTEST_SEARCH, LONGEST_SEARCH = 3, 128
"""Characters a search by name takes, & < and > written as in HTML."""

MOST_STALE = 3
"""How often a contact that somebody else just changed is read again."""

_CONFLICT = 409


class Contacts:
    """The customers of one organisation; each is looked up once per run."""

    def __init__(self, settings: Settings, calls: Calls) -> None:
        self._settings = settings
        self._calls = calls
        self._known: dict[tuple[Party, str, str, bool], str] = {}

    def contact_of(self, booking: Booking) -> str:
        """Return the id of the customer's contact, which is made or updated first where need be.

        Raises DocumentRejected where the mapping names none that exists, or several have the customer's name.
        """
        buyer, (_, category) = booking.invoice.buyer, booking.invoice.treatment
        known = (buyer, booking.contact, booking.debtor, category is VatCategory.STANDARD)
        if known not in self._known:
            contact = self._found(booking)
            wanted = _Wanted(buyer, self._settings, tax_free=category is not VatCategory.STANDARD)
            self._known[known] = self._made(wanted) if contact is None else self._updated(contact, wanted)
        return self._known[known]

    def _found(self, booking: Booking) -> Record | None:
        if booking.contact:
            return self._named(booking.contact, booking.debtor_rule)
        number = booking.debtor if self._settings.debtors_are_customer_numbers and booking.debtor.isdecimal() else ""
        if number:
            for contact in self._calls.rows("contacts", number=number, customer="true"):
                return contact
        return self._by_name(booking)

    def _named(self, contact: str, rule: str) -> Record:
        try:
            return self._read(contact)
        except NotFound:
            message = f"{rule} names contact {contact}, which Lexware Office does not have"
            raise DocumentRejected(message) from None

    def _read(self, contact: str) -> Record:
        return self._calls.record(self._calls.get(f"contacts/{contact}"), "contacts")

    def _by_name(self, booking: Booking) -> Record | None:
        name = _plain(booking.invoice.buyer.name)
        wanted = _comparable(name)
        named = {"name": _searchable(name)} if len(name) >= SHORTEST_SEARCH else {}  # a shorter one: all are looked at
        rows = self._calls.rows("contacts", customer="true", **named)
        found = [row for row in rows if _comparable(_name_of(row)) == wanted and not row.get("archived")]
        if len(found) > 1:
            message = f"{len(found)} contacts are called {name!r}: {', '.join(row['id'] for row in found)}"
            hint = f"name the right one at {booking.debtor_rule}: contact = its id"
            raise DocumentRejected(message, hint=hint)
        return found[0] if found else None

    def _made(self, wanted: _Wanted) -> str:
        answer = self._calls.send("POST", "contacts", {"version": 0, "roles": {"customer": {}}, **wanted.contact({})})
        if not isinstance(answer.get("id"), str):
            message = "the contact was taken, but the answer names no id"
            raise OutcomeUnknown(message, place=f"{self._calls.name}: contacts")
        return str(answer["id"])

    def _updated(self, contact: Record, wanted: _Wanted) -> str:
        """Return the id of the contact, which says what is wanted from now on; a stale one is read again."""
        for _ in range(MOST_STALE):
            if not self._settings.update_contacts or not wanted.differs(contact) or _cannot_be_put(contact):
                break
            try:
                self._calls.send("PUT", f"contacts/{contact['id']}", {**contact, **wanted.contact(contact)})
                break
            except DocumentRejected as error:
                if not _is_stale(error):
                    raise
            except OutcomeUnknown as error:
                # Harmless to repeat: it carries the version it replaces. The document itself was not sent.
                raise Unavailable(error.message, place=error.place, hint=error.hint) from None
            contact = self._read(contact["id"])
        return str(contact["id"])


def _is_stale(error: DocumentRejected) -> bool:
    """Tell whether somebody changed the contact since it was read: 409 by the documentation, 406 as measured."""
    return error.status == _CONFLICT or "version" in error.message


class _Wanted:
    """What the contact shall say of the customer; what we do not know is left as it is."""

    def __init__(self, buyer: Party, settings: Settings, *, tax_free: bool) -> None:
        self._buyer = buyer
        self._xrechnung = settings.xrechnung.get(buyer.id)
        self._tax_free = tax_free

    def differs(self, contact: Record) -> bool:
        """Tell whether the contact says something else."""
        return any(contact.get(name) != value for name, value in self.contact(contact).items())

    def contact(self, known: Record) -> Record:
        """Return the parts of the contact that we know, laid over those that are there."""
        return dict(self._parts(known))

    def _parts(self, known: Record) -> Iterator[tuple[str, Any]]:
        buyer = self._buyer
        if "person" not in known and (buyer.is_business or known):
            yield "company", _overlaid(known.get("company"), self._company())
        elif not known:
            first, _, last = _plain(buyer.name).rpartition(" ")
            yield "person", _overlaid(None, {"firstName": first, "lastName": last})
        address = buyer.address
        billing = {
            "street": address.street,
            "zip": address.postal_code,
            "city": address.city,
            "countryCode": address.country,
        }
        yield "addresses", _with_first(known.get("addresses"), "billing", lambda entry: _overlaid(entry, billing))
        if buyer.email:
            yield "emailAddresses", _with_first(known.get("emailAddresses"), "business", lambda _: buyer.email)
        if self._xrechnung:
            reference = {
                "buyerReference": self._xrechnung.buyer_reference,
                "vendorNumberAtCustomer": self._xrechnung.vendor_number,
            }
            yield "xRechnung", reference

    def _company(self) -> Record:
        allowed = {"allowTaxFreeInvoices": True} if self._tax_free else {}
        return {"name": _plain(self._buyer.name), "vatRegistrationId": self._buyer.vat_id, **allowed}


def _overlaid(known: Record | None, wanted: Record) -> Record:
    return {**(known or {}), **{name: value for name, value in wanted.items() if value}}


def _with_first(known: Record | None, name: str, change: Any) -> Record:  # noqa: ANN401 - a function of an entry
    entries = (known or {}).get(name) or [None]
    return {**(known or {}), name: [change(entries[0])]}


def _cannot_be_put(contact: Record) -> bool:
    """Tell whether the contact has more than one entry in a list: such a one can only be changed by a person."""
    groups = (contact.get(name) or {} for name in ("addresses", "emailAddresses", "phoneNumbers"))
    persons = (contact.get("company") or {}).get("contactPersons") or []
    return len(persons) > 1 or any(len(entries) > 1 for group in groups for entries in group.values())


def _searchable(name: str) -> str:
    while len(escaped := html.escape(name, quote=False)) > LONGEST_SEARCH:
        name = name[:-1]
    return escaped


def _comparable(name: str) -> str:
    return _plain(name).casefold()


def _plain(name: str) -> str:
    """Return the name with single blanks and whole letters (NFC), as it is made and searched for."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _name_of(contact: Record) -> str:
    person = contact.get("person") or {}
    whole = f"{person.get('firstName') or ''} {person.get('lastName') or ''}"
    return str((contact.get("company") or {}).get("name") or whole)
