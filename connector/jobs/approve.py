"""A person's work on drafts: approve, or edit a line before (domain 3.8, 7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from connector.core.billed import BilledEntry, History
from connector.core.booking import Booking
from connector.core.edit import LineEdit, edit_entry, edited
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.problems import Problem
from connector.jobs.bill import Sink
from connector.mapping import Mapping, book


class Drafts(Protocol):
    """Where drafts are kept; every change is one transaction."""

    def history(self) -> History:
        """Return the billed log, folded."""
        ...

    def update_draft(
        self, key: str, invoice: Invoice, booking: Booking | None, entries: Iterable[BilledEntry], who: str
    ) -> None:
        """Replace what is on the draft and log what a person changed."""
        ...

    def set_state(self, key: str, state: DocumentState, who: str, why: str = "") -> None:
        """Bring the document into the state."""
        ...


@dataclass(frozen=True, slots=True)
class Approver:
    """Approves and edits drafts; the booking is made anew, so that a mended mapping counts."""

    drafts: Drafts
    mapping: Mapping
    sink: Sink
    who: str

    def approve(self, invoices: Iterable[Invoice]) -> Iterator[Invoice | Problem]:
        """Approve each draft that can be booked and delivered, and yield it; yield the problems of the others."""
        for invoice in invoices:
            booking = book(self.mapping, invoice)
            problems = self._obstacles(booking)
            yield from problems
            if isinstance(booking, Booking) and not any(problem.holds for problem in problems):
                self.drafts.update_draft(invoice.key, invoice, booking, (), self.who)
                self.drafts.set_state(invoice.key, DocumentState.APPROVED, self.who)
                yield invoice

    def edit(self, invoice: Invoice, edit: LineEdit) -> Invoice:
        """Change a line of a draft and return the document; what was computed stays in the log (domain 3.8)."""
        after = edited(invoice, edit)
        booking = book(self.mapping, after)
        state = self.drafts.history().positions.get(invoice.lines[edit.line - 1].position)
        entry = edit_entry(invoice, after, edit, state)
        self.drafts.update_draft(
            invoice.key, after, booking if isinstance(booking, Booking) else None, (entry,), self.who
        )
        return after

    def _obstacles(self, booking: Booking | tuple[Problem, ...]) -> Sequence[Problem]:
        return list(self.sink.refusals(booking)) if isinstance(booking, Booking) else booking
