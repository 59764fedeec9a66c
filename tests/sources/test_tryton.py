"""The Tryton source against traffic recorded from a real server (tests/e2e/record_tryton.py)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from connector.core.offer import Offer, OfferState, ProjectBilling
from connector.core.party import Address, Party
from connector.core.problems import Severity
from connector.core.quantity import Quantity, Unit
from connector.core.timesheet import TimeEntry
from tests.sources import tryton_stories as stories
from tests.sources.tryton_stories import Pulled, Server
from tests.support.cassettes import replayed
from tests.support.found import good, problems

HERE = Server()


def pulled(story: str) -> Pulled:
    """Return what was pulled in the story."""
    with replayed("tryton", story):
        return stories.pull(HERE) if story == "pull" else stories.pull_tasks(HERE)


def test_customers_and_projects() -> None:
    """A subproject has the customer of the project above; one without a customer is told as a notice."""
    found = pulled("pull")

    address = Address("Hauptstraße 1", "10115", "Berlin", "DE")
    assert found.customers == [
        Party(
            "10001", "Müller & Söhne GmbH", address, vat_id="DE136695976", payment_days=14,
            email="buchhaltung@mueller.example", origin="tryton: party 10001",
        )
    ]  # fmt: skip
    projects = [each for each in found.projects if each not in problems(found.projects)]
    assert [(each.id, each.parent, each.customer, each.billing) for each in good(projects)] == [
        ("P-1", "", "10001", ProjectBilling.FIXED_PRICE),
        ("P-2", "P-1", "10001", ProjectBilling.UNSTATED),
    ]
    [notice] = problems(found.projects)
    assert (notice.code, notice.place, notice.severity) == ("CustomerMissing", "tryton: project P-3", Severity.NOTICE)


def test_lines_of_a_sale_become_positions() -> None:
    """Titles group them; the sale that was only quoted has no project yet, and is not told."""
    [offer] = good(pulled("pull").offers)

    assert isinstance(offer, Offer)
    assert (offer.id, offer.project, offer.state, offer.accepted_on) == (
        "S-2026-1",
        "P-1",
        OfferState.ACCEPTED,
        date(2026, 1, 5),
    )
    assert [(each.key, each.label, each.category, str(each.total)) for each in offer.positions] == [
        ("S-2026-1/2", "Konzept", "Phase 1", "5000.00 EUR"),
        ("S-2026-1/3", "Beratung vor Ort", "Phase 1", "1265.25 EUR"),
        ("S-2026-1/5", "Flyer A5", "Phase 2", "123.40 EUR"),
    ]
    assert [each.quantity for each in offer.positions] == [
        Quantity(Decimal(1), Unit.PIECE),
        Quantity(Decimal("10.5"), Unit.HOUR),
        Quantity(Decimal(1000), Unit.PIECE),
    ]
    assert offer.positions[0].planned_seconds == 40 * 3600


def test_progress_and_deliveries() -> None:
    """Tasks at 100 and 25 % make 62.5 %; the flyers went out on the tenth."""
    share, units = good(pulled("pull").readings)

    assert share.share
    assert (share.target, share.on, share.share.value) == ("S-2026-1/2", date(2026, 2, 28), Fraction(5, 8))
    assert (units.target, units.on, units.units) == ("S-2026-1/5", date(2026, 2, 10), Decimal(1000))


def test_time() -> None:
    """With its position where the task came of a line; that of February is not asked for."""
    found = good(pulled("pull").entries)
    told = [(each.day.day, each.seconds, each.project, each.position, each.billable) for each in found]

    assert told == [
        (15, 5400, "P-1", "S-2026-1/2", True),
        (16, 1200, "P-2", "", True),
        (19, 28_800, "", "", False),
        (20, 3600, "P-1", "S-2026-1/2", True),
        (21, 1800, "P-1", "S-2026-1/2", True),
    ]


def test_priced_tasks_become_positions() -> None:
    """The same Tryton, read by its tasks: their project is the offer."""
    found = pulled("pull_tasks")

    [offer] = good(found.offers)
    assert [(each.key, each.label, str(each.quantity.unit), str(each.total)) for each in offer.positions] == [
        ("P-2/6", "Templates", "flat", "7500.00 EUR"),
        ("P-2/7", "Schulung", "hour", "716.25 EUR"),
    ]
    [reading] = good(found.readings)
    assert reading.share
    assert (reading.target, reading.share.written) == ("P-2/6", "40 %")
    assert {each.position for each in good(found.entries)} == {"", "P-2/6"}


def test_edits_and_deletions() -> None:
    """What was edited is there as it is now, with another mark; what was deleted is gone."""
    with replayed("tryton", "window_after_changes"):
        after = {each.id: each for each in good(stories.window(HERE))}
    before: dict[str, TimeEntry] = {each.id: each for each in good(pulled("pull").entries)}

    assert set(before) - set(after) == {"6"}
    assert (before["5"].seconds, after["5"].seconds, after["5"].text) == (3600, 4500, "länger")
    assert before["5"].changed != after["5"].changed


def test_the_check() -> None:
    """Of a sound instance it tells only what is worth a look."""
    with replayed("tryton", "check"):
        found = stories.check(HERE)

    assert [(each.code, each.severity) for each in found] == [("CustomerMissing", Severity.NOTICE)]


def test_a_wrong_key() -> None:
    """Tryton refuses it, and says nothing else."""
    with replayed("tryton", "wrong_key"):
        error = stories.wrong_key(HERE)

    assert error.status == 401


def test_a_user_who_may_not_read_sales() -> None:
    """Tryton's words say which right is missing, and the address is short enough to read."""
    with replayed("tryton", "poor_user"):
        error = stories.poor_user(HERE)

    assert error.status == 400
    assert 'You are not allowed to access "Sale Line"' in error.message
    assert error.place == "tryton: GET https://tryton.example/honorar/rest/model/sale.line"
