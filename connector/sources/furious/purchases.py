"""Metrics out of purchases: what was spent on something, by project and day (domain 4.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from connector.core.notation import NotationError
from connector.core.problems import Problem
from connector.core.readings import Metric
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.projects import Projects
from connector.sources.furious.settings import MetricFields, Settings
from connector.sources.furious.values import Row, amount, dated, empty, link, text


def metrics(calls: Calls, projects: Projects, settings: Settings) -> Iterator[Metric | Problem]:
    """Yield the cost of the purchases of each metric: one figure for a project and day, however many there were."""
    for table in settings.metrics:
        search = resources.purchases(table).search
        sums: dict[tuple[str, object], Metric] = {}
        for row in calls.walk(search):
            found = row if isinstance(row, Problem) else _cost(row, table, settings.currency, projects, calls)
            if isinstance(found, Problem):
                yield found
            elif found:
                known = sums.get((found.project, found.on))
                sums[found.project, found.on] = _together(known, found) if known else found
        yield from sums.values()


def _cost(row: Row, table: MetricFields, currency: str, projects: Projects, calls: Calls) -> Metric | Problem | None:
    """Return what was spent; None for a purchase that does not count."""
    place = calls.place(resources.PURCHASE, row["id"])
    try:
        if text(row, table.kind) not in table.kinds or (table.states and text(row, table.state) not in table.states):
            return None
        return _metric(row, table, currency, projects, place)
    except NotationError as error:
        return Problem("UnreadableRecord", error.message, place, error.hint)


def _metric(row: Row, table: MetricFields, currency: str, projects: Projects, place: str) -> Metric:
    project = link(row, table.project)
    if not project:
        raise empty(table.project)
    if (stated := text(row, table.currency)) not in ("", currency):
        raise NotationError(stated, f"not in {currency}", "keep this metric in a ledger")
    return Metric(table.name, projects.number(project), dated(row, table.on), amount(row, table.cost), place)


def _together(known: Metric, found: Metric) -> Metric:
    return replace(known, value=known.value + found.value, origin=f"{known.origin}, {found.origin}")
