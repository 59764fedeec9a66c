"""The files of the ledger, a model each: its fields are the columns, and it says what the row means to the core.

A field without a default is a column that must be there and be filled.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, model_validator

from connector.core.notation import NotationError
from connector.core.offer import Offer, OfferState, Position, Project, ProjectBilling
from connector.core.party import Address, Party
from connector.core.quantity import Quantity
from connector.core.readings import Metric, Reading, ReadingScope
from connector.core.timesheet import TimeEntry
from connector.sources.ledger.cells import (
    Billed,
    Billing,
    Country,
    Currency,
    Day,
    Discount,
    Done,
    IdWithin,
    Language,
    Number,
    Planned,
    PositionKey,
    Price,
    State,
    Text,
    Truth,
    UnitsDone,
    UnitWord,
    WholeNumber,
    Worked,
)

_STRUCTURE = ("heading", "page break")
_WORTH_NOTHING = {"quantity": "0", "unit": "flat", "unit_price": "0", "currency": "EUR"}


class Reference(NamedTuple):
    """What a cell speaks of: the columns of a file that name it, joined by a slash.

    `within` tells that it can only be in the ledger itself, whatever lies beside it.
    """

    file: str
    columns: tuple[str, ...]
    within: bool = False


_CUSTOMER = Reference("customers", ("id",))
_PROJECT = Reference("projects", ("id",))
_OFFER = Reference("offers", ("offer",))
_POSITION = Reference("positions", ("offer", "position"))
_HEAD = Reference("offers", ("offer",), within=True)
_CATEGORY = Reference("positions", ("category",))


class Row(BaseModel):
    """A row of any file. `key` are the columns no two rows may share, `references` what cells must name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: ClassVar[str]
    key: ClassVar[tuple[str, ...]] = ()
    references: ClassVar[dict[str, Reference]] = {}

    origin: str

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Return all columns of the file."""
        return tuple(name for name in cls.model_fields if name != "origin")

    @classmethod
    def required(cls) -> tuple[str, ...]:
        """Return the columns that must be there."""
        return tuple(name for name in cls.columns() if cls.model_fields[name].is_required())


class CustomerRow(Row):
    """customers.csv."""

    file: ClassVar[str] = "customers"
    key: ClassVar[tuple[str, ...]] = ("id",)

    id: Text
    name: Text
    country: Country
    street: Text = ""
    postal_code: Text = ""
    city: Text = ""
    vat_id: Text = ""
    business: Truth = True
    payment_days: WholeNumber | None = None
    language: Language = "de"
    email: Text = ""

    def party(self) -> Party:
        """Return the customer; a VAT id is written without blanks."""
        return Party(
            id=self.id,
            name=self.name,
            address=Address(self.street, self.postal_code, self.city, self.country),
            vat_id=self.vat_id.replace(" ", ""),
            is_business=self.business,
            payment_days=self.payment_days,
            language=self.language,
            email=self.email,
            origin=self.origin,
        )


class ProjectRow(Row):
    """projects.csv."""

    file: ClassVar[str] = "projects"
    key: ClassVar[tuple[str, ...]] = ("id",)
    references: ClassVar[dict[str, Reference]] = {"customer": _CUSTOMER, "parent": _PROJECT}

    id: Text
    name: Text
    customer: Text
    parent: Text = ""
    start: Day | None = None
    end: Day | None = None
    billing: Billing = ProjectBilling.UNSTATED

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _check_order(self.start, self.end)
        return self

    def project(self) -> Project:
        """Return the project."""
        return Project(self.id, self.name, self.customer, self.parent, self.start, self.end, self.billing, self.origin)


class OfferRow(Row):
    """offers.csv: the heads of the offers."""

    file: ClassVar[str] = "offers"
    key: ClassVar[tuple[str, ...]] = ("offer",)
    references: ClassVar[dict[str, Reference]] = {"project": _PROJECT, "amends": _OFFER}

    offer: Text
    project: Text
    state: State
    label: Text = ""
    accepted_on: Day | None = None
    amends: Text = ""

    @model_validator(mode="after")
    def _accepted_if_dated(self) -> Self:
        if self.accepted_on and self.state is not OfferState.ACCEPTED:
            fault = f"an offer that is {self.state} has no day of acceptance"
            raise NotationError(str(self.accepted_on), fault, "set state = accepted, or clear accepted_on")
        return self

    def with_positions(self, rows: Iterable[PositionRow]) -> Offer:
        """Return the offer with these positions."""
        return Offer(
            id=self.offer,
            project=self.project,
            state=self.state,
            positions=tuple(row.of_project(self.project) for row in rows),
            label=self.label,
            accepted_on=self.accepted_on,
            amends=self.amends,
            origin=self.origin,
        )


class PositionRow(Row):
    """positions.csv: the rate cards of the offers, in the order of the file."""

    file: ClassVar[str] = "positions"
    key: ClassVar[tuple[str, ...]] = ("offer", "position")
    references: ClassVar[dict[str, Reference]] = {"offer": _HEAD}

    offer: Text
    position: IdWithin
    label: Text
    quantity: Number
    unit: UnitWord
    unit_price: Price
    currency: Currency
    kind: Billed = True
    category: Text = ""
    discount: Discount = Fraction(0)
    vat_class: Text = "standard"
    service: Text = ""
    start: Day | None = None
    end: Day | None = None
    planned_hours: Planned | None = None

    @model_validator(mode="before")
    @classmethod
    def _headings_have_no_price(cls, cells: dict[str, Any]) -> dict[str, Any]:
        structure = cells.get("kind", "").casefold() in _STRUCTURE
        return {**_WORTH_NOTHING, **cells} if structure else cells

    @model_validator(mode="after")
    def _sound(self) -> Self:
        _check_order(self.start, self.end)
        _check_size(self.of_project(""))
        return self

    def of_project(self, project: str) -> Position:
        """Return the position, which belongs to the project of its offer."""
        return Position(
            id=self.position,
            offer=self.offer,
            project=project,
            label=self.label,
            quantity=Quantity(self.quantity, self.unit),
            unit_price=self.unit_price,
            currency=self.currency,
            category=self.category,
            discount=self.discount,
            vat_class=self.vat_class,
            service=self.service,
            start=self.start,
            end=self.end,
            planned_seconds=self.planned_hours,
            billable=self.kind,
            origin=self.origin,
        )


class ProgressRow(Row):
    """progress.csv: dated readings of positions, categories or whole projects."""

    file: ClassVar[str] = "progress"
    references: ClassVar[dict[str, Reference]] = {
        "project": _PROJECT,
        "position": _POSITION,
        "category": _CATEGORY,
    }

    date: Day
    project: Text
    position: PositionKey = ""
    category: Text = ""
    share: Done | None = None
    units: UnitsDone | None = None
    note: Text = ""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.position and self.category:
            raise NotationError(self.category, "a reading of a position and of a category", "write a row for each")
        if (self.share is None) == (self.units is None):
            fault = "a reading has either a share or units"
            raise NotationError("" if self.share is None else self.share.written, fault, "fill one of the two columns")
        if self.units is not None and not self.position:
            raise NotationError(str(self.units), "units are counted for a position only", "name the position")
        return self

    def reading(self) -> Reading:
        """Return the reading, of the narrowest thing that is named."""
        scope, target = ReadingScope.PROJECT, ""
        if self.position:
            scope, target = ReadingScope.POSITION, self.position
        elif self.category:
            scope, target = ReadingScope.CATEGORY, self.category
        return Reading(self.project, scope, target, self.date, self.share, self.units, self.origin)


class TimeRow(Row):
    """time.csv: time entries."""

    file: ClassVar[str] = "time"
    key: ClassVar[tuple[str, ...]] = ("id",)
    references: ClassVar[dict[str, Reference]] = {"project": _PROJECT, "position": _POSITION}

    id: Text
    day: Day
    project: Text
    duration: Worked
    position: PositionKey = ""
    person: Text = ""
    activity: Text = ""
    billable: Truth = True
    approved: Truth = True
    text: Text = ""

    def entry(self) -> TimeEntry:
        """Return the entry; nothing runs in a ledger, so every entry has its time."""
        return TimeEntry(
            id=self.id,
            project=self.project,
            day=self.day,
            seconds=self.duration,
            person=self.person,
            activity=self.activity,
            position=self.position,
            text=self.text,
            billable=self.billable,
            approved=self.approved,
            origin=self.origin,
        )


class MetricRow(Row):
    """metrics.csv: dated figures of projects."""

    file: ClassVar[str] = "metrics"
    references: ClassVar[dict[str, Reference]] = {"project": _PROJECT}

    date: Day
    project: Text
    metric: Text
    value: Number

    def figure(self) -> Metric:
        """Return the metric."""
        return Metric(self.metric, self.project, self.date, self.value, self.origin)


FILES: tuple[type[Row], ...] = (CustomerRow, ProjectRow, OfferRow, PositionRow, ProgressRow, TimeRow, MetricRow)
"""Every file of the ledger."""


def _check_order(start: date | None, end: date | None) -> None:
    if start and end and end < start:
        raise NotationError(str(end), f"the end lies before the start, {start}", "correct one of the two days")


def _check_size(position: Position) -> None:
    try:
        _ = position.total
    except ValueError as error:
        raise NotationError(str(position.unit_price), str(error), "check quantity and unit price") from None
