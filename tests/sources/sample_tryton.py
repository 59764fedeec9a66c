"""A Tryton with data in it, for the contract of sources: the stand-in with an offer, progress, a delivery and time."""

from __future__ import annotations

from connector.sources.tryton import Tryton
from tests.sources.tryton_standin import StandIn, line


def sample() -> Tryton:
    """Return the source of the stand-in."""
    standin = StandIn()
    standin.sale("S-1", line("Konzept", "5000"), line("Flyer", "2.5", "1000"))
    standin.rows["project.work"][-1] |= {"progress": 1}
    standin.move(2, "400", "2026-02-10")
    for day in ("2026-01-31", "2026-02-01", "2026-03-31", "2026-04-01"):
        standin.entry(day)
    return standin.source()
