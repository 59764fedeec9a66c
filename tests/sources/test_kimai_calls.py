"""What goes out to Kimai, and lists that are whole or not taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from connector.core.errors import AuthenticationFailed, NotFound, RefusedError, Unavailable, UnexpectedAnswer
from connector.core.timesheet import TimeEntry
from connector.http import listing
from connector.sources.kimai import Kimai, build, calls
from connector.sources.kimai.calls import Calls, words_of_refusal
from tests.sources.kimai_agency import TOKEN
from tests.sources.kimai_world import JANUARY, settings
from tests.standins import Asked, Fault, Said, Standin, kimai, serving
from tests.standins.bucket import Bucket
from tests.standins.kimai import BERLIN
from tests.support.found import problems
from tests.support.transports import transport_for

LIST = "/api/timesheets"


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """Yield an instance with ten records of time, in pages of three."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 3)
    api = kimai.api()
    project = api.add_project("P-1", "Projekt", api.add_customer("10001", "A"))
    for day in range(1, 11):
        api.add_time(datetime(2026, 1, day, 9, tzinfo=BERLIN), 3600, project)
    with serving(api) as running:
        yield running


def source(standin: Standin, **more: object) -> Kimai:
    """Return a source that asks over the network."""
    return build(settings(**{"url": standin.url} | more), transport_for("kimai"))


def days(standin: Standin) -> list[int]:
    """Return the days that have time, in the order they come."""
    return [each.day.day for each in source(standin).entries(JANUARY) if isinstance(each, TimeEntry)]


def add_one(api: kimai.Kimai) -> None:
    """Add time on the eleventh."""
    api.add_time(datetime(2026, 1, 11, 9, tzinfo=BERLIN), 3600, api.projects[0])


def on_page(standin: Standin, at: int, *, replace: bool) -> None:
    """Delete the first record, or replace it by a new last one, after so many pages of time."""
    pages = iter(range(100))

    def told() -> None:
        if next(pages) == at:
            del standin.api.timesheets[0]
            if replace:
                add_one(standin.api)

    standin.api.on_page = told


def test_all_pages_are_read(standin: Standin) -> None:
    """A look at the total, four pages, and a look at each place where they meet; none past the end is asked for."""
    assert days(standin) == list(range(1, 11))
    assert standin.calls("GET", LIST) == 1 + 4 + 3


def test_everybody_is_asked_for_with_names_and_without_zones(standin: Standin) -> None:
    """Times are local ones, a day wider on either side; the key goes as Kimai wants it."""
    days(standin)
    asked = [each for each in standin.asked if each.path == LIST][-1]

    assert (asked.value("user"), asked.value("full")) == ("all", "true")
    assert (asked.value("begin"), asked.value("end")) == ("2025-12-31T00:00:00", "2026-02-02T00:00:00")
    assert (asked.value("orderBy"), asked.value("order")) == ("id", "ASC")
    assert {each.headers["authorization"] for each in standin.asked} == {f"Bearer {TOKEN}"}


def test_without_totals_the_end_is_a_page_that_is_not_there(standin: Standin) -> None:
    """Kimai answers 404 there, not an empty page; no time at all is the first page, and empty."""
    standin.api.tells_totals = False

    assert days(standin) == list(range(1, 11))
    standin.api.timesheets.clear()
    assert days(standin) == []


def test_a_first_page_that_is_not_there_is_a_wrong_address(standin: Standin) -> None:
    """It is no empty list."""
    with pytest.raises(NotFound):
        list(source(standin, url=f"{standin.url}/wrong").projects())
    answer = standin.api.answer
    standin.api.answer = lambda asked: Said(404, {}) if asked.path == LIST else answer(asked)
    asked = Calls(settings(url=standin.url), transport_for("kimai"))
    with pytest.raises(NotFound):
        asked.listing("/timesheets", {}, lambda row: row)


def test_a_row_deleted_behind_the_reader_loses_nobody(standin: Standin) -> None:
    """The rows after it move up by one, and one slips past; so the list is read again."""
    on_page(standin, 2, replace=False)

    assert days(standin) == list(range(2, 11))


def test_a_list_that_ends_earlier_than_announced_is_read_again(standin: Standin) -> None:
    """The last row was deleted, and with it the last page."""
    pages = iter(range(100))

    def told() -> None:
        if next(pages) == 5:
            del standin.api.timesheets[-1]

    standin.api.on_page = told

    assert days(standin) == list(range(1, 10))


def test_a_row_that_takes_the_place_of_a_deleted_one_hides_nothing(standin: Standin) -> None:
    """The total stays the same, but the last row of a page is no longer where it was."""
    on_page(standin, 2, replace=True)

    assert days(standin) == list(range(2, 12))


