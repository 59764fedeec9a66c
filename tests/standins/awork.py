"""An awork workspace: companies, projects, tasks, time entries and custom fields, as its REST API v1 serves them.

Built from the vendor's developer pages (Pagination, Filtering, Ordering, Error Handling, Rate Limit, PSA integration),
its API description 1.3.0, and responses that others recorded in 2021 to 2023. What none of them says is marked "guess".
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from operator import eq, ge, gt, le, lt, ne
from typing import Any
from zoneinfo import ZoneInfo

from connector.core.party import Party
from connector.core.timesheet import TimeEntry
from tests.standins.agency import Agency
from tests.standins.bucket import Bucket
from tests.standins.server import Asked, Said

BERLIN = ZoneInfo("Europe/Berlin")
BASE = "/api/v1"
MOST_ROWS = 1000
PER_MINUTE = 1000
POSITION_FIELD = "Angebotsposition"
NUMBER, VAT_ID, PAYMENT_DAYS, LANGUAGE = "Kundennummer", "USt-IdNr.", "Zahlungsziel", "Sprache"

Row = dict[str, Any]

_NAMESPACE = uuid.UUID("0f06ec20-9601-ec11-b563-dc984023d47e")
_CONDITION = re.compile(r"(?P<name>[\w/]+) (?P<word>eq|ne|gt|ge|lt|le) (?P<literal>\S+)")
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {"eq": eq, "ne": ne, "gt": gt, "ge": ge, "lt": lt, "le": le}
_LITERAL = re.compile(r"(?P<kind>datetime|guid)?'(?P<text>[^']*)'")


_MARKS = {"/timeentries/setbilled": True, "/timeentries/setunbilled": False}


def guid(*names: object) -> str:
    """Return an id that is always the same for the names."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(map(str, names))))


class FilterError(ValueError):
    """A filter that is not understood."""


