"""The example agency in MOCO's words: what it has no place for is left out.

Left out or told otherwise: readings of shares and metrics; parents of projects and amended offers stand in custom
properties; a discount that not all items of an offer share is taken off their prices; positions' days stand in
recurring expenses, units produced in expenses, planned hours in the budget of the task; a retainer begins on the first
of a month and has an end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

from connector.core.money import rounded
from connector.core.offer import Offer, OfferState, Position, Project, ProjectBilling
from connector.core.quantity import SECONDS_PER_HOUR, Unit
from connector.core.timesheet import TimeEntry
from tests.standins.agency import Agency

if TYPE_CHECKING:
    from tests.standins.moco import Moco

PARENT, AMENDS = "Hauptprojekt", "Nachtrag zu"

NOT_APPROVED = "nicht freigegeben"

UNITS = {Unit.HOUR: "Std", Unit.DAY: "Tag", Unit.MONTH: "Monat", Unit.PIECE: "Stk", Unit.FLAT: "pauschal"}

STATES = {OfferState.DRAFT: "created", OfferState.SENT: "sent", OfferState.LOST: "archived"}

Row = dict[str, Any]


def fill(api: Moco, agency: Agency) -> None:
    """Tell the agency to an empty MOCO."""
    for name, entity in ((PARENT, "Project"), (AMENDS, "Offer")):
        api.add("/account/custom_properties", name=name, entity=entity)
    _Told(api, agency).tell()


@dataclass
class _Told:
    """Records of MOCO by the agency's ids, as they come to be."""

    api: Moco
    agency: Agency
    companies: dict[str, Row] = field(default_factory=dict)
    projects: dict[str, Row] = field(default_factory=dict)
    users: dict[str, Row] = field(default_factory=dict)

    def tell(self) -> None:
        """Tell everything, in the order in which it hangs together."""
        for party in self.agency.customers:
            lines = (party.name, party.address.street, f"{party.address.postal_code} {party.address.city}")
            self.companies[party.id] = self.api.add(
                "/companies",
                identifier=party.id,
                name=party.name,
                address="\n".join(lines),
                country_code=party.address.country,
                vat_identifier=party.vat_id,
                email=party.email,
                default_invoice_due_days=party.payment_days,
                alternative_correspondence_language=party.language == "en",
                active=party.id in {project.customer for project in self.agency.projects if self._is_alive(project)},
            )
        for project in self.agency.projects:
            self.projects[project.id] = self._project(project)
        for offer in self.agency.offers:
            self._offer(offer)
        self._expenses()
        for entry in self.agency.entries:
            self._activity(entry)

    def _offers_of(self, project: Project) -> list[Offer]:
        return [offer for offer in self.agency.offers if offer.project == project.id]

    def _is_alive(self, project: Project) -> bool:
        offers = self._offers_of(project)
        return not offers or any(offer.state is not OfferState.LOST for offer in offers)

    def _project(self, project: Project) -> Row:
        unstated = project.billing is ProjectBilling.UNSTATED
        retainer = unstated and not self._offers_of(project)
        tasks = list(self._tasks(project))
        start = (project.start or date(2026, 1, 1)).replace(day=1) if retainer else project.start
        return self.api.add(
            "/projects",
            identifier=project.id,
            name=project.name,
            active=self._is_alive(project),
            fixed_price=project.billing is ProjectBilling.FIXED_PRICE or (unstated and not retainer),
            retainer=retainer,
            start_date=start and start.isoformat(),
            finish_date="2026-12-31" if retainer else project.end and project.end.isoformat(),
            billing_variant="task" if any(task["hourly_rate"] for task in tasks) else "project",
            custom_properties={PARENT: project.parent} if project.parent else {},
            customer={"id": self.companies[project.customer]["id"], "name": ""},
            deal={"id": next(self.api.numbers), "name": project.name},
            tasks=tasks,
        )

    def _tasks(self, project: Project) -> Iterator[Row]:
        """Yield the positions of accepted offers, and all other activities, as tasks."""
        offers = [offer for offer in self._offers_of(project) if offer.state is OfferState.ACCEPTED]
        positions = {each.label: each for offer in offers for each in offer.positions if each.billable}
        entries = [entry for entry in self.agency.entries if entry.project == project.id and not entry.position]
        for name in dict.fromkeys([*positions, *(entry.activity for entry in entries)]):
            budget = positions[name].total.amount if name in positions else None
            hours = Fraction((positions[name].planned_seconds or 0) if name in positions else 0, SECONDS_PER_HOUR)
            rate = Fraction(budget or 0) / hours if hours else 0
            task = {"id": next(self.api.numbers), "name": name, "billable": True, "active": True, "budget": budget}
            yield {**task, "hourly_rate": Decimal(str(rate))}

    def _offer(self, offer: Offer) -> None:
        discounts = {each.discount for each in offer.positions if each.billable}
        shared = discounts.pop() if len(discounts) == 1 else Fraction(0)
        project = self.projects[offer.project]
        confirmation = {"id": next(self.api.numbers), "date": offer.accepted_on and offer.accepted_on.isoformat()}
        self.api.add(
            "/offers",
            identifier=offer.id,
            title=offer.label,
            discount=Decimal(str(shared * 100)),
            status=STATES.get(offer.state, "accepted"),
            # An amendment is made in the deal, and the project came of it.
            project=None if offer.amends else {"id": project["id"], "identifier": offer.project},
            deal=project["deal"],
            offer_confirmation=confirmation if offer.accepted_on else None,
            custom_properties={AMENDS: offer.amends} if offer.amends else {},
            items=list(self._items(offer.positions, shared)),
        )

    def _items(self, positions: Sequence[Position], shared: Fraction) -> Iterator[Row]:
        """Yield a title where a category begins; the agency's headings stand for lines of other kinds."""
        structure = iter(["description", "page-break", "subtotal", "separator"] * len(positions))
        for category, group in groupby(positions, key=lambda position: position.category):
            if category:
                yield self._line("title", category)
            for position in group:
                option = position.unit_price and not position.billable
                if position.billable or option:
                    yield self._item(position, shared, optional=bool(option))
                else:
                    yield self._line(next(structure), position.label)

    def _line(self, kind: str, title: str) -> Row:
        priceless = {"quantity": 0, "unit": None, "unit_price": 0, "net_total": 0, "optional": False}
        return {"id": next(self.api.numbers), "type": kind, "title": title, "description": None, **priceless}

    def _item(self, position: Position, shared: Fraction, *, optional: bool) -> Row:
        quantity, price = position.quantity, Fraction(position.unit_price)
        if position.discount != shared:
            price *= 1 - position.discount
        total = price * Fraction(quantity.value)
        lump = quantity.unit is Unit.FLAT and quantity.value == 1
        priced = {"quantity": quantity.value, "unit": UNITS[quantity.unit], "unit_price": _decimal(price)}
        return {
            **self._line("item", position.label),
            **({"quantity": None, "unit": None, "unit_price": None} if lump else priced),
            "net_total": _decimal(total),
            "optional": optional,
            "service_type": "service",
            "revenue_category": {"id": 1, "name": position.service, "revenue_account": 8400, "cost_category": ""},
        }

    def _expenses(self) -> None:
        positions = {each.key: each for offer in self.agency.offers for each in offer.positions}
        before: dict[str, Decimal] = {}
        for reading in sorted(self.agency.readings, key=lambda reading: reading.on):
            if reading.units is not None:
                made = reading.units - before.get(reading.target, Decimal(0))
                before[reading.target] = reading.units
                title = positions[reading.target].label
                self._expense("/projects/expenses", reading.project, title, quantity=made, date=reading.on.isoformat())
        for position in positions.values():
            if position.start and position.end:
                days = {"start_date": position.start.isoformat(), "finish_date": position.end.isoformat()}
                price = {"unit_price": position.unit_price, "recur_next_date": None}
                self._expense("/recurring_expenses", position.project, position.label, **days, **price)

    def _expense(self, path: str, project: str, title: str, **values: Any) -> None:  # noqa: ANN401 - JSON
        told = {"id": self.projects[project]["id"], "name": self.projects[project]["name"]}
        self.api.add(path, title=title, project=told, **values)

    def _activity(self, entry: TimeEntry) -> None:
        project = self.projects[entry.project]
        labels = {each.key: each.label for offer in self.agency.offers for each in offer.positions}
        name = labels[entry.position] if entry.position else entry.activity
        [task] = [task for task in project["tasks"] if task["name"] == name]
        self.api.add(
            "/activities",
            date=entry.day.isoformat(),
            hours=rounded(Fraction(entry.seconds or 0, SECONDS_PER_HOUR), 2),
            seconds=entry.seconds,
            worked_seconds=entry.seconds,
            description=entry.text,
            billable=entry.billable,
            tag="" if entry.approved else NOT_APPROVED,
            project={"id": project["id"], "name": project["name"], "billable": True},
            task={"id": task["id"], "name": name, "billable": True},
            customer=project["customer"],
            user=self._user(entry.person),
        )

    def _user(self, person: str) -> Row:
        first, _, last = person.rpartition(" ")
        return self.users.setdefault(person, {"id": next(self.api.numbers), "firstname": first, "lastname": last})


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
