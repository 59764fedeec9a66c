from __future__ import annotations

import errno
import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.core.errors import NotAllowed, RefusedError, TemporaryError
from connector.datev.batches import Span
from connector.datev.files import write_once
from connector.datev.header import booking_header
from tests.datev.samples import MADE_AT, export, settings

MARK = export().token
HEADER = booking_header(settings(), export(), Span.of(MADE_AT.date(), settings()), 1)
BODY = (b"names\r\n", b"record\r\n")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a place in a folder that does not exist yet."""
    return tmp_path / "out" / "datev" / "EXTF_x.csv"


def names_in(folder: Path) -> list[str]:
    """Return what lies in the folder, hidden files as well."""
    return sorted(entry.name for entry in folder.iterdir())


def test_a_file_is_written_whole(path: Path) -> None:
    """Folders are made; nothing else is left beside it."""
    write_once(path, HEADER, BODY, MARK)
    assert path.read_bytes() == HEADER.encode() + b"names\r\nrecord\r\n"
    assert names_in(path.parent) == ["EXTF_x.csv"]


def test_a_large_file_is_written_in_pieces(path: Path) -> None:
    """Several megabytes pass without being held at once."""
    line = b"x" * 999 + b"\n"
    write_once(path, HEADER, (line for _ in range(3000)), MARK)
    assert path.stat().st_size == len(HEADER) + 3_000_000


def test_a_write_that_the_disk_takes_in_parts_is_continued(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write may take fewer bytes than were given."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:7]))
    write_once(path, HEADER, BODY, MARK)
    assert path.read_bytes() == HEADER.encode() + b"".join(BODY)


def test_the_exports_own_file_is_kept(path: Path) -> None:
    """Even if the export's time is another by now; not a byte is touched."""
    write_once(path, HEADER, BODY, MARK)
    before = path.stat()
    write_once(path, HEADER.replace("20260202", "20260203"), BODY, MARK)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("content", [b"", b"notes of mine", HEADER.replace(MARK, "f" * 16).encode()])
def test_a_foreign_file_is_never_overwritten(path: Path, content: bytes) -> None:
    """Whatever it is, it stays, and the operator is told."""
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(RefusedError, match="was not written by this export") as caught:
        write_once(path, HEADER, BODY, MARK)
    assert caught.value.place == str(path)
    assert caught.value.hint == "move it to another folder and run again"
    assert path.read_bytes() == content
    assert names_in(path.parent) == ["EXTF_x.csv"]


@pytest.mark.parametrize(
    ("header", "body"),
    [
        (HEADER.replace("29098", "29099"), BODY),
        (HEADER, (*BODY, b"one more\r\n")),
        (HEADER, BODY[:1]),
        (HEADER, (b"names\r\n", b"another\r\n")),
    ],
)
def test_an_own_file_that_would_be_another_now_is_refused(path: Path, header: str, body: tuple[bytes, ...]) -> None:
    """Settings or mapping changed between a crash and the next run: rows could be doubled or missing."""
    write_once(path, HEADER, BODY, MARK)
    with pytest.raises(RefusedError, match="it would be another one now"):
        write_once(path, header, body, MARK)
    assert path.read_bytes() == HEADER.encode() + b"".join(BODY)


def test_a_name_taken_at_the_last_moment_is_not_overwritten(path: Path) -> None:
    """The name is given by a link, which fails where it exists."""

    def body() -> Iterator[bytes]:
        yield b"names\r\n"
        path.write_bytes(b"someone else")

    with pytest.raises(RefusedError, match="was not written by this export"):
        write_once(path, HEADER, body(), MARK)
    assert path.read_bytes() == b"someone else"
    assert names_in(path.parent) == ["EXTF_x.csv"]


def without_links(*_: object) -> None:
    """Answer as a file system without hard links does."""
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_folder_without_hard_links_takes_files_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Network shares and sticks often have none; a taken name is refused there as well."""
    monkeypatch.setattr(os, "link", without_links)
    write_once(path, HEADER, BODY, MARK)
    assert path.read_bytes() == HEADER.encode() + b"".join(BODY)
    assert names_in(path.parent) == ["EXTF_x.csv"]

    other = path.with_name("EXTF_y.csv")

    def body() -> Iterator[bytes]:
        other.write_bytes(b"someone else")
        yield b"names\r\n"

    with pytest.raises(RefusedError, match="was not written by this export"):
        write_once(other, HEADER, body(), MARK)
    assert other.read_bytes() == b"someone else"


@pytest.mark.parametrize("call", ["write", "fsync", "link"])
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_nothing_and_the_next_run_writes(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str, fault: int
) -> None:
    """Whichever call meets it: wait, make room, run again."""

    def full(*_: object) -> None:
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        with pytest.raises(TemporaryError, match="the disk does not take the file") as caught:
            write_once(path, HEADER, BODY, MARK)
    assert caught.value.exit_code == 75
    assert names_in(path.parent) == []
    write_once(path, HEADER, BODY, MARK)
    assert path.read_bytes() == HEADER.encode() + b"".join(BODY)


@pytest.fixture
def small_files_only() -> Iterator[None]:
    """Guarantee that this process can write no file longer than 64 KiB meanwhile."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("small_files_only")
def test_a_disk_that_fills_while_writing_leaves_nothing(path: Path) -> None:
    """The limit is the kernel's own, reached in the middle of the file."""
    with pytest.raises(TemporaryError, match="the disk does not take the file"):
        write_once(path, HEADER, (b"x" * 1000 for _ in range(100)), MARK)
    assert names_in(path.parent) == []


def test_what_a_killed_run_left_is_replaced(path: Path) -> None:
    """A half-written file has another name, and the next run uses that name again."""
    path.parent.mkdir(parents=True)
    path.with_name(".EXTF_x.csv.part").write_bytes(b"half a fi")
    write_once(path, HEADER, BODY, MARK)
    assert names_in(path.parent) == ["EXTF_x.csv"]


def test_a_folder_that_is_none_is_told(path: Path) -> None:
    """The operator gives rights or names another folder."""
    path.parent.parent.mkdir()
    path.parent.write_text("a file")
    with pytest.raises(NotAllowed, match="the file cannot be written") as caught:
        write_once(path, HEADER, BODY, MARK)
    assert "directory" in caught.value.hint
