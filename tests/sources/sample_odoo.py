"""An Odoo with data in it, for the contract of sources: the stand-in with an order, units, shares and time."""

from __future__ import annotations

from connector.sources.odoo import Odoo, build
from tests.sources.odoo_world import World, link, settings_of
from tests.support.direct import Direct


def sample() -> Odoo:
    """Return the source of the stand-in."""
    world = World()
    world.add_order("S-1", world.sold("Konzept"), world.sold("Filme", 890, 6, qty_delivered=2))
    line = world.api.rows["sale.order.line"][0]
    world.api.add("project.update", name="Stand", project_id=link(world.project), date="2026-02-27", progress=33)
    for day in ("2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01"):
        world.add_entry(day, so_line=link(line))
    return build(settings_of("http://127.0.0.1", shares_by="updates"), Direct("odoo", world))
