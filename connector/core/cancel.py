"""Cancelling a document: a correction that takes every line back, and the log with it (domain 6, 7.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from connector.core.billed import BilledEntry, BilledKind
from connector.core.document import PlannedDocument
from connector.core.invoice import DocumentKind, Invoice, InvoiceLine, breakdown_of
from connector.core.keys import DocumentKey
from connector.core.money import Money
from connector.core.reason import step
from connector.core.texts import cancels_text


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Who cancels, when and why."""

    tenant: str
    on: date
    who: str
    reason: str


def cancelling_document(
    invoice: Invoice, entries: Iterable[BilledEntry], cancellation: Cancellation
) -> PlannedDocument:
    """Return the correction that takes the whole document back, with the log entries that free what it billed.

    `entries` are those of the document. A document that was never handed over needs no correction: its number becomes
    void, and the log entries of `reversing_entries` alone are written.
    """
    grouping = f"{invoice.currency}/{invoice.lines[0].vat.rate.category}"
    key = DocumentKey(cancellation.tenant, invoice.agreement, "cancellation", invoice.key, grouping).digest()
    lines = tuple(_taken_back(line, invoice, cancellation) for line in invoice.lines)
    correction = replace(
        invoice,
        key=key,
        number="",
        kind=DocumentKind.CORRECTION,
        issue_date=cancellation.on,
        due_date=cancellation.on,
        lines=lines,
        vat=breakdown_of(lines, invoice.currency),
        prepaid=-invoice.prepaid,
        notes=(cancels_text(invoice.buyer.language, invoice.number, invoice.issue_date), *invoice.notes),
    )
    return PlannedDocument(correction, tuple(reversing_entries(entries, cancellation)))


def reversing_entries(entries: Iterable[BilledEntry], cancellation: Cancellation) -> list[BilledEntry]:
    """Return one entry per position that takes back what the document's entries computed and invoiced."""
    by_position: dict[str, list[BilledEntry]] = {}
    for entry in entries:
        by_position.setdefault(entry.position.key, []).append(entry)
    return [_reversed(standing, cancellation) for standing in by_position.values()]


def _taken_back(line: InvoiceLine, invoice: Invoice, cancellation: Cancellation) -> InvoiceLine:
    found = step("cancelled", document=invoice.number, line=line.number, net=line.net, reason=cancellation.reason)
    return replace(line, quantity=-line.quantity, net=-line.net, reason=(found,))


def _reversed(entries: list[BilledEntry], cancellation: Cancellation) -> BilledEntry:
    billed = entries[0]
    currency = billed.computed.currency
    return replace(
        billed,
        kind=BilledKind.REVERSED,
        on=cancellation.on,
        share_before=billed.share_after,
        share_after=billed.share_before,
        quantity=-sum((entry.quantity for entry in entries), Decimal(0)),
        computed=-Money.total((entry.computed for entry in entries), currency),
        invoiced=-Money.total((entry.invoiced for entry in entries), currency),
        who=cancellation.who,
        comment=cancellation.reason,
    )
