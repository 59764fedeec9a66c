"""Keeping to what a vendor allows: every call waits for a slot that all processes using the account share."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from connector.core.errors import RateLimited
from connector.core.ports import Rate, Slots
from connector.http.values import Patience, SpeaksOfRate


@dataclass(frozen=True, slots=True)
class _Limit:
    rate: Rate
    account: str
    speaks_of_rate: SpeaksOfRate | None


class Pace:
    """The pace of one transport; as long as no rate was named, nothing waits."""

    def __init__(self, slots: Slots, patience: Patience) -> None:
        self._slots = slots
        self._patience = patience
        self._limit: _Limit | None = None

    def keep_to(self, rate: Rate, account: str, speaks_of_rate: SpeaksOfRate | None) -> None:
        """Keep to the rate from now on; of the account's key only a hash is handed on."""
        self._limit = _Limit(rate, hashlib.sha256(account.encode()).hexdigest(), speaks_of_rate)

    def wait(self, place: str) -> None:
        """Reserve a slot and wait for it; RateLimited if it is further away than patience reaches."""
        if self._limit is None:
            return
        microseconds = self._slots.reserve(self._limit.account, self._limit.rate)
        seconds = math.ceil(microseconds / 1_000_000)
        if seconds > self._patience.total_seconds:
            message = "the other side asked for a pause"
            raise RateLimited(message, place=place, retry_after=seconds)
        if microseconds:
            self._patience.sleep(microseconds / 1_000_000)

    def is_exceeded(self, status: int, body: bytes) -> bool:
        """Tell whether a refused answer that is no 429 speaks of the rate all the same."""
        if self._limit is None or self._limit.speaks_of_rate is None:
            return False
        return self._limit.speaks_of_rate(status, body)

    def slow_down(self, retry_after: int | None) -> None:
        """Push the next slot back for everybody, by the wait asked for in seconds, else by our own first wait."""
        if self._limit is not None:
            seconds = self._patience.first_wait_seconds if retry_after is None else retry_after
            self._slots.push_back(self._limit.account, self._limit.rate, seconds)


class OwnSlots:
    """Slots within this process alone; `now` tells the time in microseconds."""

    def __init__(self, now: Callable[[], int] = lambda: time.monotonic_ns() // 1000) -> None:
        self._now = now
        self._next: dict[str, int] = {}
        self._lock = threading.Lock()

    def reserve(self, account: str, rate: Rate) -> int:
        """Take the account's next free slot; return the microseconds until it, 0 if it is now."""
        with self._lock:
            now = self._now()
            slot = max(self._next.get(account, now), now)
            self._next[account] = slot + rate.interval
        return max(0, slot - rate.ahead - now)

    def push_back(self, account: str, rate: Rate, seconds: int) -> None:
        """Give out no slot of the account for so long."""
        with self._lock:
            until = self._now() + seconds * 1_000_000 + rate.ahead
            self._next[account] = max(self._next.get(account, until), until)
