"""What the agency is paid, written back into Furious: from the documents of a month to the invoice people look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.store.slots import Slots
from tests.sources.furious_stories import WRITE_BACK
from tests.standins import furious
from tests.standins.agency import example_agency
from tests.standins.server import serving
from tests.support.commands import honorar
from tests.support.keyed_tenant import as_toml
from tests.support.tool_tenant import KEY, tenant_of


@pytest.fixture
def api() -> furious.Furious:
    """Return Furious with the example agency in it."""
    api = furious.api()
    furious.fill(api, example_agency())
    return api


@pytest.fixture
def agency(api: furious.Furious, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the example's tenant, read from Furious and telling it what was paid, after January was billed."""
    monkeypatch.setattr(Slots, "reserve", lambda *_: 0)
    folder = tmp_path / "agency"
    with serving(api) as standin:
        monkeypatch.setenv(KEY, tenant_of(folder, "furious", standin.url))
        connector = folder / "connector.toml"
        told = f'type = "furious"\nwrite_back = {as_toml(WRITE_BACK)}\n'
        connector.write_text(connector.read_text("utf-8").replace('type = "furious"\n', told, 1), "utf-8")
        yield folder


def test_a_payment_and_its_return_arrive_in_furious(agency: Path, api: furious.Furious) -> None:
    """The invoice people made there carries the number; the documents without one are told of and hold nothing."""
    ran = honorar("--config", agency, "--json", "run", "--as-of", "2026-01-31").json
    number, other = (each["number"] for each in ran["documents"][:2])
    api.add("stand-alone-invoice", cf_rechnungsnummer=number, statut="1")
    row = api.tables["stand-alone-invoice"][0]

    honorar("--config", agency, "paid", number, "--on", "2026-02-10")
    settled = honorar("--config", agency, "settle")
    assert (row["statut"], row["payment_date"]) == ("3", "2026-02-10"), settled
    assert f"{other}" in settled.out
    assert settled.code == 0

    honorar("--config", agency, "unpaid", number, "--reason", "bank")
    honorar("--config", agency, "settle")
    assert (row["statut"], row["payment_date"]) == ("1", None)
