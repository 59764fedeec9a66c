"""How sevDesk writes: numbers as text without needless zeros, moments in Berlin time, errors in a wrapper."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.standins.server import Said

BERLIN = ZoneInfo("Europe/Berlin")

CENT = Decimal("0.01")

Row = dict[str, Any]


def number(value: Decimal) -> str:
    """Return '29', '5.51', '-18.4'."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cents(value: Decimal) -> Decimal:
    """Return the value in whole cents, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def moment(at: datetime) -> str:
    """Return '2026-10-01T16:37:48+02:00'."""
    return at.astimezone(BERLIN).isoformat(timespec="seconds")


def moment_of(value: object) -> str | None:
    """Return the moment of what was sent: Unix seconds, or a day as dd.mm.yyyy."""
    if value is None:
        return None
    if isinstance(value, int):
        return moment(datetime.fromtimestamp(value, UTC))
    day = datetime.strptime(str(value), "%d.%m.%Y")  # noqa: DTZ007 - a day has no zone yet
    return moment(day.replace(tzinfo=BERLIN))


def pointer(kind: str, name: str) -> Row:
    """Return how an object points at another one."""
    return {"id": name, "objectName": kind}


def error(status: int, message: str, code: int | None = None, *, as_status: int | None = None) -> Said:
    """Return the answer of a refusal; some come with status 200, as measured."""
    told = {
        "message": message,
        "exceptionUUID": str(uuid.uuid4()),
        "errorCode": 0,
        "code": code,
        "data": [],
        "responseCode": status,
    }
    return Said(as_status or status, {"error": told, "objects": None})


def sums(net: Decimal, tax: Decimal) -> Row:
    """Return the sums as a document has them."""
    return {"sumNet": number(net), "sumTax": number(tax), "sumGross": number(net + tax)}


def summed(positions: Iterable[Row]) -> tuple[Decimal, Decimal]:
    """Return net and VAT: lines rounded, VAT per rate on their sum."""
    by_rate: dict[Decimal, Decimal] = {}
    for each in positions:
        rate = Decimal(each["taxRate"])
        by_rate[rate] = by_rate.get(rate, Decimal(0)) + cents(Decimal(each["quantity"]) * Decimal(each["price"]))
    net = sum(by_rate.values(), Decimal("0.00"))
    tax = sum((cents(base * rate / 100) for rate, base in by_rate.items()), Decimal("0.00"))
    return net, tax
