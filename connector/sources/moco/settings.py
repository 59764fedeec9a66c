"""What a tenant says of its MOCO: address, key, which fields are ids, and what its own fields and words mean."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from connector.core.quantity import Unit


class IdBy(StrEnum):
    """What a record is called by: the number people see, or MOCO's own."""

    IDENTIFIER = "identifier"
    ID = "id"


class PositionIdBy(StrEnum):
    """What a position is called by: MOCO's own number of the item, or its place among the items of the offer."""

    ID = "id"
    NUMBER = "number"


class CategoryBy(StrEnum):
    """What groups the positions of an offer."""

    TITLE = "title"
    NONE = "none"


class PositionBy(StrEnum):
    """How a time entry leads to a position."""

    TASK = "task"
    NONE = "none"


class UnitsBy(StrEnum):
    """Where units produced are counted; NONE where they are kept elsewhere, such as in a ledger."""

    EXPENSES = "expenses"
    NONE = "none"


class SecondsBy(StrEnum):
    """Which of the two durations of an activity counts: what may be billed, or what was worked."""

    BILLABLE = "seconds"
    WORKED = "worked_seconds"


PropertyName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=255)]
"""The name of a custom property as MOCO shows it; '' where there is none."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CustomerProperties(_Table):
    """Custom properties of companies."""

    business: PropertyName = ""
    """Whether it is a business (yes or no); an empty one says yes."""


class ProjectProperties(_Table):
    """Custom properties of projects."""

    parent: PropertyName = ""
    """Id of the project it is a part of; MOCO has no subprojects of its own."""
    share: PropertyName = ""
    """How far the project is: 33 % or 1 of 3."""
    share_on: PropertyName = ""
    """Day of that reading; without one it is the day of the project's last change."""

    @model_validator(mode="after")
    def _a_day_needs_a_share(self) -> Self:
        if self.share_on and not self.share:
            message = "project.share_on is the day of project.share; name both"
            raise ValueError(message)
        return self


class OfferProperties(_Table):
    """Custom properties of offers."""

    amends: PropertyName = ""
    """Id of the offer that this one amends."""


class Settings(_Table):
    """How a MOCO is read."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    """Address, as in the browser, such as https://agency.mocoapp.com."""
    api_key: Annotated[SecretStr, Field(min_length=1)]
    """API key, best one of the account with read-only rights; kept outside: { env = "NAME" }."""
    customer_id: IdBy = IdBy.IDENTIFIER
    """What customers are called by in agreements and mapping."""
    project_id: IdBy = IdBy.IDENTIFIER
    """What projects are called by."""
    offer_id: IdBy = IdBy.IDENTIFIER
    """What offers are called by."""
    position_id: PositionIdBy = PositionIdBy.ID
    """What positions are called by within their offer; "number" counts the items from 1."""
    category_by: CategoryBy = CategoryBy.TITLE
    """What groups the positions of an offer: the title above them, or nothing."""
    position_by: PositionBy = PositionBy.TASK
    """How time leads to a position: by a task called like it, or not at all."""
    units_by: UnitsBy = UnitsBy.EXPENSES
    """Where units produced are counted: in the project's expenses called like a position, or not in MOCO."""
    seconds_by: SecondsBy = SecondsBy.BILLABLE
    """Which duration of an activity counts: "seconds" (billable) or "worked_seconds"."""
    unapproved_tags: tuple[str, ...] = ()
    """Tags of activities that are not approved yet; MOCO has no approval of single activities."""
    units: Mapping[str, Unit] = Field(default_factory=dict)
    """Further words for units of items, such as { Motiv = "piece" }."""
    vat_classes: Mapping[str, str] = Field(default_factory=dict)
    """VAT class by the item's revenue category, such as { Illustration = "reduced" }; all others are standard."""
    language: Literal["de", "en"] = "de"
    """Language of documents for most customers."""
    alternative_language: Literal["de", "en"] = "en"
    """Language for customers with MOCO's alternative correspondence language."""
    locale: Literal["de", "en"] = "de"
    """How people write numbers in custom properties: 33,5 % or 33.5 %."""
    customer: CustomerProperties = CustomerProperties()
    """Custom properties of companies: business."""
    project: ProjectProperties = ProjectProperties()
    """Custom properties of projects: parent, share, share_on."""
    offer: OfferProperties = OfferProperties()
    """Custom properties of offers: amends."""
