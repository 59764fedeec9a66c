"""A run from progress to sevDesk and back: what is given back reduces the invoice that billed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standins import Standin, serving, sevdesk
from tests.support.commands import Ran, honorar
from tests.support.keyed_tenant import sink_tenant
from tests.support.small_tenant import write_ledger

JANUARY, FEBRUARY = "2026-01-31", "2026-02-28"

LESS = """\
date;project;position;share
31.01.2026;WEB;A1/1;100 %
31.01.2026;WEB;A1/2;1 von 3
28.02.2026;WEB;A1/2;1 von 4
"""


@pytest.fixture
def account() -> Iterator[Standin]:
    """Yield an empty account."""
    with serving(sevdesk.api()) as standin:
        yield standin


@pytest.fixture
def folder(account: Standin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a tenant that hands over to the account, and credits what goes back."""
    made = tmp_path / "agency"
    for name, value in sink_tenant(made, "sevdesk", account.url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("connector.store.slots.Slots.reserve", lambda *_: 0)
    agreements, progress = made / "agreements.toml", 'progress = "manual"'
    told = agreements.read_text(encoding="utf-8")
    agreements.write_text(told.replace(progress, f'{progress}\non_decrease = "credit"', 1), encoding="utf-8")
    return made


def typed(folder: Path, *command: str) -> Ran:
    """Return what the command says."""
    return honorar("--config", folder, *command, "--json")


def test_less_progress_becomes_a_credit_note_on_its_invoice(folder: Path, account: Standin) -> None:
    """833.33 net less than in January; settled and reconciled like any other document."""
    assert typed(folder, "run", "--as-of", JANUARY).code == 0
    write_ledger(folder, "progress", LESS)
    (billed,) = (each for each in typed(folder, "run", "--as-of", FEBRUARY).json["documents"] if each["net"][0] == "-")
    assert (billed["kind"], billed["net"], billed["gross"]) == ("credit_note", "-833.33", "-991.66")

    (credit,) = account.api.credit_notes.rows.values()
    origin = account.api.invoices[credit["refSrcInvoice"]["id"]]
    assert (credit["status"], credit["creditNoteNumber"], credit["sumGross"]) == ("200", "GU-1001", "991.66")
    assert (origin["sumNet"], origin["addressName"]) == ("8333.33", "Möwe GmbH")

    items = typed(folder, "documents", "--open", "--as-of", FEBRUARY).json["items"]
    assert [each["open"] for each in items if each["number"] == "GU-1001"] == ["-991.66"]
    reconciled = typed(folder, "reconcile", "--as-of", FEBRUARY)
    assert (reconciled.code, reconciled.json["problems"]) == (0, [])
