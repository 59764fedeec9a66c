from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from connector.core.cycle import BillingCalendar, Cycle
from connector.core.errors import Unavailable
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.ports import Changes, Record
from connector.core.problems import Problem, Severity
from connector.core.readings import Metric, Reading
from connector.core.timesheet import TimeEntry
from connector.jobs.pull import (
    CHANGES_UNTIL,
    ENTRIES_UNTIL,
    FIRST_DAY,
    NOT_DATED,
    NamedSource,
    PulledSource,
    PullOptions,
    pull,
    reread_days,
)
from tests.core.builders import JANUARY, agreement, metric, offer, party, project, reading, time_entry
from tests.core.retainer_builders import materials, retainer

HOLD = Problem("BadCell", "not a number", "positions.csv:7", "write 1234,5")
BEGUN_AT = datetime(2026, 2, 1, 5, 30, tzinfo=timezone(timedelta(hours=1)))
NOTICE = Problem("KeyInClear", "the key travels in clear", "tool", "use https", Severity.NOTICE)


@dataclass
class MemoryBatch:
    """Satisfies the port Batch: keeps what it is told, and says that this many records were there before."""

    before: int
    told: dict[str, list[object]] = field(default_factory=dict)
    windows: list[Period] = field(default_factory=list)
    until: dict[str, date | None] = field(default_factory=dict)
    vanished: dict[str, int] = field(default_factory=dict)
    read: tuple[Reading, ...] = ()
    cursors: dict[str, str] = field(default_factory=dict)

    def replace(self, kind: str, told: Iterable[Record], until: date | None = None, /) -> Changes:
        """Keep the records, and up to which day they were asked for."""
        self.until[kind] = until
        return self._changes(kind, list(told))

    def sync_entries(self, window: Period, told: Iterable[TimeEntry], /) -> Changes:
        """Keep the entries and the window."""
        self.windows.append(window)
        return self._changes("entries", list(told))

    def readings(self, until: date, /) -> Iterator[Reading]:
        """Yield what a test says was read before."""
        return (each for each in self.read if each.on <= until)

    def vanished_projects(self) -> dict[str, int]:
        """Return what a test says."""
        return self.vanished

    def set_cursor(self, name: str, value: str, /) -> None:
        """Keep the cursor."""
        self.cursors[name] = value

    def _changes(self, kind: str, told: list[object]) -> Changes:
        self.told[kind] = told
        return Changes(added=len(told), deleted=self.before)


@dataclass
class MemoryStore:
    """Satisfies the port PullStore: a batch counts once its context ended well."""

    before: int = 0
    vanished: dict[str, int] = field(default_factory=dict)
    read: tuple[Reading, ...] = ()
    known: dict[str, str] = field(default_factory=dict)
    kept: dict[str, MemoryBatch] = field(default_factory=dict)

    @contextmanager
    def pull(self, source: str, /) -> Iterator[MemoryBatch]:
        """Yield a batch."""
        batch = MemoryBatch(self.before, vanished=self.vanished, read=self.read)
        yield batch
        self.kept[source] = batch

    def cursor(self, source: str, name: str, /) -> str:
        """Return what a test put there."""
        return self.known.get(name, "") if source == "tool" else ""


@dataclass
class Everything:
    """A source with every port."""

    problems: tuple[Problem, ...] = ()

    def customers(self) -> Iterator[Party | Problem]:
        """Yield the problems, then a customer."""
        yield from self.problems
        yield party()

    def projects(self) -> Iterator[Project | Problem]:
        """Yield a project."""
        yield project()

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield an offer."""
        yield offer()

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield a reading of the day."""
        yield reading(on=as_of)

    def metrics(self) -> Iterator[Metric | Problem]:
        """Yield a metric."""
        yield metric()

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield an entry of the period's last day."""
        yield time_entry(day=period.last_day)


