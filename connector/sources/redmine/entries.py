"""Time entries of a window of days, streamed; what changed in it is found by comparing (domain 6).

Redmine's time entries take no filter on the day of their last change: it is ignored in silence, as is a filter that it
cannot read. So a window of `spent_on` is read as a whole, and every row is checked to lie in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connector.core.errors import UnexpectedAnswer
from connector.core.notation import NotationError, one_of
from connector.core.period import Period
from connector.core.problems import Problem, Severity
from connector.core.quantity import seconds_of_hours
from connector.core.timesheet import TimeEntry
from connector.sources.redmine.calls import Calls
from connector.sources.redmine.rate_card import RateCard
from connector.sources.redmine.records import TRUTH, TimeEntryRecord, record_of
from connector.sources.redmine.settings import EntryFields


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads time entries and tells which position of the rate card they belong to."""

    calls: Calls
    card: RateCard
    fields: EntryFields

    def entries(self, period: Period) -> Iterator[TimeEntry | Problem]:
        """Yield every entry of the period once, and notices; UnexpectedAnswer if the window was ignored."""
        window = f"><{period.start}|{period.last_day}"
        for scope in self.card.projects.scopes:
            for row in self.calls.walk("time_entries", {**scope, "spent_on": window}):
                place = f"{self.calls.source}: time entry #{row['id']}"
                record = record_of(row, TimeEntryRecord, place)
                if isinstance(record, Problem):
                    yield record
                elif record.spent_on in period:
                    yield from self._translated(record, place)
                else:
                    message = (
                        f"time of {record.spent_on} came, though {period.start} to {period.last_day} was asked for"
                    )
                    raise UnexpectedAnswer(message, place=place, hint="the filter spent_on is ignored by this server")

    def _translated(self, record: TimeEntryRecord, place: str) -> Iterator[TimeEntry | Problem]:
        project = self.card.projects.records.get(record.project)
        if project is None:
            yield self.card.projects.not_read(place)
            return
        try:
            billable = self._billable(record)
        except NotationError as error:
            yield Problem("BadTimeEntry", error.message, place, error.hint)
            return
        position = self._position(record, place)
        if isinstance(position, Problem):
            yield position
            position = ""
        yield TimeEntry(
            id=str(record.id),
            project=project.identifier,
            day=record.spent_on,
            seconds=seconds_of_hours(record.hours),
            person=record.user,
            activity=record.activity,
            position=position,
            text=record.comments or "",
            billable=billable,
            changed=record.updated_on,
            origin=place,
        )

    def _billable(self, record: TimeEntryRecord) -> bool:
        """Return what the field says; an empty one, as entries have that are older than the field, is billable."""
        text = record.text(self.fields.billable)
        return one_of(TRUTH, text) if text else True

    def _position(self, record: TimeEntryRecord, place: str) -> str | Problem:
        """Return the key of the position the entry names, else of the one its issue belongs to; '' for none."""
        if named := record.text(self.fields.position):
            return self.card.key_named(named, record.project) or _unknown_position(named, place)
        if record.issue is None:
            return ""
        if record.issue.id not in self.card.parents:
            return _unknown_issue(record.issue.id, place)
        return self.card.key_above(record.issue.id)


def _unknown_position(named: str, place: str) -> Problem:
    message = f"{named!r} names no position of its project, or more than one"
    hint = "write the number of the issue; the time is read without a position"
    return Problem("UnknownPosition", message, place, hint, Severity.NOTICE)


def _unknown_issue(issue: int, place: str) -> Problem:
    message = f"issue #{issue} is in none of the projects that are read, or the key's user may not see it"
    return Problem("UnknownIssue", message, place, "the time is read without a position", Severity.NOTICE)
