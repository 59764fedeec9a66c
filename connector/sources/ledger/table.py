"""CSV files as rows with their real line numbers; whatever is wrong with header, quotes or cell count is a Problem."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connector.core.problems import Problem
from connector.core.suggest import did_you_mean


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the files are written: one character between cells, and the encoding's name."""

    delimiter: str
    encoding: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row: `origin` is file:line of its first line, `cells` holds the trimmed cells that are not empty."""

    origin: str
    cells: Mapping[str, str]


def lines(
    payload: bytes, place: str, dialect: Dialect, columns: Collection[str], required: Collection[str]
) -> Iterator[Line | Problem]:
    """Yield the rows of the file, one at a time; blank rows are left out.

    A header with a fault yields its Problems and no row: what stands under a misspelt column would be lost in silence.
    Bytes that are not in the encoding stay in the cells as lone surrogates, so that the cell can be named.
    """
    text = io.TextIOWrapper(io.BytesIO(payload), dialect.encoding, errors="surrogateescape", newline="")
    records = _records(text, place, dialect.delimiter)
    header = next(records, None)
    if header is None:
        yield Problem("EmptyFile", "the file has no header row", place, f"columns: {', '.join(columns)}")
        return
    if isinstance(header, Problem):
        yield header
        return
    names = [cell.casefold() for cell in header[1]]
    if faults := list(_header_faults(names, header[0], columns, required)):
        yield from faults
        return
    for record in records:
        yield record if isinstance(record, Problem) else _line(record, names)


Record = tuple[str, Sequence[str]]
"""Place and trimmed cells."""


def _records(text: io.TextIOWrapper, place: str, delimiter: str) -> Iterator[Record | Problem]:
    """Yield each record that is not blank; quoting that does not close or continue properly is a Problem."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        origin = f"{place}:{reader.line_num + 1}"
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            hint = 'a cell with quotes is written "so ""quoted"" it is"'
            yield Problem("BadQuoting", f"the row cannot be taken apart: {error}", origin, hint)
            continue
        if any(cells):
            yield origin, cells


def _header_faults(
    names: Sequence[str], origin: str, columns: Collection[str], required: Collection[str]
) -> Iterator[Problem]:
    for name in dict.fromkeys(names):
        if name not in columns:
            message = f"unknown column {name!r}" if name else "a column without a name"
            yield Problem("UnknownColumn", message, origin, did_you_mean(name, columns))
        elif names.count(name) > 1:
            yield Problem("DuplicateColumn", f"column {name!r} stands there twice", origin, "remove or rename one")
    for name in required:
        if name not in names:
            yield Problem("MissingColumn", f"column {name!r} is missing", origin, "add it to the first row")


def _line(record: Record, names: Sequence[str]) -> Line | Problem:
    origin, cells = record
    if len(cells) == len(names):
        return Line(origin, {name: cell for name, cell in zip(names, cells, strict=True) if cell})
    message = f"the row has {len(cells)} cells, the header {len(names)}"
    return Problem("CellCount", message, origin, "put a cell that holds the delimiter in quotes")
