"""What settling asks of a document that was handed over, and what it decides about its state (domain 7.2, 10.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from connector.core.lifecycle import TRANSITIONS, DocumentState
from connector.core.payment import STATES, Known, PaymentReading, PaymentState, PaymentStatus
from connector.core.ports import Receipt
from connector.core.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Owed:
    """A document that a sink has, with what is known of its payment; `sent_at` is when it was first sent there."""

    receipt: Receipt
    number: str
    agreement: str
    state: DocumentState
    known: Known
    sent_at: datetime

    @property
    def place(self) -> str:
        """Return how messages name it."""
        return ", ".join(filter(None, (f"document {self.number} of {self.agreement}", self.receipt.link)))


def told_of(owed: Owed, reading: PaymentReading) -> tuple[Owed, list[Problem]]:
    """Return the document as it stands after the reading, and what a person should know of it."""
    known, problem = owed.known.after(reading)
    after = replace(owed, known=known, state=state_after(owed.state, known.status))
    found = [replace(problem, place=owed.place)] if problem else []
    if known.status.state is not owed.known.status.state:
        found += _settled_there(owed, known.status)
    return after, [replace(each, agreement=owed.agreement) for each in found]


def state_after(current: DocumentState, status: PaymentStatus) -> DocumentState:
    """Return where the document stands; a cancelled one stays so, whatever is paid."""
    wanted = STATES.get(status.state, current)
    return wanted if wanted in TRANSITIONS[current] else current


def _settled_there(owed: Owed, status: PaymentStatus) -> list[Problem]:
    """Return the notice of a document that was settled there without money; here a person decides about it."""
    if owed.state is DocumentState.CANCELLED or status.state not in _SETTLED_THERE:
        return []
    code, message, hint = _SETTLED_THERE[status.state]
    return [Problem(code, message, owed.place, hint, Severity.NOTICE)]


_SETTLED_THERE = {
    PaymentState.CANCELLED: (
        "CancelledInSink",
        "it was cancelled in the accounting system, and stands here",
        "cancel it here too: honorar cancel; then what it billed is due again",
    ),
    PaymentState.WRITTEN_OFF: (
        "WrittenOffInSink",
        "it was written off in the accounting system",
        "nothing, if it is lost; else book the payment there",
    ),
}
