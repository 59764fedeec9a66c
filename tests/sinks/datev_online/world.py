"""A folder, the stand-in of DATEV's data centre, and sinks between them, each as a process of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from cryptography.fernet import Fernet

from connector.http import Patience, Transport
from connector.sinks.datev_online import DatevOnline, Settings, build
from connector.sinks.datev_online.calls import Calls
from connector.sinks.datev_online.exchange import Exchange
from connector.sinks.datev_online.sink import SettlingDatevOnline
from tests.standins import Standin, datev_online, serving
from tests.support.transports import BERLIN, MemoryInbox, NoLimit

KEY = Fernet.generate_key().decode()

MORNING = datetime(2026, 2, 2, 9, 30, tzinfo=UTC)

SOON = timedelta(minutes=6)
"""Longer than a lost upload may be on its way."""


@dataclass
class Clock:
    """Moves when it is told to, or when somebody waits."""

    moment: datetime = MORNING

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Let time pass, in place of time.sleep."""
        self.moment += timedelta(seconds=seconds)


@dataclass
class Office:
    """One client: its folder, and the data centre."""

    folder: Path
    standin: Standin
    clock: Clock
    wishes: dict[str, Any] = field(default_factory=dict)
    inbox: MemoryInbox = field(default_factory=MemoryInbox)

    @property
    def api(self) -> datev_online.DatevOnline:
        """Return the data centre."""
        api: datev_online.DatevOnline = self.standin.api
        return api

    def sink(self, **wishes: Any) -> DatevOnline:  # noqa: ANN401 - any setting
        """Return the sink of a process that has just begun."""
        settings = settings_of(self.standin.url, **self.wishes | wishes)
        patience = Patience(attempts=2, sleep=self.clock.sleep)
        transport = Transport(
            "datev_online", self.folder, self.inbox, time_zone=BERLIN, patience=patience, slots=NoLimit()
        )
        built = build(settings, transport)
        tokens = replace(built.tokens, now=self.clock)
        calls = Calls(settings, transport, tokens)
        if isinstance(built, SettlingDatevOnline) and isinstance(built.payments, Exchange):
            built = replace(built, payments=Exchange(calls))
        return replace(built, tokens=tokens, calls=calls, now=self.clock)

    def log_in(self, **wishes: Any) -> datetime:  # noqa: ANN401 - any setting
        """Log in and agree."""
        with visiting(self.api.consent) as show:
            return self.sink(**wishes).log_in(show)

    @property
    def out(self) -> list[str]:
        """Return the names of the files written, in order."""
        return sorted(path.name for path in (self.folder / "out" / "datev").iterdir())


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of the stand-in's client, as they stand in connector.toml."""
    client = {"consultant_number": 29098, "client_number": 55003, "client_id": "app-1"}
    return client | {"login_key": KEY, "url": url}


def settings_of(url: str, **wishes: Any) -> Settings:  # noqa: ANN401 - any setting
    """Return the settings of a client that keeps its log-in in a file."""
    return Settings.model_validate(settings_for(url) | wishes)


@contextmanager
def office_in(folder: Path, **wishes: Any) -> Iterator[Office]:  # noqa: ANN401 - any setting
    """Yield the client of the folder, nobody logged in."""
    clock = Clock()
    with serving(datev_online.api(now=clock)) as standin:
        yield Office(folder, standin, clock, wishes)


@contextmanager
def visiting(consent: Callable[[str], str]) -> Iterator[Callable[[str], None]]:
    """Yield what is shown the address: a browser that goes where the consent leads; it is back when the block ends."""
    visits: list[threading.Thread] = []

    def show(address: str) -> None:
        visit = threading.Thread(target=requests.get, args=(consent(address),), kwargs={"timeout": 5})
        visits.append(visit)
        visit.start()

    yield show
    for visit in visits:
        visit.join()
