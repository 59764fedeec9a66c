from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from connector.core.errors import Locked
from connector.store import Store, open_store
from tests.store.world import TENANT

_HOLDER = """
import sys, time
from connector.store import open_store
with open_store(sys.argv[1], sys.argv[2]) as store, store.run_lock(0):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the tenant's run lock."""
    command = [sys.executable, "-c", _HOLDER, url, TENANT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_one_run_at_a_time(store: Store, url: str) -> None:
    """A second run of the tenant is turned away at once when it does not want to wait."""
    with store.run_lock(0), open_store(url, TENANT) as second:
        with pytest.raises(Locked, match=f"another run of {TENANT} is at work") as caught, second.run_lock(0):
            pytest.fail("two runs at once")
        assert caught.value.exit_code == 75


def test_runs_follow_one_another(store: Store) -> None:
    """Once a run has ended, in good order or not, the next one starts."""
    with pytest.raises(RuntimeError), store.run_lock(0):
        raise RuntimeError
    with store.run_lock(0):
        pass
    with store.run_lock(0):
        pass


def test_tenants_do_not_wait_for_each_other(store: Store, url: str) -> None:
    """Two tenants in one store run side by side, whatever characters their names have."""
    with store.run_lock(0), open_store(url, "süd/../west") as other, other.run_lock(0):
        assert list(other.billing.documents()) == []


def test_killed_run_leaves_no_lock(holder: subprocess.Popen[str], store: Store) -> None:
    """The lock of a process that is killed without warning is gone with it."""
    with pytest.raises(Locked), store.run_lock(0):
        pytest.fail("two runs at once")
    holder.kill()
    with store.run_lock(10):
        assert holder.wait() == -signal.SIGKILL


def test_second_run_waits_as_long_as_it_is_told(holder: subprocess.Popen[str], store: Store) -> None:
    """The wait is in seconds and ends with the same words as no wait at all."""
    started = time.monotonic()
    with pytest.raises(Locked), store.run_lock(1):
        pytest.fail("two runs at once")
    assert 1 <= time.monotonic() - started < 5
    assert holder.poll() is None
