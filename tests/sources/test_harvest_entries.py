"""Every trap of Harvest's time entries, and what happens to bad ones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.sources.harvest import Harvest, Settings, build, entries
from connector.sources.harvest.entries import without_position
from tests.sources.harvest_agency import settings_for
from tests.standins import harvest
from tests.standins.server import Asked, Said
from tests.support.direct import Direct

DAY = date(2026, 1, 15)
JANUARY = Period.month_of(DAY)


def source(api: harvest.Harvest, **settings: object) -> Harvest:
    """Return the source of the stand-in; hours as told, no positions."""
    told = {**settings_for("http://localhost:1"), "hours": "as_told", "position_in": "none", **settings}
    return build(Settings.model_validate(told), Direct("harvest", api))


def entry(api: harvest.Harvest, **settings: object) -> TimeEntry:
    """Return the one entry of January."""
    [found] = source(api, **settings).entries(JANUARY)
    assert isinstance(found, TimeEntry)
    return found


@pytest.fixture
def api() -> harvest.Harvest:
    """Return an empty account."""
    return harvest.api()


@pytest.fixture
def project(api: harvest.Harvest) -> harvest.Row:
    """Return a project."""
    return api.add_project("P-1", "Projekt", api.add_client("10001 A"))


@pytest.mark.parametrize(
    ("hours", "rounded", "seconds"),
    [
        (Decimal("2.11"), Decimal("2.25"), [7596, 7620, 8100]),
        (Decimal("0.33"), Decimal("0.50"), [1188, 1200, 1800]),
        (Decimal("5.08"), Decimal("5.25"), [18_288, 18_300, 18_900]),
        (Decimal("0.02"), Decimal("0.25"), [72, 60, 900]),
        (1, 1, [3600, 3600, 3600]),
        (0, 0, [0, 0, 0]),
    ],
)
def test_hours_count_as_the_settings_say(
    api: harvest.Harvest, project: harvest.Row, hours: Decimal | int, rounded: Decimal | int, seconds: list[int]
) -> None:
    """Two decimals as they come, the minutes they were rounded from, or Harvest's own rounding; all whole seconds."""
    api.add_entry(DAY, hours, project, rounded_hours=rounded)

    assert [entry(api, hours=each).seconds for each in ("as_told", "minutes", "rounded")] == seconds


@pytest.mark.parametrize("minutes", range(60))
def test_every_whole_minute_survives_two_decimals(api: harvest.Harvest, project: harvest.Row, minutes: int) -> None:
    """What was typed as 7:01 comes as 7.02, and is 7:01 again."""
    seconds = 7 * 3600 + minutes * 60
    api.add_entry(DAY, harvest.two_decimals(seconds), project)

    assert entry(api, hours="minutes").seconds == seconds


def test_a_running_timer_has_no_seconds(api: harvest.Harvest, project: harvest.Row) -> None:
    """Its hours are those before it was started again."""
    api.add_entry(DAY, Decimal("1.25"), project, is_running=True)

    assert entry(api).seconds is None


def test_an_entry_tells_who_did_what(api: harvest.Harvest, project: harvest.Row) -> None:
    """Closed means approved; locked and billed count for nothing, nor do the times of day."""
    more: dict[str, Any] = {"notes": "Moodboards", "is_closed": True, "is_locked": True, "is_billed": True}
    row = api.add_entry(DAY, 1, project, started_time="3:00pm", ended_time="5:00pm", billable=False, **more)

    assert entry(api) == TimeEntry(
        id=str(row["id"]),
        project="P-1",
        day=DAY,
        seconds=3600,
        person="Kim Allen",
        activity="Konzept",
        text="Moodboards",
        billable=False,
        approved=True,
        changed=row["updated_at"],
        origin=f"harvest: time entry {row['id']}",
    )


