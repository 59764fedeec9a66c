"""What a tenant says of its awork: key, what identifies customers and projects, and where positions stand."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

ADDRESS = r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s?#]+$"
"""Only an address on this machine goes without encryption."""


class ProjectId(StrEnum):
    """What a project is called in agreements and in the ledger."""

    KEY = "key"
    ID = "id"


class Progress(StrEnum):
    """Where readings of progress come from; NONE where they are kept elsewhere, such as in a ledger."""

    NONE = "none"
    TASKS = "tasks"
    BUDGET = "budget"


FieldName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
"""What awork shows as the name of a field; '' where there is none."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CustomerFields(_Table):
    """Labels of custom contact details of companies, for what awork has no field for."""

    number: FieldName = ""
    """Customer number; where no label is named, awork's own id is the customer's."""
    vat_id: FieldName = ""
    """VAT id with its country prefix."""
    payment_days: FieldName = ""
    """Days from the invoice date to the due date."""
    language: FieldName = ""
    """Language of documents: de or en."""


class Settings(_Table):
    """How an awork workspace is read."""

    api_key: Annotated[SecretStr, Field(min_length=1)]
    """Key of an API client of the workspace; kept outside: { env = "NAME" }."""
    url: Annotated[str, Field(pattern=ADDRESS)] = "https://api.awork.com/api/v1"
    """Address of the API."""
    requests_per_minute: Annotated[int, Field(ge=1)] = 900
    """Requests per minute; awork allows 1000 (Enterprise: 3000) for all programs of the workspace together."""
    project_id: ProjectId = ProjectId.KEY
    """What identifies a project: its key, as awork shows it, or its internal id."""
    position_field: FieldName = ""
    """Custom field of tasks that names the position their time belongs to, as offer/position."""
    progress: Progress = Progress.NONE
    """Where readings of progress come from: none, the tasks done, or the time budget used."""
    mark_billed: bool = False
    """Whether time that stands on an approved document is marked as billed in awork, and unmarked if cancelled."""
    customer: CustomerFields = CustomerFields()
    """Labels of custom contact details of companies."""

    @model_validator(mode="after")
    def _budgets_are_of_projects(self) -> Self:
        if self.progress is Progress.BUDGET and self.position_field:
            message = 'progress = "budget" is of whole projects: with position_field, use progress by effort'
            raise ValueError(message)
        return self
