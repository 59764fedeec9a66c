"""MOCO's offers with their items: what is sold, and which positions a title leads to.

The list of offers comes without items, and every offer costs a call of its own. So only accepted ones are asked for
their items, once per state of their row in the list; the others are told without positions, for they are not billed
(domain 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from connector.core.errors import NotFound
from connector.core.notation import NotationError
from connector.core.offer import Offer, OfferState, Position
from connector.core.problems import Problem
from connector.sources.moco.calls import Calls, Row
from connector.sources.moco.positions import Around, Sheet, discount_of, label_of, position_of
from connector.sources.moco.projects import Projects
from connector.sources.moco.records import (
    ItemRecord,
    ItemsRecord,
    ItemType,
    OfferRecord,
    OfferStatus,
    RecurringRecord,
    keyed,
    record_of,
)
from connector.sources.moco.settings import CategoryBy, PositionIdBy, Settings

Subject = tuple[int, str]
"""A title within a project of MOCO's number: how items, tasks and expenses find each other."""

_STATES = {
    OfferStatus.CREATED: OfferState.DRAFT,
    OfferStatus.SENT: OfferState.SENT,
    OfferStatus.ACCEPTED: OfferState.ACCEPTED,
    OfferStatus.PARTIALLY_BILLED: OfferState.ACCEPTED,
    OfferStatus.BILLED: OfferState.ACCEPTED,
}


@dataclass(slots=True)
class RateCard:
    """The offers, and the positions of accepted ones by project and title.

    `recurring` are the expenses that repeat, `listed` the offers as the list told them, by their number.
    """

    calls: Calls
    projects: Projects
    settings: Settings
    recurring: dict[Subject, list[RecurringRecord]] = field(default_factory=dict)
    listed: dict[int, Row] = field(default_factory=dict)
    told: list[Offer | Problem] = field(default_factory=list)
    titled: dict[Subject, list[Position]] = field(default_factory=dict)

    @classmethod
    def read(cls, calls: Calls, projects: Projects, settings: Settings) -> RateCard:
        """Return all offers and the recurring expenses of all projects."""
        card = cls(calls, projects, settings)
        for row in calls.rows("/recurring_expenses"):
            record = record_of(row, RecurringRecord, f"{calls.source}: recurring expense #{row['id']}")
            if isinstance(record, Problem):
                card.told.append(record)
            else:
                card.recurring.setdefault((record.project.id, record.title), []).append(record)
        card.listed = {row["id"]: row for row in calls.rows("/offers")}
        for found in keyed(card.listed.values(), OfferRecord, settings.offer_id, f"{calls.source}: offer"):
            card.told += [found] if isinstance(found, Problem) else card._offer(*found)
        return card

    def _offer(self, key: str, record: OfferRecord) -> Iterator[Offer | Problem]:
        place = f"{self.calls.source}: offer {key}"
        state = state_of(record)
        number = self._project_of(record)
        if number is None:
            if state is OfferState.ACCEPTED:
                message = "an accepted offer of no project that is read"
                yield Problem("UnknownProject", message, place, "assign it to its project in MOCO")
            return
        try:
            sheet = self._sheet(key, record, number)
            found = list(self._positions(record.id, sheet, number, place)) if state is OfferState.ACCEPTED else []
        except NotFound:  # it was deleted since the list was read
            return
        except NotationError as error:
            if state is OfferState.ACCEPTED:  # of all others nothing is billed
                yield Problem("BadPosition", error.message, place, error.hint)
            return
        problems = [each for each in found if isinstance(each, Problem)]
        yield from problems
        if not problems:
            positions = tuple(each for each in found if isinstance(each, Position))
            self._index(number, positions)
            yield Offer(
                id=key,
                project=sheet.project,
                state=state,
                positions=positions,
                label=record.title,
                accepted_on=_accepted_on(record) if state is OfferState.ACCEPTED else None,
                amends=record.text(self.settings.offer.amends),
                origin=place,
            )

    def _project_of(self, record: OfferRecord) -> int | None:
        """Return MOCO's number of the offer's project, else of the one that came of its deal."""
        if record.project is not None:
            return record.project.id if record.project.id in self.projects.records else None
        return self.projects.of_deal(record.deal.id) if record.deal else None

    def _sheet(self, key: str, record: OfferRecord, number: int) -> Sheet:
        project = self.projects.records[number]
        if record.currency != project.currency:
            fault = f"its project is in {project.currency}, but the offer in"
            raise NotationError(record.currency, fault, "make an offer in the currency of its project")
        return Sheet(
            offer=key,
            project=self.projects.ids[number],
            currency=record.currency,
            discount=discount_of(record.discount),
            units=self.settings.units,
            vat_classes=self.settings.vat_classes,
        )

    def _positions(self, offer: int, sheet: Sheet, number: int, place: str) -> Iterator[Position | Problem]:
        """Yield the offer's items as positions; titles, comments, subtotals and page breaks are none."""
        record = record_of(self.calls.one("/offers", self.listed[offer]), ItemsRecord, place)
        if isinstance(record, Problem):
            yield record
            return
        category, count = "", 0
        for item in record.items:
            if item.type is ItemType.TITLE and self.settings.category_by is CategoryBy.TITLE:
                category = item.title
            if item.type is not ItemType.ITEM:
                continue
            count += 1
            item_place = f"{place} item #{item.id}"
            try:
                key = str(count) if self.settings.position_id is PositionIdBy.NUMBER else str(item.id)
                yield position_of(item, sheet, self._around(item, key, category, number), item_place)
            except NotationError as error:
                yield Problem("BadPosition", error.message, item_place, error.hint)

    def _around(self, item: ItemRecord, key: str, category: str, number: int) -> Around:
        title = label_of(item)
        repeated = self.recurring.get((number, title), [])
        start, end = (repeated[0].start_date, repeated[0].finish_date) if len(repeated) == 1 else (None, None)
        return Around(key, category, start, end, self.projects.planned_seconds(number, title))

    def _index(self, number: int, positions: Sequence[Position]) -> None:
        for position in positions:
            if position.billable:
                self.titled.setdefault((number, position.label), []).append(position)


def state_of(record: OfferRecord) -> OfferState:
    """Return where the offer stands; an archived one was accepted if an order confirmation was made of it."""
    if record.status is OfferStatus.ARCHIVED:
        return OfferState.ACCEPTED if record.offer_confirmation else OfferState.LOST
    return _STATES[record.status]


def _accepted_on(record: OfferRecord) -> date | None:
    return record.offer_confirmation.date if record.offer_confirmation else None
