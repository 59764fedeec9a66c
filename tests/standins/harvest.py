"""A Harvest account: clients, projects, estimates and time entries, as its REST API v2 serves them.

Built from the vendor's documentation (General, Pagination, Clients, Projects, Estimates, Time Entries, Users) and its
example answers. What it does not say is marked "guess".
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from connector.core.offer import Offer, OfferState, Position, ProjectBilling
from connector.core.quantity import Unit
from connector.core.timesheet import TimeEntry
from tests.standins.agency import Agency
from tests.standins.bucket import Bucket
from tests.standins.server import Asked, Said

BASE = "/v2"
MOST_ROWS = 2000
REQUESTS, SECONDS = 100, 15
UNITS = {
    Unit.HOUR: "Stunden",
    Unit.DAY: "Tage",
    Unit.MONTH: "Monate",
    Unit.PIECE: "Stück",
    Unit.FLAT: "Pauschale",
}
"""Categories of items, as an agency may name them."""

Row = dict[str, Any]

_USER_AGENT = re.compile(r".+ \(.+\)")
_CENT = Decimal("0.01")
_NOON = "2026-01-02T12:00:00Z"


@dataclass
class Harvest:
    """The account; `on_page` is called after each page, to change things behind the reader.

    `by_cursor` is how lists are paged today; before, links carried page numbers.
    """

    clients: list[Row] = field(default_factory=list)
    projects: list[Row] = field(default_factory=list)
    estimates: list[Row] = field(default_factory=list)
    time_entries: list[Row] = field(default_factory=list)
    user: Row = field(default_factory=lambda: {"id": 1, "access_roles": ["administrator"]})
    account_id: str = "12345"
    by_cursor: bool = True
    bucket: Bucket = field(default_factory=lambda: Bucket(REQUESTS, SECONDS, REQUESTS))
    on_page: Callable[[str], None] = lambda _path: None

    def answer(self, asked: Asked) -> Said:
        """Return the answer of the API."""
        refused = self._refused(asked)
        if refused:
            return refused
        path = asked.path.removeprefix(BASE)
        if path == "/users/me":
            return Said(200, self.user)
        lists = {name: getattr(self, name) for name in ("clients", "projects", "estimates", "time_entries")}
        name = path.removeprefix("/")
        if asked.method != "GET" or name not in lists:
            return Said(404, {"status": 404, "error": "Not Found"})
        said = self._page(name, lists[name], asked)
        self.on_page(path)
        return said

    def _refused(self, asked: Asked) -> Said | None:
        if not _USER_AGENT.fullmatch(asked.headers.get("user-agent", "")):
            return Said(400, {"message": "User-Agent header is required"})
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token.strip() or asked.headers.get("harvest-account-id") != self.account_id:
            return Said(401, {"error": "invalid_token", "error_description": "The access token is invalid"})
        if not self.bucket.take():
            return Said(429, {"message": "Too many requests"}, {"Retry-After": "1"})
        return None

    def _page(self, name: str, rows: list[Row], asked: Asked) -> Said:
        size = int(asked.value("per_page") or MOST_ROWS)
        if not 1 <= size <= MOST_ROWS:
            return Said(422, {"message": f"per_page must be between 1 and {MOST_ROWS}"})
        chosen = [row for row in rows if _between(row, asked)]
        found = sorted(chosen, key=lambda row: (row.get("spent_date", ""), row["id"]), reverse=True)
        if asked.value("cursor"):
            told = json.loads(base64.b64decode(asked.value("cursor")))
            start = next((at for at, row in enumerate(found) if _place(row) < told["after"]), len(found))
        else:
            start = (int(asked.value("page") or 1) - 1) * size
        shown = found[start : start + size]
        more = start + size < len(found)
        number = int(asked.value("page") or 1)
        body = {
            name: shown,
            "per_page": size,
            "total_pages": -(-len(found) // size),
            "total_entries": len(found),
            "page": None if asked.value("cursor") and more else number,
            "next_page": number + 1 if more and not asked.value("cursor") else None,
            "previous_page": None,
            "links": self._links(asked, number, _place(shown[-1]) if shown and more else None),
        }
        return Said(200, body)

    def _links(self, asked: Asked, number: int, after: list[Any] | None) -> Row:
        kept = {each: asked.value(each) for each in ("from", "to", "updated_since", "per_page") if asked.value(each)}
        told = "&".join(f"{each}={value}" for each, value in kept.items())
        cursor = base64.b64encode(json.dumps({"after": after}).encode()).decode()
        turn = f"cursor={cursor}&ref=next_cursor" if self.by_cursor else f"page={number + 1}"
        link = f"https://api.harvestapp.com{asked.path}?{told}&{turn}".replace("=&", "%3D&")
        return {"first": f"https://api.harvestapp.com{asked.path}?page=1&{told}", "next": link if after else None}

    def add_client(self, name: str, address: str = "", currency: str = "EUR") -> Row:
        """Create a client."""
        row = {"id": 5_735_000 + len(self.clients), "name": name, "is_active": True, "address": address}
        self.clients.append({**row, "currency": currency, "created_at": _NOON, "updated_at": _NOON})
        return self.clients[-1]

    def add_project(self, code: str, name: str, client: Row, **more: object) -> Row:
        """Create a project of time and materials."""
        row: Row = {"id": 14_308_000 + len(self.projects), "name": name, "code": code, "is_active": True}
        row |= {"is_billable": True, "is_fixed_fee": False, "fee": None, "bill_by": "Project", "budget_by": "none"}
        row |= {"starts_on": None, "ends_on": None, "budget": None, "budget_is_monthly": False}
        row["client"] = {name: client[name] for name in ("id", "name", "currency")}
        self.projects.append(row | more)
        return self.projects[-1]

    def add_entry(self, day: date, hours: Decimal | int, project: Row, task: str = "Konzept", **more: object) -> Row:
        """Create a time entry; ids grow, as Harvest's do. The code of the nested project is a guess."""
        row: Row = {"id": 636_700_000 + len(self.time_entries), "spent_date": day.isoformat(), "hours": hours}
        row |= {"rounded_hours": _to_quarters(Decimal(hours)), "notes": None, "updated_at": _NOON}
        row |= {"user": {"id": 7, "name": "Kim Allen"}, "task": {"id": 8, "name": task}}
        row |= {"project": {name: project[name] for name in ("id", "name", "code")}, "client": project["client"]}
        row |= {"is_locked": False, "locked_reason": None, "is_closed": False, "is_billed": False, "is_running": False}
        row |= {"billable": True, "timer_started_at": None, "started_time": None, "ended_time": None}
        self.time_entries.append(row | more)
        return self.time_entries[-1]

    def add_estimate(self, number: str, client: Row, **more: object) -> Row:
        """Create an estimate without lines."""
        row: Row = {"id": 1_439_000 + len(self.estimates), "number": number, "line_items": [], "state": "draft"}
        row |= {"client": {"id": client["id"], "name": client["name"]}, "currency": client["currency"], "subject": ""}
        row |= {"purchase_order": "", "amount": Decimal(0), "discount": None, "tax": None, "tax_amount": None}
        row |= {"tax2": None, "tax2_amount": None, "accepted_at": None, "updated_at": _NOON}
        self.estimates.append(row | more)
        return self.estimates[-1]

    def add_line(self, estimate: Row, quantity: Decimal | int, unit_price: Decimal | int, **more: object) -> Row:
        """Add a line, and count it into the amount, which is with taxes."""
        amount = _money(Decimal(quantity) * unit_price)
        row: Row = {"id": 53_334_000 + sum(len(each["line_items"]) for each in self.estimates), "kind": "Stück"}
        row |= {"description": "", "quantity": quantity, "unit_price": unit_price, "amount": amount}
        row |= {"taxed": False, "taxed2": False, **more}
        estimate["line_items"].append(row)
        estimate["amount"] += amount
        for taxed, tax in (("taxed", "tax"), ("taxed2", "tax2")):
            if row[taxed] and estimate[tax] is not None:
                part = _money(amount * estimate[tax] / 100)
                estimate[f"{tax}_amount"] = (estimate[f"{tax}_amount"] or 0) + part
                estimate["amount"] += part
        return row


