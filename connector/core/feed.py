"""Which time belongs to which item of an agreement, and that none belongs to two (domain 4.1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feed:
    """Time that matches feeds the item: any of the projects, activities and positions named; none named means any.

    With a `metric`, the item is counted in units and fed by the readings of that metric, and by no time.
    """

    item: str
    projects: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    metric: str = ""

    def takes(self, projects: Collection[str], activity: str, position: str) -> bool:
        """Tell whether time of the activity and position feeds the item; `projects`: its project and its parents."""
        return (
            not self.metric
            and (not self.projects or any(project in self.projects for project in projects))
            and (not self.activities or activity in self.activities)
            and (not self.positions or position in self.positions)
        )
