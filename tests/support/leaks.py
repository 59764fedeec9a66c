"""Looking for secrets in what a run leaves behind: texts, files, and what lies packed in the store."""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from base64 import b64encode
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

SQLITE = b"SQLite format 3\x00"

LEAST = 8
"""A part of a secret counts from so many letters and digits in a row: whatever an address or JSON makes of the rest."""


def marks(secret: str) -> set[bytes]:
    """Return what gives the secret away."""
    whole = {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], b64encode(secret.encode()).decode()}
    parts = re.findall(rf"[A-Za-z0-9]{{{LEAST},}}", secret)
    return {each.encode() for each in (*whole, *parts)}


def leaks(what: Iterator[tuple[str, bytes]], secrets: Collection[str]) -> list[str]:
    """Return where any of the secrets stands, with what is around it."""
    wanted = sorted({mark for secret in secrets if len(secret) >= LEAST for mark in marks(secret)})
    return [f"{place}: {_around(content, mark)!r}" for place, content in what for mark in wanted if mark in content]


def _around(content: bytes, mark: bytes) -> bytes:
    at = content.index(mark)
    return content[max(0, at - 60) : at + len(mark) + 20]


def left_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below the folder as it lies there, and every cell of its databases, unpacked."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, content
            if content.startswith(SQLITE):
                yield from ((f"{path.name} {place}", cell) for place, cell in cells(path))


def cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every text and every packed content of the database, with the name of its table."""
    with closing(sqlite3.connect(path)) as database:
        for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in database.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - the store's own names
                yield from ((table, content) for cell in row for content in _contents(cell))


def _contents(cell: object) -> Iterator[bytes]:
    if isinstance(cell, str):
        yield cell.encode()
    elif isinstance(cell, bytes):
        yield cell
        if cell.startswith(b"\x78"):  # as zlib begins
            yield zlib.decompress(cell)
