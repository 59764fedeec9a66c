"""A client of DATEV's data centre, logged in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sinks.datev_online.world import Office, office_in


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Office]:
    """Yield a client for whom nobody has logged in."""
    with office_in(tmp_path) as office:
        yield office


@pytest.fixture
def office(stranger: Office) -> Office:
    """Return a client for whom somebody has logged in."""
    stranger.log_in()
    stranger.standin.asked.clear()
    return stranger
