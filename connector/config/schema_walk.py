"""JSON Schemas of the configuration's models, as TOML needs them, and what they know about the value at a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pydantic import BaseModel

from connector.config.field_docs import Described
from connector.config.places import KeyPath

Schema = dict[str, Any]


def toml_schema(model: type[BaseModel], prefix: str = "") -> Schema:
    """Return the model's JSON Schema without what TOML has not (null) and what says nothing (titles).

    `prefix` goes before the names of its parts, so that the schemas of several models can stand in one file.
    """
    schema = _table(model.model_json_schema(ref_template=f"#/$defs/{prefix}{{model}}", schema_generator=Described))
    parts = schema.pop("$defs", {})
    return {**schema, "$defs": {f"{prefix}{name}": part for name, part in parts.items()}}


def _table(node: Schema) -> Schema:
    """Return the schema of a value, cleaned."""
    cleaned = {key: _cleaned(key, value) for key, value in node.items() if not _is_noise(key, value)}
    if len(alternatives := cleaned.get("anyOf", ())) == 1:
        del cleaned["anyOf"]
        return {**alternatives[0], **cleaned}
    return cleaned


def _is_noise(key: str, value: object) -> bool:
    return key == "title" or (key == "default" and value is None)


def _cleaned(key: str, value: Any) -> Any:  # noqa: ANN401 -- JSON
    if key in ("properties", "$defs"):
        return {name: _table(each) for name, each in value.items()}
    if key in ("anyOf", "oneOf"):
        return [_table(each) for each in value if each != {"type": "null"}]
    return _table(value) if key in ("items", "additionalProperties") and isinstance(value, dict) else value


@dataclass(frozen=True, slots=True)
class Known:
    """What a schema knows about the values of some data."""

    schema: Schema
    data: object

    def keys(self, path: KeyPath) -> list[str]:
        """Return the keys that the table at the path may have."""
        return [key for node in self._at(path) for key in node.get("properties", {})]

    def words(self, path: KeyPath) -> list[str]:
        """Return the words that may stand at the path."""
        return [str(word) for node in self._at(path) for word in (*node.get("enum", ()), *_constant(node))]

    def kinds(self, path: KeyPath) -> list[str]:
        """Return the kinds of tables that may stand at the path."""
        parents = self._at(path[:-1])
        return [str(kind) for parent in parents for node in self._children(parent, path[-1]) for kind in _kind(node)]

    def description(self, path: KeyPath) -> str:
        """Return what the model says about the key, or about that of the list or free table it is in; '' if nothing."""
        while path and self._is_unnamed(path):
            path = path[:-1]
        if not path:
            return ""
        properties = (node.get("properties", {}).get(path[-1], {}) for node in self._at(path[:-1]))
        return next((each["description"] for each in properties if "description" in each), "")

    def _is_unnamed(self, path: KeyPath) -> bool:
        """Tell whether the value has no key of the model: a bare value in a list, or one under a name people chose."""
        if isinstance(path[-1], int):
            return not isinstance(reduce(_item, path, self.data), dict)
        return any(isinstance(node.get("additionalProperties"), dict) for node in self._at(path[:-1]))

    def _at(self, path: KeyPath) -> list[Schema]:
        """Return the plain schemas of the value at the path; those of another `kind` are left out."""
        nodes, data = list(self._plain(self.schema)), self.data
        for part in path:
            data = _item(data, part)
            kind = data.get("kind") if isinstance(data, dict) else None
            children = (child for node in nodes for child in self._children(node, part))
            nodes = [child for child in children if kind is None or _kind(child) in ((), (kind,))]
        return nodes

    def _children(self, node: Schema, part: str | int) -> Iterator[Schema]:
        if isinstance(part, int):
            child = node.get("items")
        else:
            child = node.get("properties", {}).get(part, node.get("additionalProperties"))
        if isinstance(child, dict):
            yield from self._plain(child)

    def _plain(self, node: Schema) -> Iterator[Schema]:
        """Yield the schema with references followed and alternatives spread out."""
        if "$ref" in node:
            node = self.schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
        alternatives = node.get("anyOf") or node.get("oneOf")
        if not alternatives:
            yield node
            return
        for each in alternatives:
            yield from self._plain(each)


def _item(data: object, part: str | int) -> object:
    if isinstance(data, dict):
        return data.get(part)
    return data[part] if isinstance(data, list) and isinstance(part, int) else None


def _constant(node: Schema) -> tuple[object, ...]:
    return (node["const"],) if "const" in node else ()


def _kind(node: Schema) -> tuple[object, ...]:
    return _constant(node.get("properties", {}).get("kind", {}))
