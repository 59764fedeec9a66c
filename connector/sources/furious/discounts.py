"""Discounts on lines and on whole offers, as exact fractions, and whether the lines come to what Furious says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from connector.core.money import minor_digits
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


def differing_total(head: Head, before: Sequence[Position], after: Sequence[Position]) -> Problem | None:
    """Return the problem that an accepted offer comes to something else than Furious says, None if it does not.

    It holds, so that no price or discount is billed that was read in the wrong way; but for a minor unit a line, which
    rounding may cost. The total may be that with or without the discount.
    """
    sums = (_sum(after), _sum(before))
    apart = min((abs(ours - told) for ours in sums for told in head.totals), default=Decimal(0))
    if not head.accepted or not apart:
        return None
    by_rounding = apart <= Decimal(len(after)).scaleb(-minor_digits(head.currency))
    told = " or ".join(f"{each:f}" for each in dict.fromkeys(head.totals))
    message = f"its lines come to {sums[0]:f}, Furious says {told}"
    hint = (
        "check price_is and discount_is, and the lines; name no amount in the settings if it is that of something else"
    )
    return Problem("OfferTotalDiffers", message, head.origin, hint, Severity.NOTICE if by_rounding else Severity.HOLD)


def _sum(positions: Iterable[Position]) -> Decimal:
    """Return what the positions come to that are billed."""
    return sum((each.total.amount for each in positions if each.billable), Decimal(0))
