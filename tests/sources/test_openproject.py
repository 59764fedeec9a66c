"""The OpenProject source against traffic recorded from its stand-in (tests/sources/openproject_stories.py)."""

from __future__ import annotations

from datetime import date

from connector.core.offer import Project, ProjectBilling
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from connector.core.timesheet import TimeEntry
from tests.sources import openproject_stories as stories
from tests.support.cassettes import replayed


def test_a_pull_reads_everything() -> None:
    """Project, reading, and the entries of the window come out of the recorded instance."""
    with replayed("openproject", "pull"):
        pulled = stories.pull(stories.TOLD_URL)

    place = "openproject: project relaunch"
    assert pulled.projects == [
        Project("RELAUNCH", "Relaunch", "10001", billing=ProjectBilling.FIXED_PRICE, origin=place)
    ]
    share = Share.parse("40 %")
    package = "openproject: work package #1"
    assert pulled.readings == [
        Reading("RELAUNCH", ReadingScope.POSITION, "A-1/1", date(2026, 3, 6), share=share, origin=package)
    ]
    found = {each.id: each for each in pulled.entries if isinstance(each, TimeEntry)}
    assert {(each.day, each.seconds, each.position, each.billable, each.approved) for each in found.values()} == {
        (date(2026, 2, 1), 5400, "A-1/1", True, True),
        (date(2026, 2, 10), 1200, "A-1/1", False, False),
        (date(2026, 3, 31), None, "", True, False),
    }
    assert (found["2"].person, found["2"].activity, found["2"].text) == ("Anna Berg", "Konzept", "Aufbau")


def test_a_key_that_is_none_is_said() -> None:
    """In OpenProject's own words."""
    with replayed("openproject", "refusal"):
        assert "You did not provide the correct credentials." in stories.refusal(stories.TOLD_URL)
