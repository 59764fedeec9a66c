"""What moves the price of a retainer in agreements.toml: metrics, indexation, discounts (domain 4.8, 4.9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from connector.config.agreement_table import CheckedTable
from connector.config.faults import Fault
from connector.config.fields import IndexValue, Month, NotNegative, PartId, Positive
from connector.core.money import Money
from connector.core.period import Period
from connector.core.quantity import Unit
from connector.core.retainer_terms import (
    Discount,
    Indexation,
    MetricUse,
    PercentIndexation,
    TableIndexation,
    VariablePart,
)
from connector.mapping.fields import Exact, ListOf, Named, Text


class VariableTable(CheckedTable):
    """A part of the price that follows a metric."""

    id: PartId
    """Its name within the agreement, without "/"; part of the keys of what is billed: never change it."""
    label: Text
    """What stands on its line."""
    percent_of: Text | None = None
    """Name of the metric it is a percentage of …"""
    percent: Positive | None = None
    """… and the percentage: "8" for 8 %."""
    per_unit: Text | None = None
    """Name of the metric whose units are charged …"""
    price: NotNegative | None = None
    """… and the price of a unit."""
    unit: Annotated[Unit, Named] = Unit.PIECE
    """What the metric counts, with per_unit: piece, hour, day, month or flat."""
    use: Annotated[MetricUse, Named] = MetricUse.SUM
    """Which readings of a period count: the sum of all, or the last of each project."""
    service: str = ""
    """As of the agreement; left out: the agreement's."""
    vat_class: str = ""
    """As of the agreement; left out: the agreement's."""

    def misfits(self) -> Iterator[Fault]:
        """Yield a part with no size, with two, or with half of one."""
        keys = ("percent_of", "percent"), ("per_unit", "price")
        given = [[key for key in pair if getattr(self, key) is not None] for pair in keys]
        if sorted(map(len, given)) != [0, 2]:
            message = "give either percent_of and percent, or per_unit and price"
            hint = "a percentage of a metric, or a price per unit of it"
            yield Fault("ConfigWrongValue", (), message, hint)

    def value(self) -> VariablePart:
        """Return it as a value of the core."""
        return VariablePart(
            id=self.id,
            label=self.label,
            metric=self.percent_of or self.per_unit or "",
            percent=None if self.percent is None else Fraction(self.percent) / 100,
            unit_price=self.price,
            unit=self.unit,
            use=self.use,
            service=self.service,
            vat_class=self.vat_class,
        )


class IndexationTable(CheckedTable):
    """A change of the fee from a day on: by a percentage, or with an index."""

    start: date = Field(alias="from")
    """First day of the changed fee."""
    percent: Annotated[Exact, Field(gt=-100)] | None = None
    """The fee is so much higher ("2.5") or lower ("-2.5") …"""
    index: Annotated[tuple[IndexValue, ...], ListOf] | None = None
    """… or follows an index: [["2026-01", "121.4"], …]."""
    base: Positive | None = None
    """With index: its value when the fee was agreed."""
    threshold: NotNegative | None = None
    """With index: the fee moves only if the index moved by so many percent or more; left out: always."""
    month: Month | None = None
    """With index: the month that counts, "2026-06"; left out: the last full month before from."""
    round_to: Positive = Decimal("0.01")
    """What the new fee is rounded to, such as "1" or "0.05"."""

    def misfits(self) -> Iterator[Fault]:
        """Yield a change with no size or two, and an index that can never tell the value that counts."""
        if (self.percent is None) == (self.index is None):
            yield Fault("ConfigWrongValue", (), "give either percent or index", "an index also needs its base")
        elif self.index is None:
            for key in ("base", "threshold", "month"):
                if getattr(self, key) is not None:
                    message = f"{key} has no effect without index"
                    yield Fault("ConfigWrongValue", (key,), message, "leave it out, or write index instead of percent")
        elif (table := self._by_table()) is None:
            hint = "add base = the value of the index when the fee was agreed"
            yield Fault("ConfigMissingKey", ("index",), "an index needs its base", hint)
        else:
            yield from _index_misfits([month for month, _ in self.index], table.month_that_counts)

    def value(self) -> Indexation:
        """Return it as a value of the core."""
        return self._by_table() or PercentIndexation(self.start, Fraction(self.percent or 0) / 100, self.round_to)

    def _by_table(self) -> TableIndexation | None:
        if self.index is None or self.base is None:
            return None
        threshold = Fraction(self.threshold or 0) / 100
        return TableIndexation(self.start, dict(self.index), self.base, threshold, self.month, self.round_to)


def _index_misfits(months: Sequence[date], wanted: date) -> Iterator[Fault]:
    for position, month in enumerate(months):
        if month in months[:position]:
            message = f"{month:%Y-%m} stands twice"
            yield Fault("ConfigWrongValue", ("index", position), message, "a month has one value")
    # A month after the last one may still be published; one before it never comes.
    if wanted not in months and max(months, default=wanted) > wanted:
        message = f"the index has later values, but none for {wanted:%Y-%m}, the month that counts"
        yield Fault("IndexMonthMissing", ("index",), message, f'add ["{wanted:%Y-%m}", value] to the index')


class DiscountTable(CheckedTable):
    """Taken off the fee for a limited time."""

    id: PartId
    """Its name within the agreement, without "/"; part of the keys of what is billed: never change it."""
    label: Text
    """What stands on its line."""
    percent: Annotated[Exact, Field(gt=0, le=100)] | None = None
    """Part of the fee, in percent …"""
    amount: Positive | None = None
    """… or an amount per full period."""
    start: date = Field(alias="from")
    """First day it is granted for."""
    end: date = Field(alias="to")
    """Last day it is granted for."""

    def misfits(self) -> Iterator[Fault]:
        """Yield a discount with no size or two, or with no day."""
        if (self.percent is None) == (self.amount is None):
            hint = "percent is a part of the fee, amount holds for a full period"
            yield Fault("ConfigWrongValue", (), "give either percent or amount", hint)
        if self.end < self.start:
            yield Fault("ConfigWrongValue", ("to",), f"{self.end} lies before {self.start}", "correct from or to")

    def value(self, currency: str) -> Discount:
        """Return it as a value of the core."""
        return Discount(
            id=self.id,
            label=self.label,
            period=Period.inclusive(self.start, self.end),
            percent=None if self.percent is None else Fraction(self.percent) / 100,
            amount=None if self.amount is None else Money.exactly(self.amount, currency),
        )
