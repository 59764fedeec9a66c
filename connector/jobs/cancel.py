"""Cancel a document: void what nobody has, take back what was handed over by a correction (domain 6, 7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from connector.core.billed import BilledEntry, History
from connector.core.booking import Booking
from connector.core.cancel import Cancellation, correction_of, kept_by_final, reversing_booking, reversing_entries
from connector.core.document import NewDocument
from connector.core.errors import RefusedError
from connector.core.final import deducted_by
from connector.core.invoice import DocumentKind, Invoice
from connector.core.lifecycle import NOT_HANDED_OVER, DocumentState
from connector.core.numbering import is_working
from connector.core.problems import Problem
from connector.jobs import events
from connector.jobs.bill import Sink, Terms


class Document(Protocol):
    """A document as it is stored."""

    @property
    def invoice(self) -> Invoice:
        """Return what is on it."""
        ...

    @property
    def booking(self) -> Booking | None:
        """Return how it was booked; None while it could not be."""
        ...


class CancelStore(Protocol):
    """Where documents and their log are kept; a cancellation is one transaction."""

    def document(self, key_or_number: str, /) -> Document:
        """Return the document."""
        ...

    def history(self) -> History:
        """Return the billed log, folded."""
        ...

    def entries_of(self, document: str, /) -> Iterable[BilledEntry]:
        """Return the log entries of the document with the key, oldest first."""
        ...

    def finals(self) -> Mapping[str, Sequence[str]]:
        """Return the keys of the final invoices that stand, by agreement."""
        ...

    def cancel(
        self,
        key: str,
        entries: Iterable[BilledEntry],
        *,
        who: str,
        why: str,
        correction: NewDocument | None = None,
        is_gone: bool = False,
    ) -> str:
        """Cancel the document, log what takes it back, store the correction, and return its number ('' for none)."""
        ...


_REFUSALS = {
    DocumentState.SENDING: ("is just being handed over", "finish that first: honorar push"),
    DocumentState.UNKNOWN: ("may or may not have arrived", "find that out first: honorar push"),
    DocumentState.PAID: ("is paid", "give the money back, take the payment off with honorar unpaid, then cancel"),
    DocumentState.CANCELLED: ("is cancelled already", "honorar audit shows by whom and why"),
}
"""What stands in the way of a cancellation, and what to do."""


@dataclass(frozen=True, slots=True)
class Canceller:
    """Cancels documents of a tenant."""

    documents: CancelStore
    sink: Sink
    terms: Terms
    who: str

    def cancel(
        self, document: Document, state: DocumentState, on: date, reason: str, *, is_gone: bool = False
    ) -> Invoice | tuple[Problem, ...] | None:
        """Cancel the document; return its correction (None where its number is void), or what the sink refuses.

        What it billed is due again. A document that `is_gone` was cancelled or discarded in accounting: nothing of it
        is left there to be taken back. Raises RefusedError where the document cannot be cancelled.
        """
        invoice = document.invoice
        is_here_alone = is_gone or state in NOT_HANDED_OVER
        self._require_cancellable(invoice, state, on, is_here_alone=is_here_alone)
        cancellation = Cancellation(self.terms.tenant, on, self.who, reason)
        correction = None if is_here_alone else self._correction(document, cancellation)
        if isinstance(correction, tuple):
            return correction
        entries = self._entries(invoice, cancellation)
        number = self.documents.cancel(
            invoice.key, entries, who=self.who, why=reason, correction=correction, is_gone=is_gone
        )
        events.done("document %s cancelled: %s", invoice.number, number or "its number is void")
        return replace(correction.invoice, number=number) if correction else None

    def _require_cancellable(self, invoice: Invoice, state: DocumentState, on: date, *, is_here_alone: bool) -> None:
        what, hint = _REFUSALS.get(state, ("", ""))
        if invoice.kind is DocumentKind.CORRECTION:
            what, hint = "is a correction, which stays", "what it freed is billed again by the next run"
        elif on < invoice.issue_date:
            what, hint = f"is of {invoice.issue_date}, after {on}", "cancel it on that day or later: --as-of"
        elif is_working(invoice.number) and not is_here_alone:
            what, hint = "is a draft in the accounting system", "finish or discard it there, then cancel"
        if what:
            message = f"document {invoice.number} {what}"
            raise RefusedError(message, hint=hint)

    def _correction(self, document: Document, cancellation: Cancellation) -> NewDocument | tuple[Problem, ...]:
        """Return what takes the document back; problems where the sink does not take it."""
        correction = correction_of(document.invoice, cancellation)
        original = document.booking
        if original is None or not self.sink.capabilities.reversals:
            message = f"the sink cannot reverse the booking of document {document.invoice.number}"
            raise RefusedError(message, hint="correct it there by hand, and keep a note of it")
        problems = tuple(self.sink.refusals(reversing_booking(original, correction)))
        if any(problem.holds for problem in problems):
            return problems

        def finish(number: str) -> tuple[Invoice, Booking]:
            numbered = replace(correction, number=number)
            return numbered, reversing_booking(original, numbered)

        return NewDocument(correction, self.terms.number_format, finish, self.terms.config_hash)

    def _entries(self, invoice: Invoice, cancellation: Cancellation) -> list[BilledEntry]:
        """Return the log entries that free what the document billed, unless the final invoice asked for it instead.

        Raises RefusedError where a final invoice asked for a part of it.
        """
        reversing = reversing_entries(self.documents.entries_of(invoice.key), cancellation)
        final = self._asked_for_again(invoice)
        if final is None:
            return reversing
        return [*reversing, *kept_by_final(reversing, self.documents.history().positions, final)]

    def _asked_for_again(self, invoice: Invoice) -> str | None:
        """Return the key of the final invoice that stands and did not deduct the down payment; None for any other."""
        if invoice.kind is not DocumentKind.PARTIAL:
            return None
        keys = self.documents.finals().get(invoice.agreement, ())
        finals = [self.documents.document(key).invoice for key in keys]
        for final in finals:
            deducted = deducted_by(final, invoice)
            if deducted is not None and deducted != invoice.net:
                message = f"document {invoice.number} is deducted in part by {final.number}"
                raise RefusedError(message, hint=f"cancel {final.number} first: the next final invoice asks for both")
            if deducted is not None:
                return None
        alike = (final.key for final in finals if final.treatment == invoice.treatment)
        return next(alike, next(iter(keys), None))
