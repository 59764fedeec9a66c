"""What can be said of a delivery without calling anyone: refusals, attempts, differences (domain 9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from connector.core.booking import Booking
from connector.core.errors import DocumentRejected, HonorarError, OutcomeUnknown
from connector.core.invoice import DocumentKind, Invoice
from connector.core.lifecycle import DocumentState
from connector.core.ports import Capabilities, Delivered
from connector.core.problems import Problem


class Outcome(StrEnum):
    """How an attempt to deliver a document ended."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a sink: when it began and ended, how, in whose words; without end and outcome while under way."""

    sink: str
    begun_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    words: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether the document may have arrived without our knowing."""
        return self.outcome in (None, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Pending:
    """A document that waits for the sink, or may be there already, with every attempt so far, oldest first."""

    booking: Booking
    state: DocumentState
    attempts: tuple[Attempt, ...] = ()

    @property
    def may_have_arrived(self) -> bool:
        """Tell whether the last attempt may have arrived: what lies before it was decided when it was begun."""
        return bool(self.attempts) and self.attempts[-1].is_open

    def elsewhere(self, sink: str) -> str:
        """Return the other sink that may have it, '' where none may."""
        return next((each.sink for each in self.attempts if each.sink != sink and each.is_open), "")

    def counts_as_not_there(self, settles_after: int, now: datetime) -> bool:
        """Tell whether it may be sent again where the sink does not find it (domain 9.2).

        Not before the sink's own time-out has passed since the last attempt whose outcome is unknown: what was sent
        may still be on its way there.
        """
        ends = [each.ended_at for each in self.attempts if each.is_open]
        return all(end is not None and now - end >= timedelta(seconds=settles_after) for end in ends)


def place_of(invoice: Invoice) -> str:
    """Return how messages name the document."""
    return f"document {invoice.name} of {invoice.agreement}" if invoice.number else f"document {invoice.name}"


def refused(capabilities: Capabilities, booking: Booking, sink: str) -> Iterator[Problem]:
    """Yield what the sink, by its name as people know it, cannot do with the document."""
    invoice = booking.invoice
    for code, message, hint in _refusals(capabilities, invoice, sink):
        yield Problem(code, message, place_of(invoice), hint, agreement=invoice.agreement)


def _refusals(can: Capabilities, invoice: Invoice, sink: str) -> Iterator[tuple[str, str, str]]:
    if can.currency not in ("", invoice.currency):
        yield "CurrencyRefused", f"{sink} takes {can.currency}, not {invoice.currency}", "invoice it elsewhere"
    is_correction = invoice.kind is DocumentKind.CORRECTION
    if invoice.gross.amount < 0 and not (can.credit_notes or is_correction):
        yield "CreditNoteRefused", f"{sink} takes no credit notes", "write it there by hand"
    if is_correction and not can.reversals:
        yield "CorrectionRefused", f"{sink} takes no corrections", "correct it there by hand, and keep a note of it"
    if invoice.prepayments and not can.final_in_full:
        yield (
            "FinalInFullRefused",
            f"{sink} takes no final invoice that names what was prepaid",
            'deduct the earlier documents as lines: final = "remainder"',
        )
    if can.most_lines and len(invoice.lines) > can.most_lines:
        yield (
            "TooManyLines",
            f"{len(invoice.lines)} lines; {sink} takes {can.most_lines}",
            "bill categories or projects one by one, or group them coarser",
        )
    yield from _long_texts(can, invoice, sink)


def _long_texts(can: Capabilities, invoice: Invoice, sink: str) -> Iterator[tuple[str, str, str]]:
    for line in invoice.lines:
        if can.line_text and len(line.text) > can.line_text:
            message = f"line {line.number} has {len(line.text)} characters; {sink} takes {can.line_text}"
            yield "TextTooLong", message, "shorten it at the source, or with honorar edit"
    notes = len("\n".join(invoice.notes))
    if can.notes_text and notes > can.notes_text:
        message = f"the notes have {notes} characters; {sink} takes {can.notes_text}"
        yield "TextTooLong", message, "shorten the texts in mapping.toml and agreements.toml"


def with_draft_there(error: HonorarError, place: str) -> HonorarError:
    """Return what an error means once the sink has a draft of the document: unknown, unless the document is rejected.

    It may not count as never sent any more.
    """
    if isinstance(error, DocumentRejected | OutcomeUnknown):
        return error
    message = f"its draft is there, but was not issued: {error.message}"
    return OutcomeUnknown(message, place=error.place or place, hint=error.hint)


def difference(invoice: Invoice, delivered: Delivered) -> Problem | None:
    """Return the problem of a document that stands in the sink with other totals, compared to the cent (domain 9.3)."""
    pairs = {
        "net": (invoice.net, delivered.net),
        "VAT": (invoice.tax, delivered.tax),
        "gross": (invoice.gross, delivered.gross),
        "lines": (len(invoice.lines), delivered.lines),
    }
    found = [f"{name} {ours} here, {theirs} there" for name, (ours, theirs) in pairs.items() if ours != theirs]
    if not found:
        return None
    numbered = replace(invoice, number=delivered.receipt.number or invoice.number)
    where = delivered.receipt.link or delivered.receipt.reference
    return Problem(
        "DeliveredDifferently",
        "; ".join(found),
        f"{place_of(numbered)}, {where}",
        "compare both; then correct it there, or cancel it here with honorar cancel",
        agreement=invoice.agreement,
    )
