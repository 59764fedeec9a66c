"""A transport that asks a stand-in without a network: all else is as it is over one."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from connector.core.ports import Inbox
from connector.http import Patience, Transport
from connector.http.calls import Answer, Caller
from connector.http.pace import Pace
from connector.http.values import Call
from tests.standins.server import Api, Asked
from tests.support.transports import BERLIN, NoLimit, no_wait


class Direct(Transport):
    """Leads to the stand-in; it neither waits nor paces itself, and what came is forgotten unless there is an inbox."""

    def __init__(self, name: str, api: Api, *, time_zone: tzinfo = BERLIN, inbox: Inbox | None = None) -> None:
        patience = Patience(sleep=no_wait)
        super().__init__(name, Path(), inbox or _NoInbox(), time_zone=time_zone, patience=patience, slots=NoLimit())
        self._loaded = _Wire(api, patience, self._pace)


class _NoInbox:
    """Satisfies the port Inbox."""

    def keep(self, source: str, place: str, payload: bytes) -> None:
        """Forget it."""

    def last(self, source: str, place: str) -> bytes | None:
        """Return nothing."""


class _Wire(Caller):
    """Exchanges with the stand-in."""

    def __init__(self, api: Api, patience: Patience, pace: Pace) -> None:
        super().__init__(patience, pace)
        self._api = api

    def _exchange(self, _: requests.Session, call: Call) -> Answer:
        self.requests += 1
        url = requests.Request(call.method, call.url, params=call.params).prepare().url or call.url
        parts = urlsplit(url)
        query = parse_qs(parts.query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in call.headers.items()}
        said = self._api.answer(Asked(call.method, unquote(parts.path), query, headers, call.body or b""))
        told = CaseInsensitiveDict({"Content-Type": "application/json", **said.headers})
        return Answer(said.status, url, told, said.payload())
