"""What became of an invoice stands in a real Redmine: in a field of its project, and as private notes on its issues."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.redmine_server import RedmineServer
from tests.e2e.test_main_path import CONNECTOR, MAPPING, honorar

WRITE_BACK = 'write_back = {{ project_field = "Belege", notes = true }}\n\n[sink]'

AGREEMENTS = """\
[[agreement]]
id = "board"
kind = "progress"
customer = "D-77"
project = "board"
progress = "manual"
instalments = "partial_supply"
"""

JANUARY = ("--as-of", "2026-01-31")


def write_tenant(folder: Path, server: RedmineServer) -> None:
    """Write the tenant's configuration, with both places to write to."""
    told = CONNECTOR.replace('"chain"', '"board"').replace("[sink]", WRITE_BACK)
    (folder / "connector.toml").write_text(told.format(url=server.url), "utf-8")
    (folder / "agreements.toml").write_text(AGREEMENTS, "utf-8")
    (folder / "mapping.toml").write_text(MAPPING, "utf-8")


def notes(server: RedmineServer, issue: int) -> list[tuple[str, bool]]:
    """Return the notes on the issue, and whether they are private."""
    journals = server.call("GET", f"/issues/{issue}.json", include="journals")["issue"]["journals"]
    return [(each["notes"], each["private_notes"]) for each in journals if each["notes"]]


def documents(server: RedmineServer, project: int) -> list[str]:
    """Return the lines of the project's field."""
    fields: list[dict[str, Any]] = server.call("GET", f"/projects/{project}.json")["project"]["custom_fields"]
    (value,) = (each["value"] for each in fields if each["name"] == "Belege")
    return str(value).splitlines()


@pytest.fixture
def tenant(tmp_path: Path) -> Path:
    """Give the folder of a tenant."""
    folder = tmp_path / "tenant"
    folder.mkdir()
    return folder


def test_a_project_manager_reads_what_was_paid(redmine: RedmineServer, tenant: Path) -> None:
    """Told once per change, whatever is typed again; the customer's people see no amounts."""
    customer = {"Kundennummer": "D-77", "Kundenname": "Kette & Söhne GmbH", "Land": "DE"}
    project = redmine.add_project("board", "Tafel", fields=customer)
    issue = redmine.add_issue(project, "Konzept", fields={"Festpreis": "1000"})
    redmine.date_issue(issue, "2026-01-02")
    redmine.set_done_ratio(issue, 100, on="2026-01-20")
    write_tenant(tenant, redmine)
    key = redmine.api_key
    handed_over = "RE-2026-0001 vom 31.01.2026 über 1.190,00 EUR: 1.190,00 EUR offen, fällig am 14.02.2026"
    paid = "RE-2026-0001 vom 31.01.2026 über 1.190,00 EUR: bezahlt am 10.02.2026"

    assert honorar(tenant, key, "check") == (0, {"problems": []})
    code, first = honorar(tenant, key, "run", *JANUARY)
    assert (code, first["written"]) == (0, ["redmine: project board", f"redmine: issue #{issue}"])
    assert documents(redmine, project) == [handed_over]
    assert notes(redmine, issue) == [(handed_over, True)]

    assert honorar(tenant, key, "run", *JANUARY)[1]["written"] == []
    honorar(tenant, key, "paid", "RE-2026-0001", "--on", "2026-02-10")
    assert len(honorar(tenant, key, "settle")[1]["written"]) == 2
    assert documents(redmine, project) == [paid]
    assert notes(redmine, issue) == [(handed_over, True), (paid, True)]

    code, pulled = honorar(tenant, key, "pull", *JANUARY)
    assert (code, pulled["problems"]) == (0, [])
