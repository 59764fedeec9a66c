"""Reading files in DATEV's format (EXTF, DTVF): header, column names, records; line by line, so memory stays flat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from connector.datev.columns import ENCODING, LINE_END

_CELL = re.compile(r'("(?:[^"]|"")*"|[^;"]*)(;|\Z)')
_LINES_BEFORE_RECORDS = 2


class NotExtfError(ValueError):
    """The line is not in DATEV's format."""


def cells_of(line: str) -> tuple[str, ...]:
    """Return the cells of a line as they stand there, with their quotes; NotExtfError where a quote stands alone."""
    line = line.rstrip(LINE_END)
    cells: list[str] = []
    position = 0
    while found := _CELL.match(line, position):
        cells.append(found[1])
        position = found.end()
        if not found[2]:
            return tuple(cells)
    message = f"cell {len(cells) + 1}: a quote stands alone, or text outside its quotes"
    raise NotExtfError(message)


def value_of(cell: str) -> str:
    """Return what the cell means: without its quotes, doubled ones single."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def lines_of(path: Path, encoding: str = ENCODING) -> Iterator[tuple[str, ...]]:
    """Yield the lines as cells with their quotes: the header, the column names, then the records.

    NotExtfError names the line that cannot be read.
    """
    with path.open(encoding=encoding, newline="") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield cells_of(line)
            except NotExtfError as error:
                message = f"{path.name} line {number}: {error}"
                raise NotExtfError(message) from None


def records_of(path: Path, encoding: str = ENCODING) -> Iterator[tuple[str, ...]]:
    """Yield the values of each record; column n is at n − 1."""
    for number, cells in enumerate(lines_of(path, encoding)):
        if number >= _LINES_BEFORE_RECORDS:
            yield tuple(map(value_of, cells))


def header_of(path: Path) -> tuple[str, ...]:
    """Return the cells of the first line, () where the file is not in DATEV's format."""
    try:
        cells = next(lines_of(path), ())
    except (NotExtfError, UnicodeDecodeError):
        return ()
    return cells if cells[:1] in {('"EXTF"',), ('"DTVF"',)} else ()
