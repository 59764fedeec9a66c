"""Desks for the tests of the Lexware sink, their stores in memory where the machine has such a place."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.store import open_store
from tests.sinks.lexware.world import TENANT, Desk, desk_in

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder where commits cost nothing, with a store of today's tables to copy."""
    in_memory = os.access(IN_MEMORY, os.W_OK)
    folder = Path(tempfile.mkdtemp(dir=IN_MEMORY)) if in_memory else tmp_path_factory.mktemp("ground")
    with open_store(f"sqlite:///{folder / 'today.db'}", TENANT):
        pass
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def desk(ground: Path) -> Iterator[Desk]:
    """Yield an empty store and an empty organisation."""
    folder = Path(tempfile.mkdtemp(dir=ground))
    with desk_in(folder, ground / "today.db") as opened:
        yield opened
