"""The calls to Harvest: lists are read by the links they bring, and again where they shifted meanwhile.

Every request names account and caller, else Harvest refuses it (help.getharvest.com/api-v2, General, Pagination).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from connector.core.errors import UnexpectedAnswer
from connector.http import Rate, Transport
from connector.http.listing import Listing, whole
from connector.redact import register
from connector.sources.harvest.settings import Settings

PAGE_ROWS = 2000
"""The most Harvest gives at once, and its default."""

MOST_PAGES = 1000
"""A longer list is none: it would be a server whose links go in a circle."""

RATE = Rate(80, 15, burst=20)
"""Harvest allows 100 requests in 15 seconds."""

Row = Mapping[str, Any]
Params = Mapping[str, str | int]
Taken = TypeVar("Taken")


class Calls:
    """A Harvest account."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        token = settings.access_token.get_secret_value()
        register(token)
        self.source, self.zone = transport.name, transport.time_zone
        self._transport = transport
        self._base = settings.url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {token}",
            "Harvest-Account-Id": settings.account_id,
            "User-Agent": f"Honorar ({settings.contact})",
        }
        transport.keep_to(RATE, account=token)

    def one(self, path: str) -> Row:
        """Return a single record."""
        answer = self._ask(path, {})
        if not isinstance(answer, dict):
            raise self._unexpected(path, "no record came")
        return answer

    def listing(self, name: str, params: Params, take: Callable[[Row], Taken]) -> Listing[Taken]:
        """Return the whole list of that name; Unavailable if it keeps shifting."""
        return whole(lambda: self._read(name, params, take), f"{self.source}: /{name}")

    def total(self, name: str, params: Params) -> int | None:
        """Return how many rows the list has, None if Harvest does not say."""
        answer = self._ask(f"/{name}", {**params, "per_page": 1})
        self._rows(answer, name)
        total = answer.get("total_entries")
        return total if type(total) is int else None

    def _read(self, name: str, params: Params, take: Callable[[Row], Taken]) -> Listing[Taken]:
        listing: Listing[Taken] = Listing()
        page: Params = {**params, "per_page": PAGE_ROWS}
        for _ in range(MOST_PAGES):
            answer = self._ask(f"/{name}", page)
            rows = self._rows(answer, name)
            if "page" in page and self._moved(name, params, listing):
                listing.shifted = True
                return listing
            listing.ids.extend(str(row["id"]) for row in rows)
            listing.taken.extend(map(take, rows))
            if type(answer.get("total_entries")) is int:
                listing.totals.add(answer["total_entries"])
            following = _following(answer, page)
            if following is None:
                return listing
            page = following
        raise self._unexpected(name, "its links lead in a circle")

    def _moved(self, name: str, params: Params, listing: Listing[Taken]) -> bool:
        """Tell whether the last row of the pages before is no longer where it was when the page after it came.

        A cursor stands behind that row, wherever it moves; a page number does not.
        """
        answer = self._ask(f"/{name}", {**params, "per_page": 1, "page": len(listing.ids)})
        return [str(row["id"]) for row in self._rows(answer, name)] != listing.ids[-1:]

    def _rows(self, answer: Any, name: str) -> list[Row]:  # noqa: ANN401 - JSON
        rows = answer.get(name) if isinstance(answer, dict) else None
        if isinstance(rows, list) and all(isinstance(row, dict) and type(row.get("id")) is int for row in rows):
            return rows
        raise self._unexpected(name, "no list of records with ids came")

    def _ask(self, path: str, params: Params) -> Any:  # noqa: ANN401 - JSON
        return self._transport.get_json(
            f"{self._base}{path}", params=params, headers=self._headers, refusal=words_of_refusal
        )

    def _unexpected(self, what: str, fault: str) -> UnexpectedAnswer:
        hint = "is this the address of Harvest's API?"
        return UnexpectedAnswer(f"{what}: {fault}", place=f"{self.source}: {self._base}", hint=hint)


def _following(answer: Mapping[str, Any], params: Params) -> Params | None:
    """Return the parameters of the next page, None after the last.

    Of the link only they are taken, so that the token goes nowhere else. Older answers have a page number alone.
    """
    links = answer.get("links")
    link = links.get("next") if isinstance(links, dict) else None
    if isinstance(link, str) and link:
        return dict(parse_qsl(urlsplit(link.strip("<>")).query))
    number = answer.get("next_page")
    return {**params, "page": number} if type(number) is int else None


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return Harvest's own words: `message`, or `error` and its description."""
    if not isinstance(answer, dict):
        return ""
    return ": ".join(str(answer[name]) for name in ("message", "error", "error_description") if answer.get(name))
