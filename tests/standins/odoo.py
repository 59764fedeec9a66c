"""An Odoo as its public documentation and source tell it (odoo/documentation: external_rpc_api.rst, external_api.rst).

Reads over `/jsonrpc` (services common and object, `execute_kw`) and `/json/2/<model>/<method>`: `fields_get` and
`search_read` with domain, fields, limit, offset, order and context. Archived records are left out unless the context
says `active_test = false`; empty fields are `false`; references are pairs of number and name; whatever goes wrong comes
over JSON-RPC as an error with status 200. The names of some fields changed with release 19.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.standins._odoo_agency import fill
from tests.standins.bucket import Bucket
from tests.standins.server import Asked, Said

__all__ = ["Odoo", "api", "fill"]

Row = dict[str, Any]

FIELDS: Mapping[str, str] = {
    "res.company": "name",
    "res.partner": "name ref commercial_partner_id is_company street street2 zip city country_code vat email lang "
    "property_payment_term_id active company_id",
    "account.payment.term.line": "payment_id value value_amount delay_type nb_days",
    "account.tax": "name amount active company_id",
    "product.product": "name default_code categ_id sale_ok active company_id",
    "project.project": "name partner_id date_start date active company_id is_template x_studio_number",
    "project.task": "name project_id sale_line_id parent_id allocated_hours active company_id",
    "project.update": "name project_id date progress status",
    "sale.order": "name state partner_id currency_id date_order client_order_ref project_id company_id",
    "sale.order.line": "order_id sequence display_type name product_id product_uom_qty product_uom_id price_unit "
    "discount price_subtotal tax_ids qty_delivered qty_delivered_method is_downpayment is_expense project_id "
    "company_id",
    "account.analytic.line": "name date unit_amount product_uom_id employee_id project_id task_id so_line "
    "timesheet_invoice_type validated company_id",
}
"""Beside these, every model has id, create_date and write_date."""

BEFORE_19 = {"product_uom_id": "product_uom", "tax_ids": "tax_id"}
"""What fields of order lines were called."""

MADE = "2026-01-02 08:00:00"


UNAUTHORIZED = ("werkzeug.exceptions.Unauthorized", 401)
DENIED = ("odoo.exceptions.AccessDenied", 403)
NOT_ALLOWED = ("odoo.exceptions.AccessError", 403)
NO_MODEL = ("builtins.KeyError", 404)
NO_FIELD = ("builtins.ValueError", 422)
"""Names of errors, and the status JSON-2 gives each."""


class OdooError(Exception):
    """What Odoo refuses: the kind of its error, and its words."""

    def __init__(self, kind: tuple[str, int], message: str) -> None:
        super().__init__(message)
        self.name, self.status = kind
        self.message = message

    def told(self) -> Row:
        """Return the error as it stands in an answer; the traceback is Odoo's own affair."""
        return {"name": self.name, "message": self.message, "arguments": [self.message], "context": {}, "debug": "…"}


def api(bucket: Bucket | None = None, *, release: int = 19) -> Odoo:
    """Return an empty Odoo with one company; any key that is not empty is good. No limit is documented."""
    odoo = Odoo(bucket or Bucket(10**6, 1, 10**6), release)
    odoo.add("res.company", name="Agentur Muster GmbH")
    return odoo


