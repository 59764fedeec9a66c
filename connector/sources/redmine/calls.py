"""The calls to Redmine: the key is asked for first, and lists are walked so that no row is lost or doubled.

What it really does, and what is done about it (docs/sources/redmine.md): a wrong key gets an empty list from most
addresses, so `/users/current.json` is asked before anything else; `limit` is capped at 100 without a word; a list
read by offset shifts while rows are deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from connector.core.errors import NotAllowed, Unavailable, UnexpectedAnswer
from connector.core.problems import Problem
from connector.http import Transport
from connector.http.records import Record
from connector.redact import register
from connector.sources.redmine.records import UserRecord, record_of
from connector.sources.redmine.settings import Settings

PAGE_ROWS = 100
"""Redmine's cap; asking for more changes nothing."""

MOST_SETBACKS = 50
"""A list that shifts more often during one walk is left for the next run."""

Row = Mapping[str, Any]
Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class _Page:
    rows: Sequence[Row]
    total: int

    @property
    def ids(self) -> list[int]:
        return [row["id"] for row in self.rows]


class Calls:
    """A Redmine with a key that was proven good."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        key = settings.api_key.get_secret_value()
        register(key)
        self.source = transport.name
        self._transport = transport
        self._base = settings.url.rstrip("/")
        self._headers = {"X-Redmine-API-Key": key}
        self._user: UserRecord | None = None

    def user(self) -> UserRecord:
        """Return whose key it is; asked once. AuthenticationFailed for a wrong or expired one."""
        if self._user is None:
            self._user = self._record(self._who_am_i(), "user", UserRecord)
        return self._user

    def _who_am_i(self) -> Any:  # noqa: ANN401 - JSON
        try:
            # The answer holds the key itself, so it is not kept.
            return self._ask("/users/current.json", {"include": "memberships"}, keep=False)
        except NotAllowed as error:
            message = "Redmine's API is switched off, or the key's user must change the password first"
            raise NotAllowed(message, place=error.place, hint="see Administration, Settings, API") from None

    def one(self, path: str, name: str, record_type: type[Record], **params: str) -> Record:
        """Return a single record; NotFound or NotAllowed as Redmine says, UnexpectedAnswer for anything else."""
        self.user()
        return self._record(self._ask(path, params), name, record_type)

    def rows(self, path: str, name: str) -> Sequence[Row]:
        """Return a list that Redmine gives as a whole."""
        self.user()
        return self._page(path, name, {}).rows

    def walk(self, name: str, params: Params) -> Iterator[Row]:
        """Yield every row of the list once, page by page, in the order of ids.

        Each page begins with the last row of the one before. If it does not, rows before it were deleted meanwhile
        and others moved up unseen: then the walk goes back. So a row that is there all the time is never missed, and
        one already seen is not yielded again.
        """
        self.user()
        last, offset, setbacks = 0, 0, 0
        while True:
            page = self._page(f"/{name}.json", name, {**params, "sort": "id:asc", "limit": PAGE_ROWS, "offset": offset})
            ids = self._increasing(page, name)
            if offset and (not ids or ids[0] > last):
                offset, setbacks = max(0, offset - PAGE_ROWS), setbacks + 1
                self._refuse_endless(setbacks, name)
                continue
            yield from (row for row in page.rows if row["id"] > last)
            last = max(last, *ids) if ids else last
            if offset + len(ids) >= page.total:
                return
            offset += self._step(page, name)

    def whole(self, name: str, params: Params) -> list[Row]:
        """Return every row of a list that cannot be sorted by id; read again from the start if it shifted meanwhile."""
        self.user()
        setbacks = 0
        while (rows := self._unshifted(name, params)) is None:
            setbacks += 1
            self._refuse_endless(setbacks, name)
        return rows

    def _unshifted(self, name: str, params: Params) -> list[Row] | None:
        """Return the rows of one reading, None if a page did not begin with the last row of the one before."""
        rows: list[Row] = []
        offset = 0
        while True:
            page = self._page(f"/{name}.json", name, {**params, "limit": PAGE_ROWS, "offset": offset})
            if rows and (not page.rows or page.rows[0]["id"] != rows[-1]["id"]):
                return None
            rows[-1:] = page.rows
            if offset + len(page.rows) >= page.total:
                return rows
            offset += self._step(page, name)

    def change(self, path: str, body: Mapping[str, Any]) -> None:
        """Change a record; DocumentRejected in Redmine's words, OutcomeUnknown where the answer was lost."""
        self.user()
        url = f"{self._base}{path}"
        self._transport.send_json("PUT", url, body=body, headers=self._headers, refusal=words_of_refusal)

    def _page(self, path: str, name: str, params: Params) -> _Page:
        answer = self._ask(path, params)
        try:
            page = _Page(answer[name], int(answer.get("total_count", len(answer[name]))))
            sound = all(isinstance(number, int) for number in page.ids)
        except (KeyError, TypeError, ValueError, AttributeError):
            sound = False
        if not sound:
            raise self._unexpected(name, "no list of them came")
        return page

    def _increasing(self, page: _Page, name: str) -> list[int]:
        """Return the ids of the page; UnexpectedAnswer if they are not in order: a walk would lose rows."""
        if any(after <= before for before, after in pairwise(page.ids)):
            raise self._unexpected(name, "they are not in the order of ids")
        return page.ids

    def _step(self, page: _Page, name: str) -> int:
        """Return how far on the next page begins; it overlaps by one row."""
        if len(page.rows) <= 1:
            raise self._unexpected(name, "more are announced than come")
        return len(page.rows) - 1

    def _refuse_endless(self, setbacks: int, name: str) -> None:
        if setbacks > MOST_SETBACKS:
            message = f"the list of {name} keeps changing while it is read"
            raise Unavailable(message, place=self.source, hint="the next run tries again")

    def _record(self, answer: Any, name: str, record_type: type[Record]) -> Record:  # noqa: ANN401 - JSON
        row = answer.get(name) if isinstance(answer, dict) else None
        record = record_of(row or {}, record_type, f"{self.source}: {name}")
        if isinstance(record, Problem):
            raise self._unexpected(name, record.message)
        return record

    def _unexpected(self, name: str, fault: str) -> UnexpectedAnswer:
        return UnexpectedAnswer(f"{name}: {fault}", place=f"{self.source}: {self._base}", hint="is this a Redmine?")

    def _ask(self, path: str, params: Params, *, keep: bool = True) -> Any:  # noqa: ANN401 - JSON
        return self._transport.get_json(
            f"{self._base}{path}", params=params, headers=self._headers, refusal=words_of_refusal, keep=keep
        )


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return Redmine's own words, which are in the language of the user: '{"errors": ["Datum ist ungültig"]}'."""
    errors = answer.get("errors") if isinstance(answer, dict) else None
    return "; ".join(map(str, errors)) if isinstance(errors, list) else ""
