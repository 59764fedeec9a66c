"""A line of an order as a position: how much of what, at which price, and what it is booked as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from connector.core.notation import NotationError, counted, one_of
from connector.core.offer import Position
from connector.core.pricing import shown_price
from connector.core.quantity import Unit
from connector.sources.odoo.records import LineRecord

UNITS: Mapping[str, Unit] = {
    "Hours": Unit.HOUR, "Hour": Unit.HOUR, "Days": Unit.DAY, "Day": Unit.DAY, "Units": Unit.PIECE, "Unit": Unit.PIECE,
}  # fmt: skip
"""Odoo's own names of units, in English."""

ALL_PERCENT = 100

WITHOUT_EFFORT = frozenset({Unit.MONTH, Unit.PIECE, Unit.FLAT})
"""Units that say nothing of hours; for them the tasks' effort does."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the positions of one order share: its ids and currency, and what words mean."""

    offer: str
    project: str
    currency: str
    units: Mapping[str, Unit]


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a line beside itself: its id, the section above it, what it is booked as, the planned effort."""

    id: str
    category: str
    service: str
    vat_class: str
    planned_seconds: int | None


def position_of(line: LineRecord, sheet: Sheet, around: Around, place: str) -> Position:
    """Return the line as a position; NotationError for what cannot be billed."""
    try:
        position = _position(line, sheet, around, place)
        total = position.total.amount
    except NotationError:
        raise
    except ValueError as error:
        raise NotationError(str(line.price_unit), str(error), "check currency, quantity and price") from None
    if total != line.price_subtotal:
        fault = f"quantity × price − discount is {total}, but the subtotal of the line is"
        raise NotationError(str(line.price_subtotal), fault, "is the VAT in the price? take a tax that is not")
    return position


def _position(line: LineRecord, sheet: Sheet, around: Around, place: str) -> Position:
    label = line.name.partition("\n")[0].strip()
    if not label:
        raise NotationError(label, "a line without a description", "write one")
    if not 0 <= line.discount <= ALL_PERCENT:
        raise NotationError(str(line.discount), "not a discount in percent", "0 to 100")
    unit = one_of({**UNITS, **sheet.units}, line.unit.name) if line.unit else Unit.PIECE
    return Position(
        id=around.id,
        offer=sheet.offer,
        project=sheet.project,
        label=label,
        quantity=counted(line.product_uom_qty, unit),
        unit_price=shown_price(line.price_unit, sheet.currency),
        currency=sheet.currency,
        category=around.category,
        discount=Fraction(line.discount) / ALL_PERCENT,
        vat_class=around.vat_class,
        service=around.service,
        planned_seconds=around.planned_seconds if unit in WITHOUT_EFFORT else None,
        origin=place,
    )
