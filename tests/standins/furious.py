"""A Furious in memory, built from the facts of the vendor's PHP SDK 1.1.0 and of public clients; never a real one.

What it keeps to: the log-in by POST, `F-Auth-Token`, searches by GET or POST with the query in the address, twenty
records where no limit is stated, `meta` with both totals, refusals with status 200 and `success: false`, values as
texts with HTML entities; changes by POST with `action: update` and the id among the data. Where the facts are silent,
it is strict: an unknown field or operator refuses the search, an unknown field, id or action the change.
No limit of calls is known, so it has none.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from html import escape
from typing import Any

from tests.standins._furious_agency import fill
from tests.standins.server import Asked, Said

__all__ = ["Furious", "api", "fill"]

Row = dict[str, Any]

DEFAULT_LIMIT = 20

SEEN: dict[str, tuple[str, str, str]] = {
    "crm": ("Clients", "id", "id company company_id lastname firstname email phone city country type status tags"),
    "company": ("Company", "id", "id"),
    "project": ("Project", "id", "id title company_name contact_company_id start_date end_date currency type actif"),
    "proposal": (
        "Proposal",
        "id",
        """id id_furious date title amount discount discounted_amount vat currency statut pipe pipe_name client_id
        company_name created_at last_updated_at signature_date projet_start projet_stop project_id""",
    ),
    "proposal-rate-card": (
        "ProposalRateCard",
        "id",
        "id proposal_id bu_id amount purchase_price is_option unit_type category quantity vat discount",
    ),
    "proposal-addon": (
        "ProposalAddon",
        "id_system",
        "id_system id amount status title date signature_date discount project_id created_at updated_at",
    ),
    "project-rate-card": ("ProjectRateCard", "id", "id project_id amount bu_id"),
    "project-rate-card-history": ("ProjectRateCardHistory", "id", "id"),
    "project-advancement": ("ProjectAdvancement", "id", "id"),
    "sprint": (
        "Sprint",
        "id",
        """id project_id title time time_in_hours start_date end_date assigned_people assigned_people_name
        project_rate_card_id project_rate_card_label proposal_id is_validated category_name project_name client_name""",
    ),
    "purchase": (
        "Purchase",
        "id",
        "id title cost vat currency project_id statut start_date end_date type expense_type",
    ),
    "contract": (
        "Contract",
        "id",
        "id name date_limit client_company_id project_id content prevenance tacite_reconduction entity",
    ),
    "stand-alone-invoice": (
        "Invoices",
        "id",
        """id id_system proposal_id project_id project_name company_name company_id amount_ht vat amount_inc_tax statut
        is_cancelled invoice_date issue_date due_date payment_date entity currency period_start period_stop author
        tags""",
    ),
}
"""Addresses, names in queries, identifying fields, and the fields that were seen in use."""

FIELDS_OF_THE_INSTANCE = {
    "crm": "cf_kundennummer cf_strasse cf_plz cf_ust_id cf_zahlungsziel cf_sprache",
    "company": "name",
    "project": "cf_projektnummer cf_teil_von cf_abrechnung",
    "proposal": "cf_angebotsnummer",
    "proposal-rate-card": "cf_position label start_date end_date proposal_addon_id",
    "proposal-addon": "cf_nachtragsnummer",
    "project-rate-card": "proposal_rate_card_id",
    "project-rate-card-history": "project_rate_card_id date advancement quantity_done",
    "project-advancement": "project_id date advancement category",
    "contract": "cf_beginn cf_turnus cf_pauschale cf_stunden cf_waehrung",
    "stand-alone-invoice": "cf_rechnungsnummer",
}
"""Fields this one instance has besides: invented, because nobody has seen theirs."""


CHANGEABLE = ("stand-alone-invoice",)
"""Of the resources here that Furious lets be changed, those that are."""


class RefusedSearchError(Exception):
    """The search or change cannot be read, or names what is not there."""


@dataclass
class Furious:
    """The server. `cap` is the most records of a page, whatever is asked for; `on_search` is called after each."""

    expires_in: int = 3600
    cap: int = 1000
    clock: Callable[[], float] = time.monotonic
    refused_with_200: bool = False
    tables: dict[str, list[Row]] = field(default_factory=lambda: {path: [] for path in SEEN})
    tokens: dict[str, float] = field(default_factory=dict)
    on_search: Callable[[str], None] = lambda _path: None
    _logins: int = 0

    def answer(self, asked: Asked) -> Said:
        """Return what Furious would."""
        _, _, path = asked.path.partition("/api/v2/")
        path = path.strip("/")
        if path == "auth":
            return self._login(asked)
        if self.clock() >= self.tokens.get(asked.headers.get("f-auth-token", ""), float("-inf")):
            return Said(200 if self.refused_with_200 else 401, {"success": False, "message": "Token invalide"})
        if path not in SEEN:
            return Said(404, {"success": False, "message": "Not found"})
        try:
            said = Said(
                200, self._search(path, query) if (query := asked.value("query")) else self._update(path, asked)
            )
        except RefusedSearchError as error:
            return Said(200, {"success": False, "errors": [str(error)]})
        self.on_search(path)
        return said

    def add(self, path: str, **values: object) -> str:
        """Take a record in and return its id."""
        name, key, _ = SEEN[path]
        values.setdefault(key, 100 + len(self.tables[path]))
        row = {each: _told(value) for each, value in values.items()}
        assert set(row) <= self.fields(path), f"{name} has no such field: {set(row) - self.fields(path)}"
        self.tables[path].append(row)
        return str(row[key])

    def fields(self, path: str) -> set[str]:
        """Return the fields that can be asked for."""
        return {*SEEN[path][2].split(), *FIELDS_OF_THE_INSTANCE.get(path, "").split()}

    def _login(self, asked: Asked) -> Said:
        body = asked.json()
        data = body.get("data", {})
        if asked.method != "POST" or body.get("action") != "auth":
            return Said(400, {"success": False, "message": ["Unknown action"]})
        if not data.get("username", "").strip() or not data.get("password"):
            return Said(200, {"success": False, "message": ["Identifiants invalides"]})
        self._logins += 1
        token = f"token-number-{self._logins}"
        self.tokens[token] = self.clock() + self.expires_in
        return Said(200, {"success": True, "token": token, "expires_in": self.expires_in})

    def _search(self, path: str, query: str) -> Row:
        name = SEEN[path][0]
        asked_name, arguments, fields = _Parser(query).query()
        if asked_name != name:
            message = f'Cannot query field "{asked_name}" on type "Query".'
            raise RefusedSearchError(message)
        for each in fields:
            self._known(path, each)
        rows = self.tables[path]
        kept = [row for row in rows if all(self._matches(path, row, *test) for test in _tests(arguments))]
        for order in reversed(dict(arguments).get("order", [])):
            for by, direction in order:
                self._known(path, by)
                kept.sort(key=partial(_key, by), reverse=direction == "desc")
        offset, limit = int(dict(arguments).get("offset", 0)), int(dict(arguments).get("limit", DEFAULT_LIMIT))
        page = kept[offset : offset + min(limit, self.cap)]
        told = [{each: row.get(each) for each in fields} for row in page]
        meta = {"totalElements": len(rows), "totalElementsWithFilters": len(kept)}
        return {"success": True, "data": {name: told}, "meta": meta}

    def _update(self, path: str, asked: Asked) -> Row:
        """Change one record as the vendor's SDK asks for it; what comes back is not documented but for `success`."""
        body = asked.json() if asked.method == "POST" else {}
        if body.get("action") != "update" or path not in CHANGEABLE:
            message = "Unknown action"
            raise RefusedSearchError(message)
        values = dict(body["data"])
        key = str(values.pop("id"))
        row = next((row for row in self.tables[path] if row[SEEN[path][1]] == key), None)
        for name in values:
            self._known(path, name)
        if row is None:
            message = f"Unknown id {key}"
            raise RefusedSearchError(message)
        row.update({name: _told(value or None) for name, value in values.items()})
        return {"success": True}

    def _matches(self, path: str, row: Row, by: str, operator: str, value: Any) -> bool:  # noqa: ANN401 - JSON
        self._known(path, by)
        if operator not in OPERATORS:
            message = f'Unknown operator "{operator}".'
            raise RefusedSearchError(message)
        return OPERATORS[operator](row.get(by), value)

    def _known(self, path: str, name: str) -> None:
        if name not in self.fields(path):
            message = f'Cannot query field "{name}" on type "{SEEN[path][0]}".'
            raise RefusedSearchError(message)


