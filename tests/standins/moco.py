"""A MOCO as its vendor documents it (github.com/everii-Group/mocoapp-api-docs, sections/*.md, May 2026).

Keys in `Authorization: Token token=…` or `Bearer …`, pages of 100 with X-Page, X-Per-Page, X-Total and Link, archived
records left out unless asked for, offers listed without items, unknown parameters ignored, 120 requests in 2 minutes.
The order of a list without `sort_by` is not documented: here the newest come first, so that nobody relies on another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.standins._moco_agency import fill
from tests.standins.bucket import Bucket
from tests.standins.server import Asked, Said

__all__ = ["Moco", "api", "fill"]

PER_PAGE = 100

Row = dict[str, Any]
Filter = Callable[[Row, str], bool]


def api(bucket: Bucket | None = None) -> Moco:
    """Return an empty MOCO with the vendor's limit; any key that is not empty is good."""
    return Moco(bucket=bucket or Bucket(120, 120, 120))


@dataclass
class Moco:
    """The records by the path of their list; `numbers` gives the next id."""

    bucket: Bucket
    lists: dict[str, list[Row]] = field(default_factory=lambda: {path: [] for path in _FILTERS})
    numbers: Iterator[int] = field(default_factory=lambda: count(760_000_001))

    def add(self, path: str, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Keep a record under the path of its list; fields that are not given are as in a new one."""
        row = {"id": next(self.numbers), **deepcopy(_NEW.get(path, {})), **_STAMPS, **values}
        self.lists[path].append(row)
        return row

    def answer(self, asked: Asked) -> Said:
        """Return what MOCO says; only reading is known here."""
        if not self.bucket.take():
            return Said(429, {"message": "Too Many Requests"})
        if not _key_of(asked):
            return Said(401, {"message": "Unauthorized"})
        path = asked.path.removeprefix("/api/v1").removesuffix(".json")
        if asked.method != "GET":
            return Said(403, {"message": "this key is read-only"})
        if path in self.lists:
            return self._list(path, asked)
        parent, _, number = path.rpartition("/")
        found = [row for row in self.lists.get(parent, ()) if str(row["id"]) == number]
        return Said(200, found[0]) if found else Said(404, {"message": "Not Found"})

    def _list(self, path: str, asked: Asked) -> Said:
        rows = [row for row in self.lists[path] if _passes(path, row, asked)]
        rows = _ordered(rows, asked.value("sort_by"))
        page = int(asked.value("page", "1"))
        shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
        headers = {"X-Page": str(page), "X-Per-Page": str(PER_PAGE), "X-Total": str(len(rows))}
        if page * PER_PAGE < len(rows):
            headers["Link"] = f'<https://agency.mocoapp.com{asked.path}?page={page + 1}>; rel="next"'
        return Said(200, [_as_listed(path, row) for row in shown], headers)


def _key_of(asked: Asked) -> str:
    match = re.fullmatch(r"(?:Token token=|Bearer )(\S+)", asked.headers.get("authorization", ""))
    return match[1] if match else ""


def _as_listed(path: str, row: Row) -> Row:
    """Return the row without what only the address of a single offer tells."""
    hidden = ("salutation", "footer", "items") if path == "/offers" else ()
    return {name: value for name, value in row.items() if name not in hidden}


def _ordered(rows: list[Row], sort_by: str) -> list[Row]:
    name, _, direction = sort_by.partition(" ")
    if not name or any(row.get(name) is None for row in rows):
        return sorted(rows, key=lambda row: row["id"], reverse=True)
    return sorted(rows, key=lambda row: row[name], reverse=direction == "desc")


def _passes(path: str, row: Row, asked: Asked) -> bool:
    if _has_archive(path) and asked.value("include_archived") != "true" and not row["active"]:
        return False
    filters = {**_EVERYWHERE, **_FILTERS[path]}
    if path == "/projects/expenses" and not ("from" in asked.query and "to" in asked.query):
        filters = {name: passes for name, passes in filters.items() if name not in ("from", "to")}
    return all(passes(row, asked.value(name)) for name, passes in filters.items() if name in asked.query)


def _has_archive(path: str) -> bool:
    return path in ("/companies", "/projects")


def _is(name: str) -> Filter:
    return lambda row, value: str(row[name]) == value


def _flag(name: str) -> Filter:
    return lambda row, value: row[name] == (value == "true")


def _of(name: str) -> Filter:
    return lambda row, value: row[name] is not None and str(row[name]["id"]) in value.split(",")


_DAYS: Mapping[str, Filter] = {
    "from": lambda row, value: row["date"] >= value,
    "to": lambda row, value: row["date"] <= value,
}

_EVERYWHERE: Mapping[str, Filter] = {
    "ids": lambda row, value: str(row["id"]) in value.split(","),
    "updated_after": lambda row, value: row["updated_at"] > value,
}

_FILTERS: Mapping[str, Mapping[str, Filter]] = {
    "/companies": {"type": _is("type"), "identifier": _is("identifier")},
    "/projects": {"company_id": _of("customer"), "identifier": _is("identifier"), "retainer": _flag("retainer")},
    "/offers": {
        **_DAYS,
        "status": _is("status"),
        "identifier": _is("identifier"),
        "deal_id": _of("deal"),
        "project_id": _of("project"),
        "company_id": _of("company"),
    },
    "/activities": {
        **_DAYS,
        "user_id": _of("user"),
        "project_id": _of("project"),
        "task_id": _of("task"),
        "company_id": _of("customer"),
        "billable": _flag("billable"),
        "billed": _flag("billed"),
    },
    "/projects/expenses": {**_DAYS, "billable": _flag("billable"), "billed": _flag("billed")},
    "/recurring_expenses": {},
    "/projects/payment_schedules": {**_DAYS, "checked": _flag("checked"), "project_id": _of("project")},
    "/account/custom_properties": {"entity": _is("entity")},
}
"""The lists, and what each can be filtered by."""

_STAMPS = {"created_at": "2026-01-02T09:33:46Z", "updated_at": "2026-01-02T09:33:46Z"}

_NEW: Mapping[str, Row] = {
    "/companies": {
        "type": "customer",
        "address": "",
        "tags": [],
        "info": "",
        "custom_properties": {},
        "intern": False,
        "currency": "EUR",
        "country_code": "DE",
        "vat_identifier": "",
        "email": "",
        "alternative_correspondence_language": False,
        "default_invoice_due_days": None,
        "active": True,
        "archived_on": None,
    },
    "/projects": {
        "active": True,
        "billable": True,
        "fixed_price": False,
        "retainer": False,
        "start_date": None,
        "finish_date": None,
        "currency": "EUR",
        "billing_variant": "project",
        "budget": None,
        "budget_monthly": None,
        "hourly_rate": 0,
        "custom_properties": {},
        "customer": None,
        "deal": None,
        "tasks": [],
        "contracts": [],
        "project_group": None,
    },
    "/offers": {
        "invoice_id": None,
        "date": "2026-01-02",
        "due_date": "2026-01-16",
        "currency": "EUR",
        "discount": 0,
        "status": "created",
        "salutation": "",
        "footer": "",
        "custom_properties": {},
        "company": None,
        "project": None,
        "deal": None,
        "offer_confirmation": None,
        "items": [],
    },
    "/activities": {
        "description": "",
        "billed": False,
        "invoice_id": None,
        "billable": True,
        "tag": "",
        "remote_service": None,
        "remote_id": None,
        "hourly_rate": 0,
        "timer_started_at": None,
    },
    "/projects/expenses": {
        "description": "",
        "unit": "Stk",
        "unit_price": 0,
        "unit_cost": 0,
        "currency": "EUR",
        "budget_relevant": False,
        "billable": True,
        "billed": False,
        "invoice_id": None,
        "recurring_expense_id": None,
        "custom_properties": {},
    },
    "/recurring_expenses": {
        "finish_date": None,
        "period": "monthly",
        "quantity": 1,
        "unit": "Monat",
        "unit_cost": 0,
        "currency": "EUR",
        "billable": True,
        "service_period_direction": "forward",
        "custom_properties": {},
    },
    "/projects/payment_schedules": {"title": "", "description": None, "checked": False, "billed": False},
    "/account/custom_properties": {"kind": "String", "defaults": [], "api_only": False},
}
