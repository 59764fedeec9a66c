"""Transports for tests of adapters: what comes in is remembered, and no retry waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connector.http import Patience, Rate, Transport

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class MemoryInbox:
    """Satisfies the port Inbox; keeps everything, in order, as (source, place, payload)."""

    kept: list[tuple[str, str, bytes]] = field(default_factory=list)

    def keep(self, source: str, place: str, payload: bytes) -> None:
        """Remember the payload."""
        self.kept.append((source, place, payload))

    def last(self, source: str, place: str) -> bytes | None:
        """Return the last payload of the place."""
        return next((each[2] for each in reversed(self.kept) if each[:2] == (source, place)), None)


class NoLimit:
    """Satisfies the port Slots; every slot is now."""

    def reserve(self, account: str, rate: Rate) -> int:  # noqa: ARG002 - the port's signature
        """Return no wait."""
        return 0

    def push_back(self, account: str, rate: Rate, seconds: int) -> None:
        """Forget it."""


def no_wait(_seconds: float) -> None:
    """Return at once, in place of time.sleep."""


def transport_for(name: str, *, folder: Path = Path(), inbox: MemoryInbox | None = None) -> Transport:
    """Return a transport for the adapter under this name, of a tenant in Berlin; it neither waits nor paces itself."""
    kept, patience = inbox or MemoryInbox(), Patience(sleep=no_wait)
    return Transport(name, folder, kept, time_zone=BERLIN, patience=patience, slots=NoLimit())


def let_nobody_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands called within the test's process try again at once."""
    monkeypatch.setattr("connector.http.Patience", partial(Patience, sleep=no_wait))
