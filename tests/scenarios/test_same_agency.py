"""The example agency, read from five tools, is billed the same to the cent.

The tenant is the example's in all but its sources. A tool that has no place for something is read together with the
ledger, which then tells only that.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr

from connector import registry
from connector.store.slots import Slots
from tests.standins.agency import EXAMPLE, example_agency
from tests.standins.bucket import Bucket
from tests.standins.server import serving
from tests.support.commands import honorar

MONTHS = ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30")

FILES = ("customers", "projects", "offers", "positions", "progress", "metrics", "time")

LEDGER_TELLS = {
    "furious": (),
    "moco": ("progress", "metrics"),
    "awork": ("projects", "offers", "positions", "progress", "metrics"),
    "harvest": ("projects", "offers", "positions", "progress", "metrics"),
}
"""What is read from the ledger beside each tool."""

COMPARED = ("number", "agreement", "customer", "kind", "issue_date", "due_date", "lines", "net", "vat", "gross")


@pytest.fixture(scope="module")
def of_the_ledger(tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    """Return the documents of each month, from the ledger alone."""
    folder = tmp_path_factory.mktemp("ledger") / "agency"
    assert honorar("init", "--example", folder).code == 0
    return billed(folder)


@pytest.fixture(params=LEDGER_TELLS)
def agency(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the tenant that reads the agency from each tool, while its stand-in runs without a limit."""
    name: str = request.param
    monkeypatch.setattr(Slots, "reserve", lambda *_: 0)
    folder = tmp_path / "agency"
    assert honorar("init", "--example", folder).code == 0
    for file in FILES:
        if file not in LEDGER_TELLS[name]:
            (folder / f"data/{file}.csv").unlink()
    module = import_module(f"tests.standins.{name}")
    api = module.api()
    api.bucket = Bucket(10**9, 1, 10**9)
    module.fill(api, example_agency(EXAMPLE))
    with ExitStack() as stack:
        url = stack.enter_context(serving(api)).url
        given = import_module(f"tests.sources.{name}_agency").settings_for(url)
        _write_sources(folder, name, given, monkeypatch)
        yield folder
    shutil.rmtree(folder)


def _write_sources(folder: Path, name: str, given: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tenant read the tool, and the ledger after it where that tells something."""
    settings = dict(given)
    for field in _secrets(name):
        if field in settings:
            monkeypatch.setenv("KEY_OF_THE_STAND_IN", settings[field])
            settings[field] = {"env": "KEY_OF_THE_STAND_IN"}
    table = "\n".join(f"{key} = {_toml(value)}" for key, value in settings.items())
    sources = f'[[source]]\nname = "{name}"\ntype = "{name}"\n{table}\n\n'
    if LEDGER_TELLS[name]:
        sources += '[[source]]\nname = "ledger"\ntype = "ledger"\nlocale = "de"\nreferences = "any"\n\n'
    file = folder / "connector.toml"
    before, _, rest = file.read_text(encoding="utf-8").partition("[[source]]")
    file.write_text(f"{before}{sources}[sink]{rest.partition('[sink]')[2]}", encoding="utf-8")


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


def billed(folder: Path) -> list[list[dict[str, Any]]]:
    """Return the documents of six months; each is paid in time, so that final invoices deduct down payments."""
    months = []
    for day in MONTHS:
        ran = honorar("--config", folder, "--json", "run", "--as-of", day).json
        assert all(source["taken"] for source in ran["sources"]), ran
        months.append([{name: document[name] for name in COMPARED} for document in ran["documents"]])
        for document in ran["documents"]:
            if document["kind"] == "partial":
                assert honorar("--config", folder, "paid", document["number"], "--on", day, "--as-of", day).code == 0
    return months


def test_the_same_documents_come_from_every_tool(agency: Path, of_the_ledger: list[list[dict[str, Any]]]) -> None:
    """Number, customer, texts, quantities, prices, service periods, VAT and totals of six months."""
    months = billed(agency)

    for day, ours, expected in zip(MONTHS, months, of_the_ledger, strict=True):
        assert ours == expected, day
    assert sum(map(len, months)) > 20
