"""Files written once and whole: under their final name they are complete, and nothing there is ever overwritten.

A file is written beside its place, forced to the disk, and linked to its name, which fails where the name is taken. So
after a crash at any moment a file is either not there or complete, and the same export can simply be written again.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from connector.core.errors import NotAllowed, RefusedError, TemporaryError
from connector.datev.columns import ENCODING, SEPARATOR
from connector.datev.header import CREATED, TOKEN
from connector.datev.read import header_of
from connector.disk import sync_folder

_CHUNK_BYTES = 1 << 20
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})
"""What file systems without hard links answer (FAT, some network shares)."""


def write_once(path: Path, header: str, body: Iterable[bytes], token: str) -> None:
    """Write header and body as the file; one that this export has written before is kept as it is.

    Raises RefusedError where another file has the name, or the export's own holds something else than now asked;
    TemporaryError where the disk is full; NotAllowed where the folder may not be written to.
    """
    temporary = path.with_name(f".{path.name}.part")
    with _disk_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if os.path.lexists(path):
                _recognise(path, header, body, token)
            else:
                _fill(temporary, header, body)
                _publish(temporary, path)
        finally:
            # Also what a killed run left behind, which had this very name.
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)


def _fill(temporary: Path, header: str, body: Iterable[bytes]) -> None:
    with temporary.open("wb", buffering=0) as file:
        for chunk in _chunks(header, body):
            _put(file.fileno(), chunk)
        os.fsync(file.fileno())


def _chunks(header: str, body: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the file's bytes in pieces of about a megabyte, so that memory stays flat."""
    pieces, size = [header.encode(ENCODING)], 0
    for piece in body:
        pieces.append(piece)
        size += len(piece)
        if size >= _CHUNK_BYTES:
            yield b"".join(pieces)
            pieces, size = [], 0
    yield b"".join(pieces)


def _put(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _publish(temporary: Path, path: Path) -> None:
    """Give the complete file its name; RefusedError where the name is taken meanwhile."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(path):
            raise _taken(path) from None
        # The tenant's lock keeps a second run away, so nobody takes the name between the check and here.
        temporary.rename(path)


def _taken(path: Path) -> RefusedError:
    message = "a file of this name is there already and was not written by this export; it is left alone"
    return RefusedError(message, place=str(path), hint="move it to another folder and run again")


def _recognise(path: Path, header: str, body: Iterable[bytes], token: str) -> None:
    cells = header_of(path)
    if len(cells) < TOKEN or cells[TOKEN - 1] != f'"{token}"':
        raise _taken(path)
    if not _is_the_same(path, header, body):
        message = "this export has written the file already, but it would be another one now"
        hint = "were settings or mapping changed since? if it was not imported, move it away and run again"
        raise RefusedError(message, place=str(path), hint=hint)


def _is_the_same(path: Path, header: str, body: Iterable[bytes]) -> bool:
    """Tell whether the file holds the same; only the time in its header may differ."""
    with path.open("rb") as file:
        same_header = _without_time(file.readline()) == _without_time(header.encode(ENCODING))
        return same_header and _holds(file, _chunks("", body))


def _holds(file: IO[bytes], chunks: Iterable[bytes]) -> bool:
    return all(file.read(len(chunk)) == chunk for chunk in chunks) and not file.read(1)


def _without_time(header: bytes) -> list[bytes]:
    cells = header.split(SEPARATOR.encode())
    return cells[: CREATED - 1] + cells[CREATED:]


@contextmanager
def _disk_faults(path: Path) -> Iterator[None]:
    """Turn what the disk answers into what the operator does about it."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in _DISK_FULL:
            hint = "make room on the disk; the next run writes the file"
            message = f"the disk does not take the file: {reason}"
            raise TemporaryError(message, place=str(path), hint=hint) from error
        hint = "let this user write to the folder, or name another as directory"
        message = f"the file cannot be written: {reason}"
        raise NotAllowed(message, place=str(path), hint=hint) from error
