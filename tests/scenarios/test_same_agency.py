"""The example agency, read from every tool, is billed the same to the cent.

The tenant is the example's in all but its sources. A tool that has no place for something is read together with the
ledger, which then tells only that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.store.slots import Slots
from tests.standins.server import serving
from tests.support.commands import honorar
from tests.support.keyed_tenant import source_api
from tests.support.tool_tenant import KEY, LEDGER_TELLS, tenant_of

MONTHS = ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30")

COMPARED = ("number", "agreement", "customer", "kind", "issue_date", "due_date", "lines", "net", "vat", "gross")


@pytest.fixture(scope="module")
def of_the_ledger(tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    """Return the documents of each month, from the ledger alone."""
    folder = tmp_path_factory.mktemp("ledger") / "agency"
    assert honorar("init", "--example", folder).code == 0
    return billed(folder)


@pytest.fixture(params=LEDGER_TELLS)
def agency(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the tenant that reads the agency from each tool, while its stand-in runs without a limit."""
    monkeypatch.setattr(Slots, "reserve", lambda *_: 0)
    with serving(source_api(request.param)) as standin:
        monkeypatch.setenv(KEY, tenant_of(tmp_path / "agency", request.param, standin.url))
        yield tmp_path / "agency"


def billed(folder: Path) -> list[list[dict[str, Any]]]:
    """Return the documents of six months; each is paid in time, so that final invoices deduct down payments."""
    months = []
    for day in MONTHS:
        ran = honorar("--config", folder, "--json", "run", "--as-of", day).json
        assert all(source["taken"] for source in ran["sources"]), ran
        months.append([{name: document[name] for name in COMPARED} for document in ran["documents"]])
        for document in ran["documents"]:
            if document["kind"] == "partial":
                assert honorar("--config", folder, "paid", document["number"], "--on", day, "--as-of", day).code == 0
    return months


def test_the_same_documents_come_from_every_tool(agency: Path, of_the_ledger: list[list[dict[str, Any]]]) -> None:
    """Number, customer, texts, quantities, prices, service periods, VAT and totals of six months."""
    months = billed(agency)

    for day, ours, expected in zip(MONTHS, months, of_the_ledger, strict=True):
        assert ours == expected, day
    assert sum(map(len, months)) > 20
