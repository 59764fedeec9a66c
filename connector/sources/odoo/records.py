"""The records of Odoo as far as they are read (addons base, account, project, sale, sale_project of 17 to 19).

Odoo's JSON says `false` for whatever is empty; a reference is a pair of number and name.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict

from connector.http.records import RecordReader


class Ref(NamedTuple):
    """Another record: its number, and the name people see."""

    id: int
    name: str


def _or_blank(value: object) -> object:
    return "" if value is False or value is None else value


def _or_nothing(value: object) -> object:
    return None if value is False else value


def instant_of(told: object) -> datetime:
    """Return '2026-01-05 12:30:00', which Odoo writes in UTC without saying so; ValueError for anything else."""
    if not isinstance(told, str):
        message = "not an instant of Odoo's"
        raise ValueError(message)  # noqa: TRY004 - pydantic reports it as a fault of the field
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


Text = Annotated[str, BeforeValidator(_or_blank)]
Day = Annotated[date | None, BeforeValidator(_or_nothing)]
Link = Annotated[Ref | None, BeforeValidator(_or_nothing)]
Instant = Annotated[datetime, BeforeValidator(instant_of)]
Number = Decimal


class _Record(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    id: int

    def text(self, name: str) -> str:
        """Return the field of this name as a text, '' if it is empty; for fields that the settings name."""
        value: Any = getattr(self, name, None)
        return "" if value is None or value is False else str(value).strip()


class PartnerRecord(_Record):
    """A company or a person; `commercial_partner_id` is who is billed."""

    name: Text
    commercial_partner_id: Link
    is_company: bool
    street: Text
    street2: Text
    zip: Text
    city: Text
    country_code: Text
    vat: Text
    email: Text
    lang: Text
    property_payment_term_id: Link = None


class TermLineRecord(_Record):
    """A part of terms of payment (from Odoo 17 on)."""

    payment_id: Link
    delay_type: Text
    nb_days: int


class ProjectRecord(_Record):
    """A project; `date` is its last day."""

    name: Text
    partner_id: Link
    date_start: Day
    date: Day


class TaskRecord(_Record):
    """A task that came of the line of an order; subtasks are part of the effort of the task above."""

    project_id: Link
    sale_line_id: Link
    parent_id: Link
    allocated_hours: Number = Decimal(0)


class OrderState(StrEnum):
    """Where an order stands; "done" until Odoo 16."""

    DRAFT = "draft"
    SENT = "sent"
    SALE = "sale"
    DONE = "done"
    CANCEL = "cancel"


class OrderRecord(_Record):
    """An order without its lines; `date_order` is when it was confirmed."""

    name: Text
    state: OrderState
    partner_id: Link
    currency_id: Link
    date_order: Instant
    client_order_ref: Text
    project_id: Link = None


class LineRecord(_Record):
    """A line of an order; sections and notes have a display type. `unit` and `taxes` are told by other names, too."""

    order_id: Ref
    sequence: int
    display_type: Text
    name: Text
    product_id: Link
    product_uom_qty: Number
    price_unit: Number
    discount: Number
    price_subtotal: Number
    qty_delivered: Number
    write_date: Instant
    unit: Link
    taxes: tuple[int, ...]
    is_downpayment: bool = False
    is_expense: bool = False
    qty_delivered_method: Text = ""
    project_id: Link = None


class ProductRecord(_Record):
    """What is sold."""

    name: Text
    default_code: Text
    categ_id: Link


class UpdateRecord(_Record):
    """What someone said of a project on a day; `progress` in percent."""

    project_id: Ref
    date: Day
    progress: int


record_of = RecordReader("Odoo")
