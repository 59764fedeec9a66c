"""A tenant as its folder describes it: values only, ready for the jobs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from connector.core.agreement import Agreement
from connector.core.dunning import Procedure
from connector.core.numbering import NumberFormat
from connector.core.party import Party
from connector.core.problems import Problem
from connector.mapping import Mapping


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """A source: its name in the store, its adapter, and the settings in the adapter's own model."""

    name: str
    type: str
    settings: BaseModel


@dataclass(frozen=True, slots=True)
class SinkConfig:
    """The sink: its adapter, and the settings in the adapter's own model."""

    type: str
    settings: BaseModel


@dataclass(frozen=True, slots=True)
class Tenant:
    """Everything the configuration says.

    `folder` is absolute; `store_url` is complete and may contain a password, so it is never shown. `config_hash`
    (64 hexadecimal digits) changes with every byte of the files. `reread_days` counts days. `dunning` is None where
    nobody is to be reminded.
    """

    id: str
    name: str
    folder: Path
    time_zone: ZoneInfo
    language: str
    store_url: str = field(repr=False)
    seller: Party
    payment_days: int
    approval: Literal["auto", "manual"]
    number_format: NumberFormat
    on_bad_rows: Literal["stop", "skip"]
    reread_days: int
    sources: tuple[SourceConfig, ...]
    sink: SinkConfig
    agreements: tuple[Agreement, ...]
    mapping: Mapping
    dunning: Procedure | None
    config_hash: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A tenant, or None with every fault that keeps it from being one."""

    tenant: Tenant | None
    problems: tuple[Problem, ...]
