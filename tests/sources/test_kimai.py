"""The Kimai source against traffic recorded from its stand-in (tests/sources/kimai_stories.py)."""

from __future__ import annotations

from datetime import date

from connector.core.offer import Offer, Project
from connector.core.party import Address, Party
from connector.core.timesheet import TimeEntry
from tests.sources import kimai_stories as stories
from tests.support.cassettes import replayed


def test_a_pull_reads_everything() -> None:
    """Customer, project, budget, and the time of the window come out of the recorded instance."""
    with replayed("kimai", "pull"):
        pulled = stories.pull(stories.TOLD_URL)

    address = Address("Am Fluss 1", "01067", "Dresden", "DE")
    origin = "kimai: customer 10001"
    assert pulled.customers == [Party("10001", "Müller & Söhne GmbH", address, "DE811111115", origin=origin)]
    start, place = date(2026, 1, 5), "kimai: project RELAUNCH"
    assert pulled.projects == [Project("RELAUNCH", "Relaunch", "10001", start=start, origin=place)]
    [offer] = [each for each in pulled.offers if isinstance(each, Offer)]
    [position] = offer.positions
    assert (position.key, str(position.total), position.planned_seconds) == ("RELAUNCH/budget", "2400.00 EUR", 72_000)
    found = [each for each in pulled.entries if isinstance(each, TimeEntry)]
    assert [(each.day, each.seconds, each.position, each.billable, each.approved) for each in found] == [
        (date(2026, 2, 1), 5400, "A-1/1", True, True),
        (date(2026, 2, 10), 1200, "RELAUNCH/budget", False, False),
        (date(2026, 3, 31), None, "RELAUNCH/budget", True, True),
    ]
    assert (found[0].person, found[0].activity, found[0].text) == ("Anna Berg", "Konzept", "Aufbau")


def test_a_token_that_is_none_is_said() -> None:
    """In Kimai's own words."""
    with replayed("kimai", "refusal"):
        assert "Unauthorized" in stories.refusal(stories.TOLD_URL)
