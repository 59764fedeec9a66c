"""Commands that are killed between two writes, and what a tenant's store and files hold afterwards.

A command runs in a child of this process, so that imports are warm. Places to die are before each commit that writes to
the store, before whatever is done to files, and in the middle of a file. The first run that comes to no fatal place has
done its work.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from connector import config
from connector.datev.header import CREATED, TOKEN
from connector.store import DocumentSummary, open_store
from connector.store.schema import billed_log, numbers, outbox
from tests.support.commands import Ran, honorar

Command = tuple[str, ...]

NO_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands for the moment a document was made, which differs from run to run."""

_WRITE = re.compile(
    r"\s*(INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE|CREATE (UNIQUE )?INDEX)\s+(?!staged_)", re.IGNORECASE
)
"""A statement that writes to the store; staging tables are none of it and go with the connection."""


def child(work: Callable[[], int]) -> int:
    """Start the work in a child process, which leaves with the number it returns; return the child's id."""
    started = os.fork()
    if not started:
        code = 70
        try:
            code = work()
        finally:
            os._exit(code)
    return started


def ended(process: int) -> int:
    """Wait for the child and return its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def die() -> None:
    """Be killed, here and now."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Places:
    """Counts the places to die at; at the place number `fatal` the process is killed, or does something else."""

    fatal: int
    then: Callable[[], None] = die
    passed: int = 0
    written: bool = False

    def here(self, *_arguments: object) -> None:
        """Die, or go on."""
        self.passed += 1
        if self.passed == self.fatal + 1:
            self.then()

    def spread(self) -> None:
        """Put a place around every write of this process."""
        event.listen(sa.Engine, "before_cursor_execute", self._before_statement)
        event.listen(sa.Engine, "commit", self._before_commit)
        for name in ("fsync", "link", "unlink"):
            setattr(os, name, self._before(getattr(os, name)))
        os.write = self._halfway(os.write)

    def _before_statement(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self.written = self.written or _WRITE.match(statement) is not None

    def _before_commit(self, _connection: object) -> None:
        if self.written:
            self.here()
        self.written = False

    def _before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - stands for any function
            self.here()
            return function(*arguments, **options)

        return guarded

    def _halfway(self, write: Callable[[int, Any], int]) -> Callable[[int, Any], int]:
        def in_two(descriptor: int, data: Any) -> int:  # noqa: ANN401 - whatever can be written
            self.here()
            half = write(descriptor, data[: len(data) // 2])
            self.here()
            return half + write(descriptor, data[half:])

        return in_two


def killed(folder: Path, command: Command, place: int) -> bool:
    """Run the command in a child that is killed at this place; False once it was done before it came there."""

    def work() -> int:
        Places(place).spread()
        return honorar("--config", folder, *command).code

    code = ended(child(work))
    assert code in (0, -signal.SIGKILL)
    return code != 0


def kills(untouched: Path, command: Command) -> Iterator[Path]:
    """Kill the command at one place after the other, each time in a copy of the folder, and yield the copy."""
    for place in count():
        folder = copied(untouched, untouched.with_name("killed"))
        if not killed(folder, command, place):
            return
        yield folder


def copied(folder: Path, target: Path) -> Path:
    """Return a copy of the folder in place of what was there."""
    shutil.rmtree(target, ignore_errors=True)
    return shutil.copytree(folder, target)


@dataclass
class Remains:
    """What a tenant's store and files hold, without moments and tokens, which differ from run to run."""

    documents: list[DocumentSummary] = field(default_factory=list)
    log: list[tuple[object, ...]] = field(default_factory=list)
    numbers: list[tuple[object, ...]] = field(default_factory=list)
    exports: list[tuple[object, ...]] = field(default_factory=list)
    handed_over: list[tuple[object, ...]] = field(default_factory=list)
    files: dict[str, list[bytes]] = field(default_factory=dict)


def remains(folder: Path) -> Remains:
    """Return what is there."""
    tenant = config.load(folder).tenant
    assert tenant is not None
    with open_store(tenant.store_url, tenant.id) as store, store.database.reading() as connection:
        documents = [replace(each, created_at=NO_MOMENT) for each in store.billing.documents()]

        def rows(*columns: sa.Column[Any]) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.execute(sa.select(*columns).order_by(*columns))]

        return Remains(
            documents,
            rows(billed_log.c.row, billed_log.c.position, billed_log.c.document, billed_log.c.body),
            rows(numbers.c.series, numbers.c.number, numbers.c.document, numbers.c.void_reason),
            [
                (each.number, each.repeat, each.finished_at is None, _names(each.files))
                for each in store.outbox.exports()
            ],
            rows(outbox.c.document, outbox.c.export, outbox.c.place, outbox.c.reference),
            {path.name: _without_moments(path.read_bytes()) for path in sorted((folder / "out").glob("*"))},
        )


def _names(files: Iterable[str]) -> list[str]:
    return [Path(file).name for file in files]


def _without_moments(content: bytes) -> list[bytes]:
    header, *lines = content.splitlines(keepends=True)
    cells = header.split(b";")
    cells[CREATED - 1] = cells[TOKEN - 1] = b""
    return [b";".join(cells), *lines]


def done(folder: Path, command: Command) -> Ran:
    """Run the command to its end; fails where it has anything to complain of."""
    ran = honorar("--config", folder, *command)
    assert (ran.code, ran.err) == (0, "")
    return ran
