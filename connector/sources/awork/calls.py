"""The calls to awork: lists are read page by page, and again where they shifted meanwhile.

Pages are bare arrays; the header `aw-totalitems` tells how many rows there are (developers.awork.com/pagination).
Lists are asked for in the order of creation, so new rows come at the end and only deletions shift them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from connector.core.errors import UnexpectedAnswer
from connector.http import Page, Rate, Transport
from connector.http.listing import Listing, Numbered, whole_by_numbers
from connector.redact import register
from connector.sources.awork.settings import Settings

PAGE_ROWS = 1000
"""The most awork gives at once, and its default."""

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
        pages = partial(self._numbered, path, {**BY_CREATION, **params})
        return whole_by_numbers(pages, PAGE_ROWS, take, f"{self.source}: {path}")

    def row(self, path: str, params: Params) -> Row | None:
        """Return the first row of the list; None if it has none."""
        return next(iter(self._numbered(path, params, 1, 1).rows), None)

    def change(self, path: str, body: Mapping[str, Any]) -> None:
        """Change something; DocumentRejected, NotAllowed, NotFound, or OutcomeUnknown where the answer was lost."""
        self._transport.send_json(
            "POST", f"{self._base}{path}", body=body, headers=self._headers, refusal=words_of_refusal
        )

    def _numbered(self, path: str, params: Params, number: int, size: int) -> Numbered:
        page = self._page(path, {**params, "page": number, "pageSize": size})
        total = page.headers.get("aw-totalitems", "")
        return Numbered(self._rows(page, path), int(total) if total.isdecimal() else None)

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
