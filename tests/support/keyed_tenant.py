"""Small tenants whose only source, or whose sink, is an adapter with keys that a test knows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from cryptography.fernet import Fernet

from connector import registry
from connector.config.secrets import is_secret
from tests.standins.agency import example_agency
from tests.standins.server import Api, Asked, Said
from tests.support.small_tenant import FILM_ACCOUNT, MAPPING, small_tenant

KEY = "Kx7qLmW2c/Zr9uJfY5a+TnB4vC8d="
"""Looks as keys do, and different in an address."""

ACCOUNT = "8400"

SOMEWHERE = "http://127.0.0.1:1"

Settings = Mapping[str, Any]


def keyed(adapters: Mapping[str, ModuleType]) -> list[str]:
    """Return the names of our adapters that take a secret."""
    ours = ((name, module) for name, module in adapters.items() if module.__name__.startswith("connector."))
    return [name for name, module in ours if secrets_of(module)]


def played(sinks: list[str]) -> list[str]:
    """Return those of the sinks that a stand-in plays, and whose settings a world gives."""
    return [name for name in sinks if _world(name) and find_spec(_standin(name))]


def secrets_of(module: ModuleType) -> list[str]:
    """Return the adapter's settings that are secrets."""
    return [name for name, field in module.Settings.model_fields.items() if is_secret(field.annotation)]


class Nothing:
    """A server that has nothing."""

    def answer(self, asked: Asked) -> Said:
        """Return that it is not there."""
        return Said(404, {"message": f"no {asked.path}"})


def source_api(name: str, most_entries: int | None = None) -> Api:
    """Return the stand-in of the tool with the example agency in it, or a server that has nothing.

    With `most_entries`, the agency has worked less, and is read sooner.
    """
    tool = stand_in_of(name)
    if tool is None:
        return Nothing()
    api = tool.api()
    agency = example_agency()
    tool.fill(api, replace(agency, entries=agency.entries[:most_entries]))
    return without_limit(api)


def stand_in_of(source: str) -> Any:  # noqa: ANN401 - each API has attributes of its own
    """Return the module with `api` and `fill`; None for none. An accounting system may have taken the tool's name."""
    modules = (_found(f"tests.standins.{source}"), _found(f"tests.sources.{source}_agency"))
    return next((module for module in modules if hasattr(module, "fill")), None)


class Bottomless:
    """A limit that is never reached."""

    def take(self) -> bool:
        """Return that there is always one more."""
        return True


def without_limit(api: Any) -> Api:  # noqa: ANN401 - each API has attributes of its own
    """Return the API without the vendor's limit."""
    if getattr(api, "bucket", None) is not None:
        api.bucket = Bottomless()
    limitless: Api = api
    return limitless


def sink_api(name: str) -> Api:
    """Return the stand-in of the sink, empty."""
    return without_limit(import_module(_standin(name)).api())


def source_tenant(folder: Path, name: str, url: str) -> Mapping[str, str]:
    """Write a tenant that reads the tool at the address; return the environment it needs."""
    module, agency = registry.source(name), _found(f"tests.sources.{name}_agency")
    given = agency.settings_for(url) if agency else _least(module, url)
    table, environment = _table(module, given)
    source = f'[[source]]\nname = "tool"\ntype = "{name}"\n{table}\n'
    _put(small_tenant(folder), r"\[\[source\]\].*?(?=\[sink\])", source)
    return environment


def sink_tenant(folder: Path, name: str, url: str) -> Mapping[str, str]:
    """Write a tenant that hands over to the sink at the address; return the environment it needs."""
    table, environment = _table(registry.sink(name), sink_settings(name, url))
    mapping = (MAPPING + FILM_ACCOUNT).replace(ACCOUNT, revenue_account(name))
    _put(small_tenant(folder, mapping=mapping), r"\[sink\].*", f'[sink]\ntype = "{name}"\n{table}\n')
    return environment


def keys_of_tests() -> set[str]:
    """Return the keys that the worlds of the adapters' own tests use, and record with."""
    found = {}
    for name in keyed(registry.sources()):
        if agency := _found(f"tests.sources.{name}_agency"):
            found[name] = registry.source(name), agency.settings_for(SOMEWHERE)
    for name in played(keyed(registry.sinks())):
        found[name] = registry.sink(name), sink_settings(name, SOMEWHERE)
    models = [(module, module.Settings.model_validate(given)) for module, given in found.values()]
    values = (getattr(settings, name) for module, settings in models for name in secrets_of(module))
    return {value.get_secret_value() for value in values if value is not None}


def _world(name: str) -> ModuleType | None:
    return _found(f"tests.sinks.{name}_world") or _found(f"tests.sinks.{name}.world")


def _standin(sink: str) -> str:
    """Return the module that plays what the sink calls: one of its name, or the one that its world names."""
    return f"tests.standins.{getattr(_world(sink), 'STANDIN', sink)}"


def _found(name: str) -> ModuleType | None:
    try:
        return import_module(name) if find_spec(name) else None
    except ModuleNotFoundError:  # nor is what it would lie in
        return None


def revenue_account(sink: str) -> str:
    """Return an account that the sink's stand-in knows."""
    account: str = getattr(_world(sink), "SERVICES", ACCOUNT)
    return account


def sink_settings(name: str, url: str) -> Settings:
    """Return the settings that the sink's world gives."""
    world = _world(name)
    assert world
    return dict(world.settings_for(url))


def _least(module: ModuleType, url: str) -> Settings:
    """Return the least settings that the adapter takes."""
    needed = (name for name, field in module.Settings.model_fields.items() if field.is_required())
    return {name: url if name == "url" else "agency" for name in needed}


def _table(module: ModuleType, given: Settings) -> tuple[str, Mapping[str, str]]:
    """Return the settings as a table whose secrets are variables of the environment, each with a key of ours."""
    environment = {
        name.upper(): Fernet.generate_key().decode() if name == "login_key" else f"{number}{KEY}"
        for number, name in enumerate(secrets_of(module))
    }
    settings = {**given, **{name.lower(): {"env": name} for name in environment}}
    return "\n".join(f"{name} = {as_toml(value)}" for name, value in settings.items()), environment


def as_toml(value: Any) -> str:  # noqa: ANN401 - settings as a configuration has them
    """Return the value in one line of TOML; its strings, numbers and lists look as in JSON."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {as_toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _put(folder: Path, pattern: str, text: str) -> None:
    path = folder / "connector.toml"
    written = path.read_text(encoding="utf-8")
    path.write_text(re.sub(pattern, lambda _: text, written, count=1, flags=re.DOTALL), encoding="utf-8")
