"""The lines of projects' rate cards: time and progress name them, and they name the lines of proposals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.core.notation import NotationError
from connector.core.problems import Problem, Severity
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.settings import Settings
from connector.sources.furious.values import text


@dataclass(slots=True)
class ProjectLines:
    """Leads from the id of a project's line to the key of a position and the id of the project, '' for none."""

    keys: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, calls: Calls, positions: Mapping[str, str], settings: Settings) -> ProjectLines:
        """Return the lines of all projects; none if the settings name no field that leads on from them."""
        found = cls()
        if not settings.project_line:
            return found
        search = resources.project_lines(settings).search
        for row in calls.walk(search):
            if isinstance(row, Problem):
                found.problems.append(row)
                continue
            try:
                found.keys[str(row["id"])] = positions.get(text(row, settings.project_line), "")
                found.projects[str(row["id"])] = text(row, resources.PROJECT_OF_LINE)
            except NotationError as error:
                place = calls.place(search.resource, row["id"])
                found.problems.append(Problem("UnreadableRecord", error.message, place, error.hint))
        return found

    def unknown(self, line: str, place: str) -> Problem:
        """Return the notice that a record names a line that leads to no position."""
        message = f"the line #{line} of the project's rate card leads to no position"
        hint = "name the field that leads on in project_line; the record is read without a position"
        return Problem("UnknownPosition", message, place, hint, Severity.NOTICE)
