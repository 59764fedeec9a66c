"""Marks in project tools follow what stands on documents, in pieces, and stop where the tool does not take them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from connector.core.agreement import Agreement
from connector.core.billed import EMPTY, History
from connector.core.charge_claims import TimeFacts, assess
from connector.core.errors import HonorarError, OutcomeUnknown
from connector.core.feeding import Feeding
from connector.core.period import Period
from connector.core.plan import Facts
from connector.core.problems import Problem, Severity
from connector.core.timesheet import TimeEntry
from connector.core.vat import VatCase
from connector.core.work import work_of
from connector.jobs.mark import AT_ONCE, Marking
from tests.core.builders import agreement, party, project, time_entry
from tests.core.retainer_builders import SUPPORT, Log, materials
from tests.jobs.world import WHO

AS_OF = date(2026, 2, 1)
PROJECTS = {"WEB": project()}
WORK = replace(SUPPORT, terms=materials())


@dataclass
class Tool:
    """Satisfies the port BilledMarker; fails after so many entries."""

    fails_after: int | None = None
    error: HonorarError = field(default_factory=lambda: OutcomeUnknown("lost", place="tool"))
    asked: list[tuple[int, bool]] = field(default_factory=list)
    marks_billed: bool = True

    def mark_billed(self, ids: Sequence[str], *, billed: bool) -> Iterator[str]:
        """Take them one by one."""
        self.asked.append((len(ids), billed))
        for number, each in enumerate(ids):
            if number == self.fails_after:
                raise self.error
            yield each


@dataclass
class Memory:
    """Satisfies the ports Entries and Marks."""

    time: Sequence[TimeEntry]
    known: dict[str, str] = field(default_factory=dict)
    told: list[int] = field(default_factory=list)

    def entries(self, projects: Collection[str], days: Period, /) -> Iterator[TimeEntry]:
        """Yield the time of the projects on the days."""
        yield from (each for each in self.time if each.project in projects and each.day in days)

    def marked(self, source: str, /) -> Mapping[str, str]:
        """Return what was marked in the tool."""
        assert source == "tool"
        return dict(self.known)

    def mark(self, source: str, agreement: str, ids: Collection[str], /, *, billed: bool, who: str) -> None:
        """Keep it."""
        assert (source, who) == ("tool", WHO)
        self.told.append(len(ids))
        for each in ids:
            if billed:
                self.known[each] = agreement
            else:
                del self.known[each]


def no_vat(_: VatCase) -> Problem:
    """Decide nothing: no document is made here."""
    raise AssertionError


def facts(time: Sequence[TimeEntry], *agreements: Agreement, as_of: date = AS_OF) -> Facts:
    """Return what is known on the day."""
    terms = materials()
    work, _ = work_of(time, terms.group_by, terms.rounding, approved_only=False)
    told = {each.id: work for each in agreements}
    return Facts("agency", as_of, party(), 14, agreements, {}, PROJECTS, (), no_vat, work=told)


def billed(time: Sequence[TimeEntry]) -> History:
    """Return the log after the time was billed on the day."""
    known, log = facts(time, WORK), Log()
    of_time = TimeFacts(AS_OF, known.work, (), PROJECTS, {})
    log.run(assess(WORK, of_time, Feeding(PROJECTS)).charges, AS_OF)
    return History.fold(log.entries)


def mark(
    memory: Memory, tool: Tool, approved: History, *agreements: Agreement, as_of: date = AS_OF
) -> list[str | Problem]:
    """Bring the marks up to date."""
    known = facts(memory.time, *(agreements or (WORK,)), as_of=as_of)
    return list(Marking(known, approved, memory, WHO).mark("tool", tool, memory))


def some(count: int) -> list[TimeEntry]:
    """Return so many hours of January."""
    return [time_entry(f"T{number:03}") for number in range(count)]


def test_marks_go_out_in_pieces_and_are_written_down_piece_by_piece() -> None:
    """Once: the second time there is nothing to say."""
    memory, tool = Memory(some(AT_ONCE + 1)), Tool()
    approved = billed(memory.time)

    assert mark(memory, tool, approved) == [f"tool: support, +{AT_ONCE + 1}"]
    assert (tool.asked, memory.told) == ([(AT_ONCE, True), (1, True)], [AT_ONCE, 1])
    assert mark(memory, tool, approved) == []
    assert len(tool.asked) == 2


def test_what_was_taken_before_an_error_is_written_down() -> None:
    """The problem is a notice with what to do; the next run goes on from there."""
    memory, tool = Memory(some(5)), Tool(fails_after=2)
    approved = billed(memory.time)

    assert mark(memory, tool, approved) == [
        Problem(
            "TimeNotMarked", "time was not marked as billed: lost", "tool", "the next run tries again", Severity.NOTICE
        )
    ]
    assert list(memory.known) == ["T000", "T001"]
    assert mark(memory, Tool(), approved) == ["tool: support, +3"]


def test_an_error_before_anything_was_taken_leaves_nothing() -> None:
    """Nothing is written down."""
    memory = Memory(some(1))
    mark(memory, Tool(fails_after=0), billed(memory.time))
    assert (memory.known, memory.told) == ({}, [])


def test_a_mark_without_a_document_is_taken_away() -> None:
    """After a document was cancelled; a mark for an agreement that is no longer configured is left."""
    memory, tool = Memory(some(2), {"T000": "support", "T001": "gone"}), Tool()

    assert mark(memory, tool, EMPTY) == ["tool: support, -1"]
    assert memory.known == {"T001": "gone"}


def test_while_a_line_waits_for_its_correction_its_marks_stay() -> None:
    """A late entry changes what it comes to: neither it is marked, nor the others unmarked."""
    before = some(2)
    memory, tool = Memory([*before, time_entry("T900")], {"T000": "support", "T001": "support"}), Tool()

    assert mark(memory, tool, billed(before)) == []
    assert tool.asked == []


def test_agreements_without_time_and_those_to_come_are_passed_over() -> None:
    """Progress bills no entries."""
    memory = Memory(some(1), {"T000": "website"})
    assert mark(memory, Tool(), EMPTY, agreement(), WORK, as_of=date(2025, 12, 31)) == []