def test_a_place_where_pages_meet_that_is_gone_is_a_shift(standin: Standin) -> None:
    """So many rows were deleted that not even the page of the last one is there."""
    pages = iter(range(100))

    def told() -> None:
        if next(pages) == 2:
            del standin.api.timesheets[2:]

    standin.api.on_page = told

    assert days(standin) == [1, 2]


def test_a_list_that_never_rests_is_left_for_the_next_run(standin: Standin) -> None:
    """Better late than wrong."""

    def replace_one() -> None:
        del standin.api.timesheets[0]
        add_one(standin.api)

    standin.api.on_page = replace_one

    with pytest.raises(Unavailable, match="keeps changing"):
        days(standin)


def test_an_id_that_stays_double_counts_once(standin: Standin) -> None:
    """Read twice with the same rows, it is the truth, and told."""
    standin.api.timesheets.append(standin.api.timesheets[0])
    found = list(source(standin).entries(JANUARY))

    assert [each.code for each in problems(found)] == ["DuplicateRecord"]
    assert len(found) == 11


def test_a_list_without_end_is_none(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """So much time nobody has."""
    monkeypatch.setattr(listing, "MOST_PAGES", 3)

    with pytest.raises(UnexpectedAnswer, match="does not end"):
        days(standin)


def test_a_fault_in_the_middle_of_a_list_is_read_over(standin: Standin) -> None:
    """Reads are tried again, page by page."""
    for fault in (Fault.TOO_MANY, Fault.SERVER_ERROR, Fault.RESET_BEFORE, Fault.ANSWER_LOST):
        standin.fail(fault, lambda asked: asked.value("page") == "3")

    assert days(standin) == list(range(1, 11))


def test_a_limit_before_the_server_is_waited_for(standin: Standin) -> None:
    """A refusal is no fault."""
    ticks = iter(range(0, 10**15, 300_000_000))
    standin.api.bucket = Bucket(1, 1, 1, clock=lambda: next(ticks))

    assert days(standin) == list(range(1, 11))


def test_a_wrong_token_stops_every_reader(standin: Standin) -> None:
    """Nothing looks like an empty instance."""
    told = source(standin, api_key=" ")
    for reader in (told.customers(), told.projects(), told.offers(), told.entries(JANUARY), told.check()):
        with pytest.raises(AuthenticationFailed):
            list(reader)


def test_a_refused_parameter_is_told(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """In Kimai's own words."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 501)
    with pytest.raises(RefusedError, match="violated a constraint"):
        days(standin)
    assert words_of_refusal({"message": None}) == words_of_refusal(["?"]) == ""


@pytest.mark.parametrize("body", [{}, [1], [{}], [{"id": "1"}]])
def test_what_is_no_list_of_records_is_refused(standin: Standin, body: object) -> None:
    """Nothing is taken from it."""
    answer = standin.api.answer
    standin.api.answer = lambda asked: Said(200, body) if asked.path == LIST else answer(asked)

    with pytest.raises(UnexpectedAnswer, match="no list of records"):
        days(standin)


def test_an_answer_that_is_no_record_is_refused(standin: Standin) -> None:
    """It is asked for before anything else."""
    standin.api.answer = lambda _: Said(200, [])

    with pytest.raises(UnexpectedAnswer, match="no record came"):
        days(standin)


def test_a_list_that_should_be_whole_and_is_not_is_refused(standin: Standin) -> None:
    """Rather than lose customers, if Kimai ever gives them in pages."""
    answer = standin.api.answer

    def told(asked: Asked) -> Said:
        said: Said = answer(asked)
        headers = {"X-Total-Count": "2"} if asked.path == "/api/customers" else said.headers
        return Said(said.status, said.body, headers)

    standin.api.answer = told

    with pytest.raises(UnexpectedAnswer, match="comes in pages"):
        days(standin)


def test_a_pull_reads_customers_and_projects_once(standin: Standin) -> None:
    """All readers of one pull see the same; the next pull reads anew."""
    told = source(standin)
    for _ in range(2):
        list(told.customers())
        list(told.projects())
        list(told.offers())
        list(told.entries(JANUARY))

    assert standin.calls("GET", "/api/users/me") == 2
    assert standin.calls("GET", "/api/customers") == 2 * 2
    assert standin.calls("GET", "/api/projects") == 2 * 2


def test_without_details_each_list_is_one_call(standin: Standin) -> None:
    """Where the ledger has addresses and dates."""
    list(source(standin, details=False).projects())

    assert standin.calls("GET", "/api/customers") == standin.calls("GET", "/api/projects") == 1
