"""Which projects of a Redmine are read, whose they are, and how they are billed."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.offer import Project, ProjectBilling
from connector.core.party import Address, Party
from connector.core.problems import Problem, Severity
from connector.sources.redmine import Settings
from tests.sources.redmine_stories import JANUARY, TOLD_URL
from tests.sources.redmine_world import source
from tests.standins.redmine import KEY, MEMBER, Row, StandIn, entry, issue, project
from tests.support.found import good, problems

CUSTOMER = {
    "number": "Nr", "name": "Name", "street": "Straße", "postal_code": "PLZ", "city": "Ort", "country": "Land",
    "vat_id": "USt", "email": "Mail", "language": "Sprache", "payment_days": "Ziel", "business": "Firma",
}  # fmt: skip


def tree() -> list[Row]:
    """Return two top projects, one with two levels below."""
    return [
        project(1, "one", Kundennummer="10001"),
        project(2, "one-web", 1),
        project(3, "one-web-shop", 2, Kundennummer="10003"),
        project(4, "two", Kundennummer="10002"),
    ]


def test_all_projects_are_read_if_none_is_named() -> None:
    """Parents and customers come along; a subproject without a number belongs to the customer above."""
    projects = good(source(StandIn(projects=tree())).projects())

    assert [(each.id, each.parent, each.customer) for each in projects] == [
        ("one", "", "10001"),
        ("one-web", "one", "10001"),
        ("one-web-shop", "one-web", "10003"),
        ("two", "", "10002"),
    ]
    assert projects[0].origin == "redmine: project one"


def test_named_projects_come_with_their_subprojects() -> None:
    """Naming one project leaves the others out, and limits every other list to it, subprojects stated."""
    standin = StandIn(projects=tree())
    redmine = source(standin, "one-web")

    assert [(each.id, each.parent) for each in good(redmine.projects())] == [
        ("one-web", ""),
        ("one-web-shop", "one-web"),
    ]
    assert [list(redmine.offers()), list(redmine.entries(JANUARY))] == [[], []]
    filters = [params for path, params in standin.asked if path in ("/issues.json", "/time_entries.json")]
    assert [(each["project_id"], each["subproject_id"]) for each in filters] == [("2", "*"), ("2", "*")]


def test_a_project_named_beside_one_above_is_read_once() -> None:
    """Two names in one line of projects make one walk."""
    standin = StandIn(projects=tree())
    list(source(standin, "one", "one-web").entries(JANUARY))
    assert [path for path, _ in standin.asked].count("/time_entries.json") == 1


def test_closed_projects_are_asked_for() -> None:
    """Redmine lists active projects only, unless both states are named."""
    standin = StandIn(projects=tree())
    list(source(standin).projects())
    assert ("/projects.json", {"status": "1|5", "limit": "100", "offset": "0"}) in standin.asked


def test_an_unknown_project_is_named_with_its_neighbour() -> None:
    """A misspelt identifier is a problem, and the others are read."""
    found = list(source(StandIn(projects=tree()), "two", "onn").projects())
    [problem] = problems(found)
    assert (problem.code, problem.hint, problem.holds) == ("UnknownProject", "did you mean 'one'?", True)
    assert [each.id for each in found if isinstance(each, Project)] == ["two"]


def test_a_project_without_a_customer_is_told() -> None:
    """A top project without number is noticed, not held: its agreement names the customer anyway."""
    found = list(source(StandIn(projects=[project(1, "one"), project(2, "one-web", 1)])).projects())
    [notice] = problems(found)
    assert (notice.code, notice.severity, notice.place) == ("CustomerMissing", Severity.NOTICE, "redmine: project one")
    assert [each.customer for each in found if isinstance(each, Project)] == ["", ""]


def test_a_customer_above_the_named_project_counts() -> None:
    """A subproject that is read alone belongs to the customer of the project above it."""
    rows = [
        project(1, "one", Nr="10001", Name="Oben GmbH"),
        project(2, "one-web", 1),
        project(3, "two", Nr="2", Name="B"),
    ]
    redmine = source(StandIn(projects=rows), "one-web", customer={"number": "Nr", "name": "Name"})
    assert [each.customer for each in good(redmine.projects())] == ["10001"]
    assert [each.name for each in good(redmine.customers())] == ["Oben GmbH"]


def test_without_a_field_for_customers_nothing_is_missing() -> None:
    """Customers may come from elsewhere."""
    redmine = source(StandIn(projects=[project(1, "one")]), customer={})
    assert [each.customer for each in good(redmine.projects())] == [""]
    assert list(redmine.customers()) == []


def test_a_project_that_is_not_as_documented_is_told() -> None:
    """An unreadable project is a problem with its number; its values are not shown."""
    broken = {**project(1, "one"), "identifier": {"secret": "x"}}
    [problem] = problems(source(StandIn(projects=[broken])).projects())
    assert (problem.code, problem.place) == ("UnreadableRecord", "redmine: project #1")
    assert "secret" not in problem.message


def test_a_circle_of_projects_ends() -> None:
    """Two projects that are each a part of the other do not keep the source busy for ever."""
    rows = [project(1, "one", 2), project(2, "two", 1)]
    assert len(good(source(StandIn(projects=rows), customer={}).projects())) == 2


@pytest.mark.parametrize(
    ("value", "billing"),
    [
        ("Festpreis", ProjectBilling.FIXED_PRICE),
        ("festpreis", ProjectBilling.FIXED_PRICE),
        ("Aufwand", ProjectBilling.TIME_AND_MATERIALS),
        ("Intern", ProjectBilling.UNSTATED),
        ("", ProjectBilling.UNSTATED),
        (None, ProjectBilling.UNSTATED),
    ],
)
def test_how_a_project_is_billed(value: str | None, billing: ProjectBilling) -> None:
    """The values of the field mean what the settings say."""
    rows = [project(1, "one", Kundennummer="1", Abrechnungsart=value)]
    assert [each.billing for each in good(source(StandIn(projects=rows)).projects())] == [billing]


def test_an_unknown_way_of_billing_is_a_problem() -> None:
    """A value that the settings do not explain is never guessed."""
    rows = [project(1, "one", Kundennummer="1", Abrechnungsart="Festpries")]
    [problem] = problems(source(StandIn(projects=rows)).projects())
    assert problem.code == "UnknownBilling"
    assert "did you mean 'Festpreis'?" in problem.hint


def customers(*rows: Row, **fields: str) -> list[Party | Problem]:
    """Return the customers of the projects, with these settings."""
    return list(source(StandIn(projects=list(rows)), customer={**CUSTOMER, **fields}).customers())


FULL = {
    "Nr": "10001", "Name": "Müller & Söhne GmbH", "Straße": "Am Fluss 1", "PLZ": "01067", "Ort": "Dresden",
    "Land": "DE", "USt": "DE 123456789", "Mail": "rechnung@mueller.example", "Sprache": "en",
    "Ziel": "30", "Firma": "1",
}  # fmt: skip


def test_a_customer_is_put_together_from_its_projects() -> None:
    """One project has the details, another only the number: they are one customer."""
    [party] = customers(project(1, "one", **FULL), project(2, "two", Nr="10001"))
    assert party == Party(
        id="10001",
        name="Müller & Söhne GmbH",
        address=Address("Am Fluss 1", "01067", "Dresden", "DE"),
        vat_id="DE123456789",
        payment_days=30,
        language="en",
        email="rechnung@mueller.example",
        origin="redmine: project one, redmine: project two",
    )


def test_a_private_customer() -> None:
    """The field for businesses can say no; details may be empty."""
    [party] = customers(project(1, "one", Nr="1", Name="Erika Muster", Firma="0"))
    assert party == Party("1", "Erika Muster", Address(), is_business=False, origin="redmine: project one")


@pytest.mark.parametrize(
    ("changed", "code", "told"),
    [
        ({"Name": "Anders GmbH"}, "CustomerContradicts", "Anders GmbH, Müller & Söhne GmbH"),
        ({"Land": "AT"}, "CustomerContradicts", "AT, DE"),
    ],
)
def test_projects_that_contradict_each_other(changed: dict[str, str], code: str, told: str) -> None:
    """Two values for one detail of a customer are both told, and neither is taken."""
    [problem] = customers(project(1, "one", **FULL), project(2, "two", **{**FULL, **changed}))
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert told in problem.message
    assert problem.place == "redmine: project one, redmine: project two"


@pytest.mark.parametrize(
    ("changed", "code", "told"),
    [
        ({"Name": ""}, "CustomerWithoutName", "has no name"),
        ({"Land": "Deutschland"}, "BadCustomer", "'Deutschland'"),
        ({"Land": "de"}, "BadCustomer", "'de'"),
        ({"Ziel": "bald"}, "BadCustomer", "'bald'"),
        ({"Ziel": "14.5"}, "BadCustomer", "'14.5'"),
        ({"Ziel": "366"}, "BadCustomer", "'366'"),
        ({"Ziel": "-1"}, "BadCustomer", "'-1'"),
        ({"Sprache": "fr"}, "BadCustomer", "'fr'"),
        ({"Firma": "vielleicht"}, "BadCustomer", "'vielleicht'"),
    ],
)
def test_a_customer_that_cannot_be_taken(changed: dict[str, str], code: str, told: str) -> None:
    """A value that means nothing is quoted with the customer's number; the next customer is read."""
    problem, other = customers(project(1, "one", **{**FULL, **changed}), project(2, "two", Nr="2", Name="Nächster"))
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert told in problem.message
    assert "10001" in problem.message
    assert isinstance(other, Party)


