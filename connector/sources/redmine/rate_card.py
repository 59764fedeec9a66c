"""All issues of one reading: the positions among them, their offers, and the tree they hang in.

Issues below a position belong to it: their time counts for the nearest position above. What stands in Redmine counts as
accepted, because Redmine knows no offers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from connector.core.notation import NotationError
from connector.core.offer import Offer, OfferState, Position
from connector.core.problems import Problem
from connector.sources.redmine.calls import Calls
from connector.sources.redmine.positions import OfferHead, head_of, is_priced, position_of
from connector.sources.redmine.projects import Projects
from connector.sources.redmine.records import IssueRecord, record_of
from connector.sources.redmine.settings import Settings


@dataclass(frozen=True, slots=True)
class PricedIssue:
    """An issue and the position it is."""

    issue: IssueRecord
    position: Position


@dataclass(slots=True)
class RateCard:
    """Positions by issue, offers by name, and problems.

    `named` has the keys of positions by top project and what people call them: key, number, label.
    `parents` has every issue that was read, with the number of the issue above it, 0 for none. An offer with a faulty
    position is `incomplete` and not delivered: shares would be taken of the wrong total.
    """

    source: str
    projects: Projects
    settings: Settings
    priced: dict[int, PricedIssue] = field(default_factory=dict)
    heads: dict[str, OfferHead] = field(default_factory=dict)
    named: dict[tuple[int, str], set[str]] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)
    unreadable: bool = False
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, projects: Projects, settings: Settings) -> RateCard:
        """Return the rate card of the projects; open and closed issues alike."""
        card = cls(calls.source, projects, settings)
        for scope in projects.scopes:
            for row in calls.walk("issues", {**scope, "status_id": "*"}):
                card.add(record_of(row, IssueRecord, card.place(row["id"])))
        return card

    def place(self, issue: int) -> str:
        """Return how the issue is named in messages."""
        return f"{self.source}: issue #{issue}"

    def add(self, issue: IssueRecord | Problem) -> None:
        """Take the issue in; as a position if it is priced."""
        if isinstance(issue, Problem):
            self.problems.append(issue)
            self.unreadable = True
            return
        self.parents[issue.id] = issue.parent.id if issue.parent else 0
        if is_priced(issue, self.settings.position):
            try:
                self._add_position(issue)
            except NotationError as error:
                self.problems.append(Problem("BadPosition", error.message, self.place(issue.id), error.hint))

    def _add_position(self, issue: IssueRecord) -> None:
        project = self.projects.records.get(issue.project.id)
        if project is None:
            self.problems.append(self.projects.not_read(self.place(issue.id)))
            return
        top = self.projects.top_of(project)
        head = head_of(issue, top, self.settings)
        try:
            self._take(head)
            position = position_of(issue, head, self.settings, self.place(issue.id))
        except NotationError:
            self.incomplete.add(head.id)
            raise
        self.priced[issue.id] = PricedIssue(issue, position)
        for name in (position.key, position.id, f"#{position.id}", position.label):
            self.named.setdefault((top.id, name), set()).add(position.key)

    def _take(self, head: OfferHead) -> None:
        known = self.heads.setdefault(head.id, head)
        if known.project != head.project:
            fault = f"projects {known.project} and {head.project} both have an offer of this name"
            raise NotationError(head.id, fault, "rename one of them")

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield the problems of all issues, then every offer whose positions are all good."""
        yield from self.problems
        by_offer: dict[str, list[Position]] = {}
        for each in self.priced.values():
            by_offer.setdefault(each.position.offer, []).append(each.position)
        for head in self.heads.values():
            if head.id not in self.incomplete and not self.unreadable:
                positions = tuple(by_offer[head.id])
                place = f"{self.source}: offer {head.id}"
                yield Offer(head.id, head.project, OfferState.ACCEPTED, positions, head.label, origin=place)

    def key_above(self, issue: int) -> str:
        """Return the key of the position that the issue is or belongs to, '' for none."""
        seen: set[int] = set()
        while issue and issue not in seen:
            if issue in self.priced:
                return self.priced[issue].position.key
            seen.add(issue)
            issue = self.parents.get(issue, 0)
        return ""

    def key_named(self, name: str, project: int) -> str:
        """Return the key of the one position that is called so in the whole of the project, '' for none or several."""
        keys = self.named.get((self.projects.top_of(self.projects.records[project]).id, name), set())
        return next(iter(keys)) if len(keys) == 1 else ""
