"""The service catalogue of a retainer in agreements.toml: allowance, overage, carry-over (domain 4.1, 4.4, 4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from pydantic import Field

from connector.config.agreement_table import CheckedTable
from connector.config.faults import Fault
from connector.config.fields import Cap, NotNegative, PartId, Positive
from connector.config.places import KeyPath
from connector.core.catalogue import (
    DrawOrder,
    Item,
    ItemUnit,
    Overage,
    OverageRule,
    Rollover,
    Tier,
    TierMode,
    grains_of,
)
from connector.mapping.fields import ListOf, Named, Table, Text


class TierTable(Table):
    """A price of overage up to a bound."""

    up_to: Positive | None = None
    """Overage of a period up to which the price holds, inclusive; left out in the last tier."""
    price: NotNegative
    """Price per hour or unit; of items in money: a factor."""


class OverageTable(CheckedTable):
    """What becomes of consumption beyond the allowance, and what it costs."""

    rule: Annotated[OverageRule, Named] = OverageRule.BILL_NOW
    """bill_now, bill_next, deduct_next (drawn from the next allowance), absorb (shown at 0.00) or hold."""
    price: NotNegative | None = None
    """Price per hour or unit; of items in money a factor, left out: 1."""
    tiers: Annotated[tuple[TierTable, ...], ListOf] = ()
    """Prices by amount, instead of one price."""
    mode: Annotated[TierMode, Named] = TierMode.GRADUATED
    """graduated: each part at the price of its tier; volume: all at the price of the tier reached."""
    max_deduct: NotNegative | None = None
    """With rule = "deduct_next": at most so much is drawn from the next allowance; the rest is billed."""

    def misfits(self) -> Iterator[Fault]:
        """Yield prices given twice, tiers that leave a gap, and keys without effect."""
        if self.price is not None and self.tiers:
            yield Fault("ConfigWrongValue", ("tiers",), "give either price or tiers", "one tier is the same as a price")
        if self.mode is TierMode.VOLUME and not self.tiers:
            yield Fault("ConfigWrongValue", ("mode",), "mode has no effect without tiers", "leave it out, or add tiers")
        if self.max_deduct is not None and self.rule is not OverageRule.DEDUCT_NEXT:
            message = f'max_deduct has no effect with rule = "{self.rule}"'
            yield Fault("ConfigWrongValue", ("max_deduct",), message, 'leave it out, or write rule = "deduct_next"')
        yield from self._tier_misfits()

    def value(self, unit: ItemUnit, currency: str) -> Overage:
        """Return it as a value of the core."""
        tiers = tuple(Tier(tier.price, _grains(tier.up_to, unit, currency)) for tier in self.tiers)
        if self.price is not None:
            tiers = (Tier(self.price),)
        return Overage(self.rule, tiers, self.mode, _grains(self.max_deduct, unit, currency))

    def _tier_misfits(self) -> Iterator[Fault]:
        bounds = [tier.up_to for tier in self.tiers]
        hint = "let the bounds ascend, and leave that of the last tier out"
        for index, (lower, upper) in enumerate(pairwise(bounds)):
            if lower is None:
                message = "only the last tier has no bound"
                yield Fault("TiersOutOfOrder", ("tiers", index), message, hint)
            elif upper is not None and upper <= lower:
                message = f"a tier up to {upper} after one up to {lower}"
                yield Fault("TiersOutOfOrder", ("tiers", index + 1), message, hint)
        if bounds and bounds[-1] is not None:
            message = f"overage beyond {bounds[-1]} has no price"
            yield Fault("TiersOutOfOrder", ("tiers", len(bounds) - 1), message, hint)


class RolloverTable(Table):
    """What of an unused allowance is carried over."""

    cap: Cap | None = None
    """At most so much is carried over: hours, units or an amount ("10"), or a part of the allowance ("100 %")."""
    expires_after: Annotated[int, Field(ge=1)] | None = None
    """So many following periods it may be used in; left out: without limit."""
    order: Annotated[DrawOrder, Named] = DrawOrder.OLDEST_FIRST
    """Whether what was carried over is used first (oldest_first), or the allowance of the period (current_first)."""

    def value(self, unit: ItemUnit, currency: str) -> Rollover:
        """Return it as a value of the core."""
        cap = self.cap if isinstance(self.cap, Fraction) else _grains(self.cap, unit, currency)
        return Rollover(cap, self.expires_after, self.order)


class ItemTable(CheckedTable):
    """One item of a retainer's catalogue."""

    id: PartId
    """Its name within the agreement, without "/"; part of the keys of what is billed: never change it."""
    label: Text
    """What stands on the line of its overage."""
    unit: Annotated[ItemUnit, Named]
    """What its allowance is counted in: hours, units or amount (a budget in money)."""
    allowance: NotNegative
    """What is contained in the fee of a full period, in its unit."""
    role_rates: dict[str, NotNegative] = Field(default_factory=dict)
    """With unit = "amount": price of an hour by activity, such as { Design = 95 }."""
    overage: OverageTable = Field(default_factory=OverageTable)
    """What becomes of consumption beyond the allowance."""
    rollover: RolloverTable | None = None
    """What of an unused allowance is carried over; left out: it lapses."""
    service: str = ""
    """As of the agreement, for its overage; left out: the agreement's."""
    vat_class: str = ""
    """As of the agreement, for its overage; left out: the agreement's."""

    def misfits(self) -> Iterator[Fault]:
        """Yield prices that are missing or without effect."""
        overage, in_money = self.overage, self.unit is ItemUnit.AMOUNT
        if not (overage.tiers or in_money or overage.rule is OverageRule.ABSORB or overage.price is not None):
            message = f'rule = "{overage.rule}" needs a price'
            hint = 'add overage.price or overage.tiers, or write overage.rule = "absorb"'
            yield Fault("OveragePriceMissing", ("overage",), message, hint)
        if in_money and not self.role_rates:
            hint = "add role_rates = { activity = price, … }: hours are priced by them"
            yield Fault("RoleRateMissing", ("unit",), "a budget in money needs the prices of hours", hint)
        if self.role_rates and not in_money:
            message = f'role_rates have no effect with unit = "{self.unit}"'
            yield Fault("ConfigWrongValue", ("role_rates",), message, 'leave them out, or write unit = "amount"')

    def uncountable(self, currency: str) -> Iterator[Fault]:
        """Yield what is no whole number of seconds, thousandths of a unit, or minor units of the currency."""
        for path, value in self._counted():
            try:
                _grains(value, self.unit, currency)
            except ValueError as error:
                hint = "hours are counted in seconds, units in thousandths, amounts in the smallest coin"
                yield Fault("ConfigWrongValue", path, str(error), hint)

    def value(self, currency: str) -> Item:
        """Return it as a value of the core."""
        return Item(
            id=self.id,
            label=self.label,
            unit=self.unit,
            allowance=grains_of(self.allowance, self.unit, currency),
            overage=self.overage.value(self.unit, currency),
            rollover=None if self.rollover is None else self.rollover.value(self.unit, currency),
            role_rates=self.role_rates,
            service=self.service,
            vat_class=self.vat_class,
        )

    def _counted(self) -> Iterator[tuple[KeyPath, Decimal | None]]:
        yield ("allowance",), self.allowance
        yield ("overage", "max_deduct"), self.overage.max_deduct
        for index, tier in enumerate(self.overage.tiers):
            yield ("overage", "tiers", index, "up_to"), tier.up_to
        if self.rollover is not None and not isinstance(self.rollover.cap, Fraction):
            yield ("rollover", "cap"), self.rollover.cap


def _grains(value: Decimal | None, unit: ItemUnit, currency: str) -> int | None:
    return None if value is None else grains_of(value, unit, currency)