def api(**wishes: Any) -> Furious:  # noqa: ANN401 - whatever the class takes
    """Return an empty Furious."""
    return Furious(**wishes)


def _told(value: object) -> str | None:
    """Return the value as PHP's programs send it: a text, with HTML entities."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(int(value))
    return escape(f"{value:f}" if isinstance(value, Decimal) else str(value)).replace("&#x27;", "&#039;")


def _key(by: str, row: Row) -> tuple[bool, int, str]:
    return _sortable(row.get(by))


def _sortable(value: str | None) -> tuple[bool, int, str]:
    plain = value or ""
    return (not plain.isdigit(), int(plain) if plain.isdigit() else 0, plain)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda held, asked: held == str(asked),
    "neq": lambda held, asked: held != str(asked),
    "gt": lambda held, asked: _sortable(held) > _sortable(str(asked)),
    "gte": lambda held, asked: _sortable(held) >= _sortable(str(asked)),
    "le": lambda held, asked: _sortable(held) < _sortable(str(asked)),
    "leq": lambda held, asked: _sortable(held) <= _sortable(str(asked)),
    "in": lambda held, asked: held in map(str, asked),
    "nin": lambda held, asked: held not in map(str, asked),
    "null": lambda held, asked: (held is None) == bool(asked),
    "like": lambda held, asked: asked.strip("%") in (held or ""),
    "nlike": lambda held, asked: asked.strip("%") not in (held or ""),
}
"""`le` is less and `leq` is less or equal, as in the vendor's classes Less and LessOrEqual."""

