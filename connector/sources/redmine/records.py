"""The records of Redmine's API as far as they are read, and what its custom fields say (5.0: app/views/*.api.rsb)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AliasPath, BaseModel, ConfigDict, Field

from connector.core.notation import ENGLISH, NotationError
from connector.http.records import RecordReader

TRUTH = {"1": True, "0": False, "ja": True, "nein": False, "yes": True, "no": False}
"""Values of a field of the format Boolean, and of a list that people made in its place."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Ref(_Record):
    """Another record, by id and name."""

    id: int
    name: str = ""


class StatusRef(Ref):
    """The status of an issue."""

    is_closed: bool = False


class CustomValue(_Record):
    """A custom field with its value; a list where the field takes several."""

    id: int = 0
    name: str
    value: str | tuple[str, ...] | None = None


class _Customised(_Record):
    id: int
    custom_fields: tuple[CustomValue, ...] = ()

    def text(self, name: str) -> str:
        """Return the field's value without blanks around it, '' if the record has none; several are joined by ', '."""
        for each in self.custom_fields if name else ():
            if each.name == name:
                return each.value.strip() if isinstance(each.value, str) else ", ".join(each.value or ())
        return ""

    def number(self, name: str) -> Decimal | None:
        """Return the field's number, None for none; NotationError for anything but 1234.5.

        A field of the format Float always has a decimal point; in a text field '1,234' would be two numbers.
        """
        text = self.text(name)
        if "," in text:
            raise NotationError(text, "not a number", "write 1234.5, or give the field the format Float in Redmine")
        return ENGLISH.number(text) if text else None


class ProjectRecord(_Customised):
    """A project."""

    identifier: str
    name: str
    parent: Ref | None = None


class IssueRecord(_Customised):
    """An issue. `updated_on` and `created_on` are instants (UTC)."""

    project: Ref
    tracker: Ref
    status: StatusRef
    parent: Ref | None = None
    category: Ref | None = None
    fixed_version: Ref | None = None
    subject: str
    start_date: date | None = None
    due_date: date | None = None
    done_ratio: int
    estimated_hours: Decimal | None = None
    total_estimated_hours: Decimal | None = None
    created_on: datetime
    updated_on: datetime


class TimeEntryRecord(_Customised):
    """Time that was booked; Redmine rounds `hours` to two decimals whatever was typed.

    The project is kept by its id, user and activity by their names: rows are many, and a `Ref` each would cost time.
    """

    project: Annotated[int, Field(validation_alias=AliasPath("project", "id"))]
    issue: Ref | None = None
    user: Annotated[str, Field(validation_alias=AliasPath("user", "name"))] = ""
    activity: Annotated[str, Field(validation_alias=AliasPath("activity", "name"))] = ""
    hours: Annotated[Decimal, Field(ge=0)]
    comments: str | None = None
    spent_on: date
    updated_on: str


class Detail(_Record):
    """What one change did to an attribute; its values are text."""

    property: str
    name: str
    old_value: str | None = None


class Journal(_Record):
    """A change of an issue, or a note on it."""

    created_on: datetime
    details: tuple[Detail, ...] = ()
    notes: str | None = None


class JournaledIssue(_Record):
    """The history of an issue, oldest change first."""

    journals: tuple[Journal, ...] = ()


class RoleRecord(_Record):
    """What members of a role may see."""

    name: str
    issues_visibility: str = "all"
    time_entries_visibility: str = "all"
    permissions: tuple[str, ...] = ()


class Membership(_Record):
    """A project the user belongs to, and as what."""

    project: Ref
    roles: tuple[Ref, ...] = ()


class UserRecord(_Record):
    """The user whose key it is."""

    id: int
    admin: bool = False
    memberships: tuple[Membership, ...] = ()


record_of = RecordReader("Redmine")
