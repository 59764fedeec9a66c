"""Sales as offers, their lines as positions, and the tasks that came of them (modules sale, sale_project_task)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connector.core.notation import NotationError, one_of
from connector.core.offer import Offer, OfferState
from connector.core.problems import Problem
from connector.sources.tryton.calls import Calls
from connector.sources.tryton.card import Card, Sold
from connector.sources.tryton.positions import Priced, Sheet, planned, position_of, service_of, units_of
from connector.sources.tryton.records import LineRecord, LineType, SaleRecord, SaleState, WorkRecord, record_of
from connector.sources.tryton.settings import CategoryBy, IdBy, Settings, TasksBy
from connector.sources.tryton.values import referred
from connector.sources.tryton.works import Works

FIELDS = ("number", "description", "state", "sale_date", "party", "currency.code")

LINE_FIELDS = (
    "sale", "sequence", "type", "summary", "quantity", "unit.symbol", "unit_price", "product.template.name",
    "product.account_category.name", "taxes.name",
)  # fmt: skip

_STATES = {
    SaleState.DRAFT: OfferState.DRAFT,
    SaleState.QUOTATION: OfferState.SENT,
    SaleState.CONFIRMED: OfferState.ACCEPTED,
    SaleState.PROCESSING: OfferState.ACCEPTED,
    SaleState.DONE: OfferState.ACCEPTED,
    SaleState.CANCELLED: OfferState.LOST,
}


def read(calls: Calls, works: Works, settings: Settings) -> Card:
    """Return the sales of the company as offers; ConfigError for a module or field that the instance lacks."""
    calls.need("sale.line", "quantity", "sale")
    if settings.tasks_by is TasksBy.ORIGIN:
        calls.need("sale.line", "tasks", "sale_project_task")
    named = (settings.sale_project,) if settings.sale_project else ()
    for name in named:
        calls.need("sale.sale", name, "")
    reader = _Reader(Card(works), settings, _lines(calls), _tasks(works))
    for row in calls.of_company("sale.sale", (*FIELDS, *named)):
        record = record_of(row, SaleRecord, f"{calls.source}: sale #{row['id']}")
        reader.card.told += [record] if isinstance(record, Problem) else reader.take(record)
    return reader.card


def _lines(calls: Calls) -> dict[int, list[LineRecord | Problem]]:
    """Return the lines by the sale they belong to."""
    lines: dict[int, list[LineRecord | Problem]] = {}
    for row in calls.walk("sale.line", LINE_FIELDS, ["sale.company", "=", calls.company]):
        record = record_of(row, LineRecord, f"{calls.source}: line #{row['id']} of sale #{row.get('sale')}")
        sale = record.sale if isinstance(record, LineRecord) else row.get("sale")
        lines.setdefault(sale if isinstance(sale, int) else 0, []).append(record)
    return lines


def _tasks(works: Works) -> dict[int, list[WorkRecord]]:
    """Return the tasks by the line they came of."""
    tasks: dict[int, list[WorkRecord]] = {}
    for task in works.tasks():
        line = referred(task.origin, "sale.line")
        if line is not None:
            tasks.setdefault(line, []).append(task)
    return tasks


@dataclass(frozen=True, slots=True)
class _Reader:
    card: Card
    settings: Settings
    lines: Mapping[int, Sequence[LineRecord | Problem]]
    tasks: Mapping[int, Sequence[WorkRecord]]

    def take(self, record: SaleRecord) -> Iterator[Problem]:
        """Take the sale as an offer if all its lines are good; yield what is wrong with an accepted one."""
        self.card.customers.add(record.party)
        key = str(record.id) if self.settings.offer_id is IdBy.ID else record.number
        if not key:  # Tryton numbers a sale when it is quoted; before, nothing of it is billed
            return
        place, state = f"{self.card.works.source}: sale {key}", _STATES[record.state]
        project = self._project_of(record)
        if project is None:
            if state is OfferState.ACCEPTED:
                yield self._homeless(record, place)
            return
        sheet = Sheet(key, self.card.works.ids[project], record.currency.code)
        found = list(self._sold(record.id, sheet, project, place))
        problems = [each for each in found if isinstance(each, Problem)]
        if state is OfferState.ACCEPTED:  # of all others nothing is billed
            yield from problems
        if not problems:
            sold = [each for each in found if isinstance(each, Sold)]
            offer = Offer(
                id=key,
                project=sheet.project,
                state=state,
                positions=tuple(each.position for each in sold),
                label=record.description,
                accepted_on=record.sale_date if state is OfferState.ACCEPTED else None,
                origin=place,
            )
            self.card.add(offer, sold)

    def _project_of(self, record: SaleRecord) -> int | None:
        """Return Tryton's number of the project that the sale names, else of the one in which its tasks lie."""
        works = self.card.works
        if self.settings.sale_project:
            named = getattr(record, self.settings.sale_project)
            return works.project_of(named) if isinstance(named, int) else works.called(str(named or ""))
        tasks = [task for line in self._good(record.id) for task in self.tasks.get(line.id, ())]
        found = {works.project_of(task.id) for task in tasks} - {None}
        return found.pop() if len(found) == 1 else None

    def _homeless(self, record: SaleRecord, place: str) -> Problem:
        if name := self.settings.sale_project:
            message = f"an accepted sale whose {name!r} names no project: {getattr(record, name)!r}"
            return Problem("UnknownProject", message, place, "write the number of the project into it")
        message = "an accepted sale whose tasks lie in no project, or in several"
        return Problem("UnknownProject", message, place, "move the tasks that came of it into its project")

    def _good(self, sale: int) -> list[LineRecord]:
        return sorted((each for each in self.lines.get(sale, ()) if isinstance(each, LineRecord)), key=LineRecord.order)

    def _sold(self, sale: int, sheet: Sheet, project: int, place: str) -> Iterator[Sold | Problem]:
        """Yield the lines with a price as positions; titles, subtotals and comments are none."""
        yield from (each for each in self.lines.get(sale, ()) if isinstance(each, Problem))
        category, count = "", 0
        for line in self._good(sale):
            if line.type is LineType.TITLE and self.settings.category_by is CategoryBy.TITLE:
                category = line.summary
            if line.type is not LineType.LINE:
                continue
            count += 1
            line_place = f"{place} line {count}"
            try:
                tasks = self._tasks_of(line, project)
                position = position_of(self._priced(line, count, category, tasks), sheet, line_place)
                yield Sold(position, tasks, line.id)
            except NotationError as error:
                yield Problem("BadPosition", error.message, line_place, error.hint)

    def _priced(self, line: LineRecord, count: int, category: str, tasks: Sequence[WorkRecord]) -> Priced:
        classes = [self.settings.vat_classes[tax.name] for tax in line.taxes if tax.name in self.settings.vat_classes]
        return Priced(
            id=str(line.id if self.settings.position_id is IdBy.ID else count),
            label=line.summary,
            category=category,
            quantity=line.quantity,
            unit=one_of(units_of(self.settings), line.unit.symbol if line.unit else ""),
            unit_price=line.unit_price,
            service=service_of(line.product),
            vat_class=next(iter(classes), "standard"),
            planned_seconds=planned(tasks),
        )

    def _tasks_of(self, line: LineRecord, project: int) -> Sequence[WorkRecord]:
        if self.settings.tasks_by is TasksBy.ORIGIN:
            return self.tasks.get(line.id, ())
        if self.settings.tasks_by is TasksBy.NONE:
            return ()
        works = self.card.works
        return [task for task in works.tasks() if task.name == line.summary and works.project_of(task.id) == project]
