from __future__ import annotations

import re
from datetime import timedelta, timezone

import pytest

from connector.core.errors import NotFound, StoreError
from connector.core.lifecycle import DocumentState, TransitionError
from connector.core.ports import Export
from connector.store import Store, open_store, sync
from connector.store.outbox import Delivery, ExportSummary
from connector.store.schema import exports
from tests.store.world import NOON, WHO, Clock, add, hand_over, rows, states, written

S = DocumentState
SINK = "datev"


@pytest.fixture
def queued(store: Store) -> Store:
    """Return the store with three documents that wait for the sink."""
    for key in ("k-1", "k-2", "k-3"):
        add(store, key, S.APPROVED)
    return store


def test_queued_documents_wait_in_the_order_they_were_stored(queued: Store) -> None:
    """The sink is offered every queued document, and none of the drafts."""
    add(queued, "k-0")
    assert [booked.invoice.key for booked in queued.outbox.waiting()] == ["k-1", "k-2", "k-3"]


def test_export_is_recorded_before_it_is_written(queued: Store) -> None:
    """Number, token, time and documents are fixed first; the documents are being sent from then on."""
    export = queued.outbox.begin_export(SINK, ["k-2", "k-1"], NOON, who=WHO)
    assert (export.number, export.made_at, export.repeat, export.known_debtors) == (1, NOON, False, {})
    assert re.fullmatch("[0-9a-f]{16}", export.token)
    assert states(queued) == {"k-1": S.SENDING, "k-2": S.SENDING, "k-3": S.QUEUED}
    assert [booked.invoice.key for booked in queued.outbox.bookings(SINK, export)] == ["k-2", "k-1"]
    assert [booked.invoice.key for booked in queued.outbox.waiting()] == ["k-3"]


def test_open_export_is_found_as_it_was_begun(queued: Store, url: str) -> None:
    """After a crash the same export is written again: same number, token, moment and debtors."""
    hand_over(queued, "k-1")
    begun = queued.outbox.begin_export(SINK, ["k-2"], NOON.astimezone(timezone(timedelta(hours=1))), who=WHO)
    with open_store(url, queued.database.tenant) as again:
        found = again.outbox.open_export(SINK)
        assert found == begun
        assert found is not None
        assert str(found.made_at) == str(begun.made_at)
        assert again.outbox.open_export("files") is None


def test_finished_export_accepts_its_documents(queued: Store, clock: Clock) -> None:
    """Files, receipts and debtors are recorded together, and nothing is open any more."""
    export = queued.outbox.begin_export(SINK, ["k-1", "k-2"], NOON, who=WHO)
    queued.outbox.finish_export(SINK, export, written("k-1", "k-2", debtors={"10001": "v1"}), who=WHO)
    assert states(queued) == {"k-1": S.ACCEPTED, "k-2": S.ACCEPTED, "k-3": S.QUEUED}
    assert queued.outbox.open_export(SINK) is None
    (summary,) = queued.outbox.exports()
    assert summary.finished_at is not None
    assert summary.finished_at <= clock.moment
    assert summary == ExportSummary(
        sink=SINK,
        number=1,
        token=export.token,
        made_at=NOON,
        repeat=False,
        finished_at=summary.finished_at,
        files=("EXTF_1.csv",),
        documents=2,
    )
    assert queued.outbox.deliveries("k-1") == (Delivery(SINK, 1, "EXTF_1.csv", repeat=False, made_at=NOON),)
    assert [(deed.who, deed.action, deed.details) for deed in queued.audit.list(SINK)] == [
        (WHO, "export begun", {"number": "1", "documents": "2"}),
        (WHO, "export finished", {"number": "1", "files": "1"}),
    ]


def test_finishing_twice_is_harmless(queued: Store) -> None:
    """A result reported a second time changes nothing."""
    export = hand_over(queued, "k-1")
    before = rows(queued, exports)
    queued.outbox.finish_export(SINK, export, written("k-1", file="other.csv"), who=WHO)
    assert rows(queued, exports) == before
    assert queued.outbox.deliveries("k-1")[0].reference == "EXTF_1.csv"


def test_debtors_are_known_from_one_export_to_the_next(queued: Store) -> None:
    """Only new or changed debtors need to be written again: the sink is told what was exported last, per sink."""
    first = queued.outbox.begin_export(SINK, ["k-1"], NOON, who=WHO)
    queued.outbox.finish_export(SINK, first, written("k-1", debtors={"10001": "v1", "10002": "v1"}), who=WHO)
    second = queued.outbox.begin_export(SINK, ["k-2"], NOON, who=WHO)
    assert second.known_debtors == {"10001": "v1", "10002": "v1"}
    queued.outbox.finish_export(SINK, second, written("k-2", debtors={"10001": "v2"}), who=WHO)
    third = queued.outbox.begin_export("files", ["k-3"], NOON, who=WHO)
    assert third.known_debtors == {}
    queued.outbox.finish_export("files", third, written("k-3"), who=WHO)
    fourth = queued.outbox.begin_export(SINK, ["k-1"], NOON, who=WHO, repeat=True)
    assert fourth.known_debtors == {"10001": "v2", "10002": "v1"}


