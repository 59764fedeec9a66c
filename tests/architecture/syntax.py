"""Python files as syntax trees, for rules that are checked without running anything."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).parents[2]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the house: its dotted name, its place for messages, its text and its tree."""

    name: str
    place: str
    text: str = field(repr=False)
    tree: ast.Module = field(repr=False)

    @property
    def room(self) -> str:
        """Return the room it lies in: 'core' for connector.core.money, 'http' for connector.http, '' for the root."""
        return room_of(self.name)

    @property
    def length(self) -> int:
        """Return how many lines it has."""
        return len(self.text.splitlines())

    def at(self, line: int, finding: str) -> str:
        """Return the finding with its place, as a person can jump to."""
        return f"{self.place}:{line}: {finding}"

    def nodes(self) -> Iterator[ast.AST]:
        """Yield every node of the tree."""
        return ast.walk(self.tree)

    def functions(self) -> Iterator[FunctionNode]:
        """Yield every function and method."""
        return (node for node in self.nodes() if isinstance(node, FunctionNode))

    def comments(self) -> Iterator[tuple[int, str]]:
        """Yield line and text of every comment."""
        for token in tokenize.generate_tokens(StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def room_of(name: str) -> str:
    """Return the second part of a dotted name, '' if there is none."""
    return [*name.split("."), ""][1]


def parse(text: str, name: str = "connector.core.sample") -> Source:
    """Return the text as if it were the module."""
    return Source(name, f"{name.replace('.', '/')}.py", text, ast.parse(text))


Rule = Callable[[Source], list[str]]
"""Looks at one file and returns what it finds against the rule."""


def assert_kept(rule: Rule, sources: Iterable[Source]) -> None:
    """Fail with everything the rule finds in the files, one finding a line."""
    findings = [finding for source in sources for finding in rule(source)]
    assert not findings, "\n".join(["", *findings])


@cache
def house(folder: str = "connector") -> tuple[Source, ...]:
    """Return every Python file under the folder, in order of path."""
    return tuple(_read(path) for path in sorted((ROOT / folder).rglob("*.py")))


def _read(path: Path) -> Source:
    relative = path.relative_to(ROOT)
    parts = relative.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Source(name, relative.as_posix(), text, ast.parse(text))


def dotted(node: ast.expr) -> str:
    """Return 'a.b.c' for a chain of names, '' for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""
