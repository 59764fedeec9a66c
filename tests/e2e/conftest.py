"""Real programs for the tests of this folder, each started once and ended with the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.hledger_program import Hledger, hledger_program
from tests.e2e.redmine_server import RedmineServer, redmine_server
from tests.e2e.tryton_server import TrytonServer, tryton_server


@pytest.fixture(scope="session")
def hledger() -> Hledger:
    """Give the bookkeeper."""
    return hledger_program()


@pytest.fixture(scope="session")
def redmine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedmineServer]:
    """Give a running Redmine; tests share it, so each makes projects of its own."""
    with redmine_server(tmp_path_factory.mktemp("redmine")) as server:
        yield server


@pytest.fixture(scope="session")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    """Give a running Tryton with an agency in it; tests share it, so each makes parties and projects of its own."""
    with tryton_server(tmp_path_factory.mktemp("tryton")) as server:
        yield server
