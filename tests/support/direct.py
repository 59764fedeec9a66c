"""A transport that asks a stand-in without a network: for what needs an adapter with data in it and no server."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from requests.structures import CaseInsensitiveDict

from connector.http import Headers, Page, Params, Patience, Refusal, Transport
from tests.standins.server import Api, Asked, as_json
from tests.support.transports import BERLIN, MemoryInbox, NoLimit, no_wait

NOTHING: dict[str, str] = {}


class Direct(Transport):
    """Reads from the stand-in; AssertionError for any answer that is not 200."""

    def __init__(self, name: str, api: Api) -> None:
        patience = Patience(sleep=no_wait)
        super().__init__(name, Path(), MemoryInbox(), time_zone=BERLIN, patience=patience, slots=NoLimit())
        self._api = api

    def get_page(
        self,
        url: str,
        *,
        params: Params = NOTHING,
        headers: Headers = NOTHING,
        refusal: Refusal | None = None,  # noqa: ARG002 - the signature of Transport
        keep: bool = True,  # noqa: ARG002 - likewise
    ) -> Page:
        """Return what the stand-in says."""
        query = {name: [str(value)] if isinstance(value, str | int) else [*value] for name, value in params.items()}
        told = {name.lower(): value for name, value in headers.items()}
        said = self._api.answer(Asked("GET", urlsplit(url).path, query, told, b""))
        assert said.status == 200, said
        return Page(json.loads(said.payload(), parse_float=Decimal), CaseInsensitiveDict(said.headers))

    def ask_json(
        self,
        url: str,
        *,
        body: Any,  # noqa: ANN401 - the signature of Transport
        params: Params = NOTHING,
        headers: Headers = NOTHING,
        refusal: Refusal | None = None,  # noqa: ARG002 - likewise
        keep: bool = True,  # noqa: ARG002 - likewise
    ) -> Any:  # noqa: ANN401 - likewise
        """Return what the stand-in says to a question in a body."""
        assert not params
        told = {name.lower(): value for name, value in headers.items()}
        said = self._api.answer(Asked("POST", urlsplit(url).path, {}, told, as_json(body).encode()))
        assert said.status == 200, said
        return json.loads(said.payload(), parse_float=Decimal)
