"""What a person says of a document as a whole: hold it, release it, it is paid, it is not (domain 7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from connector.core.errors import RefusedError
from connector.core.lifecycle import DocumentState
from connector.jobs import events

_S = DocumentState


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a document may be brought where, and how the refusal of any other reads."""

    allowed: frozenset[DocumentState]
    to: DocumentState
    refusal: str


HOLD = Move(frozenset({_S.DRAFT}), _S.HELD, "only a draft can be held; what is approved can be cancelled")
RELEASE = Move(frozenset({_S.HELD}), _S.DRAFT, "only what is held can be released")
RESEND = Move(frozenset({_S.REJECTED}), _S.QUEUED, "only what the accounting system rejected can be sent again")
PAID = Move(
    frozenset({_S.ACCEPTED, _S.OPEN, _S.PART_PAID}), _S.PAID, "only what was handed over and is open can be paid"
)
UNPAID = Move(frozenset({_S.PAID}), _S.OPEN, "only what is recorded as paid can be taken back")


class Summary(Protocol):
    """What is known of a document."""

    @property
    def key(self) -> str:
        """Return its key."""
        ...

    @property
    def number(self) -> str:
        """Return its number."""
        ...

    @property
    def state(self) -> DocumentState:
        """Return where it stands."""
        ...


class States(Protocol):
    """Where the states of documents are kept, with who changed them."""

    def set_state(self, key: str, state: DocumentState, who: str, why: str = "", on: date | None = None) -> None:
        """Bring the document into the state."""
        ...


def bring(states: States, document: Summary, move: Move, *, who: str, why: str, on: date | None = None) -> None:
    """Bring the document where the move leads, on record with who, why and the day; RefusedError in plain words."""
    if document.state not in move.allowed:
        message = f"document {document.number} is {document.state.value}: {move.refusal}"
        raise RefusedError(message)
    states.set_state(document.key, move.to, who, why, on)
    events.done("document %s: %s", document.number, move.to)
