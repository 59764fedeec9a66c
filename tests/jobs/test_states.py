"""Holding, releasing, paid and not: one table of moves (domain 7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from connector.core.errors import RefusedError
from connector.core.lifecycle import TRANSITIONS, DocumentState
from connector.jobs.states import HOLD, PAID, RELEASE, UNPAID, Move, bring
from tests.jobs.world import WHO, MemoryDocuments

MOVES = [HOLD, RELEASE, PAID, UNPAID]


@dataclass(frozen=True)
class Document:
    """A document in a state."""

    state: DocumentState
    key: str = "k-1"
    number: str = "RE-1"


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.to)
@pytest.mark.parametrize("state", list(DocumentState))
def test_a_document_moves_from_where_it_may(move: Move, state: DocumentState) -> None:
    """It is on record with who, why and when; from anywhere else the refusal says so."""
    documents = MemoryDocuments()
    if state in move.allowed:
        bring(documents, Document(state), move, who=WHO, why="because", on=date(2026, 2, 20))
        assert (documents.states, documents.told) == ({"k-1": move.to}, [("because 2026-02-20", WHO)])
    else:
        with pytest.raises(RefusedError, match=f"document RE-1 is {state}: only"):
            bring(documents, Document(state), move, who=WHO, why="because")
        assert documents.states == {}


@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.to)
def test_no_move_is_against_the_lifecycle(move: Move) -> None:
    """The table of states allows each."""
    assert all(move.to in TRANSITIONS[state] for state in move.allowed)
