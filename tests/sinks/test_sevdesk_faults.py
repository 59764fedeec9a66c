"""Searches that fail, and drafts that an earlier attempt left behind; every other fault is met in tests/contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connector.core.lifecycle import DocumentState
from connector.store import open_store
from tests.contract.desk import TENANT, Desk, desk_of
from tests.standins import Asked, Fault

CALLS = {
    "create": ("POST", "/api/v1/Invoice/Factory/saveInvoice"),
    "issue": ("PUT", "/api/v1/Invoice/"),
    "read back": ("GET", "/api/v1/Invoice/"),
    "search": ("GET", "/api/v1/Invoice"),
}


def is_call(name: str) -> Callable[[Asked], bool]:
    """Return a function that knows the call."""
    method, path = CALLS[name]
    return lambda asked: (
        asked.method == method and (asked.path == path if not path.endswith("/") else asked.path.startswith(path))
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Yield a desk with one document, and an empty account."""
    template = tmp_path / "today.db"
    with open_store(f"sqlite:///{template}", TENANT):
        pass
    with desk_of("sevdesk", template) as opened:
        yield opened


@pytest.mark.parametrize("call", ["search", "issue", "read back"])
@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("first", [Fault.ANSWER_LOST, Fault.SERVER_ERROR, Fault.GATEWAY_TIMEOUT])
def test_every_fault_while_a_lost_answer_is_searched_for(desk: Desk, first: Fault, fault: Fault, call: str) -> None:
    """The search may fail as often as it likes; only a search that was done permits another create."""
    desk.standin.fail(first, is_call("create"))
    desk.run()
    desk.standin.fail(fault, is_call(call), 3)

    desk.run_until_quiet()

    assert desk.exactly_once()
    assert desk.run().documents == ()


def test_a_draft_left_behind_is_issued_and_not_made_again(desk: Desk) -> None:
    """The answer to the issue was lost before it was done."""
    desk.standin.fail(Fault.RESET_BEFORE, is_call("issue"))
    desk.run()
    assert [row["status"] for row in desk.standin.api.invoices.values()] == ["100"]

    desk.run_until_quiet()

    assert desk.exactly_once()
    assert desk.standin.calls("POST", CALLS["create"][1]) == 1


def test_a_document_with_a_draft_there_does_not_count_as_never_sent(desk: Desk) -> None:
    """To issue it was refused for the time being: it could be cancelled without a trace, while somebody issues it."""
    desk.standin.fail(Fault.TOO_MANY, is_call("issue"), 2)
    [problem] = desk.run().problems
    state = desk.store.billing.document(desk.keys[0]).summary.state
    assert (problem.code, state) == ("DeliveryUnknown", DocumentState.UNKNOWN)
    assert "its draft is there, but was not issued: too many requests" in problem.message
    desk.run_until_quiet()
    assert desk.exactly_once()
