"""The example answers of Harvest's documentation are read as what they are.

They lie in ../shared, or where HONORAR_SHARED says; without them these tests are skipped, in CI they fail.
"""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.core.offer import Project, ProjectBilling
from connector.core.party import Party
from connector.core.period import Period
from connector.core.timesheet import TimeEntry
from connector.sources.harvest import Harvest, Settings, build
from tests.sources.harvest_agency import settings_for
from tests.standins.server import Asked, Said
from tests.support.direct import Direct

pytestmark = pytest.mark.conformance

DECADE = Period(date(2010, 1, 1), date(2030, 1, 1))


class Documented:
    """Answers with the examples, word for word."""

    def __init__(self, samples: dict[str, Any], **instead: Any) -> None:  # noqa: ANN401 - any JSON
        self.answers = {
            "/v2/users/me": {"id": 1},
            "/v2/clients": {"clients": [samples["03_clients_api_01_clients_1"]], "links": {"next": None}},
            "/v2/projects": samples["10_projects_projects_1"],
            "/v2/time_entries": samples["09_timesheets_time_entries_1"],
            **instead,
        }

    def answer(self, asked: Asked) -> Said:
        """Return the example of the path."""
        return Said(200, self.answers[asked.path])


@pytest.fixture(scope="module")
def samples() -> dict[str, Any]:
    """Return the samples by name; without them the test is skipped, in CI it fails."""
    shared = Path(os.environ.get("HONORAR_SHARED") or Path(__file__).parents[2] / ".." / "shared")
    folder = shared / "facts" / "harvest" / "samples"
    if not folder.is_dir():
        message = f"no samples of Harvest in {folder}; set HONORAR_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return {path.stem: json.loads(path.read_text("utf-8"), parse_float=Decimal) for path in folder.glob("*.json")}


def source(api: Documented, **settings: object) -> Harvest:
    """Return the source of the examples."""
    return build(Settings.model_validate(settings_for("http://localhost:1") | settings), Direct("harvest", api))


def test_clients_and_projects_are_read(samples: dict[str, Any]) -> None:
    """Names, codes, dates and billing come out."""
    told = source(Documented(samples), customer_id="id")

    assert [(each.id, each.name, each.address.street) for each in told.customers() if isinstance(each, Party)] == [
        ("5735776", "123 Industries", "123 Main St., Anytown, LA 71223")
    ]
    projects = [each for each in told.projects() if isinstance(each, Project)]
    assert [(each.id, each.customer, each.start, each.billing) for each in projects] == [
        ("OS1", "5735776", date(2017, 6, 1), ProjectBilling.TIME_AND_MATERIALS),
        ("MW", "5735774", date(2017, 1, 1), ProjectBilling.TIME_AND_MATERIALS),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "seconds"), [("as_told", [7596, 4860, 3600, 7200]), ("rounded", [8100, 5400, 3600, 7200])]
)
def test_a_list_of_time_is_read(samples: dict[str, Any], hours: str, seconds: list[int]) -> None:
    """Hours by the setting; all four are closed, one is not billable."""
    found = [each for each in source(Documented(samples), hours=hours).entries(DECADE) if isinstance(each, TimeEntry)]

    assert [each.seconds for each in found] == seconds
    assert [(each.approved, each.billable) for each in found] == [(True, True)] * 2 + [(True, False), (True, True)]


@pytest.mark.parametrize(("number", "seconds"), [(2, 3600), (3, 3600), (4, 3600), (5, 3600), (6, None), (7, 60)])
def test_single_entries_are_read(samples: dict[str, Any], number: int, seconds: int | None) -> None:
    """By duration, by start and end, started, stopped: the sixth is a timer that runs."""
    rows = {"time_entries": [samples[f"09_timesheets_time_entries_{number}"]]}
    [found] = source(Documented(samples, **{"/v2/time_entries": rows})).entries(DECADE)

    assert isinstance(found, TimeEntry)
    assert found.seconds == seconds
