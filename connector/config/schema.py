"""The JSON Schemas that let editors complete and check the files: written by `python -m connector.config.schema`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from connector import registry
from connector.config.agreements import AgreementsTables
from connector.config.dunning import DunningTables
from connector.config.models import AdapterTable, ConnectorTables, SourceTable
from connector.config.schema_walk import Schema, toml_schema
from connector.mapping import MappingTables

FOLDER = Path("config/schema")

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, Schema]:
    """Return the schema of each file by its name; that of connector.toml knows the settings of every adapter."""
    tables = {
        "connector.json": _with_adapters(toml_schema(ConnectorTables)),
        "agreements.json": toml_schema(AgreementsTables),
        "mapping.json": toml_schema(MappingTables),
        "dunning.json": toml_schema(DunningTables),
    }
    return {name: {"$schema": _DIALECT, **schema} for name, schema in tables.items()}


def as_text(schema: Schema) -> str:
    """Return the schema as it stands in its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write(folder: Path) -> None:
    """Write every schema into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(as_text(schema), encoding="utf-8")


def _with_adapters(schema: Schema) -> Schema:
    """Return the schema of connector.toml with one alternative per adapter; an announced adapter has its own."""
    parts = schema["$defs"]
    sources = _alternatives(registry.sources(), "source", SourceTable, parts)
    sinks = _alternatives(registry.sinks(), "sink", AdapterTable, parts)
    for name in (SourceTable.__name__, AdapterTable.__name__):
        parts.pop(name)
    schema["properties"]["source"]["items"] = {"oneOf": sources}
    schema["properties"]["sink"] = {"oneOf": sinks}
    return schema


def _alternatives(
    adapters: Mapping[str, ModuleType], kind: str, common: type[AdapterTable], parts: Schema
) -> list[Schema]:
    """Return a reference per adapter, whose schema is put among the parts."""
    for name, module in adapters.items():
        settings, table = toml_schema(module.Settings, f"{kind}-{name}-"), toml_schema(common)
        parts.update(settings.pop("$defs"))
        parts[f"{kind}-{name}"] = {
            **settings,
            "properties": {**table["properties"], "type": {"const": name}, **_secrets_named(settings)},
            "required": [*table["required"], *settings.get("required", ())],
        }
    return [{"$ref": f"#/$defs/{kind}-{name}"} for name in adapters]


def _secrets_named(settings: Schema) -> Schema:
    """Return the properties; where a model has a secret, the file has the name of one."""
    return {
        name: {"$ref": "#/$defs/Secret"} if node.get("format") == "password" else node
        for name, node in settings.get("properties", {}).items()
    }


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
