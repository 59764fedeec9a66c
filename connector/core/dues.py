"""What is due under one agreement, position by position, and why nothing else is (domain 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from connector.core.agreement import Agreement, Instalment, ProgressMode, ProgressTerms, ScheduleTerms
from connector.core.billed import BilledState
from connector.core.due import Due, changed_since_billing, due_at, due_now, vanished_since_billing
from connector.core.offer import Position, Project, ProjectBilling
from connector.core.problems import Problem, Severity
from connector.core.progress import Evidence, Measured, measure, measure_project, project_chain
from connector.core.reason import step
from connector.core.schedule import instalment_positions
from connector.core.share import NOTHING, WHOLE
from connector.core.suggest import did_you_mean

Assessed = tuple[Position, Measured | Problem]
"""A position with its share, or why it has none."""

_INSTALMENT_RULES = ProgressTerms(ProgressMode.MANUAL)


class Rest(StrEnum):
    """Why a position has no amount on the document."""

    COMPLETE = "complete"
    NO_PROGRESS = "no_progress"
    NO_READING = "no_reading"
    NOT_SELECTED = "not_selected"
    NOT_YET_DUE = "not_yet_due"


@dataclass(frozen=True, slots=True)
class Untouched:
    """A position with nothing due, and why."""

    agreement: str
    position: Position
    rest: Rest


@dataclass(slots=True)
class Dues:
    """The outcome for one agreement.

    `lines` has positions at 0.00 as well where the agreement shows them; `whole` has every position, as a final invoice
    states it.
    """

    agreement: str
    lines: list[Due] = field(default_factory=list)
    whole: list[Due] = field(default_factory=list)
    untouched: list[Untouched] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, *problems: Problem) -> None:
        """Take problems in, under the name of the agreement."""
        self.problems += [replace(problem, agreement=self.agreement) for problem in problems]

    @property
    def owed(self) -> bool:
        """Tell whether any line has an amount."""
        return any(due.amount for due in self.lines)

    @property
    def held(self) -> bool:
        """Tell whether a problem holds the document back."""
        return any(problem.holds for problem in self.problems)

    def add(self, due: Due, *, shown: bool) -> None:
        """Take a due in: as an amount, else as untouched (and as a line of 0.00 where `shown`)."""
        self.whole.append(due)
        if due.amount:
            self.lines.append(due)
            return
        self.untouched.append(Untouched(self.agreement, due.position, _rest(due)))
        if shown:
            self.lines.append(due)


class Assessor:
    """Finds what is due from the evidence and the billed states."""

    def __init__(self, evidence: Evidence, billed: Mapping[str, BilledState]) -> None:
        """Take the evidence and the billed state of each position key."""
        self.evidence = evidence
        self.billed = billed
        self._keys_of: dict[str, list[str]] = {}
        for key, state in billed.items():
            self._keys_of.setdefault(state.agreement, []).append(key)

    def dues(self, agreement: Agreement, positions: Sequence[Position], selection: frozenset[str] | None) -> Dues:
        """Return what is due for the agreement; `selection` (position keys, categories) None means all of it."""
        dues = Dues(agreement.id)
        measured = self.measured(agreement, positions)
        if isinstance(measured, Problem):
            dues.report(measured)
            return dues
        if not positions:
            dues.report(_nothing_to_bill(agreement))
        terms = agreement.terms
        rules = terms if isinstance(terms, ProgressTerms) else _INSTALMENT_RULES
        keys: set[str] = set()
        names = self._names_billed(agreement) if selection else set()
        for position, share in measured:
            keys.add(position.key)
            if selection:
                names |= {position.key, position.category}
            if _selected(position, selection):
                self._assess(agreement, rules, position, share, dues)
            else:
                dues.untouched.append(Untouched(agreement.id, position, Rest.NOT_SELECTED))
        if unknown := sorted((selection or frozenset()) - names):
            dues.problems.append(_unknown_selection(agreement, unknown, names))
        self._assess_vanished(agreement, keys, selection, dues)
        return dues

    def _names_billed(self, agreement: Agreement) -> set[str]:
        """Return what a person may have chosen that is in the log alone."""
        keys = self._keys_of.get(agreement.id, ())
        return {name for key in keys for name in (key, self.billed[key].terms.category)}

    def measured(self, agreement: Agreement, positions: Sequence[Position]) -> Iterable[Assessed] | Problem:
        """Return each position (or instalment) with its share; one Problem where a schedule cannot be divided.

        Nothing for agreements that are not billed by positions.
        """
        terms = agreement.terms
        if isinstance(terms, ProgressTerms):
            return self._by_progress(agreement, terms, positions)
        if not isinstance(terms, ScheduleTerms) or not positions:
            return []
        divided = instalment_positions(agreement, terms, positions)
        if isinstance(divided, Problem):
            return divided
        return [(position, _instalment_share(item, self.evidence.as_of, len(divided))) for item, position in divided]

    def _by_progress(
        self, agreement: Agreement, terms: ProgressTerms, positions: Sequence[Position]
    ) -> Iterator[Assessed]:
        shared: Measured | Problem | None = None
        if common := [position for position in positions if not _has_own_share(terms, position)]:
            shared = measure_project(agreement, terms, common, self.evidence)
        projects = self.evidence.projects
        by_time = {each: _is_by_time(each, projects) for each in {position.project for position in positions}}
        for position in positions:
            if refusal := _refused(agreement, terms, position, by_time=by_time[position.project]):
                yield position, refusal
            elif shared is not None and not _has_own_share(terms, position):
                yield position, shared
            else:
                yield position, measure(agreement, terms, position, self.evidence)

    def _assess(
        self,
        agreement: Agreement,
        terms: ProgressTerms,
        position: Position,
        measured: Measured | Problem,
        dues: Dues,
    ) -> None:
        state = self.billed.get(position.key)
        changed = changed_since_billing(agreement, position, state) if state else None
        if changed or isinstance(measured, Problem):
            dues.report(*(problem for problem in (changed, measured) if isinstance(problem, Problem)))
            return
        due, problems = due_now(agreement, terms, position, measured, state)
        dues.report(*problems)
        if due is not None:
            dues.add(due, shown=terms.show_unchanged)

    def _assess_vanished(
        self, agreement: Agreement, keys: set[str], selection: frozenset[str] | None, dues: Dues
    ) -> None:
        for key in self._keys_of.get(agreement.id, ()):
            state = self.billed[key]
            if key in keys or not state.stands or not _selected(state.terms, selection):
                continue
            if not state.vanished:
                dues.report(vanished_since_billing(agreement, key))
            elif state.computed:
                dues.add(_taken_back(state, self.evidence.as_of), shown=False)


def _selected(position: Position, selection: frozenset[str] | None) -> bool:
    return selection is None or position.key in selection or position.category in selection


def _unknown_selection(agreement: Agreement, unknown: Sequence[str], names: Iterable[str]) -> Problem:
    chosen = ", ".join(map(repr, unknown))
    message = f"agreement {agreement.id} has no position or category {chosen} that could be selected"
    return Problem("UnknownSelection", message, agreement.place, did_you_mean(unknown[0], filter(None, names)))


def _has_own_share(terms: ProgressTerms, position: Position) -> bool:
    """Tell whether the position is measured for itself: the rule, or by a mode of its own (domain 3.2)."""
    return terms.differentiate or position.key in terms.mode_by_position or position.category in terms.mode_by_category


def _nothing_to_bill(agreement: Agreement) -> Problem:
    return Problem(
        "NothingToBill",
        f"agreement {agreement.id} has no accepted position in project {agreement.project}",
        agreement.place,
        "accept the offer in the project tool, or correct project and offers of the agreement",
        Severity.NOTICE,
    )


def _is_by_time(project: str, projects: Mapping[str, Project]) -> bool:
    """Tell whether the project, or the nearest one above it that says so, is billed by time and materials."""
    stated = (projects[each].billing for each in project_chain(project, projects) if each in projects)
    nearest = next((each for each in stated if each is not ProjectBilling.UNSTATED), ProjectBilling.UNSTATED)
    return nearest is ProjectBilling.TIME_AND_MATERIALS


def _refused(agreement: Agreement, terms: ProgressTerms, position: Position, *, by_time: bool) -> Problem | None:
    if not by_time or terms.mode_of(position) is not ProgressMode.MANUAL:
        return None
    return Problem(
        "ManualProgressOnTimeAndMaterials",
        f"position {position.key} belongs to a time-and-materials project, which has no progress by hand",
        agreement.place,
        "measure progress by effort, or make the agreement kind time_and_materials",
    )


def _instalment_share(instalment: Instalment, as_of: date, count: int) -> Measured:
    due = instalment.due_on <= as_of
    found = step("instalment", due_on=instalment.due_on, text=instalment.text, count=count)
    return Measured(WHOLE if due else NOTHING, min(instalment.due_on, as_of), (found,))


def _rest(due: Due) -> Rest:
    if any(found.rule == "instalment" for found in due.reason) and not due.share_after.value:
        return Rest.NOT_YET_DUE
    if any(found.rule == "no_reading" for found in due.reason):
        return Rest.NO_READING
    return Rest.COMPLETE if due.share_after.value >= 1 else Rest.NO_PROGRESS


def _taken_back(state: BilledState, as_of: date) -> Due:
    """Return what an accepted disappearance gives back: nothing of the position is due any more (domain 3.9)."""
    found = step("vanished", position=state.terms.key)
    return due_at(state.terms, Measured(NOTHING, as_of, (found,)), state)._replace(vanished=True)
