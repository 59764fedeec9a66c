"""Faults of configuration files in words for the person who wrote them: file, line, key, and what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from connector.config.places import KeyPath
from connector.config.schema_walk import Known, toml_schema
from connector.config.toml_file import TomlFile
from connector.core.problems import Problem
from connector.core.suggest import did_you_mean

_EXPECTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number without quotes",
    "bool_type": "true or false, without quotes",
    "date_type": "a date without quotes, such as 2026-01-31",
    "tuple_type": "a list in [ ]",
    "list_type": "a list in [ ]",
    "dict_type": "a table",
    "model_type": "a table",
}

_TO_FILL_IN = re.compile(r"<([^<>]+)>")
"""What stands in a starter file where only the tenant knows what to write: `<your firm>`."""


class Fault(NamedTuple):
    """What is wrong with the value at a path; the file gives it its place."""

    code: str
    path: KeyPath
    message: str
    hint: str

    def problem(self, file: TomlFile) -> Problem:
        """Return it as a problem with file and line; the key stands before the message."""
        key = ".".join(part for part in self.path if isinstance(part, str))
        return Problem(self.code, f"{key}: {self.message}" if key else self.message, file.place(self.path), self.hint)

    def under(self, path: KeyPath) -> Fault:
        """Return it with its path seen from further out."""
        return self._replace(path=(*path, *self.path))


class MisfitError(ValueError):
    """What does not fit between the keys of a table: raised by its model, with paths within the table."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults; the message is for programs that do not know them."""
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message for fault in self.faults))


def value_faults(node: object, path: KeyPath = ()) -> Iterator[Fault]:
    """Yield what no model needs to be asked about: floats, and places of a starter file that are still to be filled in.

    Most programs would read a number with a decimal point as a float, and no amount is one.
    """
    if isinstance(node, Decimal):
        yield Fault("ConfigFloat", path, f"{node} is a floating-point number", f'write it in quotes: "{node}"')
    elif isinstance(node, str) and (asked := _TO_FILL_IN.fullmatch(node)):
        yield Fault("ConfigPlaceholder", path, "still to be filled in", f"write there: {asked[1]}")
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from value_faults(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from value_faults(value, (*path, index))


_schema_of = cache(toml_schema)
"""Faults often come several at a time; nobody changes the schema."""


def model_faults(error: ValidationError, model: type[BaseModel], data: object, at: KeyPath = ()) -> Iterator[Fault]:
    """Yield what pydantic found wrong with the data, in our words; `at` is the path of the data in its file.

    At most one per value, the first; and what `value_faults` yields is not said twice.
    """
    known = Known(_schema_of(model), data)
    seen: set[KeyPath] = set()
    for details in error.errors(include_url=False):
        path = _path_in(data, details)
        is_said = _is_said(details["input"]) and details["type"] != "extra_forbidden"
        found = details.get("ctx", {}).get("error")
        if _is_echo(details):
            continue
        if isinstance(found, MisfitError):
            yield from (fault.under((*at, *path)) for fault in found.faults)
        elif path not in seen and not is_said:
            seen.add(path)
            words = _words(details, path, known)
            yield Fault(words.code, (*at, *path), words.message, words.hint)


def problems(file: TomlFile, faults: Iterable[Fault]) -> tuple[Problem, ...]:
    """Return the faults as problems in the order of their lines, each code once per value."""
    unique: dict[tuple[str, KeyPath], Fault] = {}
    for fault in faults:
        unique.setdefault((fault.code, fault.path), fault)
    return tuple(fault.problem(file) for fault in sorted(unique.values(), key=lambda fault: file.line(fault.path)))


def _is_said(value: object) -> bool:
    """Tell whether `value_faults` has told of this very value, not only of one within it."""
    return isinstance(value, Decimal | str) and any(value_faults(value))


def _is_echo(details: ErrorDetails) -> bool:
    """Tell whether a list is called too short only because faulty members of it are not counted."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _path_in(data: object, details: ErrorDetails) -> KeyPath:
    """Return pydantic's location without the names it gives to the members of a union: no file contains them."""
    path: KeyPath = ()
    in_list = False
    for position, part in enumerate(details["loc"], start=1):
        last = position == len(details["loc"])
        is_kind = in_list and isinstance(data, dict) and data.get("kind") == part
        in_list = isinstance(data, list)
        if is_kind:
            continue
        if isinstance(data, dict) and (part in data or (last and details["type"] == "missing")):
            path, data = (*path, part), data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            path, data = (*path, part), data[part]
    return path


class _Words(NamedTuple):
    code: str
    message: str
    hint: str


def _words(details: ErrorDetails, path: KeyPath, known: Known) -> _Words:
    kind = details["type"]
    if kind in _SPECIAL:
        return _SPECIAL[kind](details, path, known)
    if kind in _EXPECTED:
        hint = _quoting(kind, details["input"]) or known.description(path)
        return _Words("ConfigWrongType", f"{_shown(details)} is not {_EXPECTED[kind]}", hint)
    if kind == "value_error":
        return _Words("ConfigWrongValue", str(details["ctx"]["error"]), known.description(path))
    message = re.sub(r"^(Input|String|Tuple) should", "should", details["msg"])
    return _Words("ConfigWrongValue", f"{_shown(details)} {message}", known.description(path))


def _unknown_key(_: ErrorDetails, path: KeyPath, known: Known) -> _Words:
    return _Words("ConfigUnknownKey", "unknown key", did_you_mean(str(path[-1]), known.keys(path[:-1])))


def _missing_key(_: ErrorDetails, path: KeyPath, known: Known) -> _Words:
    return _Words("ConfigMissingKey", "the key is missing", known.description(path))


def _unknown_word(details: ErrorDetails, path: KeyPath, known: Known) -> _Words:
    word = str(details["input"])
    return _Words("ConfigWrongValue", f"{word!r} is not known", did_you_mean(word, known.words(path)))


def _unknown_kind(details: ErrorDetails, path: KeyPath, known: Known) -> _Words:
    kinds, table = known.kinds(path), details["input"]
    if "kind" not in table:
        return _Words("ConfigMissingKey", "the key kind is missing", did_you_mean("", kinds))
    return _Words("ConfigWrongValue", f"kind {table['kind']!r} is not known", did_you_mean(str(table["kind"]), kinds))


_SPECIAL = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "enum": _unknown_word,
    "literal_error": _unknown_word,
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": _unknown_kind,
}


def _quoting(kind: str, found: object) -> str:
    """Return the hint to set or drop quotes where that is all that is wrong, else ''."""
    if kind == "string_type" and isinstance(found, int) and not isinstance(found, bool):
        return f'write it in quotes: "{found}"'
    if kind == "int_type" and isinstance(found, str) and found.isdecimal():
        return f"write it without quotes: {found}"
    return ""


def _shown(details: ErrorDetails) -> str:
    found = details["input"]
    if isinstance(found, dict | list):
        return "a table" if isinstance(found, dict) else "a list"
    return str(found).lower() if isinstance(found, bool) else repr(found) if isinstance(found, str) else str(found)
