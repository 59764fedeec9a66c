"""The Harvest source against traffic recorded from its stand-in (tests/sources/harvest_stories.py)."""

from __future__ import annotations

from datetime import date

from connector.core.offer import Offer, OfferState, Project, ProjectBilling
from connector.core.party import Address, Party
from connector.core.timesheet import TimeEntry
from tests.sources import harvest_stories as stories
from tests.support.cassettes import replayed


def test_a_pull_reads_everything() -> None:
    """Customer, project, both kinds of offers, and the entries of the window come out of the recorded account."""
    with replayed("harvest", "pull"):
        pulled = stories.pull(stories.TOLD_URL)

    client = "harvest: client 10001 Müller & Söhne GmbH"
    address = Address(street="Am Fluss 1, 01067 Dresden")
    assert pulled.customers == [Party("10001", "Müller & Söhne GmbH", address, origin=client)]
    place = "harvest: project RELAUNCH"
    assert pulled.projects == [
        Project("RELAUNCH", "Relaunch", "10001", billing=ProjectBilling.FIXED_PRICE, origin=place)
    ]
    offers = [each for each in pulled.offers if isinstance(each, Offer)]
    assert [(each.id, each.project, each.state, [str(one.total) for one in each.positions]) for each in offers] == [
        ("RELAUNCH", "RELAUNCH", OfferState.ACCEPTED, ["9500.50 EUR"]),
        ("A-1", "RELAUNCH", OfferState.ACCEPTED, ["5000.00 EUR", "4500.50 EUR"]),
    ]
    assert offers[1].accepted_on == date(2026, 1, 5)
    assert {(each.day, each.seconds, each.approved) for each in pulled.entries if isinstance(each, TimeEntry)} == {
        (date(2026, 2, 1), 5400, True),
        (date(2026, 2, 10), 1200, False),
        (date(2026, 3, 31), None, False),
    }


def test_a_token_for_another_account_is_said() -> None:
    """It is no empty account."""
    with replayed("harvest", "wrong_account"):
        assert stories.wrong_account(stories.TOLD_URL) == "harvest: GET https://harvest.example/v2/users/me"