@dataclass
class Odoo:
    """The records by model; `missing` are fields that belong to apps that are not installed."""

    bucket: Bucket
    release: int = 19
    rows: dict[str, list[Row]] = field(default_factory=lambda: {model: [] for model in FIELDS})
    missing: dict[str, set[str]] = field(default_factory=dict)
    forbidden: set[str] = field(default_factory=set)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def add(self, model: str, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Keep a record; fields that are not given are empty, or as in a new one."""
        empty: Row = dict.fromkeys(FIELDS[model].split(), False)
        new = {name: value for name, value in deepcopy(_NEW.get(model, {})).items() if name in empty}
        stamps = {"create_date": MADE, "write_date": MADE}
        row = {"id": next(self.numbers), **empty, "active": True, "company_id": [1, ""], **stamps, **new, **values}
        self.rows[model].append(row)
        return row

    def answer(self, asked: Asked) -> Said:
        """Return what Odoo says."""
        if not self.bucket.take():
            return Said(429, {"message": "Too Many Requests"})
        if asked.path == "/jsonrpc":
            return self._rpc(asked)
        _, version, model, method = (*asked.path.strip("/").split("/"), "", "", "", "")[:4]
        if not asked.path.startswith("/json/2/") or version != "2":
            return Said(404, b"<!doctype html><title>404 Not Found</title>", {"Content-Type": "text/html"})
        try:
            _check_bearer(asked)
            return Said(200, self._execute(model, method, asked.json()))
        except OdooError as error:
            return Said(error.status, error.told())

    def _rpc(self, asked: Asked) -> Said:
        told = asked.json()
        envelope = {"jsonrpc": "2.0", "id": told.get("id")}
        try:
            return Said(200, {**envelope, "result": self._service(**told["params"])})
        except OdooError as error:
            whole = {"code": 200, "message": "Odoo Server Error", "data": error.told()}
            return Said(200, {**envelope, "error": whole})

    def _service(self, service: str, method: str, args: list[Any]) -> Any:  # noqa: ANN401 - JSON
        if (service, method) == ("common", "authenticate"):
            _, login, key, _ = args
            return 2 if login and key else False
        assert (service, method) == ("object", "execute_kw")
        _, user, key, model, called, positional, named = args
        if user != 2 or not key:
            raise OdooError(DENIED, "Access Denied")
        assert positional == []
        return self._execute(model, called, named)

    def _execute(self, model: str, method: str, arguments: Row) -> Any:  # noqa: ANN401 - JSON
        if model not in FIELDS:
            raise OdooError(NO_MODEL, f"'{model}'")
        if model in self.forbidden:
            message = f"You are not allowed to access '{model}' records.\n\nThis operation is allowed for: …"
            raise OdooError(NOT_ALLOWED, message)
        if method == "fields_get":
            return {name: {"type": "char"} for name in self._names(model)}
        assert method == "search_read", method
        return self._search_read(model, **arguments)

    def _names(self, model: str) -> dict[str, str]:
        """Return the fields of the model, as they are called in this release and here."""
        names = {name: name for name in (*FIELDS[model].split(), "id", "create_date", "write_date")}
        if model == "sale.order.line" and self.release < 19:
            names = {BEFORE_19.get(name, name): ours for name, ours in names.items()}
        return {name: ours for name, ours in names.items() if ours not in self.missing.get(model, set())}

    def _search_read(
        self, model: str, *, domain: list[Any], fields: list[str], order: str, context: Row, limit: int, offset: int = 0
    ) -> list[Row]:
        names = self._names(model)
        for name in (*fields, *(clause[0] for clause in domain)):
            if name not in names:
                raise OdooError(NO_FIELD, f"Invalid field '{name}' on model '{model}'")
        rows = [row for row in self.rows[model] if all(_meets(row, *clause) for clause in domain)]
        if context.get("active_test", True):
            rows = [row for row in rows if row["active"]]
        assert order == "id asc"
        shown = sorted(rows, key=lambda row: int(row["id"]))[offset : offset + limit]
        return [{name: row[names[name]] for name in dict.fromkeys((*fields, "id"))} for row in shown]


def _check_bearer(asked: Asked) -> None:
    if not asked.headers.get("authorization", "").removeprefix("bearer "):
        raise OdooError(UNAUTHORIZED, "Invalid apikey")


def _meets(row: Row, name: str, operator: str, wanted: Any) -> bool:  # noqa: ANN401 - JSON
    has = row[name][0] if isinstance(row[name], list) and row[name] else row[name]
    if operator == "in":
        return has in wanted
    if operator in ("=", "!="):
        return bool(has == wanted) == (operator == "=")
    if has is False:
        return False
    results = {">": has > wanted, ">=": has >= wanted, "<": has < wanted, "<=": has <= wanted}
    return bool(results[operator])


_NEW: Mapping[str, Row] = {
    "res.partner": {"is_company": True, "lang": "de_DE"},
    "product.product": {"sale_ok": True},
    "project.task": {"allocated_hours": 0},
    "sale.order": {"state": "sale", "date_order": "2026-01-05 11:00:00", "currency_id": [1, "EUR"]},
    "sale.order.line": {
        "sequence": 10, "product_uom_qty": 1, "price_unit": 0, "discount": 0, "price_subtotal": 0, "tax_ids": [],
        "qty_delivered": 0, "qty_delivered_method": "manual",
    },
    "account.analytic.line": {"product_uom_id": [4, "Hours"], "validated": True},
    "project.update": {"progress": 0, "status": "on_track"},
}  # fmt: skip
