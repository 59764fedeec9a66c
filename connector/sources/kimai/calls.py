"""The calls to Kimai: lists are read page by page, and again where they shifted meanwhile.

Only time comes in pages. A header tells how many rows there are; a page past the end is a 404
(kimai.org/documentation/api-pagination.html). Time is asked for in the order of ids, so new rows come at the end and
only deletions shift the list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from connector.core.errors import NotFound, UnexpectedAnswer
from connector.http import Page, Rate, Transport
from connector.http.listing import Listing, Numbered, whole_by_numbers
from connector.redact import register
from connector.sources.kimai.settings import Settings

PAGE_ROWS = 500
"""The most Kimai gives at once."""

SAMPLE_ROWS = 100
"""So many are looked at for their custom fields."""

BURST = 20
"""So many requests go out at once after a pause."""

BY_ID = {"orderBy": "id", "order": "ASC"}

TOTAL = "X-Total-Count"

Row = Mapping[str, Any]
Params = Mapping[str, str | int]
Taken = TypeVar("Taken")


class Calls:
    """A Kimai with its key."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        key = settings.api_key.get_secret_value()
        register(key)
        self.source = transport.name
        self._transport = transport
        self._base = f"{settings.url.rstrip('/')}/api"
        self._headers = {"Authorization": f"Bearer {key}"}
        transport.keep_to(Rate(settings.requests_per_minute, 60, BURST), account=key)

    def one(self, path: str) -> Row:
        """Return a single record; NotFound where it is gone."""
        record = self._ask(path, {}).json
        if not isinstance(record, dict):
            raise self._unexpected(path, "no record came")
        return record

    def turn_over(self, path: str) -> Row:
        """Let the path's call turn something over; return the record as it is now. A second call would turn it back."""
        record = self._transport.send_json(
            "PATCH", f"{self._base}{path}", headers=self._headers, refusal=words_of_refusal
        )
        return record if isinstance(record, dict) else {}

    def rows(self, path: str, **params: str | int) -> list[Row]:
        """Return a list that comes as a whole; UnexpectedAnswer if it says that there is more."""
        answer = self._ask(path, params)
        rows = self._rows(answer, path)
        if (_total(answer) or 0) > len(rows):
            raise self._unexpected(path, "the list comes in pages")
        return rows

    def listing(self, path: str, params: Params, take: Callable[[Row], Taken]) -> Listing[Taken]:
        """Return the whole list; Unavailable if it keeps shifting."""
        place = f"{self.source}: {path}"
        return whole_by_numbers(lambda number, size: self._page(path, params, number, size), PAGE_ROWS, take, place)

    def total(self, path: str, params: Params) -> int | None:
        """Return how many rows the list has, None if Kimai does not say."""
        page = self._page(path, params, 1, 1)
        return page.total if page else None

    def newest(self, path: str, params: Params) -> list[Row]:
        """Return some rows of the list, the newest."""
        return self._rows(self._ask(path, {**params, "orderBy": "id", "order": "DESC", "size": SAMPLE_ROWS}), path)

    def _page(self, path: str, params: Params, number: int, size: int) -> Numbered | None:
        """Return the page, None past the end; a first page that is not there is a wrong address."""
        try:
            answer = self._ask(path, {**BY_ID, **params, "page": number, "size": size})
        except NotFound:
            if number == 1:
                raise
            return None
        return Numbered(self._rows(answer, path), _total(answer))

    def _rows(self, answer: Page, path: str) -> list[Row]:
        rows = answer.json
        if isinstance(rows, list) and all(isinstance(row, dict) and type(row.get("id")) is int for row in rows):
            return rows
        raise self._unexpected(path, "no list of records with ids came")

    def _ask(self, path: str, params: Params) -> Page:
        return self._transport.get_page(
            f"{self._base}{path}", params=params, headers=self._headers, refusal=words_of_refusal
        )

    def _unexpected(self, path: str, fault: str) -> UnexpectedAnswer:
        hint = "is this the address of a Kimai?"
        return UnexpectedAnswer(f"{path}: {fault}", place=f"{self.source}: {self._base}", hint=hint)


def _total(answer: Page) -> int | None:
    told = answer.headers.get(TOTAL, "")
    return int(told) if told.isascii() and told.isdecimal() else None


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return Kimai's own words."""
    return str(answer.get("message") or "") if isinstance(answer, dict) else ""
