"""The done ratio of priced issues as dated readings.

Redmine says how far an issue is now, and when it was last changed. So the ratio is dated to the day of the last change:
it holds from then on. If that day lies after `as_of`, the issue's history tells what the ratio was; where it cannot
tell, there is a notice and no reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from connector.core.period import local_day
from connector.core.problems import Problem, Severity
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from connector.sources.redmine.calls import Calls
from connector.sources.redmine.rate_card import PricedIssue, RateCard
from connector.sources.redmine.records import IssueRecord, Journal, JournaledIssue

ALL_PERCENT = 100


@dataclass(frozen=True, slots=True)
class ProgressReader:
    """Reads how far the issues of the rate card were on a day; `zone` says on which day an instant lies."""

    calls: Calls
    card: RateCard
    zone: tzinfo
    as_of: date

    def readings(self) -> Iterator[Reading | Problem]:
        """Yield one reading per priced issue that was there on the day, and notices."""
        parents = set(self.card.parents.values())
        for number, priced in self.card.priced.items():
            if self._day(priced.issue.created_on) > self.as_of:
                continue
            if self._day(priced.issue.updated_on) <= self.as_of:
                yield self._reading(priced, priced.issue.done_ratio, self._day(priced.issue.updated_on))
                yield from self._closed_unfinished(priced.issue)
            else:
                yield self._as_it_was(priced, derived=number in parents)

    def _as_it_was(self, priced: PricedIssue, *, derived: bool) -> Reading | Problem:
        """Return the ratio before the first change after the day."""
        issue = priced.issue
        path = f"/issues/{issue.id}.json"
        journals = self.calls.one(path, "issue", JournaledIssue, include="journals").journals
        later = [each for journal in journals if self._day(journal.created_on) > self.as_of for each in journal.details]
        ratios = [detail for detail in later if detail.property == "attr" and detail.name == "done_ratio"]
        if derived or (not ratios and any(detail.name == "status_id" for detail in later)):
            return self._not_dated(issue)
        ratio = int(ratios[0].old_value or 0) if ratios else issue.done_ratio
        return self._reading(priced, ratio, self._last_change(issue, journals))

    def _last_change(self, issue: IssueRecord, journals: Sequence[Journal]) -> date:
        days = [self._day(journal.created_on) for journal in journals]
        return max((day for day in days if day <= self.as_of), default=self._day(issue.created_on))

    def _reading(self, priced: PricedIssue, ratio: int, on: date) -> Reading:
        share = Share.of(ratio, ALL_PERCENT, f"{ratio} %")
        position = priced.position
        return Reading(position.project, ReadingScope.POSITION, position.key, on, share, origin=position.origin)

    def _not_dated(self, issue: IssueRecord) -> Problem:
        message = f"changed after {self.as_of}, and Redmine keeps no history of a ratio it works out itself"
        hint = "what was read of it up to that day stands in; else pull with a later day, or keep it in a ledger"
        return Problem("ProgressNotDated", message, self.card.place(issue.id), hint, Severity.NOTICE)

    def _closed_unfinished(self, issue: IssueRecord) -> Iterator[Problem]:
        if issue.status.is_closed and issue.done_ratio < ALL_PERCENT:
            message = f"closed at {issue.done_ratio} %"
            hint = "set the ratio to 100 % if it is done; else the rest stays unbilled"
            yield Problem("ClosedUnfinished", message, self.card.place(issue.id), hint, Severity.NOTICE)

    def _day(self, instant: datetime) -> date:
        return local_day(instant, self.zone)
