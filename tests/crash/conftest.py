"""Tenants to kill commands in, on a file system that forgets fast."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.conftest import postgres, postgres_store
from tests.support.commands import honorar
from tests.support.small_tenant import small_tenant

__all__ = ["ground", "postgres", "postgres_store", "tenant"]

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder in memory where there is one: fsync then costs nothing, and a killed process loses no more."""
    if not os.access(IN_MEMORY, os.W_OK):
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(dir=IN_MEMORY))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def tenant(ground: Path) -> Path:
    """Return a tenant whose store has its tables, and nothing in them."""
    folder = small_tenant(ground / "tenant")
    assert honorar("--config", folder, "status").code == 0
    return folder
