"""How the VAT of a rate is shared out among ledger rows so that nothing is left over (domain 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from connector.core.money import Money, minor_digits, rounded_units
from connector.core.vat import VatRate


class RowTax(NamedTuple):
    """The VAT of one row; `adjustment` are the cents it took (or gave), and is contained in `tax`."""

    tax: Money
    adjustment: Money


def share_out(rate: VatRate, nets: Sequence[Money], tax: Money) -> list[RowTax]:
    """Return the VAT per row: round(net × rate), and the cents left over on the largest rows, one after the other.

    `tax` is the VAT of the document at this rate, less what is fixed of it. Among rows of one size the first takes.
    """
    taxes = [rate.tax_on(net) for net in nets]
    left = tax - Money.total(taxes, tax.currency)
    cents = rounded_units(left.amount, minor_digits(tax.currency))
    cent = Money.of(left.amount / abs(cents), tax.currency) if cents else left
    largest = sorted(range(len(nets)), key=lambda row: (-abs(nets[row].amount), row))
    each, more = divmod(abs(cents), len(nets) or 1)
    taken = {row: each + (place < more) for place, row in enumerate(largest)}
    adjustments = (Money.of(cent.amount, tax.currency, taken[row]) for row in range(len(nets)))
    return [RowTax(row_tax + cents, cents) for row_tax, cents in zip(taxes, adjustments, strict=True)]
