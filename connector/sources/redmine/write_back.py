"""What became of documents, written into Redmine: a field of the project, and notes on the issues that were billed.

What is there is read first, so that a text stands there once, whatever was lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connector.core.errors import NotAllowed, NotFound
from connector.core.ports import DocumentNews
from connector.sources.redmine import checks
from connector.sources.redmine.calls import Calls
from connector.sources.redmine.projects import Projects
from connector.sources.redmine.rate_card import RateCard
from connector.sources.redmine.records import JournaledIssue, ProjectRecord
from connector.sources.redmine.settings import WriteBack

MOST_LINES = 100
"""The field keeps the documents that changed last."""


@dataclass(frozen=True, slots=True)
class Board:
    """Writes into the projects that are read; NotAllowed where the key's user may not."""

    calls: Calls
    projects: Projects
    rate_card: RateCard
    settings: WriteBack

    def __post_init__(self) -> None:
        """Ask for the rights first: without the one for private notes, Redmine would make them public."""
        for problem in checks.writing(self.calls, self.projects, self.settings):
            raise NotAllowed(problem.message, place=problem.place, hint=problem.hint)

    def write(self, news: DocumentNews) -> Iterator[str]:
        """Yield each place that was written to."""
        if self.settings.project_field:
            wanted = (record for record in self.projects.records.values() if record.identifier in news.projects)
            for record in wanted:
                yield from self._write_field(record, news)
        if self.settings.notes:
            for issue in self._issues(news):
                yield from self._write_note(issue, news)

    def _issues(self, news: DocumentNews) -> list[int]:
        """Return the issues that are positions of the document."""
        return [number for number, priced in self.rate_card.priced.items() if priced.position.key in news.positions]

    def _write_field(self, record: ProjectRecord, news: DocumentNews) -> Iterator[str]:
        path, name, place = f"/projects/{record.id}.json", self.settings.project_field, self.projects.place(record)
        current = self.calls.one(path, "project", ProjectRecord)
        numbers = [each.id for each in current.custom_fields if each.name == name]
        if not numbers:
            message = f"no custom field {name!r}, or the key's user does not see it"
            raise NotFound(message, place=place, hint="name it in write_back.project_field as Redmine shows it")
        before = current.text(name)
        after = with_line(before, news)
        if after != before:
            field = {"id": numbers[0], "value": after}
            self.calls.change(path, {"project": {"custom_fields": [field]}})
            yield place

    def _write_note(self, issue: int, news: DocumentNews) -> Iterator[str]:
        path = f"/issues/{issue}.json"
        history = self.calls.one(path, "issue", JournaledIssue, include="journals")
        ours = [each.notes for each in history.journals if each.notes and _is_of(each.notes, news)]
        if ours[-1:] != [news.text]:
            self.calls.change(path, {"issue": {"notes": news.text, "private_notes": self.settings.private_notes}})
            yield self.rate_card.place(issue)


def with_line(value: str, news: DocumentNews) -> str:
    """Return the field's lines with the document's own one on top; the others stay, as people may have written them."""
    others = [line for line in value.splitlines() if not _is_of(line, news)]
    return "\n".join([news.text, *others][:MOST_LINES]) if news.text not in value.splitlines() else value


def _is_of(text: str, news: DocumentNews) -> bool:
    return text.startswith(f"{news.item.number} ")
