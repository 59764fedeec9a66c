"""What a column of a DATEV file is, and how a line is put together from values (EXTF, header version 700).

Text stands in quotes, quotes inside are doubled, numbers and dates are never quoted; an empty text is two quotes, an
empty number or a reserved field is nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SEPARATOR = ";"
LINE_END = "\r\n"
ENCODING = "cp1252"

_CONTROL = frozenset((*range(0x20), 0x7F))

_SHAPES = {
    "int": r"\d+",
    "decimal": r"\d+,\d{2,6}",
    "account": r"(?!0+$)\d+",
    "bool01": r"[01]",
    "date_ttmm": r"\d{4}",
    "date_ttmmjjjj": r"\d{8}",
    "date8": r"\d{8}",
    "timestamp": r"\d{17}",
}
_PATTERNS = {kind: re.compile(shape) for kind, shape in _SHAPES.items()}


def escaped(text: str) -> str:
    """Return the text with its quotes doubled, as it stands between the quotes of a cell."""
    return text.replace('"', '""')


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its number from 1, name, kind of value, greatest length in characters, and whether it is quoted.

    Kinds are text, int, decimal, account, bool01, date_ttmm, date_ttmmjjjj, date8 (JJJJMMTT), timestamp and empty.
    """

    number: int
    name: str
    kind: str
    length: int
    quoted: bool

    def __str__(self) -> str:
        """Return 'field 11 Belegfeld 1', as messages name it."""
        return f"field {self.number} {self.name}"

    def fault(self, value: str) -> str:
        """Return why the value cannot stand in this column, '' if it can."""
        if len(escaped(value)) > self.length:
            return f"{value!r} is longer than {self.length} characters"
        if self.kind == "text":
            return (
                "" if is_writable(value) else f"{value!r} has characters that Windows-1252 lacks, or control characters"
            )
        pattern = _PATTERNS.get(self.kind)
        return "" if pattern and pattern.fullmatch(value) else f"{value!r} is no {self.kind}"

    def cell(self, value: str = "") -> str:
        """Return the value as it stands in the line; ValueError where it does not fit."""
        if value and (fault := self.fault(value)):
            message = f"{self}: {fault}"
            raise ValueError(message)
        return f'"{escaped(value)}"' if self.quoted else value


def is_writable(text: str) -> bool:
    """Tell whether Windows-1252 has every character, and none is a control character."""
    try:
        raw = text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return not _CONTROL.intersection(raw)


def table(*blocks: str) -> tuple[Column, ...]:
    """Return the columns of the lines 'kind length name'; a quote after the kind tells that a number is quoted."""
    lines = [line.strip() for block in blocks for line in block.splitlines() if line.strip()]
    return tuple(_column(number, line) for number, line in enumerate(lines, start=1))


def _column(number: int, line: str) -> Column:
    kind, length, name = line.split(maxsplit=2)
    quoted = kind == "text" or kind.endswith('"')
    return Column(number, name, kind.removesuffix('"'), int(length), quoted)


def repeated(times: Iterable[int], block: str) -> str:
    """Return the block once per number, with {i} replaced by it."""
    return "\n".join(block.replace("{i}", str(number)) for number in times)


def line_of(columns: Sequence[Column], values: Mapping[int, str]) -> str:
    """Return the line with the values by column number; ValueError where one does not fit."""
    return SEPARATOR.join(column.cell(values.get(column.number, "")) for column in columns) + LINE_END


def names_of(columns: Sequence[Column]) -> str:
    """Return the line of column names, the second of every file."""
    return SEPARATOR.join(column.name for column in columns) + LINE_END
