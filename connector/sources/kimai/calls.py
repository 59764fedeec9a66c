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
from connector.http.listing import Listing, whole
from connector.redact import register
from connector.sources.kimai.settings import Settings

PAGE_ROWS = 500
"""The most Kimai gives at once."""

SAMPLE_ROWS = 100
"""So many are looked at for their custom fields."""

MOST_PAGES = 20_000
"""A longer list is none: it would be a server that repeats its last page for ever."""

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

    def rows(self, path: str, **params: str | int) -> list[Row]:
        """Return a list that comes as a whole; UnexpectedAnswer if it says that there is more."""
        page = self._ask(path, params)
        rows = self._rows(page, path)
        if (_total(page) or 0) > len(rows):
            raise self._unexpected(path, "the list comes in pages")
        return rows

    def listing(self, path: str, params: Params, take: Callable[[Row], Taken]) -> Listing[Taken]:
        """Return the whole list; Unavailable if it keeps shifting."""
        return whole(lambda: self._read(path, params, take), f"{self.source}: {path}")

    def total(self, path: str, params: Params) -> int | None:
        """Return how many rows the list has, None if Kimai does not say."""
        page = self._ask(path, {**BY_ID, **params, "page": 1, "size": 1})
        self._rows(page, path)
        return _total(page)

    def newest(self, path: str, params: Params) -> list[Row]:
        """Return some rows of the list, the newest."""
        return self._rows(self._ask(path, {**params, "orderBy": "id", "order": "DESC", "size": SAMPLE_ROWS}), path)

    def _read(self, path: str, params: Params, take: Callable[[Row], Taken]) -> Listing[Taken]:
        listing: Listing[Taken] = Listing()
        for number in range(1, MOST_PAGES + 1):
            page = self._page(path, params, number, PAGE_ROWS)
            if page is None:  # past the end: the list became shorter, or does not say how long it is
                return listing
            rows = self._rows(page, path)
            if number > 1 and self._moved(path, params, listing):
                listing.shifted = True
                return listing
            listing.ids.extend(str(row["id"]) for row in rows)
            listing.taken.extend(map(take, rows))
            if (total := _total(page)) is not None:
                listing.totals.add(total)
            if not rows or (total is not None and len(listing.ids) >= total):
                return listing
        raise self._unexpected(path, "it does not end")

    def _moved(self, path: str, params: Params, listing: Listing[Taken]) -> bool:
        """Tell whether the last row of the pages before is no longer where it was when the page after it came."""
        page = self._page(path, params, len(listing.ids), 1)
        return page is None or [str(row["id"]) for row in self._rows(page, path)] != listing.ids[-1:]

    def _page(self, path: str, params: Params, number: int, size: int) -> Page | None:
        """Return the page, None past the end; a first page that is not there is a wrong address."""
        try:
            return self._ask(path, {**BY_ID, **params, "page": number, "size": size})
        except NotFound:
            if number == 1:
                raise
            return None

    def _rows(self, page: Page, path: str) -> list[Row]:
        rows = page.json
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


def _total(page: Page) -> int | None:
    told = page.headers.get(TOTAL, "")
    return int(told) if told.isascii() and told.isdecimal() else None


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return Kimai's own words."""
    return str(answer.get("message") or "") if isinstance(answer, dict) else ""
