"""What a tenant says of its Redmine: address, key, projects, and the names of the custom fields it uses."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from connector.core.money import minor_digits


class OfferBy(StrEnum):
    """What makes an offer: all priced issues of a top project, of a version, or with the same value in a field."""

    PROJECT = "project"
    VERSION = "version"
    FIELD = "field"


class Progress(StrEnum):
    """Where readings of progress come from; NONE where they are kept elsewhere, such as in a ledger."""

    DONE_RATIO = "done_ratio"
    NONE = "none"


class CategoryBy(StrEnum):
    """What groups the positions of an offer."""

    NONE = "none"
    VERSION = "version"
    TRACKER = "tracker"
    ISSUE_CATEGORY = "issue_category"


def _known_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        message = f"time zone {name!r} is not known; write one such as Europe/Berlin"
        raise ValueError(message) from None
    return name


def _known_currency(code: str) -> str:
    minor_digits(code)
    return code


FieldName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)]
"""The name of a custom field as Redmine shows it; '' where there is none."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CustomerFields(_Table):
    """Custom fields of projects that say whose they are. Without `name`, customers come from another source."""

    number: FieldName = ""
    name: FieldName = ""
    street: FieldName = ""
    postal_code: FieldName = ""
    city: FieldName = ""
    country: FieldName = ""
    vat_id: FieldName = ""
    email: FieldName = ""
    language: FieldName = ""
    payment_days: FieldName = ""
    business: FieldName = ""

    @model_validator(mode="after")
    def _details_have_a_customer(self) -> Self:
        details = self.model_fields_set - {"number"}
        if details and not (self.number and self.name):
            message = "customer fields need both number and name"
            raise ValueError(message)
        return self


class ProjectFields(_Table):
    """The custom field of projects that says how they are billed, and which of its values mean what."""

    billing: FieldName = ""
    fixed_price: tuple[str, ...] = ()
    time_and_materials: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()


class PositionFields(_Table):
    """Custom fields of issues. An issue with a fixed price or a unit price is a position of an offer."""

    fixed_price: FieldName = ""
    unit_price: FieldName = ""
    quantity: FieldName = ""
    unit: FieldName = ""
    offer: FieldName = ""
    discount_percent: FieldName = ""
    vat_class: FieldName = ""
    service: FieldName = ""


class EntryFields(_Table):
    """Custom fields of time entries."""

    billable: FieldName = ""
    position: FieldName = ""


class Settings(_Table):
    """How a Redmine is read. `projects` are identifiers; their subprojects belong to them; empty means all.

    `time_zone` is the tenant's: it says on which day an issue was changed.
    """

    url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    api_key: Annotated[SecretStr, Field(min_length=1)]
    projects: tuple[str, ...] = ()
    offer_by: OfferBy = OfferBy.PROJECT
    category_by: CategoryBy = CategoryBy.NONE
    progress: Progress = Progress.DONE_RATIO
    currency: Annotated[str, AfterValidator(_known_currency)] = "EUR"
    time_zone: Annotated[str, AfterValidator(_known_time_zone)] = "Europe/Berlin"
    customer: CustomerFields = CustomerFields()
    project: ProjectFields = ProjectFields()
    position: PositionFields = PositionFields()
    entry: EntryFields = EntryFields()

    @model_validator(mode="after")
    def _offer_field_is_named(self) -> Self:
        if (self.offer_by is OfferBy.FIELD) != bool(self.position.offer):
            message = 'offer_by = "field" and position.offer belong together'
            raise ValueError(message)
        return self
