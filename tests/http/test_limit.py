from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from connector.core.ports import Rate
from tests.support.limited import called, limited

ALLOWED = Rate(requests=20, seconds=1, burst=6)


@pytest.mark.parametrize("processes", [1, 2])
def test_a_vendor_who_counts_never_refuses(tmp_path: Path, processes: int) -> None:
    """Processes that share a key keep to its rate together; half of the burst is left alone, for a busy machine."""
    with limited(ALLOWED) as vendor:
        called(
            vendor, tmp_path / "honorar.db", processes=processes, threads=2, requests=20, rate=replace(ALLOWED, burst=3)
        )
    assert len(vendor.arrivals) == 20
    assert vendor.refused == 0


def test_who_is_too_fast_is_refused_and_comes_through(tmp_path: Path) -> None:
    """The vendor does count: told a rate that is too high, a client meets 429, slows down, and gets every answer."""
    told = replace(ALLOWED, requests=400)
    with limited(ALLOWED) as vendor:
        called(vendor, tmp_path / "honorar.db", processes=1, threads=2, requests=8, rate=told)
    assert vendor.refused >= 1
    assert len(vendor.arrivals) == 8 + vendor.refused
