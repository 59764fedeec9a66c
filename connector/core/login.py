"""Adapters that a person logs in to, now and again: the port, and the warning before a log-in ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from connector.core.problems import Problem, Severity

WARNED_BEFORE = timedelta(days=14)
"""A log-in that ends sooner is announced."""


@runtime_checkable
class LoginAdapter(Protocol):
    """A source or sink that works with what a person granted."""

    def log_in(self, show: Callable[[str], None]) -> datetime:
        """Let a person log in at the address that `show` is given; return until when the log-in holds."""
        ...

    def login_notices(self, now: datetime) -> Iterator[Problem]:
        """Yield what should be known of the log-in; calls nobody, and needs no secret."""
        ...


def login_notice(name: str, valid_until: datetime | None, now: datetime) -> Problem | None:
    """Return the problem of a log-in that is missing, has ended, or ends within two weeks; None if all is well."""
    hint = f"log in: honorar login {name}"
    if valid_until is None:
        return Problem("LoginMissing", f"nobody has logged in for {name} yet", name, hint)
    if valid_until <= now:
        return Problem("LoginEnded", f"the log-in ended on {valid_until:%Y-%m-%d %H:%M} UTC", name, hint)
    if valid_until - now <= WARNED_BEFORE:
        message = f"the log-in holds until {valid_until:%Y-%m-%d %H:%M} UTC"
        return Problem("LoginEnds", message, name, hint, Severity.NOTICE)
    return None
