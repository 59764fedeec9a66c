"""Dated series of readings: how far projects, categories and lines were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from connector.core.notation import ENGLISH, NotationError
from connector.core.problems import Problem
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.lines import ProjectLines
from connector.sources.furious.projects import Projects
from connector.sources.furious.query import Resource
from connector.sources.furious.settings import ProgressFields, Settings
from connector.sources.furious.values import Row, dated, empty, link, number, text

_BARE_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(slots=True)
class ProgressReader:
    """Reads every series. What is said later of the same thing and day takes the place of what was said before."""

    calls: Calls
    projects: Projects
    lines: ProjectLines
    settings: Settings
    newest: dict[tuple[ReadingScope, str, str, date], Reading] = field(default_factory=dict)

    def readings(self, as_of: date) -> Iterator[Reading | Problem]:
        """Yield the problems of all series, then the readings up to the day."""
        for table in self.settings.progress:
            search = resources.series(table).search
            for row in self.calls.walk(search):
                if isinstance(row, Problem):
                    yield row
                else:
                    yield from self._take(row, table, search.resource, as_of)
        yield from self.newest.values()

    def _take(self, row: Row, table: ProgressFields, resource: Resource, as_of: date) -> Iterator[Problem]:
        place = self.calls.place(resource, row["id"])
        try:
            on, line = dated(row, table.on), link(row, table.line)
            if on > as_of:
                return
            if line and not self.lines.keys.get(line):
                yield self.lines.unknown(line, place)
                return
            reading = self._reading(row, table, on, place)
        except NotationError as error:
            yield Problem("UnreadableRecord", error.message, place, error.hint)
            return
        if reading:
            self.newest[reading.scope, reading.project, reading.target, on] = reading

    def _reading(self, row: Row, table: ProgressFields, on: date, place: str) -> Reading | None:
        """Return the reading; None for a record that says nothing of how far it is."""
        share, units = share_of(text(row, table.share), table.share), number(row, table.units)
        if share is None and units is None:
            return None
        if units is not None:
            share = None  # pieces are counted, percentages are judged
        scope, target = self._subject(row, table)
        if units is not None and (units < 0 or scope is not ReadingScope.POSITION):
            raise NotationError(str(units), f"{table.units} are units of no line", "units count from 0, for lines only")
        return Reading(self._project(row, table), scope, target, on, share, units, place)

    def _subject(self, row: Row, table: ProgressFields) -> tuple[ReadingScope, str]:
        line, category = link(row, table.line), text(row, table.category)
        if line:
            return ReadingScope.POSITION, self.lines.keys[line]
        return (ReadingScope.CATEGORY, category) if category else (ReadingScope.PROJECT, "")

    def _project(self, row: Row, table: ProgressFields) -> str:
        key = link(row, table.project) or self.lines.projects.get(link(row, table.line), "")
        if not key:
            raise empty(table.project or table.line)
        return self.projects.number(key)


def share_of(said: str, name: str) -> Share | None:
    """Return the share of '33', '33.5', '33 %' or '1 of 3', None for nothing; a bare number is percent in Furious."""
    if not said:
        return None
    written = f"{said} %" if _BARE_NUMBER.fullmatch(said) else said
    try:
        return ENGLISH.share(written)
    except NotationError as error:
        raise NotationError(said, f"{name} is not a share", error.hint) from None
