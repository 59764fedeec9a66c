"""What operators type where an answer was lost and accounting cannot be searched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.core.ports import Capabilities
from connector.sinks.lexware import Lexware
from tests.sinks.lexware.tenant import KEY_VARIABLE, lexware_tenant
from tests.sinks.lexware.world import KEY
from tests.standins import Fault, Standin, lexware, serving
from tests.support.commands import Ran, honorar

DONE, HELD, REFUSED = 0, 1, 3


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """Yield an organisation of which a foreign sink finds nothing by our reference."""
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    monkeypatch.setattr("connector.store.slots.Slots.reserve", lambda *_: 0)
    monkeypatch.setattr(Lexware, "capabilities", property(lambda _: Capabilities(numbers=True, currency="EUR")))
    with serving(lexware.api(bucket=None)) as running:
        yield running


def typed(folder: Path, *command: str) -> Ran:
    """Return what the command says."""
    return honorar("--config", folder, "--user", "Anna", *command)


@pytest.fixture
def folder(standin: Standin, tmp_path: Path) -> Path:
    """Return a tenant of whose two invoices the first one's answer was lost, after it had arrived."""
    made = lexware_tenant(tmp_path / "agency", standin.url)
    standin.fail(Fault.ANSWER_LOST, lambda asked: asked.method == "POST" and asked.path == "/v1/invoices")
    ran = typed(made, "run", "--as-of", "2026-01-31")
    assert (ran.code, ran.out.count("DeliveryUndecided")) == (HELD, 1)
    assert len(standin.api.documents) == 2
    return made


def test_what_was_found_is_taken_over(folder: Path, standin: Standin) -> None:
    """Under the id it has there; it is numbered from then on, and nothing was sent twice."""
    there = next(iter(standin.api.documents))
    ran = typed(folder, "accept", "E_0001", "--there", there, "--reason", "seen there")
    assert (ran.code, standin.api.documents[there]["voucherNumber"] in ran.out) == (DONE, True)
    assert typed(folder, "push").code == DONE
    assert len(standin.api.documents) == 2
    again = typed(folder, "accept", "E_0001", "--there", there, "--reason", "seen there")
    assert (again.code, "there is no lost answer of lexware to decide" in again.err) == (REFUSED, True)


def test_what_was_not_found_is_sent_again(folder: Path, standin: Standin) -> None:
    """Once a person has looked; until then no run sends it."""
    assert typed(folder, "push").code == HELD
    del standin.api.documents[next(iter(standin.api.documents))]
    assert typed(folder, "push", "--again", "E_0001").code == DONE
    assert typed(folder, "push").code == DONE
    assert len(standin.api.documents) == 2
