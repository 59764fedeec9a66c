"""The example agency in a real Tryton, in its own words; what Tryton has no place for is left out.

Left out: shares of positions and metrics (a ledger keeps them), options and headings of offers, days of projects and
positions, amendments (a further sale), approval, and VAT ids, whose invented digits Tryton refuses. Told otherwise: a
discount stands in the unit price, units produced are delivered goods, the number of the project stands in the
reference of the sale.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from connector.core.offer import Offer, OfferState, Position, Project, ProjectBilling
from connector.core.party import Party
from connector.core.quantity import Unit
from tests.e2e.tryton_seed import TAXES, account
from tests.e2e.tryton_selling import Selling, Values
from tests.e2e.tryton_server import TrytonServer
from tests.standins.agency import Agency

UNITS = {Unit.MONTH: "Mon.", Unit.FLAT: "psch."}
"""Symbols that are added to Tryton's own."""

OWN_UNITS = {Unit.HOUR: "uom_hour", Unit.DAY: "uom_day", Unit.PIECE: "uom_unit"}

STATES = {OfferState.SENT: "quote", OfferState.LOST: "cancel"}

METHODS = {ProjectBilling.FIXED_PRICE: "progress", ProjectBilling.TIME_AND_MATERIALS: "timesheet"}

NOT_BILLABLE = " (intern)"
"""Added to the name of a task on which time is booked that is not billable."""


def settings_for(server: TrytonServer, agency: Agency) -> dict[str, object]:
    """Return the settings of the source."""
    inside = {entry.activity + NOT_BILLABLE for entry in agency.entries if not entry.billable}
    return {
        "url": server.url,
        "database": server.database,
        "api_key": server.key,
        "sale_project": "reference",
        "tasks_by": "name",
        "units": {symbol: str(unit) for unit, symbol in UNITS.items()},
        "vat_classes": {"USt 7 %": "reduced"},
        "unbillable_tasks": sorted(inside),
    }


