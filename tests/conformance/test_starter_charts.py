"""The accounts of the starter charts, held against the collected facts.

They lie in ../shared, or where HONORAR_SHARED says; without them these tests are skipped, in CI they fail.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.conformance

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def facts() -> Path:
    """Return the facts about accounts; without them the test is skipped, in CI it fails."""
    shared = Path(os.environ.get("HONORAR_SHARED") or ROOT / ".." / "shared")
    file = shared / "facts" / "datev" / "skr_accounts.json"
    if not file.is_file():
        message = f"no facts about accounts in {file.parent}; set HONORAR_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return file


@pytest.mark.parametrize("chart", ["03", "04"])
def test_starter_accounts_are_those_of_the_facts(facts: Path, chart: str) -> None:
    """Account and automatic function as collected; 'sourced' only where a source confirms both."""
    accounts = {each[f"skr{chart}"]: each for each in json.loads(facts.read_text(encoding="utf-8"))["revenue"]}
    text = (ROOT / "config" / f"mapping-skr{chart}.toml").read_text(encoding="utf-8")
    rules = re.findall(r'account = "(\d+)"  # (.*)\nautomatic = (\w+)', text)
    assert rules
    for account, origin, automatic in rules:
        assert automatic == str(accounts[account]["auto"]).lower()
        assert (origin == "sourced") == accounts[account]["auto_sure"]
    assert set(accounts) == set(re.findall(r"\b[48]\d{3}\b", text))
