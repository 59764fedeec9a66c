"""Odoo's partners as customers: who is billed for a project or an order, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.sources.odoo.calls import Calls
from connector.sources.odoo.records import PartnerRecord, TermLineRecord, record_of
from connector.sources.odoo.settings import Settings

FIELDS = (
    "name", "commercial_partner_id", "is_company", "street", "street2", "zip", "city", "country_code", "vat", "email",
    "lang",
)  # fmt: skip

TERM = "property_payment_term_id"


@dataclass(slots=True)
class Partners:
    """The customers; `ids` has what each is called, by Odoo's number, contacts of theirs included."""

    ids: dict[int, str] = field(default_factory=dict)
    told: list[Party | Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, named: set[int], settings: Settings) -> Partners:
        """Return who is billed where these partners are named, archived ones included."""
        fields = (*FIELDS, *calls.having("res.partner", TERM), calls.need("res.partner", settings.customer_id))
        records: dict[int, PartnerRecord | Problem] = {
            row["id"]: record_of(row, PartnerRecord, f"{calls.source}: partner #{row['id']}")
            for row in calls.of_company("res.partner", list(dict.fromkeys(fields)))
        }
        partners, terms = cls(), days_of_terms(calls)
        for number in sorted(named & records.keys()):
            billed = _billed(number, records)
            if billed not in partners.ids:
                partners.told += partners._add(billed, records.get(billed), terms, settings, calls.source)
            if billed in partners.ids:
                partners.ids[number] = partners.ids[billed]
        return partners

    def _add(
        self,
        number: int,
        record: PartnerRecord | Problem | None,
        terms: Mapping[int, int],
        settings: Settings,
        source: str,
    ) -> Iterator[Party | Problem]:
        """Note what the partner is called, and yield it, or the problem with it."""
        if record is None or isinstance(record, Problem):
            yield from [record] if record else []
            return
        key, place = record.text(settings.customer_id), f"{source}: partner #{number}"
        if not key:
            message = f"its field {settings.customer_id!r} is empty"
            yield Problem("UnreadableRecord", message, place, "fill it, or let customer_id name another")
        elif key in self.ids.values():
            yield Problem("DuplicateId", f"another partner is also called {key!r}", place, "give it an id of its own")
        else:
            self.ids[number] = key
            yield party_of(key, record, terms, settings, f"{source}: partner {key}")


def _billed(number: int, records: Mapping[int, PartnerRecord | Problem]) -> int:
    """Return Odoo's number of who is billed: the company of a contact."""
    record = records[number]
    link = record.commercial_partner_id if isinstance(record, PartnerRecord) else None
    return link.id if link else number


def party_of(key: str, record: PartnerRecord, terms: Mapping[int, int], settings: Settings, place: str) -> Party:
    """Return the customer; a person without a VAT id is a consumer."""
    street = ", ".join(filter(None, (record.street, record.street2)))
    spoken, term = record.lang[:2], record.property_payment_term_id
    return Party(
        id=key,
        name=record.name,
        address=Address(street, record.zip, record.city, record.country_code),
        vat_id=record.vat.replace(" ", ""),
        is_business=record.is_company or bool(record.vat),
        payment_days=terms.get(term.id) if term else None,
        language=spoken if spoken in ("de", "en") else settings.language,
        email=record.email,
        origin=place,
    )


def days_of_terms(calls: Calls) -> dict[int, int]:
    """Return the days to pay of terms that are nothing but days; from Odoo 17 on, before it tells none."""
    if TERM not in calls.fields("res.partner") or not calls.having("account.payment.term.line", "nb_days"):
        return {}
    lines: dict[int, list[TermLineRecord]] = {}
    for row in calls.walk("account.payment.term.line", ("payment_id", "delay_type", "nb_days")):
        record = record_of(row, TermLineRecord, f"{calls.source}: line #{row['id']} of payment terms")
        if isinstance(record, TermLineRecord) and record.payment_id:
            lines.setdefault(record.payment_id.id, []).append(record)
    return {
        term: parts[0].nb_days
        for term, parts in lines.items()
        if len(parts) == 1 and parts[0].delay_type == "days_after"
    }
