from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.core.errors import StoreError
from connector.core.period import Period
from connector.core.ports import Changes
from connector.core.timesheet import TimeEntry
from connector.store import Store
from connector.store.schema import entries, entry_changes
from tests.core.builders import FEBRUARY, JANUARY, time_entry
from tests.store.world import Clock, rows

_FIRST_HALF = Period(date(2026, 1, 1), date(2026, 1, 16))


def _pull(store: Store, *told: TimeEntry, window: Period = JANUARY, source: str = "redmine") -> Changes:
    with store.sources.pull(source) as pull:
        return pull.sync_entries(window, told)


def _stored(store: Store) -> dict[str, Any]:
    return {row["id"]: row for row in rows(store, entries)}


def test_entry_is_kept_field_by_field(store: Store, clock: Clock) -> None:
    """Sums are made in the database, so every field has its column; a running timer has no seconds."""
    told = replace(time_entry("T1", None, billable=False, approved=False, changed="v1"), origin="page 1")
    assert _pull(store, told) == Changes(added=1)
    (row,) = rows(store, entries)
    assert row["first_seen_at"] == clock.moment
    assert {name: row[name] for name in TimeEntry.__dataclass_fields__} == {
        "id": "T1",
        "project": "WEB",
        "day": date(2026, 1, 15),
        "seconds": None,
        "person": "Jo",
        "activity": "Design",
        "position": "A1/1",
        "text": "Entwurf",
        "billable": False,
        "approved": False,
        "changed": "v1",
        "origin": "page 1",
    }


def test_window_becomes_exactly_what_was_told(store: Store) -> None:
    """New entries are added, changed ones edited, missing ones deleted; told again, nothing happens."""
    _pull(store, time_entry("T1"), time_entry("T2"), time_entry("T3"))
    told = (time_entry("T1"), time_entry("T2", 5400), time_entry("T4"))
    assert _pull(store, *told) == Changes(added=1, edited=1, deleted=1)
    assert _pull(store, *told) == Changes()
    assert {id_: row["seconds"] for id_, row in _stored(store).items()} == {"T1": 3600, "T2": 5400, "T4": 3600}


