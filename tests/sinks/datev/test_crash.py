"""A run killed at any moment of its writing: the next one completes the set, and nothing is there twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from connector.datev.files import write_once
from connector.sinks.datev import sink as sink_module
from tests.datev.samples import booked, export, gross_by_account, sink

DOCUMENTS = [
    booked("RE-1"),
    booked("RE-2", "-40.00", debtor="10002"),
    booked("RE-3", on=date(2026, 2, 1), debtor="10003"),
]
CALLS = ("write", "fsync", "link", "unlink")


class Crash(Exception):  # noqa: N818 - it is what happens
    """The run ends here."""


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of the folder, hidden ones as well."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, bytes]:
    """Return the set of files that an undisturbed run writes."""
    sink(tmp_path / "undisturbed").write(export(), DOCUMENTS)
    return contents(tmp_path / "undisturbed")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_a_crash_before_or_after_any_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complete: dict[str, bytes], at: int, *, after: bool
) -> None:
    """What was written stays as it is, the rest is written by the next run."""
    turn = count(1)

    def crashing(*arguments: Any) -> None:  # noqa: ANN401 - passed on as they come
        hit = next(turn) == at
        if not hit or after:
            write_once(*arguments)
        if hit:
            raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(sink_module, "write_once", crashing)
        with pytest.raises(Crash):
            sink(tmp_path / "out").write(export(), DOCUMENTS)
    written = contents(tmp_path / "out")
    assert len(written) == (at if after else at - 1)
    assert written.items() <= complete.items()

    result = sink(tmp_path / "out").write(export(), DOCUMENTS)
    assert contents(tmp_path / "out") == complete
    assert len(result.receipts) == len(DOCUMENTS)
    assert sum(gross_by_account(result.files).values()) == sum(each.invoice.gross.amount for each in DOCUMENTS)


def killed_at(call: int, work: Callable[[], object]) -> bool:
    """Run the work in a child that is killed before that system call; tell whether it came so far."""
    child = os.fork()
    if child == 0:  # pragma: no cover - the child is killed before it could tell
        turn = count(1)

        def killing(function: Callable[..., object]) -> Callable[..., object]:
            def instead(*arguments: object, **named: object) -> object:
                if next(turn) == call:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*arguments, **named)

            return instead

        for name in CALLS:
            setattr(os, name, killing(getattr(os, name)))
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_kill_9_before_any_system_call(tmp_path: Path, complete: dict[str, bytes]) -> None:
    """Under a final name there is never half a file, and the next run leaves exactly the complete set."""
    for call in count(1):
        folder = tmp_path / f"killed-{call}"
        killed = killed_at(call, partial(sink(folder).write, export(), DOCUMENTS))
        visible = {name: data for name, data in contents(folder).items() if not name.startswith(".")}
        assert visible.items() <= complete.items()
        sink(folder).write(export(), DOCUMENTS)
        assert contents(folder) == complete
        if not killed:
            break
    assert call > len(CALLS) * len(complete)
