"""OpenProject's projects as projects of the agency, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.offer import Project, ProjectBilling
from connector.core.problems import Severity
from tests.sources.openproject_world import settings, source
from tests.standins import openproject
from tests.standins.openproject import PROJECTS, Row
from tests.support.found import good, problems

FIELDS = {"customer": "Kundennummer", "start": "Beginn", "end": "Ende", "billing": "Abrechnung"}


@pytest.fixture
def api() -> openproject.OpenProject:
    """Return an instance with the custom fields of projects."""
    api = openproject.api()
    for name in FIELDS.values():
        api.add_field(PROJECTS, name, "CustomOption" if name == "Abrechnung" else "String")
    return api


def test_a_project_needs_no_custom_field(api: openproject.OpenProject) -> None:
    """Identifier, name and parent are OpenProject's own; without settings nothing else is asked for."""
    above = api.add_project("portal", "Portal")
    api.add_project("portal-app", "App", parent=above)

    assert good(source(api).projects()) == [
        Project("portal", "Portal", "", origin="openproject: project portal"),
        Project("portal-app", "App", "", "portal", origin="openproject: project portal-app"),
    ]


@pytest.mark.parametrize(("by", "key"), [("identifier", "portal"), ("id", "1"), ("field", "P-1")])
def test_a_project_is_called_what_the_settings_say(api: openproject.OpenProject, by: str, key: str) -> None:
    """Its identifier, its number, or what stands in a field."""
    api.add_field(PROJECTS, "Nummer")
    api.add_project("portal", "Portal", {"Nummer": "P-1"})
    more = {"project": {"key": "Nummer"}} if by == "field" else {}

    assert [each.id for each in good(source(api, project_id=by, **more).projects())] == [key]


def test_custom_fields_tell_customer_days_and_billing(api: openproject.OpenProject) -> None:
    """Values of a list stand among the links."""
    values = {"Kundennummer": " 10001 ", "Beginn": "2026-01-05", "Ende": "2026-03-31", "Abrechnung": "Festpreis"}
    api.add_project("portal", "Portal", values)
    api.add_project("app", "App", values | {"Abrechnung": "Aufwand"})
    api.add_project("blog", "Blog", values | {"Abrechnung": "intern"})
    fields = FIELDS | {"fixed_price": ["Festpreis"], "time_and_materials": ["Aufwand"]}
    found = good(source(api, project=fields).projects())

    assert {(each.customer, each.start, each.end) for each in found} == {
        ("10001", date(2026, 1, 5), date(2026, 3, 31)),
    }
    assert [each.billing for each in found] == [
        ProjectBilling.FIXED_PRICE,
        ProjectBilling.TIME_AND_MATERIALS,
        ProjectBilling.UNSTATED,
    ]


def test_a_field_may_have_several_values_or_a_formatted_text(api: openproject.OpenProject) -> None:
    """They are joined; of a long text the raw form counts."""
    row = api.add_project("portal", "Portal")
    row["_links"]["customField4"] = [{"href": "/1", "title": "Festpreis"}, {"href": "/2", "title": "jährlich"}]
    row["customField1"] = {"format": "markdown", "raw": "10001", "html": "<p>10001</p>"}
    [found] = good(source(api, project=FIELDS | {"fixed_price": ["Festpreis, jährlich"]}).projects())

    assert (found.customer, found.billing) == ("10001", ProjectBilling.FIXED_PRICE)


def test_a_subproject_belongs_to_the_customer_above(api: openproject.OpenProject) -> None:
    """Unless it names its own; a project in a circle has none, and ends."""
    above = api.add_project("portal", "Portal", {"Kundennummer": "10001"})
    api.add_project("app", "App", parent=above)
    api.add_project("blog", "Blog", {"Kundennummer": "10002"}, parent=above)
    lost = api.add_project("lost", "Lost")
    lost["_links"]["parent"] = openproject.link(PROJECTS, lost)
    found = list(source(api, project={"customer": "Kundennummer"}).projects())

    assert [each.customer for each in found if isinstance(each, Project)] == ["10001", "10001", "10002", ""]
    assert [(each.code, each.severity) for each in problems(found)] == [("CustomerMissing", Severity.NOTICE)]


