"""Killed or cut off in the middle of reading a tool, a pull has taken nothing, and the next one takes everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from connector import http
from connector.http import Patience
from tests.standins.server import Api, Asked, Fault, Said, Standin, serving
from tests.support.commands import honorar
from tests.support.keyed_tenant import source_api
from tests.support.tool_tenant import KEY, tenant_of
from tests.support.transports import no_wait

TOOL = "furious"
"""It tells everything there is, so each kind of record may be half-read."""

PULL = ("pull", "--as-of", "2026-06-30", "--json")


@dataclass
class Deadly:
    """Answers as the stand-in does, and at one request kills the process that asks."""

    api: Api
    victim: list[int] = field(default_factory=list)
    at: int = 0
    asked: int = 0

    def answer(self, asked: Asked) -> Said:
        """Count, kill if it is time, and answer."""
        self.asked += 1
        if self.victim and self.asked == self.at:
            os.kill(self.victim[0], signal.SIGKILL)
        return self.api.answer(asked)


@pytest.fixture
def tool() -> Iterator[Standin]:
    """Yield the running stand-in with the agency in it."""
    with serving(Deadly(source_api(TOOL))) as standin:
        yield standin


@pytest.fixture
def tenant(tmp_path: Path, tool: Standin, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the tenant that reads it."""
    monkeypatch.setenv(KEY, tenant_of(tmp_path / "agency", TOOL, tool.url))
    return tmp_path / "agency"


def pulled(tenant: Path) -> dict[str, Any]:
    """Pull, and return what changed."""
    ran = honorar("--config", tenant, *PULL)
    assert ran.code == 0, ran.err
    changes: dict[str, Any] = ran.json["sources"][0]["changes"]
    return changes


def forget(tenant: Path) -> None:
    """Leave the tenant an empty store."""
    stores = list(tenant.glob("data/honorar.sqlite*"))
    assert stores
    for file in stores:
        file.unlink()


def requests_of_a_pull(tenant: Path, tool: Standin) -> tuple[int, dict[str, Any]]:
    """Return how many requests a whole pull makes, and what it brings; the store is left empty."""
    tool.api.asked = 0
    changes = pulled(tenant)
    forget(tenant)
    return tool.api.asked, changes


def test_a_pull_that_was_killed_is_done_whole_by_the_next(tenant: Path, tool: Standin) -> None:
    """In the middle and at the last request: nothing of the killed pull remains, nothing is lost or doubled."""
    requests, whole = requests_of_a_pull(tenant, tool)
    assert requests > 8

    for fatal in (requests // 2, requests):
        command = [sys.executable, "-c", "from connector.cli import main; main()", "--config", str(tenant), *PULL]
        tool.api.asked, tool.api.at = 0, fatal
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            tool.api.victim = [process.pid]
            assert process.wait(timeout=60) == -signal.SIGKILL
        tool.api.victim = []

        assert pulled(tenant) == whole, fatal
        assert all(change["added"] == 0 for change in pulled(tenant).values())
        forget(tenant)


def test_a_pull_that_was_cut_off_takes_nothing_and_says_to_wait(
    tenant: Path, tool: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network fails for good in the middle of the entries; the next pull finds all of them."""
    monkeypatch.setattr(http, "Patience", partial(Patience, sleep=no_wait))
    requests, whole = requests_of_a_pull(tenant, tool)
    seen = len(tool.asked)
    tool.fail(Fault.RESET_BEFORE, lambda _: len(tool.asked) >= seen + requests - 1, times=100)

    cut_off = honorar("--config", tenant, *PULL)

    assert cut_off.code == 75
    tool.mend()
    assert pulled(tenant) == whole
