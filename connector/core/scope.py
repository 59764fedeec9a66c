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


def claimed_twice(agreements: Sequence[Agreement], scope: Scope) -> list[Problem]:
    """Return a problem for every agreement with a position that another one bills as well."""
    claims: dict[str, list[Agreement]] = {}
    for agreement in agreements:
        for position in scope.positions(agreement):
            claims.setdefault(position.key, []).append(agreement)
    return [
        _claimed(agreement, key, claimants)
        for key, claimants in claims.items()
        if len(claimants) > 1
        for agreement in claimants
    ]


def _claimed(agreement: Agreement, key: str, claimants: Sequence[Agreement]) -> Problem:
    names = ", ".join(claimant.id for claimant in claimants)
    return Problem(
        "PositionInTwoAgreements",
        f"position {key} is billed by more than one agreement: {names}",
        agreement.place,
        "name the offers of each agreement so that none is billed twice",
        agreement=agreement.id,
    )
