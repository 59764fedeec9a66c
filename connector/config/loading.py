"""From a tenant's folder to a Tenant: all faults of all files at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from connector.config.adapters import read_adapters
from connector.config.agreements import AgreementsTables
from connector.config.consistency import duplicates, fed_twice, overlaps, unknown_agreements, unmapped_down_payments
from connector.config.dunning import DunningTables
from connector.config.faults import Fault, model_faults, problems, value_faults
from connector.config.models import ConnectorTables
from connector.config.store_url import read_store_url
from connector.config.tenant import Loaded, SinkConfig, SourceConfig, Tenant
from connector.config.toml_file import TomlFile, read_toml
from connector.core.agreement import Agreement
from connector.core.dunning import Procedure
from connector.core.problems import Problem
from connector.mapping import Mapping, MappingTables, Placed

CONNECTOR = "connector.toml"
AGREEMENTS = "agreements.toml"
MAPPING = "mapping.toml"
DUNNING = "dunning.toml"

TablesT = TypeVar("TablesT", bound=BaseModel)


def tenants(folder: Path) -> list[Path]:
    """Return the tenants' folders: the folder itself, else its subfolders in order, that have a connector.toml."""
    if (folder / CONNECTOR).is_file():
        return [folder]
    return sorted(each.parent for each in folder.glob(f"*/{CONNECTOR}"))


def load(folder: Path, *, secrets: bool = True) -> Loaded:
    """Return the tenant of a folder, or every fault of its files with file, line, key and hint.

    Without `secrets` those of the adapters are not looked up: for commands that call none of them.
    """
    folder = folder.resolve()
    connector = _read(folder / CONNECTOR, ConnectorTables)
    agreements = _read(folder / AGREEMENTS, AgreementsTables)
    mapping = _read(folder / MAPPING, MappingTables)
    dunning = _read(folder / DUNNING, DunningTables) if (folder / DUNNING).is_file() else None

    sources, sink, adapter_faults = read_adapters(connector.file.data, resolve=secrets)
    store_url, store_faults = read_store_url(connector.file.data, folder)
    found = (
        *connector.problems(
            [*adapter_faults, *store_faults, *duplicates(connector.file, "source", "name", "DuplicateSource")]
        ),
        *agreements.problems(
            [
                *duplicates(agreements.file, "agreement", "id", "DuplicateAgreement"),
                *overlaps(agreements.file),
                *fed_twice(agreements.file),
                *(() if mapping.unreadable else unmapped_down_payments(agreements.file, mapping.file)),
            ]
        ),
        *mapping.problems(_mapping_faults(mapping.file, agreements)),
        *(dunning.problems(()) if dunning else ()),
    )
    if found or not (connector.tables and agreements.tables and mapping.tables and sink):
        return Loaded(None, found)

    tenant = _tenant(
        connector.tables,
        folder=folder,
        store_url=store_url,
        sources=sources,
        sink=sink,
        agreements=_agreements(agreements.tables, agreements.file),
        mapping=mapping_of(mapping.tables, mapping.file),
        dunning=dunning.tables.procedure if dunning and dunning.tables else None,
        config_hash=_hash(read.file for read in (connector, agreements, mapping, dunning) if read),
    )
    return Loaded(tenant, ())


@dataclass(frozen=True, slots=True)
class _Read(Generic[TablesT]):
    """A file as far as it could be read; `tables` is None where something is wrong."""

    file: TomlFile
    tables: TablesT | None
    faults: list[Fault]
    unreadable: Problem | None = None

    def problems(self, more: Iterable[Fault]) -> tuple[Problem, ...]:
        """Return its faults and more of them, in order; where it could not be read at all, only that."""
        return (self.unreadable,) if self.unreadable else problems(self.file, [*self.faults, *more])


def _read(path: Path, model: type[TablesT]) -> _Read[TablesT]:
    file = read_toml(path)
    if isinstance(file, Problem):
        return _Read(TomlFile(path.name, b"", {}, {}), None, [], file)
    faults = list(value_faults(file.data))
    try:
        return _Read(file, model.model_validate(file.data), faults)
    except ValidationError as error:
        return _Read(file, None, [*faults, *model_faults(error, model, file.data)])


def _mapping_faults(mapping: TomlFile, agreements: _Read[AgreementsTables]) -> list[Fault]:
    faults = list(duplicates(mapping, "debtor", "customer", "DuplicateDebtor"))
    # Where the agreements could not be read, none of them is known, and every rule would seem wrong.
    return faults if agreements.unreadable else [*faults, *unknown_agreements(mapping, agreements.file)]


def _agreements(tables: AgreementsTables, file: TomlFile) -> tuple[Agreement, ...]:
    return tuple(table.agreement(file.place(("agreement", index))) for index, table in enumerate(tables.agreement))


def mapping_of(tables: MappingTables, file: TomlFile) -> Mapping:
    """Return the mapping with the place of each rule."""
    return Mapping(
        vat=tuple(Placed(rule, file.place(("vat", index))) for index, rule in enumerate(tables.vat)),
        debtors={
            rule.customer: Placed(rule, file.place(("debtor", index))) for index, rule in enumerate(tables.debtor)
        },
        revenue=tuple(Placed(rule, file.place(("revenue", index))) for index, rule in enumerate(tables.revenue)),
        texts=tables.texts,
    )


def _hash(files: Iterable[TomlFile]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}:{len(file.content)}:".encode() + file.content)
    return digest.hexdigest()


def _tenant(
    tables: ConnectorTables,
    *,
    folder: Path,
    store_url: str,
    sources: tuple[SourceConfig, ...],
    sink: SinkConfig,
    agreements: tuple[Agreement, ...],
    mapping: Mapping,
    dunning: Procedure | None,
    config_hash: str,
) -> Tenant:
    return Tenant(
        id=tables.tenant.id,
        name=tables.tenant.name,
        folder=folder,
        time_zone=ZoneInfo(tables.tenant.time_zone),
        language=tables.tenant.language,
        store_url=store_url,
        seller=tables.seller.party(tables.tenant.id),
        payment_days=tables.defaults.payment_days,
        approval=tables.defaults.approval,
        number_format=tables.defaults.numbers,
        on_bad_rows=tables.defaults.on_bad_rows,
        reread_days=tables.defaults.reread_days,
        sources=sources,
        sink=sink,
        agreements=agreements,
        mapping=mapping,
        dunning=dunning,
        config_hash=config_hash,
    )
