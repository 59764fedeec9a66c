"""MOCO's activities become time entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from connector.sources.moco import calls
from tests.sources.moco_world import World
from tests.standins import Asked, Said
from tests.support.found import good, problems

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))


def entries(world: World, **settings: Any) -> list[TimeEntry | Problem]:  # noqa: ANN401 - settings
    """Return what the source tells of the year."""
    return list(world.source(**settings).entries(YEAR))


def test_an_activity_becomes_a_time_entry() -> None:
    """The task is the activity, and leads to the position that is called like it."""
    world = World()
    world.add_offer("A-1", world.item("Konzept"), world.item("Entwicklung"))
    activity = world.add_activity(description="Templates", tag="JIRA-1")

    assert entries(world, position_id="number") == [
        TimeEntry(
            id=str(activity["id"]),
            project="P-1",
            day=date(2026, 1, 5),
            seconds=3600,
            person="Anna Berg",
            activity="Entwicklung",
            position="A-1/2",
            text="Templates",
            changed="2026-01-02T09:33:46Z",
            origin=f"moco: activity #{activity['id']}",
        )
    ]


@pytest.mark.parametrize(
    ("told", "settings", "expected"),
    [
        ({"seconds": 4500, "worked_seconds": 5000}, {}, 4500),
        ({"seconds": 4500, "worked_seconds": 5000}, {"seconds_by": "worked_seconds"}, 5000),
        ({"seconds": 0}, {}, 0),
        ({"seconds": 60, "timer_started_at": "2026-01-05T09:00:00Z"}, {}, None),
    ],
    ids=["billable", "worked", "none", "running"],
)
def test_time_is_whole_seconds(told: dict[str, Any], settings: dict[str, str], expected: int | None) -> None:
    """What may be billed, or what was worked; a running timer has no time yet."""
    world = World()
    world.add_activity(**told)

    [entry] = good(entries(world, **settings))

    assert entry.seconds == expected


def test_flags_are_billable_and_approved() -> None:
    """Billable as the activity says; not approved by a tag of the settings; billed in MOCO changes nothing."""
    world = World()
    for told in ({"billable": False}, {"tag": "offen"}, {"billed": True, "invoice_id": 7}, {"tag": None}):
        world.add_activity(**told)

    told_by_day = good(entries(world, unapproved_tags=["offen"]))

    assert [(each.billable, each.approved) for each in told_by_day] == [
        (False, True), (True, False), (True, True), (True, True),
    ]  # fmt: skip


def test_what_people_left_empty_is_empty() -> None:
    """A description or a name is not always there."""
    world = World()
    world.add_activity(description=None, user={"id": 1, "firstname": None, "lastname": "Berg"})

    [entry] = good(entries(world))

    assert (entry.text, entry.person) == ("", "Berg")


def test_only_the_period_is_read() -> None:
    """Half open: its last day belongs to it, the day after does not."""
    world = World()
    for day in ("2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"):
        world.add_activity(date=day)

    told = good(world.source().entries(Period.month_of(date(2026, 1, 1))))

    assert [each.day.day for each in told] == [1, 31]


def test_old_and_future_entries_are_bounded_by_the_period_alone() -> None:
    """Ten years ago and next year are days like others."""
    world = World()
    for day in ("2016-01-05", "2027-06-30"):
        world.add_activity(date=day)

    assert len(good(world.source().entries(Period(date(2000, 1, 1), date(2100, 1, 1))))) == 2


def test_a_task_may_lead_to_no_position() -> None:
    """Options and offers not accepted have none; and the settings may say so for all."""
    world = World()
    world.add_offer("A-1", world.item("Entwicklung", optional=True))
    world.add_offer("A-2", world.item("Entwicklung"), status="sent")
    world.add_activity()

    assert [each.position for each in good(entries(world))] == [""]
    world.add_offer("A-3", world.item("Entwicklung"))
    assert [each.position.partition("/")[0] for each in good(entries(world))] == ["A-3"]
    assert [each.position for each in good(entries(world, position_by="none"))] == [""]


def test_a_task_that_names_two_positions_is_told_once() -> None:
    """The time is read without a position; which one was meant is not guessed."""
    world = World()
    for offer in ("A-1", "N-1"):
        world.add_offer(offer, world.item("Entwicklung"))
    for _ in range(2):
        world.add_activity()

    told = entries(world, position_id="number")

    [notice] = problems(told)
    assert (notice.code, notice.severity) == ("UnknownPosition", Severity.NOTICE)
    assert notice.place == "moco: project P-1 task 'Entwicklung'"
    assert "(A-1/1, N-1/1); the time" in notice.message
    assert [each.position for each in told if isinstance(each, TimeEntry)] == ["", ""]


def test_time_of_a_project_that_is_not_there_is_kept() -> None:
    """It belongs to nothing that is billed; one notice says so."""
    world = World()
    for _ in range(2):
        world.add_activity(project={"id": 999, "name": "Gelöscht"})

    told = entries(world)

    assert [(each.code, each.severity) for each in problems(told)] == [("ProjectNotRead", Severity.NOTICE)]
    assert [each.project for each in told if isinstance(each, TimeEntry)] == ["#999", "#999"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"date": None}, "date is missing"),
        ({"project": None}, "project is missing"),
        ({"project": {"id": "7"}}, "project.id is not as MOCO documents it (str)"),
        ({"task": []}, "task is not as MOCO documents it (list)"),
        ({"user": None}, "user is missing"),
        ({"billable": 1}, "billable is not as MOCO documents it (int)"),
        ({"updated_at": None}, "updated_at is missing"),
        ({"seconds": None}, "seconds is missing"),
        ({"seconds": "3600"}, "seconds is not as MOCO documents it (str)"),
        ({"seconds": -60}, "-60 seconds, less than none"),
        ({"date": "2026-02-30"}, "no such day: '2026-02-30'"),
    ],
)
def test_a_faulty_activity_is_told_and_the_others_go_on(values: dict[str, Any], words: str) -> None:
    """The problem names the activity and what is wrong with it, and holds."""
    world = World()
    faulty = world.add_activity()
    world.add_activity()

    def bend(asked: Asked, said: Said) -> Said:
        if not asked.path.endswith("/activities"):
            return said
        return replace(said, body=[{**row, **values} if row["id"] == faulty["id"] else row for row in said.body])

    world.bend = bend

    told = entries(world)

    [problem] = problems(told)
    assert (problem.code, problem.message, problem.severity) == ("BadTimeEntry", words, Severity.HOLD)
    assert problem.place == f"moco: activity #{faulty['id']}"
    assert sum(isinstance(each, TimeEntry) for each in told) == 1


def test_an_entry_that_moves_while_being_read_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its day was changed from one half of the period to the other, between the two readings."""
    monkeypatch.setattr(calls, "MOST_ROWS", 1)
    world = World()
    moved, _ = world.add_activity(), world.add_activity(date="2026-09-01")

    def after(asked: Asked) -> None:
        if asked.value("to") == "2026-07-01":
            moved["date"] = "2026-08-15"

    world.after = after

    told = entries(world)

    assert [(each.code, each.severity) for each in problems(told)] == [("DuplicateId", Severity.NOTICE)]
    assert sum(isinstance(each, TimeEntry) for each in told) == 2
