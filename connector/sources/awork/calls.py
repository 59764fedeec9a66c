"""The calls to awork: lists are read page by page, and again where they shifted meanwhile.

Pages are bare arrays; the header `aw-totalitems` tells how many rows there are (developers.awork.com/pagination).
Lists are asked for in the order of creation, so new rows come at the end and only deletions shift them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from connector.core.errors import UnexpectedAnswer
from connector.http import Page, Rate, Transport
from connector.http.listing import Listing, whole
from connector.redact import register
from connector.sources.awork.settings import Settings

PAGE_ROWS = 1000
"""The most awork gives at once, and its default."""

MOST_PAGES = 1000
"""A longer list is none: it would be a server that repeats its last page for ever."""

BURST = 100
"""So many requests go out at once after a pause; with those of the rate they stay below awork's 1000."""

BY_CREATION = {"orderby": "createdOn,id"}

Row = Mapping[str, Any]
Params = Mapping[str, str | int]
Taken = TypeVar("Taken")


class Calls:
    """An awork workspace."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        key = settings.api_key.get_secret_value()
        register(key)
        self.source = transport.name
        self._transport = transport
        self._base = settings.url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"}
        transport.keep_to(Rate(settings.requests_per_minute, 60, BURST), account=key)

    def listing(self, path: str, params: Params, take: Callable[[Row], Taken]) -> Listing[Taken]:
        """Return the whole list; Unavailable if it keeps shifting."""
        return whole(lambda: self._read(path, params, take), f"{self.source}: {path}")

    def row(self, path: str, params: Params, at: int = 1) -> Row | None:
        """Return the row of the list at this place, from 1; None if the list is shorter."""
        rows = self._rows(self._page(path, {**params, "page": at, "pageSize": 1}), path)
        return rows[0] if rows else None

    def _read(self, path: str, params: Params, take: Callable[[Row], Taken]) -> Listing[Taken]:
        listing: Listing[Taken] = Listing()
        for number in range(1, MOST_PAGES + 1):
            page = self._page(path, {**BY_CREATION, **params, "page": number, "pageSize": PAGE_ROWS})
            rows = self._rows(page, path)
            if number > 1 and self._moved(path, params, listing):
                listing.shifted = True
                return listing
            listing.ids.extend(row["id"] for row in rows)
            listing.taken.extend(map(take, rows))
            total = page.headers.get("aw-totalitems", "")
            if total.isdecimal():
                listing.totals.add(int(total))
            if not rows or (total.isdecimal() and len(listing.ids) >= int(total)):
                return listing
        raise self._unexpected(path, "it does not end")

    def _moved(self, path: str, params: Params, listing: Listing[Taken]) -> bool:
        """Tell whether the last row of the pages before is no longer where it was when the page after it came."""
        row = self.row(path, {**BY_CREATION, **params}, at=len(listing.ids))
        return row is None or row["id"] != listing.ids[-1]

    def _rows(self, page: Page, path: str) -> list[Row]:
        rows = page.json
        if isinstance(rows, list) and all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows):
            return rows
        raise self._unexpected(path, "no list of records with ids came")

    def _page(self, path: str, params: Params) -> Page:
        return self._transport.get_page(
            f"{self._base}{path}", params=params, headers=self._headers, refusal=words_of_refusal
        )

    def _unexpected(self, path: str, fault: str) -> UnexpectedAnswer:
        hint = "is this the address of awork's API?"
        return UnexpectedAnswer(f"{path}: {fault}", place=f"{self.source}: {self._base}", hint=hint)


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return awork's own words: code and description (developers.awork.com/error-handling)."""
    if not isinstance(answer, dict):
        return ""
    return ": ".join(str(answer[name]) for name in ("code", "description") if answer.get(name))