def test_records_of_a_project_that_appeared_meanwhile_are_noticed() -> None:
    """An issue or time of a project that was not in the list waits for the next run."""
    standin = StandIn(
        projects=[project(1, "one")],
        issues=[issue(1, {"Festpreis": "1"}, project={"id": 9, "name": "New"})],
        time_entries=[entry(1, project={"id": 9, "name": "New"})],
    )
    redmine = source(standin)
    for found in (redmine.offers(), redmine.entries(JANUARY)):
        [notice] = list(found)
        assert isinstance(notice, Problem)
        assert (notice.code, notice.severity) == ("ProjectNotRead", Severity.NOTICE)


def test_a_lost_right_stops_a_pull() -> None:
    """If the key's role no longer sees everything, that is told with the projects: the rest would look deleted."""
    standin = StandIn(projects=tree(), roles=[{"id": 1, "name": "Own", **MEMBER, "time_entries_visibility": "own"}])
    found = problems(source(standin, "two").projects())
    assert [(each.code, each.place, each.holds) for each in found] == [("RightMissing", "redmine: project two", True)]


GOOD = {"url": TOLD_URL, "api_key": KEY}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"url": "redmine.example"}, "url"),
        ({"url": "https://redmine.example/?key=1"}, "url"),
        ({"api_key": ""}, "api_key"),
        ({"currency": "Euro"}, "unknown currency 'Euro'"),
        ({"offer_by": "field"}, "belong together"),
        ({"position": {"offer": "Angebot"}}, "belong together"),
        ({"customer": {"country": "Land"}}, "both number and name"),
        ({"entry": {"billabel": "x"}}, "extra"),
    ],
)
def test_settings_that_cannot_work_are_refused(changed: dict[str, Any], told: str) -> None:
    """What would fail later, or silently do nothing, is refused with the settings; the key is not shown."""
    with pytest.raises(ValidationError, match=told) as caught:
        Settings.model_validate({**GOOD, **changed})
    assert KEY not in str(caught.value)
