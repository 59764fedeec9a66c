"""The time bank of one item: allowance, carried-over lots, what lapses, what is beyond (domain 4.4, 4.5, 4.10).

Everything is an int of the item's grains (see `catalogue`). What is drawn from the next allowance is owed: a balance
is the lots less what is owed, so that every period begins where the last one closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from connector.core.catalogue import DrawOrder, Item, OverageRule, Rollover


class Lot(NamedTuple):
    """What is left of the allowance of one period; `number` is that of the period."""

    period: str
    number: int
    left: int


class LapseCause(StrEnum):
    """Why something lapsed at the close of a period."""

    EXPIRED = "expired"
    CAP = "cap"
    NO_CARRY_OVER = "no_carry_over"
    ENDED = "ended"


class Lapse(NamedTuple):
    """So much of a period's lot lapsed."""

    period: str
    grains: int
    cause: LapseCause


class Drawn(NamedTuple):
    """So much was used of a period's lot."""

    period: str
    grains: int


class BalanceError(ValueError):
    """A time bank that does not balance: a fault of the program, never of the data."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What goes from one period into the next: the lots, oldest first, and what is owed to the next allowance."""

    lots: tuple[Lot, ...] = ()
    owed: int = 0

    @property
    def carried(self) -> int:
        """Return what the lots add up to."""
        return sum([lot.left for lot in self.lots])

    @property
    def grains(self) -> int:
        """Return the balance: below zero while something is owed."""
        return self.carried - self.owed


@dataclass(frozen=True, slots=True)
class Movement:
    """One period of the bank: opening + granted = used + lapsed + closing − overage (domain 4.10).

    `drawn` tells what "used" was taken from; `overage` is beyond everything available, `deducted` the part of that
    which is drawn from the next allowance and so is no overage.
    """

    before: Balance
    granted: int
    used: int
    drawn: tuple[Drawn, ...]
    lapses: tuple[Lapse, ...]
    overage: int
    after: Balance

    def __post_init__(self) -> None:
        """Refuse a bank that does not balance, or a lot below zero."""
        if self.available != self.used + self.lapsed + self.closing - self.overage:
            message = f"the time bank does not balance: {self}"
            raise BalanceError(message)
        if min([self.overage, self.after.owed, *[lot.left for lot in self.after.lots]]) < 0:
            message = f"something in the time bank is below zero: {self}"
            raise BalanceError(message)

    @property
    def opening(self) -> int:
        """Return the balance the period began with."""
        return self.before.grains

    @property
    def carried_in(self) -> int:
        """Return what was carried over from earlier periods."""
        return self.before.carried

    @property
    def available(self) -> int:
        """Return what could be used in the period."""
        return self.opening + self.granted

    @property
    def lapsed(self) -> int:
        """Return what lapsed at the close."""
        return sum([lapse.grains for lapse in self.lapses])

    @property
    def deducted(self) -> int:
        """Return what is drawn from the next allowance."""
        return self.after.owed

    @property
    def closing(self) -> int:
        """Return the balance the period ended with."""
        return self.after.grains


@dataclass(frozen=True, slots=True)
class Turn:
    """What the bank must know of a period: `following` is the next allowance, None if there is no next period."""

    name: str
    number: int
    granted: int
    used: int
    following: int | None


def run_open(before: Balance, item: Item, turn: Turn) -> Movement:
    """Return the movement so far of a period that has not closed: nothing lapses yet."""
    drawn, lots, beyond = _draw(before, item, turn)
    return Movement(before, turn.granted, turn.used, drawn, (), beyond, Balance(lots))


def run_closed(before: Balance, item: Item, turn: Turn) -> Movement:
    """Return the movement of a period that has closed."""
    drawn, lots, beyond = _draw(before, item, turn)
    kept, lapses = _close(lots, item, turn)
    owed = _owed(item, beyond, turn.following or 0)
    return Movement(before, turn.granted, turn.used, drawn, lapses, beyond - owed, Balance(kept, owed))


def _draw(before: Balance, item: Item, turn: Turn) -> tuple[tuple[Drawn, ...], tuple[Lot, ...], int]:
    """Return what was drawn from which lot, the lots left, and what was used beyond them all."""
    current = Lot(turn.name, turn.number, turn.granted - before.owed)
    last = item.rollover is None or item.rollover.order is DrawOrder.OLDEST_FIRST
    wanted = turn.used
    drawn, left = [], []
    for lot in (*before.lots, current) if last else (current, *before.lots):
        taken = min(lot.left, wanted)
        wanted -= taken
        if taken:
            drawn.append(Drawn(lot.period, taken))
        if taken < lot.left:
            left.append(Lot(lot.period, lot.number, lot.left - taken))
    if not last:
        left.sort(key=lambda lot: lot.number)
    return tuple(drawn), tuple(left), wanted


def _owed(item: Item, beyond: int, following: int) -> int:
    """Return what is drawn from the next allowance: never more than there will be."""
    rule = item.overage
    if rule.rule is not OverageRule.DEDUCT_NEXT:
        return 0
    return min(beyond, following, beyond if rule.max_deduct is None else rule.max_deduct)


def _close(lots: Sequence[Lot], item: Item, turn: Turn) -> tuple[tuple[Lot, ...], tuple[Lapse, ...]]:
    """Return the lots that are carried over, and what lapses: the expired ones first, then the oldest over the cap."""
    if not lots:
        return (), ()
    if turn.following is None or item.rollover is None:
        cause = LapseCause.ENDED if turn.following is None else LapseCause.NO_CARRY_OVER
        return (), tuple(Lapse(lot.period, lot.left, cause) for lot in lots)
    rollover = item.rollover
    expired = [lot for lot in lots if _expired(lot, rollover, turn.number)]
    valid = [lot for lot in lots if not _expired(lot, rollover, turn.number)]
    kept, capped = _capped(valid, rollover.cap_grains(item.allowance))
    return kept, (*(Lapse(lot.period, lot.left, LapseCause.EXPIRED) for lot in expired), *capped)


def _expired(lot: Lot, rollover: Rollover, number: int) -> bool:
    return rollover.expires_after is not None and number >= lot.number + rollover.expires_after


def _capped(lots: Sequence[Lot], cap: int | None) -> tuple[tuple[Lot, ...], list[Lapse]]:
    over = 0 if cap is None else sum(lot.left for lot in lots) - cap
    kept, lapses = [], []
    for lot in lots:
        cut = max(0, min(lot.left, over))
        over -= cut
        if cut:
            lapses.append(Lapse(lot.period, cut, LapseCause.CAP))
        if cut < lot.left:
            kept.append(Lot(lot.period, lot.number, lot.left - cut))
    return tuple(kept), lapses
