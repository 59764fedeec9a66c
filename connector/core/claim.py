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
from connector.core.vat import VatDecision


@dataclass(frozen=True, slots=True)
class Claim:
    """One line to be: what it says and costs, and what the log keeps of it.

    `position` is what the log knows it by, as it is today. `quantity` × `unit_price` rounds to `amount` as it is
    printed; `done` is the quantity done since the last invoice, however the line is printed. The shares are those of
    the position before and after; of a charge, which is due whole, 0 and 1. `computed` and `invoiced` are what the log
    takes down, the amount itself unless the line states more than what is due now (final invoices). `vat` is set where
    the decision was made before, on the document that is deducted. `vanished` tells that the position is gone and
    what was billed is given back (domain 3.9). `noted` tells that the log takes it down though nothing is due.
    `credits` is the key of the document that billed what the line gives back, '' where it gives nothing back.
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
    computed: Money | None = None
    invoiced: Money | None = None
    vat: VatDecision | None = None
    vanished: bool = False
    noted: bool = False
    credits: str = ""

    @property
    def logged(self) -> tuple[Money, Money]:
        """Return what the log takes down as computed and as invoiced."""
        computed = self.amount if self.computed is None else self.computed
        return computed, self.amount if self.invoiced is None else self.invoiced
