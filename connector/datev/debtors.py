"""Customers as records of a Debitoren/Kreditoren file (category 16, version 5), written when new or changed."""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from connector.core.booking import Booking
from connector.core.party import Party
from connector.datev.columns import ENCODING, line_of
from connector.datev.tables import DEBITOREN
from connector.datev.texts import Fitted, cut, fitted
from connector.datev.vat_ids import split_vat_id

_LANGUAGES = {"de": "1", "en": "5"}
_SHORT_NAME = DEBITOREN[8 - 1].length
_STREET = DEBITOREN[16 - 1].length
_FINGERPRINT_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Debtor:
    """A debtor as written: account, line of the file, and the texts that had to change, by column number."""

    account: str
    line: bytes
    changed: Mapping[int, Fitted]

    @property
    def fingerprint(self) -> str:
        """Return what tells whether the record is still the one last written."""
        return hashlib.sha256(self.line).hexdigest()[:_FINGERPRINT_LENGTH]


def debtor_of(booking: Booking) -> Debtor:
    """Return the buyer as the debtor of the booking."""
    party = booking.invoice.buyer
    texts = {
        number: fitted(value, DEBITOREN[number - 1].length)
        for number, value in (_name(party) | _address(party)).items()
    }
    for number, value in _facts(party).items():
        fits = not value or not DEBITOREN[number - 1].fault(value)
        texts[number] = Fitted(value) if fits else Fitted("", cut=value)
    values = {number: text.text for number, text in texts.items()} | {1: booking.debtor}
    changed = {number: text for number, text in texts.items() if text.replaced or text.cut}
    return Debtor(booking.debtor, line_of(DEBITOREN, values).encode(ENCODING), changed)


def _name(party: Party) -> dict[int, str]:
    """Return the name: a company's whole; a person's last word, or what stands before a comma, as the surname."""
    if party.is_business:
        return {2: party.name}
    surname, comma, given = party.name.partition(",")
    if not comma:
        given, _, surname = party.name.strip().rpartition(" ")
    return {4: surname.strip(), 5: given.strip()}


def _address(party: Party) -> dict[int, str]:
    """Return street and town; a long street goes on in the address supplement, and field 18 takes digits only."""
    address = party.address
    street, *rest = textwrap.wrap(address.street, _STREET, break_on_hyphens=False) or [""]
    town = address.city if _is_plain(address.postal_code) else f"{address.postal_code} {address.city}"
    return {16: street, 19: town.strip(), 22: " ".join(rest)}


def _is_plain(postal_code: str) -> bool:
    return not DEBITOREN[18 - 1].fault(postal_code) and (not postal_code or postal_code.isdigit())


def _facts(party: Party) -> dict[int, str]:
    """Return what is no text: kind of addressee, VAT id, postal code, language, days to pay."""
    address = party.address
    prefix, vat_number = split_vat_id(party.vat_id)
    return {
        7: "2" if party.is_business else "1",
        8: cut(fitted(party.name, 2 * _SHORT_NAME).text, _SHORT_NAME).rstrip(),
        9: prefix,
        10: vat_number,
        15: "STR" if address.street else "",
        18: address.postal_code if _is_plain(address.postal_code) else "",
        20: address.country,
        26: "1" if address.city else "",
        33: party.email,
        101: _LANGUAGES.get(party.language, ""),
        110: "" if party.payment_days is None else str(party.payment_days),
    }
