"""OpenProject's projects: what they are called, whose they are, and what the key's user may see in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from connector.core.errors import RefusedError
from connector.core.notation import ENGLISH, NotationError
from connector.core.offer import Project, ProjectBilling
from connector.core.problems import Problem, Severity
from connector.sources.openproject.calls import Calls, Row, filters_of
from connector.sources.openproject.hal import Schema, custom_fields, number_of, record_of
from connector.sources.openproject.settings import ProjectFields, ProjectId, Settings

RIGHTS = {"time_entries/read": "View time entries", "work_packages/read": "View work packages"}
"""Actions of the API, and what the right to them is called where roles are set up."""

BAD_REQUEST = 400

EVERYTHING = "[]"


class ProjectRecord(BaseModel):
    """A project; archived ones are not active, and only administrators see them. `parent` is 0 for none."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: int
    identifier: str
    name: str
    active: bool = True
    parent: Annotated[
        int, Field(validation_alias=AliasPath("_links", "parent", "href")), BeforeValidator(number_of)
    ] = 0
    custom: Mapping[str, str]


@dataclass(slots=True)
class Projects:
    """The projects by OpenProject's number, and what was wrong with them."""

    source: str
    settings: Settings
    schema: Schema
    records: dict[int, ProjectRecord] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Projects:
        """Return all projects that the key's user sees."""
        names = _names(settings.project)
        projects = cls(calls.source, settings, Schema([calls.one("/projects/schema")] if any(names.values()) else []))
        projects.problems += projects.schema.unknown(names, "projects", f"{calls.source}: project.")
        listing = calls.listing("/projects", EVERYTHING, projects._record)
        for record in listing.once(lambda key: f"{calls.source}: project #{key}"):
            if isinstance(record, Problem):
                projects.problems.append(record)
            else:
                projects.records[record.id] = record
        projects._ask_for_rights(calls)
        return projects

    def _record(self, row: Row) -> ProjectRecord | Problem:
        place = f"{self.source}: project {row.get('identifier') or row['id']}"
        return record_of({**row, "custom": custom_fields(row)}, ProjectRecord, place)

    def _ask_for_rights(self, calls: Calls) -> None:
        """Note where the key's user does not see time or work packages: OpenProject leaves them out without a word."""
        for action, right in RIGHTS.items():
            filters = filters_of(user_action=("=", [action]))
            try:
                granted = set(calls.listing("/projects", filters, lambda row: row["id"]).taken)
            except RefusedError as error:
                if error.status != BAD_REQUEST:
                    raise
                message = f"it does not say in which projects the key's user may {right!r}: {error.message}"
                hint = "see to it that the role of the key's user has this right in all projects"
                self.problems.append(Problem("RightMissing", message, self.source, hint, Severity.NOTICE))
                continue
            for number, record in self.records.items():
                if record.active and number not in granted and self.id_of(record) not in self.settings.containers:
                    message = f"the key's user lacks the right {right!r}, or its module is off"
                    hint = "add it to the user's role and turn the module on, or name the project in `containers`"
                    self.problems.append(Problem("RightMissing", message, self.place(record), hint))

    def id_of(self, record: ProjectRecord) -> str:
        """Return what agreements call the project, '' if its field is empty."""
        if self.settings.project_id is ProjectId.FIELD:
            return self.text(record, self.settings.project.key)
        return record.identifier if self.settings.project_id is ProjectId.IDENTIFIER else str(record.id)

    def text(self, record: ProjectRecord, name: str) -> str:
        """Return what stands in the custom field with the name, '' for nothing."""
        return record.custom.get(self.schema.key(name), "")

    def line(self, record: ProjectRecord) -> list[ProjectRecord]:
        """Return the project and those it is a part of, nearest first."""
        line = [record]
        while (above := self.records.get(line[-1].parent)) and above not in line:
            line.append(above)
        return line

    def place(self, record: ProjectRecord) -> str:
        """Return how the project is named in messages."""
        return f"{self.source}: project {record.identifier}"


def translated(projects: Projects) -> Iterator[Project | Problem]:
    """Yield every project, and what is wrong with the others."""
    yield from projects.problems
    taken: dict[str, str] = {}
    for record in projects.records.values():
        key, place = projects.id_of(record), projects.place(record)
        if not key:
            hint = f"fill {projects.settings.project.key!r}"
            yield Problem("ProjectWithoutKey", f"the project {record.name!r} has no key", place, hint)
        elif key in taken:
            yield Problem(
                "DuplicateRecord", f"the key {key!r} is also that of {taken[key]}", place, "give each its own"
            )
        else:
            taken[key] = place
            yield from _project(key, record, projects)


def _project(key: str, record: ProjectRecord, projects: Projects) -> Iterator[Project | Problem]:
    fields, place = projects.settings.project, projects.place(record)
    customer = next((found for each in projects.line(record) if (found := projects.text(each, fields.customer))), "")
    if fields.customer and not customer:
        hint = f"fill {fields.customer!r}, or name the customer in the agreement"
        yield Problem("CustomerMissing", "no customer number", place, hint, Severity.NOTICE)
    start, end = projects.text(record, fields.start), projects.text(record, fields.end)
    try:
        parent = projects.records.get(record.parent)
        yield Project(
            id=key,
            name=record.name,
            customer=customer,
            parent=projects.id_of(parent) if parent else "",
            start=ENGLISH.day(start) if start else None,
            end=ENGLISH.day(end) if end else None,
            billing=_billing(projects.text(record, fields.billing), fields),
            origin=place,
        )
    except NotationError as error:
        yield Problem("UnreadableRecord", error.message, place, "give the field the format Date in OpenProject")


def _billing(text: str, fields: ProjectFields) -> ProjectBilling:
    if text in fields.fixed_price:
        return ProjectBilling.FIXED_PRICE
    return ProjectBilling.TIME_AND_MATERIALS if text in fields.time_and_materials else ProjectBilling.UNSTATED


def _names(fields: ProjectFields) -> Mapping[str, str]:
    """Return the names of custom fields by setting."""
    return fields.model_dump(exclude={"fixed_price", "time_and_materials"})
