"""A Kimai: customers, projects and time, as its REST API serves them.

Built from what version 2.66 of its program says of its API (parameters, fields, groups of fields, 404 past the end),
the vendor's pages on the API and its pagination, and an API description of it. What none of them says is marked
"guess".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from connector.core.timesheet import TimeEntry
from tests.standins.agency import Agency
from tests.standins.bucket import Bucket
from tests.standins.server import Asked, Said

BASE = "/api"
ROWS, MOST_ROWS = 50, 500
NOT_APPROVED = "nicht freigegeben"
BREAK_AFTER, BREAK = 6 * 3600, 1800
NEVER = "0"
BERLIN = ZoneInfo("Europe/Berlin")

Row = dict[str, Any]

_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_ONLY_ALONE = ("address", "vatId", "email", "company", "contact", "budget", "timeBudget", "budgetType", "orderNumber")
_CHOICES = {"orderBy": ("id", "begin", "end", "rate"), "order": ("ASC", "DESC"), "full": ("true",)}


class ParameterError(ValueError):
    """A parameter that is not understood; 400."""


@dataclass
class Kimai:
    """The instance; `on_page` is called after each page of time, to change things behind the reader.

    `today` is what lists of projects without `ignoreDates` are cut to. There is no limit of requests in Kimai; the
    bucket stands for the server in front of it. `modified` is when records of time were last changed, in UTC: the
    filter `modified_after` knows it, and no answer tells it. `roles` are those of the token's user, who is in Berlin.
    """

    customers: list[Row] = field(default_factory=list)
    projects: list[Row] = field(default_factory=list)
    activities: list[Row] = field(default_factory=list)
    timesheets: list[Row] = field(default_factory=list)
    users: list[Row] = field(default_factory=list)
    rates: dict[int, list[Row]] = field(default_factory=dict)
    roles: tuple[str, ...] = ("ROLE_SUPER_ADMIN", "ROLE_USER")
    tells_totals: bool = True
    today: date = date(2026, 1, 15)
    bucket: Bucket = field(default_factory=lambda: Bucket(10**6, 1, 10**6))
    on_page: Callable[[], None] = lambda: None
    modified: dict[int, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def answer(self, asked: Asked) -> Said:
        """Return the answer of the API."""
        scheme, _, token = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token.strip():
            return _error(401, "Unauthorized")
        if not self.bucket.take():
            return Said(429, b"Too Many Requests", {"Content-Type": "text/plain", "Retry-After": "1"})
        try:
            return self._said(asked.path.removeprefix(BASE).strip("/").split("/"), asked)
        except ParameterError as error:
            return _error(400, str(error))

    def _said(self, path: list[str], asked: Asked) -> Said:
        match path:
            case ["users", "me"]:
                return Said(200, {"id": 1, "username": "honorar", "roles": self.roles, "timezone": "Europe/Berlin"})
            case ["customers" | "projects" as name]:
                return Said(200, [_in_list(row) for row in getattr(self, name) if self._is_shown(row, asked)])
            case ["customers" | "projects" | "timesheets" as name, number, *rest] if rest in ([], ["export"]):
                found = [row for row in getattr(self, name) if str(row["id"]) == number]
                return self._record(name, found[0], asked.method) if found else _error(404, "Not Found")
            case ["projects", number, "rates"]:
                return Said(200, self.rates.get(int(number), []))
            case ["timesheets"] if asked.method == "GET":
                said = self._time(asked)
                self.on_page()
                return said
        return _error(404, "Not Found")

    def _record(self, name: str, row: Row, method: str) -> Said:
        """Return the record; the flag "exported" of time is turned over by the only PATCH there is, whatever it was."""
        if method == "PATCH":
            row["exported"] = not row["exported"]
        return Said(200, _by_ids(row) if name == "timesheets" else row)

    def _is_shown(self, row: Row, asked: Asked) -> bool:
        visible = {"1": (True,), "2": (False,), "3": (True, False)}[asked.value("visible", "1")]
        if row["visible"] not in visible:
            return False
        today = self.today.isoformat()
        return asked.value("ignoreDates") == "1" or (row.get("start") or "0") <= today <= (row.get("end") or "9")

    def _time(self, asked: Asked) -> Said:
        for name, values in _CHOICES.items():
            if name in asked.query and asked.value(name) not in values:
                raise ParameterError(_violated(name))
        rows = [row for row in self.timesheets if self._passes(row, asked)]
        name = asked.value("orderBy", "begin")
        rows.sort(key=lambda row: row[name] or "", reverse=asked.value("order", "DESC") == "DESC")
        page, size = _number(asked, "page", 1), _number(asked, "size", ROWS)
        if size > MOST_ROWS:  # a guess: it may be lowered instead
            raise ParameterError(_violated("size"))
        pages = max(1, -(-len(rows) // size))
        if page > pages:
            return _error(404, "Not Found")
        totals = {"X-Page": page, "X-Total-Count": len(rows), "X-Total-Pages": pages, "X-Per-Page": size}
        shown = rows[(page - 1) * size : page * size]
        body = shown if asked.value("full") else [_by_ids(row) for row in shown]
        return Said(200, body, {key: str(value) for key, value in totals.items()} if self.tells_totals else {})

    def _passes(self, row: Row, asked: Asked) -> bool:
        if asked.value("user") != "all" or not {"ROLE_SUPER_ADMIN", "ROLE_ADMIN"} & set(self.roles):
            return bool(row["user"]["id"] == 1)
        begin = f"{datetime.fromisoformat(row['begin']).astimezone(BERLIN):%Y-%m-%dT%H:%M:%S}"
        changed = self.modified.get(row["id"], NEVER)
        return changed >= _local(asked, "modified_after", NEVER) and _local(asked, "begin", "0") <= begin <= _local(
            asked, "end", "9"
        )

    def add_customer(self, number: str | None, name: str, **more: object) -> Row:
        """Create a customer."""
        row: Row = {"id": next(self.numbers), "name": name, "number": number, "comment": None, "visible": True}
        row |= {"billable": True, "company": None, "address": None, "vatId": None, "country": "DE", "email": None}
        row |= {"currency": "EUR", "timezone": "Europe/Berlin", "metaFields": [], "teams": [], "color": None}
        self.customers.append(row | {"budget": 0, "timeBudget": 0, "budgetType": None} | more)
        return self.customers[-1]

    def add_project(self, number: str | None, name: str, customer: Row, **more: object) -> Row:
        """Create a project."""
        row: Row = {"id": next(self.numbers), "name": name, "number": number, "customer": customer["id"]}
        row |= {"parentTitle": customer["name"], "comment": None, "visible": True, "billable": True, "color": None}
        row |= {"start": None, "end": None, "orderNumber": None, "metaFields": [], "globalActivities": True}
        self.projects.append(row | {"budget": 0, "timeBudget": 0, "budgetType": None} | more)
        return self.projects[-1]

    def add_activity(self, name: str) -> Row:
        """Return the activity of all projects with the name, a new one if there is none."""
        found = [row for row in self.activities if row["name"] == name]
        if not found:
            row: Row = {"id": next(self.numbers), "name": name, "project": None, "number": None, "visible": True}
            self.activities.append(row | {"comment": None, "billable": True, "color": None})
        return (found or self.activities)[-1]

    def add_user(self, alias: str) -> Row:
        """Return the user with the alias, a new one if there is none; the token's user has the id 1."""
        found = [row for row in self.users if row["alias"] == alias]
        if not found:
            name = alias.lower().replace(" ", ".")
            self.users.append({"id": 2 + len(self.users), "alias": alias, "username": name, "enabled": True})
        return (found or self.users)[-1]

    def add_time(self, begin: datetime, seconds: int, project: Row, activity: str = "Konzept", **more: object) -> Row:
        """Create a record of time that was stopped, without a break."""
        customer = next(row for row in self.customers if row["id"] == project["customer"])
        around = {key: project[key] for key in ("id", "name", "number", "visible", "billable")}
        row: Row = {"id": next(self.numbers), "begin": iso(begin), "end": iso(begin + timedelta(seconds=seconds))}
        row |= {"duration": seconds, "break": 0, "description": None, "rate": 0, "internalRate": 0, "tags": []}
        row |= {"exported": False, "billable": True, "metaFields": [], "user": self.add_user("Anna Berg")}
        row |= {"activity": self.add_activity(activity)}
        row["project"] = around | {"customer": {key: customer[key] for key in ("id", "name", "number")}}
        self.timesheets.append(row | more)
        return self.timesheets[-1]


