"""The sink: checks all documents, and brings them to DATEV's data centre as files or as ledgers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

from connector.core.booking import Booking
from connector.core.login import login_notice
from connector.core.payment import PaymentStatus
from connector.core.ports import Capabilities, Checkable, Export, ExportResult, Receipt, StatusSource
from connector.core.problems import Problem, Severity
from connector.datev import notices, rules
from connector.datev.batches import REPEATED, rows_to_book
from connector.datev.files import write_once
from connector.datev.hand_over import NOTHING_TO_BOOK, Put, hand_over, rejected
from connector.sinks.datev_online import ledger
from connector.sinks.datev_online.calls import EXTF, TRANSFERS, Calls
from connector.sinks.datev_online.login import Tokens
from connector.sinks.datev_online.settings import Settings
from connector.sinks.datev_online.transfers import Note, Transfers, has_ledger
from connector.sinks.datev_online.uploads import Uploads

NAME = "datev_online"


@dataclass(frozen=True, slots=True)
class DatevOnline:
    """Hands documents to DATEV's data centre (a BatchSink that is Checkable and takes a log-in)."""

    settings: Settings
    folder: Path
    calls: Calls
    tokens: Tokens
    now: Callable[[], datetime]

    @property
    def capabilities(self) -> Capabilities:
        """Return that credits and reversals can be booked, and that numbers are ours to give."""
        return Capabilities()

    def log_in(self, show: Callable[[str], None]) -> datetime:
        """Let a person log in at the address that `show` is given; return until when the log-in holds."""
        return self.tokens.log_in(show)

    def login_notices(self, now: datetime) -> Iterator[Problem]:
        """Yield a problem where nobody has logged in, or the log-in has ended or will within two weeks."""
        if notice := login_notice(NAME, self.tokens.vault.valid_until(), now):
            yield notice

    def check(self) -> Iterator[Problem]:
        """Yield what is wrong with the log-in; with one, DATEV is asked for the client."""
        found = list(self.login_notices(self.now()))
        yield from found
        if not any(notice.holds for notice in found):
            yield from self._found_there()

    def _found_there(self) -> Iterator[Problem]:
        if self.settings.way == "extf":
            self.calls.page(EXTF, "extf-files/jobs", top=1)
        elif not has_ledger(self.calls.page(TRANSFERS, "").json):
            message = "the client has no Rechnungsausgangsbuch online"
            hint = 'ask the tax adviser to set it up (Belege online, extended form), or set way = "extf"'
            yield Problem("LedgerNotSetUp", message, self.settings.client, hint)

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield every reason why the document cannot be handed over; a number not given yet is none."""
        yield from rules.refusals(self.settings, booking)
        if self.settings.way == "ledger":
            yield from ledger.refusals(booking)

    def write(self, export: Export, bookings: Sequence[Booking]) -> ExportResult:
        """Bring the export to DATEV, and keep what was sent in the folder; what DATEV has is not sent again.

        Raises DocumentRejected with every fault before the first byte is written; Unavailable while it is not settled
        what became of a call; what DATEV finds wrong. The next run goes on where this one stopped.
        """
        return self._files(export, bookings) if self.settings.way == "extf" else self._ledgers(export, bookings)

    def _files(self, export: Export, bookings: Sequence[Booking]) -> ExportResult:
        uploads, told = Uploads(self.calls, self.now), list[Problem]()

        def place(name: str, header: str, body: Iterable[bytes]) -> Put:
            path = self.folder / name
            write_once(path, header, body, export.token)
            job = uploads.put(path, f"{export.token} {name}")
            told.append(_received(name, f"job {job}"))
            return Put(str(path), f"{name}, DATEV job {job}")

        result = hand_over(self.settings, export, bookings, place)
        return replace(result, notices=(*result.notices, *told))

    def _ledgers(self, export: Export, bookings: Sequence[Booking]) -> ExportResult:
        """Send a package for every month; each is its own transfer, as DATEV wants it."""
        faults = [*rules.faults(self.settings, bookings), *(each for one in bookings for each in ledger.refusals(one))]
        if faults:
            raise rejected(faults)
        transfers, files, references, told = Transfers(self.calls), list[str](), dict[str, str](), list[Problem]()
        for name, month, chosen in _packages(export, bookings):
            note = transfers.put(self.folder / name, chosen, month, export.made_at)
            files.append(str(self.folder / name))
            references.update({each.invoice.key: f"{name}, DATEV transfer {note.transfer}" for each in chosen})
            told += [*_told_of(name, note), *(notice for each in chosen for notice in notices.of_booking(each))]
        keys = [booking.invoice.key for booking in bookings]
        receipts = tuple(Receipt(key, references.get(key, NOTHING_TO_BOOK)) for key in keys)
        return ExportResult(receipts, tuple(files), {}, tuple(told))


@dataclass(frozen=True, slots=True)
class SettlingDatevOnline(DatevOnline):
    """The same, where the settings say how payments come back (a StatusSource too)."""

    payments: StatusSource

    def check(self) -> Iterator[Problem]:
        """Yield what is wrong with the log-in, or with the way payments come back."""
        yield from DatevOnline.check(self)
        if isinstance(self.payments, Checkable):
            yield from self.payments.check()

    def statuses(self, receipts: Sequence[Receipt], since: datetime | None) -> Iterator[PaymentStatus | Problem]:
        """Yield what DATEV's books say of the documents."""
        return self.payments.statuses(receipts, since)


def _packages(export: Export, bookings: Iterable[Booking]) -> Iterator[tuple[str, str, Sequence[Booking]]]:
    """Yield name, month and documents of each package, in order of date and number."""
    ordered = sorted(filter(rows_to_book, bookings), key=lambda each: (each.invoice.issue_date, each.invoice.number))
    for month, documents in groupby(ordered, key=lambda each: f"{each.invoice.issue_date:%Y-%m}"):
        chosen, repeat = list(documents), REPEATED if export.repeat else ""
        for part, start in enumerate(range(0, len(chosen), ledger.MOST_DOCUMENTS), start=1):
            suffix = f"_{part}" if part > 1 else ""
            name = f"Rechnungsausgang_{month}_{export.number:04}{repeat}{suffix}.zip"
            yield name, month, chosen[start : start + ledger.MOST_DOCUMENTS]


def _told_of(name: str, note: Note) -> Iterator[Problem]:
    yield _received(name, f"transfer {note.transfer}")
    if note.complaints:
        hint = "enter what is missing by hand in Belege online, or ask the tax adviser; nothing is sent twice"
        yield Problem("ReceivedInPart", f"DATEV took the package in part: {note.complaints}", name, hint)


def _received(name: str, where: str) -> Problem:
    message = f"DATEV has received the file ({where}); it is not booked yet"
    hint = "nothing to do; the tax adviser takes it over in Kanzlei-Rechnungswesen"
    return Problem("ReceivedNotBooked", message, name, hint, Severity.NOTICE)