@dataclass
class Awork:
    """The workspace; `moment` is the time of the next record that is created."""

    companies: list[Row] = field(default_factory=list)
    projects: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    fields: list[Row] = field(default_factory=list)
    moment: datetime = datetime(2026, 1, 2, 8, tzinfo=UTC)
    bucket: Bucket = field(default_factory=lambda: Bucket(PER_MINUTE, 60, PER_MINUTE))
    on_page: Callable[[str], None] = lambda _path: None

    def answer(self, asked: Asked) -> Said:
        """Return the answer of the API; every list takes the same parameters."""
        scheme, _, key = asked.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not key.strip():
            return _error(401, "unauthorized", "The request has no valid token.")
        if not self.bucket.take():
            return Said(429, {"code": "rate-limit"}, {"RateLimit-Limit": "500", "RateLimit-Reset": "1"})
        path = asked.path.removeprefix(BASE)
        if asked.method == "POST" and path in _MARKS:
            return self._mark(asked, billed=_MARKS[path])
        rows = self._rows(path) if asked.path.startswith(BASE) else None
        if rows is None or asked.method != "GET":
            return _error(404, "not-found", "The requested resource could not be located.")
        try:
            said = _page(rows, asked)
        except FilterError as error:
            return _error(400, "invalid-filter", str(error))
        self.on_page(asked.path.removeprefix(BASE))
        return said

    def _mark(self, asked: Asked, *, billed: bool) -> Said:
        """Set the mark of all entries named; of none, if one of them is not there (a guess)."""
        ids = asked.json()["ids"]
        found = [row for row in self.entries if row["id"] in ids]
        if len(found) < len(ids):
            return _error(404, "not-found", "The requested resource could not be located.")
        for row in found:
            row["isBilled"] = billed
        return Said(204)

    def _rows(self, path: str) -> list[Row] | None:
        lists = {
            "/companies": self.companies,
            "/projects": [self._counted(project) for project in self.projects],
            "/timeentries": self.entries,
            "/customfielddefinitions": self.fields,
        }
        if path in lists:
            return lists[path]
        match path.strip("/").split("/"):
            case ["projects", number, "projecttasks"]:
                return [row for row in self.tasks if row["projectId"] == number]
            case ["projects", number, "timeentries"]:
                return [row for row in self.entries if row.get("projectId") == number]
        return None

    def _counted(self, project: Row) -> Row:
        """Return the project with the sums awork keeps of it."""
        tasks = [row for row in self.tasks if row["projectId"] == project["id"]]
        done = [row for row in tasks if row["taskStatus"].get("type") == "done"]
        tracked = sum(row["duration"] or 0 for row in self.entries if row.get("projectId") == project["id"])
        return {**project, "tasksCount": len(tasks), "tasksDoneCount": len(done), "trackedDuration": tracked}

    def stamp(self, *names: object) -> Row:
        """Return what every record has: id, creation, last change, version."""
        self.moment += timedelta(milliseconds=10)
        now = _utc(self.moment)
        return {"id": guid(*names), "createdOn": now, "updatedOn": now, "resourceVersion": int(self.moment.timestamp())}

    def add_company(self, name: str, details: Iterable[Row] = ()) -> Row:
        """Create a company with contact details."""
        row = {**self.stamp("company", name), "name": name, "companyContactInfos": list(details), "tags": []}
        self.companies.append(row)
        return row

    def add_project(self, key: str, name: str, company: Row | None = None, **more: object) -> Row:
        """Create a project."""
        row = {**self.stamp("project", key), "projectKey": key, "name": name, "isBillableByDefault": True}
        row |= {"timeBudget": 0, "startDate": None, "dueDate": None, "isExternal": False}
        if company:
            row |= {"companyId": company["id"], "company": {"id": company["id"], "name": company["name"]}}
        self.projects.append(row | more)
        return self.projects[-1]

    def add_field(self, name: str, entity: str = "task") -> Row:
        """Create a custom field."""
        row = {**self.stamp("field", name, entity), "name": name, "entity": entity, "type": "text"}
        self.fields.append(row)
        return row

    def add_task(self, project: Row, name: str, position: str = "", **more: object) -> Row:
        """Create a task; the position stands in the first custom field."""
        number = len(self.tasks) + 1
        row = {**self.stamp("task", number), "key": f"{project['projectKey']}-{number}", "name": name}
        row |= {"projectId": project["id"], "baseType": "projecttask", "taskStatus": {"type": "todo", "name": "To Do"}}
        if position:
            row["customFields"] = [{"customFieldDefinitionId": self.fields[0]["id"], "textValue": position}]
        self.tasks.append(row | more)
        return self.tasks[-1]

    def add_entry(
        self, day: date, seconds: int, project: Row | None = None, task: Row | None = None, **more: object
    ) -> Row:
        """Create a time entry that was typed in as a duration."""
        number = len(self.entries) + 1
        row = {**self.stamp("entry", number), "timezone": "Europe/Berlin", "duration": seconds, "isBilled": False}
        row |= {"isBillable": True, "startDateUtc": f"{day}T00:00:00Z", "startDateLocal": f"{day}T00:00:00"}
        if project:
            nested = {name: project[name] for name in ("id", "name", "projectKey")}
            row |= {"projectId": project["id"], "project": nested}
        if task:
            row |= {"taskId": task["id"], "task": {name: task[name] for name in ("id", "key", "name")}}
        self.entries.append(row | more)
        return self.entries[-1]


def api() -> Awork:
    """Return an empty workspace with the limits of the Premium plan."""
    return Awork()


def person(name: str) -> Row:
    """Return a user as time entries name one."""
    first, _, last = name.partition(" ")
    return {"userId": guid("user", name), "user": {"id": guid("user", name), "firstName": first, "lastName": last}}


def type_of_work(name: str) -> Row:
    """Return a type of work as time entries name one."""
    return {"typeOfWorkId": guid("type", name), "typeOfWork": {"id": guid("type", name), "name": name}}


def times(day: date, start: time, seconds: int) -> Row:
    """Return start and end, local and in UTC, with seven digits of a second, as a timer leaves them."""
    local = datetime.combine(day, start, BERLIN)
    row: Row = {}
    for name, moment in (("start", local.astimezone(UTC)), ("end", local.astimezone(UTC) + timedelta(seconds=seconds))):
        for zone, told, mark in (("Utc", moment, "Z"), ("Local", moment.astimezone(BERLIN), "")):
            row[f"{name}Date{zone}"] = f"{told.date()}T00:00:00{mark}"
            row[f"{name}Time{zone}"] = f"{told:%H:%M:%S}.0254002"
    return row


def running(day: date, start: time) -> Row:
    """Return the start of a timer that was not stopped yet."""
    return {name: value for name, value in times(day, start, 0).items() if name.startswith("start")}


