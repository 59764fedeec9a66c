"""What a tenant says of its Tryton: address, key, which fields are ids, where positions, progress and units stand."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from connector.core.quantity import Unit


class CustomerIdBy(StrEnum):
    """What a customer is called by: the code people see, or Tryton's own number."""

    CODE = "code"
    ID = "id"


class IdBy(StrEnum):
    """What a record is called by: the number people see, or Tryton's own."""

    NUMBER = "number"
    ID = "id"


class OffersBy(StrEnum):
    """What is an offer: a sale with its lines, or a project with the tasks in it that have a price."""

    SALES = "sales"
    TASKS = "tasks"


class TasksBy(StrEnum):
    """How a task leads to the line of a sale: it came of the line, it is called like it, or not at all."""

    ORIGIN = "origin"
    NAME = "name"
    NONE = "none"


class CategoryBy(StrEnum):
    """What groups positions: the title above the line or the task above the task, or nothing."""

    TITLE = "title"
    NONE = "none"


class Progress(StrEnum):
    """Where shares come from; NONE where they are kept elsewhere, such as in a ledger."""

    TASKS = "tasks"
    NONE = "none"


class UnitsBy(StrEnum):
    """Where units produced are counted; NONE where they are kept elsewhere, such as in a ledger."""

    MOVES = "moves"
    NONE = "none"


class Settings(BaseModel):
    """How a Tryton is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    """Address of the server, without the database, such as https://tryton.agency.example."""
    database: Annotated[str, Field(pattern=r"^[^\s/?#]+$")]
    """Name of the database."""
    api_key: Annotated[SecretStr, Field(min_length=1)]
    """Key of a user application for REST; kept outside: { env = "NAME" }."""
    company: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    """Name of the company; needed only where the key's user sees several."""
    customer_id: CustomerIdBy = CustomerIdBy.CODE
    """What customers are called by in agreements and mapping."""
    project_id: IdBy = IdBy.NUMBER
    """What projects are called by."""
    offers: OffersBy = OffersBy.SALES
    """What is an offer: a sale with its lines, or a project with the tasks in it that have a price."""
    offer_id: IdBy = IdBy.NUMBER
    """What sales are called by; with offers = "tasks" an offer is called like its project."""
    position_id: IdBy = IdBy.ID
    """What positions are called by within their offer: Tryton's id of line or task; or the line's place among the
    lines, from 1, and the task's number."""
    category_by: CategoryBy = CategoryBy.TITLE
    """What groups positions: the title above the line, or the task above the task; or nothing."""
    sale_project: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    """Field of sales that names the project, such as "reference"; empty: the project in which the tasks lie."""
    tasks_by: TasksBy = TasksBy.ORIGIN
    """How tasks lead to the lines of sales: by their origin, by a name like the line's, or not at all."""
    progress: Progress = Progress.TASKS
    """Where shares come from: the progress of tasks, or not from Tryton."""
    units_by: UnitsBy = UnitsBy.MOVES
    """Where units produced are counted: in what was delivered of a sale's line, or not in Tryton."""
    consumer_category: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    """Category of parties that are consumers; all others are businesses."""
    unbillable_tasks: tuple[str, ...] = ()
    """Names of tasks whose time is not billable; Tryton has no such mark."""
    units: Mapping[str, Unit] = Field(default_factory=dict)
    """Further symbols of units of measure, such as { "Mot." = "piece" }, in the language of the database's texts."""
    vat_classes: Mapping[str, str] = Field(default_factory=dict)
    """VAT class by the name of a line's tax, such as { "USt 7 %" = "reduced" }; all others are standard."""
    language: Literal["de", "en"] = "de"
    """Language of documents for customers whose own is neither German nor English."""

    @model_validator(mode="after")
    def _a_sale_has_a_project(self) -> Self:
        if self.offers is OffersBy.SALES and self.tasks_by is not TasksBy.ORIGIN and not self.sale_project:
            message = "with tasks that do not come of sales, sale_project says which field of a sale names its project"
            raise ValueError(message)
        return self
