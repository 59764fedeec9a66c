"""A small Tryton for tests of the source: REST searches over rows that a test writes, as a running 8.2 answers them.

What it answers was seen on a running Tryton (tests/e2e): 401 for a wrong key, 400 with its words where a right is
missing, 500 in HTML for a model or field that is not there, `s` rows at most, `id` and `__name__` with every row.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from connector.sources.tryton import Settings, Tryton, build
from connector.sources.tryton.calls import Calls
from tests.standins.server import Asked, Said
from tests.support.direct import Direct

Row = dict[str, Any]

KEY = "0123456789abcdef0123456789abcdef"
URL = "http://127.0.0.1:8000"

HTML = {"Content-Type": "text/html; charset=utf-8"}

FIELDS: dict[str, str] = {
    "company.company": "party",
    "ir.model.field": "model name",
    "party.party": "name code lang categories identifiers contact_mechanisms addresses customer_payment_term",
    "project.work": "name number type party parent origin progress effort_duration create_date write_date company "
    "list_price currency product project_invoice_method",
    "timesheet.line": "date duration description employee work create_date write_date company",
    "sale.sale": "number description reference state sale_date party currency company",
    "sale.line": "sale sequence type summary quantity unit unit_price product taxes tasks",
    "stock.move": "origin quantity unit effective_date state company",
}


def told(value: Any) -> Any:  # noqa: ANN401 - any value
    """Return the value as Tryton's JSON has it."""
    if isinstance(value, datetime):
        parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
        return {"__class__": "datetime", **{part: getattr(value, part) for part in parts}}
    if isinstance(value, date):
        return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
    if isinstance(value, timedelta):
        return {"__class__": "timedelta", "seconds": Decimal(str(value.total_seconds()))}
    return value


def amount(value: str) -> Row:
    """Return an amount as Tryton's JSON has it; what it calls a float is a plain number."""
    return {"__class__": "Decimal", "decimal": value}


