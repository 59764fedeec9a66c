"""What overage costs: a price, graduated tiers, or the price of the tier reached (domain 4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from connector.core.catalogue import Item, ItemUnit, Tier, TierMode, money_of, shown, units_of
from connector.core.money import Money
from connector.core.pricing import (
    HourPricing,
    Priced,
    by_hours,
    by_quantity,
    hours,
    lump,
    rounded_hours,
    shown_price,
)
from connector.core.quantity import Unit
from connector.core.reason import Step, step

FREE = Tier(Decimal(0))
AT_FACE_VALUE = Tier(Decimal(1))
"""A budget in money that states no tiers: what is beyond it costs what it is worth."""


class TierPart(NamedTuple):
    """So many grains of overage in one tier (`number` counts from 1), and what they cost."""

    number: int
    tier: Tier
    grains: int
    priced: Priced


def price_overage(item: Item, overage: int, currency: str, pricing: HourPricing) -> Iterator[TierPart]:
    """Yield each tier the overage (grains) reaches; the printed hours of the tiers add up to those of the whole."""
    for number, tier, begin, end in _slices(item, overage):
        yield TierPart(number, tier, end - begin, _priced(item.unit, (begin, end), tier.price, currency, pricing))


def tier_step(item: Item, part: TierPart, currency: str) -> Step:
    """Return the step from the overage to its price; where there are tiers, it names the one."""
    amount, printed = shown(part.grains, item.unit, currency), rounded_hours(part.grains, part.priced)
    price, net = shown_price(part.tier.price, currency), part.priced.net
    tiers = len(item.overage.tiers)
    if tiers <= 1:
        return step("overage_price", amount=amount, printed=printed, price=price, net=net)
    mode = item.overage.mode
    return step(
        "overage_tier", tier=part.number, tiers=tiers, mode=mode, amount=amount, printed=printed, price=price, net=net
    )


def absorbed(item: Item, overage: int, currency: str, pricing: HourPricing) -> TierPart:
    """Return the overage at 0.00: shown, not charged (domain 4.5)."""
    if item.unit is ItemUnit.AMOUNT:
        priced = lump(Money.zero(currency))
    else:
        priced = _priced(item.unit, (0, overage), FREE.price, currency, HourPricing(pricing.decimals))
    return TierPart(1, FREE, overage, priced)


def _slices(item: Item, overage: int) -> Iterator[tuple[int, Tier, int, int]]:
    """Yield each tier with the grains of overage it prices, from and to."""
    tiers = item.overage.tiers or (AT_FACE_VALUE,)
    begin = 0
    for number, tier in enumerate(tiers, start=1):
        end = overage if tier.up_to is None else min(overage, tier.up_to)
        if item.overage.mode is TierMode.GRADUATED and end > begin:
            yield number, tier, begin, end
            begin = end
        if item.overage.mode is TierMode.VOLUME and end == overage:
            yield number, tier, 0, overage
            return


def _priced(unit: ItemUnit, span: tuple[int, int], price: Decimal, currency: str, pricing: HourPricing) -> Priced:
    begin, end = span
    if unit is ItemUnit.AMOUNT:
        return lump(Money.of(money_of(end - begin, currency).amount, currency, price))
    if unit is ItemUnit.UNITS:
        return by_quantity(units_of(end - begin).value, Unit.PIECE, price, currency)
    if pricing.exact or not begin:
        return by_hours(end - begin, price, currency, pricing)
    return by_quantity(hours(end, pricing) - hours(begin, pricing), Unit.HOUR, price, currency)
