"""The ledger's files as typed rows: each row with all its faults, and what other rows may speak of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError

from connector.core.errors import NotFound
from connector.core.notation import Notation, NotationError
from connector.core.problems import Problem
from connector.core.suggest import did_you_mean
from connector.http import Transport
from connector.sources.ledger.rows import FILES, Reference, Row
from connector.sources.ledger.table import Dialect, Line, lines

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Read(Generic[R]):
    """A row that could be taken apart: its line, its faults, and its value where there are none."""

    line: Line
    problems: tuple[Problem, ...]
    row: R | None


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one folder. `named` are those the settings name, which must exist.

    With `closed`, a cell that speaks of a row of another file must find it there, if there is such a file.
    """

    transport: Transport
    folder: str
    named: dict[str, str]
    dialect: Dialect
    notation: Notation
    closed: bool

    def rows(self, model: type[R]) -> Iterator[R | Problem]:
        """Yield the good rows of the file, and the problems of the others."""
        for read in self.reads(model):
            if isinstance(read, Problem):
                yield read
            elif read.row is None:
                yield from read.problems
            else:
                yield read.row

    def reads(self, model: type[R]) -> Iterator[Read[R] | Problem]:
        """Yield every row of the file, and the problems of header and quoting; rows stream, only keys are gathered."""
        payload = self._payload(model)
        if payload is None:
            if model.file in self.named:
                hint = f"create it, or take {model.file} out of the settings"
                yield Problem(
                    "MissingFile", "the file is named in the settings but is not there", self.place(model), hint
                )
            return
        repeated = _repeated(_names(self._lines(model, payload), model.key)) if model.key else frozenset()
        known = {column: self._known(reference) for column, reference in model.references.items()}
        for line in self._lines(model, payload):
            yield line if isinstance(line, Problem) else self._read(model, line, repeated, known)

    def _names_in(self, reference: Reference) -> set[str] | None:
        """Return what the rows of the file, good or bad, are called; None where it is absent or has no sound header."""
        model = next(model for model in FILES if model.file == reference.file)
        payload = self._payload(model)
        if payload is None:
            return None
        found = list(self._lines(model, payload))
        if found and all(isinstance(line, Problem) for line in found):
            return None
        return set(_names(found, reference.columns))

    def place(self, model: type[Row]) -> str:
        """Return where the file lies, relative to the tenant's folder."""
        return f"{self.folder}/{self.named.get(model.file, f'{model.file}.csv')}"

    def exists(self, model: type[Row]) -> bool:
        """Tell whether the file is there."""
        return self._payload(model) is not None

    def _payload(self, model: type[Row]) -> bytes | None:
        try:
            return self.transport.read_file(self.place(model))
        except NotFound:
            return None

    def _lines(self, model: type[Row], payload: bytes) -> Iterator[Line | Problem]:
        return lines(payload, self.place(model), self.dialect, model.columns(), model.required())

    def _known(self, reference: Reference) -> Collection[str] | None:
        return self._names_in(reference) if self.closed or reference.within else None

    def _read(self, model: type[R], line: Line, repeated: Collection[str], known: Known) -> Read[R]:
        problems = [*_repetition(model, line, repeated), *_dangling(model, line, known)]
        try:
            row = model.model_validate({**line.cells, "origin": line.origin}, context=self.notation)
        except ValidationError as error:
            return Read(line, (*_faults(error, line), *problems), None)
        return Read(line, tuple(problems), None if problems else row)


Known = Mapping[str, Collection[str] | None]
"""What the cells of a column may speak of; None where anything goes."""


def _names(found: Iterable[Line | Problem], columns: Sequence[str]) -> Iterator[str]:
    for line in found:
        if isinstance(line, Line) and all(column in line.cells for column in columns):
            yield "/".join(line.cells[column] for column in columns)


def _repeated(names: Iterable[str]) -> frozenset[str]:
    """Return the names that come more than once."""
    seen: set[str] = set()
    again: set[str] = set()
    for name in names:
        (again if name in seen else seen).add(name)
    return frozenset(again)


def _repetition(model: type[Row], line: Line, repeated: Collection[str]) -> Iterator[Problem]:
    for name in _names([line], model.key) if repeated else ():
        if name in repeated:
            place = f"{line.origin} {model.key[-1]}"
            yield Problem("DuplicateId", f"{name!r} stands in more than one row", place, "remove or rename one of them")


def _dangling(model: type[Row], line: Line, known: Known) -> Iterator[Problem]:
    for column, reference in model.references.items():
        name, names = line.cells.get(column), known[column]
        if name is not None and names is not None and name not in names:
            message = f"{name!r} is not in the ledger's {reference.file}"
            yield Problem("UnknownReference", message, f"{line.origin} {column}", did_you_mean(name, names))


def _faults(error: ValidationError, line: Line) -> Iterator[Problem]:
    """Yield a problem per cell that could not be read; a fault of the row as a whole names no column."""
    for fault in error.errors(include_url=False):
        column = str(fault["loc"][0]) if fault["loc"] else ""
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, NotationError):
            yield Problem("BadCell", cause.message, f"{line.origin} {column}".rstrip(), cause.hint)
        else:
            yield Problem("EmptyCell", f"{column} is empty", f"{line.origin} {column}", "fill it")
