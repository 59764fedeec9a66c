"""The awork source against traffic recorded from its stand-in (tests/sources/awork_stories.py)."""

from __future__ import annotations

from datetime import date

from connector.core.offer import Project
from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.core.readings import Reading
from connector.core.share import Share
from connector.core.timesheet import TimeEntry
from tests.sources import awork_stories as stories
from tests.support.cassettes import replayed


def test_a_pull_reads_everything() -> None:
    """Customer, project, progress of a position, and the entries of the window come out of the recorded workspace."""
    with replayed("awork", "pull"):
        pulled = stories.pull(stories.TOLD_URL)

    assert pulled.customers == [
        Party("10001", "Müller & Söhne GmbH", Address(), origin="awork: company Müller & Söhne GmbH")
    ]
    assert pulled.projects == [Project("RELAUNCH", "Relaunch", "10001", origin="awork: project RELAUNCH")]
    [reading] = pulled.readings
    assert isinstance(reading, Reading)
    assert (reading.target, reading.on, reading.share) == ("A-1/1", date(2026, 3, 5), Share.parse("1 of 2"))
    assert [(each.day, each.seconds, each.position) for each in pulled.entries if isinstance(each, TimeEntry)] == [
        (date(2026, 2, 1), 3600, "A-1/1"),
        (date(2026, 2, 10), 5400, "A-1/1"),
        (date(2026, 3, 31), None, "A-1/1"),
    ]


def test_a_misspelt_field_is_found_by_the_check() -> None:
    """The check names the setting and the field that is meant."""
    with replayed("awork", "check"):
        [found] = stories.check(stories.TOLD_URL)

    assert isinstance(found, Problem)
    assert (found.code, found.place) == ("UnknownField", "awork: position_field")
    assert found.hint == "did you mean 'Angebotsposition'?"


def test_a_wrong_key_is_said() -> None:
    """It is no empty workspace."""
    with replayed("awork", "wrong_key"):
        assert stories.wrong_key(stories.TOLD_URL) == "awork: GET https://awork.example/api/v1/companies"
