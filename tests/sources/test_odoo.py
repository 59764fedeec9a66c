"""The Odoo source against traffic recorded from the stand-in (tests/sources/record_odoo.py)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.offer import Offer, OfferState
from connector.core.party import Address, Party
from connector.core.problems import Problem, Severity
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from tests.sources import record_odoo as stories
from tests.support.cassettes import replayed

HERE = stories.Server()


@pytest.fixture(params=["pull", "pull_json_2"])
def pulled(request: pytest.FixtureRequest) -> stories.Values:
    """Return everything of one pull, over either API."""
    _, story = stories.STORIES[request.param]
    with replayed("odoo", request.param):
        told = story(HERE)
    assert isinstance(told, dict)
    return told


def test_a_pull_reads_everything(pulled: stories.Values) -> None:
    """Customer, projects, orders, progress and time come out of the recorded instance."""
    address = Address("Hauptstraße 1", "10115", "Berlin", "DE")
    assert pulled["customers"] == [
        Party("K-1", "Müller & Söhne GmbH", address, "DE136695976", payment_days=14, origin="odoo: partner K-1")
    ]
    assert [len(values) for values in pulled.values()] == [1, 2, 2, 2, 21]
    assert [each.code for values in pulled.values() for each in values if isinstance(each, Problem)] == [
        "CustomerMissing"
    ]


def test_lines_become_positions(pulled: stories.Values) -> None:
    """The section groups them; the order that was only sent is told, too."""
    accepted, sent = pulled["offers"]

    assert isinstance(accepted, Offer)
    assert isinstance(sent, Offer)
    assert [(each.key, each.category, str(each.total)) for each in accepted.positions] == [
        ("S00012/1", "Phase 1", "5000.00 EUR"),
        ("S00012/2", "Phase 1", "1265.25 EUR"),
        ("S00012/3", "Phase 1", "5340.00 EUR"),
    ]
    assert (accepted.label, accepted.accepted_on, sent.state) == ("Relaunch", date(2026, 1, 5), OfferState.SENT)


def test_progress_is_units_of_the_position_and_a_share_of_the_project(pulled: stories.Values) -> None:
    """Units are of the day of the line's last change, the share of the update's day."""
    units, share = pulled["readings"]

    assert isinstance(units, Reading)
    assert isinstance(share, Reading)
    assert share.share
    assert (units.target, units.on, units.units) == ("S00012/3", date(2026, 2, 27), Decimal(2))
    assert (share.on, share.share.value) == (date(2026, 1, 31), Fraction(33, 100))


def test_time_comes_with_its_position(pulled: stories.Values) -> None:
    """A third of an hour is twenty minutes; time that is not billable is told as such."""
    *entries, last = (each for each in pulled["entries"] if isinstance(each, TimeEntry))

    assert {(each.seconds, each.position, each.billable) for each in entries} == {(1200, "S00012/2", True)}
    assert (last.seconds, last.position, last.billable, last.text) == (5400, "", False, "Ablage")


def test_the_check() -> None:
    """Of a sound instance it tells only what is worth a look."""
    with replayed("odoo", "check"):
        found = stories.check(HERE)

    assert [(each.code, each.severity) for each in found] == [("CustomerMissing", Severity.NOTICE)]


def test_a_key_that_odoo_does_not_know() -> None:
    """Odoo answers false, with status 200."""
    with replayed("odoo", "wrong_key"):
        error = stories.wrong_key(HERE)

    assert "does not accept login and key" in error.message


def test_a_missing_right() -> None:
    """Odoo's first line says which."""
    with replayed("odoo", "missing_right"):
        error = stories.missing_right(HERE)

    assert error.message == "You are not allowed to access 'sale.order' records."
