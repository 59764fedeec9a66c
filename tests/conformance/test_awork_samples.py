"""Responses of awork that others recorded are read as what they are.

They lie in ../shared, or where HONORAR_SHARED says; without them these tests are skipped, in CI they fail.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connector.core.offer import Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.timesheet import TimeEntry
from connector.sources.awork import Settings, build
from connector.sources.awork.records import TaskRecord, record_of
from tests.standins import awork
from tests.support.direct import Direct

pytestmark = pytest.mark.conformance

DECADE = Period(date(2020, 1, 1), date(2030, 1, 1))


@pytest.fixture(scope="module")
def samples() -> dict[str, Any]:
    """Return the samples by name; without them the test is skipped, in CI it fails."""
    shared = Path(os.environ.get("HONORAR_SHARED") or Path(__file__).parents[2] / ".." / "shared")
    folder = shared / "facts" / "awork" / "samples"
    if not folder.is_dir():
        message = f"no samples of awork in {folder}; set HONORAR_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}


def read(api: awork.Awork) -> Any:  # noqa: ANN401 - the adapter
    """Return the source of the stand-in, customers by awork's id."""
    settings = Settings.model_validate({"api_key": "k", "url": "http://localhost:1/api/v1"})
    return build(settings, Direct("awork", api))


def test_companies_and_projects_are_read(samples: dict[str, Any]) -> None:
    """Keys, names and companies come out; a company may have no contact details at all."""
    companies = [samples["company"], *(each["company"] for each in samples["projects"])]
    source = read(awork.Awork(companies=companies, projects=samples["projects"]))

    assert [each.name for each in source.customers() if isinstance(each, Party)] == ["Acme Inc"] * 3
    assert [(each.id, each.name, each.customer) for each in source.projects() if isinstance(each, Project)] == [
        (each["key"], each["name"], each["companyId"])
        for each in sorted(samples["projects"], key=lambda each: str(each["createdOn"]))
    ]


@pytest.mark.parametrize("name", ["timeEntries", "taskTimeEntries"])
def test_time_entries_are_read(samples: dict[str, Any], name: str) -> None:
    """A start without an end is a running timer; a duration of a stopped one is what lies between, rounded."""
    rows = samples[name]
    found = {each.id: each for each in read(awork.Awork(entries=rows)).entries(DECADE) if isinstance(each, TimeEntry)}

    assert len(found) == len(rows)
    for row in rows:
        entry, running = found[row["id"]], "startTimeUtc" in row and "endTimeUtc" not in row
        assert entry.seconds == (None if running else row["duration"])
        assert entry.day == date.fromisoformat(row["startDateLocal"][:10])
        assert entry.person == f"{row['user']['firstName']} {row['user']['lastName']}"
        assert entry.activity == row["typeOfWork"]["name"]
        assert entry.project == (row.get("project") or {}).get("key", "")


def test_tasks_are_read(samples: dict[str, Any]) -> None:
    """Status, creation and closing are there."""
    records = [record_of(row, TaskRecord, "here") for row in (*samples["projectTasks"], samples["task"])]

    assert [type(each) for each in records] == [TaskRecord] * 3
    assert [(each.task_status.type, each.closed_on is None) for each in records if isinstance(each, TaskRecord)] == [
        ("done", False), ("todo", True), ("todo", False),
    ]  # fmt: skip
