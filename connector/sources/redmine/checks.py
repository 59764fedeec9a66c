"""What is wrong with the connection, the rights of the key, and the field names: asked of the instance itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from connector.core.problems import Problem, Severity
from connector.core.suggest import did_you_mean
from connector.sources.redmine.calls import Calls, Row
from connector.sources.redmine.projects import Projects
from connector.sources.redmine.records import RoleRecord
from connector.sources.redmine.settings import Settings, WriteBack

SAMPLE_ROWS = 100
"""So many issues and time entries of each project are looked at for their fields."""

RIGHTS = {"view_issues": "issues", "view_time_entries": "time entries"}
"""Permissions a member needs, and what stays unseen without them."""


def writing(calls: Calls, projects: Projects, wanted: WriteBack) -> Iterator[Problem]:
    """Yield what the key's user may not write in the projects, of what the settings ask for."""
    needed = {
        "edit_project": bool(wanted.project_field),
        "add_issue_notes": wanted.notes,
        "set_notes_private": wanted.notes and wanted.private_notes,
    }
    if calls.user().admin or not any(needed.values()):
        return
    roles = _roles(calls)
    for number, project in projects.records.items():
        granted = {permission for role in roles.get(number, ()) for permission in role.permissions}
        if missing := [name for name, is_needed in needed.items() if is_needed and name not in granted]:
            message = f"the key's user lacks the right to write: {', '.join(missing)}"
            yield Problem("RightMissing", message, projects.place(project), "grant it to the role, or switch it off")


def rights(calls: Calls, projects: Projects) -> Iterator[Problem]:
    """Yield what the key's user may not see in the projects: Redmine leaves it out of every list without a word."""
    if calls.user().admin:
        return
    roles = _roles(calls)
    for number, project in projects.records.items():
        held = roles.get(number, ())
        for permission, what in RIGHTS.items():
            if not any(_sees_all(role, permission) for role in held):
                message = f"the key's user does not see all {what}"
                hint = f"make it a member with a role that may see all {what}"
                yield Problem("RightMissing", message, projects.place(project), hint)


def _roles(calls: Calls) -> dict[int, list[RoleRecord]]:
    """Return the roles of the key's user, by the projects where it has them."""
    roles_in = {each.project.id: [role.id for role in each.roles] for each in calls.user().memberships}
    roles = {
        number: calls.one(f"/roles/{number}.json", "role", RoleRecord)
        for number in sorted(set(chain.from_iterable(roles_in.values())))
    }
    return {project: [roles[number] for number in numbers] for project, numbers in roles_in.items()}


def _sees_all(role: RoleRecord, permission: str) -> bool:
    visibility = {"view_issues": role.issues_visibility, "view_time_entries": role.time_entries_visibility}
    return permission in role.permissions and visibility[permission] == "all"


def fields(calls: Calls, projects: Projects, settings: Settings) -> Iterator[Problem]:
    """Yield every custom field that is named in the settings and that the instance does not know."""
    known = _known_to_admin(calls) if calls.user().admin else _seen(calls, projects)
    for kind, table, names in _named(settings):
        for key, name in names.items():
            place = f"{calls.source}: {table}.{key}"
            if not known[kind]:
                message = f"{name!r} cannot be checked: there is nothing yet to see it on"
                yield Problem("FieldNotSeen", message, place, "check again when there is", Severity.NOTICE)
            elif name not in known[kind]:
                message = f"no custom field {name!r} on any {kind.replace('_', ' ')} the key's user sees"
                yield Problem("UnknownField", message, place, did_you_mean(name, known[kind]))


def _named(settings: Settings) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Yield what has the fields, the table of the settings, and the names in it by key."""
    for kind, table, names in (
        ("project", "customer", settings.customer.model_dump()),
        ("project", "project", settings.project.model_dump(include={"billing"})),
        ("project", "write_back", settings.write_back.model_dump(include={"project_field"})),
        ("issue", "position", settings.position.model_dump()),
        ("time_entry", "entry", settings.entry.model_dump()),
    ):
        yield kind, table, {key: name for key, name in names.items() if name}


def _known_to_admin(calls: Calls) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {"project": set(), "issue": set(), "time_entry": set()}
    for row in calls.rows("/custom_fields.json", "custom_fields"):
        known.setdefault(str(row.get("customized_type")), set()).add(str(row.get("name")))
    return known


def _seen(calls: Calls, projects: Projects) -> dict[str, set[str]]:
    """Return the fields on records of each kind; the list of all fields is for admins only."""
    issues, entries = set[str](), set[str]()
    for scope in projects.scopes:
        issues |= _names_on(calls.walk("issues", {**scope, "status_id": "*"}))
        entries |= _names_on(calls.walk("time_entries", scope))
    on_projects = {each.name for record in projects.records.values() for each in record.custom_fields}
    return {"project": on_projects, "issue": issues, "time_entry": entries}


def _names_on(rows: Iterator[Row]) -> set[str]:
    return {str(each.get("name")) for row in islice(rows, SAMPLE_ROWS) for each in row.get("custom_fields") or ()}