@dataclass
class StandIn:
    """Rows by model; `after` is called with the model of each request, to change things behind the reader."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {model: [] for model in FIELDS})
    fields: dict[str, str] = field(default_factory=lambda: dict(FIELDS))
    forbidden: set[str] = field(default_factory=set)
    after: Callable[[str], None] = lambda _model: None
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with a company, a customer and a project."""
        self.add("company.company", party={"id": 1, "name": "Agentur Muster GmbH"})
        self.customer = self.add("party.party", name="Müller & Söhne GmbH", code="K-1")
        self.project = self.work("Relaunch", "P-1", type="project", party=self.customer["id"])

    def add(self, model: str, **values: Any) -> Row:  # noqa: ANN401 - any values
        """Add a row with the next id; fields that are not given are null, or empty where they are lists."""
        empty: dict[str, Any] = dict.fromkeys(FIELDS[model].split())
        lists = ("categories", "identifiers", "contact_mechanisms", "addresses", "taxes")
        empty |= {name: [] for name in lists if name in empty}
        made = datetime(2026, 1, 2, 8, 0, 0, tzinfo=UTC)
        row = {"id": len(self.rows[model]) + 1, "__name__": model, **empty, "company": 1, "create_date": told(made)}
        row |= {name: told(value) for name, value in values.items()}
        self.rows[model].append(row)
        return row

    def work(self, name: str, number: str, **values: Any) -> Row:  # noqa: ANN401 - any values
        """Add a task, unless told otherwise."""
        currency = {"id": 1, "code": "EUR"}
        given = {"type": "task", "currency": currency, "project_invoice_method": "manual", **values}
        return self.add("project.work", name=name, number=number, **given)

    def sale(self, number: str, *lines: Row, **values: Any) -> Row:  # noqa: ANN401 - any values
        """Add a confirmed sale of the customer, with lines; the first leads to a task in the project."""
        given = {"state": "processing", "party": self.customer["id"], "currency": {"id": 1, "code": "EUR"}, **values}
        sale = self.add("sale.sale", number=number, description="Angebot", sale_date=date(2026, 1, 5), **given)
        for line in lines:
            self.add("sale.line", **{"sale": sale["id"], **line})
        if lines:
            first = len(self.rows["sale.line"]) - len(lines) + 1
            self.work("Konzept", f"T-{first}", parent=self.project["id"], origin=f"sale.line,{first}")
        return sale

    def entry(self, day: str = "2026-01-15", seconds: Any = 5400, **values: Any) -> Row:  # noqa: ANN401 - any values
        """Add time on the task with the highest number."""
        employee = {"id": 1, "party": {"id": 2, "name": "Anna Berg"}}
        work = {"id": 1, "name": None, "origin": f"project.work,{len(self.rows['project.work'])}"}
        duration = {"__class__": "timedelta", "seconds": seconds}
        given = {"duration": duration, "employee": employee, "work": work, **values}
        return self.add("timesheet.line", date=date.fromisoformat(day), **given)

    def move(self, line: int, quantity: str, day: str, **values: Any) -> Row:  # noqa: ANN401 - any values
        """Add a delivery of the line."""
        given = {"state": "done", "unit": {"id": 1, "symbol": "u"}, "origin": f"sale.line,{line}", **values}
        on = date.fromisoformat(day)
        return self.add("stock.move", quantity=Decimal(quantity), effective_date=on, **given)

    def answer(self, asked: Asked) -> Said:
        """Return what a search finds."""
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return Said(401, b"<!doctype html><title>401 Unauthorized</title>", HTML)
        model = asked.path.rpartition("/")[2]
        self.asked.append(model)
        fields = {name.partition(".")[0] for name in asked.query["f"]}
        if model in self.forbidden:
            message = f'You are not allowed to access "{model}".'
            return Said(400, {"status": 400, "message": message, "description": "Within groups: "})
        if model not in self.fields or not fields <= {*self.fields[model].split(), "id"}:
            return Said(500, b"<!doctype html><title>500 Internal Server Error</title>", HTML)
        domain, order = (json.loads(urlsafe_b64decode(asked.value(name))) for name in "do")
        assert order == [["id", "ASC"]]
        rows = [row for row in self._rows_of(model) if all(_meets(row, *clause) for clause in domain)]
        shown = rows[: int(asked.value("s"))]
        self.after(model)
        return Said(200, [{name: row[name] for name in (*fields, "id")} for row in shown])

    def _rows_of(self, model: str) -> list[Row]:
        if model != "ir.model.field":
            return self.rows[model]
        known = [(each, name) for each, names in self.fields.items() for name in names.split()]
        return [{"id": at, "model": each, "name": name} for at, (each, name) in enumerate(known, 1)]

    def calls(self, **settings: Any) -> Calls:  # noqa: ANN401 - settings as a configuration has them
        """Return the calls to it."""
        return Calls(settings_of(**settings), Direct("tryton", self))

    def source(self, **settings: Any) -> Tryton:  # noqa: ANN401 - settings as a configuration has them
        """Return a source that reads it."""
        return build(settings_of(**settings), Direct("tryton", self))


def settings_of(**settings: Any) -> Settings:  # noqa: ANN401 - settings as a configuration has them
    """Return the settings of a tenant."""
    return Settings.model_validate({"url": URL, "database": "agency", "api_key": KEY, **settings})


def line(summary: str, price: str | None = "1000", quantity: str | None = "1", **values: Any) -> Row:  # noqa: ANN401 - JSON
    """Return a line of a sale: one piece at 1,000, unless told otherwise."""
    row = {"type": "line", "summary": summary, "unit": {"id": 1, "symbol": "u"}}
    cost = None if price is None else amount(price)
    return {**row, "unit_price": cost, "quantity": None if quantity is None else Decimal(quantity), **values}


def _meets(row: Row, name: str, operator: str, wanted: Any) -> bool:  # noqa: ANN401 - JSON
    if name == "sale.company":
        return True
    has = row.get(name)
    if operator == "like":
        return str(has).startswith(wanted.removesuffix("%"))
    if operator == "in":
        return has in wanted
    if has is None:
        return wanted is None
    found, bound = _comparable(has), _comparable(wanted)
    results = {"=": found == bound, ">": found > bound, ">=": found >= bound, "<": found < bound, "<=": found <= bound}
    return bool(results[operator])


def _comparable(value: Any) -> Any:  # noqa: ANN401 - JSON
    return date(value["year"], value["month"], value["day"]) if isinstance(value, dict) else value