@pytest.mark.parametrize(
    ("where", "words", "found"),
    [
        ("none", ("Konzept [A/1]", None), ("", "Konzept [A/1]", "Konzept [A/1]")),
        ("task", ("Konzept [AN-2026-004/1]", None), ("AN-2026-004/1", "Konzept", "Konzept")),
        ("task", ("Konzept", "[A/1] Moodboards"), ("", "Konzept", "[A/1] Moodboards")),
        ("notes", ("Konzept", "[A/1] Moodboards"), ("A/1", "Konzept", "Moodboards")),
        ("notes", ("Konzept", "Mood [A/1] boards"), ("A/1", "Konzept", "Mood boards")),
        ("notes", ("Konzept", None), ("", "Konzept", "Konzept")),
    ],
)
def test_a_position_stands_in_brackets(
    api: harvest.Harvest,
    project: harvest.Row,
    where: str,
    words: tuple[str, str | None],
    found: tuple[str, str, str],
) -> None:
    """In the task's name or in the notes, as the settings say; the brackets leave the text."""
    task, notes = words
    api.add_entry(DAY, 1, project, task, notes=notes)
    told = entry(api, position_in=where)

    assert (told.position, told.activity, told.text) == found


@pytest.mark.parametrize("text", ["[A]", "[/1]", "[A/]", "[A/1/2]", "[ A/1]", "A/1", "[]", "[[A/1"])
def test_other_brackets_name_no_position(text: str) -> None:
    """People write brackets for other reasons too."""
    assert without_position(text) == (text, "")


@pytest.mark.parametrize(
    "more",
    [
        {"hours": None},
        {"hours": Decimal("-0.5")},
        {"hours": "1.5"},
        {"hours": True},
        {"billable": None},
        {"is_running": "no"},
        {"is_closed": 1},
        {"spent_date": "2026-01-15T00:00"},
        {"task": None},
        {"project": None},
    ],
)
def test_a_bad_entry_is_told_and_the_others_go_on(
    api: harvest.Harvest, project: harvest.Row, more: dict[str, Any]
) -> None:
    """The problem names the entry; nothing is guessed, and nothing is 0 for want of a value."""
    bad = api.add_entry(DAY, 1, project, rounded_hours=1)
    bad |= more
    api.add_entry(DAY, 2, project)
    found = sorted(source(api).entries(JANUARY), key=lambda value: isinstance(value, TimeEntry))
    problem, good = found

    assert isinstance(problem, Problem)
    assert isinstance(good, TimeEntry)
    assert (problem.code, problem.place) == ("BadTimeEntry", f"harvest: time entry {bad['id']}")
    assert good.seconds == 7200


def test_time_of_a_project_nobody_lists_keeps_its_name(api: harvest.Harvest, project: harvest.Row) -> None:
    """The code beside the entry stands, else Harvest's id."""
    gone = {**project, "id": 1, "code": "GONE"}
    api.add_entry(DAY, 1, gone)
    api.add_entry(DAY, 1, gone)["project"] = {"id": 2, "name": "Gone"}

    told = {each.project for each in source(api).entries(JANUARY) if isinstance(each, TimeEntry)}
    assert told == {"GONE", "2"}


def test_many_entries_are_read_in_stretches(
    api: harvest.Harvest, project: harvest.Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each day's time comes once; a single day is read whole, however much it has."""
    monkeypatch.setattr(entries, "MOST_ROWS", 3)
    for day in (1, 1, 1, 1, 2, 15, 16, 17, 31):
        api.add_entry(date(2026, 1, day), 1, project)
    found = source(api).entries(JANUARY)

    assert sorted(each.day.day for each in found if isinstance(each, TimeEntry)) == [1, 1, 1, 1, 2, 15, 16, 17, 31]


def test_old_and_future_entries_are_only_bounded_by_the_period(api: harvest.Harvest, project: harvest.Row) -> None:
    """Ten years back and two ahead come if they are asked for."""
    for day in (date(2016, 2, 29), date(2028, 2, 29)):
        api.add_entry(day, 1, project)

    assert len(list(source(api).entries(Period(date(2000, 1, 1), date(2100, 1, 1))))) == 2
    assert list(source(api).entries(JANUARY)) == []


def test_a_server_that_ignores_the_filter_is_not_believed(api: harvest.Harvest, project: harvest.Row) -> None:
    """Else the time of other months would be deleted here or doubled."""
    api.add_entry(date(2026, 6, 1), 1, project)
    answer = api.answer

    def unfiltered(asked: Asked) -> Said:
        query = {name: value for name, value in asked.query.items() if name not in ("from", "to")}
        return answer(Asked(asked.method, asked.path, query, asked.headers, asked.body))

    api.answer = unfiltered  # type: ignore[method-assign]

    with pytest.raises(UnexpectedAnswer, match="time of 2026-06-01 came"):
        list(source(api).entries(JANUARY))
