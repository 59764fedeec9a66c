"""A TOML file with the place of every key, or the one fault that keeps it from being read."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from connector.config.places import KeyPath, lines_of
from connector.core.problems import Problem

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_IN_MESSAGE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A file's bytes (for the hash of the configuration), values, and the line of every key.

    Numbers with a decimal point are Decimals, as written.
    """

    name: str
    content: bytes
    data: dict[str, Any]
    lines: dict[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """Return the line of the key, or of the nearest table around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def place(self, path: KeyPath) -> str:
        """Return file and line, such as 'agreements.toml:12'."""
        return f"{self.name}:{self.line(path)}"


def read_toml(path: Path) -> TomlFile | Problem:
    """Return the file, or a Problem: ConfigUnreadable, ConfigEncoding or ConfigSyntax.

    A byte order mark, as Windows editors write it, is passed over.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        return Problem("ConfigUnreadable", message, path.name, f"see whether {path} is there and may be read")
    text = content.removeprefix(_BYTE_ORDER_MARK)
    try:
        data = tomllib.loads(text.decode(), parse_float=Decimal)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return Problem("ConfigEncoding", "the file is not UTF-8", f"{path.name}:{line}", "save it as UTF-8")
    except tomllib.TOMLDecodeError as error:
        return _syntax_problem(path, str(error), text)
    return TomlFile(path.name, content, data, lines_of(text))


def _syntax_problem(path: Path, message: str, text: bytes) -> Problem:
    match = _LINE_IN_MESSAGE.fullmatch(message)
    what = match["what"] if match else message
    line = match["line"] if match and match["line"] else str(len(text.splitlines()))
    column = f", column {match['column']}" if match and match["column"] else ""
    hint = "a key stands once per table; texts stand in quotes; see https://toml.io"
    return Problem("ConfigSyntax", f"not TOML: {what}{column}", f"{path.name}:{line}", hint)
