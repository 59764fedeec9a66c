"""A package goes to Rechnungsausgangsbuch online once, as a transfer of DATEV's (dxso-job).

A transfer is begun, gets its files one by one, and is finalised; only then DATEV works on it. DATEV cannot be searched
for transfers, so the id, which is on the disk before anything else is sent, keeps a package from being sent twice: a
run that finds a transfer that is still open cancels it, which DATEV refuses once it is finalised, and begins another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from connector.core.booking import Booking
from connector.core.errors import ConfigError, DocumentRejected, NotFound, OutcomeUnknown, RefusedError, Unavailable
from connector.disk import replace_file
from connector.sinks.datev_online.calls import TRANSFERS, Calls
from connector.sinks.datev_online.ledger import package_of

WAIT_SECONDS = 5

_JOBS = "dxso-jobs"

OPEN, WORKING, DONE, REFUSED, IN_PART, CANCELLED, NOT_CANCELLED = range(7)
"""What DATEV says of a transfer."""

MOST_TOLD = 20
"""Entries of DATEV's protocol that go into a message."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of a package's way: its transfer, whether that may be finalised or cancelled, and its end.

    `complaints` are what DATEV's protocol says of a package that it took in part.
    """

    transfer: str = ""
    finalised: bool = False
    cancelled: bool = False
    received: bool = False
    complaints: str = ""


@dataclass(frozen=True, slots=True)
class Transfers:
    """The transfers of one client."""

    calls: Calls

    def put(self, path: Path, bookings: Sequence[Booking], month: str, made_at: datetime) -> Note:
        """Bring the month's documents to DATEV if they are not there, as the package that is kept at the path.

        Raises Unavailable while it is not settled; DocumentRejected, in the words of DATEV's protocol, where nothing of
        it was taken; ConfigError where the ledger folder is not to be guessed.
        """
        note = _noted(path)
        if note.received:
            return note
        with _settled_later(path):
            if note.transfer:
                note = self._taken_up(path, note)
            if not note.transfer:
                note = self._sent(path, bookings, month, made_at)
            return self._ended(path, note)

    def _taken_up(self, path: Path, note: Note) -> Note:
        """Return the note of a transfer that DATEV works on; an empty one where there is none, or it was cancelled."""
        try:
            status = self._status(note.transfer)
            if status == CANCELLED and note.cancelled:  # by us, and the answer was lost
                return Note()
            if status != OPEN:
                return note
            note = replace(note, cancelled=True)
            _write(path, note)
            self.calls.send("DELETE", TRANSFERS, f"{_JOBS}/{note.transfer}", None)
        except DocumentRejected:  # it was finalised in the last moment
            note = replace(note, cancelled=False)
            _write(path, note)
            return note
        except NotFound:
            if note.finalised and not note.cancelled:
                message = f"DATEV no longer knows the transfer {note.transfer}, which may have been finalised"
                hint = f"look for its documents in Belege online; if they are not there, remove {_note_of(path)}"
                raise RefusedError(message, place=path.name, hint=hint) from None
        return Note()

    def _sent(self, path: Path, bookings: Sequence[Booking], month: str, made_at: datetime) -> Note:
        """Begin a transfer, give it its files, and finalise it."""
        wanted = {"import_type": "accountsReceivableLedgerImport", "accounting_month": month}
        begun = self.calls.send("POST", TRANSFERS, _JOBS, wanted)
        if not (isinstance(begun, dict) and isinstance(begun.get("id"), str)):
            raise self.calls.not_understood(_JOBS)
        note = Note(begun["id"])
        _write(path, note)
        package = package_of(self.calls.settings, bookings, month, self._folder(begun), made_at)
        replace_file(path, package.zipped())
        for name, content in package.files.items():
            where = f"{_JOBS}/{note.transfer}/files"
            self.calls.upload("POST", TRANSFERS, where, content, "text/xml", filename=name, field="files")
        note = replace(note, finalised=True)
        _write(path, note)
        self.calls.send("PUT", TRANSFERS, f"{_JOBS}/{note.transfer}", {"ready": "true"}, "application/merge-patch+json")
        return note

    def _folder(self, begun: dict[str, Any]) -> str:
        """Return the ledger folder to put the documents into: the one named, else the only one there is."""
        named, known = self.calls.settings.ledger_folder, begun.get("ledger_folder_names") or []
        if named in known or (len(known) == 1 and not named):
            return named or str(known[0])
        message = f"ledger_folder {named!r} is not to be found" if named else "there is more than one ledger folder"
        hint = f"set ledger_folder to one of: {', '.join(map(str, known)) or 'none is set up'}"
        raise ConfigError(message, place=self.calls.transport.name, hint=hint)

    def _ended(self, path: Path, note: Note) -> Note:
        """Ask for the transfer until it has an end, or our patience has one."""
        left = self.calls.settings.wait_seconds
        while (status := self._status(note.transfer)) in (OPEN, WORKING):
            if left < WAIT_SECONDS:
                message = f"DATEV is still at work on the transfer {note.transfer}"
                raise Unavailable(message, place=path.name, hint="the next run asks again")
            self.calls.transport.pause(WAIT_SECONDS)
            left -= WAIT_SECONDS
        if status == REFUSED:
            words = self._complaints(note.transfer)
            _write(path, Note())
            message = f"DATEV took nothing of the package: {words}"
            raise DocumentRejected(message, place=path.name, hint=_ASK)
        if status == CANCELLED:
            message = f"somebody cancelled the transfer {note.transfer} in Belege online"
            raise RefusedError(message, place=path.name, hint=f"to hand over again, remove {_note_of(path)}")
        complaints = self._complaints(note.transfer) if status == IN_PART else ""
        note = Note(note.transfer, received=True, complaints=complaints)
        _write(path, note)
        return note

    def _status(self, transfer: str) -> int:
        answer = self.calls.page(TRANSFERS, where := f"{_JOBS}/{transfer}").json
        if isinstance(answer, dict) and answer.get("status") in range(NOT_CANCELLED + 1):
            return int(answer["status"])
        raise self.calls.not_understood(where)

    def _complaints(self, transfer: str) -> str:
        """Return what the protocol says that is more than information."""
        entries = self.calls.page(TRANSFERS, f"{_JOBS}/{transfer}/protocol-entries").json
        told = [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
        found = [each for each in told if each.get("type") != "information"]
        lines = [": ".join(filter(None, (each.get("filename"), each.get("text")))) for each in found[:MOST_TOLD]]
        return "; ".join(lines) or "it does not say why"


def has_ledger(client: Any) -> bool:  # noqa: ANN401 - whatever came
    """Tell whether outgoing invoices can be handed over for the client, as DATEV describes it."""
    years = client.get("basic_accounting_information") if isinstance(client, dict) else None
    ledgers = [year.get("ledgers") or {} for year in years or () if isinstance(year, dict)]
    return any(str(each.get("is_accounts_receivable_ledger_available")).lower() == "true" for each in ledgers)


_ASK = "correct what is named, or ask the tax adviser; the next run sends it again"


@contextmanager
def _settled_later(path: Path) -> Iterator[None]:
    """Let the next run settle what became of a call whose answer was lost."""
    try:
        yield
    except OutcomeUnknown as error:
        message = f"what became of the transfer is not known: {error.message}"
        raise Unavailable(message, place=path.name, hint="the next run asks DATEV before it sends anything") from None


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.job")


def _noted(path: Path) -> Note:
    try:
        return Note(**json.loads(_note_of(path).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Note()


def _write(path: Path, note: Note) -> None:
    replace_file(_note_of(path), json.dumps(asdict(note), ensure_ascii=False).encode())
