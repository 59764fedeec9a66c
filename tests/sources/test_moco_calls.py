"""Lists of MOCO are read whole: no row is lost or doubled, whatever happens while they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any

import pytest

from connector.core.errors import AuthenticationFailed, NotAllowed, Unavailable, UnexpectedAnswer
from connector.core.period import Period
from connector.core.ports import Rate
from connector.sources.moco import Settings, build, calls
from connector.sources.moco.calls import RATE, words_of_refusal
from tests.sources.moco_agency import KEY
from tests.sources.moco_world import World
from tests.standins import Asked, Fault, Said, Standin, serving
from tests.standins.moco import api
from tests.support.found import good, problems
from tests.support.transports import transport_for

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))

Bend = Callable[[Asked, Said], Said]


def with_headers(**headers: str) -> Bend:
    """Return a bend that adds these headers; those without a value are taken away."""

    def bend(_: Asked, said: Said) -> Said:
        told = {**said.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return replace(said, headers={name: value for name, value in told.items() if value})

    return bend


def at_noon(_: Asked, said: Said) -> Said:
    """Let the server's clock stand at noon of 6 March 2026."""
    noon = datetime(2026, 3, 6, 12, 0, 0, tzinfo=UTC)
    return replace(said, headers={**said.headers, "Date": format_datetime(noon, usegmt=True)})


def bent(world: World, bend: Bend) -> World:
    """Return the world with its answers bent."""
    world.bend = bend
    return world


def companies(world: World, count: int) -> World:
    """Return the world with so many companies."""
    for number in range(2, count + 1):
        world.api.add("/companies", identifier=f"K-{number}", name=f"Kunde {number}")
    return world


def ids(rows: list[Any]) -> list[int]:
    """Return the ids of the rows."""
    return [row["id"] for row in rows]


