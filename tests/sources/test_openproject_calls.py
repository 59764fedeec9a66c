"""What goes out to OpenProject, and lists that are whole or not taken."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date

import pytest

from connector.core.errors import AuthenticationFailed, NotAllowed, RefusedError, Unavailable, UnexpectedAnswer
from connector.core.problems import Severity
from connector.core.timesheet import TimeEntry
from connector.http import listing
from connector.sources.openproject import OpenProject, build, calls
from connector.sources.openproject.calls import filters_of, words_of_refusal
from tests.sources.openproject_agency import TOKEN
from tests.sources.openproject_world import JANUARY, settings
from tests.standins import Asked, Fault, Said, Standin, openproject, serving
from tests.standins.bucket import Bucket
from tests.support.found import problems
from tests.support.transports import transport_for

LIST = "/api/v3/time_entries"


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """Yield an instance with ten entries, in pages of three."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 3)
    api = openproject.api()
    project = api.add_project("relaunch", "Relaunch")
    for day in range(1, 11):
        api.add_entry(date(2026, 1, day), "PT1H", project)
    with serving(api) as running:
        yield running


def source(standin: Standin, **more: object) -> OpenProject:
    """Return a source that asks over the network."""
    return build(settings(url=standin.url, **more), transport_for("openproject"))


def days(standin: Standin) -> list[int]:
    """Return the days that have time, in the order they come."""
    return [each.day.day for each in source(standin).entries(JANUARY) if isinstance(each, TimeEntry)]


def test_all_pages_are_read(standin: Standin) -> None:
    """A look at the total, four pages by their number, and a look at each place where they meet."""
    assert days(standin) == list(range(1, 11))
    assert standin.calls("GET", LIST) == 1 + 4 + 3
    pages = [asked.value("offset") for asked in standin.asked if asked.path == LIST and asked.value("pageSize") == "3"]
    assert pages == ["1", "2", "3", "4"]


def test_every_request_carries_the_key_as_openproject_wants_it(standin: Standin) -> None:
    """As the password of the user `apikey`."""
    days(standin)

    pair = base64.b64encode(f"apikey:{TOKEN}".encode()).decode()
    assert {asked.headers["authorization"] for asked in standin.asked} == {f"Basic {pair}"}


def test_filters_are_json_and_ask_for_a_day_more(standin: Standin) -> None:
    """Whether the ends belong to a span of days is not documented."""
    days(standin)

    told = {asked.value("filters") for asked in standin.asked if asked.path == LIST}
    assert [json.loads(each) for each in told] == [
        [{"spent_on": {"operator": "<>d", "values": ["2025-12-31", "2026-02-01"]}}]
    ]
    assert filters_of() == "[]"


def test_a_server_may_give_less_than_is_asked_for(standin: Standin) -> None:
    """It lowers the size of a page without a word; the total tells when the list is whole."""
    standin.api.most_rows = 2

    assert days(standin) == list(range(1, 11))


def on_page(standin: Standin, at: int, change: str) -> None:
    """Delete the first entry, or replace it by a new last one, after so many pages of time."""
    pages = iter(range(100))

    def told(path: str) -> None:
        if path == "time_entries" and next(pages) == at:
            del standin.api.time_entries[0]
            if change == "replace":
                standin.api.add_entry(date(2026, 1, 11), "PT1H", standin.api.projects[0])

    standin.api.on_page = told


def test_a_row_deleted_behind_the_reader_loses_nobody(standin: Standin) -> None:
    """The rows after it move up by one, and one slips past; so the list is read again."""
    on_page(standin, 2, "delete")

    assert days(standin) == list(range(2, 11))


def test_a_row_that_takes_the_place_of_a_deleted_one_hides_nothing(standin: Standin) -> None:
    """The total stays the same, but the last row of a page is no longer where it was."""
    on_page(standin, 2, "replace")

    assert days(standin) == list(range(2, 12))


def test_a_list_that_never_rests_is_left_for_the_next_run(standin: Standin) -> None:
    """Better late than wrong."""

    def replace_one(path: str) -> None:
        if path == "time_entries":
            del standin.api.time_entries[0]
            standin.api.add_entry(date(2026, 1, 11), "PT1H", standin.api.projects[0])

    standin.api.on_page = replace_one

    with pytest.raises(Unavailable, match="keeps changing"):
        days(standin)


def test_an_id_that_stays_double_counts_once(standin: Standin) -> None:
    """Read twice with the same rows, it is the truth, and told."""
    standin.api.time_entries.append(standin.api.time_entries[0])
    found = list(source(standin).entries(JANUARY))

    assert [each.code for each in problems(found)] == ["DuplicateRecord"]
    assert len(found) == 11


