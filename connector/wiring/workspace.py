"""One tenant ready to work, and how it is opened."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from connector import config, registry
from connector.core.agreement import Agreement
from connector.core.errors import ConfigError, RefusedError
from connector.core.ports import Inbox, Slots
from connector.core.suggest import did_you_mean
from connector.http import Transport
from connector.jobs.bill import Sink
from connector.jobs.pull import NamedSource
from connector.store import Collected, Store, open_store

LOCK_WAIT_SECONDS = 30
"""A second run waits this long for the first one, then leaves with exit code 75."""


def utc_now() -> datetime:
    """Return the moment it is; the only clock besides the store's."""
    return datetime.now(UTC)


def current_user() -> str:
    """Return the name of the user of the operating system, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@dataclass(frozen=True)
class Workspace:
    """One tenant ready to work: its configuration, its store, who works, and the clock."""

    tenant: config.Tenant
    store: Store
    who: str
    now: Callable[[], datetime] = field(default=utc_now)

    def today(self) -> date:
        """Return the day it is for the tenant (domain 1.7)."""
        return self.now().astimezone(self.tenant.time_zone).date()

    @cached_property
    def sources(self) -> list[NamedSource]:
        """Return the adapters of the sources, in the order they are laid over."""
        built = ((each, self._transport(each.name)) for each in self.tenant.sources)
        return [
            NamedSource(
                each.name,
                registry.source(each.type).build(each.settings, transport),
                partial(getattr, transport, "requests"),
            )
            for each, transport in built
        ]

    @cached_property
    def sink(self) -> Sink:
        """Return the adapter of the sink."""
        chosen = self.tenant.sink
        adapter: Sink = registry.sink(chosen.type).build(chosen.settings, self._transport(chosen.type))
        return adapter

    @property
    def adapters(self) -> list[NamedSource]:
        """Return sources and sink under their names."""
        return [*self.sources, NamedSource(self.tenant.sink.type, self.sink)]

    @property
    def collected(self) -> Collected:
        """Return what the sources told, as the store keeps it."""
        return self.store.collected([source.name for source in self.tenant.sources])

    def agreement(self, name: str) -> Agreement:
        """Return the agreement of that name; RefusedError if there is none."""
        agreements = {agreement.id: agreement for agreement in self.tenant.agreements}
        if name not in agreements:
            message = f"no agreement is called {name!r}"
            raise RefusedError(message, hint=did_you_mean(name, agreements))
        return agreements[name]

    def locked(self) -> Any:  # noqa: ANN401 - a context manager of nothing
        """Return the lock that keeps every other run of the tenant out."""
        return self.store.run_lock(LOCK_WAIT_SECONDS)

    def _transport(self, name: str) -> Transport:
        inbox: Inbox = self.store.inbox
        slots: Slots = self.store.slots
        return Transport(name, self.tenant.folder, inbox, time_zone=self.tenant.time_zone, slots=slots)


def tenant_folders(folder: Path, name: str = "") -> list[Path]:
    """Return the folders of the tenants below the folder, or the one of that name; ConfigError if there is none."""
    chosen = [each for each in config.tenants(folder.resolve()) if name in ("", each.name)]
    if not chosen:
        message = f"no tenant{f' {name!r}' if name else ''} here: no connector.toml found"
        raise ConfigError(message, place=str(folder), hint="give --config DIR, or make one with: honorar init DIR")
    return chosen


@contextmanager
def open_workspace(
    folder: Path, who: str = "", now: Callable[[], datetime] = utc_now, *, secrets: bool = True
) -> Iterator[Workspace]:
    """Yield the tenant of the folder ready to work; ConfigError with every fault, or the errors of the store.

    Without `secrets` those of the adapters are not looked up: for work that calls none of them.
    """
    loaded = config.load(folder, secrets=secrets)
    if loaded.tenant is None:
        faults = "1 fault" if len(loaded.problems) == 1 else f"{len(loaded.problems)} faults"
        message = f"{faults} in the configuration"
        raise ConfigError(message, place=str(folder), problems=loaded.problems)
    with open_store(loaded.tenant.store_url, loaded.tenant.id, now) as store:
        yield Workspace(loaded.tenant, store, who or current_user(), now)
