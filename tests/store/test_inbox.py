from __future__ import annotations

import hashlib

import pytest

from connector.core.errors import NotFound
from connector.core.ports import Inbox
from connector.store import Store, open_store
from connector.store.schema import inbox, payloads
from tests.store.world import TENANT, Clock, rows

_PAGE = b'{"time_entries": []}' * 100
_DIGEST = hashlib.sha256(_PAGE).hexdigest()


def test_payload_comes_back_byte_for_byte(store: Store) -> None:
    """What came in can be looked at later, exactly as it came; it is kept compressed."""
    store.inbox.keep("redmine", "/time_entries.json?page=1", _PAGE)
    assert store.inbox.read(_DIGEST) == _PAGE
    (kept,) = rows(store, payloads)
    assert kept["size"] == len(_PAGE) > len(kept["body"])


def test_what_is_known_is_kept_once(store: Store) -> None:
    """The same answer from the same place is only known; from another place it is known there as well."""
    for place in ("page=1", "page=1", "page=2"):
        store.inbox.keep("redmine", place, _PAGE)
    assert [(arrival.place, arrival.size) for arrival in store.inbox.arrivals("redmine")] == [
        ("page=1", len(_PAGE)),
        ("page=2", len(_PAGE)),
    ]
    assert len(rows(store, payloads)) == 1


def test_arrivals_are_told_by_source_oldest_first(store: Store, clock: Clock) -> None:
    """A source's arrivals say when each content first came."""
    began = clock.moment
    store.inbox.keep("redmine", "page=2", b"second page")
    store.inbox.keep("redmine", "page=1", b"first page")
    store.inbox.keep("ledger", "time.csv", b"")
    places = [(arrival.source, arrival.place) for arrival in store.inbox.arrivals("redmine")]
    assert places == [("redmine", "page=2"), ("redmine", "page=1")]
    assert all(arrival.arrived_at > began for arrival in store.inbox.arrivals("redmine"))
    assert store.inbox.read(hashlib.sha256(b"").hexdigest()) == b""


def test_unknown_payload_is_named(store: Store) -> None:
    """Asking for what never came is answered with the hash."""
    with pytest.raises(NotFound, match=_DIGEST):
        store.inbox.read(_DIGEST)


def test_tenants_do_not_see_each_others_payloads(store: Store, url: str) -> None:
    """Another tenant's inbox in the same store is closed."""
    store.inbox.keep("redmine", "page=1", _PAGE)
    with open_store(url, "other") as other:
        assert list(other.inbox.arrivals("redmine")) == []
        with pytest.raises(NotFound):
            other.inbox.read(_DIGEST)
        other.inbox.keep("redmine", "page=1", _PAGE)
    assert {row["tenant"] for row in rows(store, inbox)} == {TENANT, "other"}


def test_inbox_is_what_adapters_are_given(store: Store) -> None:
    """The store's inbox fits the port."""
    port: Inbox = store.inbox
    port.keep("ledger", "offers.csv", b"id;label\n")
    assert len(rows(store, inbox)) == 1


def test_payload_stays_though_its_pull_fails(store: Store) -> None:
    """What a source answered can be looked at even if nothing of it was taken over."""

    def fail_after_reading() -> None:
        with store.sources.pull("redmine"):
            store.inbox.keep("redmine", "page=1", _PAGE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_reading()
    assert store.inbox.read(_DIGEST) == _PAGE


def test_the_newest_payload_of_a_place_is_found(store: Store) -> None:
    """Of this source and tenant; None where nothing came from there."""
    for place, payload in (("offer 1", b"first"), ("offer 1", b"second"), ("offer 2", b"other")):
        store.inbox.keep("moco", place, payload)
    store.inbox.keep("redmine", "offer 1", b"third")
    assert store.inbox.last("moco", "offer 1") == b"second"
    assert store.inbox.last("moco", "offer 3") is None


def test_tenants_do_not_find_each_others_payloads(store: Store, url: str) -> None:
    """The same source and place in another tenant is another one."""
    store.inbox.keep("moco", "offer 1", b"first")
    with open_store(url, "other") as other:
        assert other.inbox.last("moco", "offer 1") is None
