"""The example tenant reading its agency from a project tool, which a stand-in plays, instead of from its ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr

from connector import registry
from tests.standins.agency import EXAMPLE, example_agency
from tests.standins.bucket import Bucket
from tests.standins.server import Api
from tests.support.commands import honorar

KEY = "KEY_OF_THE_STAND_IN"
"""The environment variable that holds the tool's key."""

FILES = ("customers", "projects", "offers", "positions", "progress", "metrics", "time")

LEDGER_TELLS = {
    "furious": (),
    "moco": ("progress", "metrics"),
    "awork": ("projects", "offers", "positions", "progress", "metrics"),
    "harvest": ("customers", "projects", "offers", "positions", "progress", "metrics"),
    "kimai": ("customers", "projects", "offers", "positions", "progress", "metrics"),
    "openproject": ("customers", "offers", "positions", "progress", "metrics"),
}
"""What is read from the ledger beside each tool."""


def filled_api(tool: str) -> Api:
    """Return the stand-in of the tool with the example agency in it, and without the vendor's limit."""
    module = import_module(f"tests.standins.{tool}")
    api: Any = module.api()
    api.bucket = Bucket(10**9, 1, 10**9)
    module.fill(api, example_agency(EXAMPLE))
    told: Api = api
    return told


def tenant_of(folder: Path, tool: str, url: str) -> str:
    """Write the tenant that reads the tool at the address into the folder; return the key its environment must hold."""
    assert honorar("init", "--example", folder).code == 0
    for file in FILES:
        if file not in LEDGER_TELLS[tool]:
            (folder / f"data/{file}.csv").unlink()
    settings = dict(import_module(f"tests.sources.{tool}_agency").settings_for(url))
    (secret,) = (field for field in _secrets(tool) if field in settings)
    key: str = settings[secret]
    settings[secret] = {"env": KEY}
    table = "\n".join(f"{name} = {_toml(value)}" for name, value in settings.items())
    sources = f'[[source]]\nname = "{tool}"\ntype = "{tool}"\n{table}\n\n'
    if LEDGER_TELLS[tool]:
        sources += '[[source]]\nname = "ledger"\ntype = "ledger"\nlocale = "de"\nreferences = "any"\n\n'
    connector = folder / "connector.toml"
    before, _, rest = connector.read_text(encoding="utf-8").partition("[[source]]")
    connector.write_text(f"{before}{sources}[sink]{rest.partition('[sink]')[2]}", encoding="utf-8")
    return key


def _secrets(name: str) -> list[str]:
    fields = registry.source(name).Settings.model_fields
    return [key for key, field in fields.items() if SecretStr in (field.annotation, *get_args(field.annotation))]


def _toml(value: Any) -> str:  # noqa: ANN401 - settings as a configuration has them
    """Return the value in one line of TOML; its strings, numbers and lists look as in JSON."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
