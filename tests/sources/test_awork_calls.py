"""Lists of awork are whole or not taken, whatever happens while they are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from connector.core.errors import AuthenticationFailed, RefusedError, Unavailable, UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.http import listing
from connector.sources.awork import calls
from connector.sources.awork.calls import words_of_refusal
from tests.sources.awork_stories import source
from tests.standins import Asked, Fault, Said, Standin, awork, serving
from tests.standins.bucket import Bucket

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """Yield a workspace with ten entries, in pages of three."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 3)
    api = awork.api()
    project = api.add_project("P-1", "Projekt")
    for day in range(1, 11):
        api.add_entry(date(2026, 1, day), 100, project)
    with serving(api) as running:
        yield running


def entries(standin: Standin) -> list[TimeEntry | Problem]:
    """Return what January's time is."""
    return list(source(standin.url, position_field="").entries(JANUARY))


def days(standin: Standin) -> list[int]:
    """Return the days that have time, in the order they come."""
    return [each.day.day for each in entries(standin) if isinstance(each, TimeEntry)]


def test_all_pages_are_read(standin: Standin) -> None:
    """Four pages, and a look at each place where they meet; no page is asked for in vain."""
    assert days(standin) == list(range(1, 11))
    assert standin.calls("GET", "/api/v1/timeentries") == 2 + 4 + 3


def test_a_row_deleted_behind_the_reader_loses_nobody(standin: Standin) -> None:
    """The rows after it move up by one, and one slips past; so the list is read again."""
    pages = iter(range(100))

    def delete_one(path: str) -> None:
        if path == "/timeentries" and next(pages) == 2:
            del standin.api.entries[0]

    standin.api.on_page = delete_one

    assert days(standin) == list(range(2, 11))


def test_a_row_that_takes_the_place_of_a_deleted_one_hides_nothing(standin: Standin) -> None:
    """The total stays the same, but the last row of a page is no longer where it was."""
    pages = iter(range(100))

    def replace_one(path: str) -> None:
        if path == "/timeentries" and next(pages) == 2:
            del standin.api.entries[0]
            standin.api.add_entry(date(2026, 1, 11), 100, standin.api.projects[0])["id"] = "new"

    standin.api.on_page = replace_one

    assert days(standin) == list(range(2, 12))


def test_a_row_added_behind_the_reader_comes_along(standin: Standin) -> None:
    """It is the newest, and so the last."""
    pages = iter(range(100))

    def add_one(path: str) -> None:
        if path == "/timeentries" and next(pages) == 2:
            standin.api.add_entry(date(2026, 1, 11), 100, standin.api.projects[0])

    standin.api.on_page = add_one

    assert days(standin) == list(range(1, 12))


def test_a_list_that_never_rests_is_left_for_the_next_run(standin: Standin) -> None:
    """Better late than wrong."""

    def replace_one(_path: str) -> None:
        del standin.api.entries[0]
        standin.api.add_entry(date(2026, 1, 11), 100)["id"] = str(standin.calls("GET"))

    standin.api.on_page = replace_one

    with pytest.raises(Unavailable, match="keeps changing"):
        entries(standin)


def test_an_id_that_stays_double_counts_once(standin: Standin) -> None:
    """Read twice with the same rows, it is the truth, and told."""
    standin.api.entries.append({**standin.api.entries[0], "duration": 999})
    found = entries(standin)

    assert [each.code for each in found if isinstance(each, Problem)] == ["DuplicateRecord"]
    assert sum(each.seconds or 0 for each in found if isinstance(each, TimeEntry)) == 1000


def telling(standin: Standin, total: str) -> None:
    """Let the stand-in tell this total of time entries, whatever it has."""
    answer = standin.api.answer

    def told(asked: Asked) -> Said:
        said: Said = answer(asked)
        if not asked.path.endswith("/timeentries"):
            return said
        return Said(said.status, said.body, {**said.headers, "aw-totalitems": total})

    standin.api.answer = told


@pytest.mark.parametrize("total", ["", "9"], ids=["none", "too low"])
def test_a_total_that_is_wrong_loses_nobody(standin: Standin, total: str) -> None:
    """Without a total, an empty page is the end; one too low is not believed twice."""
    telling(standin, total)

    assert days(standin)[:9] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert total or days(standin) == list(range(1, 11))


def test_a_total_that_is_never_reached_is_refused(standin: Standin) -> None:
    """Two entries are announced and stay away: they would look deleted."""
    telling(standin, "12")

    with pytest.raises(UnexpectedAnswer, match="announces 12 rows, and gives 10"):
        days(standin)


def test_a_server_that_repeats_itself_is_stopped(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list without end is none."""
    monkeypatch.setattr(listing, "MOST_PAGES", 3)

    with pytest.raises(UnexpectedAnswer, match="does not end"):
        entries(standin)


def test_a_fault_in_the_middle_of_a_list_is_read_over(standin: Standin) -> None:
    """Reads are tried again, page by page."""
    for fault in (Fault.TOO_MANY, Fault.SERVER_ERROR, Fault.RESET_BEFORE, Fault.ANSWER_LOST):
        standin.fail(fault, lambda asked: asked.value("page") == "2")

    assert days(standin) == list(range(1, 11))


def test_the_limit_of_awork_is_waited_for(standin: Standin) -> None:
    """A refusal is no fault."""
    ticks = iter(range(0, 10**15, 300_000_000))
    standin.api.bucket = Bucket(1, 1, 1, clock=lambda: next(ticks))

    assert days(standin) == list(range(1, 11))


def test_a_wrong_key_stops_every_reader(standin: Standin) -> None:
    """Nothing looks like an empty workspace."""
    awork_ = source(standin.url, api_key=" ")
    readers = (
        awork_.customers(),
        awork_.projects(),
        awork_.readings(date.max),
        awork_.entries(JANUARY),
        awork_.check(),
    )
    for reader in readers:
        with pytest.raises(AuthenticationFailed):
            list(reader)


def test_what_awork_says_of_a_refusal_is_passed_on(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code and description, as they come."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 0)
    with pytest.raises(RefusedError, match="invalid-filter: The value '0'"):
        entries(standin)
    assert words_of_refusal(["?"]) == ""
    assert words_of_refusal({"code": "not-found"}) == "not-found"


@pytest.mark.parametrize("body", [{}, [1], [{}], [{"id": 1}], None])
def test_what_is_no_list_of_records_is_refused(standin: Standin, body: object) -> None:
    """Nothing is taken from it."""
    standin.api.answer = lambda _: Said(200, body if body is not None else b"null")

    with pytest.raises(UnexpectedAnswer, match="no list of records"):
        entries(standin)


def test_a_pull_reads_companies_and_projects_once(standin: Standin) -> None:
    """All readers of one pull see the same; the next pull reads anew."""
    awork_ = source(standin.url)
    for _ in range(2):
        list(awork_.customers())
        list(awork_.projects())

    assert (standin.calls("GET", "/api/v1/companies"), standin.calls("GET", "/api/v1/projects")) == (2, 2)
