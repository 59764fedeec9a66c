"""Drafts that an earlier attempt left behind; every other fault is met by the suite of all sinks (tests/contract)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.core.lifecycle import DocumentState
from connector.store import open_store
from tests.contract.desk import TENANT, Desk, desk_of
from tests.standins import Asked, Fault


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Yield a desk with one document, and a Tryton with empty books."""
    template = tmp_path / "today.db"
    with open_store(f"sqlite:///{template}", TENANT):
        pass
    with desk_of("tryton", template) as opened:
        yield opened


def is_create(asked: Asked) -> bool:
    """Tell whether an invoice is to be created."""
    return asked.method == "POST" and asked.path.endswith("model/account.invoice")


def is_post(asked: Asked) -> bool:
    """Tell whether an invoice is to be posted."""
    return asked.path.endswith("/post")


def made(desk: Desk) -> int:
    """Return how often an invoice was to be created."""
    return sum(map(is_create, desk.standin.asked))


def test_a_draft_whose_post_never_arrived_is_posted_and_not_made_again(desk: Desk) -> None:
    """The connection broke before Tryton had seen anything."""
    desk.standin.fail(Fault.RESET_BEFORE, is_post)
    desk.run()
    assert [each["state"] for each in desk.standin.api.carrying(desk.keys[0])] == ["draft"]

    desk.run_until_quiet()

    assert desk.exactly_once()
    assert made(desk) == 1


def test_a_document_with_a_draft_there_does_not_count_as_never_sent(desk: Desk) -> None:
    """To post it was refused for the time being: it could be cancelled without a trace, while somebody posts it."""
    desk.standin.fail(Fault.TOO_MANY, is_post, 2)
    [problem] = desk.run().problems
    state = desk.store.billing.document(desk.keys[0]).summary.state
    assert (problem.code, state) == ("DeliveryUnknown", DocumentState.UNKNOWN)
    desk.run_until_quiet()
    assert desk.exactly_once()


def test_a_draft_whose_post_was_refused_is_posted_once_it_was_released(desk: Desk) -> None:
    """The period was missing; meanwhile nothing is sent."""
    desk.standin.api.years = range(2027, 2028)
    [problem] = desk.run().problems
    state = desk.store.billing.document(desk.keys[0]).summary.state
    assert (problem.code, state) == ("DeliveryRejected", DocumentState.REJECTED)
    assert "must create a period" in problem.message
    desk.run_until_quiet()

    desk.standin.api.years = range(2026, 2027)
    desk.store.billing.set_state(desk.keys[0], DocumentState.QUEUED, "anna")
    desk.run()

    assert desk.exactly_once()
    assert made(desk) == 1
