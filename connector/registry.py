"""Finds the adapters: modules in connector.sources and connector.sinks, and those that other packages announce.

The only place that imports adapters, and by name; an adapter is imported when it is asked for, not before.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from connector import sinks as sinks_package
from connector import sources as sources_package
from connector.core.errors import ConfigError
from connector.core.suggest import did_you_mean

CONTRACT = ("Settings", "build")
"""What an adapter's module names: a pydantic model, and a function of settings and transport."""


class Adapters(Mapping[str, ModuleType]):
    """Adapters by name; an announced one never replaces one of ours."""

    def __init__(self, package: ModuleType, group: str) -> None:
        """Find the names; nothing is imported yet."""
        self._kind = group.removeprefix("honorar.").removesuffix("s")
        self._group = group
        self._modules = {
            module.name: f"{package.__name__}.{module.name}"
            for module in pkgutil.iter_modules(package.__path__)
            if not module.name.startswith("_")
        }

    @cached_property
    def _entry_points(self) -> dict[str, EntryPoint]:
        """Return what other packages announce: looked for only where a name is none of ours."""
        return {point.name: point for point in entry_points(group=self._group)}

    def __getitem__(self, name: str) -> ModuleType:
        """Return the adapter's module; KeyError where none has the name, ConfigError where it cannot be used."""
        try:
            module = importlib.import_module(self._modules[name]) if name in self._modules else self._announced(name)
        except ImportError as error:
            message = f"{self._kind} {name!r} cannot be loaded: {error}"
            raise ConfigError(message, hint="install what the adapter needs") from error
        if missing := [each for each in CONTRACT if not hasattr(module, each)]:
            message = f"{self._kind} {name!r} is no adapter: it does not name {' and '.join(missing)}"
            raise ConfigError(message, hint="ask its author; an adapter names Settings and build")
        return module

    def __iter__(self) -> Iterator[str]:
        """Yield the names in order."""
        return iter(sorted({*self._modules, *self._entry_points}))

    def __len__(self) -> int:
        """Return how many there are."""
        return len({*self._modules, *self._entry_points})

    def named(self, name: str) -> ModuleType:
        """Return the adapter's module; ConfigError with a suggestion where none has the name."""
        if name not in self._modules and name not in self._entry_points:
            message = f"unknown {self._kind} {name!r}"
            raise ConfigError(message, hint=did_you_mean(name, self))
        return self[name]

    def _announced(self, name: str) -> ModuleType:
        return importlib.import_module(self._entry_points[name].value)


@cache
def sources() -> Adapters:
    """Return the sources by name."""
    return Adapters(sources_package, "honorar.sources")


@cache
def sinks() -> Adapters:
    """Return the sinks by name."""
    return Adapters(sinks_package, "honorar.sinks")


def source(name: str) -> ModuleType:
    """Return the module of the source; ConfigError with a suggestion where there is none."""
    return sources().named(name)


def sink(name: str) -> ModuleType:
    """Return the module of the sink; ConfigError with a suggestion where there is none."""
    return sinks().named(name)