@dataclass
class Telling(Everything):
    """A source that tells changes; it notes what was asked of it."""

    asked: list[tuple[Period, datetime]] = field(default_factory=list)

    def changed_entries(self, period: Period, since: datetime) -> Iterator[TimeEntry | Problem]:
        """Yield an entry of the period's last day."""
        self.asked.append((period, since))
        yield time_entry("T0", day=period.last_day)


class NothingLeft:
    """A source that has no customers any more."""

    def customers(self) -> Iterator[Party | Problem]:
        """Yield none."""
        yield from ()


@dataclass(frozen=True)
class Twins:
    """A source with two different offers of one number, and a project called like them."""

    def projects(self) -> Iterator[Project | Problem]:
        """Yield the project."""
        yield project("A-1")

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield both."""
        yield replace(offer(id_="A-1"), origin="tool: offer 7")
        yield replace(offer(id_="A-1"), label="Nachtrag", origin="tool: offer 8")


class OnlyTime:
    """A source that knows time entries and nothing else."""

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield an entry of the period's last day."""
        yield time_entry(day=period.last_day)


class OnlyOldChanges:
    """A source without time in the window, and with an old entry that was edited."""

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield none."""
        assert period.days
        yield from ()

    def changed_entries(self, period: Period, since: datetime) -> Iterator[TimeEntry | Problem]:
        """Yield an entry of the period's last day."""
        assert since
        yield time_entry(day=period.last_day)


class KnowsOnlyNow:
    """A source whose two tasks were changed after the day; it tells of the second what it can."""

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield a notice for each, and a reading of the second."""
        for place in ("task 1", "task 2"):
            yield Problem(NOT_DATED, f"changed after {as_of}", place, "wait", Severity.NOTICE)
        yield reading(on=as_of, origin="task 2")


class Down:
    """A source that breaks off in the middle."""

    def customers(self) -> Iterator[Party | Problem]:
        """Yield one, then fail."""
        yield party()
        message = "no connection"
        raise Unavailable(message)


def options(
    as_of: date = JANUARY.last_day,
    *,
    reread_from: date | None = None,
    skip_bad_rows: bool = False,
    accept_empty: frozenset[str] = frozenset(),
) -> PullOptions:
    """Return the usual options: entries are read again for 62 days."""
    return PullOptions(as_of, 62, BEGUN_AT, reread_from, skip_bad_rows, accept_empty)


def pulled(store: MemoryStore, adapter: object, chosen: PullOptions | None = None) -> PulledSource:
    """Pull one source called 'tool'."""
    [source] = pull([NamedSource("tool", adapter)], store, chosen or options())
    return source


def test_every_port_is_read() -> None:
    """Each kind arrives with its changes, and the readings are those of the day."""
    store = MemoryStore()
    source = pulled(store, Everything())

    kinds = ["customers", "projects", "offers", "readings", "metrics", "entries"]
    assert source == PulledSource("tool", dict.fromkeys(kinds, Changes(added=1)), (), taken=True)
    assert store.kept["tool"].told["readings"] == [reading(on=JANUARY.last_day)]
    assert {kind: day for kind, day in store.kept["tool"].until.items() if day} == {"readings": JANUARY.last_day}


def test_a_port_that_is_missing_is_not_asked_for() -> None:
    """What a source does not tell, another source's records of that kind stay as they are."""
    store = MemoryStore()
    assert pulled(store, NothingLeft()).changes == {"customers": Changes()}
    assert store.kept["tool"].cursors == {}
    assert pulled(store, OnlyTime()).changes == {"entries": Changes(added=1)}


def test_a_bad_record_gives_the_source_up() -> None:
    """Nothing of it is taken, not even the good records, and all its problems are told."""
    store = MemoryStore()
    source = pulled(store, Everything((HOLD, NOTICE)))

    assert source == PulledSource("tool", {}, (HOLD, NOTICE), taken=False)
    assert store.kept == {}


def test_good_records_count_where_the_admin_allows_it() -> None:
    """The bad one is told, the others are taken."""
    store = MemoryStore()
    source = pulled(store, Everything((HOLD,)), options(skip_bad_rows=True))

    assert (source.taken, source.problems) == (True, (HOLD,))
    assert store.kept["tool"].told["customers"] == [party()]


