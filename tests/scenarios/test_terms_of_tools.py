"""What MOCO states of retainers, and what the agency agreed on: `honorar check` holds the two together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.store.slots import Slots
from tests.standins import moco
from tests.standins.server import serving
from tests.support.commands import honorar
from tests.support.keyed_tenant import source_api
from tests.support.tool_tenant import KEY, tenant_of

WRITTEN = {
    "id": '"hosting"',
    "overage": '{ rule = "bill_now", price = 130 }',
    "fee": "500",
    "instalments": '"partial_supply"',
}
"""What a person writes into the places that the tool says nothing of."""


@pytest.fixture
def api() -> moco.Moco:
    """Return MOCO with the example agency in it; its retainer of 2,400 is one of 2,300 there."""
    told: Any = source_api("moco")
    project = next(each for each in told.lists["/projects"] if each["identifier"] == "PORTAL-26")
    project |= {"retainer": True, "budget_monthly": 2300, "start_date": "2026-01-01", "finish_date": "2099-12-31"}
    api: moco.Moco = told
    return api


@pytest.fixture
def agency(api: moco.Moco, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the example's tenant, read from MOCO."""
    monkeypatch.setattr(Slots, "reserve", lambda *_: 0)
    with serving(api) as standin:
        monkeypatch.setenv(KEY, tenant_of(tmp_path / "agency", "moco", standin.url))
        yield tmp_path / "agency"


def notices(agency: Path) -> list[dict[str, Any]]:
    """Return what the check tells; nothing of it holds anything."""
    checked = honorar("--config", agency, "--json", "check")
    assert checked.code == 0, checked.err
    found: list[dict[str, Any]] = checked.json["problems"]
    return found


def test_a_difference_names_both_values_and_where_they_stand(agency: Path) -> None:
    """Nothing is billed by MOCO's."""
    [notice] = notices(agency)
    assert (notice["code"], notice["place"]) == ("TermsDiffer", "moco: project PORTAL-26")
    assert re.search(
        r"agreement care \(\S*agreements\.toml:\d+\): budget 2300\.00 EUR, agreed 2400\.00 EUR", notice["message"]
    )


def test_what_nobody_agreed_on_comes_with_the_agreement_to_write(agency: Path, api: moco.Moco) -> None:
    """Written as it is shown, with the gaps filled, it is what MOCO says."""
    project = next(each for each in api.lists["/projects"] if each["identifier"] == "BRAND-26")
    there = {"id": project["id"], "name": project["name"]}
    api.add("/recurring_expenses", title="Hosting", project=there, price=29, unit_price=29, start_date="2026-01-01")
    [hosting] = [each for each in notices(agency) if each["code"] == "TermsNotAgreed"]
    table = hosting["hint"].partition("\n")[2]
    filled = re.sub(r"^(\w+) =  #.*$", lambda line: f"{line[1]} = {WRITTEN[line[1]]}", table, flags=re.MULTILINE)
    agreements = agency / "agreements.toml"
    agreements.write_text(f"{agreements.read_text('utf-8')}\n{filled}\n", "utf-8")
    assert [each["code"] for each in notices(agency)] == ["TermsDiffer"]
