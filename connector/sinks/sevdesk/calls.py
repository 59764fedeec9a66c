"""Calls of the API: address, token, pace, the wrapper around every answer, and what a refusal says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector.core.errors import DocumentRejected, NotFound, RefusedError, UnexpectedAnswer
from connector.core.ports import Rate
from connector.http import Transport
from connector.redact import redact
from connector.sinks.sevdesk.settings import Settings

RATE = Rate(requests=4, seconds=1, burst=4)
"""Our own: sevDesk publishes no limit, and asks for moderation."""

LARGEST_PAGE = 1000
"""Rows of a list the documentation allows."""

MOST_PAGES = 100
"""A list that is longer is not one we asked for."""

NO_SUCH_OBJECT = 151
"""Code of an error, as measured."""

_BAD_REQUEST = 400

Record = dict[str, Any]
Params = Mapping[str, str | int]

NO_PARAMS: Params = {}


class Calls:
    """Reads and writes of one account."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        token = settings.api_token.get_secret_value()
        self.name = transport.name
        self._url = f"{settings.url}/api/v1"
        self._transport = transport
        self._headers = {"Authorization": token, "User-Agent": "Honorar"}
        transport.keep_to(RATE, token)

    def get(self, path: str, params: Params = NO_PARAMS) -> Any:  # noqa: ANN401 - validated by those who read it
        """Return what is wrapped in "objects" at the path.

        An error may come with status 200 (as measured): NotFound, or RefusedError in the vendor's words.
        """
        answer = self._transport.get_json(
            f"{self._url}/{path}", params=params, headers=self._headers, refusal=words_of_refusal
        )
        match answer:
            case {"error": dict(error)}:
                kind = NotFound if error.get("code") == NO_SUCH_OBJECT else RefusedError
                message = f"refused: {redact(words_of_refusal(answer))}"
                raise kind(message, place=f"{self.name}: {path}")
            case {"objects": objects}:
                return objects
        raise self.not_understood(path)

    def one(self, path: str) -> Record:
        """Return the record at the path; NotFound, also where sevDesk calls its absence a bad request."""
        try:
            objects = self.get(path)
        except RefusedError as error:
            if error.status != _BAD_REQUEST:
                raise
            raise NotFound(error.message, place=error.place, status=error.status) from None
        return self.record(objects[0] if isinstance(objects, list) and objects else objects, path)

    def rows(self, path: str, params: Params = NO_PARAMS) -> Iterator[Record]:
        """Yield the rows of a list, page by page.

        sevDesk ignores a filter it does not know, and answers with everything: so whoever asks compares every row.
        """
        for page in range(MOST_PAGES):
            where = {"limit": LARGEST_PAGE, "offset": page * LARGEST_PAGE}
            objects = self.get(path, {**params, **where})
            if not isinstance(objects, list):
                raise self.not_understood(path)
            for row in objects:
                yield self.record(row, path)
            if len(objects) < LARGEST_PAGE:
                return
        message = f"the list is longer than {MOST_PAGES * LARGEST_PAGE} rows"
        raise UnexpectedAnswer(message, place=f"{self.name}: {path}", hint="name a later day")

    def send(self, method: str, path: str, body: Record | None = None, params: Params = NO_PARAMS) -> Any:  # noqa: ANN401 - see get
        """Change something, and return what is wrapped in "objects", None for nothing.

        DocumentRejected in the vendor's words, also where they come with status 200; OutcomeUnknown if lost.
        """
        answer = self._transport.send_json(
            method, f"{self._url}/{path}", body=body, params=params, headers=self._headers, refusal=words_of_refusal
        )
        if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
            message = f"refused: {redact(words_of_refusal(answer))}"
            raise DocumentRejected(message, place=f"{self.name}: {path}")
        return answer.get("objects") if isinstance(answer, dict) else None

    def record(self, answer: Any, path: str) -> Record:  # noqa: ANN401 - whatever came
        """Return the answer if it is a record with an id, which is text from then on; UnexpectedAnswer otherwise."""
        if not isinstance(answer, dict) or not str(answer.get("id") or "").isdecimal():
            raise self.not_understood(path)
        return {**answer, "id": str(answer["id"])}

    def not_understood(self, path: str) -> UnexpectedAnswer:
        """Return the error of an answer that lacks what is documented or was measured."""
        return UnexpectedAnswer("the answer is not what is documented", place=f"{self.name}: {path}")


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - whatever came
    """Return what is wrong in the vendor's words, with the fields that are missing where it names them."""
    match answer:
        case {"error": {"message": str(message), "data": {"missing information": list(missing)}}}:
            return f"{message}: {', '.join(map(str, missing))}"
        case {"error": {"message": str(message)}} | {"message": str(message)}:
            return message
    return ""


def ref(name: str, number: str | int) -> Record:
    """Return how sevDesk points at one of its objects."""
    return {"id": int(number), "objectName": name}


def id_in(record: Record, name: str) -> str:
    """Return the id of the object that the record points at under the name, '' for none."""
    pointer = record.get(name)
    return str(pointer.get("id") or "") if isinstance(pointer, dict) else ""
