"""The calls to Tryton's REST API: which modules are active is asked first, and lists are walked by id.

An unknown model or field is answered with a page of HTML and status 500, so the instance is asked for its fields before
any is named. A walk asks for the rows after the last id it has seen: rows that come, go or change meanwhile move no
others.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

from connector.core.errors import ConfigError, UnexpectedAnswer
from connector.core.suggest import did_you_mean
from connector.http import Transport
from connector.redact import register
from connector.sources.tryton.settings import Settings

PAGE_ROWS = 1000
"""Tryton gives as many as are asked for; so many are a good half second's work for it."""

MODELS = ("party.party", "project.work", "timesheet.line", "sale.sale", "sale.line", "stock.move")
"""What is read, where its module is active."""

Row = Mapping[str, Any]
Clause = Sequence[object]


class Calls:
    """A Tryton with a key, seen as one of its companies."""

    def __init__(self, settings: Settings, transport: Transport) -> None:
        key = settings.api_key.get_secret_value()
        register(key)
        self.source = transport.name
        self._transport = transport
        self._settings = settings
        self._base = f"{settings.url.rstrip('/')}/{settings.database}/rest/model"
        # Names of units, countries and the like are translated; English is what they are in every database.
        self._headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}

    @cached_property
    def fields(self) -> Mapping[str, frozenset[str]]:
        """Return the names of the fields of each model that is read; none of a model whose module is not active."""
        names: dict[str, set[str]] = {model: set() for model in MODELS}
        for row in self._walk("ir.model.field", ("model", "name"), (["model", "in", MODELS],), {}):
            names.setdefault(str(row.get("model")), set()).add(str(row.get("name")))
        return {model: frozenset(found) for model, found in names.items()}

    def need(self, model: str, field: str, module: str) -> None:
        """Raise ConfigError if the instance does not have the field, which comes with the module."""
        if field not in self.fields[model]:
            hint = f"activate the module {module}, or see the settings in docs/sources/tryton.md"
            if self.fields[model] and not module:
                hint = did_you_mean(field, self.fields[model])
            message = f"this Tryton has no field {field!r} of {model}"
            raise ConfigError(message, place=self.source, hint=hint)

    @cached_property
    def company(self) -> int:
        """Return the id of the company; ConfigError where its name is wrong, or needed and not told."""
        rows = list(self._walk("company.company", ("party.name",), (), {}))
        parties = [row.get("party") for row in rows]
        told = [party.get("name") if isinstance(party, dict) else None for party in parties]
        names = {str(name): int(row["id"]) for name, row in zip(told, rows, strict=True)}
        wanted = self._settings.company
        if not wanted and len(rows) == 1:
            return int(rows[0]["id"])
        if wanted in names:
            return names[wanted]
        message = f"no company is called {wanted!r}" if wanted else "the key's user sees no company, or several"
        hint = did_you_mean(wanted, names) if wanted else f"write which: company = one of {', '.join(sorted(names))}"
        raise ConfigError(message, place=f"{self.source}: company", hint=hint)

    def walk(self, model: str, fields: Sequence[str], *domain: Clause) -> Iterator[Row]:
        """Yield every row that meets all the clauses once, in the order of ids, inactive ones included."""
        context = {"company": self.company, "active_test": False}
        return self._walk(model, fields, domain, context)

    def of_company(self, model: str, fields: Sequence[str], *domain: Clause) -> Iterator[Row]:
        """Yield every row of the company that meets all the clauses; else like `walk`."""
        return self.walk(model, fields, ["company", "=", self.company], *domain)

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
        rows = self._transport.get_json(
            f"{self._base}/{model}",
            params={"d": _encoded(domain), "o": _encoded([["id", "ASC"]]), "s": PAGE_ROWS, "f": fields},
            headers={**self._headers, "X-Tryton-Context": _encoded(context)},
            refusal=words_of_refusal,
        )
        if not isinstance(rows, list) or not all(isinstance(row, dict) and type(row.get("id")) is int for row in rows):
            raise self._unexpected(model, "no list of records came")
        return rows

    def _unexpected(self, model: str, fault: str) -> UnexpectedAnswer:
        return UnexpectedAnswer(f"{model}: {fault}", place=f"{self.source}: {self._base}", hint="is this a Tryton 8?")


def _encoded(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode()


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return Tryton's own words: '{"message": "You are not allowed to …", "description": ""}'."""
    if not isinstance(answer, dict):
        return ""
    return " ".join(str(answer[name]).strip() for name in ("message", "description") if answer.get(name))
