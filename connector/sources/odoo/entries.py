"""Timesheets of a period of days, streamed; what changed in it is found by comparing (domain 6).

Rows are plain dictionaries, checked field by field: they are many, and a model for each would cost most of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from connector.core.errors import UnexpectedAnswer
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.quantity import Unit, seconds_of_hours
from connector.core.timesheet import TimeEntry
from connector.sources.odoo.calls import Calls, Row
from connector.sources.odoo.offers import RateCard
from connector.sources.odoo.positions import UNITS

MODEL = "account.analytic.line"

FIELDS = ("date", "name", "unit_amount", "product_uom_id", "employee_id", "project_id", "task_id", "write_date")

EXTRAS = ("so_line", "timesheet_invoice_type", "validated")
"""Come with the apps sale_timesheet and timesheet_grid."""

NOT_BILLABLE = "non_billable"

WITHOUT_TEXT = "/"
"""What Odoo writes where a person wrote nothing."""


@dataclass(slots=True)
class EntryReader:
    """Reads timesheets and tells which position of the rate card they belong to; asked once."""

    calls: Calls
    card: RateCard
    missing: set[int] = field(default_factory=set)

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield every entry of the period once, problems, and a notice for each project that is not read."""
        self.calls.need(MODEL, "project_id")
        fields = (*FIELDS, *self.calls.having(MODEL, *EXTRAS))
        first, last = period.start.isoformat(), period.last_day.isoformat()
        within = (["project_id", "!=", False], ["date", ">=", first], ["date", "<=", last])
        for row in self.calls.of_company(MODEL, fields, *within):
            place = f"{self.calls.source}: timesheet line #{row['id']}"
            try:
                told = self._entry(row, place)
            except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
                message = f"not as Odoo has it: {type(error).__name__} {error}"
                yield Problem("BadTimeEntry", message, place, "look at it in Odoo")
                continue
            if told.day not in period:
                message = f"time of {told.day} came, though {first} to {last} was asked for"
                raise UnexpectedAnswer(message, place=place, hint="the filter of days is ignored by this server")
            yield from self._not_read(row["project_id"][0], place)
            yield told

    def _entry(self, row: Row, place: str) -> TimeEntry:
        """Return the row as an entry; any of Python's errors for a field that is not as Odoo has it."""
        number = row["project_id"][0]
        line, task, text = row.get("so_line"), row["task_id"], row["name"] or ""
        sold = self.card.sold.get(line[0]) if line else None
        return TimeEntry(
            id=str(row["id"]),
            project=self.card.projects.ids.get(number, f"#{number}"),
            day=date.fromisoformat(row["date"]),
            seconds=_seconds(row),
            person=row["employee_id"][1] if row["employee_id"] else "",
            activity=task[1] if task else "",
            position=sold.position.key if sold else "",
            text="" if text == WITHOUT_TEXT else text,
            billable=row.get("timesheet_invoice_type") != NOT_BILLABLE,
            approved=row.get("validated") is not False,
            changed=row["write_date"] or "",
            origin=place,
        )

    def _not_read(self, number: int, place: str) -> Iterator[Problem]:
        if number not in self.card.projects.ids and number not in self.missing:
            self.missing.add(number)
            message = f"its project #{number} is not among those that are read"
            hint = "may the key's user see it? its time is read, and belongs to nothing that is billed"
            yield Problem("ProjectNotRead", message, place, hint, Severity.NOTICE)


def _seconds(row: Row) -> int:
    """Return the duration, which is in hours unless the line says otherwise; ValueError for anything else."""
    hours, unit = row["unit_amount"], row["product_uom_id"]
    if type(hours) not in (int, Decimal) or hours < 0:
        message = f"not a duration from 0 hours: {hours!r}"
        raise ValueError(message)
    if unit and UNITS.get(unit[1]) is not Unit.HOUR:
        message = f"time in {unit[1]!r}, not in hours"
        raise ValueError(message)
    return seconds_of_hours(hours)
