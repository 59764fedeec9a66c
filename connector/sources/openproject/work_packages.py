"""Work packages: which position their time belongs to.

A custom field names the position; a work package without one belongs to the position of the nearest above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AliasPath, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from connector.core.problems import Problem
from connector.sources.openproject.calls import Calls, Row, filters_of
from connector.sources.openproject.hal import Schema, custom_fields, number_of, record_of, seconds_of
from connector.sources.openproject.projects import EVERYTHING, Projects

SCHEMAS_AT_ONCE = 50
"""So many schemas are asked for in one address, which must not grow too long."""

Number = Annotated[int, BeforeValidator(number_of)]
Seconds = Annotated[int | None, BeforeValidator(lambda text: None if text is None else seconds_of(text))]
Percent = Annotated[int, Field(ge=0, le=100)]


class WorkPackage(BaseModel):
    """A work package; `project` and `parent` are OpenProject's numbers, 0 for none that can be seen.

    Estimates (OpenProject calls them work) are in seconds; `total` ones include the work packages below it.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: int
    project: Annotated[Number, Field(validation_alias=AliasPath("_links", "project", "href"))] = 0
    parent: Annotated[Number, Field(validation_alias=AliasPath("_links", "parent", "href"))] = 0
    schema_path: Annotated[str, Field(validation_alias=AliasPath("_links", "schema", "href"))]
    percent: Annotated[Percent | None, Field(validation_alias="percentageDone")] = None
    total_percent: Annotated[Percent | None, Field(validation_alias="derivedPercentageDone")] = None
    estimate: Annotated[Seconds, Field(validation_alias="estimatedTime")] = None
    total_estimate: Annotated[Seconds, Field(validation_alias="derivedEstimatedTime")] = None
    created: Annotated[AwareDatetime, Field(validation_alias="createdAt")]
    changed: Annotated[AwareDatetime, Field(validation_alias="updatedAt")]
    custom: Map[str, str]


@dataclass(slots=True)
class WorkPackages:
    """All work packages by OpenProject's number; none are read unless the settings name a field of theirs."""

    projects: Projects
    schema: Schema = field(default_factory=lambda: Schema([]))
    records: dict[int, WorkPackage] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, projects: Projects) -> WorkPackages:
        """Return all work packages that the key's user sees, closed ones too: without a filter they are left out."""
        packages = cls(projects)
        name = projects.settings.work_package.position
        if not name:
            return packages
        listing = calls.listing("/work_packages", EVERYTHING, packages._record)
        for record in listing.once(packages.place):
            if isinstance(record, Problem):
                packages.problems.append(record)
            else:
                packages.records[record.id] = record
        packages.schema = Schema(packages._schemas(calls))
        if packages.records:
            place = f"{projects.source}: work_package."
            packages.problems += packages.schema.unknown({"position": name}, "work packages", place)
        return packages

    def _record(self, row: Row) -> WorkPackage | Problem:
        return record_of({**row, "custom": custom_fields(row)}, WorkPackage, self.place(row["id"]))

    def _schemas(self, calls: Calls) -> Iterator[Row]:
        """Yield the schema of every kind of work package in every project that has one."""
        ids = sorted({each.schema_path.rpartition("/")[2] for each in self.records.values()})
        for at in range(0, len(ids), SCHEMAS_AT_ONCE):
            yield from calls.rows("/work_packages/schemas", filters_of(id=("=", ids[at : at + SCHEMAS_AT_ONCE])))

    def own_position(self, record: WorkPackage) -> str:
        """Return the key of the position that the work package itself names, '' for none."""
        return record.custom.get(self.schema.key(self.projects.settings.work_package.position), "")

    def position_of(self, number: int) -> str:
        """Return the key of the position that the work package is or belongs to, '' for none."""
        seen: set[int] = set()
        while number not in seen and (record := self.records.get(number)):
            if named := self.own_position(record):
                return named
            seen.add(number)
            number = record.parent
        return ""

    def place(self, number: object) -> str:
        """Return how the work package is named in messages."""
        return f"{self.projects.source}: work package #{number}"
