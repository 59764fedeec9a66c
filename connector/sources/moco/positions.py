"""An item of an offer as a position: how much of what, at which price, and what it is booked as."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from connector.core.money import minor_digits, rounded
from connector.core.notation import NotationError, counted, one_of
from connector.core.offer import Position
from connector.core.pricing import shown_price
from connector.core.quantity import Quantity, Unit, plain
from connector.sources.moco.records import ItemRecord

UNITS: Mapping[str, Unit] = {
    "h": Unit.HOUR, "Std": Unit.HOUR, "Std.": Unit.HOUR, "Stunde": Unit.HOUR, "Stunden": Unit.HOUR,
    "hour": Unit.HOUR, "hours": Unit.HOUR, "d": Unit.DAY, "PT": Unit.DAY, "Tag": Unit.DAY, "Tage": Unit.DAY,
    "day": Unit.DAY, "days": Unit.DAY, "Monat": Unit.MONTH, "Monate": Unit.MONTH, "month": Unit.MONTH,
    "months": Unit.MONTH, "": Unit.PIECE, "Stk": Unit.PIECE, "Stk.": Unit.PIECE, "Stück": Unit.PIECE,
    "pc": Unit.PIECE, "pcs": Unit.PIECE, "piece": Unit.PIECE, "pieces": Unit.PIECE, "pauschal": Unit.FLAT,
    "Pauschale": Unit.FLAT, "flat": Unit.FLAT,
}  # fmt: skip
"""What people write into the unit of an item."""

ALL_PERCENT = 100

WITHOUT_EFFORT = frozenset({Unit.MONTH, Unit.PIECE, Unit.FLAT})
"""Units that say nothing of hours; for them the task of the same name does."""

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the positions of one offer share: its ids, currency and discount, and what words mean."""

    offer: str
    project: str
    currency: str
    discount: Fraction
    units: Mapping[str, Unit]
    vat_classes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of an item beside itself: its id, the title above it, its days, and the effort planned for it."""

    id: str
    category: str
    start: date | None
    end: date | None
    planned_seconds: int | None


def label_of(item: ItemRecord) -> str:
    """Return the item's title, else the first line of its description; NotationError for neither."""
    lines = [line.strip() for line in (item.title, *_TAG.sub("\n", item.description).splitlines())]
    label = next(filter(None, lines), "")
    if not label:
        raise NotationError(item.description, "an item without a title", "give it one")
    return label


def discount_of(percent: Decimal) -> Fraction:
    """Return 10 (percent) as 1/10; NotationError beyond 0 to 100."""
    if not 0 <= percent <= ALL_PERCENT:
        raise NotationError(str(percent), "not a discount in percent", "write 0 to 100")
    return Fraction(percent) / ALL_PERCENT


def position_of(item: ItemRecord, sheet: Sheet, around: Around, place: str) -> Position:
    """Return the item as a position; NotationError for a price, quantity or unit that cannot be billed."""
    try:
        position = _position(item, sheet, around, place)
        _ = position.total
    except NotationError:
        raise
    except ValueError as error:
        raise NotationError(str(item.unit_price), str(error), "check currency, quantity and price") from None
    return position


def _position(item: ItemRecord, sheet: Sheet, around: Around, place: str) -> Position:
    quantity, unit_price = _priced(item, sheet)
    service = item.revenue_category.name if item.revenue_category else ""
    return Position(
        id=around.id,
        offer=sheet.offer,
        project=sheet.project,
        label=label_of(item),
        quantity=quantity,
        unit_price=unit_price,
        currency=sheet.currency,
        category=around.category,
        discount=sheet.discount,
        vat_class=sheet.vat_classes.get(service, "standard"),
        service=service,
        start=around.start,
        end=around.end,
        planned_seconds=around.planned_seconds if quantity.unit in WITHOUT_EFFORT else None,
        billable=not item.optional,
        origin=place,
    )


def _priced(item: ItemRecord, sheet: Sheet) -> tuple[Quantity, Decimal]:
    """Return quantity and unit price; a lump sum, which has neither, is one flat."""
    if not item.quantity and not item.unit_price:
        if item.net_total is None:
            raise NotationError(item.title, "an item without a price", "give it quantity and price, or a total")
        return Quantity(Decimal(1), Unit.FLAT), shown_price(item.net_total, sheet.currency)
    if item.quantity is None or item.unit_price is None:
        raise NotationError(item.title, "a quantity without a unit price, or the other way round", "fill both")
    quantity = counted(item.quantity, one_of({**UNITS, **sheet.units}, item.unit))
    _check_total(item, item.quantity * item.unit_price, sheet.currency)
    return quantity, shown_price(item.unit_price, sheet.currency)


def _check_total(item: ItemRecord, computed: Decimal, currency: str) -> None:
    """Refuse an item whose total is not quantity × unit price: then something else goes into it, unknown to us."""
    if item.net_total is not None and rounded(computed, minor_digits(currency)) != item.net_total:
        message = f"quantity × unit price is {plain(computed)}, but the total of the item is"
        raise NotationError(str(item.net_total), message, "look at the item in MOCO")
