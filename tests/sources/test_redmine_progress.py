"""The done ratio as a reading of the day it was true."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from connector.core.problems import Problem, Severity
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from tests.sources.redmine_world import source
from tests.standins.redmine import Row, StandIn, issue, project
from tests.support.found import problems
from tests.support.transports import BERLIN

END_OF_JANUARY = date(2026, 1, 31)
CLOSED = {"id": 5, "name": "Erledigt", "is_closed": True}


def readings(
    row: Row, *journals: Row, others: tuple[Row, ...] = (), zone: ZoneInfo = BERLIN, progress: str = "done_ratio"
) -> list[Reading | Problem]:
    """Return the readings as of January of an issue with this history."""
    single = {f"/issues/{row['id']}.json": {"issue": {"journals": list(journals)}}}
    standin = StandIn(projects=[project(1, "one")], issues=[row, *others], single=single)
    return list(source(standin, zone=zone, progress=progress).readings(END_OF_JANUARY))


def priced(updated: str, ratio: int = 40, **attributes: object) -> Row:
    """Return a priced issue of 5 January, last changed at that instant."""
    return issue(7, {"Festpreis": "1000"}, done_ratio=ratio, updated_on=updated, **attributes)


def journal(created: str, *details: tuple[str, str | None, str | None]) -> Row:
    """Return a change: attribute, old value, new value."""
    told = [{"property": "attr", "name": name, "old_value": old, "new_value": new} for name, old, new in details]
    return {"created_on": created, "details": told}


def test_the_ratio_holds_from_the_last_change() -> None:
    """An issue not changed since is as far as it says."""
    assert readings(priced("2026-01-20T09:00:00Z")) == [
        Reading("one", ReadingScope.POSITION, "one/7", date(2026, 1, 20), share_of(40), origin="redmine: issue #7")
    ]


def share_of(percent: int) -> Share:
    """Return what a reading's share equals."""
    return Share(Fraction(percent, 100), f"{percent} %")


def test_days_are_those_of_the_tenant() -> None:
    """31 January 23:30 UTC is 1 February in Berlin: as of January, the history is asked."""
    late = priced("2026-01-31T23:30:00Z")
    change = journal("2026-01-31T23:30:00Z", ("done_ratio", "10", "40"))
    [in_berlin] = readings(late, change)
    [in_london] = readings(late, change, zone=ZoneInfo("Europe/London"))
    assert isinstance(in_berlin, Reading)
    assert isinstance(in_london, Reading)
    assert (in_berlin.on, in_berlin.share) == (date(2026, 1, 5), share_of(10))
    assert (in_london.on, in_london.share) == (date(2026, 1, 31), share_of(40))


@pytest.mark.parametrize(
    ("journals", "ratio", "on"),
    [
        (
            [
                journal("2026-01-10T12:00:00Z", ("done_ratio", "0", "20")),
                journal("2026-01-20T12:00:00Z", ("done_ratio", "20", "30")),
                journal("2026-02-03T12:00:00Z", ("done_ratio", "30", "35")),
                journal("2026-02-10T12:00:00Z", ("done_ratio", "35", "40")),
            ],
            30,
            date(2026, 1, 20),
        ),
        ([journal("2026-02-10T12:00:00Z", ("done_ratio", None, "40"))], 0, date(2026, 1, 5)),
        ([journal("2026-02-10T12:00:00Z", ("subject", "a", "b"))], 40, date(2026, 1, 5)),
        ([journal("2026-02-10T12:00:00Z")], 40, date(2026, 1, 5)),
        ([journal("2026-02-10T12:00:00Z", ("status_id", "1", "2"), ("done_ratio", "25", "40"))], 25, date(2026, 1, 5)),
        ([], 40, date(2026, 1, 5)),
    ],
)
def test_the_history_tells_what_the_ratio_was(journals: list[Row], ratio: int, on: date) -> None:
    """The value before the first later change counts, dated to the last change before; comments change nothing."""
    [reading] = readings(priced("2026-02-10T12:00:00Z"), *journals)
    assert isinstance(reading, Reading)
    assert (reading.share, reading.on) == (share_of(ratio), on)


def test_a_field_of_the_same_name_is_not_the_ratio() -> None:
    """Only the attribute counts, not a custom field that happens to be called so."""
    change = journal("2026-02-10T12:00:00Z", ("done_ratio", "10", "20"))
    change["details"][0]["property"] = "cf"
    [reading] = readings(priced("2026-02-10T12:00:00Z"), change)
    assert isinstance(reading, Reading)
    assert reading.share == share_of(40)


def test_a_ratio_that_redmine_works_out_has_no_history() -> None:
    """A ratio derived from subtasks, or from the status, was changed without a trace: a notice, and no reading."""
    moved = journal("2026-02-10T12:00:00Z", ("status_id", "1", "2"))
    [by_status] = readings(priced("2026-02-10T12:00:00Z"), moved)
    [by_subtasks] = readings(priced("2026-02-10T12:00:00Z"), others=(issue(8, parent={"id": 7}),))
    for found in (by_status, by_subtasks):
        assert isinstance(found, Problem)
        assert (found.code, found.severity, found.place) == (
            "ProgressNotDated", Severity.NOTICE, "redmine: issue #7",
        )  # fmt: skip


def test_an_issue_of_later_has_no_reading() -> None:
    """What did not exist on the day had no progress."""
    assert readings(priced("2026-02-10T12:00:00Z", created_on="2026-02-01T08:00:00Z")) == []


def test_an_issue_without_price_has_no_reading() -> None:
    """Progress is read of positions only."""
    assert readings(issue(7, done_ratio=50)) == []


def test_an_issue_closed_unfinished_is_noticed() -> None:
    """Closed below 100 %, the rest would never be billed; the reading stands."""
    found = readings(priced("2026-01-20T09:00:00Z", 90, status=CLOSED))
    [notice] = problems(found)
    assert (notice.code, notice.severity, notice.message) == ("ClosedUnfinished", Severity.NOTICE, "closed at 90 %")
    assert len(found) == 2


def test_an_issue_closed_at_the_end_is_fine() -> None:
    """Closed at 100 % there is nothing to say."""
    assert problems(readings(priced("2026-01-20T09:00:00Z", 100, status=CLOSED))) == []


def test_progress_may_be_kept_elsewhere() -> None:
    """With `progress = "none"` the ratio is left alone."""
    assert readings(priced("2026-01-20T09:00:00Z"), progress="none") == []