def test_a_total_that_is_never_reached_is_refused(standin: Standin) -> None:
    """Two entries are announced and stay away: they would look deleted."""
    answer = standin.api.answer

    def told(asked: Asked) -> Said:
        said: Said = answer(asked)
        return Said(said.status, said.body | {"total": 12} if asked.path == LIST else said.body, said.headers)

    standin.api.answer = told

    with pytest.raises(UnexpectedAnswer, match="announces 12 rows, and gives 10"):
        days(standin)


def test_a_list_without_end_is_none(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """So much time nobody has."""
    monkeypatch.setattr(listing, "MOST_PAGES", 3)

    with pytest.raises(UnexpectedAnswer, match="does not end"):
        days(standin)


def test_a_fault_in_the_middle_of_a_list_is_read_over(standin: Standin) -> None:
    """Reads are tried again, page by page."""
    for fault in (Fault.TOO_MANY, Fault.SERVER_ERROR, Fault.RESET_BEFORE, Fault.ANSWER_LOST):
        standin.fail(fault, lambda asked: asked.value("offset") == "3")

    assert days(standin) == list(range(1, 11))


def test_a_limit_before_the_server_is_waited_for(standin: Standin) -> None:
    """A refusal is no fault."""
    ticks = iter(range(0, 10**15, 300_000_000))
    standin.api.bucket = Bucket(1, 1, 1, clock=lambda: next(ticks))

    assert days(standin) == list(range(1, 11))


def test_a_wrong_key_stops_every_reader(standin: Standin) -> None:
    """Nothing looks like an empty instance."""
    told = source(standin, api_key=" ")
    for reader in (told.projects(), told.readings(JANUARY.last_day), told.entries(JANUARY), told.check()):
        with pytest.raises(AuthenticationFailed):
            list(reader)


def test_words_of_refusals_are_passed_on() -> None:
    """One message, several, or none."""
    assert words_of_refusal({"message": "Nein."}) == "Nein."
    assert words_of_refusal({"message": ["Eins.", "Zwei."]}) == "Eins.; Zwei."
    assert words_of_refusal({}) == words_of_refusal(["?"]) == ""


def test_a_filter_that_is_refused_is_told(standin: Standin) -> None:
    """In OpenProject's own words."""
    asked = calls.Calls(settings(url=standin.url), transport_for("openproject"))

    with pytest.raises(RefusedError, match="Invalid filter does not exist"):
        asked.total("/time_entries", filters_of(spent_at=("=", ["1"])))


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"total": 1, "_embedded": []},
        {"total": 1, "_embedded": {"elements": {}}},
        {"total": 1, "_embedded": {"elements": [1]}},
        {"total": 1, "_embedded": {"elements": [{"id": "1"}]}},
        {"total": "1", "_embedded": {"elements": [{"id": 1}]}},
    ],
)
def test_what_is_no_list_of_records_is_refused(standin: Standin, body: object) -> None:
    """Nothing is taken from it."""
    answer = standin.api.answer
    standin.api.answer = lambda asked: Said(200, body) if asked.path == LIST else answer(asked)

    with pytest.raises(UnexpectedAnswer, match="no list of records"):
        days(standin)


def test_a_schema_that_is_none_is_refused(standin: Standin) -> None:
    """It is asked for before the projects."""
    answer = standin.api.answer
    standin.api.answer = lambda asked: Said(200, []) if asked.path.endswith("/schema") else answer(asked)

    with pytest.raises(UnexpectedAnswer, match="no resource came"):
        list(source(standin, project={"customer": "Kundennummer"}).projects())


def test_rights_that_cannot_be_asked_for_are_a_notice(standin: Standin) -> None:
    """Older versions may not know the actions; other refusals stop the pull."""
    standin.api.knows_actions = False
    found = problems(source(standin).projects())

    assert [(each.code, each.severity) for each in found] == [("RightMissing", Severity.NOTICE)] * 2
    assert "Invalid filter" in found[0].message

    answer = standin.api.answer
    standin.api.answer = lambda asked: Said(403, {}) if "user_action" in asked.value("filters") else answer(asked)
    with pytest.raises(NotAllowed):
        list(source(standin).projects())


def test_a_pull_reads_projects_and_work_packages_once(standin: Standin) -> None:
    """All readers of one pull see the same; the next pull reads anew."""
    standin.api.add_field(openproject.PACKAGES, "Position")
    standin.api.add_package(standin.api.projects[0], "Konzept")
    told = source(standin, work_package={"position": "Position"})
    for _ in range(2):
        list(told.projects())
        list(told.readings(JANUARY.last_day))
        list(told.entries(JANUARY))

    assert standin.calls("GET", "/api/v3/projects") == 2 * 3
    assert standin.calls("GET", "/api/v3/work_packages") == 2 * 2