def test_exports_are_numbered_per_sink_without_a_gap(queued: Store) -> None:
    """Each sink counts its own exports."""
    numbers = [hand_over(queued, "k-1").number, hand_over(queued, "k-2").number]
    assert numbers == [1, 2]
    assert queued.outbox.begin_export("files", ["k-3"], NOON, who=WHO).number == 1
    listed = [(each.sink, each.number, each.finished_at is None) for each in queued.outbox.exports()]
    assert listed == [(SINK, 1, False), (SINK, 2, False), ("files", 1, True)]


def test_open_export_must_be_finished_first(queued: Store) -> None:
    """A second export cannot overtake one whose files may be missing."""
    queued.outbox.begin_export(SINK, ["k-1"], NOON, who=WHO)
    with pytest.raises(StoreError, match="export 1 of datev is not finished") as caught:
        queued.outbox.begin_export(SINK, ["k-2"], NOON, who=WHO)
    assert caught.value.hint == "finish it first: honorar push"
    assert states(queued)["k-2"] is S.QUEUED


def test_documents_that_do_not_wait_are_refused(queued: Store) -> None:
    """Drafts, unknown and sent documents cannot be exported, and the export is not begun."""
    add(queued, "k-4")
    hand_over(queued, "k-3")
    for key, error in (("k-4", TransitionError), ("k-3", TransitionError), ("k-9", NotFound)):
        with pytest.raises(error):
            queued.outbox.begin_export(SINK, ["k-1", key], NOON, who=WHO)
    with pytest.raises(ValueError, match="at least one document"):
        queued.outbox.begin_export(SINK, [], NOON, who=WHO)
    assert queued.outbox.open_export(SINK) is None
    assert states(queued)["k-1"] is S.QUEUED


def test_repeat_hands_a_document_over_once_more(queued: Store) -> None:
    """A repeat is marked as one, leaves the document's state alone, and both files are on record."""
    hand_over(queued, "k-1")
    export = queued.outbox.begin_export(SINK, ["k-1"], NOON, who=WHO, repeat=True)
    assert export.repeat
    assert queued.outbox.open_export(SINK) == export
    assert states(queued)["k-1"] is S.ACCEPTED
    queued.outbox.finish_export(SINK, export, written("k-1", file="EXTF_2.csv"), who=WHO)
    assert states(queued)["k-1"] is S.ACCEPTED
    assert [(each.reference, each.repeat) for each in queued.outbox.deliveries("k-1")] == [
        ("EXTF_1.csv", False),
        ("EXTF_2.csv", True),
    ]


def test_document_that_never_went_out_cannot_be_repeated(queued: Store) -> None:
    """A repeat of what the sink does not have would be a first hand-over in disguise."""
    with pytest.raises(ValueError, match="document k-1 was never handed over"):
        queued.outbox.begin_export(SINK, ["k-1"], NOON, who=WHO, repeat=True)


@pytest.mark.parametrize("receipts", [(), ("k-1",), ("k-1", "k-2", "k-3")])
def test_receipts_must_be_those_of_the_export(queued: Store, receipts: tuple[str, ...]) -> None:
    """A sink that lost or invented a document is not believed."""
    export = queued.outbox.begin_export(SINK, ["k-1", "k-2"], NOON, who=WHO)
    with pytest.raises(ValueError, match="the receipts are not those of export 1 of datev"):
        queued.outbox.finish_export(SINK, export, written(*receipts), who=WHO)
    assert queued.outbox.open_export(SINK) == export


def test_export_nobody_began_cannot_be_finished(queued: Store) -> None:
    """Receipts for an unknown export have no documents to go with."""
    unknown = Export(7, "0" * 16, NOON)
    with pytest.raises(ValueError, match="the receipts are not those of export 7"):
        queued.outbox.finish_export(SINK, unknown, written("k-1"), who=WHO)


def test_large_exports_keep_their_order(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """More documents than fit in one statement go out in one export, in order."""
    monkeypatch.setattr(sync, "BATCH_ROWS", 2)
    keys = [f"k-{number}" for number in range(5)]
    for key in keys:
        add(store, key, S.APPROVED)
    export = hand_over(store, *reversed(keys))
    assert [booked.invoice.key for booked in store.outbox.bookings(SINK, export)] == keys[::-1]
    assert set(states(store).values()) == {S.ACCEPTED}


def test_tenants_export_for_themselves(queued: Store, url: str) -> None:
    """Two tenants with sinks of one name do not share exports, documents or debtors."""
    hand_over(queued, "k-1")
    with open_store(url, "other") as other:
        add(other, "k-1", S.APPROVED)
        assert list(other.outbox.exports()) == []
        assert hand_over(other, "k-1").number == 1
    assert [each.documents for each in queued.outbox.exports()] == [1]
    assert len(queued.outbox.deliveries("k-1")) == 1
