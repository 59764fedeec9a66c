from __future__ import annotations

from pathlib import Path

import pytest

from connector.core.errors import DocumentRejected, OutcomeUnknown, RefusedError
from connector.core.lifecycle import DocumentState
from connector.core.ports import Capabilities
from connector.wiring import Workspace, billing, decisions, delivery, inquiry, open_workspace
from tests.support.cloud import Cloud
from tests.wiring import JANUARY, NIGHT


def test_a_document_is_repeated_once_it_was_handed_over(space: Workspace) -> None:
    """Not before; and only it."""
    with pytest.raises(RefusedError, match="RE-2026-0001 was never handed over"):
        delivery.push(space, "RE-2026-0001")
    list(decisions.approve(space, []))
    assert len(delivery.push(space).documents) == 2
    assert delivery.push(space, "RE-2026-0001").documents == (inquiry.documents(space)[0].key,)
    assert [document.state for document in inquiry.documents(space)] == [DocumentState.ACCEPTED] * 2


def test_a_sink_behind_an_api_takes_documents_one_by_one(folder: Path) -> None:
    """Under working names until it has numbered them; what it takes once is never repeated (domain 7.6, 9)."""
    with open_workspace(folder, "anna", lambda: NIGHT) as space:
        space.__dict__["sink"] = cloud = Cloud()
        billing.pull(space, JANUARY)
        assert [each.number for each in billing.bill(space, billing.look_ahead(space, JANUARY, {}))] == [
            "E_0001",
            "E_0002",
        ]
        list(decisions.approve(space, ["E_0001"]))

        (receipt,) = delivery.push(space).receipts
        assert cloud.calls == [f"deliver {receipt.key}", f"read {receipt.key}"]
        assert [document.number for document in inquiry.documents(space)] == [receipt.number, "E_0002"]
        assert delivery.receipts(space) == [receipt]
        assert list(inquiry.explain(space, receipt.number))[-2:] == [
            "Delivery to datev, 1 Feb 2026 00:30: accepted",
            f"In datev since 1 Feb 2026 00:30: {receipt.number} · {receipt.link}",
        ]
        with pytest.raises(RefusedError, match="takes each document once"):
            delivery.push(space, receipt.number)


@pytest.mark.parametrize("found", [True, False])
def test_a_person_decides_where_the_sink_cannot_be_searched(space: Workspace, *, found: bool) -> None:
    """Whether it is there, under which id, and why; or that it is not, and is sent again."""
    lost = OutcomeUnknown("no whole answer came")
    cloud = Cloud(failures=[("deliver", lost, found)], capabilities=Capabilities(numbers=True))
    space.__dict__["sink"] = cloud
    list(decisions.approve(space, ["RE-2026-0001"]))
    for _ in range(2):
        assert [problem.code for problem in delivery.push(space).problems] == ["DeliveryUndecided"]
    if found:
        (receipt,) = delivery.take_over(space, "RE-2026-0001", "id-4711", "seen there").receipts
        assert receipt.reference == "id-4711"
        assert inquiry.deeds(space, receipt.key)[-1].details["why"] == "seen there"
    else:
        assert len(delivery.push(space, "RE-2026-0001").receipts) == 1
    assert delivery.push(space).problems == ()
    assert len(cloud.kept) == 1


def test_what_goes_out_in_files_is_not_taken_over(space: Workspace) -> None:
    """They are there, or they are not."""
    with pytest.raises(RefusedError, match="takes files"):
        delivery.take_over(space, "RE-2026-0001", "4711", "seen there")


def test_what_the_sink_rejected_is_released(space: Workspace) -> None:
    """It is queued again, with the reason on record."""
    space.__dict__["sink"] = Cloud(failures=[("deliver", DocumentRejected("no name"), False)])
    list(decisions.approve(space, ["RE-2026-0001"]))
    assert [problem.code for problem in delivery.push(space).problems] == ["DeliveryRejected"]
    decisions.release(space, "RE-2026-0001", "name entered")
    assert inquiry.summary(space, "RE-2026-0001").state is DocumentState.QUEUED
    assert [deed.details.get("why") for deed in inquiry.deeds(space, "RE-2026-0001")][-2:] == [
        "no name",
        "name entered",
    ]
    assert len(delivery.push(space).documents) == 1
