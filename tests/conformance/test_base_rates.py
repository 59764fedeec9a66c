"""The base rates in the code, held against the collected facts.

They lie in ../shared, or where HONORAR_SHARED says; without them this test is skipped, in CI it fails.
"""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.core.base_rates import BASE_RATES
from connector.core.interest import BUSINESS_POINTS, CONSUMER_POINTS

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def facts() -> Any:  # noqa: ANN401 - JSON
    """Return the collected rates; without them the test is skipped, in CI it fails."""
    shared = Path(os.environ.get("HONORAR_SHARED") or Path(__file__).parents[2] / ".." / "shared")
    file = shared / "facts" / "legal" / "basiszinssatz.json"
    if not file.is_file():
        message = f"no facts about base rates in {file.parent}; set HONORAR_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return json.loads(file.read_text(encoding="utf-8"))


def test_rates_and_points_are_those_of_the_facts(facts: Any) -> None:  # noqa: ANN401 - JSON
    """Every half-year that is collected, and no later one."""
    told = {date.fromisoformat(each["from"]): Decimal(each["rate"]) for each in facts["rates"]}
    assert {day: BASE_RATES[day] for day in told} == told
    assert (min(BASE_RATES), max(BASE_RATES)) == (min(told), max(told))
    points = facts["surcharge_points"]
    assert (
        Decimal(points["b2b_entgeltforderung"]),
        Decimal(points["consumer_involved"]),
    ) == (BUSINESS_POINTS, CONSUMER_POINTS)
