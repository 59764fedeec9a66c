"""The line of every table, key and list item of a TOML text, so that a fault can be shown where it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

KeyPath = tuple[str | int, ...]
"""The way to a value: keys of tables and indexes of lists, such as ('agreement', 0, 'id')."""

_LANGUAGE = Language(tree_sitter_toml.language())
_TABLES = frozenset({"table", "table_array_element"})


def lines_of(text: bytes) -> dict[KeyPath, int]:
    """Return the first line (from 1) of every table, key and list item of a text that `tomllib` accepts."""
    walk = _Walk()
    for node in Parser(_LANGUAGE).parse(text).root_node.named_children:
        if node.type in _TABLES:
            walk.table(node)
        elif node.type == "pair":
            walk.pair(node, ())
    return walk.lines


@dataclass(slots=True)
class _Walk:
    lines: dict[KeyPath, int] = field(default_factory=dict)
    counts: dict[KeyPath, int] = field(default_factory=dict)

    def table(self, node: Node) -> None:
        head, *rest = node.named_children
        *parents, last = _key(head)
        path: KeyPath = (*self._inside(parents), last)
        if node.type == "table_array_element":
            self._note(path, node)
            index = self.counts.get(path, 0)
            self.counts[path] = index + 1
            path = (*path, index)
        self._note(path, node)
        for child in rest:
            if child.type == "pair":
                self.pair(child, path)

    def pair(self, node: Node, inside: KeyPath) -> None:
        key, value = (child for child in node.named_children if child.type != "comment")
        path = inside
        for part in _key(key):
            path = (*path, part)
            self._note(path, key)
        self._value(value, path)

    def _value(self, node: Node, path: KeyPath) -> None:
        if node.type == "inline_table":
            for child in node.named_children:
                self.pair(child, path)
        elif node.type == "array":
            items = (child for child in node.named_children if child.type != "comment")
            for index, child in enumerate(items):
                self._note((*path, index), child)
                self._value(child, (*path, index))

    def _inside(self, keys: Sequence[str]) -> KeyPath:
        """Return the path of a parent: where it is a list of tables, its last table is meant."""
        path: KeyPath = ()
        for key in keys:
            path = (*path, key)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _note(self, path: KeyPath, node: Node) -> None:
        self.lines.setdefault(path, node.start_point.row + 1)


def _key(node: Node) -> list[str]:
    return list(_parts(node))


def _parts(node: Node) -> Iterator[str]:
    if node.type == "dotted_key":
        for child in node.named_children:
            yield from _parts(child)
        return
    text = (node.text or b"").decode()
    # A quoted key follows the rules of TOML strings; the standard library knows them.
    yield text if node.type == "bare_key" else next(iter(tomllib.loads(f"{text} = 0")))
