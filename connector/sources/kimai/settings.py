"""What a tenant says of its Kimai: address, key, what identifies customers and projects, where positions stand."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

ADDRESS = r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s?#]+$"
"""Only an address on this machine goes without encryption."""


class CustomerId(StrEnum):
    """What a customer is called in agreements and in the ledger."""

    NUMBER = "number"
    ID = "id"


class ProjectId(StrEnum):
    """What a project is called in agreements and in the ledger; FIRST_WORD as in "WEB-26 Neuer Webauftritt"."""

    NUMBER = "number"
    FIRST_WORD = "first_word"
    ID = "id"


class PositionIn(StrEnum):
    """Where time names its position: in brackets in its activity's name, as a tag, or in a custom field of it."""

    NONE = "none"
    ACTIVITY = "activity"
    TAG = "tag"
    FIELD = "field"


class Offers(StrEnum):
    """What is read as an offer: the budgets (money) of projects that are no monthly ones."""

    BUDGETS = "budgets"


Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Settings(BaseModel):
    """How a Kimai is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    url: Annotated[str, Field(pattern=ADDRESS)]
    """Address, as in the browser, without /api."""
    api_key: Annotated[SecretStr, Field(min_length=1)]
    """API token of the user who reads; kept outside: { env = "NAME" }."""
    requests_per_minute: Annotated[int, Field(ge=1)] = 300
    """Requests per minute; Kimai names no limit of its own, the server in front of it may have one."""
    full_roles: tuple[Word, ...] = ("ROLE_SUPER_ADMIN",)
    """Roles that see everybody's time and all customers; others get a part of it without a word."""
    customer_id: CustomerId = CustomerId.NUMBER
    """What identifies a customer: its number, or Kimai's id."""
    project_id: ProjectId = ProjectId.NUMBER
    """What identifies a project: its number, the first word of its name, or Kimai's id."""
    details: bool = True
    """Whether each customer and project is asked for on its own, for address, VAT id, dates and budgets."""
    position_in: PositionIn = PositionIn.NONE
    """Where time names its position, as offer/position."""
    position_field: str = ""
    """Name of the custom field of time; with position_in = "field"."""
    unapproved_tags: tuple[Word, ...] = ()
    """Tags of time that is not approved yet; Kimai has no approval of its own."""
    mark_billed: bool = False
    """Whether time that stands on an approved document gets the flag "exported", and loses it if cancelled."""
    offers: tuple[Offers, ...] = ()
    """What is read as offers; nothing where a ledger has them."""

    @model_validator(mode="after")
    def _field_is_named(self) -> Self:
        if (self.position_in is PositionIn.FIELD) != bool(self.position_field):
            message = 'position_in = "field" and position_field belong together'
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _budgets_are_details(self) -> Self:
        if self.offers and not self.details:
            message = "budgets are read with details = true only"
            raise ValueError(message)
        return self
