"""The calls to OpenProject: lists are read page by page, and again where they shifted meanwhile.

`offset` is the number of a page, from 1; a page tells how many rows the list has (`total`) and how many it holds
(`pageSize`), which the server lowers to its own maximum without a word. Lists are asked for in the order of ids, so new
rows come at the end and only deletions shift them (openproject.org/docs/api/collections).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from connector.core.errors import UnexpectedAnswer
from connector.http import Rate, Transport
from connector.http.listing import Listing, Numbered, whole_by_numbers
from connector.redact import register
from connector.sources.openproject.settings import Settings

PAGE_ROWS = 1000
"""What OpenProject gives at most, unless its administrator allows another number."""

BURST = 20
"""So many requests go out at once after a pause."""

BY_ID = {"sortBy": '[["id","asc"]]'}

Row = Mapping[str, Any]
Params = Mapping[str, str | int]
Taken = TypeVar("Taken")


class Calls:
    """An OpenProject with its key."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        key = settings.api_key.get_secret_value()
        pair = b64encode(f"apikey:{key}".encode()).decode()
        register(key)
        register(pair)
        self.source, self.zone = transport.name, transport.time_zone
        self._transport = transport
        self._base = f"{settings.url.rstrip('/')}/api/v3"
        self._headers = {"Authorization": f"Basic {pair}"}
        transport.keep_to(Rate(settings.requests_per_minute, 60, BURST), account=key)

    def one(self, path: str) -> Row:
        """Return a single resource."""
        answer = self._ask(path, {})
        if not isinstance(answer, dict):
            raise self._unexpected(path, "no resource came")
        return answer

    def listing(self, path: str, filters: str, take: Callable[[Row], Taken]) -> Listing[Taken]:
        """Return the whole list; Unavailable if it keeps shifting."""
        place = f"{self.source}: {path}"
        return whole_by_numbers(lambda number, size: self._page(path, filters, number, size), PAGE_ROWS, take, place)

    def rows(self, path: str, filters: str) -> list[Row]:
        """Return a list that comes as a whole and whose rows have no ids."""
        return self._elements(self._ask(path, {"filters": filters}), path)

    def total(self, path: str, filters: str) -> int:
        """Return how many rows the list has."""
        return self._page(path, filters, 1, 1).total or 0

    def _page(self, path: str, filters: str, number: int, size: int) -> Numbered:
        answer = self._ask(path, {**BY_ID, "filters": filters, "offset": number, "pageSize": size})
        rows = self._elements(answer, path)
        if type(answer.get("total")) is not int or not all(type(row.get("id")) is int for row in rows):
            raise self._unexpected(path, "no list of records with ids and a total came")
        return Numbered(rows, answer["total"])

    def _elements(self, answer: Any, path: str) -> list[Row]:  # noqa: ANN401 - JSON
        embedded = answer.get("_embedded") if isinstance(answer, dict) else None
        rows = embedded.get("elements") if isinstance(embedded, dict) else None
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        raise self._unexpected(path, "no list of records came")

    def _ask(self, path: str, params: Params) -> Any:  # noqa: ANN401 - JSON
        return self._transport.get_json(
            f"{self._base}{path}", params=params, headers=self._headers, refusal=words_of_refusal
        )

    def _unexpected(self, path: str, fault: str) -> UnexpectedAnswer:
        hint = "is this the address of an OpenProject?"
        return UnexpectedAnswer(f"{path}: {fault}", place=f"{self.source}: {self._base}", hint=hint)


def filters_of(**conditions: tuple[str, list[str]]) -> str:
    """Return the conditions, each an operator with its values, as OpenProject takes them."""
    filters = [{name: {"operator": operator, "values": values}} for name, (operator, values) in conditions.items()]
    return json.dumps(filters, separators=(",", ":"))


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return OpenProject's own words, in the language of the key's user; several are joined by '; '."""
    message = answer.get("message") if isinstance(answer, dict) else None
    return "; ".join(map(str, message)) if isinstance(message, list) else str(message or "")