def test_two_records_with_one_id_are_told() -> None:
    """One would take the place of the other, and nobody would bill it; both places are named."""
    source = pulled(MemoryStore(), Twins())

    [problem] = source.problems
    assert not source.taken
    assert (problem.code, problem.message) == ("DuplicateRecord", "two offers are called 'A-1'")
    assert problem.place == "tool: offer 8; tool: offer 7"


def test_of_two_records_with_one_id_the_first_counts() -> None:
    """Where the admin allows it."""
    store = MemoryStore()
    pulled(store, Twins(), options(skip_bad_rows=True))

    assert store.kept["tool"].told["offers"] == [replace(offer(id_="A-1"), origin="tool: offer 7")]


def test_a_notice_holds_nothing_back() -> None:
    """It is told, and the source is taken."""
    assert pulled(MemoryStore(), Everything((NOTICE,))).taken


def test_an_empty_answer_is_not_believed() -> None:
    """Where something was, nothing looks like an expired key: the source is given up, with what to do."""
    store = MemoryStore(before=3)
    source = pulled(store, NothingLeft())

    [problem] = source.problems
    assert (source.taken, store.kept) == (False, {})
    assert (problem.code, problem.place) == ("SourceWentEmpty", "tool")
    assert problem.message == "source tool had 3 customers last time and now has none"
    assert problem.hint.endswith("--accept-empty tool")


def test_an_empty_answer_is_believed_where_the_operator_says_so() -> None:
    """Of this source, by name."""
    assert pulled(MemoryStore(before=3), NothingLeft(), options(accept_empty=frozenset({"tool"}))).taken
    assert not pulled(MemoryStore(before=3), NothingLeft(), options(accept_empty=frozenset({"other"}))).taken


def test_a_project_that_is_gone_with_its_time_is_not_believed() -> None:
    """Archived, or hidden from the key, it would be credited: the source is given up, unless the operator says so."""
    store = MemoryStore(vanished={"WEB-26": 12})
    source = pulled(store, Everything(), options(skip_bad_rows=True))

    [problem] = source.problems
    assert (source.taken, store.kept) == (False, {})
    assert (problem.code, problem.place) == ("ProjectVanished", "tool")
    assert problem.message == "source tool tells neither the project 'WEB-26' any more nor its time: 12 entries"
    assert pulled(store, Everything(), options(accept_empty=frozenset({"tool"}))).taken


def test_a_source_that_lost_the_greater_part_is_not_believed() -> None:
    """A key that sees its user's own time only looks like this, and all the rest would be credited."""
    source = pulled(MemoryStore(before=21), OnlyTime())

    [problem] = source.problems
    assert (source.taken, problem.code) == (False, "SourceWentEmpty")
    assert problem.message == "source tool tells 21 entries no longer and has 1 left"
    assert pulled(MemoryStore(before=21), OnlyTime(), options(accept_empty=frozenset({"tool"}))).taken


def test_a_window_that_went_empty_is_not_believed_for_what_changed_before_it() -> None:
    """One old entry that was edited does not make it plausible that all of the last weeks are gone."""
    store = MemoryStore(3, known={ENTRIES_UNTIL: "2026-01-31", CHANGES_UNTIL: "2026-01-31T04:30:00+00:00"})

    source = pulled(store, OnlyOldChanges())

    assert [each.message for each in source.problems] == ["source tool had 3 entries last time and now has none"]


def test_what_was_read_before_stands_in_for_what_changed_after_the_day() -> None:
    """Only of what the source tells nothing now, and only up to the day."""
    days = [date(2026, 1, 20), date(2026, 1, 20), date(2026, 2, 2), date(2026, 1, 20)]
    places = ["task 1", "task 2", "task 1", "task 3"]
    before = tuple(reading(on=on, origin=place) for on, place in zip(days, places, strict=True))
    store = MemoryStore(before=3, read=before)

    assert pulled(store, KnowsOnlyNow()).taken
    assert store.kept["tool"].told["readings"] == [reading(on=JANUARY.last_day, origin="task 2"), before[0]]


