"""The example agency as plain values, to fill a stand-in with: a tool tells it in its own words.

A stand-in of a project tool has `fill(api, agency)`; whatever the tool has no place for, it leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from connector import registry
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.readings import Metric, Reading
from connector.core.timesheet import TimeEntry
from tests.support.transports import transport_for

EXAMPLE = Path(__file__).parents[2] / "config"

ALL_DAYS = Period(date(2000, 1, 1), date(2100, 1, 1))


@dataclass(frozen=True)
class Agency:
    """Everything the ledger of the example tenant tells."""

    customers: tuple[Party, ...]
    projects: tuple[Project, ...]
    offers: tuple[Offer, ...]
    readings: tuple[Reading, ...]
    metrics: tuple[Metric, ...]
    entries: tuple[TimeEntry, ...]


def example_agency(folder: Path = EXAMPLE) -> Agency:
    """Return the agency of the tenant in the folder, read by its ledger source; ValueError for a bad row."""
    module = registry.source("ledger")
    ledger = module.build(module.Settings(locale="de"), transport_for("ledger", folder=folder))
    agency = Agency(
        customers=tuple(ledger.customers()),
        projects=tuple(ledger.projects()),
        offers=tuple(ledger.offers()),
        readings=tuple(ledger.readings(date.max)),
        metrics=tuple(ledger.metrics()),
        entries=tuple(ledger.entries(ALL_DAYS)),
    )
    told = [value for each in fields(Agency) for value in getattr(agency, each.name)]
    if problems := [value for value in told if isinstance(value, Problem)]:
        message = f"the example has bad rows: {problems}"
        raise ValueError(message)
    return agency
