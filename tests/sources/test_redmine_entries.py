"""Time entries of a window, and which positions they belong to."""

from __future__ import annotations

import tracemalloc
from datetime import date
from decimal import Decimal

import pytest

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from tests.sources.redmine_stories import JANUARY
from tests.sources.redmine_world import source
from tests.standins.redmine import Row, StandIn, entry, issue, project
from tests.support.found import good, problems

PRICE = {"Festpreis": "1000"}


def standin(*entries: Row) -> StandIn:
    """Return two projects with priced issues 1, 4 and 5, and issues 2 and 3 below 1."""
    return StandIn(
        projects=[project(1, "one"), project(2, "two")],
        issues=[
            issue(1, PRICE, subject="Konzept"),
            issue(2, parent={"id": 1}),
            issue(3, parent={"id": 2}),
            issue(4, PRICE, subject="Konzept", project={"id": 2}),
            issue(5, PRICE, subject="Design"),
            issue(6, PRICE, subject="Design"),
            issue(7),
        ],
        time_entries=list(entries),
    )


def only(row: Row) -> TimeEntry:
    """Return the entry of the row; a problem fails."""
    [found] = good(source(standin(row)).entries(JANUARY))
    return found


def test_an_entry_comes_whole() -> None:
    """Person, activity, text and the mark of the last change come along."""
    assert only(entry(1, hours=Decimal("1.5"), comments="Abstimmung", issue={"id": 1})) == TimeEntry(
        id="1",
        project="one",
        day=date(2026, 1, 5),
        seconds=5400,
        person="Anna Berg",
        activity="Entwicklung",
        position="one/1",
        text="Abstimmung",
        changed="2026-01-05T12:00:00Z",
        origin="redmine: time entry #1",
    )


def test_an_entry_may_lack_what_redmine_leaves_out() -> None:
    """A deleted person or activity is no name; an empty comment no text."""
    found = only(entry(1, user=None, activity=None, comments=None))
    assert (found.person, found.activity, found.text, found.position) == ("", "", "", "")


@pytest.mark.parametrize(("number", "position"), [(1, "one/1"), (2, "one/1"), (3, "one/1"), (7, ""), (4, "two/4")])
def test_time_belongs_to_the_nearest_priced_issue_above(number: int, position: str) -> None:
    """On a priced issue or below it, time names the position; elsewhere none."""
    assert only(entry(1, issue={"id": number})).position == position


@pytest.mark.parametrize("named", ["one/1", "1", "#1", "Konzept", " Konzept "])
def test_an_entry_may_name_its_position(named: str) -> None:
    """Key, number or label of a position of the same project go before the issue."""
    assert only(entry(1, {"Angebotsposition": named}, issue={"id": 5})).position == "one/1"


@pytest.mark.parametrize("named", ["Konzpet", "Design", "two/4", "#4"])
def test_a_position_that_is_not_clear_is_noticed(named: str) -> None:
    """An unknown name, one that two positions share, or one of another customer: the time comes without a position."""
    found = list(source(standin(entry(1, {"Angebotsposition": named}))).entries(JANUARY))
    [notice] = problems(found)
    assert (notice.code, notice.severity, notice.place) == (
        "UnknownPosition", Severity.NOTICE, "redmine: time entry #1",
    )  # fmt: skip
    assert [each.position for each in found if isinstance(each, TimeEntry)] == [""]


def test_an_issue_that_cannot_be_seen_is_noticed() -> None:
    """Time on a private or moved issue is read, without a position, and told."""
    found = list(source(standin(entry(1, issue={"id": 99}))).entries(JANUARY))
    assert [each.code for each in problems(found)] == ["UnknownIssue"]
    assert [each.seconds for each in found if isinstance(each, TimeEntry)] == [3600]


def test_a_circle_of_issues_ends() -> None:
    """Two issues that are each below the other do not keep the source busy for ever."""
    server = StandIn(
        projects=[project(1, "one")],
        issues=[issue(1, parent={"id": 2}), issue(2, parent={"id": 1})],
        time_entries=[entry(1, issue={"id": 1})],
    )
    assert [each.position for each in good(source(server).entries(JANUARY))] == [""]


@pytest.mark.parametrize(
    ("value", "billable"), [("1", True), ("0", False), ("Ja", True), ("nein", False), ("", True), (None, True)]
)
def test_whether_time_is_billable(value: str | None, billable: bool) -> None:  # noqa: FBT001 - a table of truth
    """The field says it; entries older than the field are billable."""
    assert only(entry(1, {"Abrechenbar": value})).billable is billable


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (entry(1, {"Abrechenbar": "teilweise"}), "BadTimeEntry"),
        (entry(1, hours=None), "UnreadableRecord"),
        (entry(1, hours=""), "UnreadableRecord"),
        (entry(1, hours=-1), "UnreadableRecord"),
        (entry(1, spent_on="05.01.2026x"), "UnreadableRecord"),
    ],
)
def test_a_bad_entry_is_told_and_the_next_one_read(row: Row, code: str) -> None:
    """An empty duration is never 0; the problem names the entry."""
    server = standin(row, entry(2))
    server.time_entries[0]["spent_on"] = row["spent_on"]
    problem, following = _window_off(server)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.place, problem.holds) == (code, "redmine: time entry #1", True)
    assert isinstance(following, TimeEntry)


def _window_off(server: StandIn) -> list[TimeEntry | Problem]:
    """Return the entries of a server that filters nothing."""
    server.single["/time_entries.json"] = {"time_entries": server.time_entries, "total_count": len(server.time_entries)}
    return list(source(server).entries(JANUARY))


def test_a_filter_that_is_ignored_is_noticed_at_once() -> None:
    """Time of another day than asked for means the window does not hold: nothing may be compared with it."""
    server = standin(entry(1), entry(2, spent_on="2026-02-01"))
    with pytest.raises(UnexpectedAnswer, match="2026-02-01") as caught:
        _window_off(server)
    assert caught.value.place == "redmine: time entry #2"


def test_the_window_is_asked_for_with_both_ends() -> None:
    """First and last day of the half-open period; entries at its ends belong to it, those beside it do not."""
    days = ("2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01")
    server = standin(*(entry(number, spent_on=day) for number, day in enumerate(days, 1)))
    assert [each.id for each in good(source(server).entries(JANUARY))] == ["2", "3"]
    assert server.asked[-1][1]["spent_on"] == "><2026-01-01|2026-01-31"


def peak_of_reading(count: int) -> int:
    """Return the bytes that reading so many entries took at most."""
    server = StandIn(projects=[project(1, "one")], time_entries=[entry(number) for number in range(1, count + 1)])
    server.asked = []
    tracemalloc.start()
    for _ in source(server).entries(Period(date(2026, 1, 1), date(2027, 1, 1))):
        server.asked.clear()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_entries() -> None:
    """Ten times the entries take no more memory than a page and a little: they stream."""
    peak_of_reading(100)
    few, many = peak_of_reading(500), peak_of_reading(5_000)
    assert many < 1.5 * few + 100_000
