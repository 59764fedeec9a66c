"""The records of MOCO's API as far as they are read (github.com/everii-Group/mocoapp-api-docs, sections/*.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from connector.core.problems import Problem
from connector.http.records import RecordReader
from connector.sources.moco.settings import IdBy

Record = TypeVar("Record", bound="_Record")
Known = TypeVar("Known", bound="Identified")


def _or_nothing(value: object) -> object:
    return 0 if value is None else value


def _or_blank(value: object) -> object:
    return "" if value is None else value


Day = date
"""By another name, because records have a field `date`."""

Text = Annotated[str, BeforeValidator(_or_blank)]
"""A text; null is an empty one."""

Percent = Annotated[Decimal, BeforeValidator(_or_nothing)]
"""A percentage such as 10; null is 0."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)


class Ref(_Record):
    """Another record, by MOCO's own number."""

    id: int


class Identified(_Record):
    """A record with a number people see, and custom properties. `updated_at` is an instant (UTC)."""

    id: int
    identifier: Text = ""
    custom_properties: Mapping[str, Any] | None = None
    updated_at: datetime

    def text(self, name: str) -> str:
        """Return the custom property, '' if the record has none; several values are joined by ', '."""
        value = (self.custom_properties or {}).get(name) if name else None
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return "" if value is None else str(value).strip()


class CompanyRecord(Identified):
    """A customer; `address` has several lines."""

    name: str
    address: Text = ""
    country_code: Text = ""
    vat_identifier: Text = ""
    email: Text = ""
    default_invoice_due_days: int | None = None
    alternative_correspondence_language: bool = False


class BillingVariant(StrEnum):
    """Whose hourly rate holds: the project's, the task's or the person's."""

    PROJECT = "project"
    TASK = "task"
    USER = "user"


class TaskRecord(_Record):
    """A task (Leistung) of a project; its rate holds only with the billing variant "task"."""

    name: str
    budget: Decimal | None = None
    hourly_rate: Decimal | None = None


class ProjectRecord(Identified):
    """A project, archived ones included."""

    name: str
    fixed_price: bool = False
    retainer: bool = False
    active: bool = True
    start_date: Day | None = None
    finish_date: Day | None = None
    currency: str
    billing_variant: BillingVariant
    hourly_rate: Decimal | None = None
    budget_monthly: Decimal | None = None
    customer: Ref | None = None
    deal: Ref | None = None
    tasks: tuple[TaskRecord, ...] = ()

    def rate_of(self, task: TaskRecord) -> Decimal | None:
        """Return the task's hourly rate by the billing variant; None where it depends on the person."""
        rates = {BillingVariant.PROJECT: self.hourly_rate, BillingVariant.TASK: task.hourly_rate}
        return rates.get(self.billing_variant)


class OfferStatus(StrEnum):
    """Where an offer stands in MOCO."""

    CREATED = "created"
    SENT = "sent"
    ACCEPTED = "accepted"
    PARTIALLY_BILLED = "partially_billed"
    BILLED = "billed"
    ARCHIVED = "archived"


class ConfirmationRecord(_Record):
    """The order confirmation that was made of an offer."""

    date: Day | None = None


class OfferRecord(Identified):
    """An offer as the list of offers tells it: without its items. `discount` is in percent."""

    title: Text = ""
    currency: str
    discount: Percent = Decimal(0)
    status: OfferStatus
    project: Ref | None = None
    deal: Ref | None = None
    offer_confirmation: ConfirmationRecord | None = None


class ItemType(StrEnum):
    """What a line of an offer is; only items have a price."""

    ITEM = "item"
    TITLE = "title"
    DESCRIPTION = "description"
    SUBTOTAL = "subtotal"
    PAGE_BREAK = "page-break"
    SEPARATOR = "separator"


class RevenueCategory(_Record):
    """What an item is booked as."""

    name: Text = ""


class ItemRecord(_Record):
    """A line of an offer; a lump sum has a total but neither quantity nor unit price."""

    id: int
    type: ItemType
    title: Text = ""
    description: Text = ""
    quantity: Decimal | None = None
    unit: Text = ""
    unit_price: Decimal | None = None
    net_total: Decimal | None = None
    optional: bool = False
    revenue_category: RevenueCategory | None = None


class ItemsRecord(_Record):
    """What only the address of a single offer tells."""

    items: tuple[ItemRecord, ...]


class ExpenseRecord(_Record):
    """An additional service of a project on a day."""

    id: int
    date: Day
    title: str
    quantity: Decimal
    billable: bool
    project: Ref


class RecurringRecord(_Record):
    """An additional service that comes again every `period`; without a last day it goes on."""

    id: int
    title: str
    start_date: Day
    finish_date: Day | None = None
    period: str
    price: Decimal | None = None
    currency: Text = ""
    billable: bool = True
    project: Ref


class PaymentRecord(_Record):
    """A planned invoice of a project at a fixed price."""

    id: int
    date: Day
    title: Text = ""
    net_total: Decimal
    billed: bool
    project: Ref


class PropertyRecord(_Record):
    """A custom property that the account knows, and what has it."""

    name: str
    entity: str


record_of = RecordReader("MOCO")


def keyed(
    rows: Iterable[Mapping[str, Any]], record_type: type[Known], by: IdBy, kind: str
) -> Iterator[tuple[str, Known] | Problem]:
    """Yield every record with its id; a problem for one that is unreadable, or has no id or that of another."""
    places: dict[str, str] = {}
    for row in rows:
        place = f"{kind} #{row['id']}"
        record = record_of(row, record_type, place)
        if isinstance(record, Problem):
            yield record
            continue
        key = str(record.id) if by is IdBy.ID else record.identifier
        if not key:
            hint = 'give it one in MOCO, or let the settings call it by "id"'
            yield Problem("UnreadableRecord", "it has no identifier", place, hint)
        elif key in places:
            message = f"{key!r} is also what {places[key]} is called"
            yield Problem("DuplicateId", message, place, "rename one of the two in MOCO")
        else:
            places[key] = place
            yield key, record
