"""The sink: checks all documents, writes the files of one export, and brings them to DATEV's data centre."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from connector.core.booking import Booking
from connector.core.login import login_notice
from connector.core.ports import Capabilities, Export, ExportResult
from connector.core.problems import Problem, Severity
from connector.datev.files import write_once
from connector.datev.hand_over import Put, hand_over
from connector.datev.rules import refusals
from connector.sinks.datev_online.calls import EXTF, Calls
from connector.sinks.datev_online.login import Tokens
from connector.sinks.datev_online.settings import Settings
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
        """Yield what is wrong with the log-in; with one, DATEV is asked for the client's jobs."""
        notices = list(self.login_notices(self.now()))
        yield from notices
        if not any(notice.holds for notice in notices):
            self.calls.page(EXTF, "extf-files/jobs", top=1)

    def refusals(self, booking: Booking) -> Iterator[Problem]:
        """Yield every reason why the document cannot stand in a DATEV file; a number not given yet is none."""
        return refusals(self.settings, booking)

    def write(self, export: Export, bookings: Sequence[Booking]) -> ExportResult:
        """Write the files of the export and bring each to DATEV; what DATEV has already is not sent again.

        Raises DocumentRejected with every fault before the first byte is written; Unavailable while it is not settled
        what became of a file; what DATEV finds wrong with one. The next run goes on where this one stopped.
        """
        uploads, notices = Uploads(self.calls, self.now), list[Problem]()

        def place(name: str, header: str, body: Iterable[bytes]) -> Put:
            path = self.folder / name
            write_once(path, header, body, export.token)
            job = uploads.put(path, f"{export.token} {name}")
            notices.append(_received(name, job))
            return Put(str(path), f"{name}, DATEV job {job}")

        result = hand_over(self.settings, export, bookings, place)
        return replace(result, notices=(*result.notices, *notices))


def _received(name: str, job: str) -> Problem:
    message = f"DATEV has received the file (job {job}); it is not booked yet"
    hint = "nothing to do; the tax adviser takes it over in Kanzlei-Rechnungswesen"
    return Problem("ReceivedNotBooked", message, name, hint, Severity.NOTICE)
