"""A disk that takes no more: the run says so and leaves, and the next one finishes."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from tests.crash.harness import child, copied, done, ended, remains
from tests.support.commands import honorar

JANUARY = ("run", "--as-of", "2026-01-31")
TRY_LATER = 75


def full_after(operation: int, write: Callable[[int, Any], int]) -> Callable[[int, Any], int]:
    """Return a write that takes half of the data once, and nothing of any later write."""
    operations: Iterator[int] = count()

    def limited(descriptor: int, data: Any) -> int:  # noqa: ANN401 - whatever can be written
        now = next(operations)
        if now > operation:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data if now < operation else data[: len(data) // 2])

    return limited


@pytest.mark.parametrize("operation", [0, 1])
def test_a_full_disk_is_told_and_the_next_run_goes_on(
    tenant: Path, operation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 75, no stack trace, no half file; with room again, files and store are as if nothing had been."""
    expected = copied(tenant, tenant.with_name("undisturbed"))
    done(expected, JANUARY)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full_after(operation, os.write))
        ran = honorar("--config", tenant, *JANUARY)

    assert ran.code == TRY_LATER
    assert ran.err.splitlines()[0].endswith(
        "the disk does not take the file: No space left on device (make room on the disk; the next run writes the file)"
    )
    assert "Traceback" not in ran.out + ran.err
    assert [path.name for path in (tenant / "out").iterdir()] == ["EXTF_Debitoren_2026-01_0001.csv"] * operation
    assert {each.state for each in remains(tenant).documents} == {"sending"}

    done(tenant, JANUARY)
    assert remains(tenant) == remains(expected)


def test_a_full_disk_under_the_store_is_told_and_the_next_run_goes_on(tenant: Path) -> None:
    """The store takes no more pages: what was begun is undone, the run says so, and the next one does it all."""
    expected = copied(tenant, tenant.with_name("undisturbed"))
    done(expected, JANUARY)

    def work() -> int:
        @event.listens_for(sa.Engine, "connect")
        def limit(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
            connection.execute("PRAGMA max_page_count = 1")

        ran = honorar("--config", tenant, *JANUARY)
        assert "the disk of the store is full" in ran.err
        return ran.code

    assert ended(child(work)) == TRY_LATER
    assert len(remains(tenant).numbers) == len(remains(tenant).documents) < len(remains(expected).documents)

    done(tenant, JANUARY)
    assert remains(tenant) == remains(expected)
