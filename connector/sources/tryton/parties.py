"""The parties that are customers of a project or a sale: name, address, VAT id, days to pay, language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.sources.tryton.calls import Calls
from connector.sources.tryton.records import AddressRecord, PartyRecord, Term, Typed, record_of
from connector.sources.tryton.settings import CustomerIdBy, Settings

FIELDS = (
    "name", "code", "lang.code", "categories.name", "identifiers.type", "identifiers.code", "contact_mechanisms.type",
    "contact_mechanisms.value", "addresses.street", "addresses.postal_code", "addresses.city",
    "addresses.country.code", "addresses.invoice", "addresses.active",
)  # fmt: skip

TERM_FIELDS = tuple(
    f"customer_payment_term.lines.{name}"
    for name in (
        "type", "relativedeltas.days", "relativedeltas.weeks", "relativedeltas.months", "relativedeltas.day",
        "relativedeltas.month.index", "relativedeltas.weekday.index",
    )
)  # fmt: skip
"""Come with the module account_invoice."""

DAYS_PER_WEEK = 7

VAT_ID = "eu_vat"
"""What Tryton calls a VAT id with its country prefix."""


@dataclass(slots=True)
class Parties:
    """The customers; `ids` has what each is called, by Tryton's number."""

    ids: dict[int, str] = field(default_factory=dict)
    told: list[Party | Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, customers: set[int], settings: Settings) -> Parties:
        """Return the parties with these numbers, inactive ones included."""
        parties, terms = cls(), "customer_payment_term" in calls.fields["party.party"]
        for row in calls.walk("party.party", (*FIELDS, *(TERM_FIELDS if terms else ()))):
            if row["id"] in customers:
                parties._add(record_of(row, PartyRecord, f"{calls.source}: party #{row['id']}"), calls.source, settings)
        return parties

    def _add(self, record: PartyRecord | Problem, source: str, settings: Settings) -> None:
        if isinstance(record, Problem):
            self.told.append(record)
            return
        key = str(record.id) if settings.customer_id is CustomerIdBy.ID else record.code
        place = f"{source}: party #{record.id}"
        if not key:
            hint = 'give it one in Tryton, or let the settings call it by "id"'
            self.told.append(Problem("UnreadableRecord", "it has no code", place, hint))
        elif key in self.ids.values():
            message = f"another party is also called {key!r}"
            self.told.append(Problem("DuplicateId", message, place, "give it a code of its own"))
        else:
            self.ids[record.id] = key
            self.told.append(party_of(key, record, settings, f"{source}: party {key}"))


def party_of(key: str, record: PartyRecord, settings: Settings, place: str) -> Party:
    """Return the customer."""
    return Party(
        id=key,
        name=record.name,
        address=address_of(record.addresses),
        vat_id=_first(record.identifiers, VAT_ID).code.replace(" ", ""),
        is_business=settings.consumer_category not in {each.name for each in record.categories},
        payment_days=days_of(record.customer_payment_term),
        language=_language(record, settings),
        email=_first(record.contact_mechanisms, "email").value,
        origin=place,
    )


def _first(found: Sequence[Typed], kind: str) -> Typed:
    return next((each for each in found if each.type == kind), Typed(type=kind))


def _language(record: PartyRecord, settings: Settings) -> str:
    spoken = record.lang.code[:2] if record.lang else ""
    return spoken if spoken in ("de", "en") else settings.language


def address_of(addresses: Sequence[AddressRecord]) -> Address:
    """Return the first address that invoices go to, else the first; '' for what it lacks."""
    active = [each for each in addresses if each.active]
    chosen = next((each for each in active if each.invoice), active[0] if active else AddressRecord())
    street = ", ".join(line.strip() for line in chosen.street.splitlines() if line.strip())
    return Address(street, chosen.postal_code, chosen.city, chosen.country.code if chosen.country else "")


def days_of(term: Term | None) -> int | None:
    """Return the days to pay of terms that are nothing but days; None for any others, such as "end of month"."""
    if term is None or len(term.lines) != 1:
        return None
    deltas = term.lines[0].relativedeltas
    if any(delta.months or delta.day or delta.month or delta.weekday for delta in deltas):
        return None
    return sum((delta.days or 0) + DAYS_PER_WEEK * (delta.weeks or 0) for delta in deltas)
