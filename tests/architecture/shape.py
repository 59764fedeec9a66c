"""The shape of the house: sizes, docstrings, handlers of errors, silenced lints."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from tests.architecture.syntax import FunctionNode, Source, dotted

LONGEST_FUNCTION = 60
LONGEST_FILE = 500

MAY_CHANGE = {
    "connector.core.dues.Dues": "gathers what is due while an agreement is assessed",
}
"""Dataclasses of the core that are filled step by step, and why."""

_SILENCED = re.compile(r"#\s*noqa(?P<codes>:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?(?P<reason>.*)")
_BROAD = ("Exception", "BaseException")


def length(function: FunctionNode) -> int:
    """Return the lines of a function from `def` to its end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def long_functions(source: Source) -> list[str]:
    """Return the functions with more lines than anybody keeps in mind."""
    return [
        source.at(function.lineno, f"{function.name} has {length(function)} lines, at most {LONGEST_FUNCTION}")
        for function in source.functions()
        if length(function) > LONGEST_FUNCTION
    ]


def long_file(source: Source) -> list[str]:
    """Return the file itself if it is too long."""
    if source.length <= LONGEST_FILE:
        return []
    return [source.at(1, f"{source.length} lines, at most {LONGEST_FILE}")]


def percentile(values: Sequence[int], percent: int) -> int:
    """Return the value that so many percent of the values do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def undocumented(source: Source) -> list[str]:
    """Return the module and its public names that have no docstring; magic methods say what they do by their name."""
    found = [] if ast.get_docstring(source.tree) else [source.at(1, "the module has no docstring")]
    return found + [
        source.at(node.lineno, f"{node.name} has no docstring")
        for node in _public(source.tree)
        if not ast.get_docstring(node) and not _is_overload(node)
    ]


def _public(parent: ast.Module | ast.ClassDef) -> Iterator[FunctionNode | ast.ClassDef]:
    for node in parent.body:
        if isinstance(node, FunctionNode | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def _is_overload(node: FunctionNode | ast.ClassDef) -> bool:
    return any(dotted(decorator).rpartition(".")[2] == "overload" for decorator in node.decorator_list)


def broad_handlers(source: Source) -> list[str]:
    """Return the handlers that would catch a fault of the program together with what they wait for."""
    handlers = [node for node in source.nodes() if isinstance(node, ast.ExceptHandler)]
    broad = [handler.lineno for handler in handlers if handler.type is None or _is_broad([handler.type])]
    calls = [node for node in source.nodes() if isinstance(node, ast.Call)]
    broad += [
        call.lineno for call in calls if dotted(call.func).rpartition(".")[2] == "suppress" and _is_broad(call.args)
    ]
    return [source.at(line, "catches everything; name the errors") for line in sorted(broad)]


def _is_broad(types: Sequence[ast.expr]) -> bool:
    named = [each for kind in types for each in (kind.elts if isinstance(kind, ast.Tuple) else [kind])]
    return any(dotted(kind).rpartition(".")[2] in _BROAD for kind in named)


def changeable_values(source: Source) -> list[str]:
    """Return the dataclasses of the core that could be changed after they were checked."""
    if source.room != "core":
        return []
    return [
        source.at(node.lineno, f"{node.name} is not frozen")
        for node in source.nodes()
        if isinstance(node, ast.ClassDef)
        and any(_makes_changeable(decorator) for decorator in node.decorator_list)
        and f"{source.name}.{node.name}" not in MAY_CHANGE
    ]


def _makes_changeable(decorator: ast.expr) -> bool:
    called, keywords = (decorator.func, decorator.keywords) if isinstance(decorator, ast.Call) else (decorator, [])
    frozen = any(each.arg == "frozen" and getattr(each.value, "value", None) is True for each in keywords)
    return dotted(called).rpartition(".")[2] == "dataclass" and not frozen


def unreasoned_silence(source: Source) -> list[str]:
    """Return the silenced lints that name no code or give no reason."""
    silenced = ((line, _SILENCED.search(comment)) for line, comment in source.comments())
    return [
        source.at(line, "a silenced lint names its code and a reason")
        for line, match in silenced
        if match and not (match["codes"] and re.search(r"\w{2}", match["reason"]))
    ]
