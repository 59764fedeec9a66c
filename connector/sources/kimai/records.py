"""The records of Kimai's API as far as they are read; time, which is much, is read in `entries`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from connector.http.records import RecordReader


def _day_of(value: object) -> object:
    """Return the day of '2026-01-31T00:00:00+0100', which is how some versions write a day."""
    return value.partition("T")[0] if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
"""A text; what is null in JSON is ''."""

Day = Annotated[date | None, BeforeValidator(_day_of)]

Amount = Annotated[Decimal, BeforeValidator(lambda value: 0 if value is None else value), Field(ge=0)]
"""An amount in currency units from 0; what is null in JSON is 0."""

Seconds = Annotated[int, BeforeValidator(lambda value: 0 if value is None else value), Field(ge=0)]


class BudgetType(StrEnum):
    """What a budget is for: everything, or a month and then the next again."""

    FULL = "full"
    MONTH = "month"


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class _Budgeted(_Record):
    """What has a budget: `budget` in currency units, `time_budget` in seconds, 0 for none."""

    id: int
    name: str
    number: Text = ""
    budget: Amount = Decimal(0)
    time_budget: Seconds = 0
    budget_type: Annotated[BudgetType, BeforeValidator(lambda value: value or BudgetType.FULL)] = BudgetType.FULL

    @property
    def is_monthly(self) -> bool:
        """Tell whether there is a budget for each month, as a retainer has it."""
        return self.budget_type is BudgetType.MONTH and bool(self.budget or self.time_budget)


class CustomerRecord(_Budgeted):
    """A customer; its address is one free text. `company` is its name with legal form, if it has another."""

    company: Text = ""
    address: Text = ""
    country: Text = ""
    vat_id: Text = ""
    email: Text = ""
    currency: Text = "EUR"


class ProjectRecord(_Budgeted):
    """A project; `customer` is Kimai's id."""

    customer: int
    start: Day = None
    end: Day = None
    visible: bool = True
    billable: bool = True


class RateRecord(_Record):
    """A price of a project: per hour or, if fixed, per record; of one person, if it names one."""

    rate: Amount
    is_fixed: bool = False
    user: Mapping[str, Any] | None = None


class UserRecord(_Record):
    """Whose token it is."""

    roles: tuple[str, ...]


record_of = RecordReader("Kimai")
