"""Hand queued documents to a sink that takes files, once and only once (domain 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from connector.core.booking import Booking
from connector.core.errors import HonorarError
from connector.core.ports import BatchSink, Export, ExportResult, Receipt
from connector.core.problems import Problem
from connector.jobs import events


class Outbox(Protocol):
    """Keeps which document went into which export; every change is one transaction."""

    def open_export(self, sink: str, /) -> Export | None:
        """Return the export that was begun and never finished (the process died in between)."""
        ...

    def waiting(self) -> Iterator[Booking]:
        """Yield the bookings of the queued documents, in the order of their numbers."""
        ...

    def begin_export(
        self, sink: str, keys: Sequence[str], made_at: datetime, *, who: str, repeat: bool = False
    ) -> Export:
        """Reserve the next export for these documents."""
        ...

    def bookings(self, sink: str, export: Export, /) -> Sequence[Booking]:
        """Return the bookings of the export's documents."""
        ...

    def finish_export(self, sink: str, export: Export, result: ExportResult, *, who: str) -> None:
        """Record files, receipts and debtors; the documents are accepted."""
        ...


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was handed over: documents by key, files written, and what held others back or should be known.

    A sink behind an API gives a receipt per document; `error` is what ended the run before its time.
    """

    documents: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    error: HonorarError | None = None


@dataclass(slots=True)
class Pusher:
    """Pushes to one sink under the name its exports are kept by."""

    outbox: Outbox
    sink: BatchSink
    name: str
    made_at: datetime
    who: str
    _results: list[ExportResult] = field(default_factory=list)
    _problems: list[Problem] = field(default_factory=list)

    def push(self) -> Pushed:
        """Finish what an earlier run began, then hand over every queued document the sink does not refuse.

        Raises the sink's RefusedError or TemporaryError; the export then stays open, and the next run writes it with
        the same number, token and time, hence the same bytes.
        """
        self._finish_open()
        if keys := [booking.invoice.key for booking in self.outbox.waiting() if self._is_deliverable(booking)]:
            self._hand_over(self.outbox.begin_export(self.name, keys, self.made_at, who=self.who))
        return self._pushed()

    def push_again(self, key: str) -> Pushed:
        """Hand a document over a second time, marked as a repeat in file name and batch label."""
        self._finish_open()
        self._hand_over(self.outbox.begin_export(self.name, [key], self.made_at, who=self.who, repeat=True))
        return self._pushed()

    def _finish_open(self) -> None:
        if export := self.outbox.open_export(self.name):
            self._hand_over(export)

    def _hand_over(self, export: Export) -> None:
        result = self.sink.write(export, self.outbox.bookings(self.name, export))
        self.outbox.finish_export(self.name, export, result, who=self.who)
        self._results.append(result)
        events.done("export %d of %s: %s", export.number, self.name, ", ".join(result.files) or "no file")
        events.noticed(result.notices)

    def _is_deliverable(self, booking: Booking) -> bool:
        problems = list(self.sink.refusals(booking))
        events.noticed(problems)
        self._problems += problems
        return not any(problem.holds for problem in problems)

    def _pushed(self) -> Pushed:
        return Pushed(
            tuple(receipt.key for result in self._results for receipt in result.receipts),
            tuple(file for result in self._results for file in result.files),
            (*self._problems, *(notice for result in self._results for notice in result.notices)),
        )
