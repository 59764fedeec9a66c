from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connector.core.errors import StoreError
from connector.core.ports import Changes, Record
from connector.store import Store
from connector.store.schema import records
from tests.core.builders import JANUARY, MARCH, metric, offer, party, position, project, reading
from tests.store.world import rows


def _pull(store: Store, kind: str, *told: Record, source: str = "ledger") -> Changes:
    with store.sources.pull(source) as pull:
        return pull.replace(kind, told)


def test_records_become_exactly_what_was_told(store: Store) -> None:
    """New records are added, changed ones edited, missing ones deleted; told again, nothing happens."""
    assert _pull(store, "customers", party("K1"), party("K2"), party("K3")) == Changes(added=3)
    told = (party("K1"), party("K2", name="Neu GmbH"), party("K4"))
    assert _pull(store, "customers", *told) == Changes(added=1, edited=1, deleted=1)
    assert _pull(store, "customers", *told) == Changes()
    assert store.collected(["ledger"]).customers() == {each.id: each for each in told}


def test_line_that_moved_in_its_file_is_no_edit_but_is_told_anew(store: Store) -> None:
    """A blank line put into a file changes no record, yet problems name the new place."""
    before = offer(replace(position(), origin="positions.csv:2"))
    after = offer(replace(position(), origin="positions.csv:3"))
    _pull(store, "offers", replace(before, origin="offers.csv:2"))
    assert _pull(store, "offers", replace(after, origin="offers.csv:3")) == Changes()
    (kept,) = store.collected(["ledger"]).offers().values()
    assert (kept.origin, kept.positions[0].origin) == ("offers.csv:3", "positions.csv:3")


def test_record_told_twice_counts_as_told_last(store: Store) -> None:
    """A list that shifts while it is paged doubles nothing."""
    assert _pull(store, "projects", project(), project(customer="K2")) == Changes(added=1)
    assert store.collected(["ledger"]).projects()["WEB"].customer == "K2"


def test_character_that_cannot_be_stored_is_named(store: Store) -> None:
    """Where a text was cut within a sign, the record is named and nothing is taken over."""
    with pytest.raises(StoreError, match="K2 has a character") as caught:
        _pull(store, "customers", party("K1"), replace(party("K2", name="halved \ud83d"), origin="page 3"))
    assert caught.value.place == "page 3"
    assert rows(store, records) == []


def test_readings_of_one_day_that_contradict_each_other_are_both_kept(store: Store) -> None:
    """Which of two readings of one day is right is for a person to say; identical ones are one."""
    told = (reading("33 %"), reading("40 %"), reading("40 %"), reading("40 %", on=MARCH.start))
    assert _pull(store, "readings", *told) == Changes(added=3)
    assert len(store.collected(["ledger"]).readings(JANUARY.last_day)) == 2


def test_readings_of_days_that_were_not_asked_for_stay(store: Store) -> None:
    """Who looks back at January deletes nothing of February, and finds what is gone in January."""
    january, february = reading("33 %", on=JANUARY.last_day), reading("40 %", on=date(2026, 2, 28))
    _pull(store, "readings", january, february)
    with store.sources.pull("ledger") as pull:
        assert pull.replace("readings", (), JANUARY.last_day) == Changes(deleted=1)
    assert store.collected(["ledger"]).readings(MARCH.last_day) == (february,)


def test_metrics_are_kept_by_day(store: Store) -> None:
    """Metrics after the day asked for do not count yet."""
    assert _pull(store, "metrics", metric(), metric("12000", on=date(2026, 2, 28))) == Changes(added=2)
    assert store.collected(["ledger"]).metrics(JANUARY.last_day) == (metric(),)


def test_kinds_and_sources_do_not_touch_each_other(store: Store) -> None:
    """An empty answer of one source about one kind deletes nothing else."""
    _pull(store, "customers", party(), source="redmine")
    _pull(store, "customers", party())
    _pull(store, "projects", project())
    assert _pull(store, "customers") == Changes(deleted=1)
    assert [(row["source"], row["kind"]) for row in rows(store, records)] == [
        ("ledger", "projects"),
        ("redmine", "customers"),
    ]


def test_record_of_another_kind_is_a_fault_of_the_program(store: Store) -> None:
    """A source that yields something else under a kind is stopped before anything is kept."""
    with pytest.raises(TypeError, match="customers are Party values, not Project"):
        _pull(store, "customers", project())
    assert rows(store, records) == []


def test_more_records_than_fit_in_one_batch(store: Store) -> None:
    """Records stream through in batches, none is lost between them."""
    told = (party(f"K{number}") for number in range(4001))
    with store.sources.pull("ledger") as pull:
        assert pull.replace("customers", told) == Changes(added=4001)
    assert len(store.collected(["ledger"]).customers()) == 4001
