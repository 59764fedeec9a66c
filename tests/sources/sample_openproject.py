"""An OpenProject with data in it, for the contract of sources: a project, work packages and time."""

from __future__ import annotations

from datetime import date

from connector.sources.openproject import OpenProject, Settings, build
from tests.sources.openproject_agency import settings_for
from tests.standins import openproject
from tests.standins.openproject import (
    APPROVED,
    BILLABLE,
    BILLING,
    CUSTOMER,
    END,
    ENTRIES,
    KEY,
    PACKAGES,
    POSITION,
    PROJECTS,
    START,
)
from tests.support.direct import Direct


def instance() -> openproject.OpenProject:
    """Return an instance with a project, a work package of a position with another below it, and five entries."""
    api = openproject.api()
    for name in (KEY, CUSTOMER, START, END):
        api.add_field(PROJECTS, name)
    api.add_field(PROJECTS, BILLING, "CustomOption")
    api.add_field(PACKAGES, POSITION)
    api.add_field(ENTRIES, BILLABLE, "Boolean")
    api.add_field(ENTRIES, APPROVED, "Boolean")
    project = api.add_project("relaunch", "Relaunch", {KEY: "RELAUNCH", CUSTOMER: "10001", BILLING: "Festpreis"})
    package = api.add_package(
        project,
        "Konzept",
        {POSITION: "A-1/1"},
        percentageDone=40,
        estimatedTime="P1DT6H",
        updatedAt="2026-03-05T23:30:00Z",
    )
    below = api.add_package(project, "Workshop", parent=package)
    api.add_entry(date(2026, 1, 31), "PT1H", project)
    api.add_entry(date(2026, 2, 1), "PT1H30M", project, package, {BILLABLE: True, APPROVED: True}, comment="Aufbau")
    api.add_entry(date(2026, 2, 10), "PT20M", project, below, {BILLABLE: False, APPROVED: False})
    api.add_entry(date(2026, 3, 31), None, project, ongoing=True)
    api.add_entry(date(2026, 4, 1), "PT1H", project)
    return api


def sample() -> OpenProject:
    """Return the source of the stand-in."""
    settings = Settings.model_validate(settings_for("http://localhost:1") | {"progress": "percent_done"})
    return build(settings, Direct("openproject", instance()))
