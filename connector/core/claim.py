"""What goes onto a document and into the billed log: one value for every kind of agreement."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from connector.core.money import Money
from connector.core.offer import Position
from connector.core.period import Period
from connector.core.quantity import Unit
from connector.core.reason import Reason


@dataclass(frozen=True, slots=True)
class Claim:
    """One line to be: what it says and costs, and what the log keeps of it.

    `position` is what the log knows it by, as it is today. `quantity` × `unit_price` rounds to `amount` as it is
    printed; `done` is the quantity done since the last invoice, however the line is printed. The shares are those of
    the position before and after; of a charge, which is due whole, 0 and 1.
    """

    position: Position
    text: str
    amount: Money
    quantity: Decimal
    unit: Unit
    unit_price: Decimal
    done: Decimal
    share_before: Fraction
    share_after: Fraction
    period: Period
    reason: Reason