def fill(api: Awork, agency: Agency) -> None:
    """Tell the agency as an awork workspace would.

    Companies carry number, VAT id, payment days and language as contact details of the type Custom. There are no
    offers, no readings, no metrics, and no parents of projects. A position with time is a task with a custom field.
    awork knows no approval: time that is not approved is not billable there until it is.
    """
    api.add_field(POSITION_FIELD)
    companies = {party.id: api.add_company(party.name, list(_details(party))) for party in agency.customers}
    projects = {
        each.id: api.add_project(
            each.id, each.name, companies[each.customer], startDate=_midnight(each.start), dueDate=_midnight(each.end)
        )
        for each in agency.projects
    }
    tasks: dict[str, Row] = {}
    for number, entry in enumerate(agency.entries):
        project = projects[entry.project]
        if entry.position and entry.position not in tasks:
            tasks[entry.position] = api.add_task(project, entry.position, entry.position)
        api.add_entry(
            entry.day, entry.seconds or 0, project, tasks.get(entry.position), note=entry.text, **_told(number, entry)
        )


def _told(number: int, entry: TimeEntry) -> Row:
    """Return who did what when; some typed in a duration, some had a timer run, some after midnight."""
    row = {**person(entry.person), **type_of_work(entry.activity), "isBillable": entry.billable and entry.approved}
    starts = {1: time(9, 15), 2: time(0, 20)}
    start = starts.get(number % 3)
    return row if start is None else row | times(entry.day, start, entry.seconds or 0)


def _details(party: Party) -> Iterable[Row]:
    where = party.address
    yield {
        "type": "address", "subType": "invoice", "isAddress": True, "addressLine1": where.street,
        "zipCode": where.postal_code, "city": where.city, "country": where.country,
    }  # fmt: skip
    yield {"type": "email", "subType": "invoice", "value": party.email or None}
    days = "" if party.payment_days is None else str(party.payment_days)
    for label, value in ((NUMBER, party.id), (VAT_ID, party.vat_id), (PAYMENT_DAYS, days), (LANGUAGE, party.language)):
        if value:
            yield {"type": "custom", "label": label, "value": value}


def _midnight(day: date | None) -> str | None:
    return f"{day}T00:00:00Z" if day else None


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def _error(status: int, code: str, description: str) -> Said:
    return Said(status, {"code": code, "description": description, "link": "", "details": [], "validationErrors": []})


def _page(rows: list[Row], asked: Asked) -> Said:
    page, size = _number(asked, "page", 1), min(_number(asked, "pageSize", MOST_ROWS), MOST_ROWS)
    found = [row for row in rows if _matches(row, asked.value("filterby"))]
    for part in reversed(asked.value("orderby", "createdOn").split(",")):
        name, _, direction = part.partition(" ")
        found = _sorted(found, name, descending=direction == "desc")
    shown = found[(page - 1) * size : page * size]
    headers = {"aw-page": page, "aw-pagesize": size, "aw-items": len(shown), "aw-totalitems": len(found)}
    return Said(200, shown, {name: str(value) for name, value in headers.items()})


def _sorted(rows: list[Row], name: str, *, descending: bool) -> list[Row]:
    return sorted(rows, key=lambda row: str(_value(row, name) or ""), reverse=descending)


def _number(asked: Asked, name: str, default: int) -> int:
    text = asked.value(name) or str(default)
    if not text.isdecimal() or not int(text):
        message = f"The value '{text}' is not valid for {name}."
        raise FilterError(message)
    return int(text)


def _matches(row: Row, expression: str) -> bool:
    """Tell whether the row satisfies conditions joined by `and`; the rest of awork's language is not spoken here."""
    return all(_holds(row, part.strip()) for part in expression.split(" and ")) if expression else True


def _holds(row: Row, condition: str) -> bool:
    match = _CONDITION.fullmatch(condition)
    if not match:
        message = f"The filter '{condition}' is not understood."
        raise FilterError(message)
    value, wanted = _value(row, match["name"]), _literal(match["literal"])
    if isinstance(wanted, datetime):
        value = datetime.fromisoformat(value).replace(tzinfo=None) if value else None
    return value is not None and _OPERATORS[match["word"]](value, wanted)


def _literal(text: str) -> bool | int | str | datetime:
    match = _LITERAL.fullmatch(text)
    if not match:
        return {"true": True, "false": False}.get(text, 0) if text in ("true", "false") else int(text)
    return datetime.fromisoformat(match["text"]) if match["kind"] == "datetime" else match["text"]


def _value(row: Row, path: str) -> Any:  # noqa: ANN401 - any JSON
    """Return the property; names are taken without regard to case, nested ones after a slash."""
    value: Any = row
    for name in path.split("/"):
        lower = {known.lower(): known for known in value} if isinstance(value, dict) else {}
        value = value.get(lower.get(name.lower(), "")) if lower else None
    return value
