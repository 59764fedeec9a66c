from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.core.period import Period
from connector.core.summing import Summing
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.timesheet import TimeEntry
from connector.core.work import GroupBy, LeftOut, Work, work_of
from connector.store import Store, open_store, sync
from tests.core.builders import FEBRUARY, JANUARY, MARCH, time_entry
from tests.store.older import build
from tests.store.world import TENANT

_QUARTER = Period(JANUARY.start, MARCH.end)
_QUARTER_HOURS = TimeRounding(15, RoundingMode.UP)
_MONTHS = Summing(daily=frozenset())


def _book(store: Store, *told: TimeEntry, source: str = "redmine") -> None:
    with store.sources.pull(source) as pull:
        pull.sync_entries(_QUARTER, told)


def _work(
    store: Store, summing: Summing, projects: Sequence[str] = ("WEB",), as_of: date = MARCH.last_day
) -> list[Work]:
    return sorted(store.collected(["redmine", "ledger"]).work(projects, summing, as_of))


def _expected(entries: Iterable[TimeEntry], summing: Summing) -> list[Work]:
    """Return what the core makes of the entries, in sums as coarse as the summing's."""
    group_by = GroupBy.ENTRY if summing.by_entry else GroupBy.POSITION
    exact, _ = work_of(entries, group_by, summing.rounding, approved_only=summing.approved_only)
    seconds: Counter[Work] = Counter()
    counts: Counter[Work] = Counter()
    for each in exact:
        month = each.day.replace(day=1)
        by_day = summing.daily is None or month in summing.daily
        key = each._replace(day=each.day if by_day else month, seconds=0, entries=1)
        key = key if summing.by_person else key._replace(person="")
        seconds[key] += each.seconds
        counts[key] += each.entries
    return sorted(key._replace(seconds=seconds[key], entries=count) for key, count in counts.items())


def _name(few: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *few.split()])


