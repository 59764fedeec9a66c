"""Works of Tryton as projects and subprojects."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.errors import ConfigError
from connector.core.offer import Project, ProjectBilling
from connector.core.problems import Severity
from connector.sources.tryton.works import Works
from tests.sources.tryton_standin import StandIn, settings_of
from tests.support.found import good, problems


def works(standin: StandIn, **settings: Any) -> Works:  # noqa: ANN401 - settings as a configuration has them
    """Return all works."""
    return Works.read(standin.calls(), settings_of(**settings))


def test_projects_and_subprojects() -> None:
    """A project within a project is a part of it, also with tasks between, and has its customer."""
    standin = StandIn()
    task = standin.work("Paket", "T-1", parent=standin.project["id"])
    standin.work("Unterprojekt", "P-2", type="project", parent=task["id"])

    assert good(standin.source().projects()) == [
        Project("P-1", "Relaunch", "K-1", origin="tryton: project P-1"),
        Project("P-2", "Unterprojekt", "K-1", parent="P-1", origin="tryton: project P-2"),
    ]


@pytest.mark.parametrize(
    ("method", "billing"),
    [
        ("effort", ProjectBilling.FIXED_PRICE),
        ("progress", ProjectBilling.FIXED_PRICE),
        ("timesheet", ProjectBilling.TIME_AND_MATERIALS),
        ("manual", ProjectBilling.UNSTATED),
        (None, ProjectBilling.UNSTATED),
    ],
)
def test_how_a_project_is_billed(method: str | None, billing: ProjectBilling) -> None:
    """By its invoice method; "manual" leaves it to the agreement."""
    standin = StandIn()
    standin.project["project_invoice_method"] = method

    assert [each.billing for each in good(standin.source().projects())] == [billing]


def test_an_instance_without_prices_and_invoices_is_read() -> None:
    """They come with modules of their own."""
    standin = StandIn()
    standin.fields["project.work"] = (
        "name number type party parent origin progress effort_duration create_date write_date company"
    )

    assert [each.billing for each in good(standin.source().projects())] == [ProjectBilling.UNSTATED]


def test_an_instance_without_projects_is_refused() -> None:
    """The module is named."""
    standin = StandIn()
    del standin.fields["project.work"]

    with pytest.raises(ConfigError) as refused:
        list(standin.source().projects())
    assert "activate the module project" in refused.value.hint


def test_a_project_of_nobody_is_the_agencys_own() -> None:
    """It is told as a notice, for Tryton asks for no party."""
    standin = StandIn()
    standin.work("Intern", "P-2", type="project")

    told = list(standin.source().projects())
    assert [each.id for each in told if isinstance(each, Project)] == ["P-1"]
    [notice] = problems(told)
    assert (notice.code, notice.place, notice.severity) == ("CustomerMissing", "tryton: project P-2", Severity.NOTICE)


def test_a_project_whose_customer_has_a_fault() -> None:
    """Without the customer it cannot be billed."""
    standin = StandIn()
    standin.customer["code"] = ""

    [problem] = problems(standin.source().projects())
    assert (problem.code, problem.place, problem.severity) == (
        "CustomerMissing",
        "tryton: project P-1",
        Severity.HOLD,
    )


def test_a_project_by_its_own_number() -> None:
    """Where numbers are not kept."""
    standin = StandIn()
    standin.project["number"] = None

    assert [each.id for each in good(standin.source(project_id="id").projects())] == ["1"]
    [problem] = problems(standin.source().projects())
    assert (problem.code, problem.place) == ("UnreadableRecord", "tryton: project #1")


def test_two_projects_of_one_number() -> None:
    """The second is not read."""
    standin = StandIn()
    standin.work("Zwilling", "P-1", type="project", party=1)

    [problem] = problems(standin.source().projects())
    assert (problem.code, problem.place) == ("DuplicateId", "tryton: project #2")


def test_a_work_that_is_not_as_tryton_has_it() -> None:
    """The others are read."""
    standin = StandIn()
    standin.work("Seltsam", "X", type="milestone")

    told = list(standin.source().projects())
    [problem] = problems(told)
    assert (problem.code, problem.place) == ("UnreadableRecord", "tryton: work #2")
    assert len(told) == 2


def test_what_a_work_is_called_in_messages() -> None:
    """By the number people see, where it has one."""
    standin = StandIn()
    standin.work("Aufgabe", "T-1")
    standin.work("Ohne Nummer", "")
    read = works(standin)

    assert [read.place(number) for number in (1, 2, 3, 99)] == [
        "tryton: project P-1",
        "tryton: task T-1",
        "tryton: work #3",
        "tryton: work #99",
    ]


def test_a_circle_ends_where_it_closes() -> None:
    """Tryton allows none; should one come, nothing hangs."""
    standin = StandIn()
    one = standin.work("Eins", "T-1")
    two = standin.work("Zwei", "T-2", parent=one["id"])
    one["parent"] = two["id"]
    read = works(standin)

    assert [each.name for each in read.upwards(one["id"])] == ["Eins", "Zwei"]
    assert read.project_of(one["id"]) is None
