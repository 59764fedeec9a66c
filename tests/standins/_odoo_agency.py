"""The example agency in Odoo's words: what it has no place for is left out.

Left out or told otherwise: parents of projects, how they are billed, amended orders, metrics, shares of positions and
categories, days of positions; the agency's headings are notes; an option is a line without a quantity; the number of a
project stands in a field of the studio; units produced are the delivered quantity as it is now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from connector.core.money import rounded
from connector.core.offer import Offer, OfferState, Position, Project
from connector.core.party import Party
from connector.core.quantity import SECONDS_PER_HOUR, Unit
from connector.core.timesheet import TimeEntry
from tests.standins.agency import Agency

if TYPE_CHECKING:
    from tests.standins.odoo import Odoo

NUMBER = "x_studio_number"

REDUCED = "7%"

UNITS = {Unit.HOUR: "Hours", Unit.DAY: "Days", Unit.MONTH: "Monat", Unit.PIECE: "Units", Unit.FLAT: "Pauschale"}

STATES = {OfferState.DRAFT: "draft", OfferState.SENT: "sent", OfferState.LOST: "cancel"}

HOUR_DIGITS = 12
"""Odoo counts hours in binary floating-point numbers; so many digits are more than any of them keeps of an hour."""

Row = dict[str, Any]


def fill(api: Odoo, agency: Agency) -> None:
    """Tell the agency to an empty Odoo."""
    _Told(api, agency).tell()


@dataclass
class _Told:
    """Records of Odoo by the agency's ids, as they come to be."""

    api: Odoo
    agency: Agency
    partners: dict[str, Row] = field(default_factory=dict)
    projects: dict[str, Row] = field(default_factory=dict)
    lines: dict[str, Row] = field(default_factory=dict)
    products: dict[str, Row] = field(default_factory=dict)
    terms: dict[int, int] = field(default_factory=dict)

    def tell(self) -> None:
        """Tell everything, in the order in which it hangs together."""
        self.tax = self.api.add("account.tax", name=REDUCED, amount=7)
        for party in self.agency.customers:
            self.partners[party.id] = self._partner(party)
        for project in self.agency.projects:
            self.projects[project.id] = self._project(project)
        for offer in self.agency.offers:
            self._order(offer)
        self._deliveries()
        for entry in self.agency.entries:
            self._entry(entry)

    def _partner(self, party: Party) -> Row:
        row = self.api.add(
            "res.partner",
            name=party.name,
            ref=party.id,
            street=party.address.street,
            zip=party.address.postal_code,
            city=party.address.city,
            country_code=party.address.country,
            vat=party.vat_id or False,
            email=party.email or False,
            lang={"de": "de_DE", "en": "en_GB"}[party.language],
            property_payment_term_id=self._term(party.payment_days),
            company_id=False,
        )
        row["commercial_partner_id"] = [row["id"], party.name]
        return row

    def _term(self, days: int | None) -> Any:  # noqa: ANN401 - JSON
        if days is None:
            return False
        if days not in self.terms:
            self.terms[days] = 1000 + days
            payment = [1000 + days, f"{days} Tage"]
            self.api.add("account.payment.term.line", payment_id=payment, delay_type="days_after", nb_days=days)
        return [self.terms[days], f"{days} Tage"]

    def _project(self, project: Project) -> Row:
        customer = self.partners[project.customer]
        return self.api.add(
            "project.project",
            name=project.name,
            partner_id=[customer["id"], customer["name"]],
            date_start=_day(project.start),
            date=_day(project.end),
            **{NUMBER: project.id},
        )

    def _order(self, offer: Offer) -> None:
        project = self.projects[offer.project]
        confirmed = offer.accepted_on or date(2026, 1, 1)
        order = self.api.add(
            "sale.order",
            name=offer.id,
            state=STATES.get(offer.state, "sale"),
            partner_id=project["partner_id"],
            date_order=f"{confirmed} 11:00:00",
            client_order_ref=offer.label,
            project_id=[project["id"], project["name"]],
        )
        category = ""
        for at, position in enumerate(offer.positions):
            if position.category and position.category != category:
                category = position.category
                self._line(order, 2 * at, display_type="line_section", name=category)
            if not position.unit_price:
                self._line(order, 2 * at + 1, display_type="line_note", name=position.label)
            else:
                self.lines[position.key] = self._line(order, 2 * at + 1, **self._sold(position))
                self._effort(position, project)

    def _line(self, order: Row, sequence: int, **values: Any) -> Row:  # noqa: ANN401 - JSON
        return self.api.add("sale.order.line", order_id=[order["id"], order["name"]], sequence=sequence, **values)

    def _sold(self, position: Position) -> Row:
        quantity = position.quantity.value if position.billable else Decimal(0)
        subtotal = Fraction(position.net_price) * Fraction(quantity)
        product = self._product(position.service)
        return {
            "name": f"{position.label}\nLaut Angebot",
            "product_id": [product["id"], product["name"]],
            "product_uom_qty": quantity,
            "product_uom_id": [list(UNITS).index(position.quantity.unit) + 1, UNITS[position.quantity.unit]],
            "price_unit": position.unit_price,
            "discount": _decimal(position.discount * 100),
            "price_subtotal": rounded(subtotal, 2),
            "tax_ids": [self.tax["id"]] if position.vat_class == "reduced" else [],
        }

    def _product(self, service: str) -> Row:
        if service not in self.products:
            category = [len(self.products) + 1, f"All / Leistungen / {service}"]
            self.products[service] = self.api.add("product.product", name=service, categ_id=category)
        return self.products[service]

    def _effort(self, position: Position, project: Row) -> None:
        if position.planned_seconds is not None:
            self.api.add(
                "project.task",
                name=position.label,
                project_id=[project["id"], project["name"]],
                sale_line_id=[self.lines[position.key]["id"], position.label],
                allocated_hours=_hours(position.planned_seconds),
            )

    def _deliveries(self) -> None:
        for reading in sorted(self.agency.readings, key=lambda reading: reading.on):
            if reading.units is not None:
                told = {"qty_delivered": reading.units, "write_date": f"{reading.on} 12:00:00"}
                self.lines[reading.target] |= told

    def _entry(self, entry: TimeEntry) -> None:
        project, line = self.projects[entry.project], self.lines.get(entry.position)
        self.api.add(
            "account.analytic.line",
            name=entry.text or "/",
            date=entry.day.isoformat(),
            unit_amount=_hours(entry.seconds or 0),
            employee_id=[sum(map(ord, entry.person)), entry.person],
            project_id=[project["id"], project["name"]],
            task_id=[sum(map(ord, entry.activity)), entry.activity],
            so_line=[line["id"], line["name"]] if line else False,
            timesheet_invoice_type="billable_time" if entry.billable else "non_billable",
            validated=entry.approved,
        )


def _day(day: date | None) -> str | bool:
    return day.isoformat() if day else False


def _hours(seconds: int) -> Decimal:
    return rounded(Fraction(seconds, SECONDS_PER_HOUR), HOUR_DIGITS).normalize() + 0


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
