"""The calls to Odoo: JSON-RPC or JSON-2, both with the same methods and rows; lists are walked by id.

JSON-RPC answers 200 to whatever happens, with an error object in place of a result; JSON-2 has statuses of its own
(odoo/documentation: external_rpc_api.rst, external_api.rst). A walk asks for the rows after the last id it has seen:
rows that come, go or change meanwhile move no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from connector.core.errors import AuthenticationFailed, ConfigError, NotAllowed, RefusedError, UnexpectedAnswer
from connector.core.suggest import did_you_mean
from connector.http import Rate, Transport
from connector.redact import register
from connector.sources.odoo.settings import Api, Settings

PAGE_ROWS = 1000
"""Odoo gives as many as are asked for."""

BURST = 10
"""So many requests at once after a pause."""

Row = Mapping[str, Any]
Clause = Sequence[object]

_MEANINGS: Mapping[str, type[RefusedError]] = {
    "odoo.exceptions.AccessDenied": AuthenticationFailed,
    "odoo.exceptions.AccessError": NotAllowed,
}
"""What errors of Odoo mean; all others are refusals that someone must look at."""


class Calls:
    """An Odoo with the key of a user, seen as one of its companies."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._key = settings.api_key.get_secret_value()
        register(self._key)
        self.source = transport.name
        self._transport = transport
        self._settings = settings
        self._base = settings.url.rstrip("/")
        self._fields: dict[str, frozenset[str]] = {}
        transport.keep_to(Rate(settings.requests_per_minute, 60, BURST), account=f"{self._base}/{settings.database}")

    def fields(self, model: str) -> frozenset[str]:
        """Return the names of the fields of the model; asked once."""
        if model not in self._fields:
            told = self._ask(model, "fields_get", {"attributes": ["type"]})
            if not isinstance(told, dict):
                raise self._unexpected(model, "it does not tell its fields")
            self._fields[model] = frozenset(told)
        return self._fields[model]

    def need(self, model: str, field: str) -> str:
        """Return the field; ConfigError if the instance does not have it."""
        known = self.fields(model)
        if field not in known:
            message = f"this Odoo has no field {field!r} of {model}"
            raise ConfigError(message, place=self.source, hint=did_you_mean(field, known))
        return field

    def first_of(self, model: str, *names: str) -> str:
        """Return the first of the names that the model has as a field: some are called otherwise in other releases."""
        return next(iter(self.having(model, *names)), None) or self.need(model, names[0])

    def having(self, model: str, *names: str) -> tuple[str, ...]:
        """Return those of the names that the model has as fields: some come with apps of their own."""
        return tuple(name for name in names if name in self.fields(model))

    @cached_property
    def company(self) -> int:
        """Return the id of the company; ConfigError where its name is wrong, or needed and not told."""
        names = {str(row.get("name")): int(row["id"]) for row in self._walk("res.company", ("name",), (), {})}
        wanted = self._settings.company
        if not wanted and len(names) == 1:
            return next(iter(names.values()))
        if wanted in names:
            return names[wanted]
        message = f"no company is called {wanted!r}" if wanted else "the key's user sees no company, or several"
        hint = did_you_mean(wanted, names) if wanted else f"write which: company = one of {', '.join(sorted(names))}"
        raise ConfigError(message, place=f"{self.source}: company", hint=hint)

    def walk(self, model: str, fields: Sequence[str], *domain: Clause) -> Iterator[Row]:
        """Yield every row that meets all the clauses once, in the order of ids, archived ones included."""
        # Names of units, taxes and the like are translated; English is what they are in every database.
        context = {"allowed_company_ids": [self.company], "active_test": False, "lang": "en_US"}
        return self._walk(model, fields, domain, context)

    def of_company(self, model: str, fields: Sequence[str], *domain: Clause) -> Iterator[Row]:
        """Yield every row of the company, or of none, that meets all the clauses; else like `walk`."""
        return self.walk(model, fields, ["company_id", "in", [self.company, False]], *domain)

    def _walk(
        self, model: str, fields: Sequence[str], domain: Sequence[Clause], context: Mapping[str, object]
    ) -> Iterator[Row]:
        last = 0
        while rows := self._page(model, fields, [["id", ">", last], *domain], context):
            if any(after["id"] <= before["id"] for before, after in pairwise([{"id": last}, *rows])):
                raise self._unexpected(model, "the rows are not in the order of ids")
            yield from rows
            last = rows[-1]["id"]

    def _page(
        self, model: str, fields: Sequence[str], domain: Sequence[Clause], context: Mapping[str, object]
    ) -> Sequence[Row]:
        asked = {"domain": domain, "fields": list(fields), "limit": PAGE_ROWS, "order": "id asc", "context": context}
        rows = self._ask(model, "search_read", asked)
        if not isinstance(rows, list) or not all(isinstance(row, dict) and type(row.get("id")) is int for row in rows):
            raise self._unexpected(model, "no list of records came")
        return rows

    def _ask(self, model: str, method: str, arguments: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        if self._settings.api is Api.JSON_2:
            headers = {"Authorization": f"bearer {self._key}", "X-Odoo-Database": self._settings.database}
            url = f"{self._base}/json/2/{model}/{method}"
            return self._transport.ask_json(url, body=arguments, headers=headers, refusal=words_of_refusal)
        who = (self._settings.database, self._user, self._key)
        return self._rpc("object", "execute_kw", *who, model, method, [], arguments)

    @cached_property
    def _user(self) -> int:
        """Return the number of the key's user; AuthenticationFailed if login or key is wrong."""
        user = self._rpc("common", "authenticate", self._settings.database, self._settings.login, self._key, {})
        if type(user) is not int:
            message = "Odoo does not accept login and key"
            raise AuthenticationFailed(message, place=f"{self.source}: {self._base}", hint="has the key expired?")
        return user

    def _rpc(self, service: str, method: str, *arguments: object) -> Any:  # noqa: ANN401 - JSON
        params = {"service": service, "method": method, "args": arguments}
        body = {"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}
        answer = self._transport.ask_json(f"{self._base}/jsonrpc", body=body, refusal=words_of_refusal)
        if isinstance(answer, dict) and "result" in answer:
            return answer["result"]
        if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
            raise self._refusal(answer["error"])
        raise self._unexpected(service, "neither result nor error came")

    def _refusal(self, error: Mapping[str, Any]) -> RefusedError:
        data = error.get("data") if isinstance(error.get("data"), dict) else {}
        meaning = _MEANINGS.get(str((data or {}).get("name")), RefusedError)
        return meaning(words_of_refusal(data) or "Odoo refuses it", place=f"{self.source}: {self._base}")

    def _unexpected(self, what: str, fault: str) -> UnexpectedAnswer:
        return UnexpectedAnswer(f"{what}: {fault}", place=f"{self.source}: {self._base}", hint="is this an Odoo?")


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return Odoo's own words, the first line of them; never its traceback, which stands beside."""
    message = answer.get("message") if isinstance(answer, dict) else None
    return str(message).strip().partition("\n")[0] if message else ""
