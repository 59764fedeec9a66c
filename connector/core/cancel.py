"""Cancelling a document: a correction that takes every line back, and the log with it (domain 6, 7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from connector.core.billed import BilledEntry, BilledKind, BilledState
from connector.core.booking import Booking, LedgerRow
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


def correction_of(invoice: Invoice, cancellation: Cancellation) -> Invoice:
    """Return the correction that takes the whole document back, still without a number.

    A document that was never handed over needs none: its number becomes void.
    """
    lines = tuple(_taken_back(line, invoice, cancellation) for line in invoice.lines)
    return replace(
        invoice,
        key=_key(invoice, cancellation.tenant),
        number="",
        kind=DocumentKind.CORRECTION,
        issue_date=cancellation.on,
        due_date=cancellation.on,
        lines=lines,
        vat=breakdown_of(lines, invoice.currency),
        prepaid=-invoice.prepaid,
        notes=(cancels_text(invoice.buyer.language, invoice), *invoice.notes),
        prepayments=tuple(-earlier for earlier in invoice.prepayments),
        corrects=invoice.number,
    )


def reversing_booking(booking: Booking, correction: Invoice) -> Booking:
    """Return the booking of the correction: the accounts of the document it takes back, the amounts turned.

    The mapping is not asked again: what it says today may not be where the document was booked.
    """
    rows = tuple(_reversed_row(row, booking.invoice.number) for row in booking.rows)
    return replace(booking, invoice=correction, rows=rows, reverses=correction.corrects)


def reversing_entries(entries: Iterable[BilledEntry], cancellation: Cancellation) -> list[BilledEntry]:
    """Return one entry per position that takes back what the document's entries computed and invoiced."""
    by_position: dict[str, list[BilledEntry]] = {}
    for entry in entries:
        by_position.setdefault(entry.position.key, []).append(entry)
    return [_reversed(standing, cancellation) for standing in by_position.values()]


def kept_by_final(
    reversing: Iterable[BilledEntry], states: Mapping[str, BilledState], final: str
) -> Iterator[BilledEntry]:
    """Yield what keeps a cancelled down payment from being due again: the final invoice asked for its money.

    For a down payment that was left open and is cancelled while the final invoice (by key), which did not deduct it,
    stands: what it had billed counts as the final invoice's from then on, and goes with it should that be cancelled.
    `states` are those before the cancellation.
    """
    for entry in reversing:
        state = states[entry.position.key]
        yield replace(
            entry,
            position=state.terms,
            document=final,
            kind=BilledKind.BILLED,
            share_before=state.share,
            share_after=state.share,
            quantity=Decimal(0),
            computed=-entry.computed,
            invoiced=-entry.invoiced,
            vanished=state.vanished,
        )


def _key(invoice: Invoice, tenant: str) -> str:
    currency, category = invoice.treatment
    return DocumentKey(tenant, invoice.agreement, "cancellation", invoice.key, f"{currency}/{category}").digest()


def _taken_back(line: InvoiceLine, invoice: Invoice, cancellation: Cancellation) -> InvoiceLine:
    found = step("cancelled", document=invoice.number, line=line.number, net=line.net, reason=cancellation.reason)
    return replace(line, quantity=-line.quantity, net=-line.net, reason=(found,))


def _reversed_row(row: LedgerRow, number: str) -> LedgerRow:
    found = step("row_reversal", document=number, account=row.revenue.account, gross=row.gross)
    return replace(row, net=-row.net, gross=-row.gross, adjustment=-row.adjustment, reason=(found,))


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
