from __future__ import annotations

from datetime import date

import pytest

from connector.core.errors import TimedOut
from connector.store import Store, open_store
from connector.store.schema import cursors, entries, pulls, records
from connector.store.sources import LastPull
from tests.core.builders import JANUARY, party, project, reading, time_entry
from tests.store.world import Clock, rows


def _pull_everything(store: Store) -> None:
    with store.sources.pull("redmine") as pull:
        pull.replace("customers", [party("K1"), party("K2")])
        pull.replace("metrics", [])
        pull.sync_entries(JANUARY, [time_entry()])
        pull.set_cursor("entries_until", "2026-01-31")


def test_pull_is_kept_as_a_whole(store: Store) -> None:
    """Records, entries and cursor of one source appear together, when the pull ends."""
    with store.sources.pull("redmine") as pull:
        pull.replace("customers", [party()])
        pull.sync_entries(JANUARY, [time_entry()])
        pull.set_cursor("entries_until", "2026-01-31")
        assert rows(store, records) == rows(store, entries) == rows(store, cursors) == rows(store, pulls) == []
    assert [len(rows(store, table)) for table in (records, entries, cursors, pulls)] == [1, 1, 1, 2]


def test_pull_that_fails_leaves_no_trace(store: Store) -> None:
    """A source that stops answering in the middle changes nothing."""
    _pull_everything(store)
    before = [rows(store, table) for table in (records, entries, cursors, pulls)]

    def stop_halfway() -> None:
        with store.sources.pull("redmine") as pull:
            pull.replace("customers", [])
            pull.sync_entries(JANUARY, [])
            pull.set_cursor("entries_until", "2026-02-28")
            message = "no answer"
            raise TimedOut(message)

    with pytest.raises(TimedOut):
        stop_halfway()
    assert [rows(store, table) for table in (records, entries, cursors, pulls)] == before


def test_slow_source_keeps_nobody_waiting(store: Store) -> None:
    """While one source is still being read, another one can be written."""
    with store.sources.pull("redmine") as slow:
        slow.replace("customers", [party("K1")])
        with store.sources.pull("ledger") as quick:
            quick.replace("customers", [party("K2")])
        assert list(store.collected(["ledger"]).customers()) == ["K2"]
    assert list(store.collected(["redmine"]).customers()) == ["K1"]


def test_kind_is_told_once_in_a_pull(store: Store) -> None:
    """Telling a kind twice in one pull would make the first telling vanish, so it is refused."""
    with store.sources.pull("redmine") as pull:
        pull.replace("projects", [project()])
        pull.sync_entries(JANUARY, [])
        with pytest.raises(ValueError, match="projects were told already"):
            pull.replace("projects", [])
        with pytest.raises(ValueError, match="entries were told already"):
            pull.sync_entries(JANUARY, [])
    assert len(rows(store, records)) == 1


def test_projects_that_are_gone_with_their_time_are_told(store: Store) -> None:
    """Not one that is gone alone, nor time that is gone alone, nor what was moved or lies outside the window."""
    with store.sources.pull("redmine") as pull:
        assert pull.vanished_projects() == {}
        pull.replace("projects", [project(name) for name in ("GONE", "MOVED", "OLD", "HERE")])
        assert pull.vanished_projects() == {}
        before = {"T1": "GONE", "T2": "GONE", "T3": "MOVED", "T4": "HERE"}
        told = [time_entry(number, project=name) for number, name in before.items()]
        pull.sync_entries(JANUARY, [*told, time_entry("T5", project="OLD", day=date(2025, 12, 1))])
    with store.sources.pull("ledger") as pull:
        pull.replace("projects", [])
        pull.sync_entries(JANUARY, [])
        assert pull.vanished_projects() == {}
    with store.sources.pull("redmine") as pull:
        pull.replace("projects", [project("HERE")])
        pull.sync_entries(JANUARY, [time_entry("T3", project="HERE")])
        assert pull.vanished_projects() == {"GONE": 2}


def test_a_pull_knows_what_was_read_before(store: Store) -> None:
    """Readings of the same source up to a day, though their time is being read again already."""
    early, late = reading(on=date(2026, 1, 10)), reading(on=date(2026, 2, 10))
    for source, told in {"redmine": [early, late], "ledger": [reading(on=date(2026, 1, 9))]}.items():
        with store.sources.pull(source) as pull:
            pull.replace("readings", told)
    with store.sources.pull("redmine") as pull:
        pull.replace("readings", iter(pull.readings(JANUARY.last_day)), JANUARY.last_day)
    assert store.collected(["redmine"]).readings(late.on) == (early, late)


def test_cursor_is_remembered_by_source_and_name(store: Store) -> None:
    """A cursor is '' until it is set, and then what it was set to last."""
    assert store.sources.cursor("redmine", "entries_until") == ""
    _pull_everything(store)
    with store.sources.pull("redmine") as pull:
        pull.set_cursor("entries_until", "2026-02-28")
        pull.set_cursor("issues_until", "7")
    assert store.sources.cursor("redmine", "entries_until") == "2026-02-28"
    assert store.sources.cursor("redmine", "issues_until") == "7"
    assert store.sources.cursor("ledger", "entries_until") == ""


def test_last_pulls_say_what_came_when(store: Store, clock: Clock, url: str) -> None:
    """The status of a tenant shows what each source told last, and when; other tenants are not in it."""
    _pull_everything(store)
    first = clock.moment
    with store.sources.pull("redmine") as pull:
        pull.replace("customers", [])
    assert store.sources.last_pulls() == (
        LastPull("redmine", "customers", 0, clock.moment),
        LastPull("redmine", "entries", 1, first),
        LastPull("redmine", "metrics", 0, first),
    )
    with open_store(url, "other") as other:
        assert other.sources.last_pulls() == ()
