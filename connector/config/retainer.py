"""agreements.toml, kind = "retainer": its tables, and their translation to values of the core (domain 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from connector.config.agreement_table import CheckedTable
from connector.config.faults import Fault
from connector.config.fields import NotNegative
from connector.config.places import KeyPath
from connector.config.retainer_items import ItemTable
from connector.config.retainer_parts import DiscountTable, IndexationTable, VariableTable
from connector.config.time_agreement import TimeAgreement, WorkFeed
from connector.core.agreement import Agreement
from connector.core.catalogue import ItemUnit
from connector.core.feed import Feed
from connector.core.money import Money
from connector.core.retainer_terms import THRESHOLDS, Billing, Proration, RetainerTerms, TermsVersion
from connector.core.suggest import did_you_mean
from connector.mapping.fields import ListOf, Named, Text


class VersionTable(CheckedTable):
    """The terms from a day on, until the next version."""

    valid_from: date
    """First day of these terms; of the first version: of the retainer."""
    fee: NotNegative
    """Flat fee of a full period; 0 for none."""
    item: Annotated[tuple[ItemTable, ...], ListOf] = ()
    """The service catalogue."""
    variable: Annotated[tuple[VariableTable, ...], ListOf] = ()
    """Parts of the price that follow a metric."""
    indexation: Annotated[tuple[IndexationTable, ...], ListOf] = ()
    """Changes of this fee, until a later version states a new one."""

    def misfits(self) -> Iterator[Fault]:
        """Yield names that stand twice, and indexations of a fee that does not hold yet."""
        yield from _twice("item", [item.id for item in self.item])
        yield from _twice("variable", [part.id for part in self.variable])
        days = set[date]()
        for index, change in enumerate(self.indexation):
            path = "indexation", index, "from"
            if change.start < self.valid_from:
                message = f"{change.start} lies before the fee it changes, which holds from {self.valid_from}"
                yield Fault("IndexationTooEarly", path, message, "move it to the version whose fee it changes")
            if change.start in days:
                hint = "one indexation a day"
                yield Fault("ConfigWrongValue", path, f"an indexation from {change.start} stands above already", hint)
            days.add(change.start)

    def value(self, currency: str) -> TermsVersion:
        """Return it as a value of the core."""
        return TermsVersion(
            valid_from=self.valid_from,
            fee=Money.exactly(self.fee, currency),
            items=tuple(item.value(currency) for item in self.item),
            variable=tuple(part.value() for part in self.variable),
            indexation=tuple(change.value() for change in self.indexation),
        )


class FeedTable(WorkFeed):
    """Which time, or which metric, is counted on an item."""

    item: Text
    """Id of the item."""
    metric: Text | None = None
    """Instead of time: name of the metric that counts the units of an item with unit = "units"."""

    def misfits(self) -> Iterator[Fault]:
        """Yield a metric limited by what only time has."""
        for key in ("projects", "activities", "positions"):
            if self.metric is not None and getattr(self, key):
                message = f"{key} has no effect beside a metric"
                yield Fault("ConfigWrongValue", (key,), message, "a metric counts in all projects of the agreement")

    def value(self) -> Feed:
        """Return it as a value of the core."""
        return Feed(self.item, self.projects, self.activities, self.positions, self.metric or "")


class RetainerAgreement(TimeAgreement):
    """A flat fee per period, with allowances, overage and variable parts."""

    kind: Literal["retainer"]
    """Billed as a retainer."""
    billing: Annotated[Billing, Named] = Billing.IN_ARREARS
    """Whether the fee is billed after its period (in_arrears) or at the start of it (in_advance)."""
    proration: Annotated[Proration, Named] = Proration.DAY_EXACT
    """What a part of a period costs: day_exact (by days), full (all), none (nothing)."""
    thresholds: Annotated[tuple[Annotated[int, Field(ge=1, le=1000)], ...], ListOf] = THRESHOLDS
    """Percent of what is available in a period at which a notice is given; [] for none."""
    version: Annotated[tuple[VersionTable, ...], ListOf, Field(min_length=1)]
    """The terms and their changes, in the order of their days."""
    discount: Annotated[tuple[DiscountTable, ...], ListOf] = ()
    """What is taken off the fee for a time."""
    feed: Annotated[tuple[FeedTable, ...], ListOf] = ()
    """What is counted on which item; the first that matches. Not needed for a single item in hours or money."""

    def misfits(self) -> Iterator[Fault]:
        """Yield all that does not fit between versions, items, discounts and feeds."""
        yield from super().misfits()
        yield from self.span_misfits("version", [version.valid_from for version in self.version])
        yield from _twice("discount", [discount.id for discount in self.discount])
        for path, amount in self._amounts():
            try:
                Money.exactly(amount, self.currency)
            except ValueError as error:
                yield Fault("ConfigWrongValue", path, str(error), "write an amount that can be paid")
        first: dict[str, ItemUnit] = {}
        for path, item in self._items():
            yield from (fault.under(path) for fault in item.uncountable(self.currency))
            if item.unit is not first.setdefault(item.id, item.unit):
                message = f"item {item.id!r} was counted in {first[item.id]} before"
                hint = "give it another id: its time bank cannot be converted"
                yield Fault("ItemUnitChanged", (*path, "unit"), message, hint)
        yield from self._feed_misfits(first)

    def agreement(self, place: str) -> Agreement:
        """Return the agreement as a value of the core; `place` is its file and line."""
        terms = RetainerTerms(
            label=self.label,
            versions=tuple(version.value(self.currency) for version in self.version),
            calendar=self.calendar,
            billing=self.billing,
            proration=self.proration,
            term=self.runs,
            discounts=tuple(discount.value(self.currency) for discount in self.discount),
            thresholds=self.thresholds,
            rounding=self.rounding,
            pricing=self.hour_pricing,
            late=self.late,
            service=self.service,
            vat_class=self.vat_class,
        )
        return Agreement(
            id=self.id,
            customer=self.customer,
            project=self.project,
            terms=terms,
            payment_days=self.payment_days,
            place=place,
            pooled=self.projects,
            feeds=self._feeds(terms.item_ids),
        )

    def _feeds(self, items: Sequence[str]) -> tuple[Feed, ...]:
        if not self.feed and len(items) == 1:
            return (Feed(items[0]),)
        return tuple(feed.value() for feed in self.feed)

    def _amounts(self) -> Iterator[tuple[KeyPath, Decimal]]:
        for index, version in enumerate(self.version):
            yield ("version", index, "fee"), version.fee
        for index, discount in enumerate(self.discount):
            if discount.amount is not None:
                yield ("discount", index, "amount"), discount.amount

    def _items(self) -> Iterator[tuple[KeyPath, ItemTable]]:
        for index, version in enumerate(self.version):
            for position, item in enumerate(version.item):
                yield ("version", index, "item", position), item

    def _feed_misfits(self, units: dict[str, ItemUnit]) -> Iterator[Fault]:
        for index, feed in enumerate(self.feed):
            unit = units.get(feed.item)
            if unit is None:
                message = f"there is no item {feed.item!r}"
                yield Fault("UnknownItem", ("feed", index, "item"), message, did_you_mean(feed.item, units))
            elif (unit is ItemUnit.UNITS) != (feed.metric is not None):
                key, source = ("item", "time") if feed.metric is None else ("metric", "a metric")
                message = f"item {feed.item!r} has its allowance in {unit}, which {source} is not counted in"
                hint = 'a metric counts unit = "units"; time counts hours and amount'
                yield Fault("AllowanceUnitMismatch", ("feed", index, key), message, hint)
        yield from self._metric_misfits()
        yield from self._unfed(units)

    def _metric_misfits(self) -> Iterator[Fault]:
        items: dict[str, str] = {}
        for index, feed in enumerate(self.feed):
            if feed.metric is not None and items.setdefault(feed.metric, feed.item) != feed.item:
                message = f"{feed.metric!r} is counted on item {items[feed.metric]!r} already"
                yield Fault("ConfigWrongValue", ("feed", index, "metric"), message, "a metric counts on one item")

    def _unfed(self, units: dict[str, ItemUnit]) -> Iterator[Fault]:
        fed = {feed.item for feed in self.feed}
        if not self.feed and len(units) == 1 and ItemUnit.UNITS not in units.values():
            return
        told = set(fed)
        for path, item in self._items():
            if item.id not in told:
                told.add(item.id)
                what = f"metric = the one that counts {item.id}" if item.unit is ItemUnit.UNITS else "what it counts"
                message = f"nothing is counted on item {item.id!r}"
                yield Fault("ItemNotFed", path, message, f'add [[agreement.feed]] with item = "{item.id}" and {what}')


def _twice(table: str, ids: Sequence[str]) -> Iterator[Fault]:
    for index, each in enumerate(ids):
        if each in ids[:index]:
            yield Fault("IdTwice", (table, index, "id"), f"{each!r} stands twice", "give each an id of its own")
