"""The page of every adapter says what the program does: its settings, its faults, and examples that work."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from connector import registry
from connector.config.secrets import with_secrets
from tests.architecture.adapters import adapters

ROOT = Path(__file__).parents[2]

PAGES = adapters(ROOT)

FAULTS = "## Faults and notices"

WITH_FAULTS = [(room, name) for room, name in PAGES if FAULTS in (ROOT / f"docs/{room}/{name}.md").read_text("utf-8")]

READ_BY_TESTS = ("awork", "harvest", "kimai", "openproject")
"""Sources whose example has the very settings that the tests read the agency with."""


def text_of(room: str, name: str) -> str:
    """Return the page."""
    return (ROOT / f"docs/{room}/{name}.md").read_text(encoding="utf-8")


def module_of(room: str, name: str) -> ModuleType:
    """Return the adapter's module."""
    return registry.source(name) if room == "sources" else registry.sink(name)


def names_in(model: type[BaseModel]) -> Iterator[str]:
    """Yield the names of all settings, those of tables within tables included."""
    for name, field in model.model_fields.items():
        yield name
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from names_in(kind)


def examples_of(room: str, name: str) -> list[dict[str, Any]]:
    """Return the settings of the adapter in the examples of its page."""
    told = [tomllib.loads(each) for each in re.findall(r"```toml\n(.*?)```", text_of(room, name), flags=re.DOTALL)]
    if room == "sources":
        found = [table for each in told for table in _tables(each.get("source")) if table.get("type") == name]
    else:
        found = [each["sink"] for each in told if each.get("sink", {}).get("type") == name]
    return [{key: value for key, value in each.items() if key not in ("name", "type")} for each in found]


def _rows(text: str, head: str) -> Iterator[str]:
    """Yield the names in the first cells of the tables whose first head begins so."""
    for table in re.findall(rf"^\| {head}.*\n\|.*\n((?:\|.*\n)+)", text, flags=re.MULTILINE):
        for cell in re.findall(r"^\| ([^|]+)", table, flags=re.MULTILINE):
            yield from re.findall(r"`(\w+)`", cell)


def _tables(told: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - TOML
    return told if isinstance(told, list) else []


def code_of(room: str, name: str) -> str:
    """Return the adapter's code, and what of the door to the outside it uses."""
    own = "\n".join(each.read_text("utf-8") for each in (ROOT / f"connector/{room}/{name}").glob("*.py"))
    used = set(re.findall(r"from connector\.http\.(\w+) import", own)) - {"values"}
    return "\n".join([own, *((ROOT / f"connector/http/{each}.py").read_text("utf-8") for each in sorted(used))])


@pytest.mark.parametrize(("room", "name"), PAGES)
def test_every_setting_is_explained(room: str, name: str) -> None:
    """An admin finds each setting by its name, on the page or on one it links to."""
    text = text_of(room, name)
    linked = [(ROOT / f"docs/{room}/{each}").read_text("utf-8") for each in re.findall(r"\]\((\w+\.md)", text)]
    whole = "\n".join([text, *linked])

    names = set(names_in(module_of(room, name).Settings))

    assert [each for each in names if f"`{each}`" not in whole] == []
    assert set(_rows(text, "setting")) <= names


@pytest.mark.parametrize(("room", "name"), WITH_FAULTS)
def test_every_fault_is_explained(room: str, name: str) -> None:
    """Each code the adapter can give stands in the table of faults, and no other."""
    codes = set(re.findall(r'Problem\(\s*"(\w+)"', code_of(room, name)))

    assert len(codes) > 5
    assert set(_rows(text_of(room, name).split(FAULTS)[1], "code")) == codes


@pytest.mark.parametrize(("room", "name"), PAGES)
def test_the_examples_work_as_they_stand(room: str, name: str) -> None:
    """What the page tells to write is accepted."""
    model, examples = module_of(room, name).Settings, examples_of(room, name)

    assert examples
    for told in examples:
        settings, faults = with_secrets(told, model, (), resolve=False)
        assert faults == []
        assert model.model_validate(settings)


@pytest.mark.parametrize("name", READ_BY_TESTS)
def test_the_example_is_what_the_tests_read_with(name: str) -> None:
    """So whoever begins with it begins with what works."""
    used = import_module(f"tests.sources.{name}_agency").settings_for("")
    [told, *_] = examples_of("sources", name)

    assert {key for key in used if key in told and used[key] != told[key]} <= {"url", "api_key", "access_token"}
    assert len(told.keys() & used.keys()) > 2


@pytest.mark.parametrize(("room", "name"), PAGES)
def test_what_was_never_tried_is_said(room: str, name: str) -> None:
    """In those words; a ledger of files has no service behind it."""
    assert re.search(r"never tried|not tried against the real", text_of(room, name), flags=re.IGNORECASE)
