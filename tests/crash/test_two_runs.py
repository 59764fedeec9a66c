"""Two runs at once do the work of one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connector.wiring import workspace
from tests.crash.harness import Places, child, copied, done, ended, remains
from tests.support.commands import honorar

JANUARY = ("run", "--as-of", "2026-01-31", "--json")
TRY_LATER = 75


def started_and_halted(folder: Path) -> tuple[int, int]:
    """Start a run that halts at its first write; return the child, and what to write to that it goes on."""
    halted, told = os.pipe(), os.pipe()

    def halt() -> None:
        os.write(halted[1], b"!")
        os.read(told[0], 1)

    def work() -> int:
        Places(0, halt).spread()
        return honorar("--config", folder, *JANUARY).code

    process = child(work)
    os.read(halted[0], 1)
    return process, told[1]


@pytest.fixture
def expected(tenant: Path) -> Path:
    """Return the tenant after one run."""
    folder = copied(tenant, tenant.with_name("undisturbed"))
    done(folder, JANUARY)
    return folder


def test_a_second_run_leaves_while_one_is_at_work(
    tenant: Path, expected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, asks to be tried later, and changes nothing; the first one ends as if it had been alone."""
    monkeypatch.setattr(workspace, "LOCK_WAIT_SECONDS", 0)
    process, go_on = started_and_halted(tenant)
    second = honorar("--config", tenant, *JANUARY)
    os.write(go_on, b"!")

    assert (second.code, ended(process)) == (TRY_LATER, 0)
    assert second.json["error"].startswith("another run of small is at work")
    assert remains(tenant) == remains(expected)


def test_a_second_run_waits_for_the_first(tenant: Path, expected: Path) -> None:
    """Given time, it finds nothing left to do."""
    process, go_on = started_and_halted(tenant)
    second = child(lambda: honorar("--config", tenant, *JANUARY).code)
    os.write(go_on, b"!")

    assert [ended(process), ended(second)] == [0, 0]
    assert remains(tenant) == remains(expected)


def test_whoever_only_looks_need_not_wait(tenant: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan, status and lists are shown while a run is at work."""
    monkeypatch.setattr(workspace, "LOCK_WAIT_SECONDS", 0)
    done(tenant, ("pull",))
    process, go_on = started_and_halted(tenant)
    codes = [honorar("--config", tenant, command).code for command in ("plan", "status", "documents", "outbox")]
    os.write(go_on, b"!")

    assert codes == [0, 0, 0, 0]
    assert ended(process) == 0
