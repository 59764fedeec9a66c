"""A small Odoo for tests: one customer, one project, and what a test adds to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from connector.sources.odoo import Odoo, Settings, build
from connector.sources.odoo.calls import Calls
from tests.standins import odoo
from tests.standins.server import Asked, Said, Standin, serving
from tests.support.direct import Direct

Row = dict[str, Any]

URL = "http://127.0.0.1:1"

KEY = "6578616d706c65206a736f6e20617069206b6579"

GIVEN = {"database": "agency", "login": "honorar@agency.example", "api_key": KEY}

Bend = Callable[[Asked, Said], Said]


@dataclass
class World:
    """A stand-in and short ways to fill it; `bend` changes what goes out."""

    api: odoo.Odoo = field(default_factory=odoo.api)
    bend: Bend = lambda _asked, said: said

    def __post_init__(self) -> None:
        """Begin with a customer, a project and a product."""
        self.partner = self.add_partner("Müller & Söhne GmbH", ref="K-1")
        self.project = self.add_project("Relaunch")
        self.product = self.api.add("product.product", name="Beratung", categ_id=[1, "All / Leistungen"])

    def answer(self, asked: Asked) -> Said:
        """Answer as the stand-in does."""
        return self.bend(asked, self.api.answer(asked))

    def add_partner(self, name: str, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Add a company that is billed itself, unless told otherwise."""
        row = self.api.add("res.partner", name=name, company_id=False)
        return _set(row, commercial_partner_id=link(row), **values)

    def add_project(self, name: str, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Add a project of the customer."""
        return self.api.add("project.project", **{"name": name, "partner_id": link(self.partner), **values})

    def add_order(self, name: str, *lines: Row, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Add a confirmed order of the project with these lines."""
        given = {"partner_id": link(self.partner), "project_id": link(self.project), **values}
        order = self.api.add("sale.order", name=name, **given)
        for each in lines:
            self.api.add("sale.order.line", order_id=link(order), **each)
        return order

    def sold(self, name: str, price: Any = 1000, quantity: Any = 1, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Return a line of an order: one unit at 1,000, unless told otherwise."""
        told = {"name": name, "product_id": link(self.product), "product_uom_id": [1, "Units"], "price_unit": price}
        return {**told, "product_uom_qty": quantity, "price_subtotal": price * quantity, **values}

    def add_entry(self, day: str = "2026-01-15", hours: Any = 1.5, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Add time on the project."""
        given = {"project_id": link(self.project), "employee_id": [7, "Anna Berg"], "task_id": [8, "Konzept"], **values}
        return self.api.add("account.analytic.line", **{"name": "/", "date": day, "unit_amount": hours, **given})

    @contextmanager
    def running(self) -> Iterator[Standin]:
        """Yield the server."""
        with serving(self) as server:
            yield server

    @contextmanager
    def source(self, **settings: Any) -> Iterator[Odoo]:  # noqa: ANN401 - settings as a configuration has them
        """Yield a source that reads it."""
        yield build(settings_of(URL, **settings), Direct("odoo", self))

    @contextmanager
    def calls(self, **settings: Any) -> Iterator[Calls]:  # noqa: ANN401 - settings as a configuration has them
        """Yield the calls to it."""
        yield Calls(settings_of(URL, **settings), Direct("odoo", self))

    def told(self, reader: str, *arguments: object, **settings: Any) -> list[Any]:  # noqa: ANN401 - any values
        """Return what a new source tells in answer to one question."""
        with self.source(**settings) as source:
            return list(getattr(source, reader)(*arguments))


def settings_of(url: str, **settings: Any) -> Settings:  # noqa: ANN401 - settings as a configuration has them
    """Return the settings of a tenant."""
    return Settings.model_validate({"url": url, **GIVEN, **settings})


def link(row: Row) -> list[Any]:
    """Return the reference to a record."""
    return [row["id"], row["name"]]


def _set(row: Row, **values: Any) -> Row:  # noqa: ANN401 - JSON
    row |= values
    return row
