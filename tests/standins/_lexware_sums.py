"""How Lexware Office adds up a document: lines rounded, tax per rate on their sum (samples of the documentation)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CENT = Decimal("0.01")
FOUR = Decimal("0.0001")


def rounded(value: Decimal, unit: Decimal = CENT) -> Decimal:
    """Return the value in whole units, half up."""
    return value.quantize(unit, ROUND_HALF_UP)


def priced(line: dict[str, Any], *, gross: bool) -> dict[str, Any]:
    """Return the line as it is read back: both unit prices, and its amount."""
    if line["type"] == "text":
        return dict(line)
    price = dict(line["unitPrice"])
    factor = 1 + Decimal(price["taxRatePercentage"]) / 100
    if gross and price.get("grossAmount") is not None:
        price["netAmount"] = rounded(Decimal(price["grossAmount"]) / factor, FOUR)
    elif price.get("netAmount") is not None:
        price["grossAmount"] = rounded(Decimal(price["netAmount"]) * factor, FOUR)
    else:
        price["netAmount"] = rounded(Decimal(price["grossAmount"]) / factor, FOUR)
    left = 1 - Decimal(line.get("discountPercentage") or 0) / 100
    amount = rounded(Decimal(line["quantity"]) * Decimal(price["grossAmount" if gross else "netAmount"]) * left)
    return {
        **line,
        "unitPrice": price,
        "discountPercentage": line.get("discountPercentage", 0),
        "lineItemAmount": amount,
    }


def summed(lines: Sequence[dict[str, Any]], *, gross: bool) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return totalPrice and taxAmounts of the priced lines."""
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        if line["type"] != "text":
            rate = Decimal(line["unitPrice"]["taxRatePercentage"])
            by_rate[rate] = by_rate.get(rate, Decimal(0)) + line["lineItemAmount"]
    taxes = []
    for rate, amount in by_rate.items():
        net = rounded(amount / (1 + rate / 100)) if gross else amount
        tax = amount - net if gross else rounded(amount * rate / 100)
        taxes.append({"taxRatePercentage": rate, "taxAmount": tax, "netAmount": net})
    net, tax = (sum((row[name] for row in taxes), Decimal("0.00")) for name in ("netAmount", "taxAmount"))
    total = {"currency": "EUR", "totalNetAmount": net, "totalGrossAmount": net + tax, "totalTaxAmount": tax}
    return total, taxes
