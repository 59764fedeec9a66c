"""Orders as offers, their lines as positions (addons sale, sale_project)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from decimal import Decimal

from connector.core.notation import NotationError
from connector.core.offer import Offer, OfferState, Position
from connector.core.period import local_day
from connector.core.problems import Problem
from connector.core.quantity import seconds_of_hours
from connector.sources.odoo.calls import Calls
from connector.sources.odoo.positions import Around, Sheet, position_of
from connector.sources.odoo.projects import Projects
from connector.sources.odoo.records import (
    LineRecord,
    OrderRecord,
    OrderState,
    ProductRecord,
    TaskRecord,
    record_of,
)
from connector.sources.odoo.settings import CategoryBy, OfferIdBy, PositionIdBy, ServiceBy, Settings

ORDER_FIELDS = ("name", "state", "partner_id", "currency_id", "date_order", "client_order_ref")

LINE_FIELDS = (
    "order_id", "sequence", "display_type", "name", "product_id", "product_uom_qty", "price_unit", "discount",
    "price_subtotal", "qty_delivered", "write_date",
)  # fmt: skip

LINE_EXTRAS = ("is_downpayment", "is_expense", "qty_delivered_method", "project_id")
"""Come with some releases and apps only."""

UNIT_FIELDS = ("product_uom_id", "product_uom")
TAX_FIELDS = ("tax_ids", "tax_id")
"""As the unit and the taxes of a line are called from Odoo 19 on, and before."""

SECTIONS = frozenset({"line_section", "line_subsection"})

_STATES = {
    OrderState.DRAFT: OfferState.DRAFT,
    OrderState.SENT: OfferState.SENT,
    OrderState.SALE: OfferState.ACCEPTED,
    OrderState.DONE: OfferState.ACCEPTED,
    OrderState.CANCEL: OfferState.LOST,
}


@dataclass(frozen=True, slots=True)
class Sold:
    """A position and the line it is told by."""

    position: Position
    line: LineRecord


@dataclass(slots=True)
class RateCard:
    """The orders as offers, and what was sold by Odoo's number of the line; `customers` are the partners they name."""

    projects: Projects
    told: list[Offer | Problem] = field(default_factory=list)
    sold: dict[int, Sold] = field(default_factory=dict)
    customers: set[int] = field(default_factory=set)


def read(calls: Calls, projects: Projects, settings: Settings, zone: tzinfo) -> RateCard:
    """Return all orders of the company; `zone` says on which day one was confirmed.

    Orders are read before their lines: one that is confirmed meanwhile is then not taken with lines it had before.
    """
    extra = calls.having("sale.order", "project_id")
    orders = list(calls.of_company("sale.order", (*ORDER_FIELDS, *extra)))
    catalogue = _Catalogue.read(calls, settings)
    reader = _Reader(RateCard(projects), settings, zone, catalogue, _lines(calls), _tasks(calls))
    for row in orders:
        record = record_of(row, OrderRecord, f"{calls.source}: order #{row['id']}")
        reader.card.told += [record] if isinstance(record, Problem) else reader.take(record)
    return reader.card


def _lines(calls: Calls) -> dict[int, list[LineRecord | Problem]]:
    """Return the lines by the order they belong to, 0 where that cannot be read."""
    model = "sale.order.line"
    unit, taxes = calls.first_of(model, *UNIT_FIELDS), calls.first_of(model, *TAX_FIELDS)
    lines: dict[int, list[LineRecord | Problem]] = {}
    for row in calls.of_company(model, (*LINE_FIELDS, *calls.having(model, *LINE_EXTRAS), unit, taxes)):
        told = {**row, "unit": row.get(unit), "taxes": row.get(taxes)}
        record = record_of(told, LineRecord, f"{calls.source}: order line #{row['id']}")
        order = record.order_id.id if isinstance(record, LineRecord) else _first(row.get("order_id"))
        lines.setdefault(order, []).append(record)
    return lines


def _first(reference: object) -> int:
    number = reference[0] if isinstance(reference, list) and reference else 0
    return number if isinstance(number, int) else 0


def _tasks(calls: Calls) -> dict[int, list[TaskRecord]]:
    """Return the tasks by the line they came of; subtasks are part of the effort of the task above."""
    tasks: dict[int, list[TaskRecord]] = {}
    if not calls.having("project.task", "sale_line_id"):
        return tasks
    fields = ("project_id", "sale_line_id", "parent_id", *calls.having("project.task", "allocated_hours"))
    for row in calls.of_company("project.task", fields, ["sale_line_id", "!=", False]):
        record = record_of(row, TaskRecord, f"{calls.source}: task #{row['id']}")
        if isinstance(record, TaskRecord) and record.sale_line_id and not record.parent_id:
            tasks.setdefault(record.sale_line_id.id, []).append(record)
    return tasks


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """What products are booked as, and the class of each tax."""

    services: Mapping[int, str]
    classes: Mapping[int, str]

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> _Catalogue:
        services: dict[int, str] = {}
        for row in calls.of_company("product.product", ("name", "default_code", "categ_id"), ["sale_ok", "=", True]):
            record = record_of(row, ProductRecord, f"{calls.source}: product #{row['id']}")
            if isinstance(record, ProductRecord):
                services[record.id] = _service(record, settings.service_by)
        rows = calls.of_company("account.tax", ("name",)) if settings.vat_classes else ()
        return cls(services, {row["id"]: settings.vat_classes.get(str(row.get("name")), "") for row in rows})

    def vat_class(self, taxes: Sequence[int]) -> str:
        return next(filter(None, (self.classes.get(tax) for tax in taxes)), "standard")


