"""Searches and changes in Furious: pages that lose and double nothing, and refusals that come with status 200."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from connector.core.errors import AuthenticationFailed, NotAllowed, RefusedError, Unavailable, UnexpectedAnswer
from connector.core.problems import Problem
from connector.http import Rate, Transport
from connector.redact import redact
from connector.sources.furious.login import Login, words_of_refusal
from connector.sources.furious.query import Resource, Search
from connector.sources.furious.settings import Settings
from connector.sources.furious.values import Row

MOST_SETBACKS = 50
"""A list that shifts more often during one walk is left for the next run."""

BURST = 10
"""Calls at once, out of those of a minute."""


class DeclinedError(RefusedError):
    """Furious answered, and said `success: false`."""


@dataclass(frozen=True, slots=True)
class _Page:
    rows: Sequence[Any]
    total: int
    numbers: Sequence[int | None]


def keep_to_limit(settings: Settings, transport: Transport) -> None:
    """Let all calls of this user keep to the limit of the settings; the vendor's own is not known."""
    rate = Rate(requests=settings.requests_per_minute, seconds=60, burst=min(BURST, settings.requests_per_minute))
    transport.keep_to(rate, account=f"{settings.base} {settings.username}")


class Calls:
    """A Furious that is searched and written to."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self.source = transport.name
        self._transport = transport
        self._settings = settings
        self._login = Login(settings, transport)

    def walk(self, search: Search) -> Iterator[Row | Problem]:
        """Yield every record once, in the order of ids; a Problem for one without id, or with one that was there.

        Each page begins with the last record of the one before. If it does not, records before it were deleted
        meanwhile and others moved up unseen: then the walk goes back. The total that Furious tells decides when all
        were read, never a short page.
        """
        last, offset, setbacks = 0, 0, 0
        while True:
            page = self._page(search, offset)
            first = page.numbers[0] if page.numbers else last + 1
            if offset and first is not None and first > last:
                offset, setbacks = max(0, offset - self._settings.page_rows), setbacks + 1
                self._refuse_endless(setbacks, search.resource)
                continue
            yield from self._fresh(page, search.resource, last)
            last = max([last, *filter(None, page.numbers)])
            if offset + len(page.rows) >= page.total:
                return
            if len(page.rows) <= 1:
                raise self._unexpected(search.resource, "more are announced than come")
            offset += len(page.rows) - 1

    def change(self, resource: Resource, number: int, values: Mapping[str, str]) -> None:
        """Change these fields of a record (`update` of the vendor's SDK); the others stay as they are.

        DeclinedError in Furious' words, OutcomeUnknown where the answer was lost.
        """

        def sent() -> Any:  # noqa: ANN401 - JSON
            return self._transport.send_json(
                "POST",
                self._url(resource),
                body={"action": "update", "data": {"id": number, **values}},
                headers=self._login.headers(),
                refusal=words_of_refusal,
            )

        self._granted(sent, "change", resource)

    def refusal_of(self, search: Search) -> str:
        """Return the words in which Furious refuses the search, '' if it does not; a refused user is an error."""
        try:
            self._ask(search, 0, 1)
        except (AuthenticationFailed, NotAllowed, UnexpectedAnswer):
            raise
        except RefusedError as error:
            return error.message
        return ""

    def place(self, resource: Resource, number: object) -> str:
        """Return how the record is named in messages."""
        return f"{self.source}: {resource.path} #{number}"

    def _fresh(self, page: _Page, resource: Resource, last: int) -> Iterator[Row | Problem]:
        """Yield what lies behind `last`."""
        before: int | None = None
        for row, number in zip(page.rows, page.numbers, strict=True):
            if number is None:
                message = f"a record without a readable {resource.key}"
                yield Problem("UnreadableRecord", message, f"{self.source}: {resource.path}", "look at it in Furious")
            elif number == before:
                message = f"two records have the {resource.key} {number}"
                yield Problem("DuplicateRecord", message, self.place(resource, number), "the first one is taken")
            elif number > last:
                yield row
            before = number

    def _page(self, search: Search, offset: int) -> _Page:
        """Return a page; UnexpectedAnswer if it is none, or if its records are not in the order of ids."""
        resource = search.resource
        answer = self._ask(search, offset, self._settings.page_rows)
        try:
            meta, data = answer["meta"], answer["data"]
            total = int(meta["totalElementsWithFilters"] if search.filters else _total(meta))
            rows = (data.get(resource.name) if data else None) or []
            numbers = [_number(row, resource.key) for row in rows]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self._unexpected(resource, "no list of them with its total came") from None
        if any(after < before for before, after in pairwise(filter(None, numbers))):
            raise self._unexpected(resource, "they are not in the order of ids")
        return _Page(rows, total, numbers)

    def _ask(self, search: Search, offset: int, limit: int) -> Any:  # noqa: ANN401 - JSON
        """Return the answer to a search."""

        def asked() -> Any:  # noqa: ANN401 - JSON
            return self._transport.get_json(
                self._url(search.resource),
                params={"query": search.page(offset, limit)},
                headers=self._login.headers(),
                refusal=words_of_refusal,
            )

        return self._granted(asked, "search", search.resource)

    def _granted(self, call: Callable[[], Any], what: str, resource: Resource) -> Any:  # noqa: ANN401 - JSON
        """Return the answer; called a second time, with a new token, if one that had worked is refused."""
        had_worked = self._login.proven
        try:
            answer = self._taken(call(), what, resource)
        except (AuthenticationFailed, DeclinedError):
            if not had_worked:
                raise
            self._login.renew()
            answer = self._taken(call(), what, resource)
        self._login.proven = True
        return answer

    def _taken(self, answer: Any, what: str, resource: Resource) -> Any:  # noqa: ANN401 - JSON
        """Return the answer; DeclinedError if it is a refusal that came with status 200."""
        if not isinstance(answer, dict):
            raise self._unexpected(resource, f"no answer to the {what} came")
        if answer.get("success", True) is not True:
            message = f"Furious refuses the {what}: {redact(words_of_refusal(answer)) or 'it does not say why'}"
            hint = "check the named fields with `honorar check`, and the rights of the user"
            raise DeclinedError(message, place=f"{self.source}: {resource.path}", hint=hint)
        return answer

    def _url(self, resource: Resource) -> str:
        return f"{self._settings.base}/{resource.path}/"

    def _refuse_endless(self, setbacks: int, resource: Resource) -> None:
        if setbacks > MOST_SETBACKS:
            message = f"the list of {resource.name} keeps changing while it is read"
            raise Unavailable(message, place=self.source, hint="the next run tries again")

    def _unexpected(self, resource: Resource, fault: str) -> UnexpectedAnswer:
        place = f"{self.source}: {self._settings.base}/{resource.path}"
        return UnexpectedAnswer(f"{resource.name}: {fault}", place=place, hint="is this a Furious?")


def _total(meta: Any) -> Any:  # noqa: ANN401 - JSON
    found = meta.get("totalElementsWithFilters")
    return meta["totalElements"] if found is None else found


def _number(row: Any, key: str) -> int | None:  # noqa: ANN401 - JSON
    """Return the record's id, None if it has none that is a positive whole number."""
    value = row.get(key) if isinstance(row, dict) else None
    plain = "" if isinstance(value, bool) else str(value)
    return int(plain) if plain.isascii() and plain.isdigit() and int(plain) else None
