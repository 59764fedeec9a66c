from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from connector.core.booking import Booking
from connector.core.errors import Unavailable
from connector.core.ports import Export, ExportResult
from connector.jobs.push import Pushed, Pusher
from tests.core.builders import booking, invoice
from tests.jobs.world import HOLD, NOTICE, WHO, MemorySink

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)


@dataclass
class MemoryOutbox:
    """Satisfies the port Outbox; remembers what was begun and finished."""

    queued: list[str] = field(default_factory=list)
    begun: dict[int, tuple[Export, list[str]]] = field(default_factory=dict)
    finished: dict[int, ExportResult] = field(default_factory=dict)

    def open_export(self, sink: str, /) -> Export | None:
        """Return the export begun last, if it was not finished."""
        assert sink == "datev"
        return next((export for number, (export, _) in self.begun.items() if number not in self.finished), None)

    def waiting(self) -> Iterator[Booking]:
        """Yield the bookings of the queued documents."""
        return iter(self._bookings(self.queued))

    def begin_export(
        self, sink: str, keys: Sequence[str], made_at: datetime, *, who: str, repeat: bool = False
    ) -> Export:
        """Take the documents out of the queue."""
        assert (sink, who) == ("datev", WHO)
        export = Export(len(self.begun) + 1, "0123456789abcdef", made_at, repeat)
        self.begun[export.number] = export, list(keys)
        self.queued = [key for key in self.queued if key not in keys]
        return export

    def bookings(self, sink: str, export: Export, /) -> Sequence[Booking]:
        """Return the bookings of the export's documents."""
        assert sink == "datev"
        return self._bookings(self.begun[export.number][1])

    def finish_export(self, sink: str, export: Export, result: ExportResult, *, who: str) -> None:
        """Remember the result."""
        assert (sink, who) == ("datev", WHO)
        self.finished[export.number] = result

    def _bookings(self, keys: Sequence[str]) -> list[Booking]:
        return [booking(invoice(key=key, number=key)) for key in keys]


def pusher(outbox: MemoryOutbox, sink: MemorySink) -> Pusher:
    """Return what pushes at noon."""
    return Pusher(outbox, sink, "datev", NOON, WHO)


def test_what_waits_is_handed_over_in_one_export() -> None:
    """Begun before the first byte is written, finished after the last."""
    outbox, sink = MemoryOutbox(["k-1", "k-2"]), MemorySink()
    pushed = pusher(outbox, sink).push()

    assert pushed == Pushed(("k-1", "k-2"), ("export-1.csv",), (NOTICE,))
    assert [(export.number, export.made_at, keys) for export, keys in sink.written] == [(1, NOON, ["k-1", "k-2"])]
    assert list(outbox.finished) == [1]


def test_where_nothing_waits_no_export_is_begun() -> None:
    """A run with nothing to do writes nothing."""
    outbox, sink = MemoryOutbox(), MemorySink()

    assert pusher(outbox, sink).push() == Pushed()
    assert (outbox.begun, sink.written) == ({}, [])


def test_a_refused_document_waits_and_the_others_go() -> None:
    """Its problem is told; a notice holds nothing back."""
    outbox, sink = MemoryOutbox(["k-1", "k-2"]), MemorySink({"k-1": [HOLD], "k-2": [NOTICE]})
    pushed = pusher(outbox, sink).push()

    assert (pushed.documents, pushed.problems) == (("k-2",), (HOLD, NOTICE, NOTICE))
    assert outbox.queued == ["k-1"]


def test_an_export_that_fails_stays_open_and_is_written_first_by_the_next_run() -> None:
    """Under its own number and time; what came meanwhile goes into an export of its own."""
    outbox = MemoryOutbox(["k-1"])
    with pytest.raises(Unavailable):
        pusher(outbox, MemorySink(failure=Unavailable("no disk"))).push()
    assert (list(outbox.begun), outbox.finished) == ([1], {})

    outbox.queued = ["k-2"]
    sink = MemorySink()
    pushed = pusher(outbox, sink).push()
    assert [(export.number, keys) for export, keys in sink.written] == [(1, ["k-1"]), (2, ["k-2"])]
    assert (pushed.documents, pushed.files) == (("k-1", "k-2"), ("export-1.csv", "export-2.csv"))


def test_a_repeat_is_marked_and_alone() -> None:
    """After what was left open; what waits is not part of it."""
    outbox, sink = MemoryOutbox(["k-2"]), MemorySink()
    outbox.begin_export("datev", ["k-1"], NOON, who=WHO)
    pushed = pusher(outbox, sink).push_again("k-9")

    assert [(export.number, export.repeat, keys) for export, keys in sink.written] == [
        (1, False, ["k-1"]),
        (2, True, ["k-9"]),
    ]
    assert (pushed.documents, outbox.queued) == (("k-1", "k-9"), ["k-2"])


def test_the_log_says_what_was_handed_over(caplog: pytest.LogCaptureFixture) -> None:
    """A line per export, what was refused, and what the sink had to say."""
    caplog.set_level(logging.INFO, logger="connector")
    pusher(MemoryOutbox(["k-1", "k-2"]), MemorySink({"k-1": [HOLD]})).push()

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "[RevenueAccountRefused] document: too long (ask your adviser)"),
        ("INFO", "export 1 of datev: export-1.csv"),
        ("INFO", "[TextCut] document: a text was cut (shorten it)"),
    ]
