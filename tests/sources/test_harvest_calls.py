"""What goes out to Harvest, and lists that are whole or not taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest

from connector.core.errors import AuthenticationFailed, RefusedError, UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.sources.harvest import calls
from connector.sources.harvest.calls import words_of_refusal
from tests.sources.harvest_stories import source
from tests.standins import Asked, Fault, Said, Standin, harvest, serving
from tests.standins.bucket import Bucket

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """Yield an account with ten entries, in pages of three."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 3)
    api = harvest.api()
    project = api.add_project("P-1", "Projekt", api.add_client("10001 A"))
    for day in range(1, 11):
        api.add_entry(date(2026, 1, day), 1, project)
    with serving(api) as running:
        yield running


def days(standin: Standin) -> list[int]:
    """Return the days that have time, in order."""
    found = source(standin.url, position_in="none").entries(JANUARY)
    return sorted(each.day.day for each in found if isinstance(each, TimeEntry))


@pytest.mark.parametrize("by_cursor", [True, False])
def test_all_pages_are_read_by_their_links(standin: Standin, by_cursor: bool) -> None:  # noqa: FBT001 - a case
    """With a cursor as today, or with page numbers as before; one look at the total, and four pages.

    Where numbered pages meet, the last row is looked at again.
    """
    standin.api.by_cursor = by_cursor

    assert days(standin) == list(range(1, 11))
    assert standin.calls("GET", "/v2/time_entries") == 1 + 4 + (0 if by_cursor else 3)


def test_every_request_says_who_asks(standin: Standin) -> None:
    """Harvest refuses one without account and User-Agent."""
    days(standin)

    for asked in standin.asked:
        assert asked.headers["user-agent"] == "Honorar (rechnung@studio-weissdorn.example)"
        assert asked.headers["harvest-account-id"] == "12345"
        assert asked.headers["authorization"].startswith("Bearer ")


def test_a_link_to_another_host_is_not_followed_there(standin: Standin) -> None:
    """The stand-in's links name the real service; only their parameters are taken."""
    days(standin)

    assert {asked.headers["host"] for asked in standin.asked} == {urlsplit(standin.url).netloc}


def bent(standin: Standin, **more: Any) -> None:  # noqa: ANN401 - any JSON
    """Let every list say this besides."""
    answer = standin.api.answer

    def told(asked: Asked) -> Said:
        said: Said = answer(asked)
        return Said(said.status, {**said.body, **more} if "links" in said.body else said.body, said.headers)

    standin.api.answer = told


def test_links_may_stand_in_angle_brackets(standin: Standin) -> None:
    """So they do in the documentation's examples."""
    answer = standin.api.answer

    def told(asked: Asked) -> Said:
        said: Said = answer(asked)
        for name, link in said.body.get("links", {}).items():
            said.body["links"][name] = link and f"<{link}>"
        return said

    standin.api.answer = told

    assert days(standin) == list(range(1, 11))


def test_older_answers_have_a_page_number_alone(standin: Standin) -> None:
    """Then it is counted on."""
    bent(standin, links=None)

    assert days(standin) == list(range(1, 11))


def test_without_a_total_the_links_are_believed(standin: Standin) -> None:
    """Not every answer has to tell one."""
    bent(standin, total_entries=None)

    assert days(standin) == list(range(1, 11))


@pytest.mark.parametrize("replaced", [False, True])
def test_a_row_deleted_behind_the_reader_loses_nobody(standin: Standin, replaced: bool) -> None:  # noqa: FBT001 - a case
    """By page numbers, rows move up and one slips past; the list is read again, also where another keeps the total."""
    standin.api.by_cursor = False
    pages = iter(range(100))

    def delete_one(path: str) -> None:
        if path == "/time_entries" and next(pages) == 1:
            del standin.api.time_entries[-1]
            if replaced:
                standin.api.add_entry(date(2026, 1, 1), 1, standin.api.projects[0], id=636700099)

    standin.api.on_page = delete_one

    assert days(standin) == ([1] if replaced else []) + list(range(1, 10))


def test_an_id_that_stays_double_counts_once(standin: Standin) -> None:
    """Read twice with the same rows, it is the truth, and told."""
    standin.api.by_cursor = False
    standin.api.time_entries.append(standin.api.time_entries[0])
    found = list(source(standin.url, position_in="none").entries(JANUARY))

    assert [each.code for each in found if isinstance(each, Problem)] == ["DuplicateRecord"]
    assert len([each for each in found if isinstance(each, TimeEntry)]) == 10


def test_links_in_a_circle_are_left(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list without end is none."""
    monkeypatch.setattr(calls, "MOST_PAGES", 5)
    bent(
        standin,
        links={"next": "https://api.harvestapp.com/v2/time_entries?per_page=3&cursor=eyJhZnRlciI6IFsiWiIsIDBdfQ%3D%3D"},
    )

    with pytest.raises(UnexpectedAnswer, match="in a circle"):
        days(standin)


def test_a_fault_in_the_middle_of_a_list_is_read_over(standin: Standin) -> None:
    """Reads are tried again, page by page."""
    for fault in (Fault.TOO_MANY, Fault.SERVER_ERROR, Fault.RESET_BEFORE, Fault.ANSWER_LOST):
        standin.fail(fault, lambda asked: bool(asked.value("cursor")))

    assert days(standin) == list(range(1, 11))


def test_the_limit_of_harvest_is_waited_for(standin: Standin) -> None:
    """A refusal is no fault."""
    ticks = iter(range(0, 10**15, 300_000_000))
    standin.api.bucket = Bucket(1, 1, 1, clock=lambda: next(ticks))

    assert days(standin) == list(range(1, 11))


def test_a_wrong_token_stops_every_reader(standin: Standin) -> None:
    """Nothing looks like an empty account."""
    told = source(standin.url, access_token=" ")  # noqa: S106 - a blank one is refused
    for reader in (told.customers(), told.projects(), told.offers(), told.entries(JANUARY), told.check()):
        with pytest.raises(AuthenticationFailed):
            list(reader)


def test_what_harvest_says_of_a_refusal_is_passed_on(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it comes."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 2001)
    with pytest.raises(RefusedError, match="per_page must be between 1 and 2000"):
        days(standin)
    assert words_of_refusal(["?"]) == ""
    assert words_of_refusal({"error": "invalid", "error_description": "No."}) == "invalid: No."


@pytest.mark.parametrize("body", [{}, {"clients": 1}, {"clients": [1]}, {"clients": [{"id": "1"}]}, []])
def test_what_is_no_list_of_records_is_refused(standin: Standin, body: object) -> None:
    """Nothing is taken from it."""
    answer = standin.api.answer
    standin.api.answer = lambda asked: Said(200, body) if asked.path.endswith("/clients") else answer(asked)

    with pytest.raises(UnexpectedAnswer, match="no list of records"):
        days(standin)


def test_an_answer_that_is_no_user_is_refused(standin: Standin) -> None:
    """It is asked for before anything else."""
    standin.api.user = []

    with pytest.raises(UnexpectedAnswer, match="no record came"):
        days(standin)


def test_a_pull_reads_clients_and_projects_once(standin: Standin) -> None:
    """All readers of one pull see the same; the next pull reads anew."""
    told = source(standin.url)
    for _ in range(2):
        list(told.customers())
        list(told.projects())

    assert (standin.calls("GET", "/v2/users/me"), standin.calls("GET", "/v2/projects")) == (2, 2)
