"""The Redmine source against traffic recorded from a real server (tests/e2e/record_redmine.py)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from connector.core.offer import Offer, OfferState, ProjectBilling
from connector.core.party import Address, Party
from connector.core.problems import Severity
from connector.core.quantity import Quantity, Unit
from connector.core.timesheet import TimeEntry
from tests.sources import redmine_stories as stories
from tests.sources.redmine_stories import Server
from tests.support.cassettes import replayed
from tests.support.found import good

HERE = Server()


def test_a_pull_reads_everything() -> None:
    """Customer, projects, offer, progress and all pages of time come out of the recorded project."""
    with replayed("redmine", "pull"):
        pulled = stories.pull(HERE)

    place = "redmine: project relaunch"
    assert pulled.customers == [Party("10001", "Müller & Söhne GmbH", Address(country="DE"), origin=place)]
    assert [(each.id, each.parent, each.customer, each.billing) for each in good(pulled.projects)] == [
        ("relaunch", "", "10001", ProjectBilling.FIXED_PRICE),
        ("relaunch-umsetzung", "relaunch", "10001", ProjectBilling.UNSTATED),
    ]
    assert len(good(pulled.entries)) == 120


def test_priced_issues_become_positions() -> None:
    """A fixed price is one flat, a unit price takes its quantity; dates and effort come along."""
    with replayed("redmine", "pull"):
        [offer] = good(stories.pull(HERE).offers)

    assert isinstance(offer, Offer)
    assert (offer.id, offer.project, offer.label, offer.state) == (
        "relaunch", "relaunch", "Relaunch der Website", OfferState.ACCEPTED,
    )  # fmt: skip
    concept, build = offer.positions
    assert (concept.label, concept.quantity, concept.unit_price) == (
        "Konzept",
        Quantity(Decimal(1), Unit.FLAT),
        Decimal(5000),
    )
    assert (concept.start, concept.end) == (date(2026, 1, 5), date(2026, 1, 30))
    assert (build.quantity, build.unit_price) == (Quantity(Decimal(80), Unit.HOUR), Decimal("120.5"))
    assert (str(build.total), build.planned_seconds) == ("9640.00 EUR", 271_800)


def test_the_done_ratio_becomes_a_dated_share() -> None:
    """The share holds from the day of the last change."""
    with replayed("redmine", "pull"):
        readings = good(stories.pull(HERE).readings)

    assert [(each.target, each.on, each.share and each.share.value) for each in readings] == [
        ("relaunch/1", date(2026, 1, 2), Fraction(0)),
        ("relaunch/2", date(2026, 2, 27), Fraction(40, 100)),
    ]


def test_the_history_tells_an_earlier_share() -> None:
    """As of January, the issue that was changed in February stands where it stood in January."""
    with replayed("redmine", "history"):
        readings = good(stories.history(HERE))

    assert [(each.target, each.on, each.share and each.share.written) for each in readings] == [
        ("relaunch/1", date(2026, 1, 2), "0 %"),
        ("relaunch/2", date(2026, 1, 30), "25 %"),
    ]


def test_time_comes_with_its_position() -> None:
    """Time on a priced issue, or on one below it, names the position; '0:20' was rounded by Redmine to 0.33 hours."""
    with replayed("redmine", "pull"):
        first, second, *_ = good(stories.pull(HERE).entries)

    assert first == TimeEntry(
        id="1",
        project="relaunch-umsetzung",
        day=date(2026, 1, 1),
        seconds=5400,
        person="Redmine Admin",
        activity="Entwicklung",
        position="relaunch/2",
        changed="2026-02-28T12:00:00Z",
        origin="redmine: time entry #1",
    )
    assert (second.seconds, second.position) == (1188, "relaunch/1")


def test_edits_and_deletions_show_in_the_window() -> None:
    """The same window, read after changes, has the edited entry anew and the deleted one no more."""
    with replayed("redmine", "window"):
        [edited, deleted] = good(stories.window(HERE))
    with replayed("redmine", "window_after_changes"):
        [after] = good(stories.window(HERE))

    assert (after.id, after.seconds, after.text) == (edited.id, 8100, "Abstimmung, länger")
    assert after.changed > edited.changed
    assert deleted.id != edited.id


def test_a_wrong_key_is_told_from_an_empty_list() -> None:
    """Redmine gives a wrong key an empty list of time; the source asks who it is first, and stops."""
    with replayed("redmine", "wrong_key"):
        straight, error = stories.wrong_key(HERE)

    assert straight["time_entries"] == []
    assert error.exit_code == 3
    assert stories.WRONG_KEY not in str(error)


def test_a_refusal_is_told_in_redmines_words() -> None:
    """The German words of a 422 stand in the message."""
    with replayed("redmine", "refusal"):
        assert stories.refusal(HERE) == "refused (status 422): Beginn ist nicht gültig"


def test_the_check_finds_misspelt_names() -> None:
    """Misspelt projects and fields are told with the nearest name, whether the key is an admin's or not."""
    with replayed("redmine", "check"):
        as_anyone = stories.check(HERE)
    with replayed("redmine", "check_as_admin"):
        as_admin = stories.check_as_admin(HERE)

    assert [(each.code, each.hint, each.severity) for each in as_anyone] == [
        ("UnknownProject", "did you mean 'relaunch'?", Severity.HOLD),
        ("UnknownField", "did you mean 'Abrechenbar'?", Severity.HOLD),
    ]
    assert as_admin == as_anyone