def api() -> Harvest:
    """Return an empty account with the vendor's limits."""
    return Harvest()


def two_decimals(seconds: int) -> Decimal:
    """Return the hours as Harvest tells them."""
    return (Decimal(seconds) / 3600).quantize(_CENT, ROUND_HALF_UP)


def fill(api: Harvest, agency: Agency) -> None:
    """Tell the agency as a Harvest account would.

    Clients bear their number before the name; country, VAT id, payment days and language have no place. Projects have
    no parents. A task names the position in brackets. Estimates carry the project's code as purchase order; a discount
    of a position is in its price, headings and options are left out. There are no readings and no metrics.
    """
    clients = {
        each.id: api.add_client(
            f"{each.id} {each.name}",
            f"{each.address.street}\r\n{each.address.postal_code} {each.address.city}",
        )
        for each in agency.customers
    }
    projects = {
        each.id: api.add_project(
            each.id,
            each.name,
            clients[each.customer],
            starts_on=each.start and each.start.isoformat(),
            ends_on=each.end and each.end.isoformat(),
            is_fixed_fee=each.billing is ProjectBilling.FIXED_PRICE,
        )
        for each in agency.projects
    }
    for offer in agency.offers:
        _tell_offer(api, offer, projects[offer.project], clients)
    for entry in agency.entries:
        _tell_entry(api, entry, projects[entry.project])


