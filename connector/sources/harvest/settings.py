"""What a tenant says of its Harvest: token, account, what identifies customers and projects, where positions stand."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from connector.core.quantity import Unit

ADDRESS = r"^(https://|http://(127\.0\.0\.1|localhost)[:/])[^\s?#]+$"
"""Only an address on this machine goes without encryption."""


class CustomerId(StrEnum):
    """What a client is called in agreements and in the ledger; FIRST_WORD as in "K-1001 Möller KG"."""

    ID = "id"
    NAME = "name"
    FIRST_WORD = "first_word"


class ProjectId(StrEnum):
    """What a project is called in agreements and in the ledger."""

    CODE = "code"
    ID = "id"


class Hours(StrEnum):
    """Which hours count: as they come, to the minute they were rounded from, or as Harvest rounds for invoices."""

    AS_TOLD = "as_told"
    MINUTES = "minutes"
    ROUNDED = "rounded"


class PositionIn(StrEnum):
    """Where a time entry names its position, in square brackets."""

    NONE = "none"
    TASK = "task"
    NOTES = "notes"


class Offers(StrEnum):
    """What is read as an offer: estimates, or the fees of fixed-fee projects."""

    ESTIMATES = "estimates"
    FEES = "fees"


class EstimateProject(StrEnum):
    """Where an estimate names its project, because Harvest gives it a client only."""

    PURCHASE_ORDER = "purchase_order"
    SUBJECT = "subject"


VatClass = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class VatClasses(_Table):
    """VAT classes for the mapping, by the taxes that apply to a line of an estimate."""

    tax: VatClass = "standard"
    """Lines with the first tax; also those of an estimate without any."""
    tax2: VatClass = "reduced"
    """Lines with the second tax."""
    untaxed: VatClass = "exempt"
    """Lines without tax, in an estimate that has one."""


class Settings(_Table):
    """How a Harvest account is read."""

    access_token: Annotated[SecretStr, Field(min_length=1)]
    """Personal access token of an administrator; kept outside: { env = "NAME" }."""
    account_id: Annotated[str, Field(pattern=r"^[0-9]+$")]
    """Number of the account, as it stands beside the token."""
    contact: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, pattern=r"^[\x20-\x7e]+$")]
    """E-mail address or link of whoever runs Honorar; Harvest asks for it in every request."""
    url: Annotated[str, Field(pattern=ADDRESS)] = "https://api.harvestapp.com/v2"
    """Address of the API."""
    customer_id: CustomerId = CustomerId.ID
    """What identifies a customer: Harvest's id, the name, or the first word of the name."""
    project_id: ProjectId = ProjectId.CODE
    """What identifies a project: its code, or Harvest's id."""
    hours: Hours = Hours.AS_TOLD
    """Which hours count."""
    position_in: PositionIn = PositionIn.NONE
    """Where a time entry names its position as [offer/position]: in the name of its task or in its notes."""
    offers: tuple[Offers, ...] = ()
    """What is read as offers; nothing where a ledger has them."""
    estimate_project: EstimateProject = EstimateProject.PURCHASE_ORDER
    """Where an estimate names its project: its purchase order, or the first word of its subject."""
    units: Annotated[Mapping[str, Unit], Field(default_factory=dict)]
    """Units by the kind of a line, such as { "Stunden" = "hour" }; all other kinds are pieces."""
    vat: VatClasses = VatClasses()
    """VAT classes by tax."""
