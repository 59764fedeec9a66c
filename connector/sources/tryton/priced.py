"""Projects as offers, the tasks in them that have a price as positions (modules project_revenue, project_invoice)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from connector.core.money import rounded
from connector.core.notation import NotationError
from connector.core.offer import Offer, OfferState, ProjectBilling
from connector.core.problems import Problem
from connector.core.quantity import QUANTITY_DECIMALS, SECONDS_PER_HOUR, Unit
from connector.sources.tryton.calls import Calls
from connector.sources.tryton.card import Card, Sold
from connector.sources.tryton.positions import Priced, Sheet, position_of, service_of
from connector.sources.tryton.records import WorkRecord, WorkType
from connector.sources.tryton.settings import CategoryBy, IdBy, Settings
from connector.sources.tryton.works import Works, billing_of

TIME = frozenset({"s", "min", "h", "d"})
"""Symbols of Tryton's units of time: the price of such a product is that of an hour, whatever its unit."""


def read(calls: Calls, works: Works, settings: Settings) -> Card:
    """Return the projects that have tasks with a price as offers; ConfigError where the instance has no prices."""
    calls.need("project.work", "list_price", "project_revenue")
    reader, by_project = _Reader(Card(works), settings), dict[int, list[WorkRecord]]()
    for task in works.tasks():
        project = works.project_of(task.id)
        if project is not None and task.list_price and not _is_rate(task, works.records[project]):
            by_project.setdefault(project, []).append(task)
    for project, tasks in by_project.items():
        reader.card.told += reader.take(project, tasks)
    return reader.card


def _is_rate(task: WorkRecord, project: WorkRecord) -> bool:
    """Tell whether the price is what an hour costs, in a project that is billed by time."""
    return billing_of(project) is ProjectBilling.TIME_AND_MATERIALS and _by_hours(task)


def _by_hours(task: WorkRecord) -> bool:
    unit = task.product.default_uom if task.product else None
    return unit is not None and unit.symbol in TIME


@dataclass(frozen=True, slots=True)
class _Reader:
    card: Card
    settings: Settings

    def take(self, project: int, tasks: list[WorkRecord]) -> Iterator[Problem]:
        """Take the project as an offer if all its tasks are good; yield what is wrong with them."""
        works = self.card.works
        key = works.ids[project]
        found = list(self._sold(key, tasks))
        problems = [each for each in found if isinstance(each, Problem)]
        yield from problems
        if not problems:
            sold = [each for each in found if isinstance(each, Sold)]
            positions = tuple(each.position for each in sold)
            label, place = works.records[project].name, works.place(project)
            self.card.add(Offer(key, key, OfferState.ACCEPTED, positions, label, origin=place), sold)

    def _sold(self, key: str, tasks: list[WorkRecord]) -> Iterator[Sold | Problem]:
        for task in tasks:
            place = self.card.works.place(task.id)
            try:
                currency = task.currency.code if task.currency else ""
                yield Sold(position_of(self._priced(task), Sheet(key, key, currency), place), [task])
            except NotationError as error:
                yield Problem("BadPosition", error.message, place, error.hint)

    def _priced(self, task: WorkRecord) -> Priced:
        by_hours = _by_hours(task)
        if by_hours and not task.effort_duration:
            raise NotationError(task.name, "a price by the hour without an effort", "plan the effort of the task")
        number = str(task.id) if self.settings.position_id is IdBy.ID else task.number
        if not number:
            raise NotationError(task.name, "a task without a number", 'let the settings call it by "id"')
        return Priced(
            id=number,
            label=task.name,
            category=self._category(task),
            # Tryton multiplies by unrounded hours; what is printed must be what is priced (domain 1.6).
            quantity=rounded(Fraction(task.effort_duration or 0, SECONDS_PER_HOUR), QUANTITY_DECIMALS)
            if by_hours
            else Decimal(1),
            unit=Unit.HOUR if by_hours else Unit.FLAT,
            unit_price=task.list_price,
            service=service_of(task.product),
            planned_seconds=task.effort_duration or None,
        )

    def _category(self, task: WorkRecord) -> str:
        above = self.card.works.records.get(task.parent or 0)
        if self.settings.category_by is CategoryBy.NONE or above is None or above.type is not WorkType.TASK:
            return ""
        return above.name