Pairs = list[tuple[str, Any]]


def _tests(arguments: Pairs) -> Iterator[tuple[str, str, Any]]:
    for by, conditions in dict(arguments).get("filter", []):
        for operator, value in conditions:
            yield by, operator, value


_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[A-Za-z_][A-Za-z0-9_]*|-?\d+(?:\.\d+)?|[{}()\[\]:,])')


class _Parser:
    """Reads `{Name(arguments){fields}}`; objects become lists of pairs, because names may stand twice in a filter."""

    def __init__(self, query: str) -> None:
        self._tokens = _tokens(query)
        self._at = 0

    def query(self) -> tuple[str, Pairs, Sequence[str]]:
        """Return name, arguments and fields."""
        self._take("{")
        name = self._next()
        arguments = self._pairs("(", ")") if self._peek() == "(" else []
        self._take("{")
        fields = []
        while self._peek() != "}":
            fields.append(self._next())
            self._skip_comma()
        self._take("}")
        self._take("}")
        if self._at != len(self._tokens) or not fields:
            self._fail()
        return name, arguments, fields

    def _pairs(self, opening: str, closing: str) -> Pairs:
        pairs: Pairs = []
        self._take(opening)
        while self._peek() != closing:
            name = self._next()
            self._take(":")
            pairs.append((name, self._value()))
            self._skip_comma()
        self._take(closing)
        return pairs

    def _value(self) -> Any:  # noqa: ANN401 - JSON
        if self._peek() == "{":
            return self._pairs("{", "}")
        if self._peek() == "[":
            values = []
            self._take("[")
            while self._peek() != "]":
                values.append(self._value())
                self._skip_comma()
            self._take("]")
            return values
        token = self._next()
        if token.startswith('"'):
            return json.loads(token)
        return {"true": True, "false": False, "null": None}.get(token, token)

    def _skip_comma(self) -> None:
        if self._peek() == ",":
            self._next()

    def _peek(self) -> str:
        if self._at >= len(self._tokens):
            self._fail()
        return self._tokens[self._at]

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _take(self, token: str) -> None:
        if self._next() != token:
            self._fail()

    def _fail(self) -> None:
        message = "Syntax Error"
        raise RefusedSearchError(message)


def _tokens(query: str) -> list[str]:
    tokens, at = [], 0
    query = query.strip()
    while at < len(query):
        match = _TOKEN.match(query, at)
        if match is None:
            message = f"Syntax Error: unexpected {query[at]!r}"
            raise RefusedSearchError(message)
        tokens.append(match[1])
        at = match.end()
    return tokens
