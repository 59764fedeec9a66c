from __future__ import annotations

import pytest

from tests.architecture.imports import (
    IMPORTS_BY_NAME,
    MAY_IMPORT,
    PURE,
    forbidden_imports,
    imported,
    imports_by_name,
    impure_calls,
    impure_imports,
)
from tests.architecture.syntax import Rule, assert_kept, house, parse


@pytest.mark.parametrize("rule", [forbidden_imports, imports_by_name, impure_imports, impure_calls])
def test_the_house_keeps_its_rules_of_import(rule: Rule) -> None:
    """Directions hold, adapters do not know each other, core and mapping are pure, one place imports by name."""
    assert_kept(rule, house())


def test_the_house_is_read_at_all() -> None:
    """The rules above look at every room there is, not at an empty list."""
    assert {"core", "mapping", "sources", "sinks", "store", "jobs"} <= {source.room for source in house()}


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("connector.core.plan", "from connector.mapping.booking import book"),
        ("connector.core.plan", "import connector.jobs"),
        ("connector.core.plan", "def f():\n    from connector.http import Transport"),
        ("connector.core.plan", "from connector import wiring"),
        ("connector.mapping.booking", "from connector.store.store import open_store"),
        ("connector.jobs.pull", "from connector.sources.ledger import build"),
        ("connector.jobs.pull", "from connector.wiring import joined"),
        ("connector.wiring", "from connector.sinks import datev"),
        ("connector.wiring", "import connector.cli"),
        ("connector.sources.redmine.calls", "from connector.sources.ledger.rows import read"),
        ("connector.sources.redmine.calls", "from connector.sinks.datev import build"),
        ("connector.sinks.datev", "from connector.mapping import book"),
        ("connector.store.log", "from connector.jobs import bill"),
        ("connector.registry", "from connector.sources.ledger import build"),
        ("connector.core.plan", "from .invoice import Invoice"),
        ("connector.cellar", "x = 1"),
    ],
)
def test_an_import_against_the_direction_is_found(module: str, line: str) -> None:
    """Wherever it stands in the file, and in whatever form it is written."""
    assert len(forbidden_imports(parse(line, module))) == 1


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("connector.mapping.booking", "from connector.core.invoice import Invoice"),
        ("connector.core.plan", "from connector.core import invoice"),
        ("connector.jobs.bill", "from connector.mapping import book"),
        ("connector.sources.redmine.calls", "from connector.sources.redmine.settings import Settings"),
        ("connector.sources.redmine.calls", "from connector.http import Transport"),
        ("connector.registry", "from connector import sources"),
        ("connector.cli", "from connector import __version__"),
        ("connector.cli", "from connector.wiring import joined"),
        ("connector.store.schema", "import sqlalchemy"),
    ],
)
def test_an_import_along_the_direction_is_left_alone(module: str, line: str) -> None:
    """What the plan of the house allows is no finding."""
    assert not forbidden_imports(parse(line, module))


def test_a_finding_says_where_and_what() -> None:
    """File and line come first, so that a person can jump there."""
    source = parse("x = 1\nimport connector.jobs", "connector.core.plan")
    assert forbidden_imports(source) == ["connector/core/plan.py:2: connector.core.plan may not import connector.jobs"]


def test_every_form_of_import_is_seen() -> None:
    """Plain, aliased, several at once, relative and nested imports are all imports."""
    text = "import a.b as c, d\nfrom e import f, g\nfrom ..h import i\nif d:\n    import j"
    assert sorted(imported(parse(text))) == [
        (1, "a.b"), (1, "d"), (2, "e.f"), (2, "e.g"), (3, "..h.i"), (5, "j"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["importlib.import_module('connector.sinks.datev')", "import_module(name)", "__import__(name)"]
)
def test_an_import_by_name_is_found_outside_the_registry(line: str) -> None:
    """Nobody else reaches an adapter through the back door."""
    assert imports_by_name(parse(line, "connector.wiring"))
    assert not imports_by_name(parse(line, "connector.registry"))


@pytest.mark.parametrize("room", list(PURE))
@pytest.mark.parametrize(
    "line",
    ["import os", "import time", "from pathlib import Path", "import logging", "import requests", "import dateutil.tz"],
)
def test_an_impure_import_is_found(room: str, line: str) -> None:
    """Files, clock, log and network have no place in the pure rooms."""
    assert len(impure_imports(parse(line, f"connector.{room}.sample"))) == 1
    assert not impure_imports(parse(line, "connector.store.sample"))


def test_each_pure_room_has_its_own_permissions() -> None:
    """The models of the mapping need pydantic, the core does not."""
    line = "from pydantic import BaseModel"
    assert impure_imports(parse(line, "connector.core.sample"))
    assert not impure_imports(parse(line, "connector.mapping.sample"))


@pytest.mark.parametrize(
    "line", ["date.today()", "datetime.now(UTC)", "datetime.datetime.utcnow()", "open('x')", "print(1)", "input()"]
)
def test_an_impure_call_is_found(line: str) -> None:
    """The day is an argument and the outside stays outside."""
    assert len(impure_calls(parse(line, "connector.core.sample"))) == 1
    assert not impure_calls(parse(line, "connector.cli"))


@pytest.mark.parametrize("line", ["date(2026, 1, 31)", "today = as_of", "history.now_due()", "terms.open"])
def test_a_pure_line_is_left_alone(line: str) -> None:
    """Days as values, and names that only sound alike, are no findings."""
    assert not impure_calls(parse(line, "connector.core.sample"))


def test_every_permission_has_a_reason() -> None:
    """The tables of what is allowed say why."""
    tables = [*MAY_IMPORT.values(), *PURE.values(), IMPORTS_BY_NAME]
    assert all(reason.strip() for table in tables for reason in table.values())


def test_permissions_speak_of_rooms_and_files_that_are_known() -> None:
    """A room that was renamed leaves no permission behind."""
    assert {room for table in MAY_IMPORT.values() for room in table} <= set(MAY_IMPORT)
    assert set(IMPORTS_BY_NAME) <= {source.name for source in house()}
