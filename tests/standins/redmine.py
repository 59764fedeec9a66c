"""A Redmine in memory, with what a real one was seen to do (tests/e2e): for what it does not do on demand.

Pages of at most 100 rows; time entries filtered by `spent_on` and by nothing else; unknown filters ignored in silence;
a wrong key gets 401 from `/users/current.json` alone, and empty lists from all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from connector.core.offer import Offer, OfferState, Position, Project, ProjectBilling
from connector.core.party import Party
from connector.core.quantity import SECONDS_PER_HOUR, Unit
from connector.core.timesheet import TimeEntry
from tests.standins.agency import Agency
from tests.standins.server import Asked, Said

Row = dict[str, Any]

KEY = "a key of the stand-in"
NOON = "2026-01-05T12:00:00Z"
CAP = 100
LISTS = ("projects", "issues", "time_entries")
_WINDOW = re.compile(r"><(?P<first>[\d-]+)\|(?P<last>[\d-]+)")

EVERYTHING = {"issues_visibility": "all", "time_entries_visibility": "all"}
MEMBER = {"permissions": ["view_issues", "view_time_entries"], **EVERYTHING}


@dataclass
class StandIn:
    """A server with these rows. `on_page` is called after each page of a list, to change things behind the reader."""

    projects: list[Row] = field(default_factory=list)
    issues: list[Row] = field(default_factory=list)
    time_entries: list[Row] = field(default_factory=list)
    single: dict[str, Any] = field(default_factory=dict)
    roles: list[Row] = field(default_factory=lambda: [{"id": 1, "name": "Manager", **MEMBER}])
    memberships: list[Row] | None = None
    admin: bool = False
    on_page: Callable[[str], None] = lambda _path: None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        """Return what a Redmine would."""
        self.asked.append((asked.path, {name: values[-1] for name, values in asked.query.items()}))
        is_known = asked.headers.get("x-redmine-api-key") == KEY
        if asked.path == "/users/current.json":
            return Said(200, {"user": self._user()}) if is_known else Said(401)
        if asked.path in self.single:
            return Said(200, self.single[asked.path])
        name = asked.path.strip("/").removesuffix(".json")
        if name not in LISTS:
            return Said(404)
        page = self._page(name, asked) if is_known else {name: [], "total_count": 0}
        self.on_page(name)
        return Said(200, page)

    def _user(self) -> Row:
        roles = [{"id": role["id"], "name": role["name"]} for role in self.roles]
        self.single |= {f"/roles/{role['id']}.json": {"role": role} for role in self.roles}
        everywhere = [{"project": {"id": each["id"]}, "roles": roles} for each in self.projects]
        return {"id": 1, "admin": self.admin, "memberships": self.memberships or everywhere}

    def _page(self, name: str, asked: Asked) -> Row:
        rows: list[Row] = getattr(self, name)
        if match := _WINDOW.fullmatch(asked.value("spent_on")):
            rows = [row for row in rows if match["first"] <= row["spent_on"] <= match["last"]]
        offset = int(asked.value("offset", "0"))
        page = rows[offset : offset + min(int(asked.value("limit", "25")), CAP)]
        return {name: page, "total_count": len(rows), "offset": offset, "limit": CAP}


def api() -> StandIn:
    """Return an empty Redmine."""
    return StandIn()


def _custom(values: Mapping[str, object]) -> list[Row]:
    return [{"id": number, "name": name, "value": value} for number, (name, value) in enumerate(values.items(), 1)]


def project(number: int, identifier: str, parent: int = 0, /, **fields: object) -> Row:
    """Return a project; keywords are custom fields."""
    row: Row = {"id": number, "identifier": identifier, "name": identifier.title(), "custom_fields": _custom(fields)}
    return {**row, "parent": {"id": parent, "name": "Above"}} if parent else row


def issue(number: int, fields: Mapping[str, object] | None = None, /, **attributes: object) -> Row:
    """Return an issue of project 1."""
    return {
        "id": number,
        "project": {"id": 1, "name": "One"},
        "tracker": {"id": 1, "name": "Feature"},
        "status": {"id": 1, "name": "Neu", "is_closed": False},
        "subject": f"Aufgabe {number}",
        "done_ratio": 0,
        "created_on": NOON,
        "updated_on": NOON,
        "custom_fields": _custom(fields or {}),
        **attributes,
    }


def entry(number: int, fields: Mapping[str, object] | None = None, /, **attributes: object) -> Row:
    """Return a time entry of project 1, an hour on 5 January 2026."""
    return {
        "id": number,
        "project": {"id": 1, "name": "One"},
        "user": {"id": 5, "name": "Anna Berg"},
        "activity": {"id": 9, "name": "Entwicklung"},
        "hours": 1,
        "comments": "",
        "spent_on": "2026-01-05",
        "updated_on": NOON,
        "custom_fields": _custom(fields or {}),
        **attributes,
    }


UNITS = {Unit.HOUR: "h", Unit.DAY: "Tag", Unit.MONTH: "Monat", Unit.PIECE: "Stück", Unit.FLAT: "pauschal"}

BILLING = {
    ProjectBilling.FIXED_PRICE: "Festpreis",
    ProjectBilling.TIME_AND_MATERIALS: "Aufwand",
    ProjectBilling.UNSTATED: "Intern",
}


def fill(api: StandIn, agency: Agency) -> None:
    """Tell the agency as a Redmine would.

    Identifiers are in small letters; whose a project is, prices and offers stand in custom fields; a position is an
    issue. Offers that were not accepted have no place, nor have approval, shares by category or project, and metrics.
    """
    customers = {each.id: each for each in agency.customers}
    projects: dict[str, Row] = {}
    for number, each in enumerate(agency.projects, 1):
        parent = projects[each.parent]["id"] if each.parent else 0
        fields = _project_fields(each, customers.get(each.customer))
        projects[each.id] = project(number, each.id.lower(), parent, **fields) | {"name": each.name}
    issues: dict[str, Row] = {}
    for position in _priced(agency.offers):
        issues[position.key] = _issue(len(issues) + 1, position, projects[position.project])
    api.projects, api.issues = [*projects.values()], [*issues.values()]
    api.time_entries = [
        _entry(number, told, projects[told.project], issues.get(told.position))
        for number, told in enumerate(agency.entries, 1)
    ]


def _project_fields(told: Project, customer: Party | None) -> dict[str, object]:
    fields: dict[str, object] = {"Abrechnungsart": BILLING[told.billing]}
    if customer is None or told.parent:  # a project within another is its customer's
        return fields
    where = customer.address
    days = "" if customer.payment_days is None else str(customer.payment_days)
    return fields | {
        "Kundennummer": customer.id,
        "Kundenname": customer.name,
        "Straße": where.street,
        "PLZ": where.postal_code,
        "Ort": where.city,
        "Land": where.country,
        "USt-IdNr": customer.vat_id,
        "Zahlungsziel": days,
        "Sprache": customer.language,
    }


def _priced(offers: tuple[Offer, ...]) -> Iterator[Position]:
    for offer in offers:
        if offer.state is OfferState.ACCEPTED:
            yield from (each for each in offer.positions if each.billable)


def _issue(number: int, position: Position, within: Row) -> Row:
    fields: dict[str, object] = {
        "Angebot": position.offer,
        "Stundensatz": str(position.unit_price),
        "Menge": str(position.quantity.value),
        "Einheit": UNITS[position.quantity.unit],
        "Rabatt": str(Decimal(int(position.discount * 100))),
        "Steuerklasse": position.vat_class,
        "Leistungsart": position.service,
    }
    return issue(
        number,
        fields,
        subject=position.label,
        project={"id": within["id"], "name": within["name"]},
        start_date=position.start and position.start.isoformat(),
        due_date=position.end and position.end.isoformat(),
        estimated_hours=_hours(position.planned_seconds) if position.planned_seconds else None,
    )


def _entry(number: int, told: TimeEntry, within: Row, position: Row | None) -> Row:
    row = entry(
        number,
        {"Abrechenbar": "1" if told.billable else "0"},
        project={"id": within["id"], "name": within["name"]},
        user={"id": 5, "name": told.person},
        activity={"id": 9, "name": told.activity},
        hours=_hours(told.seconds or 0),
        comments=told.text,
        spent_on=told.day.isoformat(),
    )
    return row | {"issue": {"id": position["id"]}} if position else row


def _hours(seconds: int) -> Decimal:
    return round(Decimal(seconds) / SECONDS_PER_HOUR, 2)
