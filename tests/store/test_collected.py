from __future__ import annotations

from datetime import date

from connector.core.period import Period
from connector.core.ports import Record
from connector.core.timesheet import BookedTime, TimeEntry
from connector.store import Store, open_store
from connector.store.schema import records
from tests.core.builders import FEBRUARY, JANUARY, MARCH, offer, party, project, reading, time_entry
from tests.store.world import TENANT, rows


def _tell(store: Store, source: str, kind: str, *told: Record) -> None:
    with store.sources.pull(source) as pull:
        pull.replace(kind, told)


def _book(store: Store, source: str, *told: TimeEntry) -> None:
    with store.sources.pull(source) as pull:
        pull.sync_entries(Period(JANUARY.start, MARCH.end), told)


def test_later_source_is_laid_over_the_earlier_one(store: Store) -> None:
    """Of two records with one id the later source's counts; the order is the configuration's, not the store's."""
    _tell(store, "ledger", "customers", party("K1", name="Ledger"), party("K2"))
    _tell(store, "redmine", "customers", party("K1", name="Redmine"), party("K3"))
    names = {id_: each.name for id_, each in store.collected(["redmine", "ledger"]).customers().items()}
    assert names == {"K1": "Ledger", "K2": party().name, "K3": party().name}
    assert store.collected(["ledger", "redmine"]).customers()["K1"].name == "Redmine"


def test_projects_and_offers_come_as_values(store: Store) -> None:
    """Everything a plan needs is read back as the values that were told."""
    _tell(store, "ledger", "projects", project())
    _tell(store, "ledger", "offers", offer())
    collected = store.collected(["ledger"])
    assert collected.projects() == {"WEB": project()}
    assert collected.offers() == {"A1": offer()}


def test_source_that_is_no_longer_configured_does_not_count(store: Store) -> None:
    """What a removed source once told is neither billed nor shown."""
    _tell(store, "old", "customers", party())
    _tell(store, "old", "readings", reading())
    _book(store, "old", time_entry())
    collected = store.collected(["ledger"])
    assert collected.customers() == {}
    assert collected.readings(JANUARY.last_day) == ()
    assert collected.booked(JANUARY.last_day) == {}
    assert store.collected([]).booked(JANUARY.last_day) == {}


def test_readings_of_all_sources_up_to_the_day(store: Store) -> None:
    """Readings add up over the sources, oldest first within each; those after the day are not known yet."""
    _tell(store, "redmine", "readings", reading("20 %", on=FEBRUARY.start), reading("10 %"))
    _tell(store, "ledger", "readings", reading("50 %", "A1/2"))
    told = store.collected(["redmine", "ledger"]).readings(FEBRUARY.start)
    assert told == (reading("10 %"), reading("20 %", on=FEBRUARY.start), reading("50 %", "A1/2"))
    assert len(store.collected(["redmine", "ledger"]).readings(JANUARY.last_day)) == 2


def test_booked_time_is_summed_per_position(store: Store) -> None:
    """Whole seconds and the number of entries, over all sources, the day itself included."""
    _book(
        store,
        "redmine",
        time_entry("T1", 3600),
        time_entry("T2", 1800, day=JANUARY.last_day),
        time_entry("T3", 900, position="A1/2", billable=False, approved=False),
        time_entry("T4", 60, day=FEBRUARY.start),
    )
    _book(store, "ledger", time_entry("T1", 1))
    assert store.collected(["redmine", "ledger"]).booked(JANUARY.last_day) == {
        "A1/1": BookedTime(5401, 3),
        "A1/2": BookedTime(900, 1),
    }


def test_running_timers_and_entries_without_position_are_not_booked(store: Store) -> None:
    """What has no end, or belongs to no position, cannot move a position's progress."""
    _book(store, "redmine", time_entry("T1", None), time_entry("T2", position=""))
    assert store.collected(["redmine"]).booked(date(2026, 12, 31)) == {}


def test_sums_beyond_32_bits_are_exact(store: Store) -> None:
    """Years of work of a large agency do not overflow."""
    _book(store, "redmine", *(time_entry(f"T{number}", 2**31 - 1) for number in range(3)))
    assert store.collected(["redmine"]).booked(JANUARY.last_day) == {"A1/1": BookedTime(3 * (2**31 - 1), 3)}


def test_tenants_do_not_see_each_other(store: Store, url: str) -> None:
    """Sources of one name at two tenants have nothing to do with each other."""
    with open_store(url, "other") as other:
        _tell(other, "ledger", "customers", party())
        _book(other, "ledger", time_entry())
    assert store.collected(["ledger"]).customers() == {}
    assert store.collected(["ledger"]).booked(JANUARY.last_day) == {}
    _tell(store, "ledger", "customers")
    assert {row["tenant"] for row in rows(store, records)} == {"other"} != {TENANT}
