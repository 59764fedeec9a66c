"""A vendor's limit: a bucket of tokens that fills at a steady rate."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from fractions import Fraction


class Bucket:
    """Holds `burst` tokens and gets `requests` back in every `seconds`; an own lock, so that threads may share it.

    `clock` tells nanoseconds; tests replace it so that nothing waits.
    """

    def __init__(
        self, requests: int, seconds: int, burst: int, *, clock: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self._each = Fraction(seconds * 1_000_000_000, requests)
        self._burst = burst
        self._clock = clock
        self._tokens = Fraction(burst)
        self._seen = clock()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Return whether a token was there, and take it."""
        with self._lock:
            now = self._clock()
            self._tokens = min(Fraction(self._burst), self._tokens + (now - self._seen) / self._each)
            self._seen = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
