"""A Kimai with data in it, for the contract of sources: a customer, a project with a budget, and time."""

from __future__ import annotations

from datetime import datetime

from connector.sources.kimai import Kimai, Settings, build
from tests.sources.kimai_agency import settings_for
from tests.standins import kimai
from tests.standins.kimai import BERLIN, NOT_APPROVED
from tests.support.direct import Direct


def instance() -> kimai.Kimai:
    """Return an instance with a project at a budget of 20 hours, and five records of time."""
    api = kimai.api()
    address = "Müller & Söhne GmbH\r\nAm Fluss 1\r\n01067 Dresden"
    more = {"company": "Müller & Söhne GmbH", "vatId": "DE 811111115", "address": address}
    customer = api.add_customer("10001", "Müller", **more)
    project = api.add_project("RELAUNCH", "Relaunch", customer, budget=2400, timeBudget=72_000, start="2026-01-05")
    api.add_time(datetime(2026, 1, 31, 23, 30, tzinfo=BERLIN), 3600, project)
    api.add_time(datetime(2026, 2, 1, 0, 20, tzinfo=BERLIN), 5400, project, "Konzept [A-1/1]", description="Aufbau")
    api.add_time(datetime(2026, 2, 10, 9, tzinfo=BERLIN), 1200, project, billable=False, tags=[NOT_APPROVED])
    api.add_time(datetime(2026, 3, 31, 9, tzinfo=BERLIN), 0, project, end=None)
    api.add_time(datetime(2026, 4, 1, 0, 10, tzinfo=BERLIN), 3600, project)
    return api


def sample() -> Kimai:
    """Return the source of the stand-in."""
    settings = settings_for("http://localhost:1") | {"project_id": "number", "offers": ["budgets"]}
    return build(Settings.model_validate(settings), Direct("kimai", instance()))
