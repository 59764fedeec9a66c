"""The settings of sources and sink, checked by the models that their adapters bring."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from connector import registry
from connector.config.consistency import tables_of
from connector.config.faults import Fault, model_faults
from connector.config.models import AdapterTable, SourceTable
from connector.config.places import KeyPath
from connector.config.secrets import with_secrets
from connector.config.tenant import SinkConfig, SourceConfig
from connector.core.errors import ConfigError


class ReadAdapters(NamedTuple):
    """Sources and sink as far as they are in order, and the faults of the others."""

    sources: tuple[SourceConfig, ...]
    sink: SinkConfig | None
    faults: list[Fault]


def read_adapters(data: dict[str, Any], *, resolve: bool) -> ReadAdapters:
    """Return the adapters that connector.toml names.

    Works on what the file says even where other tables of it are wrong, so that all faults are shown at once.
    """
    sources, faults = list[SourceConfig](), list[Fault]()
    for index, table in tables_of(data, "source"):
        settings, found = _settings(table, ("source", index), SourceTable, registry.sources(), resolve=resolve)
        faults += found
        if settings is not None:
            sources.append(SourceConfig(str(table.get("name")), table["type"], settings))
    sink, sink_table = None, data.get("sink")
    if isinstance(sink_table, dict):
        settings, found = _settings(sink_table, ("sink",), AdapterTable, registry.sinks(), resolve=resolve)
        faults += found
        sink = None if settings is None else SinkConfig(sink_table["type"], settings)
    return ReadAdapters(tuple(sources), sink, faults)


def _settings(
    table: dict[str, Any], path: KeyPath, common: type[AdapterTable], adapters: registry.Adapters, *, resolve: bool
) -> tuple[BaseModel | None, list[Fault]]:
    kind = table.get("type")
    if not isinstance(kind, str):
        return None, []
    try:
        model: type[BaseModel] = adapters.named(kind).Settings
    except ConfigError as error:
        return None, [Fault("UnknownAdapter", (*path, "type"), error.message, error.hint)]
    own = {key: value for key, value in table.items() if key not in common.model_fields}
    filled, faults = with_secrets(own, model, path, resolve=resolve)
    try:
        return model.model_validate(filled), faults
    except ValidationError as error:
        return None, [*faults, *model_faults(error, model, filled, path)]