@pytest.mark.parametrize("count", [1, 99, 100, 101, 200, 250])
def test_every_page_is_read(count: int) -> None:
    """As many rows as the header announces, in the order of ids, though MOCO sends the newest first."""
    world = companies(World(), count)

    rows = world.calls().rows("/companies", type="customer")

    assert ids(rows) == sorted(row["id"] for row in world.api.lists["/companies"])
    assert len(world.asked) == max(1, -(-count // 100))


def test_an_empty_list_is_one_call() -> None:
    """There is nothing to ask for after that."""
    world = World()

    assert world.calls().rows("/offers") == []
    assert world.paths() == ["/offers"]


def deleting(world: World) -> Callable[[Asked], None]:
    """Return what deletes the newest company after the first page, once."""

    def after(asked: Asked) -> None:
        if asked.value("page") == "1" and len(world.asked) == 1:
            del world.api.lists["/companies"][-1]

    return after


def adding(world: World) -> Callable[[Asked], None]:
    """Return what adds a company after the first page, once."""

    def after(asked: Asked) -> None:
        if asked.value("page") == "1" and len(world.asked) == 1:
            world.api.add("/companies", identifier="K-new", name="Neu")

    return after


def replacing(world: World) -> Callable[[Asked], None]:
    """Return what deletes the newest and adds an older one after the first page, once: the total stays."""

    def after(asked: Asked) -> None:
        if asked.value("page") == "1" and len(world.asked) == 1:
            del world.api.lists["/companies"][-1]
            now = "2026-03-06T12:00:01Z"
            world.api.add("/companies", id=0, identifier="K-0", name="Verschoben", updated_at=now)

    return after


@pytest.mark.parametrize("happens", [deleting, adding, replacing])
def test_a_page_that_shifts_loses_and_doubles_nothing(happens: Callable[[World], Callable[[Asked], None]]) -> None:
    """The list is read again as soon as its total, an id or the day of a change shows that it moved."""
    world = companies(World(), 150)
    world.after = happens(world)
    clock = {"now": "12:00"}

    def bend(asked: Asked, said: Said) -> Said:
        later = len(world.asked) > 2
        clock["now"] = "12:30" if later else "12:00"
        return with_headers(Date=f"Fri, 06 Mar 2026 {clock['now']}:00 GMT")(asked, said)

    rows = bent(world, bend).calls().rows("/companies")

    assert ids(rows) == sorted(row["id"] for row in world.api.lists["/companies"])
    assert len(world.asked) == 4


def test_a_list_that_never_holds_still_is_left_for_the_next_run() -> None:
    """The reading ends with an error that says to wait, not with half a list."""
    world = companies(World(), 150)
    world.api.lists["/companies"][0]["updated_at"] = "2026-03-06T12:00:00Z"

    with pytest.raises(Unavailable, match="keeps changing"):
        bent(world, at_noon).calls().rows("/companies")
    assert len(world.asked) == 2 * calls.MOST_SETBACKS


def test_a_list_of_one_page_cannot_shift() -> None:
    """A row that was changed a moment ago is no reason to read it again."""
    world = World()
    world.company["updated_at"] = "2026-03-06T12:00:00Z"

    assert len(bent(world, at_noon).calls().rows("/companies")) == 1
    assert len(world.asked) == 1


def test_a_short_list_may_lack_the_total() -> None:
    """What would fit on a page is whole."""
    assert len(bent(companies(World(), 99), with_headers(X_Total="")).calls().rows("/companies")) == 99


@pytest.mark.parametrize(
    ("bend", "words"),
    [
        (with_headers(X_Total=""), "does not tell how many"),
        (with_headers(X_Total="many"), "does not tell how many"),
        (with_headers(X_Total="99"), "100 rows came, though it announces 99"),
        (lambda _, said: replace(said, body={"companies": []}), "no list of records"),
        (lambda _, said: replace(said, body=["K-1"]), "no list of records"),
        (lambda _, said: replace(said, body=[{"id": "1"}]), "no list of records"),
        (lambda _, said: replace(said, body=[{"id": True}]), "no list of records"),
    ],
    ids=["no total", "no number", "too many", "an object", "texts", "an id of text", "an id of truth"],
)
def test_what_is_no_whole_list_is_refused(bend: Bend, words: str) -> None:
    """A short page never ends a reading in silence."""
    with pytest.raises(UnexpectedAnswer, match=words):
        bent(companies(World(), 100), bend).calls().rows("/companies")


def test_a_row_told_twice_on_a_page_counts_once() -> None:
    """The same id is the same record."""

    def twice(_: Asked, said: Said) -> Said:
        return replace(said, body=[*said.body, said.body[0]])

    assert len(bent(companies(World(), 3), twice).calls().rows("/companies")) == 3


def test_a_period_with_many_entries_is_read_in_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held at once stays small, and every entry comes once, by its day."""
    monkeypatch.setattr(calls, "MOST_ROWS", 10)
    world = World()
    for number in range(40):
        world.add_activity(date=f"2026-{number % 12 + 1:02}-{number % 28 + 1:02}")

    rows = list(world.calls().dated("/activities", YEAR))

    assert sorted(ids(rows)) == sorted(row["id"] for row in world.api.lists["/activities"])
    asked = [(asked.value("from"), asked.value("to")) for asked in world.asked]
    assert asked[:3] == [("2026-01-01", "2026-12-31"), ("2026-01-01", "2026-07-01"), ("2026-01-01", "2026-04-01")]
    assert len(asked) == len(set(asked))


def test_a_single_day_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot be halved, however much is in it."""
    monkeypatch.setattr(calls, "MOST_ROWS", 1)
    world = World()
    for _ in range(3):
        world.add_activity()

    assert len(list(world.calls().dated("/activities", YEAR))) == 3


def test_time_of_another_day_is_refused() -> None:
    """A server that ignores the days asked for would bill time of other periods."""
    world = World()
    world.add_activity(date="2025-12-31")

    def ignoring(asked: Asked, _: Said) -> Said:
        return world.api.answer(replace(asked, query={}))

    with pytest.raises(UnexpectedAnswer, match="a row of 2025-12-31 came"):
        list(bent(world, ignoring).calls().dated("/activities", YEAR))


def test_the_pace_keeps_below_the_limit_in_every_window() -> None:
    """Even a burst followed by the steady rate stays within 120 requests in 2 minutes."""
    assert isinstance(RATE, Rate)
    assert RATE.burst + RATE.requests * 120 // RATE.seconds <= 120


def read_all(standin: Standin, key: str = KEY) -> list[Any]:
    """Return the customers, read over a network."""
    settings = Settings.model_validate({"url": f"{standin.url}/", "api_key": key})
    return list(build(settings, transport_for("moco")).customers())


def test_a_wrong_key_is_refused() -> None:
    """MOCO answers 401; the key stands in no message."""
    with serving(api()) as standin, pytest.raises(AuthenticationFailed) as caught:
        read_all(standin, key="two words")
    assert "words" not in str(caught.value)


def test_a_missing_right_is_told_in_mocos_words() -> None:
    """A key of a user without the right to see customers."""

    class Closed:
        def answer(self, _: Asked) -> Said:
            """Refuse."""
            return Said(403, {"message": "no access to companies"})

    with serving(Closed()) as standin, pytest.raises(NotAllowed, match="no access to companies"):
        read_all(standin)


@pytest.mark.parametrize("fault", [Fault.TOO_MANY, Fault.SERVER_ERROR, Fault.ANSWER_LOST])
def test_a_fault_that_passes_is_tried_again(fault: Fault) -> None:
    """Reads are harmless, so a passing fault costs a call and nothing else."""
    world = World()
    with serving(world) as standin:
        standin.fail(fault)
        assert len(good(read_all(standin))) == 1
        assert standin.calls("GET") == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"message": "Not Found"}, "Not Found"),
        (
            {"name": ["is missing", "is too short"], "date": ["is invalid"]},
            "name: is missing, is too short; date: is invalid",
        ),
        ({"status": 422}, ""),
        ("no", ""),
    ],
)
def test_refusals_are_told_in_mocos_words(answer: object, words: str) -> None:
    """A message, or a list per field."""
    assert words_of_refusal(answer) == words


def test_one_pull_reads_each_list_once() -> None:
    """Customers, projects and offers are kept for as long as the same pull goes on, and read anew in the next."""
    world = World()
    world.add_offer("A-1", world.item("Konzept"))
    source = world.source()
    for _ in range(2):
        found = [*source.customers(), *source.projects(), *source.offers(), *source.readings(date(2026, 12, 31))]
        assert problems([*found, *source.entries(YEAR)]) == []

    one_pull = [
        "/companies", "/projects", "/recurring_expenses", "/offers", f"/offers/{world.api.lists['/offers'][0]['id']}",
        "/projects/expenses", "/activities",
    ]  # fmt: skip
    assert world.paths() == one_pull * 2
