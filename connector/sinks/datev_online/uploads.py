"""A file goes to DATEV once: a note beside it is on the disk before it is sent, and DATEV is searched before it is.

DATEV takes a file (202), then looks at it, which is a job. `succeeded` means that the file lies with the adviser, not
booked yet; a failed job took nothing in, so its file may be sent again. The search is by our reference (token of the
export and file name); DATEV keeps no order of its jobs, so all of them are looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from connector.core.errors import (
    DocumentRejected,
    HonorarError,
    NotAllowed,
    OutcomeUnknown,
    Unavailable,
    UnexpectedAnswer,
)
from connector.disk import replace_file
from connector.sinks.datev_online.calls import EXTF, Calls, explained

SETTLES_AFTER = timedelta(seconds=300)
"""A file whose answer was lost counts as not there only when DATEV does not list it so long after."""

LARGEST_FILE = 50 * 1024 * 1024
MOST_LISTED = 100
MOST_PAGES = 1000
FIRST_WAIT_SECONDS = 5

_JOBS = "extf-files/jobs"

RESULTS: Mapping[str, tuple[type[HonorarError], str, str]] = {
    "1008833": (DocumentRejected, "DATEV cannot read the file", "report it, with the file"),
    "1008834": (
        DocumentRejected,
        "the file's header does not fit the client",
        "check consultant_number, client_number and fiscal_year_start; then run again",
    ),
    "1008836": (DocumentRejected, "DATEV found a virus in the file and deleted it", "check this machine for viruses"),
    "1008837": (Unavailable, "DATEV had a fault of its own", "the next run sends the file again"),
    "1008838": (
        NotAllowed,
        "the right to hand data over for this client is missing, or has ended",
        "ask the tax adviser to grant it; then run again",
    ),
}
"""What DATEV says of a job that failed: the error it means, in plain words, and what to do."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of a file's way: when it was last sent, as which job, and whether that succeeded."""

    sent_at: str = ""
    job: str = ""
    received: bool = False


@dataclass(slots=True)
class Uploads:
    """The uploads of one export; `now` is the clock."""

    calls: Calls
    now: Callable[[], datetime]
    _listed: dict[str, str] | None = field(default=None)

    def put(self, path: Path, reference: str) -> str:
        """Bring the file to DATEV if it is not there, wait for the result, and return the job's id.

        Raises Unavailable while it is not known, or not settled; what DATEV finds wrong as RESULTS say it. Then the
        file is set aside, so that the next run may write another one.
        """
        note = _noted(path)
        if note.received:
            return note.job
        job, wait = note.job or self._found(reference), 0
        if not job:
            self._require_settled(path, note)
            job, wait = self._sent(path, reference)
        _write(path, replace(note, job=job))
        self._await(path, job, wait)
        _write(path, Note(job=job, received=True))
        return job

    def _found(self, reference: str) -> str:
        """Return the job that has the reference and did not fail, '' where there is none."""
        if self._listed is None:
            self._listed = {
                job["reference_id"]: job["id"]
                for job in self._jobs()
                if job.get("result") != "failed" and isinstance(job.get("reference_id"), str)
            }
        return self._listed.get(reference, "")

    def _jobs(self) -> Iterator[dict[str, Any]]:
        for page in range(MOST_PAGES):
            rows = self.calls.page(EXTF, _JOBS, skip=page * MOST_LISTED, top=MOST_LISTED).json
            if not isinstance(rows, list) or not all(isinstance(each, dict) and "id" in each for each in rows):
                raise self.calls.not_understood(_JOBS)
            yield from rows
            if len(rows) < MOST_LISTED:
                return
        message = "the list of jobs never ends"
        raise UnexpectedAnswer(message, place=self.calls.transport.name)

    def _require_settled(self, path: Path, note: Note) -> None:
        """Raise Unavailable while a file that was sent may still be on its way."""
        if note.sent_at and self.now() - datetime.fromisoformat(note.sent_at) < SETTLES_AFTER:
            seconds = SETTLES_AFTER // timedelta(seconds=1)
            message = "whether DATEV has the file is not known yet"
            hint = f"run again {seconds} seconds after it was sent: it is searched for before anything is sent again"
            raise Unavailable(message, place=str(path), hint=hint)

    def _sent(self, path: Path, reference: str) -> tuple[str, int]:
        """Send the file; return its job, and how many seconds to wait before asking for it."""
        payload = path.read_bytes()
        if len(payload) > LARGEST_FILE:
            message = "the file has more than 50 MB, which DATEV does not take"
            raise DocumentRejected(message, place=str(path), hint="set max_rows lower, move the file away, run again")
        _write(path, Note(sent_at=self.now().isoformat()))
        try:
            page = self.calls.upload(
                "POST",
                EXTF,
                "extf-files/import",
                payload,
                "application/octet-stream",
                headers={"Filename": path.name, "Reference-Id": reference},
            )
        except OutcomeUnknown as error:
            message = f"whether DATEV has the file is not known: {error.message}"
            raise Unavailable(message, place=str(path), hint=error.hint) from None
        except HonorarError:
            _write(path, Note())  # it provably did not arrive
            raise
        job = page.headers.get("Location", "").rpartition("/")[2]
        if not job:
            message = "DATEV took the file, but names no job"
            raise Unavailable(message, place=str(path), hint="the next run searches for it")
        return job, _seconds(page.headers)

    def _await(self, path: Path, job: str, wait: int) -> None:
        """Ask for the job at the pace DATEV names, until it has a result or our patience ends."""
        left = self.calls.settings.wait_seconds
        while True:
            if wait > left:
                message = f"DATEV is still looking at the file (job {job})"
                raise Unavailable(message, place=str(path), hint="the next run asks again")
            if wait:
                self.calls.transport.pause(wait)
            left -= wait
            page = self.calls.page(EXTF, f"{_JOBS}/{job}")
            match page.json:
                case {"result": "succeeded"}:
                    return
                case {"result": "failed"} as told:
                    _set_aside(path)
                    raise _failed(path, told.get("validation_details"))
                case {"result": "pending"}:
                    wait = _seconds(page.headers)
                case _:
                    raise self.calls.not_understood(path.name)


def _failed(path: Path, told: Any) -> HonorarError:  # noqa: ANN401 - whatever came
    details = told if isinstance(told, dict) else {}
    code = str(details.get("type", "")).rpartition("/")[2]
    unknown = DocumentRejected, "DATEV refuses the file", "ask the tax adviser"
    kind, message, hint = RESULTS.get(code, unknown)
    said = " ".join(filter(None, (code, explained(details))))
    return kind(f"{message} ({said})" if said else message, place=path.name, hint=hint)


def _seconds(headers: Mapping[str, str]) -> int:
    text = headers.get("Retry-After", "")
    return int(text) if text.isascii() and text.isdigit() else FIRST_WAIT_SECONDS


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.job")


def _noted(path: Path) -> Note:
    try:
        return Note(**json.loads(_note_of(path).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Note()


def _write(path: Path, note: Note) -> None:
    replace_file(_note_of(path), json.dumps(asdict(note)).encode())


def _set_aside(path: Path) -> None:
    """Keep the refused file under another name, and forget its way."""
    path.replace(path.with_name(f"{path.name}.refused"))
    _note_of(path).unlink()
