"""Customers as parties of Tryton: found by code or VAT id, or made; never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from connector.core.booking import Booking
from connector.core.errors import DocumentRejected
from connector.core.party import Party
from connector.sinks.tryton.books import Books
from connector.sinks.tryton.calls import Domain, Record

MODEL = "party.party"

_FIELDS = (
    "name",
    "code",
    "account_receivable",
    "addresses.invoice",
    "identifiers.code_compact",
)


@dataclass(frozen=True, slots=True)
class PartyThere:
    """A customer in Tryton: its address for invoices, and its account of receivables if it has one of its own."""

    id: int
    address: int
    receivable: int | None


@dataclass(slots=True)
class Parties:
    """The customers of one company; each is looked up once per run."""

    books: Books
    _known: dict[tuple[Party, str, str], PartyThere] = field(default_factory=dict)

    def party_of(self, booking: Booking) -> PartyThere:
        """Return the customer, made where Tryton has none.

        The mapping's contact is its code there; without one, the debtor account is looked for as a code, then the VAT
        id. Raises DocumentRejected where none, several, or another one has them.
        """
        known = (booking.invoice.buyer, booking.contact, booking.debtor)
        if known not in self._known:
            record = self._found(booking) or self._made(booking)
            self._known[known] = _read(record, booking.debtor_rule)
        return self._known[known]

    def _found(self, booking: Booking) -> Record | None:
        buyer, rule = booking.invoice.buyer, booking.debtor_rule
        if booking.contact:
            if found := self._search([["code", "=", booking.contact]]):
                return found[0]
            message = f"{rule} names party {booking.contact}, which Tryton does not have"
            raise DocumentRejected(message)
        if found := self._search([["code", "=", booking.debtor]]):
            return self._same(found[0], buyer, rule)
        return self._by_vat_id(buyer, rule)

    def _by_vat_id(self, buyer: Party, rule: str) -> Record | None:
        if not buyer.vat_id:
            return None
        found = self._search([["identifiers.code_compact", "=", _compact(buyer.vat_id)]])
        if len(found) > 1:
            codes = ", ".join(str(each.get("code")) for each in found)
            message = f"{len(found)} parties have the VAT id {buyer.vat_id}: {codes}"
            raise DocumentRejected(message, hint=f"name the right one at {rule}: contact = its code")
        return found[0] if found else None

    def _same(self, record: Record, buyer: Party, rule: str) -> Record:
        """Return the party if it is the customer, by VAT id or name: codes may be numbers of Tryton's own."""
        codes = {each.get("code_compact") for each in record.get("identifiers") or []}
        if _compact(buyer.vat_id) in codes or _plain(str(record.get("name") or "")) == _plain(buyer.name):
            return record
        message = f"party {record.get('code')} in Tryton is called {record.get('name')!r}, not {buyer.name!r}"
        hint = f'if it is the right one, say so at {rule}: contact = "{record.get("code")}"; else another account'
        raise DocumentRejected(message, hint=hint)

    def _search(self, domain: Domain) -> list[Record]:
        return list(self.books.calls.search(MODEL, domain, _FIELDS))

    def _made(self, booking: Booking) -> Record:
        """Return the new party; its code is the debtor account, so that a second one is impossible."""
        buyer = booking.invoice.buyer
        values: Record = {
            "name": buyer.name,
            "code": booking.debtor,
            "lang": self.books.language(buyer.language),
            "addresses": _created(self._address(buyer)),
        }
        if buyer.vat_id:
            values["identifiers"] = _created({"type": "eu_vat", "code": buyer.vat_id})
        if buyer.email:
            values["contact_mechanisms"] = _created({"type": "email", "value": buyer.email})
        return self.books.calls.send(MODEL, values, _FIELDS)

    def _address(self, buyer: Party) -> Record:
        address = buyer.address
        return {
            "street": address.street,
            "postal_code": address.postal_code,
            "city": address.city,
            "country": self.books.country(address.country) if address.country else None,
        }


def _created(values: Record) -> Sequence[Any]:
    return [["create", [values]]]


def _read(record: Record, rule: str) -> PartyThere:
    addresses = record.get("addresses") or []
    if not addresses:
        message = f"party {record.get('code')} has no address in Tryton"
        raise DocumentRejected(message, hint=f"give it one there, or name another one at {rule}")
    chosen = next((each for each in addresses if each.get("invoice")), addresses[0])
    return PartyThere(record["id"], chosen["id"], record.get("account_receivable"))


def _compact(vat_id: str) -> str:
    return "".join(each for each in vat_id if each.isalnum()).upper()


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
