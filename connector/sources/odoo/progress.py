"""How far things are: units out of the delivered quantity of lines, shares out of the updates of projects.

Odoo says what is delivered now, and when the line was last changed: so units are dated to that day. Updates of projects
have days of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, tzinfo

from connector.core.period import local_day
from connector.core.problems import Problem, Severity
from connector.core.quantity import plain
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from connector.sources.odoo.calls import Calls
from connector.sources.odoo.offers import RateCard, Sold
from connector.sources.odoo.projects import Projects
from connector.sources.odoo.records import UpdateRecord, record_of

BY_TIME = frozenset({"timesheet", "analytic"})
"""Deliveries that Odoo adds up out of time or expenses: effort, which is read as time."""

ALL_PERCENT = 100


def units(card: RateCard, zone: tzinfo, as_of: date) -> Iterator[Reading | Problem]:
    """Yield what was delivered of each line, and a notice where that may be of a later day."""
    for sold in card.sold.values():
        line, position = sold.line, sold.position
        if not line.qty_delivered or line.qty_delivered_method in BY_TIME:
            continue
        on = local_day(line.write_date, zone)
        if on <= as_of:
            yield _delivered(sold, on)
        else:
            message = f"changed after {as_of}, and Odoo keeps no history of what was delivered"
            hint = "what was read of it up to that day stands in; else pull with a later day, or keep it in a ledger"
            yield Problem("ProgressNotDated", message, position.origin, hint, Severity.NOTICE)


def _delivered(sold: Sold, on: date) -> Reading:
    position, produced = sold.position, plain(sold.line.qty_delivered)
    return Reading(position.project, ReadingScope.POSITION, position.key, on, units=produced, origin=position.origin)


def shares(calls: Calls, projects: Projects, as_of: date) -> Iterator[Reading | Problem]:
    """Yield the share of whole projects that was told on or before the day; the last one told on a day counts."""
    newest: dict[tuple[int, date], Reading] = {}
    fields = ("project_id", "date", "progress")
    for row in calls.walk("project.update", fields, ["date", "<=", as_of.isoformat()]):
        place = f"{calls.source}: project update #{row['id']}"
        record = record_of(row, UpdateRecord, place)
        if isinstance(record, Problem):
            yield record
        elif not 0 <= record.progress <= ALL_PERCENT:
            yield Problem("BadReading", f"a progress of {record.progress} %", place, "write 0 to 100")
        elif record.project_id.id in projects.ids and record.date:
            share = Share.of(record.progress, ALL_PERCENT, f"{record.progress} %")
            project = projects.ids[record.project_id.id]
            reading = Reading(project, ReadingScope.PROJECT, "", record.date, share, origin=place)
            newest[record.project_id.id, record.date] = reading
    yield from newest.values()
