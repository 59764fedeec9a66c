from __future__ import annotations

import getpass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connector.core.errors import ConfigError
from connector.core.ports import BatchSink
from connector.http import Transport
from connector.wiring import Workspace, open_workspace, tenant_folders, workspace
from connector.wiring.workspace import current_user
from tests.support.small_tenant import small_tenant
from tests.wiring import NIGHT


def test_today_is_the_tenants(folder: Path) -> None:
    """In Berlin February has begun, in Lisbon it has not (domain 1.7)."""
    with open_workspace(folder, now=lambda: NIGHT) as space:
        assert space.today() == date(2026, 2, 1)
    text = (folder / "connector.toml").read_text(encoding="utf-8")
    (folder / "connector.toml").write_text(text.replace("Europe/Berlin", "Europe/Lisbon"), encoding="utf-8")
    with open_workspace(folder, now=lambda: NIGHT) as space:
        assert space.today() == date(2026, 1, 31)


def test_the_clock_is_that_of_the_machine_unless_said_otherwise(folder: Path) -> None:
    """In UTC, and the days follow from it."""
    with open_workspace(folder) as space:
        assert abs(space.now() - datetime.now(UTC)) < timedelta(minutes=1)
        assert space.now().tzinfo is UTC


def test_adapters_are_built_once_with_a_door_of_their_own(space: Workspace) -> None:
    """Under their names in the configuration, in the order they are laid over; the sink takes files."""
    assert [source.name for source in space.sources] == ["ledger"]
    assert space.sources is space.sources
    assert isinstance(space.sink, BatchSink)
    assert space.sink is space.sink


def test_a_transport_knows_folder_time_zone_and_inbox(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an adapter reads is kept in the tenant's store, and it shares the slots there."""
    made: list[Transport] = []
    told: dict[str, object] = {}

    def remember(name: str, *rest: object, **named: object) -> Transport:
        told.update(named)
        made.append(Transport(name, *rest, **named))  # type: ignore[arg-type]  # as it is called
        return made[-1]

    monkeypatch.setattr(workspace, "Transport", remember)
    space.__dict__.pop("sources", None)
    [_] = space.sources
    [transport] = made
    transport.read_file("agreements.toml")

    assert (transport.name, transport.folder) == ("ledger", space.tenant.folder)
    assert transport.time_zone == space.tenant.time_zone
    assert told["slots"] is space.store.slots
    assert "agreements.toml" in [arrival.place for arrival in space.store.inbox.arrivals("ledger")]


def test_tenants_are_found_below_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder itself, or those in it; by name if one is wanted, and that from within it too."""
    north = small_tenant(tmp_path / "all" / "north")
    small_tenant(tmp_path / "all" / "south")

    assert [folder.name for folder in tenant_folders(tmp_path / "all")] == ["north", "south"]
    assert tenant_folders(tmp_path / "all", "north") == [north]
    assert tenant_folders(north) == [north]
    monkeypatch.chdir(north)
    assert tenant_folders(Path(), "north") == [north]
    with pytest.raises(ConfigError, match="no tenant 'west' here"):
        tenant_folders(tmp_path / "all", "west")
    with pytest.raises(ConfigError, match="no tenant here"):
        tenant_folders(tmp_path)


@pytest.mark.parametrize(("wrong", "told"), [(1, "1 fault in"), (2, "2 faults in")])
def test_a_faulty_configuration_is_told_with_every_fault(folder: Path, wrong: int, told: str) -> None:
    """And nothing is opened."""
    text = (folder / "connector.toml").read_text(encoding="utf-8")
    text = text.replace('language = "en"', 'language = "fr"')
    text = text.replace("payment_days = 14", "payment_days = -1") if wrong > 1 else text
    (folder / "connector.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=told) as caught, open_workspace(folder):
        pass
    assert len(caught.value.problems) == wrong
    assert not (folder / "data" / "honorar.sqlite").exists()


def test_the_systems_user_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may have none."""
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    assert current_user() == "anna"

    def nobody() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert current_user() == "unknown"
