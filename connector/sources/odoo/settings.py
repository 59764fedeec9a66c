"""What a tenant says of its Odoo: address, key, which fields are ids, and where positions, shares and units stand."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from connector.core.quantity import Unit


class Api(StrEnum):
    """How Odoo is called: over JSON-RPC, which Odoo will give up with its release 22, or over JSON-2, from 19 on."""

    JSON_RPC = "jsonrpc"
    JSON_2 = "json2"


class OfferIdBy(StrEnum):
    """What an offer is called by: the number of the order, or Odoo's own."""

    NAME = "name"
    ID = "id"


class PositionIdBy(StrEnum):
    """What a position is called by: Odoo's own number of the line, or its place among the lines."""

    ID = "id"
    NUMBER = "number"


class CategoryBy(StrEnum):
    """What groups positions: the section above the line, or nothing."""

    SECTION = "section"
    NONE = "none"


class ServiceBy(StrEnum):
    """What a position is booked as: its product's category, code or name."""

    CATEGORY = "category"
    CODE = "code"
    NAME = "name"


class UnitsBy(StrEnum):
    """Where units produced are counted; NONE where they are kept elsewhere, such as in a ledger."""

    DELIVERED = "delivered"
    NONE = "none"


class SharesBy(StrEnum):
    """Where shares come from; NONE where they are kept elsewhere, such as in a ledger."""

    UPDATES = "updates"
    NONE = "none"


FieldName = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z_][a-z0-9_]*$")]
"""The technical name of a field, such as x_studio_number."""


class Settings(BaseModel):
    """How an Odoo is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    url: Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]
    """Address of the server, such as https://agency.odoo.com."""
    database: Annotated[str, Field(min_length=1)]
    """Name of the database."""
    login: str = ""
    """Login of the key's user; needed for JSON-RPC."""
    api_key: Annotated[SecretStr, Field(min_length=1)]
    """API key of the user; kept outside: { env = "NAME" }."""
    api: Api = Api.JSON_RPC
    """How Odoo is called: "jsonrpc", or "json2" from Odoo 19 on."""
    company: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    """Name of the company; needed only where the key's user sees several."""
    customer_id: FieldName = "ref"
    """Field of partners that is their id in agreements and mapping."""
    project_id: FieldName = "id"
    """Field of projects that is their id."""
    offer_id: OfferIdBy = OfferIdBy.NAME
    """What orders are called by."""
    position_id: PositionIdBy = PositionIdBy.ID
    """What positions are called by within their order; "number" counts the lines that are sold from 1."""
    category_by: CategoryBy = CategoryBy.SECTION
    """What groups positions: the section above the line, or nothing."""
    service_by: ServiceBy = ServiceBy.CATEGORY
    """What a position is booked as: its product's category, code or name."""
    units_by: UnitsBy = UnitsBy.DELIVERED
    """Where units produced are counted: in the delivered quantity of lines, or not in Odoo."""
    shares_by: SharesBy = SharesBy.NONE
    """Where shares come from: from the updates of projects, or not from Odoo."""
    units: Mapping[str, Unit] = Field(default_factory=dict)
    """Further names of units of measure, such as { Monat = "month" }."""
    vat_classes: Mapping[str, str] = Field(default_factory=dict)
    """VAT class by the name of a line's tax, such as { "7%" = "reduced" }; all others are standard."""
    requests_per_minute: Annotated[int, Field(ge=1)] = 60
    """Requests per minute; what Odoo allows is not known."""
    language: Literal["de", "en"] = "de"
    """Language of documents for customers whose own is neither German nor English."""

    @model_validator(mode="after")
    def _json_rpc_needs_a_login(self) -> Self:
        if self.api is Api.JSON_RPC and not self.login:
            message = "JSON-RPC needs the login of the key's user"
            raise ValueError(message)
        return self
