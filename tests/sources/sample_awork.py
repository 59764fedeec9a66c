"""An awork workspace with data in it, for the contract of sources: a customer, a project, tasks and time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from connector.sources.awork import Awork, Settings, build
from tests.sources.awork_agency import settings_for
from tests.standins import awork
from tests.support.direct import Direct


def workspace() -> awork.Awork:
    """Return a workspace with a project of two tasks, one of them done in March, and five entries."""
    api = awork.api()
    api.add_field(awork.POSITION_FIELD)
    number = {"type": "custom", "label": awork.NUMBER, "value": "10001"}
    project = api.add_project("RELAUNCH", "Relaunch", api.add_company("Müller & Söhne GmbH", [number]))
    status = {"type": "done", "name": "Fertig"}
    task = api.add_task(project, "Konzept", "A-1/1", taskStatus=status, closedOn="2026-03-05T12:00:00.1234567Z")
    api.moment = datetime(2026, 3, 1, 8, tzinfo=UTC)
    api.add_task(project, "Abnahme", "A-1/1")
    api.add_entry(date(2026, 1, 31), 3600, project)
    api.add_entry(date(2026, 2, 1), 3600, project, task)
    api.add_entry(date(2026, 2, 10), 5400, project, task, **awork.times(date(2026, 2, 10), time(0, 10), 5400))
    api.add_entry(date(2026, 3, 31), 100, project, task, **awork.running(date(2026, 3, 31), time(9)))
    api.add_entry(date(2026, 4, 1), 3600, project)
    return api


def sample() -> Awork:
    """Return the source of the stand-in."""
    settings = Settings.model_validate(settings_for("http://localhost:1") | {"progress": "tasks"})
    return build(settings, Direct("awork", workspace()))
