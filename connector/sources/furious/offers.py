"""Proposals with their rate cards, and addenda, as offers.

An offer with a faulty line is withheld: shares would be taken of the wrong total. Faults of an offer that was not
accepted are only noticed, because nothing of it is billed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from connector.core.notation import NotationError
from connector.core.offer import Offer, Position
from connector.core.problems import Problem, Severity
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.discounts import all_discounted, differing_total
from connector.sources.furious.heads import Head, addendum_of, head_of
from connector.sources.furious.positions import position_of, whole_of
from connector.sources.furious.projects import Projects
from connector.sources.furious.settings import AddendumFields, Settings
from connector.sources.furious.values import Row, link

PROPOSAL, ADDENDUM = "proposal", "addendum"

HeadKey = tuple[str, str]
"""PROPOSAL or ADDENDUM, and the id in Furious."""


@dataclass(slots=True)
class RateCards:
    """The offers that were read; `keys` leads from the id of a line to the key of its position."""

    settings: Settings
    heads: dict[HeadKey, Head] = field(default_factory=dict)
    positions: dict[HeadKey, dict[str, Position]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    left_out: set[HeadKey] = field(default_factory=set)
    incomplete: set[HeadKey] = field(default_factory=set)
    unreadable: bool = False
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, projects: Projects, settings: Settings) -> RateCards:
        """Return the rate cards of all proposals and addenda."""
        cards = cls(settings)
        cards._read_proposals(calls, projects)
        cards._read_addenda(calls)
        cards._read_lines(calls)
        return cards

    def offers(self, planned: Mapping[str, int]) -> Iterator[Offer | Problem]:
        """Yield the problems, then every offer whose lines are all good; `planned` seconds by the keys of positions."""
        yield from self.problems
        for key, head in self.heads.items():
            if key in self.incomplete or self.unreadable:
                continue
            bare = list(self.positions.get(key, {}).values())
            try:
                positions = all_discounted(head, bare, self.settings.discount_is)
            except NotationError as error:
                severity = Severity.HOLD if head.accepted else Severity.NOTICE
                yield Problem("BadOffer", error.message, head.origin, error.hint, severity)
                continue
            differs = differing_total(head, bare, positions)
            if differs:
                yield differs
                if differs.holds:
                    continue
            yield _offer(head, [replace(each, planned_seconds=planned.get(each.key)) for each in positions])

    def _read_proposals(self, calls: Calls, projects: Projects) -> None:
        search = resources.proposals(self.settings).search
        for row in self._rows(calls.walk(search)):
            place = calls.place(search.resource, row["id"])
            key = (PROPOSAL, str(row["id"]))
            try:
                if head := head_of(row, projects, self.settings, place):
                    self._take(key, head)
                else:
                    self.left_out.add(key)
            except NotationError as error:
                self._refuse("BadOffer", key, error, place)

    def _read_addenda(self, calls: Calls) -> None:
        fields = self.settings.addendum
        if fields is None:
            return
        search = resources.addenda(fields).search
        for row in self._rows(calls.walk(search)):
            place = calls.place(search.resource, row[fields.key])
            key = (ADDENDUM, str(row[fields.key]))
            try:
                self._add_addendum(row, key, (PROPOSAL, link(row, fields.proposal)), fields, place)
            except NotationError as error:
                self._refuse("BadOffer", key, error, place)

    def _add_addendum(self, row: Row, key: HeadKey, amended: HeadKey, fields: AddendumFields, place: str) -> None:
        if amended in self.heads:
            self._take(key, addendum_of(row, self.heads[amended], fields, place))
        elif amended in self.left_out | self.incomplete:
            self.left_out.add(key)
        else:
            raise NotationError(amended[1], f"{fields.proposal} leads to no proposal", "correct it in Furious")

    def _read_lines(self, calls: Calls) -> None:
        search = resources.lines(self.settings).search
        for row in self._rows(calls.walk(search)):
            self._add_line(row, calls.place(search.resource, row["id"]))
        for key, head in self.heads.items():
            if head.amends and not self.settings.line.addendum:
                self._add_whole(key, head)

    def _add_line(self, row: Row, place: str) -> None:
        fields = self.settings.line
        try:
            addendum = link(row, fields.addendum)
            key = (ADDENDUM, addendum) if addendum else (PROPOSAL, link(row, fields.proposal))
        except NotationError as error:
            self.problems.append(Problem("BadPosition", error.message, place, error.hint))
            return
        if key in self.left_out or (key in self.incomplete and key not in self.heads):
            return
        try:
            self._add_position(row, key, place)
        except NotationError as error:
            self._refuse("BadPosition", key, error, place)

    def _add_position(self, row: Row, key: HeadKey, place: str) -> None:
        head = self.heads.get(key)
        if head is None:
            raise NotationError(key[1], f"its {key[0]} was not read", "the line is left out")
        position = position_of(row, head, self.settings, place)
        known = self.positions.setdefault(key, {})
        if position.id in known:
            raise NotationError(position.id, "two lines of an offer have this number", "correct one of them")
        known[position.id] = position
        self.keys[str(row["id"])] = position.key

    def _add_whole(self, key: HeadKey, head: Head) -> None:
        """Make the addendum one position, because its lines cannot be told from those of the proposal."""
        try:
            position = whole_of(head, self.settings)
        except NotationError as error:
            self._refuse("BadPosition", key, error, head.origin)
            return
        self.positions[key] = {position.id: position}

    def _take(self, key: HeadKey, head: Head) -> None:
        if head.id in self.numbers:
            raise NotationError(head.id, "two offers have this number", "correct one of them")
        self.numbers.add(head.id)
        self.heads[key] = head

    def _refuse(self, code: str, key: HeadKey, error: NotationError, place: str) -> None:
        """Keep the problem; it only informs where nothing is billed: the offer was not accepted, or is not there."""
        head = self.heads.get(key)
        harmless = code == "BadPosition" and not (head and head.accepted)
        severity = Severity.NOTICE if harmless else Severity.HOLD
        self.problems.append(Problem(code, error.message, place, error.hint, severity))
        self.incomplete.add(key)

    def _rows(self, found: Iterator[Row | Problem]) -> Iterator[Row]:
        for row in found:
            if isinstance(row, Problem):
                self.problems.append(row)
                self.unreadable = True
            else:
                yield row


def _offer(head: Head, positions: Sequence[Position]) -> Offer:
    return Offer(
        id=head.id,
        project=head.project,
        state=head.state,
        positions=tuple(positions),
        label=head.label,
        accepted_on=head.accepted_on,
        amends=head.amends,
        origin=head.origin,
    )
