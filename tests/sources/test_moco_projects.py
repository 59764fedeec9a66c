"""MOCO's projects: whose they are, how they are billed, and the effort their tasks plan."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connector.core.offer import Project, ProjectBilling
from connector.core.problems import Severity
from tests.sources.moco_world import World
from tests.support.found import good, problems


def test_a_project_keeps_its_number_customer_and_days() -> None:
    """The customer is called by its number, not by MOCO's."""
    world = World()
    world.project |= {"fixed_price": True, "start_date": "2026-01-05", "finish_date": "2026-03-31"}

    assert list(world.source().projects()) == [
        Project(
            "P-1",
            "Relaunch",
            "K-1",
            start=date(2026, 1, 5),
            end=date(2026, 3, 31),
            billing=ProjectBilling.FIXED_PRICE,
            origin="moco: project P-1",
        )
    ]


@pytest.mark.parametrize(
    ("values", "billing"),
    [
        ({"fixed_price": True}, ProjectBilling.FIXED_PRICE),
        ({"fixed_price": False}, ProjectBilling.TIME_AND_MATERIALS),
        ({"fixed_price": True, "retainer": True}, ProjectBilling.UNSTATED),
    ],
)
def test_the_flags_say_how_it_is_billed(values: dict[str, Any], billing: ProjectBilling) -> None:
    """A retainer is neither: its terms stand in the agreement."""
    world = World()
    world.project |= values

    assert [each.billing for each in good(world.source().projects())] == [billing]


def test_archived_projects_are_read() -> None:
    """MOCO leaves them out unless asked; a project is archived before its last invoice often enough."""
    world = World()
    world.project["active"] = False

    assert [each.id for each in good(world.source().projects())] == ["P-1"]


def test_a_custom_property_names_the_project_above() -> None:
    """MOCO has no subprojects of its own."""
    world = World()
    world.add_project("P-2", "Media", custom_properties={"Hauptprojekt": " P-1 "})

    told = good(world.source(project={"parent": "Hauptprojekt"}).projects())

    assert [(each.id, each.parent) for each in told] == [("P-1", ""), ("P-2", "P-1")]


def test_projects_may_be_called_by_mocos_own_number() -> None:
    """And their customers too."""
    world = World()

    [project] = good(world.source(project_id="id", customer_id="id").projects())

    assert (project.id, project.customer) == (str(world.project["id"]), str(world.company["id"]))


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ({"customer": None}, "CustomerMissing", "its customer is not among the companies"),
        ({"customer": {"id": 999}}, "CustomerMissing", "its customer is not among the companies"),
        ({"custom_properties": {"Hauptprojekt": "P-7"}}, "UnknownProject", "'Hauptprojekt' names no project: 'P-7'"),
        (
            {"billing_variant": "moon"},
            "UnreadableRecord",
            "billing_variant: Input should be 'project', 'task' or 'user'",
        ),
        ({"identifier": ""}, "UnreadableRecord", "it has no identifier"),
    ],
    ids=["no customer", "unknown customer", "unknown parent", "unknown variant", "no number"],
)
def test_a_faulty_project_is_told_and_the_others_go_on(values: dict[str, Any], code: str, words: str) -> None:
    """The problem names the project, and holds."""
    world = World()
    world.add_project(**{"identifier": "P-2", "name": "Media", **values})

    told = list(world.source(project={"parent": "Hauptprojekt"}).projects())

    [problem] = problems(told)
    assert (problem.code, problem.severity) == (code, Severity.HOLD)
    assert words in problem.message
    assert [each.id for each in told if isinstance(each, Project)] == ["P-1"]


@pytest.mark.parametrize(
    ("variant", "task", "planned"),
    [
        ("task", {"budget": 3000, "hourly_rate": 100}, 108_000),
        ("project", {"budget": 3000, "hourly_rate": 1}, 90_000),
        ("user", {"budget": 3000, "hourly_rate": 100}, None),
        ("task", {"budget": 3000, "hourly_rate": 0}, None),
        ("task", {"budget": None, "hourly_rate": 100}, None),
        ("task", {"budget": -500, "hourly_rate": 100}, None),
    ],
    ids=["rate of the task", "rate of the project", "rate of persons", "no rate", "no budget", "scope removed"],
)
def test_the_budget_of_a_task_plans_effort_at_the_rate_that_holds(
    variant: str, task: dict[str, Any], planned: int | None
) -> None:
    """The billing variant says whose hourly rate holds; with persons' rates, money says nothing of hours."""
    world = World()
    world.project |= {"billing_variant": variant, "hourly_rate": 120}
    world.add_task("Projektleitung", **task)
    world.add_offer("A-1", world.item("Projektleitung", net_total=3000))

    [offer] = good(world.source().offers())

    assert [each.planned_seconds for each in offer.positions] == [planned]


def test_two_tasks_of_one_name_plan_nothing() -> None:
    """Which of the two it would be is not guessed."""
    world = World()
    world.project |= {"billing_variant": "task"}
    for _ in range(2):
        world.add_task("Projektleitung", budget=3000, hourly_rate=100)
    world.add_offer("A-1", world.item("Projektleitung"))

    [offer] = good(world.source().offers())

    assert offer.positions[0].planned_seconds is None