def test_some_deletions_are_the_usual_course() -> None:
    """Where something is left, what vanished is deleted."""
    assert pulled(MemoryStore(before=3), Everything()).changes["customers"] == Changes(added=1, deleted=3)


def test_the_first_pull_reads_all_entries() -> None:
    """From the first day on, and remembers how far it came."""
    store = MemoryStore()
    pulled(store, Everything())

    assert store.kept["tool"].windows == [Period.inclusive(FIRST_DAY, JANUARY.last_day)]
    assert store.kept["tool"].cursors == {ENTRIES_UNTIL: "2026-01-31"}


@pytest.mark.parametrize(
    ("last_read", "as_of", "start", "cursor"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 1, 31) - timedelta(62), "2026-02-28"),
        (date(2026, 1, 31), date(2026, 1, 31), date(2026, 1, 31) - timedelta(62), "2026-01-31"),
        (date(2026, 3, 31), date(2026, 1, 31), date(2026, 1, 31) - timedelta(62), ""),
    ],
)
def test_later_pulls_read_the_last_weeks_again(last_read: date, as_of: date, start: date, cursor: str) -> None:
    """Entries are edited behind us: 62 days before the last pull, or before the day asked for if that is earlier."""
    store = MemoryStore(known={ENTRIES_UNTIL: last_read.isoformat()})
    pulled(store, Everything(), options(as_of))

    assert store.kept["tool"].windows == [Period.inclusive(start, as_of)]
    assert store.kept["tool"].cursors == ({ENTRIES_UNTIL: cursor} if cursor else {})


@pytest.mark.parametrize(
    ("reread_from", "start"),
    [(date(2025, 3, 1), date(2025, 3, 1)), (date(2026, 1, 15), date(2025, 12, 28)), (FIRST_DAY, FIRST_DAY)],
)
def test_a_person_may_have_more_read_again(reread_from: date, start: date) -> None:
    """Deletions long ago are found by absence; less than the last weeks is never read."""
    store = MemoryStore(known={ENTRIES_UNTIL: "2026-02-28"})
    pulled(store, Everything(), options(date(2026, 2, 28), reread_from=reread_from))

    assert store.kept["tool"].windows == [Period.inclusive(start, date(2026, 2, 28))]


@pytest.mark.parametrize(("begun", "since"), [("2026-01-31", 30), ("2027-01-31", 31)], ids=["before", "clock ahead"])
def test_changes_of_older_entries_are_asked_for(begun: str, since: int) -> None:
    """Those since the last pull began, and a day more; what comes is compared with the window in one go."""
    store = MemoryStore(known={ENTRIES_UNTIL: "2026-01-31", CHANGES_UNTIL: f"{begun}T04:30:00+00:00"})
    source = Telling()
    pulled(store, source, options(date(2026, 2, 28)))

    start = date(2026, 1, 31) - timedelta(62)
    assert source.asked == [(Period(FIRST_DAY, start), datetime(2026, 1, since, 4, 30, tzinfo=UTC))]
    told = [time_entry(day=date(2026, 2, 28)), time_entry("T0", day=start - timedelta(1))]
    assert store.kept["tool"].told["entries"] == told
    assert store.kept["tool"].windows == [Period.inclusive(start, date(2026, 2, 28))]
    assert store.kept["tool"].cursors == {ENTRIES_UNTIL: "2026-02-28", CHANGES_UNTIL: "2026-02-01T04:30:00+00:00"}


@pytest.mark.parametrize("known", [{}, {ENTRIES_UNTIL: "2026-01-31"}], ids=["never pulled", "by an older version"])
def test_a_source_that_tells_changes_is_read_as_a_whole_first(known: dict[str, str]) -> None:
    """What changed before nobody asked is found once, by reading everything."""
    store, source = MemoryStore(known=known), Telling()
    pulled(store, source)

    assert source.asked == []
    assert store.kept["tool"].windows == [Period.inclusive(FIRST_DAY, JANUARY.last_day)]
    assert store.kept["tool"].cursors[CHANGES_UNTIL] == "2026-02-01T04:30:00+00:00"