def test_a_parent_that_cannot_be_seen_is_none(api: openproject.OpenProject) -> None:
    """OpenProject says that there is one, and no more."""
    row = api.add_project("app", "App")
    row["_links"]["parent"] = {"href": "urn:openproject-org:api:v3:undisclosed"}

    assert [each.parent for each in good(source(api).projects())] == [""]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": None}, "UnreadableRecord"),
        ({"active": "perhaps"}, "UnreadableRecord"),
        ({"customField2": "31.01.2026"}, "UnreadableRecord"),
        ({"customField2": "2026-02-30"}, "UnreadableRecord"),
        ({"customField5": None}, "ProjectWithoutKey"),
        ({"customField5": "P-2"}, "DuplicateRecord"),
    ],
)
def test_a_bad_project_is_told_and_the_others_go_on(
    api: openproject.OpenProject, change: dict[str, Any], code: str
) -> None:
    """Its place is named."""
    api.add_field(PROJECTS, "Nummer")
    api.add_project("good", "Good", {"Nummer": "P-2"})
    api.add_project("bad", "Bad", {"Nummer": "P-1"}).update(change)
    found = list(source(api, project_id="field", project=FIELDS | {"key": "Nummer", "customer": ""}).projects())

    assert [each.id for each in found if isinstance(each, Project)] == ["P-2"]
    assert [each.code for each in problems(found)] == [code]
    assert problems(found)[0].place == "openproject: project bad"


def test_a_project_that_comes_twice_counts_once(api: openproject.OpenProject) -> None:
    """The first of them."""
    row = api.add_project("portal", "Portal")
    api.projects.append(row | {"name": "Later"})
    found = list(source(api).projects())

    assert [each.name for each in found if isinstance(each, Project)] == ["Portal"]
    assert [each.code for each in problems(found)] == ["DuplicateRecord"]


def test_a_field_nobody_knows_is_a_fault_at_every_pull(api: openproject.OpenProject) -> None:
    """Else all projects would lose their customer in silence; the nearest name is suggested."""
    api.add_project("portal", "Portal")
    api.fields[PROJECTS]["customField9"] = "not as documented"
    [found, _missing] = problems(source(api, project={"customer": "Kundennumer"}).projects())

    assert (found.code, found.place) == ("UnknownField", "openproject: project.customer")
    assert "Kundennummer" in found.hint


@pytest.mark.parametrize("action", ["time_entries/read", "work_packages/read"])
def test_a_right_that_is_missing_is_a_fault(api: openproject.OpenProject, action: str) -> None:
    """What a role may not see is left out in silence, and would look deleted."""
    api.add_project("portal", "Portal")
    api.add_project("app", "App")
    api.rights = {action: {2}}
    [found] = problems(source(api).projects())

    assert (found.code, found.place, found.severity) == ("RightMissing", "openproject: project portal", Severity.HOLD)


def test_no_right_is_needed_in_containers_and_archived_projects(api: openproject.OpenProject) -> None:
    """The one holds only others, the other's time nobody sees."""
    api.add_project("portal", "Portal")
    api.add_project("old", "Old")["active"] = False
    api.rights = {"time_entries/read": set(), "work_packages/read": set()}

    assert len(good(source(api, containers=["portal"]).projects())) == 2


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"project_id": "field"}, "project.key belong together"),
        ({"project": {"key": "Nummer"}}, "project.key belong together"),
        ({"progress": "percent_done"}, "name work_package.position"),
        ({"url": "http://openproject.example"}, "pattern"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(more: Row, message: str) -> None:
    """With the words of the setting; without encryption a key goes only to this machine."""
    with pytest.raises(ValidationError, match=message):
        settings(**more)
