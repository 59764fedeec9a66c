"""The sink: checks all documents, then writes the files of one export."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from connector.core.booking import Booking
from connector.core.errors import DocumentRejected
from connector.core.ports import Capabilities, Export, ExportResult, Receipt
from connector.core.problems import Problem
from connector.sinks.datev import notices
from connector.sinks.datev.batches import Batch, batches_of, file_name, rows_to_book
from connector.sinks.datev.columns import ENCODING, Column, names_of
from connector.sinks.datev.debtors import Debtor, debtor_of
from connector.sinks.datev.files import write_once
from connector.sinks.datev.header import booking_header, debtor_header
from connector.sinks.datev.records import records
from connector.sinks.datev.rules import faults, refusals
from connector.sinks.datev.settings import Settings
from connector.sinks.datev.tables import BUCHUNGSSTAPEL, DEBITOREN

NOTHING_TO_BOOK = "nothing to book: every amount is zero"
"""The receipt of a document that leaves no record, because DATEV refuses 0,00."""


@dataclass(frozen=True, slots=True)
class DatevFiles:
    """Writes Buchungsstapel and Debitoren/Kreditoren files into a folder (a BatchSink that is Checkable)."""

    settings: Settings
    folder: Path

    @property
    def capabilities(self) -> Capabilities:
        """Return that credits and reversals can be booked, and that numbers are ours to give."""
        return Capabilities()

    def check(self) -> Iterator[Problem]:
        """Yield a problem where the folder cannot be written to; it is made only when there is something to write."""
        nearest = next(each for each in (self.folder, *self.folder.absolute().parents) if os.path.lexists(each))
        if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
            hint = "let this user write there, or name another folder as directory"
            yield Problem("FolderNotWritable", "DATEV files cannot be written", str(nearest), hint)

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield every reason why the document cannot stand in a DATEV file; a number not given yet is none."""
        return refusals(self.settings, booking)

    def write(self, export: Export, bookings: Sequence[Booking]) -> ExportResult:
        """Write the files of the export; those it has written before are kept.

        Raises DocumentRejected with every fault before the first byte is written; RefusedError where a foreign file
        has the name, or the export's own would be another one now; TemporaryError where the disk is full.
        """
        if found := tuple(faults(self.settings, bookings)):
            raise _rejected(found)
        hand_over = _HandOver(self.settings, self.folder, export)
        for batch in batches_of(filter(rows_to_book, bookings), self.settings):
            hand_over.add(batch)
        return hand_over.result(bookings)


def _rejected(found: Sequence[Problem]) -> DocumentRejected:
    lines = "\n".join(f"  {each.place}: {each.message} ({each.hint})" for each in found)
    message = f"{len(found)} fault{'s' if len(found) > 1 else ''}, nothing was written:\n{lines}"
    return DocumentRejected(message, place="DATEV files")


@dataclass(slots=True)
class _HandOver:
    """One export in the making."""

    settings: Settings
    folder: Path
    export: Export
    files: list[str] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    debtors: dict[str, str] = field(default_factory=dict)
    notices: list[Problem] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Write the batch: first the debtors it needs, then its documents."""
        self._write_debtors(batch)
        name = file_name("Buchungsstapel", batch.span, self.export, batch.part)
        header = booking_header(self.settings, self.export, batch.span, batch.part)
        self._write(name, header, BUCHUNGSSTAPEL, records(batch.bookings, self.settings))
        for booking in batch.bookings:
            self.references[booking.invoice.key] = name
            self.notices.extend(notices.of_booking(booking))

    def result(self, bookings: Sequence[Booking]) -> ExportResult:
        """Return what was written, with a receipt per document in the order they came."""
        keys = (booking.invoice.key for booking in bookings)
        receipts = tuple(Receipt(key, self.references.get(key, NOTHING_TO_BOOK)) for key in keys)
        return ExportResult(receipts, tuple(self.files), self.debtors, tuple(self.notices))

    def _write_debtors(self, batch: Batch) -> None:
        changed = self._changed_debtors(batch)
        if not changed:
            return
        name = file_name("Debitoren", batch.span, self.export, batch.part)
        header = debtor_header(self.settings, self.export, batch.span)
        self._write(name, header, DEBITOREN, (changed[account].line for account in sorted(changed)))
        for account, debtor in changed.items():
            self.debtors[account] = debtor.fingerprint
            self.notices.extend(notices.of_debtor(debtor))

    def _changed_debtors(self, batch: Batch) -> Mapping[str, Debtor]:
        """Return the debtors of the batch that are new or changed; the newest document knows them best."""
        newest = {booking.debtor: booking for booking in batch.bookings}
        known = {**self.export.known_debtors, **self.debtors}
        debtors = {account: debtor_of(booking) for account, booking in newest.items()}
        return {account: debtor for account, debtor in debtors.items() if known.get(account) != debtor.fingerprint}

    def _write(self, name: str, header: str, columns: Sequence[Column], lines: Iterable[bytes]) -> None:
        path = self.folder / name
        write_once(path, header, chain((names_of(columns).encode(ENCODING),), lines), self.export.token)
        self.files.append(str(path))
