from __future__ import annotations

from itertools import pairwise

import pytest

from connector.core.lifecycle import TRANSITIONS, DocumentState, TransitionError, check_transition

S = DocumentState
MAIN_PATH = [S.DRAFT, S.APPROVED, S.QUEUED, S.SENDING, S.ACCEPTED, S.OPEN, S.PART_PAID, S.PAID]
SENT = {S.SENDING, S.UNKNOWN, S.ACCEPTED, S.OPEN, S.PART_PAID, S.PAID}


@pytest.mark.parametrize(("current", "wanted"), list(pairwise(MAIN_PATH)))
def test_the_main_path_is_open(current: DocumentState, wanted: DocumentState) -> None:
    """The path is draft → approved → queued → sending → accepted → open → part_paid → paid (domain 7.2)."""
    check_transition(current, wanted)
    assert wanted in TRANSITIONS[current]


@pytest.mark.parametrize("current", list(S))
@pytest.mark.parametrize("wanted", list(S))
def test_what_the_table_does_not_allow_is_refused(current: DocumentState, wanted: DocumentState) -> None:
    """Every other change is refused; the message names both states and what is allowed."""
    if wanted in TRANSITIONS[current]:
        check_transition(current, wanted)
        return
    with pytest.raises(TransitionError, match=rf"that is {current} cannot become {wanted}; allowed: (none|[a-z_, ]+)$"):
        check_transition(current, wanted)


def test_every_state_stands_in_the_table() -> None:
    """No state is forgotten."""
    assert set(TRANSITIONS) == set(S)


def test_every_state_can_be_reached_from_draft() -> None:
    """No state stands aside unreachable."""
    reached, frontier = {S.DRAFT}, {S.DRAFT}
    while frontier:
        frontier = {after for state in frontier for after in TRANSITIONS[state]} - reached
        reached |= frontier
    assert reached == set(S)


def test_no_state_follows_itself() -> None:
    """A change of state is a change."""
    assert not [state for state, after in TRANSITIONS.items() if state in after]


def test_an_approved_document_is_never_changed_again() -> None:
    """Once approved, no path leads back to draft (domain 6)."""
    reached, frontier = set[DocumentState](), {S.APPROVED}
    while frontier:
        reached |= frontier
        frontier = {after for state in frontier for after in TRANSITIONS[state]} - reached
    assert not reached & {S.DRAFT, S.HELD}


def test_a_cancelled_document_stays_cancelled() -> None:
    """Cancelled is the end."""
    assert TRANSITIONS[S.CANCELLED] == frozenset()


def test_a_document_whose_sending_is_unsettled_is_not_cancelled() -> None:
    """While the sink may have it, a document is neither cancelled nor queued as if it did not (domain 9.2)."""
    assert S.CANCELLED not in TRANSITIONS[S.SENDING] | TRANSITIONS[S.UNKNOWN]
    assert S.QUEUED not in TRANSITIONS[S.UNKNOWN]


def test_only_sending_leads_to_the_sink() -> None:
    """`sending` stands between the queue and every state that says the sink has the document (domain 9.2)."""
    entered = {state for state, after in TRANSITIONS.items() if after & SENT} - SENT
    assert entered == {S.QUEUED}
    assert TRANSITIONS[S.QUEUED] & SENT == {S.SENDING}