_ENTRIES = st.lists(
    st.builds(
        TimeEntry,
        id=st.sampled_from([f"T{number}" for number in range(40)]),
        project=st.sampled_from(["WEB", "APP", "SHOP"]),
        day=st.integers(0, _QUARTER.days - 1).map(lambda days: _QUARTER.start + timedelta(days)),
        seconds=st.none() | st.integers(-40_000, 40_000) | st.sampled_from([449, 450, 451, -450, 2**31 - 1]),
        person=_name("Ann Örs zoë"),
        activity=_name("Design Übung"),
        position=_name("A1/1 A1/2"),
        text=_name("call Call"),
        billable=st.booleans(),
        approved=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda entry: entry.id,
)

_ROUNDINGS = st.builds(
    TimeRounding, st.sampled_from([1, 6, 7, 15]), st.sampled_from(RoundingMode), st.sampled_from(RoundedPer)
)


@st.composite
def _summings(draw: st.DrawFn) -> Summing:
    rounding = draw(_ROUNDINGS)
    months = st.frozensets(st.sampled_from([JANUARY.start, FEBRUARY.start, MARCH.start]))
    coarse = rounding.per is not RoundedPer.DAY or rounding.mode is RoundingMode.NONE
    return Summing(
        rounding,
        draw(st.none() | months) if coarse else None,
        by_person=draw(st.booleans()) if coarse else True,
        by_entry=draw(st.booleans()),
        approved_only=draw(st.booleans()),
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entries=_ENTRIES,
    summing=_summings(),
    projects=st.sets(st.sampled_from(["WEB", "APP"])),
    days=st.integers(-1, _QUARTER.days),
)
def test_database_sums_as_the_core_does(
    store: Store, entries: list[TimeEntry], summing: Summing, projects: set[str], days: int
) -> None:
    """Whatever is booked and however it is rounded and summed: the database and the core agree to the second."""
    as_of = _QUARTER.start + timedelta(days)
    _book(store, *entries)
    asked = [entry for entry in entries if entry.project in projects and entry.day <= as_of]
    assert _work(store, summing, sorted(projects), as_of) == _expected(asked, summing)
    total = LeftOut()
    if as_of >= _QUARTER.start:
        collected = store.collected(["redmine"])
        told = Period.inclusive(_QUARTER.start, as_of)
        for count in collected.left_out(projects, told, approved_only=summing.approved_only).values():
            total += count
    assert total == work_of(asked, GroupBy.ENTRY, summing.rounding, approved_only=summing.approved_only)[1]


def test_month_is_one_sum(store: Store) -> None:
    """A month of one activity is one row, dated to its first day; its entries are counted."""
    _book(store, time_entry("T1", 3600), time_entry("T2", 600, day=date(2026, 1, 31)))
    (found,) = _work(store, _MONTHS)
    assert (found.day, found.seconds, found.entries) == (JANUARY.start, 4200, 2)


def test_days_of_the_named_months_are_kept_apart(store: Store) -> None:
    """Only the month in which something begins in the middle is told by day."""
    for_day = [time_entry(f"T{day}", 60, day=date(2026, month, day)) for month in (1, 2) for day in (month, month + 10)]
    _book(store, *for_day)
    days = [work.day for work in _work(store, Summing(daily=frozenset({FEBRUARY.start})))]
    assert days == [JANUARY.start, date(2026, 2, 2), date(2026, 2, 12)]


def test_persons_are_told_apart_where_their_rates_are(store: Store) -> None:
    """A retainer does not ask who worked; time and materials does."""
    _book(store, time_entry("T1", person="Ann"), time_entry("T2", person="Ben"))
    assert [work.person for work in _work(store, _MONTHS)] == ["Ann", "Ben"]
    (together,) = _work(store, Summing(daily=frozenset(), by_person=False))
    assert (together.person, together.entries) == ("", 2)


def test_entries_are_rounded_one_by_one(store: Store) -> None:
    """Five minutes and ten are two quarters of an hour; five taken back are one taken back."""
    _book(store, time_entry("T1", 300), time_entry("T2", 600), time_entry("T3", -300, activity="Correction"))
    seconds = {work.activity: work.seconds for work in _work(store, Summing(_QUARTER_HOURS, frozenset()))}
    assert seconds == {"Correction": -900, time_entry().activity: 1800}


def test_day_is_rounded_as_a_whole(store: Store) -> None:
    """Five minutes and ten on one day are one quarter of an hour."""
    _book(store, time_entry("T1", 300), time_entry("T2", 600))
    per_day = TimeRounding(15, RoundingMode.UP, RoundedPer.DAY)
    assert [work.seconds for work in _work(store, Summing(per_day))] == [900]


def test_entry_may_be_a_sum_of_its_own(store: Store) -> None:
    """Where each entry is a line, it keeps its id and text."""
    _book(store, time_entry("T1"), time_entry("T2"))
    assert [(work.entry, work.text) for work in _work(store, Summing(by_entry=True))] == [
        ("T1", time_entry().text),
        ("T2", time_entry().text),
    ]


def test_all_sources_count_and_no_other(store: Store) -> None:
    """Work adds up over the configured sources; a removed one, or another tenant's, is not billed."""
    _book(store, time_entry("T1", 60))
    _book(store, time_entry("T1", 1), source="ledger")
    _book(store, time_entry("T1", 7), source="old")
    assert [work.seconds for work in _work(store, _MONTHS)] == [61]
    assert store.collected(["old"]).left_out([], _QUARTER, approved_only=True) == {}


def test_many_projects_are_asked_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many projects there are, a query names no more than a database takes; none is counted twice."""
    monkeypatch.setattr(sync, "BATCH_ROWS", 2)
    names = [f"P{number}" for number in range(5)]
    _book(store, *(time_entry(f"T{name}", 60, project=name) for name in names))
    assert [work.project for work in _work(store, _MONTHS, [*names, "P1"])] == names
    assert len(list(store.collected(["redmine"]).entries(names, _QUARTER))) == 5


def test_entries_behind_a_sum(store: Store) -> None:
    """A statement shows the entries of its projects and days as they were told, billable or not, running or not."""
    told = [
        time_entry("T2", None, day=date(2026, 1, 2)),
        time_entry("T1", 60, day=date(2026, 1, 3), billable=False),
    ]
    _book(store, *told, time_entry("T3", project="APP"), time_entry("T4", day=FEBRUARY.start))
    assert list(store.collected(["redmine"]).entries(["WEB"], JANUARY)) == told


def test_left_out_is_told_by_what_feeds_go_by(store: Store) -> None:
    """Two agreements on one project are told what is theirs: counts stand per project, activity and position."""
    _book(
        store,
        time_entry("T1", None, activity="Design"),
        time_entry("T2", billable=False, activity="Audit"),
        time_entry("T3", approved=False, activity="Audit"),
        time_entry("T4", approved=False, activity="Audit", day=MARCH.last_day),
    )
    told = store.collected(["redmine"]).left_out(["WEB"], Period(JANUARY.start, MARCH.start), approved_only=True)
    assert told == {
        ("WEB", "Design", time_entry().position): LeftOut(running=1),
        ("WEB", "Audit", time_entry().position): LeftOut(not_billable=1, not_approved=1),
    }


def test_sums_are_read_from_the_index(tmp_path: Path) -> None:
    """On SQLite, sums by month need no sorting: a year of them takes no longer than it is long."""
    seen = []
    with open_store(f"sqlite:///{tmp_path / 'honorar.db'}", TENANT) as store:
        sa.event.listen(store.database.engine, "before_cursor_execute", lambda *call: seen.append(call[2:4]))
        _work(store, Summing(daily=frozenset(), by_person=False))
        statement, parameters = next(call for call in seen if "sum(" in call[0])
        with store.database.reading() as connection:
            (step,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    assert "INDEX ix_entries_work (tenant=? AND project=?)" in step.detail


def test_entries_of_an_older_store_have_their_month(empty_url: str) -> None:
    """Entries that were stored before months were kept are summed like all others after the upgrade."""
    build(empty_url, "0001")
    with open_store(empty_url, TENANT) as store:
        (found,) = store.collected(["ledger"]).work(["WEB"], _MONTHS, MARCH.last_day)
        assert (found.day, found.seconds) == (JANUARY.start, 3600)