def _tell_entry(api: Harvest, entry: TimeEntry, project: Row) -> None:
    task = f"{entry.activity} [{entry.position}]" if entry.position else entry.activity
    told = {"user": {"id": 7, "name": entry.person}, "notes": entry.text, "is_closed": entry.approved}
    api.add_entry(entry.day, two_decimals(entry.seconds or 0), project, task, billable=entry.billable, **told)


def _tell_offer(api: Harvest, offer: Offer, project: Row, clients: Mapping[str, Row]) -> None:
    client = next(each for each in clients.values() if each["id"] == project["client"]["id"])
    states = {OfferState.LOST: "declined"}
    accepted = f"{offer.accepted_on}T09:30:00Z" if offer.accepted_on else None
    estimate = api.add_estimate(
        offer.id,
        client,
        state=states.get(offer.state, str(offer.state)),
        subject=offer.label,
        purchase_order=project["code"],
        accepted_at=accepted,
        tax=Decimal(19),
        tax2=Decimal(7),
    )
    for position in offer.positions:
        if position.billable:
            _tell_position(api, estimate, position)


def _tell_position(api: Harvest, estimate: Row, position: Position) -> None:
    price = position.unit_price * (100 - Decimal(int(position.discount * 100))) / 100
    api.add_line(
        estimate,
        position.quantity.value,
        price,
        kind=UNITS[position.quantity.unit],
        description=position.label,
        taxed=position.vat_class == "standard",
        taxed2=position.vat_class == "reduced",
    )


def _between(row: Row, asked: Asked) -> bool:
    day, changed = row.get("spent_date"), row.get("updated_at") or ""
    return changed >= asked.value("updated_since") and (
        day is None or (asked.value("from", "0") <= day <= asked.value("to", "9"))
    )


def _place(row: Row) -> list[Any]:
    return [row.get("spent_date", ""), row["id"]]


def _money(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)


def _to_quarters(hours: Decimal) -> Decimal:
    """Return the hours rounded up to quarters, as an account may be set."""
    return -(-hours // Decimal("0.25")) * Decimal("0.25")
