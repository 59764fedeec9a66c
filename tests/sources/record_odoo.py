"""Record the cassettes of Odoo from the stand-in: python -m tests.sources.record_odoo.

No real instance could be reached: what is recorded is what Odoo documents and publishes, as the stand-in understands
it. Over JSON-RPC the key stands in the body, where a recording has a mark in its place: so that is the key when it is
played back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from connector.core.errors import AuthenticationFailed, NotAllowed
from connector.core.period import Period
from connector.core.problems import Problem
from connector.redact import REDACTED
from connector.sources.odoo import Odoo, build
from tests.sources.odoo_world import KEY, World, link, settings_of
from tests.standins import odoo
from tests.support.cassettes import Recording, recorded
from tests.support.transports import transport_for

ORIGIN = "a stand-in built from public documentation (tests/standins/odoo.py) by tests/sources/record_odoo.py"

TOLD_URL = "https://agency.odoo.com"
"""Stands for the stand-in in the cassettes."""

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))

Values = dict[str, list[object]]


@dataclass(frozen=True)
class Server:
    """Where a story plays: the address and a key; the mark in its place when a cassette answers."""

    url: str = TOLD_URL
    key: str = REDACTED


def source(server: Server, **settings: Any) -> Odoo:  # noqa: ANN401 - settings as a configuration has them
    """Return a fresh source, as one pull has it."""
    given = {"position_id": "number", "shares_by": "updates", "api_key": server.key, **settings}
    return build(settings_of(server.url, **given), transport_for("odoo"))


def pulled(odoo_source: Odoo) -> Values:
    """Read everything, as a pull does."""
    return {
        "customers": list(odoo_source.customers()),
        "projects": list(odoo_source.projects()),
        "offers": list(odoo_source.offers()),
        "readings": list(odoo_source.readings(date(2026, 3, 31))),
        "entries": list(odoo_source.entries(JANUARY)),
    }


def pull(server: Server) -> Values:
    """Read everything over JSON-RPC, as releases before 19 tell it."""
    return pulled(source(server))


def pull_json_2(server: Server) -> Values:
    """Read everything over JSON-2."""
    return pulled(source(server, api="json2"))


def check(server: Server) -> list[Problem]:
    """Check an instance in which nothing is wrong but a project without a customer."""
    return list(source(server).check())


def wrong_key(server: Server) -> AuthenticationFailed:
    """Read time with a key that Odoo does not know."""
    try:
        list(source(server).entries(JANUARY))
    except AuthenticationFailed as error:
        return error
    raise AssertionError


def missing_right(server: Server) -> NotAllowed:
    """Read orders as a user who may not."""
    try:
        list(source(server).offers())
    except NotAllowed as error:
        return error
    raise AssertionError


class Locked(odoo.Odoo):
    """Lets nobody in."""

    def _service(self, service: str, method: str, args: list[Any]) -> Any:  # noqa: ANN401 - JSON
        return False if service == "common" else super()._service(service, method, args)


def filled(release: int) -> World:
    """Return what the stories tell of."""
    world = World(odoo.api(release=release))
    world.api.add("account.payment.term.line", payment_id=[5, "14 Tage"], delay_type="days_after", nb_days=14)
    world.partner |= {
        "street": "Hauptstraße 1", "zip": "10115", "city": "Berlin", "country_code": "DE", "vat": "DE136695976",
        "property_payment_term_id": [5, "14 Tage"],
    }  # fmt: skip
    world.add_project("Intern", partner_id=False)
    world.add_order(
        "S00012",
        {"name": "Phase 1", "display_type": "line_section", "sequence": 1},
        world.sold("Konzept", 5000, sequence=2),
        world.sold("Beratung", Decimal("120.5"), Decimal("10.5"), product_uom_id=[4, "Hours"], sequence=3)
        | {"price_subtotal": Decimal("1265.25")},
        world.sold("Kurzfilme", 890, 6, qty_delivered=2, sequence=4, write_date="2026-02-27 12:00:00"),
        client_order_ref="Relaunch",
    )
    world.add_order("S00013", world.sold("Pflege", 180, 6), state="sent")
    line = world.api.rows["sale.order.line"][2]
    world.api.add("project.update", name="Stand", project_id=link(world.project), date="2026-01-31", progress=33)
    for number in range(20):
        world.add_entry(f"2026-01-{number + 5:02}", Decimal("0.3333333333333333"), so_line=link(line))
    world.add_entry("2026-01-30", name="Ablage", timesheet_invoice_type="non_billable")
    return world


def forbidding() -> World:
    """Return what the stories tell of, with orders that may not be read."""
    world = filled(18)
    world.api.forbidden.add("sale.order")
    return world


def locked() -> World:
    """Return an Odoo that lets nobody in."""
    api = odoo.api()
    return World(Locked(api.bucket, api.release, api.rows))


STORIES: Mapping[str, tuple[Callable[[], World], Callable[[Server], object]]] = {
    "pull": (lambda: filled(18), pull),
    "pull_json_2": (lambda: filled(19), pull_json_2),
    "check": (lambda: filled(18), check),
    "wrong_key": (locked, wrong_key),
    "missing_right": (forbidding, missing_right),
}
"""What the source is asked in each cassette, and of which Odoo."""


def main() -> None:
    """Record all."""
    for name, (world, story) in STORIES.items():
        with world().running() as server, recorded("odoo", name, Recording(ORIGIN, server.url, TOLD_URL)):
            story(Server(server.url, KEY))


if __name__ == "__main__":
    main()
