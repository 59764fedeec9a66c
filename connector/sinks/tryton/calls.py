"""Calls of Tryton's REST interface: address, key, context, and values as its JSON has them.

Decimals, days and moments are objects there that name their class. Whatever the key's user may not see is left out of
an answer without a word; a model of a module that is not activated is a fault of the server.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from connector.core.errors import OutcomeUnknown, UnexpectedAnswer
from connector.http import Transport
from connector.http.bodies import as_json
from connector.sinks.tryton.settings import Settings

PAGE = 200
"""Records asked for at once."""

Record = dict[str, Any]
Domain = Sequence[Any]
"""Clauses that a record must all meet, such as ["state", "=", "posted"]."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Reads and writes in one database; `context` goes along with each of them."""

    transport: Transport
    url: str
    key: str = field(repr=False)
    context: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, settings: Settings, transport: Transport) -> Calls:
        """Return the calls of the database."""
        return cls(transport, f"{settings.url}/rest/model", settings.api_key.get_secret_value())

    @property
    def name(self) -> str:
        """Return what the configuration calls the sink."""
        return self.transport.name

    def within(self, **context: Any) -> Calls:  # noqa: ANN401 - whatever Tryton's modules read there
        """Return calls with more context."""
        return replace(self, context=(*self.context, *context.items()))

    def search(self, model: str, domain: Domain, fields: Sequence[str]) -> Iterator[Record]:
        """Yield the records that meet the domain, in the order they were made."""
        found = PAGE
        offset = 0
        while found == PAGE:
            page = self._get(model, fields, d=_encoded(domain), o=_encoded([["id", "ASC"]]), s=PAGE, p=offset)
            if not isinstance(page, list):
                raise self.not_understood(model)
            yield from (self._record(each, model) for each in page)
            found = len(page)
            offset += found

    def read(self, model: str, number: str | int, fields: Sequence[str]) -> Record:
        """Return the record; NotFound where there is none."""
        return self._record(self._get(f"{model}/{number}", fields), model)

    def ask(self, model: str, action: str, **values: Any) -> Any:  # noqa: ANN401 - whatever the action answers
        """Return what an action answers that changes nothing."""
        address = f"{self.url}/{model}/{action}"
        return told(self.transport.ask_json(address, body=values, headers=self._headers, refusal=words))

    def send(self, path: str, values: Record, fields: Sequence[str]) -> Record:
        """Create a record of the model, or press a button of one, and return the record as it is then.

        DocumentRejected in Tryton's words, OutcomeUnknown where the answer is lost or names no record.
        """
        address = f"{self.url}/{path}"
        answer = self.transport.send_json(
            "POST", address, body=values, params={"f": fields}, headers=self._headers, refusal=words
        )
        try:
            return self._record(told(answer), path)
        except UnexpectedAnswer as error:
            message = f"it was taken, but {error.message}"
            raise OutcomeUnknown(message, place=error.place) from None

    def not_understood(self, model: str) -> UnexpectedAnswer:
        """Return the error of an answer that lacks what was asked for."""
        message = "the answer lacks what was asked for"
        return UnexpectedAnswer(message, place=f"{self.name}: {model}", hint="may the key's user see all of it?")

    def _get(self, path: str, fields: Sequence[str], **params: str | int) -> Any:  # noqa: ANN401 - JSON
        address = f"{self.url}/{path}"
        asked = {"f": fields, **params}
        return told(self.transport.get_json(address, params=asked, headers=self._headers, refusal=words))

    def _record(self, answer: Any, model: str) -> Record:  # noqa: ANN401 - whatever came
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), int):
            raise self.not_understood(model)
        return answer

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "X-Tryton-Context": _encoded(dict(self.context))}


def words(answer: Any) -> str:  # noqa: ANN401 - whatever came
    """Return what is wrong, in Tryton's words."""
    match answer:
        case {"message": str(message), "description": str(description)}:
            return f"{message} {description}".strip()
        case {"message": str(message)}:
            return message
    return ""


def decimal(value: Decimal) -> Record:
    """Return the number as Tryton's JSON has it."""
    return {"__class__": "Decimal", "decimal": f"{value:f}"}


def day(value: date) -> Record:
    """Return the day as Tryton's JSON has it."""
    return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}


def told(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the value with decimals and days as Python has them; what is neither stays as it came."""
    match value:
        case list():
            return [told(each) for each in value]
        case {"__class__": "Decimal" | "date"}:
            return _number_or_day(value)
        case dict():
            return {name: told(each) for name, each in value.items()}
    return value


def _number_or_day(value: Record) -> Any:  # noqa: ANN401 - as `told`
    try:
        if value["__class__"] == "Decimal":
            return Decimal(value["decimal"])
        return date(value["year"], value["month"], value["day"])
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return value


def _encoded(value: Any) -> str:  # noqa: ANN401 - any JSON
    return base64.urlsafe_b64encode(as_json(value)).decode()