def _service(product: ProductRecord, by: ServiceBy) -> str:
    """Return what the product is booked as; of a category 'All / Services' the last part."""
    if by is ServiceBy.CODE:
        return product.default_code
    if by is ServiceBy.NAME:
        return product.name
    return product.categ_id.name.rpartition(" / ")[2] if product.categ_id else ""


@dataclass(frozen=True, slots=True)
class _Reader:
    card: RateCard
    settings: Settings
    zone: tzinfo
    catalogue: _Catalogue
    lines: Mapping[int, Sequence[LineRecord | Problem]]
    tasks: Mapping[int, Sequence[TaskRecord]]

    def take(self, record: OrderRecord) -> Iterator[Problem]:
        """Take the order as an offer if all its lines are good; yield what is wrong with a confirmed one."""
        if record.partner_id:
            self.card.customers.add(record.partner_id.id)
        key = str(record.id) if self.settings.offer_id is OfferIdBy.ID else record.name
        place, state = f"{self.card.projects.source}: order {key}", _STATES[record.state]
        project = self._project_of(record)
        if project is None:
            if state is OfferState.ACCEPTED:
                message = "a confirmed order of no project that is read, or of several"
                yield Problem("UnknownProject", message, place, "choose the project in the order")
            return
        currency = record.currency_id.name if record.currency_id else ""
        sheet = Sheet(key, self.card.projects.ids[project], currency, self.settings.units)
        found = list(self._sold(record.id, sheet, place))
        problems = [each for each in found if isinstance(each, Problem)]
        if state is OfferState.ACCEPTED:  # of all others nothing is billed
            yield from problems
        if not problems:
            sold = [each for each in found if isinstance(each, Sold)]
            self.card.sold |= {each.line.id: each for each in sold}
            self.card.told.append(self._offer(record, sheet, [each.position for each in sold], place))

    def _offer(self, record: OrderRecord, sheet: Sheet, positions: Sequence[Position], place: str) -> Offer:
        state = _STATES[record.state]
        accepted = local_day(record.date_order, self.zone) if state is OfferState.ACCEPTED else None
        return Offer(
            id=sheet.offer,
            project=sheet.project,
            state=state,
            positions=tuple(positions),
            label=record.client_order_ref or record.name,
            accepted_on=accepted,
            origin=place,
        )

    def _project_of(self, record: OrderRecord) -> int | None:
        """Return Odoo's number of the order's project, else of the one its lines and their tasks belong to."""
        known = self.card.projects.ids.keys()
        if record.project_id:
            return record.project_id.id if record.project_id.id in known else None
        good = [each for each in self.lines.get(record.id, ()) if isinstance(each, LineRecord)]
        links = [line.project_id for line in good]
        links += [task.project_id for line in good for task in self.tasks.get(line.id, ())]
        found = {link.id for link in links if link} & known
        return found.pop() if len(found) == 1 else None

    def _sold(self, order: int, sheet: Sheet, place: str) -> Iterator[Sold | Problem]:
        """Yield the lines that are sold as positions; sections, notes, down payments and expenses are none."""
        lines = self.lines.get(order, ())
        yield from (each for each in lines if isinstance(each, Problem))
        category, count = "", 0
        good = (each for each in lines if isinstance(each, LineRecord))
        for line in sorted(good, key=lambda each: (each.sequence, each.id)):
            if line.display_type in SECTIONS and self.settings.category_by is CategoryBy.SECTION:
                category = line.name.partition("\n")[0]
            if line.display_type or line.is_downpayment or line.is_expense:
                continue
            count += 1
            line_place = f"{place} line {count}"
            try:
                yield Sold(position_of(line, sheet, self._around(line, count, category), line_place), line)
            except NotationError as error:
                yield Problem("BadPosition", error.message, line_place, error.hint)

    def _around(self, line: LineRecord, count: int, category: str) -> Around:
        hours = sum((task.allocated_hours for task in self.tasks.get(line.id, ())), Decimal(0))
        return Around(
            id=str(line.id if self.settings.position_id is PositionIdBy.ID else count),
            category=category,
            service=self.catalogue.services.get(line.product_id.id, "") if line.product_id else "",
            vat_class=self.catalogue.vat_class(line.taxes),
            planned_seconds=seconds_of_hours(hours) if hours > 0 else None,
        )
