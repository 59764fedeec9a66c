"""A priced issue as a position of an offer: which offer, how much of what, at which price."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from connector.core.notation import NotationError, counted, one_of
from connector.core.offer import Position
from connector.core.quantity import Quantity, Unit, seconds_of_hours
from connector.sources.redmine.records import IssueRecord, ProjectRecord
from connector.sources.redmine.settings import CategoryBy, OfferBy, PositionFields, Settings

UNITS = {
    "h": Unit.HOUR, "Std": Unit.HOUR, "Std.": Unit.HOUR, "Stunde": Unit.HOUR, "Stunden": Unit.HOUR, "hour": Unit.HOUR,
    "PT": Unit.DAY, "Tag": Unit.DAY, "Tage": Unit.DAY, "day": Unit.DAY, "Monat": Unit.MONTH, "Monate": Unit.MONTH,
    "month": Unit.MONTH, "Stk": Unit.PIECE, "Stk.": Unit.PIECE, "Stück": Unit.PIECE, "piece": Unit.PIECE,
    "pauschal": Unit.FLAT, "flat": Unit.FLAT,
}  # fmt: skip
"""What people write into a field for the unit."""

ALL_PERCENT = 100


@dataclass(frozen=True, slots=True)
class OfferHead:
    """An offer without its positions; `project` is the identifier of the top project."""

    id: str
    project: str
    label: str


def is_priced(issue: IssueRecord, fields: PositionFields) -> bool:
    """Tell whether the issue is a position."""
    return bool(issue.text(fields.fixed_price) or issue.text(fields.unit_price))


def head_of(issue: IssueRecord, top: ProjectRecord, settings: Settings) -> OfferHead:
    """Return the offer that the issue belongs to; NotationError if it names none."""
    if settings.offer_by is OfferBy.PROJECT:
        return OfferHead(top.identifier, top.identifier, top.name)
    if settings.offer_by is OfferBy.FIELD:
        name = issue.text(settings.position.offer)
        if not name:
            raise NotationError(issue.subject, f"a priced issue without {settings.position.offer!r}", "name its offer")
        return OfferHead(name, top.identifier, name)
    version = issue.fixed_version
    if version is None:
        raise NotationError(issue.subject, "a priced issue without a version", "choose the version that is its offer")
    return OfferHead(f"{top.identifier}-v{version.id}", top.identifier, version.name)


def position_of(issue: IssueRecord, head: OfferHead, settings: Settings, place: str) -> Position:
    """Return the issue as a position; NotationError for a price, quantity or unit that cannot be billed."""
    fields = settings.position
    quantity, unit_price = _priced(issue, fields)
    try:
        position = Position(
            id=str(issue.id),
            offer=head.id,
            project=head.project,
            label=issue.subject,
            quantity=quantity,
            unit_price=unit_price,
            currency=settings.currency,
            category=_category(issue, settings.category_by),
            discount=_discount(issue, fields),
            vat_class=issue.text(fields.vat_class) or "standard",
            service=issue.text(fields.service),
            start=issue.start_date,
            end=issue.due_date,
            planned_seconds=_planned_seconds(issue),
            origin=place,
        )
        _ = position.total
    except ValueError as error:
        raise NotationError(str(unit_price), str(error), "check quantity and price") from None
    return position


def _priced(issue: IssueRecord, fields: PositionFields) -> tuple[Quantity, Decimal]:
    fixed, each = issue.number(fields.fixed_price), issue.number(fields.unit_price)
    if fixed is None:
        return _quantity(issue, fields), each or Decimal(0)
    if each is not None:
        raise NotationError(str(each), "a fixed price and a unit price", "clear one of the two")
    if issue.text(fields.quantity):
        raise NotationError(
            issue.text(fields.quantity), "a fixed price has no quantity", "clear it, or use a unit price"
        )
    return Quantity(Decimal(1), Unit.FLAT), fixed


def _quantity(issue: IssueRecord, fields: PositionFields) -> Quantity:
    """Return what the fields say; hours not stated are those estimated."""
    word = issue.text(fields.unit)
    unit = one_of(UNITS, word) if word else Unit.HOUR
    value = issue.number(fields.quantity)
    if value is None and unit is Unit.HOUR:
        value = issue.estimated_hours
    if value is None:
        where = fields.quantity or "the estimated time"
        raise NotationError(issue.subject, "a unit price without a quantity", f"fill {where!r}")
    return counted(value, unit)


def _discount(issue: IssueRecord, fields: PositionFields) -> Fraction:
    percent = issue.number(fields.discount_percent) or Decimal(0)
    if not 0 <= percent <= ALL_PERCENT:
        raise NotationError(str(percent), "not a discount in percent", "write 0 to 100")
    return Fraction(percent) / ALL_PERCENT


def _planned_seconds(issue: IssueRecord) -> int | None:
    """Return the estimated time: the issue's own, else that of the issues below it; None for none."""
    hours = issue.estimated_hours or issue.total_estimated_hours
    return seconds_of_hours(hours) if hours else None


def _category(issue: IssueRecord, category_by: CategoryBy) -> str:
    named = {
        CategoryBy.VERSION: issue.fixed_version,
        CategoryBy.TRACKER: issue.tracker,
        CategoryBy.ISSUE_CATEGORY: issue.category,
    }.get(category_by)
    return named.name if named else ""
