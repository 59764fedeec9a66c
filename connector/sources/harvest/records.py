"""The records of Harvest's API v2 as far as they are read; time entries, which are many, are read in `entries`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict

from connector.http.records import RecordReader

Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""A text; what is null in JSON is ''."""

Amount = Annotated[Decimal, BeforeValidator(lambda value: 0 if value is None else value)]
"""A number; what is null in JSON is 0."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class UserRecord(_Record):
    """Whose token it is; `is_admin` in answers of before 2022, `access_roles` since."""

    id: int
    access_roles: tuple[str, ...] | None = None
    is_admin: bool | None = None

    @property
    def sees_all(self) -> bool:
        """Tell whether the user is an administrator, as far as Harvest says so."""
        if self.access_roles is not None:
            return "administrator" in self.access_roles
        return self.is_admin is not False


class ClientRecord(_Record):
    """A client: a customer. Its address is one free text."""

    id: int
    name: str
    address: Text = ""


class ClientRef(_Record):
    """The client of a project or an estimate."""

    id: int
    name: Text = ""
    currency: Text = ""


class ProjectRecord(_Record):
    """A project; `fee` is that of a fixed-fee project, in the currency of its client."""

    id: int
    name: str
    code: Text = ""
    client: ClientRef
    is_billable: bool = True
    is_fixed_fee: bool = False
    fee: Decimal | None = None
    is_active: bool = True
    budget_by: Text = ""
    budget_is_monthly: bool | None = None
    budget: Decimal | None = None
    cost_budget: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class LineRecord(_Record):
    """A line of an estimate; `kind` is the category of its item."""

    id: int
    kind: Text = ""
    description: Text = ""
    quantity: Decimal
    unit_price: Decimal
    taxed: bool = False
    taxed2: bool = False


class EstimateRecord(_Record):
    """An estimate; `amount` is with taxes and after the discount, a percentage of all lines."""

    id: int
    number: Text = ""
    client: ClientRef
    purchase_order: Text = ""
    subject: Text = ""
    state: str
    currency: Text = ""
    discount: Amount = Decimal(0)
    amount: Decimal | None = None
    tax: Decimal | None = None
    tax_amount: Amount = Decimal(0)
    tax2: Decimal | None = None
    tax2_amount: Amount = Decimal(0)
    accepted_at: AwareDatetime | None = None
    line_items: tuple[LineRecord, ...] = ()


record_of = RecordReader("Harvest")
