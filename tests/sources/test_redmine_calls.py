"""Walking Redmine's lists while they change, and answers that are not Redmine's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.core.errors import AuthenticationFailed, NotAllowed, Unavailable, UnexpectedAnswer
from connector.sources.redmine.calls import MOST_SETBACKS, Calls, words_of_refusal
from connector.sources.redmine.settings import Settings
from tests.sources.redmine_stories import JANUARY, TOLD_URL
from tests.sources.redmine_world import source
from tests.standins.redmine import KEY, Row, StandIn, entry, project
from tests.standins.server import Api, Asked, Said
from tests.support.direct import Direct
from tests.support.transports import MemoryInbox


def calls(api: Api, url: str = TOLD_URL) -> Calls:
    """Return calls to the stand-in."""
    return Calls(Settings.model_validate({"url": url, "api_key": KEY}), Direct("redmine", api))


def walked(standin: StandIn) -> list[int]:
    """Return the ids of a walk through the time entries."""
    return [row["id"] for row in calls(standin).walk("time_entries", {})]


def entries(count: int) -> list[Row]:
    """Return so many entries, numbered from 1."""
    return [{"id": number} for number in range(1, count + 1)]


@pytest.mark.parametrize("count", [0, 1, 2, 99, 100, 101, 199, 200, 298, 299])
def test_every_row_comes_once(count: int) -> None:
    """Whatever the number of rows, around the ends of pages too, each comes once and in order."""
    assert walked(StandIn(time_entries=entries(count))) == list(range(1, count + 1))


def test_a_list_of_one_page_takes_one_request() -> None:
    """No page is asked for that cannot have anything."""
    standin = StandIn(time_entries=entries(100))
    walked(standin)
    assert [path for path, _ in standin.asked] == ["/users/current.json", "/time_entries.json"]
    assert standin.asked[1][1] == {"sort": "id:asc", "limit": "100", "offset": "0"}


Change = tuple[str, int]
CHANGES = st.lists(st.tuples(st.sampled_from(["delete", "insert", "both"]), st.integers(0, 400)), max_size=8)


def apply(rows: list[Row], change: Change) -> None:
    """Delete or insert a row somewhere; inserted ones get numbers in between, as edits into the window do."""
    kind, at = change
    if kind != "insert" and rows:
        del rows[at % len(rows)]
    if kind != "delete":
        taken = {row["id"] for row in rows}
        number = next(number for number in range(at * 2 + 1, 10_000, 2) if number not in taken)
        rows[:] = sorted([*rows, {"id": number}], key=lambda row: int(row["id"]))


@settings(deadline=None)  # a busy machine is no fault
@given(st.integers(0, 350), CHANGES)
def test_rows_that_stay_are_never_lost_or_doubled(count: int, changes: list[Change]) -> None:
    """Whatever is deleted and inserted between pages, a row that was there all the time comes exactly once."""
    rows: list[Row] = [{"id": 2 * number} for number in range(1, count + 1)]
    before = {row["id"] for row in rows}
    planned: Iterator[Change] = iter(changes)
    staying = set(before)

    def change_something(_name: str) -> None:
        if change := next(planned, None):
            apply(rows, change)
            staying.intersection_update(row["id"] for row in rows)

    read = walked(StandIn(time_entries=rows, on_page=change_something))
    assert staying <= set(read)
    assert read == sorted(set(read))


@settings(deadline=None)  # a busy machine is no fault
@given(st.integers(0, 350), CHANGES)
def test_projects_that_stay_are_never_lost_or_doubled(count: int, changes: list[Change]) -> None:
    """A list that cannot be sorted by id is read again until no page shifted against the one before."""
    rows: list[Row] = [{"id": 2 * number} for number in range(1, count + 1)]
    planned: Iterator[Change] = iter(changes)
    staying = {row["id"] for row in rows}

    def change_something(_name: str) -> None:
        if change := next(planned, None):
            apply(rows, change)
            staying.intersection_update(row["id"] for row in rows)

    read = [row["id"] for row in calls(StandIn(projects=rows, on_page=change_something)).whole("projects", {})]
    assert staying <= set(read)
    assert len(read) == len(set(read))


@pytest.mark.parametrize("name", ["projects", "time_entries"])
def test_a_list_that_never_rests_is_left_for_later(name: str) -> None:
    """A list that shifts again and again ends the run as temporary, after a bounded number of requests."""
    rows = entries(5_000)

    def delete_first(_name: str) -> None:
        if len(rows) % 100 < 99 or len(standin.asked) > 2:
            del rows[0]

    standin = StandIn(on_page=delete_first)
    setattr(standin, name, rows)
    reader = calls(standin).whole if name == "projects" else calls(standin).walk
    with pytest.raises(Unavailable, match="keeps changing"):
        list(reader(name, {}))
    assert len(standin.asked) < 4 * MOST_SETBACKS


@pytest.mark.parametrize(
    "answer",
    [
        [],
        b"null",
        "OK",
        {},
        {"time_entries": None},
        {"time_entries": {"id": 1}},
        {"time_entries": [1]},
        {"time_entries": [{"number": 1}]},
        {"time_entries": [{"id": "1"}]},
        {"time_entries": [], "total_count": "many"},
        {"time_entries": [{"id": 1}], "total_count": 2},
        {"time_entries": [], "total_count": 2},
        {"time_entries": [{"id": 2}, {"id": 1}], "total_count": 2},
        {"time_entries": [{"id": 1}, {"id": 1}], "total_count": 2},
    ],
)
def test_what_is_no_list_of_redmine_is_refused(answer: Any) -> None:  # noqa: ANN401 - JSON
    """Another shape, another order, or rows that are announced and do not come: nothing is taken from it."""
    standin = StandIn(single={"/time_entries.json": answer})
    with pytest.raises(UnexpectedAnswer, match="time_entries") as caught:
        walked(standin)
    assert caught.value.place.startswith("redmine: ")


class Saying:
    """A server that says this to everything."""

    def __init__(self, said: Said) -> None:
        self.said = said
        self.asked: list[str] = []

    def answer(self, asked: Asked) -> Said:
        """Say it."""
        self.asked.append(asked.path)
        return self.said


@pytest.mark.parametrize("answer", [{}, [], {"user": []}, {"user": {"login": "anna"}}])
def test_an_unknown_user_is_refused(answer: Any) -> None:  # noqa: ANN401 - JSON
    """An answer that does not say who it is, is no proof of a good key."""
    with pytest.raises(UnexpectedAnswer, match="user"):
        calls(Saying(Said(200, answer))).user()


def test_the_key_is_proven_before_any_list_is_believed() -> None:
    """Each way to read asks who it is first, and only once."""
    standin = StandIn(projects=[project(1, "one")], time_entries=[entry(1)])
    with pytest.raises(AuthenticationFailed):
        list(source(standin, key="another one").entries(JANUARY))
    assert [path for path, _ in standin.asked] == ["/users/current.json"]

    standin.asked.clear()
    redmine = source(standin)
    assert [list(redmine.projects()), list(redmine.entries(JANUARY))]
    assert [path for path, _ in standin.asked].count("/users/current.json") == 1


def test_an_api_that_is_switched_off_is_named() -> None:
    """A 403 to the question who it is means no missing right; the message says where to look in Redmine."""
    with pytest.raises(NotAllowed, match="switched off") as caught:
        calls(Saying(Said(403))).user()
    assert caught.value.place.startswith("redmine: GET https://redmine.example/users/current.json")


def test_the_answer_that_holds_the_key_is_not_kept() -> None:
    """The inbox has the lists, and not who asked for them."""
    inbox = MemoryInbox()
    transport = Direct("redmine", StandIn(), inbox=inbox)
    list(Calls(Settings.model_validate({"url": TOLD_URL, "api_key": KEY}), transport).walk("issues", {}))
    assert ["/issues.json" in place for _, place, _ in inbox.kept] == [True]


def test_the_next_pull_asks_anew() -> None:
    """A source that lives longer than one pull believes neither an old key nor old projects."""
    standin = StandIn(projects=[project(1, "one", Kundennummer="1")], time_entries=[entry(1)])
    redmine = source(standin)
    for pulled in (1, 2):
        assert [*redmine.customers(), *redmine.offers(), *redmine.entries(JANUARY)]
        assert len(list(redmine.projects())) == pulled
        assert [path for path, _ in standin.asked].count("/users/current.json") == pulled
        standin.projects.append(project(2, "two", Kundennummer="2"))


def test_an_address_with_a_path_is_kept() -> None:
    """A Redmine below a path is asked there, with or without a slash at the end."""
    server = Saying(Said(200, {"user": {"id": 1}}))
    calls(server, url="https://tools.example/redmine/").user()
    assert server.asked == ["/redmine/users/current.json"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"errors": ["Stunden ist nicht gültig", "Datum fehlt"]}, "Stunden ist nicht gültig; Datum fehlt"),
        ({"errors": "broken"}, ""),
        ({}, ""),
        ([], ""),
    ],
)
def test_redmines_words(answer: Any, words: str) -> None:  # noqa: ANN401 - JSON
    """Its list of errors becomes a sentence; anything else says nothing."""
    assert words_of_refusal(answer) == words
