"""What a tenant says of its OpenProject: address, key, what identifies projects, and which custom fields it uses."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

ADDRESS = r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s?#]+$"
"""Only an address on this machine goes without encryption."""


class ProjectId(StrEnum):
    """What a project is called in agreements and in the ledger; FIELD is the custom field `project.key`."""

    IDENTIFIER = "identifier"
    ID = "id"
    FIELD = "field"


class Progress(StrEnum):
    """Where readings of progress come from; NONE where they are kept elsewhere, such as in a ledger."""

    NONE = "none"
    PERCENT_DONE = "percent_done"
    TOTAL_PERCENT_DONE = "total_percent_done"


FieldName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)]
"""The name of a custom field as OpenProject shows it; '' where there is none."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class ProjectFields(_Table):
    """Custom fields of projects, for what OpenProject has no field for."""

    key: FieldName = ""
    """What agreements call the project; with project_id = "field"."""
    customer: FieldName = ""
    """Customer number; subprojects without one belong to the customer above."""
    start: FieldName = ""
    """First day."""
    end: FieldName = ""
    """Last day."""
    billing: FieldName = ""
    """How the project is billed."""
    fixed_price: tuple[str, ...] = ()
    """Values of it that mean: at fixed prices."""
    time_and_materials: tuple[str, ...] = ()
    """Values of it that mean: by time and materials. All other values say nothing about it."""


class WorkPackageFields(_Table):
    """Custom fields of work packages."""

    position: FieldName = ""
    """Position the work package stands for, as offer/position; its time, and that of those below it, counts for it."""


class EntryFields(_Table):
    """Custom fields of time entries."""

    position: FieldName = ""
    """Position the time belongs to, as offer/position, where it is not that of its work package."""
    billable: FieldName = ""
    """Whether the time is billable; an empty field says yes."""
    approved: FieldName = ""
    """Whether the time is approved; an empty field says no."""


class Settings(_Table):
    """How an OpenProject is read."""

    url: Annotated[str, Field(pattern=ADDRESS)]
    """Address, as in the browser on the start page."""
    api_key: Annotated[SecretStr, Field(min_length=1)]
    """API token of the user who reads; kept outside: { env = "NAME" }."""
    requests_per_minute: Annotated[int, Field(ge=1)] = 300
    """Requests per minute; OpenProject names no limit of its own, the server in front of it may have one."""
    project_id: ProjectId = ProjectId.IDENTIFIER
    """What identifies a project: its identifier, as in its address, its internal id, or a custom field."""
    containers: tuple[str, ...] = ()
    """Ids of projects that only hold others, without time and work packages of their own."""
    progress: Progress = Progress.NONE
    """Where readings of progress come from: none, "% Complete" of work packages, or their total "% Complete"."""
    project: ProjectFields = ProjectFields()
    """Custom fields of projects."""
    work_package: WorkPackageFields = WorkPackageFields()
    """Custom fields of work packages."""
    entry: EntryFields = EntryFields()
    """Custom fields of time entries."""

    @model_validator(mode="after")
    def _key_field_is_named(self) -> Self:
        if (self.project_id is ProjectId.FIELD) != bool(self.project.key):
            message = 'project_id = "field" and project.key belong together'
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _progress_is_of_positions(self) -> Self:
        if self.progress is not Progress.NONE and not self.work_package.position:
            message = "progress is that of positions: name work_package.position"
            raise ValueError(message)
        return self
