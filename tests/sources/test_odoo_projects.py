"""Projects of Odoo."""

from __future__ import annotations

from datetime import date

import pytest

from connector.core.errors import ConfigError
from connector.core.offer import Project
from connector.core.problems import Severity
from tests.sources.odoo_world import World, link
from tests.support.found import good, problems


def test_a_project_and_its_days() -> None:
    """Called by Odoo's own number, unless a field is named; archived ones are read, templates are not."""
    world = World()
    world.project |= {"date_start": "2026-01-05", "date": "2026-03-31", "x_studio_number": "P-1", "active": False}
    world.add_project("Vorlage", is_template=True)

    [project] = good(world.told("projects", project_id="x_studio_number"))
    assert project == Project(
        "P-1", "Relaunch", "K-1", start=date(2026, 1, 5), end=date(2026, 3, 31), origin="odoo: project P-1"
    )
    assert [each.id for each in good(world.told("projects"))] == [str(world.project["id"])]


def test_releases_without_templates_are_read() -> None:
    """They came with release 19."""
    world = World()
    world.api.missing["project.project"] = {"is_template"}

    assert len(good(world.told("projects"))) == 1


def test_a_project_of_nobody_is_the_agencys_own() -> None:
    """It is told as a notice, for Odoo asks for no customer."""
    world = World()
    world.project["partner_id"] = False

    [notice] = world.told("projects")
    assert (notice.code, notice.severity) == ("CustomerMissing", Severity.NOTICE)


def test_a_project_whose_customer_has_a_fault() -> None:
    """Without the customer it cannot be billed."""
    world = World()
    world.partner["ref"] = False

    [problem] = world.told("projects")
    assert (problem.code, problem.severity) == ("CustomerMissing", Severity.HOLD)


def test_projects_without_an_id_or_with_that_of_another() -> None:
    """They are named, and the others are read."""
    world = World()
    world.project["x_studio_number"] = "P-1"
    world.add_project("Zwilling", x_studio_number="P-1")
    world.add_project("Ohne")
    world.add_project("Seltsam", x_studio_number="P-4", date="irgendwann")

    told = world.told("projects", project_id="x_studio_number")
    assert [each.code for each in problems(told)] == ["DuplicateId", "UnreadableRecord", "UnreadableRecord"]
    assert [each.id for each in told if isinstance(each, Project)] == ["P-1"]


def test_projects_of_another_company_are_not_read() -> None:
    """Those of no company are for all."""
    world = World()
    world.add_project("Fremd", company_id=[2, "Andere"])
    world.add_project("Gemeinsam", company_id=False)

    assert [each.name for each in good(world.told("projects"))] == ["Relaunch", "Gemeinsam"]


def test_a_misspelt_field_is_refused() -> None:
    """Before any project is asked for it."""
    with pytest.raises(ConfigError, match="x_studio_nummer"):
        World().told("projects", project_id="x_studio_nummer")


def test_a_project_of_a_person() -> None:
    """The customer may be anyone that is billed."""
    world = World()
    person = world.add_partner("Eva Kunz", ref="K-9", is_company=False)
    world.project["partner_id"] = link(person)

    assert [each.customer for each in good(world.told("projects"))] == ["K-9"]
