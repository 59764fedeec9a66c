"""Discounts on lines and on whole offers, as exact fractions, and whether the lines come to what Furious says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from connector.core.notation import NotationError
from connector.core.offer import Position
from connector.core.problems import Problem, Severity
from connector.sources.furious.heads import Head
from connector.sources.furious.settings import DiscountIs
from connector.sources.furious.values import ALL_PERCENT


def fraction_of(discount: Decimal | None, total: Decimal, how: DiscountIs) -> Fraction:
    """Return the part of the total that the discount is; NotationError for less than nothing or more than all."""
    if not discount:
        return Fraction(0)
    whole = Decimal(ALL_PERCENT) if how is DiscountIs.PERCENT else total
    if not whole or not 0 <= discount / whole <= 1:
        raise NotationError(str(discount), f"not a discount on {total}", "correct it, or see discount_is")
    return Fraction(discount) / Fraction(whole)


def discounted(position: Position, part: Fraction) -> Position:
    """Return the position with this discount on top of its own."""
    return replace(position, discount=1 - (1 - position.discount) * (1 - part)) if part else position


def all_discounted(head: Head, positions: Sequence[Position], how: DiscountIs) -> list[Position]:
    """Return the positions with the discount on the whole offer; an amount is shared out by their totals."""
    part = fraction_of(head.discount, _sum(positions), how)
    return [discounted(each, part) for each in positions]


def differing_totals(head: Head, before: Sequence[Position], after: Sequence[Position]) -> Iterator[Problem]:
    """Yield a notice if an accepted offer comes to something else than Furious says, with and without its discount.

    So a price or discount that is read in the wrong way is seen before it is billed.
    """
    sums = (_sum(after), _sum(before))
    if head.accepted and head.totals and not set(sums) & set(head.totals):
        told = " or ".join(f"{each:f}" for each in dict.fromkeys(head.totals))
        message = f"its lines come to {sums[0]:f}, Furious says {told}"
        hint = "check price_is and discount_is in the settings, and the lines"
        yield Problem("OfferTotalDiffers", message, head.origin, hint, Severity.NOTICE)


def _sum(positions: Iterable[Position]) -> Decimal:
    """Return what the positions come to that are billed."""
    return sum((each.total.amount for each in positions if each.billable), Decimal(0))
