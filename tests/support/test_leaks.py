"""What looks for secrets finds them: otherwise the tests that find none would say nothing."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from connector.redact import REDACTED
from tests.support.leaks import leaks, left_in

SECRET = "Kx7qLmW2c/Zr9uJfY5a+TnB4vC8d="  # noqa: S105 - of no account


def as_file(folder: Path, content: bytes) -> None:
    """Leave the content in a file of a folder within."""
    (folder / "out").mkdir()
    (folder / "out" / "a.csv").write_bytes(content)


def as_cell(folder: Path, content: bytes) -> None:
    """Leave the content packed in a database, as the inbox does."""
    with closing(sqlite3.connect(folder / "store.db")) as database, database:
        database.execute("CREATE TABLE payloads (number INTEGER, body BLOB)")
        database.execute("INSERT INTO payloads VALUES (1, ?)", [zlib.compress(content)])


@pytest.mark.parametrize("leave", [as_file, as_cell])
@pytest.mark.parametrize(
    "content",
    [
        SECRET,
        f"Authorization: Bearer {SECRET}",
        "?key=Kx7qLmW2c%2fZr9uJfY5a%2bTnB4vC8d%3d",
        '{"key": "Kx7qLmW2c\\/Zr9uJfY5a+TnB4vC8d="}',
        "the key Kx7qLmW2c/Zr9uJ… is not known",
        "S3g3cUxtVzJjL1pyOXVKZlk1YStUbkI0dkM4ZD0=",
    ],
)
def test_a_secret_is_found(tmp_path: Path, leave: Callable[[Path, bytes], None], content: str) -> None:
    """In a file or packed in a database: whole, in an address, in JSON, in part, in base64."""
    leave(tmp_path, content.encode())
    assert leaks(left_in(tmp_path), {SECRET}) != []


def test_a_secret_not_yet_moved_into_the_database_is_found(tmp_path: Path) -> None:
    """It lies in the log beside it."""
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE audit (why TEXT)")
        database.execute("INSERT INTO audit VALUES (?)", [SECRET])
        places = {leak.partition(":")[0] for leak in leaks(left_in(tmp_path), {SECRET})}
    assert places >= {"store.db-wal", "store.db audit"}


def test_what_is_no_secret_is_not_found(tmp_path: Path) -> None:
    """Nor is what took its place; very short values are not looked for."""
    as_file(tmp_path, f"key={REDACTED} Kx7qLmW 2026".encode())
    as_cell(tmp_path, b"")
    assert leaks(left_in(tmp_path), {SECRET, "2026"}) == []
