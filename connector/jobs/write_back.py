"""Tell project tools what became of documents: once per change, and only where the tenant wants it (domain 10.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from connector.core.errors import DocumentRejected, HonorarError, OutcomeUnknown, RefusedError, TemporaryError
from connector.core.invoice import Invoice
from connector.core.numbering import is_working
from connector.core.ports import DocumentNews, StatusWriter
from connector.core.problems import Problem, Severity
from connector.core.receivables import OpenItem
from connector.jobs import events

MOST_FAILURES = 3
"""Documents in a row that a project tool does not take; then it is left alone until the next run.

One that is rejected for what it is (DocumentRejected) does not count: the others may be taken.
"""


class Billed(Protocol):
    """A document as it is stored."""

    @property
    def invoice(self) -> Invoice:
        """Return what stands on it."""
        ...


class Documents(Protocol):
    """Knows what stands on documents."""

    def document(self, key: str, /) -> Billed:
        """Return the document."""
        ...


class Told(Protocol):
    """Remembers what each project tool was told."""

    def written_back(self, source: str, /) -> Mapping[str, str]:
        """Return the last text by the keys of the documents."""
        ...

    def wrote_back(self, source: str, key: str, text: str, places: Iterable[str], /, *, who: str) -> None:
        """Remember the text and where it was written."""
        ...


@dataclass(frozen=True, slots=True)
class WrittenBack:
    """The places that were written to, and what could not be written."""

    places: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class WriteBack:
    """Tells project tools; `say` puts the state of a document into words that begin with its number."""

    documents: Documents
    told: Told
    say: Callable[[OpenItem], str]
    who: str
    _places: list[str] = field(default_factory=list)
    _problems: list[Problem] = field(default_factory=list)

    def write(self, writers: Mapping[str, StatusWriter], items: Sequence[OpenItem]) -> WrittenBack:
        """Tell every project tool, by its name, what it was not told yet of these documents."""
        for name, writer in writers.items():
            self._tell(name, writer, items)
        return WrittenBack(tuple(self._places), tuple(self._problems))

    def _tell(self, name: str, writer: StatusWriter, items: Sequence[OpenItem]) -> None:
        known = self.told.written_back(name)
        failures = 0
        for item in items:
            text = self.say(item)
            unheard_of = item.cancelled and item.key not in known
            if text == known.get(item.key) or unheard_of or is_working(item.number):
                continue
            try:
                self._write(name, writer, item, text)
                failures = 0
            except DocumentRejected as error:
                self._note(name, item, error)
            except (RefusedError, TemporaryError, OutcomeUnknown) as error:
                self._note(name, item, error)
                failures += 1
                if failures >= MOST_FAILURES:
                    return

    def _write(self, name: str, writer: StatusWriter, item: OpenItem, text: str) -> None:
        invoice = self.documents.document(item.key).invoice
        positions = tuple(dict.fromkeys(line.position for line in invoice.lines))
        projects = tuple(dict.fromkeys(line.project for line in invoice.lines))
        places = list(writer.write_status(DocumentNews(item, text, positions, projects)))
        self.told.wrote_back(name, item.key, text, places, who=self.who)
        for place in places:
            events.done("%s: %s", place, text)
        self._places += places

    def _note(self, name: str, item: OpenItem, error: HonorarError) -> None:
        message = f"{name} was not told of it: {error.message}"
        place = f"document {item.number} of {item.agreement}"
        hint = error.hint or "the next run tries again"
        problem = Problem("StatusNotWritten", message, place, hint, Severity.NOTICE, item.agreement)
        self._problems.append(problem)
        events.noticed([problem])
