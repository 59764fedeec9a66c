"""Adapters are found by name, ours and announced ones, and loaded when asked for."""

import sys
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from connector import registry
from connector.core.errors import ConfigError
from tests.config import fake_sinks, fake_sources
from tests.config.fake_sinks import paper
from tests.config.fake_sources import files, web

GROUP = "honorar.sources"


@pytest.fixture
def adapters() -> registry.Adapters:
    """Return the fake sources."""
    return registry.Adapters(fake_sources, GROUP)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> registry.Adapters:
    """Return the fake sources with three that another package announces."""
    module = "tests.config.fake_sinks.paper"
    points = [
        EntryPoint("tempo", module, GROUP),
        EntryPoint("files", module, GROUP),
        EntryPoint("gone", "no_such_package", GROUP),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda *, group: EntryPoints(points).select(group=group))
    return registry.Adapters(fake_sources, GROUP)


def test_adapters_are_the_public_modules_of_their_package(adapters: registry.Adapters) -> None:
    """In order; private modules are none."""
    assert list(adapters) == ["bare", "broken", "files", "web"]
    assert len(adapters) == 4
    assert "_helper" not in list(adapters)


def test_finding_the_names_imports_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken adapter, or a slow one, costs nobody anything who does not use it."""
    monkeypatch.delitem(sys.modules, "tests.config.fake_sources.web")
    found = registry.Adapters(fake_sources, GROUP)
    assert "web" in list(found)
    assert "tests.config.fake_sources.web" not in sys.modules
    assert found["web"].__name__ == "tests.config.fake_sources.web"
    monkeypatch.setitem(sys.modules, "tests.config.fake_sources.web", web)


def test_an_adapter_is_its_module(adapters: registry.Adapters) -> None:
    """By subscription, where an unknown name is a KeyError, or by name, where it is told."""
    assert adapters["files"] is files
    assert adapters.named("files") is files
    with pytest.raises(KeyError):
        adapters["nothing"]


def test_an_unknown_name_is_told_with_what_was_meant(adapters: registry.Adapters) -> None:
    """The operator sees the kind, the word, and the nearest name."""
    with pytest.raises(ConfigError) as caught:
        adapters.named("flies")
    assert str(caught.value) == "unknown source 'flies' (did you mean 'files'?)"


def test_a_module_that_is_no_adapter_is_told(adapters: registry.Adapters) -> None:
    """What it lacks of the contract is named."""
    with pytest.raises(ConfigError, match="does not name Settings and build"):
        adapters.named("bare")


def test_an_adapter_without_what_it_needs_is_told(adapters: registry.Adapters) -> None:
    """A missing package of an adapter is a matter of installation, not a crash."""
    with pytest.raises(ConfigError, match="a_package_that_nobody_has"):
        adapters.named("broken")


def test_announced_adapters_stand_beside_ours(announced: registry.Adapters) -> None:
    """Other packages add adapters; they never replace one of ours."""
    assert list(announced) == ["bare", "broken", "files", "gone", "tempo", "web"]
    assert len(announced) == 6
    assert announced.named("tempo") is paper
    assert announced.named("files") is files


def test_an_announced_adapter_that_is_gone_is_told(announced: registry.Adapters) -> None:
    """An announcement without a module names the adapter."""
    with pytest.raises(ConfigError, match="source 'gone' cannot be loaded"):
        announced.named("gone")


def test_our_own_adapters_are_found() -> None:
    """Sources and sinks of this distribution, each by its kind."""
    assert {"ledger", "redmine"} <= set(registry.sources())
    assert "datev" in registry.sinks()
    assert registry.source("ledger") is registry.sources()["ledger"]
    assert registry.sink("datev") is registry.sinks()["datev"]
    with pytest.raises(ConfigError, match="unknown sink 'ledger'"):
        registry.sink("ledger")


def test_the_kind_is_that_of_the_group() -> None:
    """Messages say sink where a sink is meant."""
    with pytest.raises(ConfigError, match="unknown sink 'x'"):
        registry.Adapters(fake_sinks, "honorar.sinks").named("x")
