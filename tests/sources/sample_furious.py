"""A Furious with data in it, for the contract of sources: a customer, a project, an offer, progress, time and money."""

from __future__ import annotations

from connector.sources.furious import Furious
from tests.sources.furious_standin import World

PROGRESS = {"resource": "project-advancement", "on": "date", "share": "advancement", "project": "project_id"}


def sample() -> Furious:
    """Return the source of the stand-in."""
    world = World()
    for day in ("2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01"):
        world.add_sprint(start_date=day, end_date=day, project_rate_card_id=world.project_line)
        world.add("project-advancement", project_id=world.project, date=day, advancement="40")
    world.add("purchase", type="Media", cost="100.50", project_id=world.project, start_date="2026-03-31")
    metrics = [{"name": "media_spend", "kinds": ["Media"]}]
    return world.source(progress=[PROGRESS], metrics=metrics)
