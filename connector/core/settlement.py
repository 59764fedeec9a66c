"""What settling asks of a document that was handed over, and what it decides about its state (domain 7.2, 10.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from connector.core.lifecycle import TRANSITIONS, DocumentState
from connector.core.money import Money
from connector.core.payment import STATES, Known, PaymentReading, PaymentState, PaymentStatus, state_of
from connector.core.ports import Receipt
from connector.core.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Owed:
    """A document that a sink has, with what is known of its payment; `sent_at` is when it was first sent there.

    `shares` is what it asks for, where it shares one open item there with the document that takes it back, or that it
    takes back; None where it has one of its own.
    """

    receipt: Receipt
    number: str
    agreement: str
    state: DocumentState
    known: Known
    sent_at: datetime
    shares: Money | None = None

    @property
    def place(self) -> str:
        """Return how messages name it."""
        return ", ".join(filter(None, (f"document {self.number} of {self.agreement}", self.receipt.link)))


def concerning(owed: Owed, told: PaymentStatus) -> PaymentStatus | None:
    """Return what a reading says of this document, None where it is about the other one that shares its open item.

    That nothing is open of a cancelled document is owed to its correction and not to a payment. Of a shared item, what
    is open on the document's own side shows that the correction is not booked yet; else all of it is the correction's.
    """
    is_ours = owed.shares is None or told.open.amount * owed.shares.amount > 0
    if owed.state is DocumentState.CANCELLED:
        is_settled = told.state is PaymentState.PAID and owed.known.status.state is not PaymentState.PAID
        if is_ours and not is_settled:
            return told
        return replace(told, state=PaymentState.CANCELLED, open=Money.zero(told.open.currency))
    if owed.shares is None:
        return told
    return replace(told, state=state_of(owed.shares, told.open)) if is_ours or not told.open else None


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
