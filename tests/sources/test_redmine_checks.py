"""What the check asks of the instance, and what it finds."""

from __future__ import annotations

from typing import Any

import pytest

from connector.core.problems import Problem, Severity
from tests.sources.redmine_world import source
from tests.standins.redmine import MEMBER, Row, StandIn, entry, issue, project

FIELDS_OF_ALL = [
    {"id": 1, "name": name, "customized_type": kind}
    for kind, names in {
        "project": ("Kundennummer", "Kundenname", "Land", "USt-IdNr", "Abrechnungsart"),
        "issue": ("Festpreis", "Stundensatz", "Menge", "Einheit"),
        "time_entry": ("Abrechenbar", "Angebotsposition"),
    }.items()
    for name in names
]


def complete(**changes: object) -> StandIn:
    """Return a server that has everything the settings name."""
    server = StandIn(
        projects=[
            project(
                1, "one", **{"Kundennummer": "1", "Kundenname": "A", "Land": "", "USt-IdNr": "", "Abrechnungsart": ""}
            )
        ],
        issues=[issue(1, {"Festpreis": "1", "Stundensatz": "", "Menge": "", "Einheit": ""})],
        time_entries=[entry(1, {"Abrechenbar": "1", "Angebotsposition": ""})],
        single={"/custom_fields.json": {"custom_fields": FIELDS_OF_ALL}},
    )
    for name, value in changes.items():
        setattr(server, name, value)
    return server


def check(server: StandIn, *projects: str, **settings: Any) -> list[Problem]:  # noqa: ANN401 - settings
    """Return what the check finds."""
    return list(source(server, *projects, **settings).check())


@pytest.mark.parametrize("admin", [True, False])
def test_nothing_is_wrong(admin: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A server that has all the fields, and a key that sees all, leave nothing to say."""
    assert check(complete(admin=admin), "one") == []


@pytest.mark.parametrize("admin", [True, False])
def test_every_misspelt_field_is_named(admin: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """All of them at once, with the key of the settings and the nearest name."""
    found = check(
        complete(admin=admin),
        customer={"number": "Kundennumer", "name": "Kundenname"},
        position={"fixed_price": "Fixpreis"},
        entry={"position": "Position"},
    )
    assert [(each.code, each.place, each.hint) for each in found] == [
        ("CustomerMissing", "redmine: project one", "fill 'Kundennumer', or name the customer in the agreement"),
        ("UnknownField", "redmine: customer.number", "did you mean 'Kundennummer'?"),
        ("UnknownField", "redmine: position.fixed_price", "did you mean 'Festpreis'?"),
        ("UnknownField", "redmine: entry.position", "did you mean 'Angebotsposition'?"),
    ]


def test_a_field_of_another_kind_is_not_known() -> None:
    """A field of issues is not one of time entries."""
    [problem] = check(complete(admin=True), entry={"billable": "Festpreis"})
    assert (problem.code, problem.message) == (
        "UnknownField", "no custom field 'Festpreis' on any time entry the key's user sees",
    )  # fmt: skip


def test_what_cannot_be_seen_yet_is_told() -> None:
    """Without any time entry, its fields cannot be checked by anyone but an admin: a notice."""
    found = check(complete(time_entries=[]))
    assert [(each.code, each.severity) for each in found] == [("FieldNotSeen", Severity.NOTICE)] * 2


def test_bad_records_are_found() -> None:
    """The check also says what a pull would: a price that is no number."""
    server = complete()
    server.issues[0]["custom_fields"][0]["value"] = "viel"
    assert [each.code for each in check(server)] == ["BadPosition"]


@pytest.mark.parametrize(
    ("role", "unseen"),
    [
        ({**MEMBER, "permissions": ["view_issues"]}, ["time entries"]),
        ({**MEMBER, "permissions": []}, ["issues", "time entries"]),
        ({**MEMBER, "issues_visibility": "own"}, ["issues"]),
        ({**MEMBER, "time_entries_visibility": "own"}, ["time entries"]),
    ],
)
def test_missing_rights_are_named(role: Row, unseen: list[str]) -> None:
    """Redmine leaves out in silence what a role may not see; an admin sees all."""
    roles = [{"id": 1, "name": "Gast", **role}]
    found = check(complete(roles=roles))
    assert [(each.code, each.message) for each in found] == [
        ("RightMissing", f"the key's user does not see all {what}") for what in unseen
    ]
    assert check(complete(roles=roles, admin=True)) == []


def test_roles_add_up() -> None:
    """One role may see the issues and another the time."""
    roles = [
        {"id": 1, "name": "A", **MEMBER, "permissions": ["view_issues"]},
        {"id": 2, "name": "B", **MEMBER, "permissions": ["view_time_entries"]},
    ]
    assert check(complete(roles=roles)) == []


def test_a_project_without_membership_is_told() -> None:
    """Where the key's user is no member, it sees at most what everyone sees."""
    server = complete()
    server.projects.append(project(2, "other", Kundennummer="2", Kundenname="B"))
    member_of_one = [{"project": {"id": 1}, "roles": [{"id": 1, "name": "Manager"}]}]
    server.roles = [{"id": 1, "name": "Manager", **MEMBER}]
    server.memberships = member_of_one
    assert [(each.code, each.place) for each in check(server)] == [("RightMissing", "redmine: project other")] * 2


def test_a_key_in_clear_is_noticed() -> None:
    """Without encryption the key can be read on the way."""
    [problem] = check(complete(), url="http://redmine.example")
    assert (problem.code, problem.severity) == ("KeyInClear", Severity.NOTICE)
