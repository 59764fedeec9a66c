"""Tasks: which position their time belongs to, and how many of them are done.

awork dates a task's creation and its closing, so the count is that of any day, not only of today; a task that was
deleted or opened again leaves no trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from connector.core.period import local_day
from connector.core.problems import Problem, Severity
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from connector.core.suggest import did_you_mean
from connector.sources.awork.calls import Calls
from connector.sources.awork.directory import Directory
from connector.sources.awork.records import DONE, FieldDefinition, ProjectRecord, TaskRecord, record_of

TASKS = "task"


@dataclass(slots=True)
class Tasks:
    """The tasks of projects, each project read when it is first asked for."""

    calls: Calls
    directory: Directory
    problems: list[Problem] = field(default_factory=list)
    _definitions: frozenset[str] | None = None
    _positions: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, project: ProjectRecord) -> list[TaskRecord]:
        """Return the project's tasks; the problems of unreadable ones are collected."""
        place = self.directory.place(project)
        listing = self.calls.listing(
            f"/projects/{project.id}/projecttasks",
            {},
            lambda row: record_of(row, TaskRecord, f"{place}, task {row.get('key') or row['id']}"),
        )
        found = list(listing.once(lambda key: f"{place}, task {key}"))
        self.problems += [each for each in found if isinstance(each, Problem)]
        return [each for each in found if isinstance(each, TaskRecord)]

    def position(self, task: TaskRecord) -> str:
        """Return the key of the position that the task's field names, '' for none."""
        return task.field(self.definitions)

    def position_of(self, project: ProjectRecord, task: str) -> str:
        """Return the key of the position that the task with this id names, '' for none."""
        if project.id not in self._positions:
            named = {each.id: self.position(each) for each in self.of(project)}
            self._positions[project.id] = {task_id: key for task_id, key in named.items() if key}
        return self._positions[project.id].get(task, "")

    @property
    def definitions(self) -> frozenset[str]:
        """Return the ids of the custom field of tasks that the settings name; asked once."""
        if self._definitions is None:
            self._definitions = self._read_definitions()
        return self._definitions

    def _read_definitions(self) -> frozenset[str]:
        name = self.directory.settings.position_field
        if not name:
            return frozenset()
        place = f"{self.calls.source}: position_field"
        listing = self.calls.listing(
            "/customfielddefinitions", {}, lambda row: record_of(row, FieldDefinition, f"{self.calls.source}: fields")
        )
        known = [each for each in listing.taken if isinstance(each, FieldDefinition) and each.entity == TASKS]
        found = frozenset(each.id for each in known if each.name == name)
        if not found:
            hint = did_you_mean(name, (each.name for each in known))
            self.problems.append(Problem("UnknownField", f"no custom field {name!r} of tasks", place, hint))
        return found


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """Tells how many tasks were done on a day: of each position if tasks name them, else of each project."""

    tasks: Tasks
    zone: tzinfo
    as_of: date

    def readings(self) -> Iterator[Reading | Problem]:
        """Yield one reading per position or project that had tasks on the day."""
        directory = self.tasks.directory
        by_position = bool(directory.settings.position_field)
        for project in directory.projects.values():
            if project.tasks_count == 0 or not directory.project_id(project):
                continue
            groups: dict[str, list[TaskRecord]] = {}
            for task in self.tasks.of(project):
                if not task.is_subtask:
                    groups.setdefault(self.tasks.position(task) if by_position else "", []).append(task)
            for target, group in groups.items():
                if target or not by_position:
                    yield from self._reading(project, target, group)
        yield from self.tasks.problems

    def _reading(self, project: ProjectRecord, target: str, group: Sequence[TaskRecord]) -> Iterator[Reading | Problem]:
        there = [task for task in group if self._by(task.created_on)]
        if not there:
            return
        done = [task for task in there if task.task_status.type == DONE]
        undated = [task for task in done if task.closed_on is None]
        closed = [task.closed_on for task in done if task.closed_on and self._by(task.closed_on)]
        if undated:
            message = f"{len(undated)} tasks are done, but awork does not say since when; they do not count"
            hint = "set them to another status and back"
            yield Problem("ProgressNotDated", message, self.tasks.directory.place(project), hint, Severity.NOTICE)
        yield Reading(
            project=self.tasks.directory.project_id(project),
            scope=ReadingScope.POSITION if target else ReadingScope.PROJECT,
            target=target,
            on=max(self._day(each) for each in (*closed, *(task.created_on for task in there))),
            share=Share.of(len(closed), len(there), f"{len(closed)} of {len(there)}"),
            origin=self.tasks.directory.place(project),
        )

    def _by(self, instant: datetime) -> bool:
        return self._day(instant) <= self.as_of

    def _day(self, instant: datetime) -> date:
        return local_day(instant, self.zone)
