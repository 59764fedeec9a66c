"""From what is due of positions to the lines that claim it: text, service period (domain 3.6, 3.12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from connector.core.agreement import Agreement, ScheduleTerms
from connector.core.billed import BilledState, given_back
from connector.core.claim import Claim
from connector.core.due import Due
from connector.core.offer import Position, Project
from connector.core.period import Period
from connector.core.texts import covers_text, progress_text


@dataclass(frozen=True, slots=True)
class ProgressClaims:
    """Makes claims of dues; knows the projects' dates and what was billed before."""

    projects: Mapping[str, Project]
    billed: Mapping[str, BilledState]

    def claims(self, agreement: Agreement, dues: Iterable[Due], language: str, issue_date: date) -> Iterator[Claim]:
        """Yield a claim per due, in order."""
        for due in dues:
            yield Claim(
                position=due.position,
                text=_text(agreement, due, language),
                amount=due.amount,
                quantity=due.printed.quantity,
                unit=due.printed.unit,
                unit_price=due.printed.unit_price,
                done=due.quantity,
                share_before=due.share_before,
                share_after=due.share_after.value,
                period=self._service_period(due, issue_date),
                reason=due.reason,
                vanished=due.vanished,
                credits=given_back(self.billed.get(due.position.key), due.amount),
            )

    def _service_period(self, due: Due, issue_date: date) -> Period:
        """Return from the day after the last service period billed (else the start) to the day of the evidence."""
        position = due.position
        state = self.billed.get(position.key)
        project = self.projects.get(position.project)
        start = (state and state.through) or position.start or (project and project.start) or due.on
        return Period.inclusive(start, due.on) if start <= due.on else Period.inclusive(issue_date, issue_date)


def covered_note(agreement: Agreement, positions: Sequence[Position], language: str) -> tuple[str, ...]:
    """Return the note that lists what a schedule covers, for information, where the agreement asks for it."""
    terms = agreement.terms
    if not isinstance(terms, ScheduleTerms) or not terms.list_positions:
        return ()
    return (covers_text(language, "; ".join(position.label for position in positions)),)


def _text(agreement: Agreement, due: Due, language: str) -> str:
    if isinstance(agreement.terms, ScheduleTerms):
        return due.position.label
    return progress_text(language, due.position.label, due.share_before, due.share_after.value)
