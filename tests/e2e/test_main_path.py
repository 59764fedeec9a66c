"""The whole way through real programs: Redmine is filled, pulled, changed, pulled again, billed and exported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.datev.read import records_of
from tests.e2e.redmine_server import RedmineServer

CONNECTOR = """\
[tenant]
id = "e2e"
name = "Agentur im Test"
time_zone = "Europe/Berlin"

[seller]
name = "Agentur im Test GmbH"
country = "DE"
vat_id = "DE811111173"

[defaults]
payment_days = 14
approval = "auto"
number_format = "RE-{{year}}-{{number:04}}"

[[source]]
name = "redmine"
type = "redmine"
url = "{url}"
api_key = {{ env = "REDMINE_TEST_KEY" }}
projects = ["chain"]
customer = {{ number = "Kundennummer", name = "Kundenname", country = "Land" }}
position = {{ fixed_price = "Festpreis", unit_price = "Stundensatz", quantity = "Menge", unit = "Einheit" }}

[sink]
type = "datev"
consultant_number = 1001
client_number = 1
chart = "03"
"""

AGREEMENTS = """\
[[agreement]]
id = "chain"
kind = "progress"
customer = "D-77"
project = "chain"
progress = "manual"
instalments = "partial_supply"

[agreement.progress_by_position]
"chain/{effort}" = "effort"
"""

MAPPING = """\
[[vat]]
country = "DE"
category = "S"
rate = "19"

[[debtor]]
customer = "D-77"
account = "10077"

[[revenue]]
vat_category = "S"
rate = "19"
account = "8400"
automatic = true

[texts]
booking = "{number} {customer}"
"""


def honorar(tenant: Path, key: str, *words: str) -> tuple[int, Any]:
    """Run a command as a user would; return its exit code and the JSON it printed."""
    command = [str(Path(sys.executable).with_name("honorar")), *words, "--config", str(tenant), "--json"]
    environment = {**os.environ, "REDMINE_TEST_KEY": key}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert "Traceback" not in ended.stderr, ended.stderr
    return ended.returncode, json.loads(ended.stdout)


@pytest.fixture
def tenant(tmp_path: Path) -> Path:
    """Give the folder of a tenant; its files are written once the issue numbers are known."""
    folder = tmp_path / "tenant"
    folder.mkdir()
    return folder


def write_tenant(folder: Path, server: RedmineServer, effort: int) -> None:
    """Write the tenant's configuration."""
    (folder / "connector.toml").write_text(CONNECTOR.format(url=server.url), "utf-8")
    (folder / "agreements.toml").write_text(AGREEMENTS.format(effort=effort), "utf-8")
    (folder / "mapping.toml").write_text(MAPPING, "utf-8")


def gross_sums(files: list[str]) -> list[Decimal]:
    """Return the gross amounts of the Buchungsstapel files, row by row."""
    batches = [Path(file) for file in files if "Buchungsstapel" in file]
    return [Decimal(cells[0].replace(",", ".")) for batch in batches for cells in records_of(batch)]


def test_from_redmine_to_datev(redmine: RedmineServer, tenant: Path) -> None:
    """Time and progress are billed to the cent; an edited and a deleted entry count as they are now; none doubles."""
    customer = {"Kundennummer": "D-77", "Kundenname": "Kette & Söhne GmbH", "Land": "DE"}
    project = redmine.add_project("chain", "Kette", fields=customer)
    concept = redmine.add_issue(project, "Konzept", fields={"Festpreis": "5000"})
    effort = redmine.add_issue(
        project, "Umsetzung", fields={"Stundensatz": "100", "Menge": "40", "Einheit": "h"}, estimated_hours=40
    )
    for issue in (concept, effort):
        redmine.date_issue(issue, "2026-01-02")
    redmine.set_done_ratio(concept, 33, on="2026-01-20")
    edited, deleted = (redmine.add_entry("2026-01-15", "4", issue=effort) for _ in range(2))
    write_tenant(tenant, redmine, effort)
    key = redmine.api_key

    assert honorar(tenant, key, "check") == (0, {"problems": []})
    code, pulled = honorar(tenant, key, "pull", "--as-of", "2026-01-31")
    assert (code, pulled["sources"][0]["changes"]["entries"]) == (0, {"added": 2, "edited": 0, "deleted": 0})

    redmine.edit_entry(edited, hours="10")
    redmine.delete_entry(deleted)
    code, pulled = honorar(tenant, key, "pull", "--as-of", "2026-01-31")
    assert (code, pulled["sources"][0]["changes"]["entries"]) == (0, {"added": 0, "edited": 1, "deleted": 1})

    code, plan = honorar(tenant, key, "plan", "--as-of", "2026-01-31")
    [document] = plan["documents"]
    assert [(line["position"], line["net"]) for line in document["lines"]] == [
        (f"chain/{concept}", "1650.00"),
        (f"chain/{effort}", "1000.00"),
    ]
    assert (document["net"], document["gross"], plan["problems"]) == ("2650.00", "3153.50", [])

    code, first = honorar(tenant, key, "run", "--as-of", "2026-01-31")
    assert (code, [each["number"] for each in first["documents"]]) == (0, ["RE-2026-0001"])
    assert gross_sums(first["files"]) == [Decimal("3153.50")]

    code, again = honorar(tenant, key, "run", "--as-of", "2026-01-31")
    assert (code, again["documents"], again["files"]) == (0, [], [])


def test_a_wrong_key_bills_nothing(redmine: RedmineServer, tenant: Path) -> None:
    """A key that Redmine does not know is refused with exit code 3, though its lists answer 200 and are empty."""
    write_tenant(tenant, redmine, 1)
    code, told = honorar(tenant, "0" * 40, "run", "--as-of", "2026-01-31")
    assert code == 3
    assert "0" * 40 not in json.dumps(told)
    assert honorar(tenant, redmine.api_key, "documents") == (0, {"documents": []})
