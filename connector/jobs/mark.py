"""Mark in project tools which time entries are billed, where the tenant wants it; a mark decides nothing (domain 3.8).

What is marked is compared with what stands on documents, so a mark that was lost is set by the next run, and one whose
document was cancelled is taken away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from connector.core.agreement import Agreement
from connector.core.billed import History
from connector.core.billed_time import BilledTime, TimeOnDocuments
from connector.core.charge_claims import TimeFacts
from connector.core.errors import HonorarError, OutcomeUnknown, RefusedError, TemporaryError
from connector.core.feeding import Feeding
from connector.core.materials_terms import MaterialsTerms
from connector.core.period import Period
from connector.core.plan import Facts
from connector.core.ports import BilledMarker
from connector.core.problems import Problem, Severity
from connector.core.retainer_terms import RetainerTerms
from connector.core.timesheet import TimeEntry
from connector.jobs import events
from connector.jobs.work import Reach

AT_ONCE = 100
"""So many entries are marked before it is written down; a run that is killed marks no more than these again."""


class Entries(Protocol):
    """The time entries of one source."""

    def entries(self, projects: Collection[str], days: Period, /) -> Iterator[TimeEntry]:
        """Yield the time entries of the projects on the days, of every kind."""
        ...


class Marks(Protocol):
    """Remembers which entries were marked."""

    def marked(self, source: str, /) -> Mapping[str, str]:
        """Return the agreements by the ids of marked entries that are still there."""
        ...

    def mark(self, source: str, agreement: str, ids: Collection[str], /, *, billed: bool, who: str) -> None:
        """Remember that the entries were marked, or that their mark was taken away."""
        ...


@dataclass(frozen=True, slots=True)
class Marking:
    """Marks entries by what is known today (`facts`) and what stands on approved documents."""

    facts: Facts
    approved: History
    marks: Marks
    who: str

    def mark(self, name: str, marker: BilledMarker, entries: Entries) -> Iterator[str | Problem]:
        """Bring the marks of the source up to date; yield a place per agreement, and the problem that stopped it."""
        found = self._found(entries)
        known = self.marks.marked(name)
        settled = frozenset[str]().union(*(each.billed | each.pending for each in found.values()))
        try:
            for agreement, told in found.items():
                wanted = sorted(told.billed - known.keys())
                surplus = sorted(each for each, of in known.items() if of == agreement and each not in settled)
                yield from self._bring(name, marker, agreement, wanted, billed=True)
                yield from self._bring(name, marker, agreement, surplus, billed=False)
        except (RefusedError, TemporaryError, OutcomeUnknown) as error:
            yield _not_marked(name, error)

    def _found(self, entries: Entries) -> dict[str, BilledTime]:
        facts = self.facts
        reach = Reach(facts.projects)
        time = TimeFacts(facts.as_of, facts.work, facts.metrics, facts.projects, {})
        stands = TimeOnDocuments(time, Feeding(facts.projects), self.approved.positions)
        return {
            agreement.id: stands.of(agreement, entries.entries(reach.projects(agreement), days))
            for agreement in facts.agreements
            if (days := _days(agreement, facts))
        }

    def _bring(
        self, name: str, marker: BilledMarker, agreement: str, ids: Sequence[str], *, billed: bool
    ) -> Iterator[str]:
        count = 0
        for first in range(0, len(ids), AT_ONCE):
            done: list[str] = []
            try:
                for each in marker.mark_billed(ids[first : first + AT_ONCE], billed=billed):
                    done.append(each)  # noqa: PERF402 - what came before an error counts
            finally:
                if done:
                    self.marks.mark(name, agreement, done, billed=billed, who=self.who)
            count += len(done)
        if count:
            events.done("source %s: %d entries of %s marked, billed: %s", name, count, agreement, billed)
            yield f"{name}: {agreement}, {'+' if billed else '-'}{count}"


def _days(agreement: Agreement, facts: Facts) -> Period | None:
    """Return the days of an agreement that bills time, None for any other, and for one that has not begun."""
    terms = agreement.terms
    if not isinstance(terms, RetainerTerms | MaterialsTerms) or terms.start > facts.as_of:
        return None
    return Period.inclusive(terms.start, facts.as_of)


def _not_marked(name: str, error: HonorarError) -> Problem:
    problem = Problem(
        "TimeNotMarked",
        f"time was not marked as billed: {error.message}",
        name,
        error.hint or "the next run tries again",
        Severity.NOTICE,
    )
    events.noticed([problem])
    return problem