@dataclass
class Telling:
    """Records of Tryton by the agency's ids, as they come to be."""

    server: TrytonServer
    agency: Agency
    parties: dict[str, int] = field(default_factory=dict)
    projects: dict[str, int] = field(default_factory=dict)
    tasks: dict[tuple[str, str], int] = field(default_factory=dict)
    units: dict[Unit, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Know how to sell."""
        self.selling = Selling(self.server)

    def tell(self) -> None:
        """Tell everything, in the order in which it hangs together."""
        self._units()
        for party in self.agency.customers:
            self.parties[party.id] = self._party(party)
        for project in self.agency.projects:
            self.projects[project.id] = self._project(project)
        for offer in self.agency.offers:
            self._sale(offer)
        self._deliveries()
        self._time()

    def _units(self) -> None:
        self.units = {unit: self.server.named("product", name) for unit, name in OWN_UNITS.items()}
        category = self.server.read("product.uom", self.units[Unit.PIECE], "category")["category"]
        for unit, symbol in UNITS.items():
            self.units[unit] = self.server.create(
                "product.uom", name=symbol, symbol=symbol, category=category, rate=1.0, factor=1.0, rounding=0.01,
                digits=2,
            )  # fmt: skip

    def _party(self, party: Party) -> int:
        country = self.server.only("country.country", ["code", "=", party.address.country])
        address = {
            "street": party.address.street, "postal_code": party.address.postal_code, "city": party.address.city,
            "country": country,
        }  # fmt: skip
        mails = [{"type": "email", "value": party.email}] if party.email else []
        return self.server.create(
            "party.party", code=party.id, name=party.name, lang=self._language(party.language),
            addresses=[["create", [address]]], contact_mechanisms=[["create", mails]] if mails else [],
            customer_payment_term=self._term(party.payment_days),
        )  # fmt: skip

    def _language(self, code: str) -> int:
        return self.server.only("ir.lang", ["code", "=", code])

    def _term(self, days: int | None) -> int | None:
        if days is None:
            return None
        name = f"{days} Tage netto"
        found = self.server.find("account.invoice.payment_term", ["name", "=", name])
        if found:
            return found[0]
        line = {"type": "remainder", "relativedeltas": [["create", [{"days": days}]]]}
        return self.server.create("account.invoice.payment_term", name=name, lines=[["create", [line]]])

    def _project(self, project: Project) -> int:
        return self.selling.project(
            project.id, project.name, self.parties[project.customer],
            parent=self.projects.get(project.parent), project_invoice_method=METHODS.get(project.billing, "manual"),
        )  # fmt: skip

    def _sale(self, offer: Offer) -> None:
        customer = next(each.customer for each in self.agency.projects if each.id == offer.project)
        sold = [each for each in offer.positions if each.billable]
        on = offer.accepted_on or date(2026, 1, 1)
        self.selling.sale(
            offer.id, self.parties[customer], on.isoformat(), list(self._lines(sold)),
            state=STATES.get(offer.state, "confirm"), reference=offer.project, description=offer.label,
        )  # fmt: skip
        for position in sold:
            self._task(offer.project, position.label, position.planned_seconds)

    def _lines(self, positions: list[Position]) -> Iterator[Values]:
        """Yield a title where a category begins."""
        category = ""
        for position in positions:
            if position.category != category:
                category = position.category
                yield self.selling.title(category)
            tax = self.server.only("account.tax", ["name", "=", list(TAXES)[position.vat_class == "reduced"]])
            price = Fraction(position.net_price)
            yield {
                "type": "line", "description": position.label, "product": self._product(position),
                "unit": self.units[position.quantity.unit], "quantity": float(position.quantity.value),
                "unit_price": Decimal(price.numerator) / Decimal(price.denominator), "taxes": [["add", [tax]]],
            }  # fmt: skip

    def _product(self, position: Position) -> int:
        """Return the product of the service in this unit; what is counted in pieces is delivered."""
        name, unit = f"{position.service} {position.quantity.unit}", self.units[position.quantity.unit]
        found = self.server.find("product.product", ["name", "=", name])
        if found:
            return found[0]
        goods = position.quantity.unit is Unit.PIECE
        template = self.server.create(
            "product.template", name=name, type="goods" if goods else "service", default_uom=unit, sale_uom=unit,
            salable=True, list_price=Decimal(1), account_category=self._category(position.service),
            products=[["create", [{}]]],
        )  # fmt: skip
        return self.server.only("product.product", ["template", "=", template])

    def _category(self, service: str) -> int:
        found = self.server.find("product.category", ["name", "=", service])
        revenue = account(self.server, "revenue")
        return found[0] if found else self.server.create(
            "product.category", name=service, accounting=True, account_revenue=revenue
        )  # fmt: skip

    def _task(self, project: str, name: str, seconds: int | None = None) -> int:
        if (project, name) not in self.tasks:
            effort = None if seconds is None else timedelta(seconds=seconds)
            self.tasks[project, name] = self.selling.task(self.projects[project], name, effort_duration=effort)
        return self.tasks[project, name]

    def _deliveries(self) -> None:
        """Tell units produced as goods that moved: of each reading what is new since the one before."""
        positions = {each.key: each for offer in self.agency.offers for each in offer.positions}
        before: dict[str, Decimal] = {}
        for reading in sorted(self.agency.readings, key=lambda each: each.on):
            if reading.units is not None:
                position = positions[reading.target]
                self._move(position, reading.units - before.get(reading.target, Decimal(0)), reading.on)
                before[reading.target] = reading.units

    def _move(self, position: Position, quantity: Decimal, on: date) -> None:
        sale = self.server.only("sale.sale", ["number", "=", position.offer])
        line = self.server.only("sale.line", ["sale", "=", sale], ["description", "=", position.label])
        move = self.server.create(
            "stock.move", origin=f"sale.line,{line}", product=self._product(position), quantity=float(quantity),
            unit=self.units[position.quantity.unit], effective_date=on, company=self.server.company,
            from_location=self.server.only("stock.location", ["type", "=", "supplier"]),
            to_location=self.server.only("stock.location", ["type", "=", "customer"]),
        )  # fmt: skip
        self.server.press("stock.move", "do", move)

    def _time(self) -> None:
        """Tell all time at once; a task bears the name of the position, else of the activity."""
        labels = {each.key: each.label for offer in self.agency.offers for each in offer.positions}
        employees = {name: self.selling.employee(name) for name in {entry.person for entry in self.agency.entries}}
        works: dict[int, int] = {}
        bookings = []
        for entry in self.agency.entries:
            if entry.seconds is None:
                continue
            name = labels.get(entry.position, entry.activity) + ("" if entry.billable else NOT_BILLABLE)
            task = self._task(entry.project, name)
            if task not in works:
                works[task] = self.server.only("timesheet.work", ["origin", "=", f"project.work,{task}"])
            bookings.append(
                {
                    "work": works[task], "date": entry.day, "duration": timedelta(seconds=entry.seconds),
                    "employee": employees[entry.person], "company": self.server.company,
                    "description": entry.text,
                }
            )  # fmt: skip
        self.selling.entries(bookings)
