"""The calls to MOCO: lists are read whole, so that no row is lost or doubled when a page shifts.

MOCO gives 100 rows a page, tells the total in a header, and promises no order (docs/sources/moco.md). So a list counts
only if its total stayed, no row came twice, and no row was changed since the first page; else it is read again. Time
entries are many: a period with too many of them is halved until what is read at once is small.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from connector.core.errors import Unavailable, UnexpectedAnswer
from connector.core.period import Period
from connector.http import Page, Rate, Transport
from connector.redact import register
from connector.sources.moco.settings import Settings

RATE = Rate(requests=100, seconds=120, burst=20)
"""MOCO allows 120 requests in 2 minutes; the burst is taken off, because it may count in windows."""

PAGE_ROWS = 100
"""What MOCO puts on a page."""

MOST_ROWS = 2000
"""A period with more entries is read in two halves."""

MOST_SETBACKS = 20
"""A list that shifts more often while it is read is left for the next run."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Row = Mapping[str, Any]
Params = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class _Rows:
    """One page; `asked_at` is the server's clock in the form of `updated_at`, '' if it did not tell."""

    rows: Sequence[Row]
    total: int
    asked_at: str

    @property
    def by_id(self) -> dict[int, Row]:
        return {row["id"]: row for row in self.rows}


class Calls:
    """A MOCO with its key."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        key = settings.api_key.get_secret_value()
        register(key)
        self.source = transport.name
        self._asked_at: dict[str, str] = {}
        self._transport = transport
        self._base = f"{settings.url.rstrip('/')}/api/v1"
        self._headers = {"Authorization": f"Token token={key}"}
        # Whether MOCO counts by key or by account is not told: all keys of one account share the slots.
        transport.keep_to(RATE, account=self._base)

    def one(self, path: str, row: Row) -> Any:  # noqa: ANN401 - JSON
        """Return the record behind a row of the list at the path; NotFound where it is gone.

        It is asked for anew whenever anything in the row has changed. MOCO dates changes by the second, so a row that
        was changed in the second in which it was read, or later, may change again unseen: its record is not kept.
        """
        stamp = str(row.get("updated_at") or "")
        return self._transport.get_version(
            f"{self._base}{path}/{row['id']}",
            _version(row) if stamp < self._asked_at.get(path, "") else "",
            lambda record: isinstance(record, dict) and record.get("updated_at") == stamp,
            headers=self._headers,
            refusal=words_of_refusal,
        )

    def rows(self, path: str, **params: str) -> list[Row]:
        """Return every row of the list in the order of ids; Unavailable if it never holds still."""
        return self._whole(path, params, self._page(path, params, 1))

    def dated(self, path: str, period: Period, **further: str) -> Iterator[Row]:
        """Yield every row of the list whose `date` lies in the period; UnexpectedAnswer if one does not."""
        params = {"from": period.start.isoformat(), "to": period.last_day.isoformat(), **further}
        first = self._page(path, params, 1)
        if first.total > MOST_ROWS and period.days > 1:
            for half in _halves(period):
                yield from self.dated(path, half, **further)
            return
        for row in self._whole(path, params, first):
            day = row.get("date")
            if isinstance(day, str) and _DAY.fullmatch(day) and not params["from"] <= day <= params["to"]:
                message = f"a row of {day} came, though {params['from']} to {params['to']} was asked for"
                raise self._unexpected(path, message)
            yield row

    def _whole(self, path: str, params: Params, first: _Rows) -> list[Row]:
        for setback in range(MOST_SETBACKS):
            beginning = self._page(path, params, 1) if setback else first
            if (rows := self._unshifted(path, params, beginning)) is not None:
                self._asked_at[path] = beginning.asked_at
                return rows
        message = f"{path} keeps changing while it is read"
        raise Unavailable(message, place=self.source, hint="the next run tries again")

    def _unshifted(self, path: str, params: Params, first: _Rows) -> list[Row] | None:
        """Return the rows in the order of ids, read on from this page; None if they shifted meanwhile."""
        rows, read, number = first.by_id, len(first.rows), 1
        while read < first.total:
            number += 1
            page = self._page(path, params, number)
            if page.total != first.total or not page.rows or not rows.keys().isdisjoint(page.by_id):
                return None
            rows |= page.by_id
            read += len(page.rows)
        if len(rows) > first.total:
            raise self._unexpected(path, f"{len(rows)} rows came, though it announces {first.total}")
        # One row that left and one that came would keep the total as it was.
        if number > 1 and _changed_since(first.asked_at, rows.values()):
            return None
        return [rows[number] for number in sorted(rows)]

    def _page(self, path: str, params: Params, number: int) -> _Rows:
        page = self._transport.get_page(
            f"{self._base}{path}", params={**params, "page": number}, headers=self._headers, refusal=words_of_refusal
        )
        rows = page.json
        if not isinstance(rows, list) or not all(isinstance(row, dict) and type(row.get("id")) is int for row in rows):
            raise self._unexpected(path, "no list of records came")
        return _Rows(rows, self._total(page, path), _clock(page))

    def _total(self, page: Page, path: str) -> int:
        """Return how many rows the list has; a list without the header is whole if it would fit on a page."""
        told = page.headers.get("X-Total", "")
        if told.isascii() and told.isdigit():
            return int(told)
        if told or len(page.json) >= PAGE_ROWS:
            raise self._unexpected(path, "it does not tell how many rows there are (X-Total)")
        return len(page.json)

    def _unexpected(self, path: str, fault: str) -> UnexpectedAnswer:
        return UnexpectedAnswer(f"{path}: {fault}", place=f"{self.source}: {self._base}", hint="is this a MOCO?")


def _halves(period: Period) -> tuple[Period, Period]:
    middle = period.start + timedelta(days=period.days // 2)
    return Period(period.start, middle), Period(middle, period.end)


def _version(row: Row) -> str:
    """Return a digest over all the row says: that an edit of an item moves `updated_at` is not documented."""
    said = json.dumps(row, sort_keys=True, default=str)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _changed_since(instant: str, rows: Iterable[Row]) -> bool:
    return bool(instant) and any(str(row.get("updated_at") or "") >= instant for row in rows)


def _clock(page: Page) -> str:
    """Return the server's clock as MOCO writes instants: '2026-01-31T09:33:46Z'."""
    try:
        return parsedate_to_datetime(page.headers.get("Date", "")).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return ""


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return MOCO's own words: a message, or what is wrong with each field."""
    if not isinstance(answer, dict):
        return ""
    if isinstance(answer.get("message"), str):
        return str(answer["message"])
    return "; ".join(
        f"{name}: {', '.join(map(str, words))}" for name, words in answer.items() if isinstance(words, list)
    )
