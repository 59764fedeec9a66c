"""Hand queued documents to the sink, once and only once (domain 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from connector.core.booking import Booking
from connector.core.ports import BatchSink, Export, ExportResult
from connector.core.problems import Problem


@dataclass(frozen=True, slots=True)
class Pending:
    """An export that was begun, with the bookings it is made of, in the order of their numbers."""

    export: Export
    bookings: tuple[Booking, ...]


class Outbox(Protocol):
    """Keeps which document went into which export; each call is one transaction."""

    def begun(self) -> Sequence[Pending]:
        """Return the exports that were begun and not finished (the process died in between)."""
        ...

    def begin(self, made_at: datetime) -> Pending | None:
        """Reserve an export for all queued documents and mark them as being sent; None if there are none."""
        ...

    def begin_again(self, document: str, made_at: datetime, who: str) -> Pending:
        """Reserve a marked repeat of an exported document (number or key); NotFound, RefusedError if it never was."""
        ...

    def finish(self, pending: Pending, result: ExportResult) -> None:
        """Record files, receipts and debtors, and mark the documents as accepted."""
        ...


@dataclass(frozen=True, slots=True)
class Pushed:
    """What was handed over: documents by key, files written, and what the accountant should know."""

    documents: tuple[str, ...]
    files: tuple[str, ...]
    notices: tuple[Problem, ...]


def push(outbox: Outbox, sink: BatchSink, made_at: datetime) -> Pushed:
    """Finish what an earlier run began, then hand over all queued documents.

    Raises the sink's RefusedError or TemporaryError; the export then stays begun, and the next run finishes it with the
    same number, token and time, hence the same bytes.
    """
    results = [_finish(outbox, sink, pending) for pending in outbox.begun()]
    if pending := outbox.begin(made_at):
        results.append(_finish(outbox, sink, pending))
    return _together(results)


def push_again(outbox: Outbox, sink: BatchSink, document: str, made_at: datetime, who: str) -> Pushed:
    """Hand a document over a second time, marked as a repeat in file name and batch label."""
    return _together([_finish(outbox, sink, outbox.begin_again(document, made_at, who))])


def _finish(outbox: Outbox, sink: BatchSink, pending: Pending) -> ExportResult:
    result = sink.write(pending.export, pending.bookings)
    outbox.finish(pending, result)
    return result


def _together(results: Sequence[ExportResult]) -> Pushed:
    return Pushed(
        tuple(receipt.key for result in results for receipt in result.receipts),
        tuple(file for result in results for file in result.files),
        tuple(notice for result in results for notice in result.notices),
    )
