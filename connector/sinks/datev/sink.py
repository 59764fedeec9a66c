"""The sink: checks all documents, then writes the files of one export."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connector.core.booking import Booking
from connector.core.payment import PaymentStatus
from connector.core.ports import Capabilities, Checkable, Export, ExportResult, Receipt, StatusSource
from connector.core.problems import Problem
from connector.datev.files import write_once
from connector.datev.hand_over import Put, hand_over
from connector.datev.rules import refusals
from connector.datev.settings import Settings


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

        def place(name: str, header: str, body: Iterable[bytes]) -> Put:
            write_once(self.folder / name, header, body, export.token)
            return Put(str(self.folder / name), name)

        return hand_over(self.settings, export, bookings, place)


@dataclass(frozen=True, slots=True)
class SettlingDatevFiles(DatevFiles):
    """The same, where the settings say how payments come back (a StatusSource too)."""

    payments: StatusSource

    def check(self) -> Iterator[Problem]:
        """Yield what is wrong with the folder, or with the way payments come back."""
        yield from DatevFiles.check(self)
        if isinstance(self.payments, Checkable):
            yield from self.payments.check()

    def statuses(self, receipts: Sequence[Receipt], since: datetime | None) -> Iterator[PaymentStatus | Problem]:
        """Yield what DATEV's books say of the documents."""
        return self.payments.statuses(receipts, since)
