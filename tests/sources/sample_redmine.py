"""A Redmine with data in it, for the contract of sources: the stand-in with a customer, an offer, progress and time."""

from __future__ import annotations

from connector.sources.redmine import Redmine
from tests.sources.redmine_world import source
from tests.standins.redmine import StandIn, entry, issue, project

CUSTOMER = {"Kundennummer": "10001", "Kundenname": "A", "Land": "DE", "USt-IdNr": "", "Abrechnungsart": "Festpreis"}
POSITION = {"Festpreis": "5000", "Stundensatz": "", "Menge": "", "Einheit": ""}
ENTRY = {"Abrechenbar": "1", "Angebotsposition": ""}


def sample() -> Redmine:
    """Return the source of the stand-in."""
    standin = StandIn(
        projects=[project(1, "relaunch", **CUSTOMER), project(2, "relaunch-web", 1)],
        issues=[
            issue(1, POSITION, done_ratio=40, updated_on="2026-03-05T12:00:00Z"),
            issue(2, POSITION, project={"id": 2, "name": "Web"}),
        ],
        time_entries=[
            entry(1, ENTRY, spent_on="2026-01-31"),
            entry(2, ENTRY, spent_on="2026-02-01", issue={"id": 1}),
            entry(3, ENTRY, spent_on="2026-03-31", issue={"id": 2}),
            entry(4, ENTRY, spent_on="2026-04-01"),
        ],
    )
    return source(standin, "relaunch")
