"""A small tenant with drafts, ready to work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.wiring import Workspace, billing, open_workspace
from tests.support.small_tenant import small_tenant
from tests.wiring import JANUARY, NIGHT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small tenant whose drafts a person approves."""
    return small_tenant(tmp_path / "agency", approval="manual")


@pytest.fixture
def space(folder: Path) -> Iterator[Workspace]:
    """Yield the tenant after January's drafts were billed, at half past eleven at night in UTC."""
    with open_workspace(folder, "anna", lambda: NIGHT) as opened:
        billing.pull(opened, JANUARY)
        billing.bill(opened, billing.look_ahead(opened, JANUARY, {}))
        yield opened
