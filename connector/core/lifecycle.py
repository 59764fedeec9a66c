"""The states of a document and which may follow which, as a table (domain 7.2)."""

from __future__ import annotations

from enum import StrEnum


class DocumentState(StrEnum):
    """Where a document is between being computed and being paid."""

    DRAFT = "draft"
    HELD = "held"
    APPROVED = "approved"
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    OPEN = "open"
    PART_PAID = "part_paid"
    PAID = "paid"
    CANCELLED = "cancelled"


_S = DocumentState

TRANSITIONS: dict[DocumentState, frozenset[DocumentState]] = {
    _S.DRAFT: frozenset({_S.HELD, _S.APPROVED, _S.CANCELLED}),
    _S.HELD: frozenset({_S.DRAFT, _S.APPROVED, _S.CANCELLED}),
    _S.APPROVED: frozenset({_S.QUEUED, _S.CANCELLED}),
    _S.QUEUED: frozenset({_S.SENDING, _S.CANCELLED}),
    _S.SENDING: frozenset({_S.ACCEPTED, _S.REJECTED, _S.UNKNOWN, _S.QUEUED}),
    _S.UNKNOWN: frozenset({_S.ACCEPTED, _S.REJECTED, _S.SENDING}),
    _S.REJECTED: frozenset({_S.QUEUED, _S.CANCELLED}),
    _S.ACCEPTED: frozenset({_S.OPEN, _S.PART_PAID, _S.PAID, _S.CANCELLED}),
    _S.OPEN: frozenset({_S.PART_PAID, _S.PAID, _S.CANCELLED}),
    _S.PART_PAID: frozenset({_S.PAID, _S.OPEN, _S.CANCELLED}),
    _S.PAID: frozenset({_S.PART_PAID, _S.OPEN}),
    _S.CANCELLED: frozenset(),
}
"""From SENDING back to QUEUED only where the call provably did not arrive; from PAID back when a payment bounces."""


NOT_HANDED_OVER = frozenset({_S.DRAFT, _S.HELD, _S.APPROVED, _S.QUEUED, _S.REJECTED})
"""Where no sink has the document: cancelled, it leaves nothing but a void number; any other takes a correction."""


class TransitionError(ValueError):
    """A document was asked to go where the table does not let it."""

    def __init__(self, current: DocumentState, wanted: DocumentState) -> None:
        """Name both states and what is allowed."""
        allowed = ", ".join(sorted(TRANSITIONS[current])) or "none"
        super().__init__(f"a document that is {current} cannot become {wanted}; allowed: {allowed}")


def check_transition(current: DocumentState, wanted: DocumentState) -> None:
    """Return if the table allows the change; TransitionError otherwise."""
    if wanted not in TRANSITIONS[current]:
        raise TransitionError(current, wanted)