def api() -> Kimai:
    """Return an empty instance."""
    return Kimai()


def iso(moment: datetime) -> str:
    """Return '2026-01-31T09:15:00+0100', as Kimai writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S%z")


def fill(api: Kimai, agency: Agency) -> None:
    """Tell the agency as a Kimai would.

    Offers, readings and metrics have no place; nor have parents and billing of projects, and payment days and language
    of customers. The agency's number of a project stands before its name, because Kimai's own number is short. A
    position with time is an activity that bears it in brackets. Time that is not approved has a tag.
    """
    customers = {
        each.id: api.add_customer(
            each.id,
            each.name,
            company=each.name,
            address=f"{each.address.street}\r\n{each.address.postal_code} {each.address.city}",
            country=each.address.country,
            vatId=each.vat_id or None,
            email=each.email or None,
        )
        for each in agency.customers
    }
    projects = {
        each.id: api.add_project(
            None,
            f"{each.id} {each.name}",
            customers[each.customer],
            start=each.start and each.start.isoformat(),
            end=each.end and each.end.isoformat(),
        )
        for each in agency.projects
    }
    for number, entry in enumerate(agency.entries):
        _tell(api, number, entry, projects[entry.project])


def _tell(api: Kimai, number: int, entry: TimeEntry, project: Row) -> None:
    """Tell the entry; some begin after midnight, which is the day before in UTC; long ones have a break."""
    seconds = entry.seconds or 0
    begin = datetime.combine(entry.day, time(0, 20) if number % 3 else time(9, 15), BERLIN)
    pause = BREAK if seconds > BREAK_AFTER else 0
    api.add_time(
        begin,
        seconds,
        project,
        f"{entry.activity} [{entry.position}]" if entry.position else entry.activity,
        end=iso(begin + timedelta(seconds=seconds + pause)),
        user=api.add_user(entry.person),
        description=entry.text or None,
        billable=entry.billable,
        tags=[] if entry.approved else [NOT_APPROVED],
        **{"break": pause},
    )


def _in_list(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in _ONLY_ALONE}


def _by_ids(row: Row) -> Row:
    return {**row, **{name: row[name]["id"] for name in ("user", "project", "activity")}}


def _local(asked: Asked, name: str, default: str) -> str:
    text = asked.value(name, default)
    if text != default and not _LOCAL.fullmatch(text):
        raise ParameterError(_violated(name))
    return text


def _number(asked: Asked, name: str, default: int) -> int:
    text = asked.value(name) or str(default)
    if not text.isdecimal() or not int(text):
        raise ParameterError(_violated(name))
    return int(text)


def _violated(name: str) -> str:
    return f'Parameter "{name}" violated a constraint.'


def _error(status: int, message: str) -> Said:
    return Said(status, {"code": status, "message": message})
