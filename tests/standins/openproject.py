"""An OpenProject: projects, work packages and time entries, as its API v3 serves them.

Built from the vendor's API documentation (collections, filters, basic objects, projects, work packages, time entries,
schemas, actions and capabilities) and the example answers in it. What it does not say is marked "guess".
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

from connector.core.offer import ProjectBilling
from connector.core.timesheet import TimeEntry
from tests.standins.agency import Agency
from tests.standins.bucket import Bucket
from tests.standins.server import Asked, Said

BASE = "/api/v3"
ROWS, MOST_ROWS = 20, 1000
NOON = "2026-01-02T11:00:00.000Z"

KEY, CUSTOMER, START, END, BILLING = "Projektnummer", "Kundennummer", "Beginn", "Ende", "Abrechnungsart"
POSITION, BILLABLE, APPROVED = "Angebotsposition", "Abrechenbar", "Freigegeben"
FIXED_PRICE, TIME_AND_MATERIALS = "Festpreis", "Aufwand"
"""Custom fields and their values, as an agency may name them."""

PROJECTS, PACKAGES, ENTRIES = "projects", "work_packages", "time_entries"

Row = dict[str, Any]

_LISTS = {PROJECTS: "Project", PACKAGES: "WorkPackage", ENTRIES: "TimeEntry"}

_OWN_FIELDS = {"id": {"name": "ID", "type": "Integer"}, "createdAt": {"name": "Created on", "type": "DateTime"}}


class QueryError(ValueError):
    """A query that is not understood; 400."""


@dataclass
class OpenProject:
    """The instance; `on_page` is called after each page, to change things behind the reader.

    `rights` are the projects in which the key's user has an action; all where none are named. There is no limit of
    requests in OpenProject; the bucket stands for the server in front of it.
    """

    projects: list[Row] = field(default_factory=list)
    work_packages: list[Row] = field(default_factory=list)
    time_entries: list[Row] = field(default_factory=list)
    fields: dict[str, Row] = field(default_factory=lambda: {PROJECTS: {}, PACKAGES: {}, ENTRIES: {}})
    rights: dict[str, set[int]] = field(default_factory=dict)
    knows_actions: bool = True
    most_rows: int = MOST_ROWS
    bucket: Bucket = field(default_factory=lambda: Bucket(10**6, 1, 10**6))
    on_page: Callable[[str], None] = lambda _path: None
    numbers: dict[str, Any] = field(default_factory=lambda: {name: count(1) for name in ("fields", *_LISTS)})

    def answer(self, asked: Asked) -> Said:
        """Return the answer of the API."""
        if not _is_authorized(asked):
            return _error(401, "Unauthenticated", "You did not provide the correct credentials.")
        if not self.bucket.take():
            return Said(429, b"Too Many Requests", {"Content-Type": "text/plain", "Retry-After": "1"})
        path = asked.path.removeprefix(f"{BASE}/")
        try:
            said = self._said(path, asked)
        except QueryError as error:
            return _error(400, "InvalidQuery", str(error))
        self.on_page(path)
        return said

    def _said(self, path: str, asked: Asked) -> Said:
        name, _, rest = path.partition("/")
        if asked.method != "GET" or name not in _LISTS:
            return _error(404, "NotFound", "The requested resource could not be found.")
        if not rest:
            return Said(200, self._page(path, asked))
        if rest == "schema" and name != PACKAGES:
            return Said(200, {"_type": "Schema", **_OWN_FIELDS, **self.fields[name]})
        if path == "work_packages/schemas":
            return Said(200, self._schemas(asked))
        return _error(404, "NotFound", "The requested resource could not be found.")

    def _page(self, name: str, asked: Asked) -> Row:
        told = asked.value("filters")
        if name == PACKAGES and not told:
            told = '[{"status_id":{"operator":"o","values":null}}]'
        rows = [row for row in getattr(self, name) if all(self._passes(row, each) for each in _json(told or "[]"))]
        rows = _sorted(rows, asked.value("sortBy"))
        number, size = int(asked.value("offset") or 1), int(asked.value("pageSize") or ROWS)
        size = self.most_rows if size < 0 else min(size, self.most_rows)
        shown = rows[(number - 1) * size : number * size]
        links: Row = {"self": {"href": f"{BASE}/{name}?offset={number}&pageSize={size}"}}
        if number * size < len(rows):
            links["nextByOffset"] = {"href": f"{BASE}/{name}?offset={number + 1}&pageSize={size}"}
        sizes = {"total": len(rows), "count": len(shown), "pageSize": size, "offset": number}
        return {"_type": "Collection", **sizes, "_embedded": {"elements": shown}, "_links": links}

    def _schemas(self, asked: Asked) -> Row:
        """Return the schemas asked for; each knows all custom fields."""
        (condition,) = _json(asked.value("filters"))
        if list(condition) != ["id"]:
            message = "Unknown filter."
            raise QueryError(message)
        schemas = [
            {"_type": "Schema", "_links": {"self": {"href": f"{BASE}/work_packages/schemas/{each}"}}}
            | self.fields[PACKAGES]
            for each in condition["id"]["values"]
        ]
        return {"_type": "Collection", "total": len(schemas), "_embedded": {"elements": schemas}}

    def _passes(self, row: Row, condition: Row) -> bool:
        ((name, told),) = condition.items()
        operator, values = told["operator"], told["values"]
        match name, operator:
            case "spent_on" | "updated_at", "<>d":
                told = row["spentOn" if name == "spent_on" else "updatedAt"]
                first, moment, last = map(datetime.fromisoformat, (values[0], told, values[1]))
                return first <= moment <= last
            case "spent_on", "=d":
                return bool(row["spentOn"] == values[0])
            case "project" | "user", "=":
                return row["_links"][name]["href"].rpartition("/")[2] in values
            case "active", "=":
                return bool(row["active"] == (values == ["t"]))
            case "status_id", "o":
                return bool(row["_links"]["status"]["title"] != "Closed")
            case "user_action", "=" if self.knows_actions:
                return any(row["id"] in self.rights.get(value, {row["id"]}) for value in values) and row["active"]
        message = "Filters Invalid filter does not exist."
        raise QueryError(message)

    def add_field(self, kind: str, name: str, type_: str = "String") -> str:
        """Create a custom field of projects, work packages or time entries; return its key."""
        key = f"customField{next(self.numbers['fields'])}"
        self.fields[kind][key] = {"name": name, "type": type_, "required": False, "writable": True}
        return key

    def _custom(self, kind: str, values: Mapping[str, Any]) -> tuple[Row, Row]:
        """Return properties and links for the values by name; a value of a list is a link."""
        keys = {told["name"]: (key, told["type"]) for key, told in self.fields[kind].items()}
        properties: Row = dict.fromkeys(key for key, type_ in keys.values() if type_ != "CustomOption")
        links: Row = {key: {"href": None} for key, type_ in keys.values() if type_ == "CustomOption"}
        for name, value in values.items():
            key, type_ = keys[name]
            if type_ == "CustomOption":
                links[key] = {"href": f"{BASE}/custom_options/1" if value else None, "title": value}
            else:
                properties[key] = value
        return properties, links

    def _resource(self, kind: str, values: Mapping[str, Any], links: Row, **more: object) -> Row:
        properties, linked = self._custom(kind, values)
        row: Row = {"_type": _LISTS[kind], "id": next(self.numbers[kind]), "createdAt": NOON, "updatedAt": NOON}
        row |= {**properties, **more, "_links": links | linked}
        getattr(self, kind).append(row)
        return row

    def add_project(
        self, identifier: str, name: str, values: Mapping[str, Any] | None = None, parent: Row | None = None
    ) -> Row:
        """Create a project; `values` stand in custom fields by their names."""
        links = {"parent": link(PROJECTS, parent)}
        return self._resource(PROJECTS, values or {}, links, identifier=identifier, name=name, active=True)

    def add_package(
        self,
        project: Row,
        subject: str,
        values: Mapping[str, Any] | None = None,
        parent: Row | None = None,
        **more: object,
    ) -> Row:
        """Create an open work package of type 1."""
        links = {"project": link(PROJECTS, project), "parent": link(PACKAGES, parent)}
        links["schema"] = {"href": f"{BASE}/work_packages/schemas/{project['id']}-1"}
        links["status"] = {"href": f"{BASE}/statuses/1", "title": "New"}
        told: Row = {"subject": subject, "estimatedTime": None, "derivedEstimatedTime": None, "percentageDone": None}
        return self._resource(PACKAGES, values or {}, links, **(told | {"derivedPercentageDone": None} | more))

    def add_entry(
        self,
        day: date,
        hours: str | None,
        project: Row,
        package: Row | None = None,
        values: Mapping[str, Any] | None = None,
        **more: object,
    ) -> Row:
        """Create a time entry of Anna Berg."""
        links: Row = {"project": link(PROJECTS, project), "workPackage": link(PACKAGES, package)}
        links["user"] = {"href": f"{BASE}/users/2", "title": more.pop("user", "Anna Berg")}
        links["activity"] = {"href": f"{BASE}/time_entries/activities/3", "title": more.pop("activity", "Konzept")}
        text = more.pop("comment", "")
        told: Row = {"comment": {"format": "plain", "raw": text, "html": f"<p>{text}</p>"}, "ongoing": False}
        return self._resource(ENTRIES, values or {}, links, spentOn=day.isoformat(), hours=hours, **told | more)


def api() -> OpenProject:
    """Return an empty instance."""
    return OpenProject()


def link(kind: str, row: Row | None) -> Row:
    """Return a link to the resource; without one the link stays, and leads nowhere."""
    title = row and (row.get("name") or row.get("subject"))
    return {"href": f"{BASE}/{kind}/{row['id']}", "title": title} if row else {"href": None}


def duration(seconds: int) -> str:
    """Return PT3H45M, P1DT2H, or PT0S: what is zero is left out."""
    minutes, second = divmod(seconds, 60)
    days, minutes = divmod(minutes, 24 * 60)
    time = "".join(f"{value}{unit}" for value, unit in zip((*divmod(minutes, 60), second), "HMS", strict=True) if value)
    return "P" + (f"{days}D" if days else "") + (f"T{time}" if time or not days else "") + ("" if seconds else "0S")


def fill(api: OpenProject, agency: Agency) -> None:
    """Tell the agency as an OpenProject would.

    Customers, offers, readings and metrics have no place. Customer numbers, dates, billing and the agency's own
    numbers of projects stand in custom fields, because identifiers are in small letters. A position with time is a
    work package with a custom field; every other one has its time on a work package below it.
    """
    for name, type_ in (
        (KEY, "String"),
        (CUSTOMER, "String"),
        (START, "Date"),
        (END, "Date"),
        (BILLING, "CustomOption"),
    ):
        api.add_field(PROJECTS, name, type_)
    api.add_field(PACKAGES, POSITION)
    for name in (BILLABLE, APPROVED):
        api.add_field(ENTRIES, name, "Boolean")
    words = {
        ProjectBilling.FIXED_PRICE: FIXED_PRICE,
        ProjectBilling.TIME_AND_MATERIALS: TIME_AND_MATERIALS,
        ProjectBilling.UNSTATED: None,
    }
    projects: dict[str, Row] = {}
    for each in agency.projects:
        values: Row = {KEY: each.id, BILLING: words[each.billing]}
        values |= {START: each.start and each.start.isoformat(), END: each.end and each.end.isoformat()}
        if not each.parent:
            values[CUSTOMER] = each.customer
        projects[each.id] = api.add_project(each.id.lower(), each.name, values, projects.get(each.parent))
    packages: dict[str, Row] = {}
    for entry in agency.entries:
        if entry.position and entry.position not in packages:
            packages[entry.position] = _package(api, entry, projects[entry.project], below=len(packages) % 2 == 1)
        told_values: Row = {BILLABLE: entry.billable, APPROVED: entry.approved}
        told = {"user": entry.person, "activity": entry.activity, "comment": entry.text}
        hours = duration(entry.seconds or 0)
        api.add_entry(entry.day, hours, projects[entry.project], packages.get(entry.position), told_values, **told)


def _package(api: OpenProject, entry: TimeEntry, project: Row, *, below: bool) -> Row:
    package = api.add_package(project, entry.position, {POSITION: entry.position})
    return api.add_package(project, entry.activity, parent=package) if below else package


def _is_authorized(asked: Asked) -> bool:
    scheme, _, pair = asked.headers.get("authorization", "").partition(" ")
    try:
        user, _, key = base64.b64decode(pair, validate=True).decode().partition(":")
    except ValueError:
        return False
    return scheme == "Basic" and user == "apikey" and bool(key.strip())


def _json(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except ValueError:
        message = "Filters Invalid filter does not exist."
        raise QueryError(message) from None


def _sorted(rows: list[Row], told: str) -> list[Row]:
    for name, direction in reversed(_json(told or '[["id","asc"]]')):
        attribute = {"id": "id", "spent_on": "spentOn", "updated_at": "updatedAt", "created_at": "createdAt"}.get(name)
        if attribute is None:
            message = "Orders Column is not sortable."
            raise QueryError(message)
        rows = sorted(rows, key=lambda row: row[attribute], reverse=direction == "desc")
    return rows


def _error(status: int, identifier: str, message: str) -> Said:
    body = {"_type": "Error", "errorIdentifier": f"urn:openproject-org:api:v3:errors:{identifier}", "message": message}
    return Said(status, body, {"Content-Type": "application/hal+json; charset=utf-8"})
