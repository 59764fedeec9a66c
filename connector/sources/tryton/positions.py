"""What a line or a task costs as a position: how much of what, at which price, and what it is booked as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from connector.core.notation import NotationError, counted
from connector.core.offer import Position
from connector.core.pricing import shown_price
from connector.core.quantity import Unit
from connector.sources.tryton.records import ProductRecord, WorkRecord
from connector.sources.tryton.settings import Settings

UNITS: Mapping[str, Unit] = {"h": Unit.HOUR, "d": Unit.DAY, "u": Unit.PIECE, "": Unit.PIECE}
"""Tryton's own symbols; a line without a product has none."""

WITHOUT_EFFORT = frozenset({Unit.MONTH, Unit.PIECE, Unit.FLAT})
"""Units that say nothing of hours; for them the tasks' effort does."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the positions of one offer share."""

    offer: str
    project: str
    currency: str


@dataclass(frozen=True, slots=True)
class Priced:
    """What is known of a position: its id and name, the group it is in, amounts, and the effort planned for it."""

    id: str
    label: str
    category: str
    quantity: Decimal | None
    unit: Unit
    unit_price: Decimal | None
    service: str = ""
    vat_class: str = "standard"
    planned_seconds: int | None = None


def units_of(settings: Settings) -> Mapping[str, Unit]:
    """Return what symbols stand for, Tryton's own and those of the house."""
    return {**UNITS, **settings.units}


def service_of(product: ProductRecord | None) -> str:
    """Return what the product is booked as: its accounting category, else its name."""
    if product is None:
        return ""
    return product.account_category.name if product.account_category else product.template.name


def planned(tasks: Sequence[WorkRecord]) -> int | None:
    """Return the effort that the tasks plan together, None where none of them says."""
    efforts = [task.effort_duration for task in tasks if task.effort_duration]
    return sum(efforts) if efforts else None


def position_of(priced: Priced, sheet: Sheet, place: str) -> Position:
    """Return the position; NotationError for what cannot be billed."""
    try:
        position = _position(priced, sheet, place)
        _ = position.total
    except NotationError:
        raise
    except ValueError as error:
        raise NotationError(str(priced.unit_price), str(error), "check currency, quantity and price") from None
    return position


def _position(priced: Priced, sheet: Sheet, place: str) -> Position:
    if priced.quantity is None or priced.unit_price is None:
        raise NotationError(priced.label, "without quantity or price", "fill both")
    if not priced.label:
        raise NotationError(priced.label, "without a description", "write one")
    return Position(
        id=priced.id,
        offer=sheet.offer,
        project=sheet.project,
        label=priced.label,
        quantity=counted(priced.quantity, priced.unit),
        unit_price=shown_price(priced.unit_price, sheet.currency),
        currency=sheet.currency,
        category=priced.category,
        vat_class=priced.vat_class,
        service=priced.service,
        planned_seconds=priced.planned_seconds if priced.unit in WITHOUT_EFFORT else None,
        origin=place,
    )