def test_nothing_is_before_everything() -> None:
    """Where all is read again there is nothing older to ask for."""
    store = MemoryStore(known={ENTRIES_UNTIL: "2026-01-31", CHANGES_UNTIL: "2026-01-31T04:30:00+00:00"})
    source = Telling()
    pulled(store, source, options(reread_from=FIRST_DAY))

    assert source.asked == []


def test_a_look_at_an_earlier_day_leaves_the_cursors() -> None:
    """Days after it were not read, so what changed in them is not known yet."""
    store = MemoryStore(known={ENTRIES_UNTIL: "2026-03-31", CHANGES_UNTIL: "2026-04-01T00:00:00+00:00"})
    pulled(store, Telling())

    assert store.kept["tool"].cursors == {}


def test_sources_do_not_hinder_each_other() -> None:
    """One is refused, the next one is read all the same, in the order they are laid over."""
    store = MemoryStore()
    sources = [NamedSource("bad", Everything((HOLD,))), NamedSource("good", Everything())]

    assert [(source.name, source.taken) for source in pull(sources, store, options())] == [
        ("bad", False),
        ("good", True),
    ]


def test_a_source_that_breaks_off_leaves_nothing() -> None:
    """Its error is the caller's; what came before it is not kept."""
    store = MemoryStore()
    with pytest.raises(Unavailable):
        pulled(store, Down())
    assert store.kept == {}


def test_the_calls_of_a_pull_are_counted(caplog: pytest.LogCaptureFixture) -> None:
    """Those of this pull alone, and in the log, for vendors allow so many; a source of files makes none."""
    calls = iter((40, 52, 52, 60))
    source = NamedSource("tool", OnlyTime(), lambda: next(calls))
    gone = NamedSource("tool", NothingLeft(), lambda: next(calls))
    with caplog.at_level(logging.INFO, logger="connector"):
        [told] = pull([source], MemoryStore(), options())
        [refused] = pull([gone], MemoryStore(before=1), options())

    assert (told.requests, refused.requests) == (12, 8)
    assert caplog.messages[0] == "source tool: +1 ~0 -0, 12 requests"
    assert caplog.messages[1] == "source tool: not taken over, 8 requests"


def test_the_log_says_what_came(caplog: pytest.LogCaptureFixture) -> None:
    """A line per source, and a warning for what held it."""
    caplog.set_level(logging.INFO, logger="connector")
    pull(
        [NamedSource("good", Everything((NOTICE,))), NamedSource("bad", Everything((HOLD,)))], MemoryStore(), options()
    )

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "source good: +6 ~0 -0"),
        ("INFO", "[KeyInClear] tool: the key travels in clear (use https)"),
        ("INFO", "source bad: not taken over"),
        ("WARNING", "[BadCell] positions.csv:7: not a number (write 1234,5)"),
    ]


@pytest.mark.parametrize(
    ("configured", "cycle", "days"),
    [
        (62, Cycle.WEEK, 62),
        (62, Cycle.MONTH, 62),
        (62, Cycle.QUARTER, 92),
        (62, Cycle.YEAR, 366),
        (400, Cycle.YEAR, 400),
    ],
)
def test_a_period_that_is_open_is_read_again_as_a_whole(configured: int, cycle: Cycle, days: int) -> None:
    """An entry of January edited in March is part of what the first quarter comes to, also in a time agreement."""
    calendar = BillingCalendar(cycle)
    agreements = [
        agreement(id_="website"),
        replace(agreement(id_="care"), terms=retainer(cycle=cycle)),
        replace(agreement(id_="work"), terms=replace(materials(), calendar=calendar)),
    ]
    assert reread_days(agreements, configured) == reread_days(agreements[2:], configured) == days
    assert reread_days(agreements[:1], configured) == configured