@pytest.mark.parametrize(
    "change",
    [
        {"project": "APP"},
        {"day": date(2026, 1, 16)},
        {"seconds": 3601},
        {"seconds": None},
        {"person": "Al"},
        {"activity": "Text"},
        {"position": "A1/2"},
        {"text": "Entwurf 2"},
        {"billable": False},
        {"approved": False},
        {"changed": "2026-01-20T10:00:00Z"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_takes_part_in_finding_edits(store: Store, change: dict[str, Any]) -> None:
    """Whatever is changed in the project tool is noticed."""
    _pull(store, time_entry())
    assert _pull(store, replace(time_entry(), **change)) == Changes(edited=1)
    (row,) = rows(store, entries)
    assert {name: row[name] for name in change} == change


def test_entry_read_from_another_place_is_no_edit(store: Store) -> None:
    """A page break that moved changes no entry, yet problems name the new place."""
    _pull(store, replace(time_entry(), origin="page 1"))
    assert _pull(store, replace(time_entry(), origin="page 2")) == Changes()
    assert _stored(store)["T1"]["origin"] == "page 2"
    assert rows(store, entry_changes) == []


def test_entry_told_twice_is_there_once_as_told_last(store: Store) -> None:
    """Pages that shift while they are read double no hours."""
    assert _pull(store, time_entry("T1"), time_entry("T2"), time_entry("T1", 7200)) == Changes(added=2)
    assert _stored(store)["T1"]["seconds"] == 7200


def test_days_outside_the_window_are_left_alone(store: Store) -> None:
    """The source speaks for the window only; what lies before or after it is not deleted."""
    old, new = time_entry("T1", day=date(2026, 1, 31)), time_entry("T2", day=date(2026, 2, 1))
    _pull(store, old)
    assert _pull(store, new, window=FEBRUARY) == Changes(added=1)
    assert _pull(store, window=FEBRUARY) == Changes(deleted=1)
    assert list(_stored(store)) == ["T1"]


def test_entry_moved_into_the_window_is_an_edit(store: Store) -> None:
    """An entry is known by its id, whatever day it was on before; moved out of the window, it is gone until read."""
    _pull(store, time_entry(day=date(2026, 1, 20)))
    assert _pull(store, time_entry(day=date(2026, 1, 10)), window=_FIRST_HALF) == Changes(edited=1)
    assert _pull(store, window=_FIRST_HALF) == Changes(deleted=1)


def test_what_was_before_can_be_found(store: Store) -> None:
    """Edited and deleted entries are kept as they were, with the moment the change was noticed."""
    _pull(store, time_entry("T1", 3600, changed="v1"), time_entry("T2"))
    first_seen = _stored(store)["T1"]["first_seen_at"]
    _pull(store, time_entry("T1", 5400, changed="v2"))
    edited, deleted = rows(store, entry_changes)
    assert (edited["id"], edited["change"], edited["seconds"], edited["changed"]) == ("T1", "edited", 3600, "v1")
    assert (deleted["id"], deleted["change"], deleted["seconds"]) == ("T2", "deleted", 3600)
    assert edited["noticed_at"] == deleted["noticed_at"] > first_seen
    assert _stored(store)["T1"]["first_seen_at"] == first_seen


def test_sources_do_not_touch_each_other(store: Store) -> None:
    """Two sources may use the same ids."""
    _pull(store, time_entry("1"), source="redmine")
    _pull(store, time_entry("1", 60), source="ledger")
    assert _pull(store, source="ledger") == Changes(deleted=1)
    assert _stored(store)["1"]["source"] == "redmine"


def test_entries_stream_through_in_batches(store: Store) -> None:
    """Entries are taken from the source as they come; none is lost between two batches."""

    def told() -> Iterable[TimeEntry]:
        for number in range(4001):
            yield time_entry(f"T{number}", number)

    with store.sources.pull("redmine") as pull:
        assert pull.sync_entries(JANUARY, told()) == Changes(added=4001)
    assert sum(row["seconds"] for row in rows(store, entries)) == 4000 * 4001 // 2


@pytest.mark.parametrize("text", ["a\0b", "half a pair: \ud83d"])
def test_character_that_cannot_be_stored_is_named(store: Store, text: str) -> None:
    """Where a text holds what no database keeps, the entry is named and nothing is taken over."""
    with pytest.raises(StoreError, match="time entry T7 has a character") as caught:
        _pull(store, time_entry("T6"), replace(time_entry("T7", text=text), origin="page 3"))
    assert caught.value.place == "page 3"
    assert rows(store, entries) == []


def test_time_that_cannot_be_stored_is_named(store: Store) -> None:
    """Hours that someone typed in full by mistake: the entry is named and nothing is taken over."""
    with pytest.raises(StoreError, match="time entry T7 lasts 36000000000 seconds") as caught:
        _pull(store, time_entry("T6"), replace(time_entry("T7", 36_000_000_000), origin="page 3"))
    assert caught.value.place == "page 3"
    assert rows(store, entries) == []


_told = st.dictionaries(
    st.integers(1, 6).map(str),
    st.tuples(st.dates(JANUARY.start, FEBRUARY.last_day), st.none() | st.integers(0, 3)),
    max_size=6,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=_told, after=_told)
def test_counts_are_what_was_changed(store: Store, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Whatever two pulls of everything tell, the store holds the second, and the counts are the difference."""
    everything = Period(JANUARY.start, FEBRUARY.end)
    _pull(store, window=everything)
    _pull(store, *(time_entry(id_, seconds, day=day) for id_, (day, seconds) in before.items()), window=everything)
    changes = _pull(
        store, *(time_entry(id_, seconds, day=day) for id_, (day, seconds) in after.items()), window=everything
    )
    both = before.keys() & after.keys()
    edited = sum(before[id_] != after[id_] for id_ in both)
    assert changes == Changes(len(after) - len(both), edited, len(before) - len(both))
    assert {id_: (row["day"], row["seconds"]) for id_, row in _stored(store).items()} == after
