"""The rate card: offers, and which task or line of a sale leads to which position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from connector.core.offer import Offer, Position
from connector.core.problems import Problem
from connector.sources.tryton.records import WorkRecord
from connector.sources.tryton.works import Works


@dataclass(frozen=True, slots=True)
class Sold:
    """A position, the tasks that tell how far it is, and Tryton's number of its line where it is one of a sale."""

    position: Position
    tasks: Sequence[WorkRecord]
    line: int | None = None


@dataclass(slots=True)
class Card:
    """Offers and what is wrong with others; what was sold, by the sale's line and by the task.

    `customers` are the parties that something was sold to.
    """

    works: Works
    told: list[Offer | Problem] = field(default_factory=list)
    customers: set[int] = field(default_factory=set)
    sold: list[Sold] = field(default_factory=list)
    lines: dict[int, Position] = field(default_factory=dict)
    positions: dict[int, Position] = field(default_factory=dict)

    def add(self, offer: Offer, sold: Sequence[Sold]) -> None:
        """Take an offer and what was sold with it."""
        self.told.append(offer)
        self.sold += sold
        for each in sold:
            self.positions |= dict.fromkeys((task.id for task in each.tasks), each.position)
            if each.line is not None:
                self.lines[each.line] = each.position

    def position_of(self, number: int) -> str:
        """Return the key of the position that the task leads to, or the nearest task it is a part of; '' for none."""
        found = (self.positions.get(each.id) for each in self.works.upwards(number))
        return next((position.key for position in found if position), "")
