"""The example tenant reading its agency from a project tool, which a stand-in plays, instead of from its ledger."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from connector import registry
from tests.support.commands import honorar
from tests.support.keyed_tenant import as_toml, secrets_of

KEY = "KEY_OF_THE_STAND_IN"
"""The environment variable that holds the tool's key."""

FILES = ("customers", "projects", "offers", "positions", "progress", "metrics", "time")

LEDGER_TELLS = {
    "furious": (),
    "moco": ("progress", "metrics"),
    "tryton": ("projects", "offers", "positions", "progress", "metrics"),
    "odoo": ("projects", "offers", "positions", "progress", "metrics"),
    "awork": ("projects", "offers", "positions", "progress", "metrics"),
    "harvest": ("customers", "projects", "offers", "positions", "progress", "metrics"),
    "kimai": ("customers", "projects", "offers", "positions", "progress", "metrics"),
    "openproject": ("customers", "offers", "positions", "progress", "metrics"),
}
"""What is read from the ledger beside each tool."""

LEDGER_OFFERS = {"odoo": ("AN-2026-002",), "tryton": ("AN-2026-002",)}
"""The offers for which a tool needs the ledger's offers and positions; all of them, unless they are named here.

Neither Odoo nor Tryton has a place for the days of a position, and one position has days of its own.
"""


def tenant_of(folder: Path, tool: str, url: str) -> str:
    """Write the tenant that reads the tool at the address into the folder; return the key its environment must hold."""
    assert honorar("init", "--example", folder).code == 0
    for file in FILES:
        if file not in LEDGER_TELLS[tool]:
            (folder / f"data/{file}.csv").unlink()
    for file in ("offers", "positions") if tool in LEDGER_OFFERS else ():
        _keep_offers(folder / f"data/{file}.csv", LEDGER_OFFERS[tool])
    settings = dict(import_module(f"tests.sources.{tool}_agency").settings_for(url))
    (secret,) = (field for field in secrets_of(registry.source(tool)) if field in settings)
    key: str = settings[secret]
    settings[secret] = {"env": KEY}
    table = "\n".join(f"{name} = {as_toml(value)}" for name, value in settings.items())
    sources = f'[[source]]\nname = "{tool}"\ntype = "{tool}"\n{table}\n\n'
    if LEDGER_TELLS[tool]:
        sources += '[[source]]\nname = "ledger"\ntype = "ledger"\nlocale = "de"\nreferences = "any"\n\n'
    connector = folder / "connector.toml"
    before, _, rest = connector.read_text(encoding="utf-8").partition("[[source]]")
    connector.write_text(f"{before}{sources}[sink]{rest.partition('[sink]')[2]}", encoding="utf-8")
    return key


def _keep_offers(path: Path, offers: tuple[str, ...]) -> None:
    head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(head + "".join(row for row in rows if row.startswith(offers)), encoding="utf-8")
