"""Who may import whom, and what the pure rooms may import at all; every permission carries its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from tests.architecture.syntax import Source, dotted, room_of

_VALUES = "speaks in values of the core"
_ADAPTER = {"core": _VALUES, "http": "every byte from outside passes there", "redact": "secrets leave texts there"}
_SINK = _ADAPTER | {"datev": "two sinks lead into DATEV, by files and by its interfaces; the format is the same"}
_SINK |= {"disk": "notes on the disk, before and after a call", "vault": "log-ins are kept there"}
_SHOWN = {
    "core": _VALUES,
    "documents": "amounts, dates and reasons as people write them",
    "jobs": "shows what the steps of a run return",
    "store": "shows what is known of documents",
}
_COMMANDS = {
    "as_json": "prints for programs",
    "console": "prints for people",
    "core": _VALUES,
    "documents": "what is printed as a file instead of on the screen",
    "jobs": "the moves a person may ask for are named there",
    "logs": "sets up what is logged",
    "redact": "secrets leave texts there",
    "starter": "makes the folder of a new tenant",
    "wiring": "joins all parts",
}

MAY_IMPORT: Mapping[str, Mapping[str, str]] = {
    "": {},
    "as_json": _SHOWN,
    "calendars": {"core": _VALUES},
    "cli": _COMMANDS,
    "config": {
        "calendars": "agreements name a Bundesland",
        "core": _VALUES,
        "mapping": "reads mapping.toml into its models",
        "redact": "secrets leave texts there",
        "registry": "asks adapters for their settings",
    },
    "console": _SHOWN,
    "core": {},
    "datev": {"core": _VALUES, "disk": "files survive a power cut", "http": "payments are read through it"},
    "disk": {},
    "demo": _COMMANDS | {"cli": "runs the commands a person would type"},
    "documents": {"core": _VALUES},
    "http": {"core": _VALUES, "redact": "secrets leave texts there"},
    "jobs": {"core": _VALUES, "mapping": "books what is billed"},
    "logs": {"redact": "secrets leave texts there"},
    "mapping": {"core": _VALUES},
    "redact": {},
    "registry": {"core": _VALUES, "sinks": "lists the modules there", "sources": "lists the modules there"},
    "sinks": _SINK,
    "sources": _ADAPTER,
    "starter": {"core": _VALUES},
    "store": {"core": _VALUES},
    "vault": {"core": _VALUES, "disk": "a file is replaced as a whole", "redact": "tokens leave texts there"},
    "wiring": {
        "config": "the tenant it joins the parts for",
        "core": _VALUES,
        "documents": "what is shown of a run",
        "http": "gives each adapter its door to the outside",
        "jobs": "the steps it supplies with ports",
        "registry": "finds the adapters",
        "store": "opens it",
    },
}
"""Room → rooms it may import → why. A room that is not here does not exist yet: give it a line."""

ADAPTER_ROOMS = ("sources", "sinks")

IMPORTS_BY_NAME = {
    "connector.config.secrets": "keyring is an extra that most machines do without",
    "connector.vault": "cryptography and keyring are extras that most machines do without",
    "connector.registry": "finds adapters, ours and announced ones, and loads them when asked for",
}
"""Modules that may import another by a name known at run time, and why."""

PURE_STDLIB = {
    "__future__": "annotations",
    "bisect": "which period a day lies in",
    "collections": "containers, and their abstract types",
    "dataclasses": "values",
    "datetime": "days as values; asking for today's is refused below",
    "dateutil.relativedelta": "months of different lengths, by pure arithmetic",
    "decimal": "exact amounts",
    "difflib": "the nearest word for a hint",
    "enum": "named choices",
    "fractions": "exact shares",
    "functools": "caches of pure functions",
    "hashlib": "keys of documents",
    "itertools": "walks over values",
    "re": "forms of texts",
    "typing": "types",
}
PURE: Mapping[str, Mapping[str, str]] = {
    "core": PURE_STDLIB,
    "mapping": PURE_STDLIB
    | {
        "json": "quotes a text for a line to add; reads no file",
        "pydantic": "the models of mapping.toml",
        "string": "parses templates of texts",
    },
}
"""Room → what it may import from outside the project → why."""

CLOCK_AND_DOORS = {
    "today": "reads the clock",
    "now": "reads the clock",
    "utcnow": "reads the clock",
    "open": "opens a file",
    "print": "writes to the terminal",
    "input": "asks a person",
}


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """Yield line and full dotted name of everything the file imports, wherever it does."""
    for node in source.nodes():
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{prefix}.{alias.name}") for alias in node.names)


def forbidden_imports(source: Source) -> list[str]:
    """Return the imports of other rooms that the table does not allow, and those of other adapters."""
    if source.room not in MAY_IMPORT:
        return [source.at(1, f"room {source.room!r} has no line in MAY_IMPORT")]
    return [
        source.at(line, f"{source.name} may not import {target}")
        for line, target in imported(source)
        if target.startswith(".") or (target.startswith("connector.") and not _allowed(source, target))
    ]


def _allowed(source: Source, target: str) -> bool:
    room = room_of(target)
    if room in ADAPTER_ROOMS and _adapter(target):
        return _adapter(source.name) == _adapter(target)
    return room == source.room or room not in MAY_IMPORT or room in MAY_IMPORT[source.room]


def _adapter(name: str) -> str:
    """Return 'connector.sinks.datev' for whatever lies in it, '' outside the adapters."""
    parts = name.split(".")
    return ".".join(parts[:3]) if len(parts) > 2 and parts[1] in ADAPTER_ROOMS else ""


def imports_by_name(source: Source) -> list[str]:
    """Return the calls that import a module named at run time, where this is not the file's task."""
    if source.name in IMPORTS_BY_NAME:
        return []
    return [
        source.at(node.lineno, "only the registry imports modules by name")
        for node in source.nodes()
        if isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__")
    ]


def impure_imports(source: Source) -> list[str]:
    """Return the imports from outside the project that a pure room has no reason for."""
    allowed = PURE.get(source.room)
    if allowed is None:
        return []
    return [
        source.at(line, f"{source.room} has no reason to import {target}")
        for line, target in imported(source)
        if not target.startswith("connector.") and not any(f"{target}.".startswith(f"{name}.") for name in allowed)
    ]


def impure_calls(source: Source) -> list[str]:
    """Return the calls in a pure room that read the clock or open a door to the outside."""
    if source.room not in PURE:
        return []
    return [
        source.at(node.lineno, f"{name}() {CLOCK_AND_DOORS[name]}")
        for node in source.nodes()
        if isinstance(node, ast.Call) and (name := _called(node)) in CLOCK_AND_DOORS
    ]


def _called(call: ast.Call) -> str:
    return dotted(call.func).rpartition(".")[2]
