"""The MOCO source against traffic recorded from the stand-in (tests/sources/record_moco.py)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from connector.core.offer import Offer, OfferState
from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from connector.core.told_terms import ToldRetainer
from tests.sources import record_moco as stories
from tests.sources.moco_world import URL
from tests.support.cassettes import replayed


def test_a_pull_reads_everything() -> None:
    """Customer, project, offers, progress and time come out of the recorded account."""
    with replayed("moco", "pull"):
        pulled = stories.pull(URL)

    address = Address("Beispielstraße 5", "12345", "Beispielstadt", "DE")
    assert pulled["customers"] == [Party("K-1", "Müller & Söhne GmbH", address, origin="moco: company K-1")]
    assert [len(values) for values in pulled.values()] == [1, 1, 2, 2, 40]
    assert [value for values in pulled.values() for value in values if isinstance(value, Problem)] == []


def test_items_become_positions() -> None:
    """The title groups them, the page break says nothing, the discount of the offer holds for each."""
    with replayed("moco", "pull"):
        accepted, sent = stories.pull(URL)["offers"]

    assert isinstance(accepted, Offer)
    assert isinstance(sent, Offer)
    assert [(each.key, each.category, str(each.total)) for each in accepted.positions] == [
        ("A-1/1", "Phase 1", "900.00 EUR"),
        ("A-1/2", "Phase 1", "4806.00 EUR"),
    ]
    assert (sent.state, sent.positions) == (OfferState.SENT, ())


def test_progress_is_a_share_of_the_project_and_units_of_the_position() -> None:
    """The share is of the day of the project's last change, the units of the expense's day."""
    with replayed("moco", "pull"):
        share, units = stories.pull(URL)["readings"]

    assert isinstance(share, Reading)
    assert isinstance(units, Reading)
    assert (share.on, share.share and share.share.written) == (date(2026, 1, 2), "1 von 3")
    assert (units.target, units.on, units.units) == ("A-1/2", date(2026, 2, 27), Decimal(2))


def test_time_comes_with_its_position() -> None:
    """The task is called like the item."""
    with replayed("moco", "pull"):
        entries = stories.pull(URL)["entries"]

    told = [(each.seconds, each.position) for each in entries if isinstance(each, TimeEntry)]
    assert told == [(3600, ""), (3600, "A-1/2")] * 20


def test_the_check_tells_unknown_names_and_the_terms_beside_offers() -> None:
    """Asked of the account itself."""
    with replayed("moco", "check"):
        problem, hosting = stories.check(URL)

    assert isinstance(problem, Problem)
    assert problem.code == "UnknownField"
    assert isinstance(hosting, ToldRetainer)
    assert (hosting.title, hosting.project, str(hosting.fee), hosting.cycle) == (
        "Hosting XS",
        "P-1",
        "29.00 EUR",
        "month",
    )


def test_a_wrong_key_stops_the_reading() -> None:
    """MOCO says 401; no message shows the key."""
    with replayed("moco", "wrong_key"):
        error = stories.wrong_key(URL)

    assert error.exit_code == 3
    assert "Unauthorized" in str(error)
