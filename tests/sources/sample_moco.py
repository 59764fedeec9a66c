"""A MOCO with data in it, for the contract of sources: the stand-in with an offer, units, a share and time."""

from __future__ import annotations

from connector.sources.moco import Moco
from tests.sources.moco_world import World


def sample() -> Moco:
    """Return the source of the stand-in."""
    world = World()
    world.api.add("/account/custom_properties", name="Fertig", entity="Project")
    world.project["custom_properties"] = {"Fertig": "1 von 3"}
    world.add_offer(
        "A-1", world.item("Konzept"), world.item("Filme", quantity=6, unit="Stk", unit_price=890, net_total=5340)
    )
    world.add_offer("A-2", status="sent")
    world.add_expense("Filme", 2, "2026-02-27")
    for day in ("2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01"):
        world.add_activity(date=day, task={"id": 1, "name": "Konzept"})
    return world.source(project={"share": "Fertig"})
