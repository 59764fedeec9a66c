"""Keeping to a vendor's rate: how much of it one and two processes use, and whether they are ever refused."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

from connector.core.ports import Rate
from tests.bench.measure import Finding, Scale
from tests.support.limited import called, limited

REQUESTS = 40
LEAST_SHARE = 0.99


@dataclass(frozen=True, slots=True)
class Case:
    """A vendor who allows two requests a second, and who calls."""

    burst: int
    processes: int
    threads: int = 1
    latency_seconds: float = 0

    @property
    def name(self) -> str:
        """Return what is measured, for the table."""
        processes = "one process" if self.processes == 1 else "two processes"
        slow = f", {self.latency_seconds:g} s an answer, {self.threads} threads each" if self.latency_seconds else ""
        return f"requests at 2/s, bucket of {self.burst}, {processes}{slow}"


CASES = (
    Case(2, 1),
    Case(2, 2),
    Case(4, 1),
    Case(4, 2),
    Case(2, 1, threads=4, latency_seconds=0.9),
    Case(2, 2, threads=3, latency_seconds=0.9),
    Case(4, 2, threads=3, latency_seconds=0.9),
)


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield what part of the allowed rate was used, from the first request that arrived to the last one.

    The cases are measured side by side: nearly all of their time is waiting. They start when all are ready.
    """
    requests = max(4, scale.of(REQUESTS))
    cases = CASES[: max(2, scale.of(len(CASES)))]
    ready = Barrier(len(cases))
    with ThreadPoolExecutor(len(cases)) as pool:
        yield from pool.map(lambda case: measured(case, requests, ready), cases)


def measured(case: Case, requests: int, ready: Barrier) -> Finding:
    """Return the time that the bucket asks for, as a part of the time that was taken."""
    rate = Rate(requests=2, seconds=1, burst=case.burst)
    with TemporaryDirectory() as folder, limited(rate, case.latency_seconds) as vendor:
        store = Path(folder) / "honorar.db"
        called(
            vendor,
            store,
            processes=case.processes,
            threads=case.threads,
            requests=requests,
            rate=rate,
            when_ready=ready.wait,
        )
    spent = max(vendor.arrivals) - min(vendor.arrivals)
    floor = max(1, requests - case.burst) / 2
    share = floor / spent
    return Finding(
        f"{requests} {case.name}",
        f"{share:.1%}, {vendor.refused or 'no'} 429",
        f"≥ {LEAST_SHARE:.0%}, no 429",
        share / LEAST_SHARE / (1 + vendor.refused),
        f"the bucket alone: {floor:.1f} s",
        spent / floor,
    )
