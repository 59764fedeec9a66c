"""Project tools are told once per change, and what they do not take holds nobody up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from connector.core.errors import DocumentRejected, HonorarError, NotAllowed, OutcomeUnknown, Unavailable
from connector.core.ports import DocumentNews, StatusWriter
from connector.core.receivables import OpenItem
from connector.jobs.write_back import MOST_FAILURES, WriteBack, WrittenBack
from tests.core.builders import eur, invoice, line
from tests.jobs.world import WHO, Kept


@dataclass
class Memory:
    """Satisfies the ports Documents and Told."""

    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)

    def document(self, key: str, /) -> Kept:
        """Return a document with two lines of one position, and one of another."""
        lines = [line("1.00"), line("2.00", number=2), line("3.00", number=3, position="A1/2", project="SUB")]
        return Kept(invoice(*lines, key=key), None)

    def written_back(self, source: str, /) -> Mapping[str, str]:
        """Return what the source was told."""
        return {key: text for (name, key), text in self.texts.items() if name == source}

    def wrote_back(self, source: str, key: str, text: str, places: Iterable[str], /, *, who: str) -> None:
        """Keep it."""
        assert who == WHO
        self.texts[source, key] = text
        self.places += places


@dataclass
class Tool:
    """Satisfies the port StatusWriter; fails as often as it is told to."""

    failures: list[HonorarError] = field(default_factory=list)
    heard: list[DocumentNews] = field(default_factory=list)
    writes_status: bool = True

    def write_status(self, news: DocumentNews) -> Iterator[str]:
        """Hear it, or fail."""
        if self.failures:
            raise self.failures.pop(0)
        self.heard.append(news)
        yield f"project of {news.item.number}"


def item(number: str = "RE-1", key: str = "k-1") -> OpenItem:
    """Return an open document."""
    return OpenItem(key, number, "K1", date(2026, 1, 31), date(2026, 2, 14), eur("119.00"), eur("119.00"), "website")


def write(memory: Memory, tool: Tool, *items: OpenItem) -> WrittenBack:
    """Tell the tool."""
    assert isinstance(tool, StatusWriter)
    back = WriteBack(memory, memory, lambda each: f"{each.number} {each.open.amount}", WHO)
    return back.write({"redmine": tool}, items)


def test_a_change_is_told_once() -> None:
    """With positions and projects, each once; told again only when something changed."""
    memory, tool = Memory(), Tool()
    assert write(memory, tool, item()) == WrittenBack(("project of RE-1",))
    assert write(memory, tool, item()) == WrittenBack()
    write(memory, tool, replace(item(), open=eur(0)))
    assert [news.text for news in tool.heard] == ["RE-1 119.00", "RE-1 0.00"]
    assert (tool.heard[0].positions, tool.heard[0].projects) == (("A1/1", "A1/2"), ("WEB", "SUB"))
    assert memory.texts == {("redmine", "k-1"): "RE-1 0.00"}


def test_every_tool_is_told_for_itself() -> None:
    """One that comes later hears what it has not heard."""
    memory, first, second = Memory(), Tool(), Tool()
    back = WriteBack(memory, memory, lambda each: each.number, WHO)
    back.write({"redmine": first}, [item()])
    back.write({"redmine": first, "moco": second}, [item()])
    assert (len(first.heard), len(second.heard)) == (1, 1)


def test_what_was_never_told_of_and_is_cancelled_stays_untold() -> None:
    """What was told of is."""
    memory, tool = Memory(), Tool()
    cancelled = replace(item(), cancelled=True, open=eur(0))
    assert write(memory, tool, cancelled) == WrittenBack()
    write(memory, tool, item())
    write(memory, tool, cancelled)
    assert [news.text for news in tool.heard] == ["RE-1 119.00", "RE-1 0.00"]


def test_a_working_name_is_told_to_nobody() -> None:
    """People would look for it in vain."""
    tool = Tool()
    write(Memory(), tool, item("E_0001"))
    assert tool.heard == []


@pytest.mark.parametrize("error", [Unavailable("down"), NotAllowed("no right"), OutcomeUnknown("lost")])
def test_what_is_not_taken_is_told_next_time(error: HonorarError) -> None:
    """The others are; nothing is held back."""
    memory, tool = Memory(), Tool([error])
    written = write(memory, tool, item(), item("RE-2", "k-2"))
    (problem,) = written.problems
    assert (problem.code, problem.holds, problem.place) == ("StatusNotWritten", False, "document RE-1 of website")
    assert error.message in problem.message
    assert write(memory, tool, item(), item("RE-2", "k-2")).places == ("project of RE-1",)


def test_a_tool_that_takes_nothing_is_left_alone() -> None:
    """After some documents in a row; the other tools are told."""
    memory, tool, other = Memory(), Tool([Unavailable("down")] * 9), Tool()
    items = [item(f"RE-{number}", f"k-{number}") for number in range(1, 6)]
    back = WriteBack(memory, memory, lambda each: each.number, WHO)
    written = back.write({"redmine": tool, "moco": other}, items)
    assert (len(written.problems), len(tool.failures), len(other.heard)) == (MOST_FAILURES, 9 - MOST_FAILURES, 5)


def test_failures_are_counted_in_a_row() -> None:
    """One that was taken in between begins the count anew."""
    tool = Tool([Unavailable("down")] * 2)
    memory = Memory()
    for number in range(1, 4):
        write(memory, tool, item(f"RE-{number}", f"k-{number}"))
    assert len(tool.heard) == 1


def test_a_document_that_is_rejected_for_what_it_is_does_not_count() -> None:
    """Many of them never keep the others from being told."""
    memory, tool = Memory(), Tool([DocumentRejected("no invoice has this number")] * (MOST_FAILURES + 1))
    items = [item(f"RE-{number}", f"k-{number}") for number in range(1, MOST_FAILURES + 3)]
    written = write(memory, tool, *items)
    assert len(written.problems) == MOST_FAILURES + 1
    assert written.places == (f"project of RE-{MOST_FAILURES + 2}",)
