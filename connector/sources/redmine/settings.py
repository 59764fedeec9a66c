"""What a tenant says of its Redmine: address, key, projects, and the names of the custom fields it uses."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

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
    """Customer number; subprojects without one belong to the customer above."""
    name: FieldName = ""
    """Name with legal form."""
    street: FieldName = ""
    """Street and number."""
    postal_code: FieldName = ""
    """Postal code."""
    city: FieldName = ""
    """City."""
    country: FieldName = ""
    """Country: ISO code such as DE."""
    vat_id: FieldName = ""
    """VAT id with its country prefix."""
    email: FieldName = ""
    """Address for invoices."""
    language: FieldName = ""
    """Language of documents: de or en."""
    payment_days: FieldName = ""
    """Days from the invoice date to the due date."""
    business: FieldName = ""
    """Whether it is a business; an empty field says yes."""

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
    """How the project is billed."""
    fixed_price: tuple[str, ...] = ()
    """Values of it that mean: at fixed prices."""
    time_and_materials: tuple[str, ...] = ()
    """Values of it that mean: by time and materials."""
    unstated: tuple[str, ...] = ()
    """Values of it that say nothing about it."""


class PositionFields(_Table):
    """Custom fields of issues. An issue with a fixed price or a unit price is a position of an offer."""

    fixed_price: FieldName = ""
    """Price of the whole position."""
    unit_price: FieldName = ""
    """Price of one unit, such as an hour."""
    quantity: FieldName = ""
    """Quantity; where it is empty and the unit is hours, the estimated time is taken."""
    unit: FieldName = ""
    """Unit; an empty field says hours."""
    offer: FieldName = ""
    """Name of the offer the issue belongs to; with offer_by = "field"."""
    discount_percent: FieldName = ""
    """Discount in percent."""
    vat_class: FieldName = ""
    """VAT class for the mapping; an empty field says standard."""
    service: FieldName = ""
    """Kind of service for the mapping."""


class EntryFields(_Table):
    """Custom fields of time entries."""

    billable: FieldName = ""
    """Whether the time is billable; an empty field says yes."""
    position: FieldName = ""
    """Position the time belongs to, where it is not that of its issue: key, number or subject of the issue."""


class WriteBack(_Table):
    """Where the state of documents is written to; nowhere, unless one of the two is set."""

    project_field: FieldName = ""
    """Custom field of projects (format: long text) that lists their documents, a line each."""
    notes: bool = False
    """Whether every issue that a document bills gets a note whenever the document's state changes."""
    private_notes: bool = True
    """Whether these notes are private."""


class Settings(_Table):
    """How a Redmine is read, and what is written to it."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    """Address, as in the browser on the start page."""
    api_key: Annotated[SecretStr, Field(min_length=1)]
    """API access key of the user who reads; kept outside: { env = "NAME" }."""
    projects: tuple[str, ...] = ()
    """Identifiers of the projects to read, with their subprojects; all that the user sees, if none is named."""
    offer_by: OfferBy = OfferBy.PROJECT
    """What makes an offer: all priced issues of a top project, of a version, or with the same value in a field."""
    category_by: CategoryBy = CategoryBy.NONE
    """What groups the positions of an offer."""
    progress: Progress = Progress.DONE_RATIO
    """Where readings of progress come from; "none" where they are kept elsewhere, such as in a ledger."""
    currency: Annotated[str, AfterValidator(_known_currency)] = "EUR"
    """Currency of all prices."""
    customer: CustomerFields = CustomerFields()
    """Custom fields of projects that say whose they are."""
    project: ProjectFields = ProjectFields()
    """The custom field of projects that says how they are billed."""
    position: PositionFields = PositionFields()
    """Custom fields of issues that make them positions."""
    entry: EntryFields = EntryFields()
    """Custom fields of time entries."""
    write_back: WriteBack = WriteBack()
    """Where the state of documents is written to."""

    @model_validator(mode="after")
    def _offer_field_is_named(self) -> Self:
        if (self.offer_by is OfferBy.FIELD) != bool(self.position.offer):
            message = 'offer_by = "field" and position.offer belong together'
            raise ValueError(message)
        return self
