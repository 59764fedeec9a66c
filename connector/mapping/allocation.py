"""How the VAT of a rate is shared out among ledger rows so that nothing is left over (domain 8)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from connector.core.money import Money, minor_digits, rounded_units
from connector.core.vat import VatRate


class RowTax(NamedTuple):
    """The VAT of one row; `adjustment` is the cent it took (or gave), and is contained in `tax`."""

    tax: Money
    adjustment: Money


def share_out(rate: VatRate, nets: Sequence[Money], tax: Money) -> list[RowTax]:
    """Return the VAT per row: round(net × rate), and the cents left over on the largest rows, one each.

    `tax` is the VAT of the document at this rate. It differs from the sum of the rounded rows by half a cent per row
    and half a cent of its own at most, so there are never more cents than rows. Among rows of one size the first takes.
    """
    taxes = [rate.tax_on(net) for net in nets]
    left = tax - Money.total(taxes, tax.currency)
    cents = rounded_units(left.amount, minor_digits(tax.currency))
    cent = Money.of(left.amount / abs(cents), tax.currency) if cents else left
    largest = sorted(range(len(nets)), key=lambda row: (-abs(nets[row].amount), row))
    adjusted = frozenset(largest[: abs(cents)])
    nothing = Money.zero(tax.currency)
    return [
        RowTax(row_tax + cent, cent) if row in adjusted else RowTax(row_tax, nothing)
        for row, row_tax in enumerate(taxes)
    ]
