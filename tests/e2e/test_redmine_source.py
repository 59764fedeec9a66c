"""The Redmine source against a running Redmine: filled through its API, read, changed, read again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from connector.core.errors import AuthenticationFailed, RefusedError
from connector.core.offer import Offer, ProjectBilling
from connector.core.party import Address, Party
from connector.core.ports import Changes
from connector.core.timesheet import TimeEntry
from connector.jobs.pull import NamedSource, PulledSource, PullOptions, pull
from connector.sources.redmine import Redmine
from connector.sources.redmine.calls import words_of_refusal
from connector.store import Store, open_store
from tests.e2e.redmine_server import RedmineRefusedError, RedmineServer
from tests.sources import redmine_stories as stories
from tests.sources.redmine_stories import END_OF_JANUARY, JANUARY
from tests.support.found import good, problems
from tests.support.transports import transport_for

TOMORROW = date.today() + timedelta(days=1)  # noqa: DTZ011 - whatever day the server thinks it is
CUSTOMER = {"Kundennummer": "1", "Kundenname": "A"}


def source(server: RedmineServer, *projects: str, key: str = "", **settings: Any) -> Redmine:  # noqa: ANN401 - settings
    """Return a fresh source for the projects, with the key of an ordinary user unless another is given."""
    return stories.source(stories.Server(server.url, server.api_key), *projects, key=key, **settings)


def test_projects_customers_offers_and_progress_are_read(redmine: RedmineServer) -> None:
    """A project with a subproject becomes a customer, two projects, and an offer with the shares of its positions."""
    customer = {
        "Kundennummer": "10001",
        "Kundenname": "Müller & Söhne GmbH",
        "Land": "DE",
        "Abrechnungsart": "Festpreis",
    }
    top = redmine.add_project("relaunch", "Relaunch", fields=customer)
    sub = redmine.add_project("relaunch-dev", "Entwicklung", parent=top)
    concept = redmine.add_issue(
        top, "Konzept", fields={"Festpreis": "5000"}, start_date="2026-01-05", due_date="2026-02-05"
    )
    build = redmine.add_issue(sub, "Umsetzung", fields={"Stundensatz": "120.50", "Menge": "80"}, estimated_hours=75.5)
    redmine.add_issue(sub, "Ohne Preis")
    for issue in (concept, build):
        redmine.date_issue(issue, "2026-01-02")
    redmine.set_done_ratio(concept, 100, on="2026-01-20")
    redmine.set_done_ratio(build, 40, on="2026-01-31")
    pulled = source(redmine, "relaunch")

    place = "redmine: project relaunch"
    assert good(pulled.customers()) == [Party("10001", "Müller & Söhne GmbH", Address(country="DE"), origin=place)]
    projects = good(pulled.projects())
    assert [(each.id, each.parent, each.customer) for each in projects] == [
        ("relaunch", "", "10001"),
        ("relaunch-dev", "relaunch", "10001"),
    ]
    assert projects[0].billing is ProjectBilling.FIXED_PRICE
    [offer] = good(pulled.offers())
    assert [(each.label, each.total.amount) for each in offer.positions] == [
        ("Konzept", Decimal("5000.00")),
        ("Umsetzung", Decimal("9640.00")),
    ]
    assert offer.positions[1].planned_seconds == 271_800
    assert [(each.target, each.on, each.share and each.share.value) for each in good(pulled.readings(TOMORROW))] == [
        (f"relaunch/{concept}", date(2026, 1, 20), Fraction(1)),
        (f"relaunch/{build}", date(2026, 1, 31), Fraction(2, 5)),
    ]


def test_progress_as_it_was(redmine: RedmineServer) -> None:
    """For a day before the last change, the history of the issue tells the share."""
    project = redmine.add_project("history", "History")
    issue = redmine.add_issue(project, "Phase", fields={"Festpreis": "1000"})
    redmine.date_issue(issue, "2026-01-02")
    redmine.set_done_ratio(issue, 30, on="2026-01-20")
    redmine.set_done_ratio(issue, 60, on="2026-02-10")

    [reading] = good(source(redmine, "history").readings(END_OF_JANUARY))
    assert (reading.on, reading.share and reading.share.written) == (date(2026, 1, 20), "30 %")
    assert good(source(redmine, "history").readings(date(2026, 1, 1))) == []


def test_edits_and_deletions_are_seen(redmine: RedmineServer) -> None:
    """Time that was edited or deleted is read as it is now, and the mark of its last change tells."""
    project = redmine.add_project("edits", "Edits", fields=CUSTOMER)
    issue = redmine.add_issue(project, "Phase", fields={"Festpreis": "1000"})
    edited, deleted = (redmine.add_entry("2026-01-15", "1.5", issue=issue) for _ in range(2))
    before = {entry.id: entry for entry in good(source(redmine, "edits").entries(JANUARY))}
    redmine.edit_entry(edited, hours="2,25", comments="länger", fields={"Abrechenbar": "0"})
    redmine.delete_entry(deleted)
    after = {entry.id: entry for entry in good(source(redmine, "edits").entries(JANUARY))}

    assert set(before) - set(after) == {str(deleted)}
    entry = after[str(edited)]
    assert (before[entry.id].seconds, entry.seconds, entry.text) == (5400, 8100, "länger")
    assert (before[entry.id].billable, entry.billable) == (True, False)
    assert entry.position == f"edits/{issue}"


def pulled(redmine: RedmineServer, store: Store, project: str) -> PulledSource:
    """Pull the project into the store, as of the end of January."""
    named = NamedSource("redmine", source(redmine, project))
    [result] = pull([named], store.sources, PullOptions(END_OF_JANUARY, 62, datetime.now(UTC)))
    return result


def test_the_store_sees_edits_and_deletions(redmine: RedmineServer, tmp_path: Path) -> None:
    """Pulled into a store twice, what was changed in between is counted, and a third pull has nothing to say."""
    project = redmine.add_project("stored", "Stored", fields=CUSTOMER)
    edited, deleted, _ = (redmine.add_entry("2026-01-15", "1.5", project=project) for _ in range(3))
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}", "e2e") as store:
        first = pulled(redmine, store, "stored")
        assert (first.taken, first.changes["entries"]) == (True, Changes(added=3))
        redmine.edit_entry(edited, hours="2")
        redmine.delete_entry(deleted)
        redmine.add_entry("2026-01-16", "1", project=project)
        assert pulled(redmine, store, "stored").changes["entries"] == Changes(added=1, edited=1, deleted=1)
        assert pulled(redmine, store, "stored").changes["entries"] == Changes()


def test_a_filter_on_changes_is_still_ignored(redmine: RedmineServer) -> None:
    """Why a window is read as a whole: filters on the last change, or that cannot be read, get all as an answer."""
    project = redmine.add_project("ignored", "Ignored")
    redmine.add_entry("2026-01-15", "1", project=project)
    headers = {"X-Redmine-API-Key": redmine.api_key}
    for ignored in ({"updated_on": ">=2999-01-01"}, {"spent_on": "><2999-01-01|never"}):
        params = {"project_id": "ignored", **ignored}
        answer = transport_for("redmine").get_json(f"{redmine.url}/time_entries.json", params=params, headers=headers)
        assert answer["total_count"] == 1


def test_all_pages_are_read_in_spite_of_the_cap(redmine: RedmineServer) -> None:
    """More entries than fit on a page come each once; from subprojects too, though Redmine is set to leave them out."""
    redmine.configure("display_subprojects_issues", "0")
    top = redmine.add_project("many", "Many", fields=CUSTOMER)
    sub = redmine.add_project("many-sub", "Sub", parent=top)
    inside = [redmine.add_entry("2026-01-10", "0.25", project=each) for each in [top, sub] * 115]
    redmine.add_entry("2026-02-01", "1", project=top)

    entries = good(source(redmine, "many").entries(JANUARY))
    assert [entry.id for entry in entries] == [str(number) for number in inside]
    assert {entry.project for entry in entries} == {"many", "many-sub"}


def test_rows_that_move_up_while_paging_are_not_lost(redmine: RedmineServer) -> None:
    """Time deleted between two pages costs no other entry."""
    project = redmine.add_project("moving", "Moving", fields=CUSTOMER)
    numbers = [redmine.add_entry("2026-01-10", "0.25", project=project) for _ in range(150)]
    walk = source(redmine, "moving").entries(JANUARY)
    first = next(walk)
    assert isinstance(first, TimeEntry)
    for number in numbers[10:13]:
        redmine.delete_entry(number)

    read = [first.id, *(entry.id for entry in good(walk))]
    assert read == [str(number) for number in numbers]


def test_a_wrong_key_is_refused(redmine: RedmineServer) -> None:
    """A wrong key fails at once, although Redmine answers it with an empty list of time."""
    redmine.add_project("keyed", "Keyed", fields=CUSTOMER)
    wrong = "0123456789abcdef0123456789abcdef01234567"
    with pytest.raises(AuthenticationFailed, match="key") as caught:
        list(source(redmine, "keyed", key=wrong).entries(JANUARY))
    assert wrong not in str(caught.value)


def test_closed_projects_count(redmine: RedmineServer) -> None:
    """Time booked before a project was closed is still read."""
    project = redmine.add_project("closing", "Closing", fields=CUSTOMER)
    redmine.add_entry("2026-01-10", "3", project=project)
    redmine.call("PUT", f"/projects/{project}/close.json")

    assert [entry.seconds for entry in good(source(redmine, "closing").entries(JANUARY))] == [10_800]


def test_german_refusals_are_passed_on(redmine: RedmineServer) -> None:
    """What Redmine refuses is told in its own, German, words."""
    project = redmine.add_project("german", "German")
    entry = redmine.add_entry("2026-01-10", "1,5", project=project)
    with pytest.raises(RedmineRefusedError, match="Stunden ist nicht gültig"):
        redmine.edit_entry(entry, hours="viel")
    transport = transport_for("redmine")
    headers = {"X-Redmine-API-Key": redmine.api_key}
    with pytest.raises(RefusedError, match="Beginn ist nicht gültig"):
        transport.get_json(
            f"{redmine.url}/issues.json",
            params={"start_date": ">=irgendwann"},
            headers=headers,
            refusal=words_of_refusal,
        )


def test_check_names_what_is_unknown(redmine: RedmineServer) -> None:
    """The check finds a misspelt project and field, as admin and as anyone, and a role that does not see all time."""
    project = redmine.add_project("checked", "Checked", fields=CUSTOMER)
    redmine.add_issue(project, "Phase", fields={"Festpreis": "1"})
    redmine.add_entry("2026-01-10", "1", project=project)
    assert good(source(redmine, "checked").check()) == []
    misspelt = {"billable": "Abrechenba"}
    for key in (redmine.api_key, redmine.admin_key):
        found = source(redmine, "checked", "checkd", key=key, entry=misspelt).check()
        assert [(each.code, each.hint) for each in problems(found)] == [
            ("UnknownProject", "did you mean 'checked'?"),
            ("UnknownField", "did you mean 'Abrechenbar'?"),
        ]

    reporter = redmine.add_user("rita", "Rita", "Reporter")
    redmine.add_member(project, reporter, "Reporter")
    assert [each.code for each in source(redmine, "checked", key=redmine.key_of(reporter)).check()] == ["RightMissing"]


def test_offers_by_version(redmine: RedmineServer) -> None:
    """With an offer per version, issues of subprojects join the version of the top project."""
    top = redmine.add_project("versions", "Versions")
    sub = redmine.add_project("versions-sub", "Sub", parent=top)
    version = redmine.add_version(top, "Phase 1")
    redmine.add_issue(top, "Konzept", fields={"Festpreis": "100"}, fixed_version_id=version)
    redmine.add_issue(sub, "Umsetzung", fields={"Festpreis": "200"}, fixed_version_id=version)
    redmine.add_issue(sub, "Lose", fields={"Festpreis": "300"})

    found = list(source(redmine, "versions", offer_by="version", category_by="version").offers())
    assert [each.code for each in problems(found)] == ["BadPosition"]
    [offer] = [each for each in found if isinstance(each, Offer)]
    assert (offer.id, offer.label) == (f"versions-v{version}", "Phase 1")
    assert [(each.label, each.category) for each in offer.positions] == [
        ("Konzept", "Phase 1"),
        ("Umsetzung", "Phase 1"),
    ]


def test_time_on_subtasks_counts_for_the_position(redmine: RedmineServer) -> None:
    """Time on an issue below a priced one belongs to the priced one; a deleted issue leaves its time without."""
    project = redmine.add_project("subtasks", "Subtasks", fields=CUSTOMER)
    priced = redmine.add_issue(project, "Phase", fields={"Festpreis": "1000"})
    below = redmine.add_issue(project, "Aufgabe", parent_issue_id=priced)
    other = redmine.add_issue(project, "Andere")
    redmine.add_entry("2026-01-10", "1", issue=below)
    redmine.add_entry("2026-01-11", "1", issue=other)
    redmine.add_entry("2026-01-12", "1", issue=other, fields={"Angebotsposition": "Phase"})
    redmine.delete_issue(other)

    entries = good(source(redmine, "subtasks").entries(JANUARY))
    assert [entry.position for entry in entries] == [f"subtasks/{priced}", "", f"subtasks/{priced}"]
