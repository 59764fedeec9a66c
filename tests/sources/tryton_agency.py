"""The example agency in Tryton, and what its tenant writes into connector.toml.

Tryton tells customers, projects, sales with lines, deliveries and time. A ledger laid over it tells the shares
(progress.csv), the metrics (metrics.csv), and what Tryton does not know of projects and positions: days, and headings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from connector.core.offer import Offer, OfferState, Position, ProjectBilling
from connector.core.party import Party
from connector.core.quantity import Unit
from connector.core.timesheet import TimeEntry
from tests.sources.tryton_standin import KEY, Row, StandIn, amount
from tests.standins.agency import Agency

NOT_BILLABLE = "Intern"

REDUCED = "USt 7 %"

UNITS = {Unit.HOUR: "h", Unit.DAY: "d", Unit.MONTH: "mo", Unit.PIECE: "u", Unit.FLAT: "psch"}

BILLING = {
    ProjectBilling.FIXED_PRICE: "progress",
    ProjectBilling.TIME_AND_MATERIALS: "timesheet",
    ProjectBilling.UNSTATED: "manual",
}

STATES = {OfferState.ACCEPTED: "processing", OfferState.SENT: "quotation", OfferState.LOST: "cancelled"}


def settings_for(url: str) -> dict[str, Any]:
    """Return the settings of the source; positions are called by their number so that a ledger can name them."""
    return {
        "url": url,
        "database": "agency",
        "api_key": KEY,
        "position_id": "number",
        "sale_project": "reference",
        "progress": "none",
        "unbillable_tasks": [NOT_BILLABLE],
        "units": {"mo": "month", "psch": "flat"},
        "vat_classes": {REDUCED: "reduced"},
    }


def api() -> StandIn:
    """Return a Tryton with a company and nothing else."""
    standin = StandIn()
    for model in ("party.party", "project.work"):
        standin.rows[model].clear()
    return standin


def fill(api: StandIn, agency: Agency) -> None:
    """Tell the agency as a Tryton would: time is on tasks, and what is not approved or billable on one of its own."""
    _Told(api, agency).tell()


@dataclass
class _Told:
    """Records of Tryton by the agency's ids, as they come to be."""

    api: StandIn
    agency: Agency
    parties: dict[str, Row] = field(default_factory=dict)
    projects: dict[str, Row] = field(default_factory=dict)
    lines: dict[str, Row] = field(default_factory=dict)
    tasks: dict[tuple[str, str], Row] = field(default_factory=dict)

    def tell(self) -> None:
        """Tell everything, in the order in which it hangs together."""
        for party in self.agency.customers:
            self.parties[party.id] = self._party(party)
        for each in self.agency.projects:
            customer, above = self.parties.get(each.customer), self.projects.get(each.parent)
            told = {"type": "project", "party": customer and customer["id"], "parent": above and above["id"]}
            billing = {"project_invoice_method": BILLING[each.billing]}
            self.projects[each.id] = self.api.work(each.name, each.id, **told, **billing)
        for offer in self.agency.offers:
            self._sale(offer)
        self._deliveries()
        for entry in self.agency.entries:
            self._entry(entry)

    def _party(self, party: Party) -> Row:
        where = party.address
        address = {"street": where.street, "postal_code": where.postal_code, "city": where.city, "invoice": True}
        days = {"type": "remainder", "relativedeltas": [{"days": party.payment_days}]}
        return self.api.add(
            "party.party",
            name=party.name,
            code=party.id,
            lang={"code": party.language},
            addresses=[{**address, "country": {"code": where.country}, "active": True}],
            identifiers=[{"type": "eu_vat", "code": party.vat_id}],
            contact_mechanisms=[{"type": "email", "value": party.email}],
            customer_payment_term=None if party.payment_days is None else {"lines": [days]},
        )

    def _sale(self, offer: Offer) -> None:
        sale = self.api.add(
            "sale.sale",
            number=offer.id,
            description=offer.label,
            reference=offer.project,
            state=STATES[offer.state],
            party=self.projects[offer.project]["party"],
            currency={"code": offer.positions[0].currency},
            sale_date=offer.accepted_on or date(2026, 1, 1),
        )
        category = ""
        for at, position in enumerate(offer.positions):
            if position.category and position.category != category:
                category = position.category
                self._line(sale, 2 * at, type="title", summary=category)
            if position.unit_price:
                self.lines[position.key] = self._line(sale, 2 * at + 1, type="line", **_sold(position))
                self._effort(position)
            else:
                self._line(sale, 2 * at + 1, type="comment", summary=position.label)

    def _line(self, sale: Row, sequence: int, **values: Any) -> Row:  # noqa: ANN401 - JSON
        return self.api.add("sale.line", sale=sale["id"], sequence=sequence, **values)

    def _effort(self, position: Position) -> None:
        if position.planned_seconds is not None:
            self._task(position.project, position.key, position.label)["effort_duration"] = {
                "__class__": "timedelta",
                "seconds": position.planned_seconds,
            }

    def _task(self, project: str, key: str, name: str) -> Row:
        """Return the task of the position, or of that name."""
        if (project, key) not in self.tasks:
            line = self.lines.get(key)
            told = {"parent": self.projects[project]["id"], "origin": line and f"sale.line,{line['id']}"}
            self.tasks[project, key] = self.api.work(name, f"T-{len(self.tasks)}", **told)
        return self.tasks[project, key]

    def _deliveries(self) -> None:
        before: dict[str, Decimal] = {}
        for reading in sorted(self.agency.readings, key=lambda reading: reading.on):
            if reading.units is not None:
                line, made = self.lines[reading.target], reading.units - before.get(reading.target, Decimal(0))
                before[reading.target] = reading.units
                self.api.move(line["id"], str(made), reading.on.isoformat(), unit=line["unit"])

    def _entry(self, entry: TimeEntry) -> None:
        name = entry.activity if entry.billable and entry.approved else NOT_BILLABLE
        position = self._task(entry.project, entry.position, entry.position) if entry.position else None
        task = self._task(entry.project, f"{entry.position} {name}", name)
        if position:
            task["parent"] = position["id"]
        self.api.entry(
            entry.day.isoformat(),
            entry.seconds,
            employee={"party": {"name": entry.person}},
            work={"name": None, "origin": f"project.work,{task['id']}"},
            description=entry.text,
        )


def _sold(position: Position) -> Row:
    price = position.unit_price * (100 - Decimal(int(position.discount * 100))) / 100
    return {
        "summary": position.label,
        "quantity": position.quantity.value if position.billable else Decimal(0),
        "unit": {"symbol": UNITS[position.quantity.unit]},
        "unit_price": amount(str(price)),
        "product": {"template": {"name": position.service}},
        "taxes": [{"name": REDUCED}] if position.vat_class == "reduced" else [],
    }
