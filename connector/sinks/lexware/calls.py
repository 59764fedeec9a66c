"""Calls of the API: address, key, pace, and what a refusal says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from connector.core.errors import UnexpectedAnswer
from connector.core.ports import Rate
from connector.http import Transport
from connector.sinks.lexware.settings import Settings

RATE = Rate(requests=2, seconds=1, burst=4)
"""Over all addresses and all programs of the organisation; the bucket of four was measured."""

LARGEST_PAGE = 250
"""Rows of a list the documentation allows."""

MOST_PAGES = 40
"""Lists end after 10,000 rows."""

_INTERNAL_ERROR = 500

Record = dict[str, Any]


class Calls:
    """Reads and writes of one organisation."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        key = settings.api_key.get_secret_value()
        self.name = transport.name
        self._url = f"{settings.url}/v1"
        self._transport = transport
        self._headers = {"Authorization": f"Bearer {key}"}
        transport.keep_to(RATE, key, speaks_of_rate=speaks_of_rate)

    def get(self, path: str, **params: str | int) -> Any:  # noqa: ANN401 - validated by those who read it
        """Return the JSON at the path."""
        return self._transport.get_json(f"{self._url}/{path}", params=params, headers=self._headers, refusal=words)

    def send(self, method: str, path: str, body: Record, **params: str) -> Record:
        """Change something, and return the answer; DocumentRejected in the vendor's words, OutcomeUnknown if lost."""
        answer = self._transport.send_json(
            method, f"{self._url}/{path}", body=body, params=params, headers=self._headers, refusal=words
        )
        return answer if isinstance(answer, dict) else {}

    def rows(self, path: str, **params: str | int) -> Iterator[Record]:
        """Yield the rows of a list, page by page; a list that never ends is an UnexpectedAnswer."""
        for number in range(MOST_PAGES):
            page = self.get(path, page=number, size=LARGEST_PAGE, **params)
            if not isinstance(page, dict) or not isinstance(page.get("content"), list):
                raise self.not_understood(path)
            for row in page["content"]:
                yield self.record(row, path)
            if page.get("last", True):
                return
        message = f"the list is longer than {MOST_PAGES * LARGEST_PAGE} rows"
        raise UnexpectedAnswer(message, place=f"{self.name}: {path}", hint="name a later day")

    def record(self, answer: Any, path: str) -> Record:  # noqa: ANN401 - whatever came
        """Return the answer if it is a record with an id; UnexpectedAnswer otherwise."""
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise self.not_understood(path)
        return answer

    def not_understood(self, path: str) -> UnexpectedAnswer:
        """Return the error of an answer that lacks what the documentation promises."""
        return UnexpectedAnswer("the answer is not what is documented", place=f"{self.name}: {path}")


def speaks_of_rate(status: int, body: bytes) -> bool:
    """Tell whether an internal error means "too many requests", as was measured.

    Its message alone counts: elsewhere it may repeat a text of ours, and what may have been done is not sent again.
    """
    if status != _INTERNAL_ERROR:
        return False
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and "rate limit" in str(answer.get("message")).lower()


def words(answer: Any) -> str:  # noqa: ANN401 - whatever came
    """Return what is wrong in the vendor's words, from any of the three forms of its errors."""
    match answer:
        case {"IssueList": list(issues)}:
            return "; ".join(_joined(issue, "source", "i18nKey") for issue in issues)
        case {"details": list(details), **rest} if details:
            named = "; ".join(_joined(each, "field", "violation", "message") for each in details)
            return " – ".join(filter(None, (str(rest.get("message") or ""), named)))
        case {"message": str(message)}:
            return message
    return ""


def _joined(entry: Any, *names: str) -> str:  # noqa: ANN401 - whatever came
    return " ".join(str(entry[name]) for name in names if entry.get(name)) if isinstance(entry, dict) else ""
