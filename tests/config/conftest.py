"""A tenant's folder to break, and adapters that belong to no vendor."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector import registry
from tests.config import fake_sinks, fake_sources
from tests.config.folders import Folder


@pytest.fixture(autouse=True)
def _fake_adapters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the registry know the fake adapters only, so that no test depends on a vendor's."""
    sources = registry.Adapters(fake_sources, "honorar.sources")
    sinks = registry.Adapters(fake_sinks, "honorar.sinks")
    monkeypatch.setattr(registry, "sources", lambda: sources)
    monkeypatch.setattr(registry, "sinks", lambda: sinks)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Return a tenant's folder in which nothing is wrong."""
    return Folder.valid(tmp_path)
