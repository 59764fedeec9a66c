"""How time and memory are taken, and what a benchmark finds."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]

SHORTEST_S = 1e-9
"""Nothing takes no time, whatever the clock says."""

Work = Callable[[], float]
"""Does something once and returns the seconds it took; preparing and clearing up are not counted."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: sizes are divided by `divisor`; each work is done `goes` times, and on for `patience_s`."""

    divisor: int
    goes: int
    patience_s: float

    def of(self, size: int) -> int:
        """Return the size to measure in place of the full one."""
        return max(1, size // self.divisor)


FULL = Scale(divisor=1, goes=4, patience_s=5)
QUICK = Scale(divisor=500, goes=1, patience_s=0)
"""Shows that everything works, and says nothing about speed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table, ready to read.

    `floor` is the bare work it is held against, `ratio` how many times of the floor it took. `reached` is the part of
    the target that was reached: 1 or more where it is met.
    """

    what: str
    result: str
    target: str
    reached: float
    floor: str = ""
    ratio: float | None = None

    @property
    def verdict(self) -> str:
        """Return whether the target is met, and by how much it is missed."""
        return "met" if self.reached >= 1 else f"missed ({self.reached:.0%})"


def seconds(action: Callable[[], object], clock: Clock = time.process_time) -> float:
    """Return what the action took: processor time, or wall time where the work waits for the disk."""
    start = clock()
    result = action()  # kept until the clock was read: letting go of it is not the work
    spent = clock() - start
    del result
    return spent


def fastest(scale: Scale, *works: Work) -> list[float]:
    """Return the fastest of several goes of each; they take turns, so that a busy moment hits all alike."""
    begun = time.perf_counter()
    goes: list[list[float]] = []
    while len(goes) < scale.goes or time.perf_counter() - begun < scale.patience_s:
        goes.append([work() for work in works])
    return [max(min(times), SHORTEST_S) for times in zip(*goes, strict=True)]


def peak_megabytes() -> float:
    """Return the most memory this process ever held (Linux counts in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def speed(what: str, count: int, spent: float, least: int, floor: tuple[str, float]) -> Finding:
    """Return a finding about so many things per second; `floor` is named and took its seconds for as many."""
    name, bare = floor
    rate = count / spent
    return Finding(
        what, f"{rate:,.0f}/s", f"≥ {least:,}/s", rate / least, f"{name}: {count / bare:,.0f}/s", spent / bare
    )


def multiple(what: str, spent: float, most: float, floor: tuple[str, float]) -> Finding:
    """Return a finding about something that may take so many times of the floor."""
    name, bare = floor
    ratio = spent / bare
    return Finding(
        what, milliseconds(spent), f"≤ {most:g} × floor", most / ratio, f"{name}: {milliseconds(bare)}", ratio
    )


def milliseconds(spent: float) -> str:
    """Return the seconds as people compare them."""
    return f"{spent * 1000:,.1f} ms"
