"""The files of one export, in the order in which DATEV wants them: the debtors a batch needs, then its documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from connector.core.booking import Booking
from connector.core.errors import DocumentRejected
from connector.core.ports import Export, ExportResult, Receipt
from connector.core.problems import Problem
from connector.datev import notices
from connector.datev.batches import Batch, batches_of, file_name, rows_to_book
from connector.datev.columns import ENCODING, Column, names_of
from connector.datev.debtors import Debtor, debtor_of
from connector.datev.header import booking_header, debtor_header
from connector.datev.records import records
from connector.datev.rules import faults
from connector.datev.settings import Settings
from connector.datev.tables import BUCHUNGSSTAPEL, DEBITOREN

NOTHING_TO_BOOK = "nothing to book: every amount is zero"
"""The receipt of a document that leaves no record, because DATEV refuses 0,00."""


@dataclass(frozen=True, slots=True)
class Put:
    """Where a file was put: its path, and what the receipts of its documents name."""

    path: str
    reference: str


Place = Callable[[str, str, Iterable[bytes]], Put]
"""Puts a file of this name, header and body where it belongs; the same file of the same export is put there once."""


def hand_over(settings: Settings, export: Export, bookings: Sequence[Booking], place: Place) -> ExportResult:
    """Put every file of the export into its place.

    Raises DocumentRejected with every fault before the first one, and whatever `place` raises.
    """
    if found := tuple(faults(settings, bookings)):
        raise rejected(found)
    files = _Files(settings, export, place)
    for batch in batches_of(filter(rows_to_book, bookings), settings):
        files.add(batch)
    return files.result(bookings)


def rejected(found: Sequence[Problem]) -> DocumentRejected:
    """Return the error that lists the faults."""
    lines = "\n".join(f"  {each.place}: {each.message} ({each.hint})" for each in found)
    message = f"{len(found)} fault{'s' if len(found) > 1 else ''}, nothing was written:\n{lines}"
    return DocumentRejected(message, place="DATEV files")


@dataclass(slots=True)
class _Files:
    """One export in the making."""

    settings: Settings
    export: Export
    place: Place
    files: list[str] = field(default_factory=list)
    references: dict[str, str] = field(default_factory=dict)
    debtors: dict[str, str] = field(default_factory=dict)
    notices: list[Problem] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Put the batch into its place: first the debtors it needs, then its documents."""
        self._put_debtors(batch)
        name = file_name("Buchungsstapel", batch.span, self.export, batch.part)
        header = booking_header(self.settings, self.export, batch.span, batch.part)
        reference = self._put(name, header, BUCHUNGSSTAPEL, records(batch.bookings, self.settings))
        for booking in batch.bookings:
            self.references[booking.invoice.key] = reference
            self.notices.extend(notices.of_booking(booking))

    def result(self, bookings: Sequence[Booking]) -> ExportResult:
        """Return what was put where, with a receipt per document in the order they came."""
        keys = (booking.invoice.key for booking in bookings)
        receipts = tuple(Receipt(key, self.references.get(key, NOTHING_TO_BOOK)) for key in keys)
        return ExportResult(receipts, tuple(self.files), self.debtors, tuple(self.notices))

    def _put_debtors(self, batch: Batch) -> None:
        changed = self._changed_debtors(batch)
        if not changed:
            return
        name = file_name("Debitoren", batch.span, self.export, batch.part)
        header = debtor_header(self.settings, self.export, batch.span)
        self._put(name, header, DEBITOREN, (changed[account].line for account in sorted(changed)))
        for account, debtor in changed.items():
            self.debtors[account] = debtor.fingerprint
            self.notices.extend(notices.of_debtor(debtor))

    def _changed_debtors(self, batch: Batch) -> Mapping[str, Debtor]:
        """Return the debtors of the batch that are new or changed; the newest document knows them best."""
        newest = {booking.debtor: booking for booking in batch.bookings}
        known = {**self.export.known_debtors, **self.debtors}
        debtors = {account: debtor_of(booking) for account, booking in newest.items()}
        return {account: debtor for account, debtor in debtors.items() if known.get(account) != debtor.fingerprint}

    def _put(self, name: str, header: str, columns: Sequence[Column], lines: Iterable[bytes]) -> str:
        put = self.place(name, header, chain((names_of(columns).encode(ENCODING),), lines))
        self.files.append(put.path)
        return put.reference
