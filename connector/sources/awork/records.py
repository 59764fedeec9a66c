"""The records of awork's API as far as they are read; time entries, which are many, are read in `entries`.

Field names are those of the API's own description (version 1.3.0) and of responses recorded by others in 2021 to 2023.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, tzinfo
from typing import Annotated

from pydantic import AliasChoices, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from connector.core.period import local_day
from connector.http.records import RecordReader

DONE = "done"

Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""A text; what is null in JSON is ''."""

_DATE_ONLY = "T00:00:00"


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class ContactDetail(_Record):
    """A contact detail of a company: an address, an e-mail address, or one with a label of the tenant's own."""

    type: Text = ""
    sub_type: Text = ""
    label: Text = ""
    value: Text = ""
    address_line1: Annotated[Text, Field(alias="addressLine1")] = ""
    zip_code: Text = ""
    city: Text = ""
    country: Text = ""


class CompanyRecord(_Record):
    """A company: a customer."""

    id: str
    name: str
    company_contact_infos: tuple[ContactDetail, ...] | None = None

    def labelled(self, label: str) -> str:
        """Return what stands under a label of the tenant's own, '' for nothing."""
        details = self.company_contact_infos or ()
        found = (each.value.strip() for each in details if each.type == "custom" and each.label.strip() == label)
        return next(found, "") if label else ""

    def detail(self, kind: str) -> ContactDetail:
        """Return the contact detail of the kind: the one for invoices, else the first; an empty one for none."""
        details = [each for each in self.company_contact_infos or () if each.type == kind]
        details.sort(key=lambda each: each.sub_type != "invoice")
        return details[0] if details else ContactDetail()


class ProjectRecord(_Record):
    """A project. `time_budget` is in seconds, 0 for none; the key is called `key` in older answers."""

    id: str
    name: str
    key: Annotated[Text, Field(validation_alias=AliasChoices("projectKey", "key"))] = ""
    company_id: str | None = None
    start_date: str | None = None
    due_date: str | None = None
    time_budget: int | None = None
    tasks_count: int | None = None
    deduct_non_billable_hours: bool = True


class TaskStatus(_Record):
    """The status of a task; `type` is one of todo, progress, review, stuck, done."""

    type: str


class Option(_Record):
    """A choice of a field that offers some."""

    value: Text = ""


class CustomField(_Record):
    """What stands in a custom field: a text, or a choice."""

    custom_field_definition_id: str
    text_value: Text = ""
    selection_option: Option | None = None

    @property
    def text(self) -> str:
        """Return its value as a text, '' for none."""
        chosen = self.selection_option.value if self.selection_option else ""
        return (self.text_value or chosen).strip()


class TaskRecord(_Record):
    """A task of a project."""

    id: str
    name: Text = ""
    is_subtask: bool = False
    task_status: TaskStatus
    custom_fields: tuple[CustomField, ...] | None = None
    created_on: AwareDatetime
    closed_on: AwareDatetime | None = None

    def field(self, definitions: Collection[str]) -> str:
        """Return the value of the custom field with one of these definitions, '' for none."""
        fields = self.custom_fields or ()
        return next((each.text for each in fields if each.custom_field_definition_id in definitions and each.text), "")


class FieldDefinition(_Record):
    """A custom field of the workspace; `entity` is what it is a field of: task or project."""

    id: str
    name: str
    entity: Text = ""


record_of = RecordReader("awork")


def day_of(text: str | None, zone: tzinfo) -> date | None:
    """Return the local day of a point in time; one without a time of day is that day everywhere.

    Raises ValueError for anything else.
    """
    if not text:
        return None
    if _DATE_ONLY in text:
        return date.fromisoformat(text.partition("T")[0])
    return local_day(datetime.fromisoformat(text), zone)
