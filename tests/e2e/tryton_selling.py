"""What an agency does in Tryton before anything is billed: customers, projects, sales, tasks, time, deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.e2e.tryton_seed import CATEGORY, EMPLOYEE, TERM
from tests.e2e.tryton_server import TrytonServer

Values = dict[str, object]


@dataclass(frozen=True)
class Selling:
    """Short ways to fill the server; ids are Tryton's."""

    server: TrytonServer

    def customer(self, code: str, name: str, **values: object) -> int:
        """Return the id of a new customer in Berlin with the agency's terms of payment."""
        germany = self.server.only("country.country", ["code", "=", "DE"])
        address = {"street": "Hauptstraße 1", "postal_code": "10115", "city": "Berlin", "country": germany}
        term = self.server.only("account.invoice.payment_term", ["name", "=", TERM])
        given = {"addresses": [["create", [address]]], "customer_payment_term": term, **values}
        return self.server.create("party.party", code=code, name=name, **given)

    def project(self, number: str, name: str, party: int | None, **values: object) -> int:
        """Return the id of a new project."""
        project = self._work(name=name, type="project", party=party, **values)
        self.server.renumber("project.work", project, number)
        return project

    def task(self, parent: int, name: str, **values: object) -> int:
        """Return the id of a new task on which time can be booked."""
        return self._work(parent=parent, name=name, type="task", timesheet_available=True, **values)

    def _work(self, **values: object) -> int:
        status = self.server.only("project.work.status")
        return self.server.create("project.work", company=self.server.company, status=status, **values)

    def product(self, name: str) -> int:
        """Return the id of a product of the agency."""
        return self.server.only("product.product", ["name", "=", name])

    def goods(self, name: str) -> int:
        """Return the id of a new product that is delivered, counted in pieces."""
        piece = self.server.named("product", "uom_unit")
        template = self.server.create(
            "product.template", name=name, type="goods", default_uom=piece, sale_uom=piece, salable=True,
            list_price=Decimal(1), account_category=self.server.only("product.category", ["name", "=", CATEGORY]),
            products=[["create", [{}]]],
        )  # fmt: skip
        return self.server.only("product.product", ["template", "=", template])

    def makes_tasks(self, product: int, *names: str) -> None:
        """Let each sale of the product make tasks with these names."""
        template = self.server.read("product.product", product, "template")["template"]
        tasks = [{"name": name, "timesheet_available": True} for name in names]
        self.server.change("product.template", int(template), taskable=True, tasks=[["create", tasks]])

    def line(self, label: str, quantity: float, price: str, product: str | int = "Festpreis") -> Values:
        """Return a line of a sale, in the unit of the product."""
        number = product if isinstance(product, int) else self.product(product)
        unit = self.server.read("product.product", number, "default_uom")["default_uom"]
        sold: Values = {"product": number, "unit": unit, "quantity": quantity, "unit_price": Decimal(price)}
        return {"type": "line", "description": label, **sold}

    def title(self, text: str) -> Values:
        """Return a line that groups those below it."""
        return {"type": "title", "description": text}

    def sale(
        self, number: str, party: int, on: str, lines: Sequence[Values], *, state: str = "confirm", **values: object
    ) -> int:
        """Return the id of a new sale that was quoted and, unless told otherwise, confirmed."""
        address = self.server.only("party.address", ["party", "=", party])
        sale = self.server.create(
            "sale.sale", party=party, company=self.server.company, sale_date=date.fromisoformat(on),
            invoice_address=address, shipment_address=address,
            currency=self.server.only("currency.currency", ["code", "=", "EUR"]),
            lines=[["create", [{"sequence": at, **each} for at, each in enumerate(lines, 1)]]], **values,
        )  # fmt: skip
        self.server.press("sale.sale", "quote", sale)
        if state != "quote":
            self.server.press("sale.sale", state, sale)
        self.server.renumber("sale.sale", sale, number)
        return sale

    def tasks_of(self, sale: int) -> list[int]:
        """Return the tasks that came of the sale, in the order of its lines."""
        lines = self.server.find("sale.line", ["sale", "=", sale], order="sequence")
        return [
            task for line in lines for task in self.server.find("project.work", ["origin", "=", f"sale.line,{line}"])
        ]

    def deliver(self, sale: int, on: str) -> None:
        """Send everything that is to be delivered of the sale, on that day."""
        lines = self.server.find("sale.line", ["sale", "=", sale])
        moves = [
            move for each in lines for move in self.server.find("stock.move", ["origin", "=", f"sale.line,{each}"])
        ]
        shipments = {self.server.read("stock.move", move, "shipment")["shipment"] for move in moves}
        for shipment in (int(each.partition(",")[2]) for each in shipments):
            self.server.change("stock.shipment.out", shipment, effective_date=date.fromisoformat(on))
            for button in ("wait", "assign_force", "pick", "pack", "do"):
                self.server.press("stock.shipment.out", button, shipment)

    def employee(self, name: str = EMPLOYEE) -> int:
        """Return the id of the employee, who is hired if there is none of the name."""
        found = self.server.find("company.employee", ["party.name", "=", name])
        if found:
            return found[0]
        party = self.server.create("party.party", name=name)
        return self.server.create("company.employee", party=party, company=self.server.company)

    def entry(self, task: int, day: str, minutes: int, description: str = "") -> int:
        """Return the id of new time on the task."""
        booking = self.booking(task, day, timedelta(minutes=minutes), description=description)
        [number] = self.entries([booking])
        return number

    def booking(self, task: int, day: str, duration: timedelta, person: str = EMPLOYEE, **values: object) -> Values:
        """Return time on the task as Tryton takes it."""
        work = self.server.only("timesheet.work", ["origin", "=", f"project.work,{task}"])
        told: Values = {"work": work, "date": date.fromisoformat(day), "duration": duration}
        return {**told, "employee": self.employee(person), "company": self.server.company, **values}

    def entries(self, bookings: Iterable[Values]) -> list[int]:
        """Return the ids of new time."""
        return [int(number) for number in self.server.call("model.timesheet.line.create", list(bookings))]
