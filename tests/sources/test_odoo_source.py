"""One pull of an Odoo asks for every list once, and the check finds what a pull would find."""

from __future__ import annotations

from datetime import date

from connector.core.period import Period
from connector.core.problems import Severity
from connector.sources.odoo import build
from tests.sources.odoo_world import World, settings_of
from tests.support.transports import transport_for

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


def filled() -> World:
    """Return a world with an order and time."""
    world = World()
    world.add_order("S-1", world.sold("Konzept"))
    world.add_entry()
    return world


def test_a_pull_asks_for_each_list_once() -> None:
    """Each list is asked for until it is empty: twice where it fits on a page; fields are asked for once."""
    with filled().running() as server:
        odoo = build(settings_of(server.url), transport_for("odoo"))
        for reader in (odoo.customers(), odoo.projects(), odoo.offers(), odoo.readings(JANUARY.last_day)):
            list(reader)
        list(odoo.entries(JANUARY))
        asked = [call.json()["params"]["args"][3:5] for call in server.asked if "search_read" in str(call.body)]

    assert {model for model, _ in asked if asked.count([model, "search_read"]) > 2} == set()
    assert {model for model, _ in asked} == {
        "res.company", "res.partner", "account.payment.term.line", "product.product", "project.project",
        "project.task", "sale.order", "sale.order.line", "account.analytic.line",
    }  # fmt: skip


def test_the_next_pull_asks_again() -> None:
    """A source that lives on sees what changed meanwhile."""
    world = filled()
    with world.source() as odoo:
        list(odoo.projects())
        world.add_project("Zweites")
        assert len(list(odoo.projects())) == 2


def test_a_sound_odoo_checks_out() -> None:
    """Nothing is told where nothing is wrong."""
    assert filled().told("check") == []


def test_the_check_tells_what_a_pull_would() -> None:
    """Faults of every kind of record."""
    world = filled()
    world.add_project("Intern", partner_id=False)
    world.add_order("S-2", world.sold(" "))
    world.partner["ref"] = False

    assert {(each.code, each.severity) for each in world.told("check")} == {
        ("UnreadableRecord", Severity.HOLD),
        ("CustomerMissing", Severity.NOTICE),
        ("CustomerMissing", Severity.HOLD),
        ("BadPosition", Severity.HOLD),
    }


def test_a_key_that_travels_in_clear_is_told_first() -> None:
    """Before anything is asked over that address."""
    first = next(build(settings_of("http://odoo.example"), transport_for("odoo")).check())

    assert (first.code, first.severity) == ("KeyInClear", Severity.NOTICE)
