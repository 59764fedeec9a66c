"""Offers are asked for their items once, and anew as soon as the list tells that they changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connector.core.offer import Offer
from connector.http import Transport
from connector.sources.moco import Settings, build
from connector.store import Store, open_store
from tests.sources.moco_agency import KEY
from tests.sources.moco_world import Row, World
from tests.standins import Asked, Standin, serving
from tests.support.found import good
from tests.support.transports import NoLimit


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store."""
    with open_store(f"sqlite:///{tmp_path / 'store.db'}", "nordlicht") as opened:
        yield opened


@pytest.fixture
def world() -> World:
    """Return a MOCO with an offer of two items, one with one, and one that is not accepted."""
    world = World()
    world.add_offer("A-1", world.item("Konzept"), world.item("Umsetzung"), net_total=2000)
    world.add_offer("A-2", world.item("Pflege"))
    world.add_offer("A-3", status="sent")
    return world


def pulled(standin: Standin, store: Store) -> list[Offer]:
    """Return the offers as a new process reads them."""
    transport = Transport("moco", Path(), store.inbox, slots=NoLimit())
    return good(build(Settings.model_validate({"url": standin.url, "api_key": KEY}), transport).offers())


def asked_for(world: World) -> list[str]:
    """Return the single offers that were asked for since the last look."""
    paths = [path for path in world.paths() if path.startswith("/offers/")]
    world.asked.clear()
    return paths


def test_what_did_not_change_is_not_asked_for_again(world: World, store: Store) -> None:
    """The second pull costs no call for any offer, and tells the same."""
    with serving(world) as standin:
        first = pulled(standin, store)
        assert len(asked_for(world)) == 2
        assert pulled(standin, store) == first
        assert asked_for(world) == []

    assert [len(each.positions) for each in first] == [2, 1, 0]


@pytest.mark.parametrize(
    "change",
    [{"updated_at": "2026-02-02T10:00:00Z"}, {"net_total": 1500}, {"discount": 10}],
    ids=["a later change", "another total", "another discount"],
)
def test_what_changed_is_asked_for_anew(change: Row, world: World, store: Store) -> None:
    """Whatever the list tells differently, were it without a new date; the others are not."""
    offer = world.api.lists["/offers"][0]
    with serving(world) as standin:
        pulled(standin, store)
        asked_for(world)
        offer["items"].pop()
        offer |= change
        assert [len(each.positions) for each in pulled(standin, store)] == [1, 1, 0]

    assert asked_for(world) == [f"/offers/{offer['id']}"]


def test_what_may_have_changed_again_within_its_second_is_not_kept(world: World, store: Store) -> None:
    """MOCO dates by the second: a change that is no older than the list may be followed by one of the same date."""
    offer = world.api.lists["/offers"][0]
    offer["updated_at"] = "2999-01-01T00:00:00Z"
    with serving(world) as standin:
        for _ in range(2):
            pulled(standin, store)
            assert f"/offers/{offer['id']}" in asked_for(world)


def changed_after_the_list(world: World) -> Callable[[Asked], None]:
    """Return what changes the first offer as soon as the list was read, once."""
    offer = world.api.lists["/offers"][0]

    def change(asked: Asked) -> None:
        if asked.path.endswith("/offers") and len(offer["items"]) > 1:
            offer["items"].pop()
            offer["updated_at"] = "2026-02-02T10:00:00Z"

    return change


def test_an_answer_of_another_version_is_not_kept_for_this_one(world: World, store: Store) -> None:
    """Changed between list and call, the answer counts now; the next list leads to a call of its own."""
    world.after = changed_after_the_list(world)
    with serving(world) as standin:
        assert len(pulled(standin, store)[0].positions) == 1
        assert len(asked_for(world)) == 2
        pulled(standin, store)
        assert len(asked_for(world)) == 1
        pulled(standin, store)

    assert asked_for(world) == []
