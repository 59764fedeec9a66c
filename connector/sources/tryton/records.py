"""The records of Tryton as far as they are read (modules party, project, sale, stock of series 8.2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from connector.http.records import RecordReader
from connector.sources.tryton.values import amount_of, day_of, instant_of, seconds_of


def _or_blank(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_or_blank)]
"""A text; null is an empty one."""

Day = Annotated[date, BeforeValidator(day_of)]
Instant = Annotated[datetime, BeforeValidator(instant_of)]
Seconds = Annotated[int, BeforeValidator(seconds_of)]
Amount = Annotated[Decimal, BeforeValidator(amount_of)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)


class Named(_Record):
    """Something with a name."""

    name: Text


class Coded(_Record):
    """A country, currency or language, by its code."""

    code: Text


class AddressRecord(_Record):
    """An address of a party; `street` may have several lines."""

    street: Text = ""
    postal_code: Text = ""
    city: Text = ""
    country: Coded | None = None
    invoice: bool = False
    active: bool = True


class Typed(_Record):
    """An identifier, or a way to reach someone: what it is, and its text."""

    type: Text
    code: Text = ""
    value: Text = ""


class Delta(_Record):
    """A step from the invoice date to the due date; only days count alike in every month."""

    days: int | None = 0
    weeks: int | None = 0
    months: int | None = 0
    day: int | None = None
    month: Any = None
    weekday: Any = None


class TermLine(_Record):
    """A part of what is to be paid, and when."""

    type: str
    relativedeltas: tuple[Delta, ...] = ()


class Term(_Record):
    """Terms of payment."""

    lines: tuple[TermLine, ...]


class PartyRecord(_Record):
    """Someone the agency deals with; `customer_payment_term` comes with the module account_invoice."""

    id: int
    name: Text
    code: Text
    lang: Coded | None
    addresses: tuple[AddressRecord, ...]
    identifiers: tuple[Typed, ...]
    contact_mechanisms: tuple[Typed, ...]
    categories: tuple[Named, ...]
    customer_payment_term: Term | None = None


class WorkType(StrEnum):
    """What a work is."""

    PROJECT = "project"
    TASK = "task"


class UnitRecord(_Record):
    """A unit of measure, by its symbol."""

    symbol: Text


class ProductRecord(_Record):
    """What is sold: its name, what it is booked as, and what it is counted in."""

    template: Named
    account_category: Named | None = None
    default_uom: UnitRecord | None = None


class WorkRecord(_Record):
    """A project or a task; `parent` is the work it is a part of, `progress` from 0 to 1.

    `list_price` and `product` come with the module project_revenue, `project_invoice_method` with project_invoice.
    """

    id: int
    name: Text
    number: Text
    type: WorkType
    party: int | None
    parent: int | None
    origin: Text
    progress: Decimal | None
    effort_duration: Seconds | None
    create_date: Instant
    write_date: Instant | None
    currency: Coded | None = None
    list_price: Amount | None = None
    product: ProductRecord | None = None
    project_invoice_method: Text = ""


class SaleState(StrEnum):
    """Where a sale stands in Tryton."""

    DRAFT = "draft"
    QUOTATION = "quotation"
    CONFIRMED = "confirmed"
    PROCESSING = "processing"
    DONE = "done"
    CANCELLED = "cancelled"


class SaleRecord(_Record):
    """A sale without its lines; the field that names the project stands among the others."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    id: int
    number: Text
    description: Text
    state: SaleState
    sale_date: Day | None
    party: int
    currency: Coded


class LineType(StrEnum):
    """What a line of a sale is; only lines of the type line have a price."""

    LINE = "line"
    TITLE = "title"
    SUBTOTAL = "subtotal"
    COMMENT = "comment"


class LineRecord(_Record):
    """A line of a sale; `summary` is the first line of its description, else the product's name."""

    id: int
    sale: int
    sequence: int | None
    type: LineType
    summary: Text
    quantity: Decimal | None
    unit: UnitRecord | None
    unit_price: Amount | None
    product: ProductRecord | None
    taxes: tuple[Named, ...]

    def order(self) -> tuple[bool, int, int]:
        """Return what lines of a sale are sorted by: those without a sequence first."""
        return self.sequence is not None, self.sequence or 0, self.id


class MoveRecord(_Record):
    """Goods that moved on a day; `origin` is the line of the sale they moved for."""

    id: int
    origin: Text
    quantity: Decimal
    unit: UnitRecord
    effective_date: Day


record_of = RecordReader("Tryton", "; may the key's user read the field?")
