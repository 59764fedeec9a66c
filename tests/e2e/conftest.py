"""Real programs for the tests of this folder, each started once and ended with the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.redmine_server import RedmineServer, redmine_server


@pytest.fixture(scope="session")
def redmine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedmineServer]:
    """Give a running Redmine; tests share it, so each makes projects of its own."""
    with redmine_server(tmp_path_factory.mktemp("redmine")) as server:
        yield server
