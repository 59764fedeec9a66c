"""A line of a proposal's rate card as a position: which amount is the price, and what the discounts make of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from connector.core.money import Money, rounded
from connector.core.notation import NotationError, one_of
from connector.core.offer import PRICE_DECIMALS, Position
from connector.core.quantity import QUANTITY_DECIMALS, Quantity, Unit, plain
from connector.core.suggest import did_you_mean
from connector.sources.furious.discounts import discounted, fraction_of
from connector.sources.furious.heads import Head, without_slash
from connector.sources.furious.settings import PriceIs, Settings
from connector.sources.furious.values import Row, amount, day, identifier, number, said, text, truth

UNITS = {
    "hour": Unit.HOUR, "heure": Unit.HOUR, "h": Unit.HOUR, "day": Unit.DAY, "jour": Unit.DAY, "j": Unit.DAY,
    "month": Unit.MONTH, "mois": Unit.MONTH, "unit": Unit.PIECE, "unité": Unit.PIECE, "piece": Unit.PIECE,
    "flat": Unit.FLAT, "forfait": Unit.FLAT,
}  # fmt: skip
"""What the unit of a line may be called; only 'unit' was seen, the others are its words in English and French."""


def position_of(row: Row, head: Head, settings: Settings, place: str) -> Position:
    """Return the line before the discount of its head; NotationError for what cannot be billed exactly."""
    fields = settings.line
    category = text(row, fields.category)
    quantity, unit_price = _priced(row, settings, head.currency)
    bare = Position(
        id=without_slash(identifier(row, fields.number)),
        offer=head.id,
        project=head.project,
        label=text(row, fields.label) or said(row, fields.category or fields.label),
        quantity=quantity,
        unit_price=unit_price,
        currency=head.currency,
        category=category,
        vat_class=_vat_class(text(row, fields.vat), settings.vat_classes),
        service=_service(text(row, fields.service), settings.services),
        start=day(row, fields.start),
        end=day(row, fields.end),
        billable=not truth(row, fields.option),
        origin=place,
    )
    discount = fraction_of(number(row, fields.discount), bare.total.amount, settings.discount_is)
    return discounted(bare, discount)


def whole_of(head: Head, settings: Settings) -> Position:
    """Return an addendum as one position, because its lines cannot be told from those of the proposal."""
    once = Quantity(Decimal(1), Unit.FLAT)
    return Position(
        id="1",
        offer=head.id,
        project=head.project,
        label=head.label or head.id,
        quantity=once,
        unit_price=_sound(head.whole, once, head.currency, "amount"),
        currency=head.currency,
        vat_class=_vat_class(head.vat, settings.vat_classes),
        origin=head.origin,
    )


def _vat_class(percent: str, classes: Mapping[str, str]) -> str:
    """Return the class of '19', '19.0' or '19.00'; NotationError for a percentage without one."""
    plain = percent.rstrip("0").rstrip(".") if "." in percent else percent
    if plain not in classes:
        hint = f"name its class in the settings, under vat_classes; {did_you_mean(plain, classes)}"
        raise NotationError(percent, "no VAT class for this percentage", hint)
    return classes[plain]


def _service(value: str, services: Mapping[str, str]) -> str:
    return one_of(services, value) if services and value else value


def _priced(row: Row, settings: Settings, currency: str) -> tuple[Quantity, Decimal]:
    """Return quantity and unit price; a total is divided, and refused if it does not multiply out again."""
    fields = settings.line
    quantity = amount(row, fields.quantity)
    if quantity * 10**QUANTITY_DECIMALS % 1:
        raise NotationError(str(quantity), f"{fields.quantity} is too fine", f"at most {QUANTITY_DECIMALS} decimals")
    price = amount(row, fields.price)
    if settings.price_is is PriceIs.LINE_TOTAL:
        price = _each(price, quantity, currency, fields.price)
    units = {**UNITS, **settings.units}
    counted = Quantity(plain(quantity), one_of(units, text(row, fields.unit)))
    return counted, _sound(price, counted, currency, fields.price)


def _sound(price: Decimal, quantity: Quantity, currency: str, name: str) -> Decimal:
    """Return the unit price; NotationError for one that no position can have."""
    if price * 10**PRICE_DECIMALS % 1:
        raise NotationError(str(price), f"{name} is too fine", f"at most {PRICE_DECIMALS} decimals")
    try:
        Money.of(quantity.value, currency, price)
    except ValueError as error:
        raise NotationError(str(price), str(error), "check quantity and price") from None
    return plain(price)


def _each(total: Decimal, quantity: Decimal, currency: str, name: str) -> Decimal:
    if not quantity:
        raise NotationError(str(total), f"{name} is for a quantity of nothing", "correct the quantity in Furious")
    each = rounded(Fraction(total) / Fraction(quantity), PRICE_DECIMALS)
    if Money.of(quantity, currency, each).amount != total:
        hint = "make it one flat in Furious, or correct one of the two"
        raise NotationError(str(total), f"{name} cannot be divided by a quantity of {quantity}", hint)
    return each
