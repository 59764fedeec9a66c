"""Transports for tests of adapters: what comes in is remembered, and no retry waits."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from connector.http import Patience, Transport

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass
class MemoryInbox:
    """Satisfies the port Inbox; keeps everything, in order, as (source, place, payload)."""

    kept: list[tuple[str, str, bytes]] = field(default_factory=list)

    def keep(self, source: str, place: str, payload: bytes) -> None:
        """Remember the payload."""
        self.kept.append((source, place, payload))


def no_wait(_seconds: float) -> None:
    """Return at once, in place of time.sleep."""


def transport_for(name: str, *, folder: Path = Path(), inbox: MemoryInbox | None = None) -> Transport:
    """Return a transport for the adapter under this name, of a tenant in Berlin."""
    return Transport(name, folder, inbox or MemoryInbox(), time_zone=BERLIN, patience=Patience(sleep=no_wait))
