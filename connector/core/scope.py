"""Which positions an agreement bills: accepted offers of its project and subprojects (domain 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from connector.core.agreement import Agreement
from connector.core.offer import Offer, OfferState, Position, Project
from connector.core.problems import Problem
from connector.core.progress import project_chain


class Scope:
    """The accepted offers by project, prepared once for all agreements."""

    def __init__(self, offers: Iterable[Offer], projects: Mapping[str, Project]) -> None:
        """Sort the accepted offers: in the order of acceptance, then by id."""
        accepted = [offer for offer in offers if offer.state is OfferState.ACCEPTED]
        self._by_project: dict[str, list[Offer]] = {}
        for offer in sorted(accepted, key=lambda offer: (offer.accepted_on or date.max, offer.id)):
            for project in project_chain(offer.project, projects):
                self._by_project.setdefault(project, []).append(offer)

    def positions(self, agreement: Agreement) -> list[Position]:
        """Return the billable positions of the agreement, in the order they were offered."""
        offers = self._by_project.get(agreement.project, [])
        chosen = [offer for offer in offers if not agreement.offers or offer.id in agreement.offers]
        return [position for offer in chosen for position in offer.positions if position.billable]


def claimed_twice(claims: Iterable[tuple[Agreement, Sequence[Position]]]) -> list[Problem]:
    """Return a problem for every agreement with a position that another one bills as well, or that it has twice."""
    first: dict[str, Agreement] = {}
    further: dict[str, list[Agreement]] = {}
    for agreement, positions in claims:
        for position in positions:
            if position.key in first:
                further.setdefault(position.key, []).append(agreement)
            else:
                first[position.key] = agreement
    return [problem for key, others in further.items() for problem in _claimed(key, [first[key], *others])]


def _claimed(key: str, claimants: Sequence[Agreement]) -> list[Problem]:
    by_id = {claimant.id: claimant for claimant in claimants}
    code, message, hint = (
        "PositionInTwoAgreements",
        f"position {key} is billed by more than one agreement: {', '.join(by_id)}",
        "name the offers of each agreement so that none is billed twice",
    )
    if len(by_id) == 1:
        code, message, hint = "PositionTwice", f"there are two positions {key}", "give each position its own id"
    return [Problem(code, message, claimant.place, hint, agreement=claimant.id) for claimant in by_id.values()]
