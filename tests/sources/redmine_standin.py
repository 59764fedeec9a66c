"""A Redmine in memory, as one transport: for what a real server does not do on demand.

It keeps to what a real one was seen to do: pages of at most 100 rows, time entries filtered by `spent_on` and by
nothing else, unknown filters ignored in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connector.core.errors import AuthenticationFailed, NotFound
from connector.http import Params, Patience, Refusal, Transport
from connector.sources.redmine import Redmine, Settings, build
from tests.sources.redmine_stories import FIELDS, TOLD_URL
from tests.support.transports import BERLIN, MemoryInbox, no_wait

Row = dict[str, Any]

KEY = "a key of the stand-in"
NOON = "2026-01-05T12:00:00Z"
CAP = 100
_WINDOW = re.compile(r"><(?P<first>[\d-]+)\|(?P<last>[\d-]+)")

EVERYTHING = {"issues_visibility": "all", "time_entries_visibility": "all"}
MEMBER = {"permissions": ["view_issues", "view_time_entries"], **EVERYTHING}


@dataclass
class StandIn(Transport):
    """A server with these rows. `on_page` is called after each page of a list, to change things behind the reader."""

    url: str = TOLD_URL
    zone: ZoneInfo = BERLIN
    projects: list[Row] = field(default_factory=list)
    issues: list[Row] = field(default_factory=list)
    time_entries: list[Row] = field(default_factory=list)
    single: dict[str, Any] = field(default_factory=dict)
    roles: list[Row] = field(default_factory=lambda: [{"id": 1, "name": "Manager", **MEMBER}])
    memberships: list[Row] | None = None
    admin: bool = False
    on_page: Callable[[str], None] = lambda _path: None
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Be a transport."""
        super().__init__("redmine", Path(), MemoryInbox(), time_zone=self.zone, patience=Patience(sleep=no_wait))

    def get_json(
        self,
        url: str,
        *,
        params: Params | None = None,
        headers: Mapping[str, str] | None = None,
        refusal: Refusal | None = None,
        keep: bool = True,
    ) -> Any:  # noqa: ANN401 - JSON
        """Return what a Redmine would."""
        assert url.startswith(self.url)
        path = url.removeprefix(self.url)
        self.asked.append((path, dict(params or {})))
        assert refusal
        assert keep or path == "/users/current.json"
        if path == "/users/current.json":
            if not headers or headers["X-Redmine-API-Key"] != KEY:
                raise AuthenticationFailed(path)
            return {"user": self._user()}
        if path in self.single:
            return self.single[path]
        name = path.strip("/").removesuffix(".json")
        if name not in ("projects", "issues", "time_entries"):
            raise NotFound(path)
        answer = self._page(name, params or {})
        self.on_page(name)
        return answer

    def _user(self) -> Row:
        roles = [{"id": role["id"], "name": role["name"]} for role in self.roles]
        self.single |= {f"/roles/{role['id']}.json": {"role": role} for role in self.roles}
        everywhere = [{"project": {"id": each["id"]}, "roles": roles} for each in self.projects]
        return {"id": 1, "admin": self.admin, "memberships": self.memberships or everywhere}

    def _page(self, name: str, params: Mapping[str, Any]) -> Row:
        rows: list[Row] = getattr(self, name)
        if match := _WINDOW.fullmatch(str(params.get("spent_on", ""))):
            rows = [row for row in rows if match["first"] <= row["spent_on"] <= match["last"]]
        offset = int(params.get("offset", 0))
        page = rows[offset : offset + min(int(params.get("limit", 25)), CAP)]
        return {name: page, "total_count": len(rows), "offset": offset, "limit": CAP}


def source(standin: StandIn, *projects: str, key: str = KEY, **settings: Any) -> Redmine:  # noqa: ANN401 - settings
    """Return a source that reads the stand-in."""
    told = {"url": standin.url, "api_key": key, "projects": projects, **FIELDS, **settings}
    return build(Settings.model_validate(told), standin)


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
