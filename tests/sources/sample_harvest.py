"""A Harvest account with data in it, for the contract of sources: a client, a project, an estimate and time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from connector.sources.harvest import Harvest, Settings, build
from tests.sources.harvest_agency import ESTIMATES, settings_for
from tests.standins import harvest
from tests.support.direct import Direct


def account() -> harvest.Harvest:
    """Return an account with a fixed-fee project, an estimate of two lines, and five entries."""
    api = harvest.api()
    client = api.add_client("10001 Müller & Söhne GmbH", "Am Fluss 1\r\n01067 Dresden")
    project = api.add_project("RELAUNCH", "Relaunch", client, is_fixed_fee=True, fee=Decimal("9500.50"))
    estimate = api.add_estimate("A-1", client, purchase_order="RELAUNCH", state="accepted", tax=Decimal(19))
    estimate |= {"subject": "Relaunch der Website", "accepted_at": "2026-01-04T23:30:00Z"}
    api.add_line(estimate, 1, Decimal(5000), kind="Pauschale", description="Konzept", taxed=True)
    api.add_line(estimate, Decimal("37.5"), Decimal("120.013333"), kind="Stunden", description="Umsetzung", taxed=True)
    api.add_entry(date(2026, 1, 31), 1, project)
    api.add_entry(date(2026, 2, 1), Decimal("1.50"), project, "Konzept [A-1/53334000]", is_closed=True)
    api.add_entry(date(2026, 2, 10), Decimal("0.33"), project, notes="Abstimmung")
    api.add_entry(date(2026, 3, 31), 0, project, is_running=True, timer_started_at="2026-03-31T08:00:00Z")
    api.add_entry(date(2026, 4, 1), 1, project)
    return api


def sample() -> Harvest:
    """Return the source of the stand-in."""
    settings = Settings.model_validate(settings_for("http://localhost:1") | ESTIMATES)
    return build(settings, Direct("harvest", account()))
