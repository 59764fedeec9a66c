"""What is wrong with the readings of a metric: none in a period, or two of one day that differ (domain 4.9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from connector.core.agreement import Agreement
from connector.core.problems import Problem
from connector.core.readings import Metric


def metric_missing(agreement: Agreement, part: tuple[str, str], metric: str, period: str) -> Problem:
    """Return the problem of a metric without a reading in the period; `part` is the id and label of what needs it."""
    part_id, label = part
    return Problem(
        "MetricMissing",
        f"{label} of {period} needs the metric {metric!r}, which has no reading in that time",
        f"{agreement.place} {part_id} {period}",
        "enter the reading, dated within the period; 0 if there was none",
        agreement=agreement.id,
    )


def contradictions(agreement: Agreement, readings: Iterable[Metric]) -> Iterator[Problem]:
    """Yield a problem for every reading that differs from an earlier one of its metric, project and day."""
    known: dict[tuple[str, str, date], Metric] = {}
    for reading in readings:
        first = known.setdefault((reading.name, reading.project, reading.on), reading)
        if first.value != reading.value:
            yield Problem(
                "ReadingsContradict",
                f"two readings of {reading.on} for metric {reading.name!r} differ: {first.value} and {reading.value}",
                f"{first.origin}; {reading.origin}",
                "remove the wrong one, or date it to the day it was true",
                agreement=agreement.id,
            )
