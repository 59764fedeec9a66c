"""Time and units sorted to the items and agreements they belong to; what two would bill is a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from connector.core.agreement import Agreement
from connector.core.consumption import Usage
from connector.core.feed import Feed
from connector.core.materials_terms import MaterialsTerms
from connector.core.metric_problems import contradictions
from connector.core.offer import Project
from connector.core.problems import Problem, Severity
from connector.core.progress import project_chain
from connector.core.readings import Metric
from connector.core.retainer_terms import RetainerTerms
from connector.core.work import Work

Group = tuple[str, str, str]
"""What feeds tell time by: project, activity and position."""


class Feeding:
    """Sorts time and counted metrics; remembers whom each group of them was given to.

    Time before an agreement began is not its own, and is not told: it was billed, or not, by what was agreed then.
    """

    def __init__(self, projects: Mapping[str, Project]) -> None:
        self._projects = projects
        self._chains: dict[str, list[str]] = {}
        self._owners: dict[Group, list[Agreement]] = {}
        self._counting: dict[tuple[str, str], list[Agreement]] = {}
        self._after_end: list[tuple[Agreement, Group, Work]] = []

    def usage(
        self, agreement: Agreement, work: Iterable[Work], metrics: Iterable[Metric]
    ) -> tuple[list[Usage], list[Problem]]:
        """Return the consumption of the items, and what is wrong: time that feeds none of them (a notice), readings."""
        if not agreement.feeds:
            return [], []
        items: dict[Group, str | None] = {}
        unfed: dict[Group, int] = {}
        usage = []
        for each in self._within(agreement, work):
            group = (each.project, each.activity, each.position)
            if group not in items:
                items[group] = self._item(agreement, group)
            item = items[group]
            if item is None:
                unfed[group] = unfed.get(group, 0) + each.entries
            else:
                usage.append(Usage(item, each.day, each.seconds, role=each.activity, entries=each.entries))
        names = {feed.metric for feed in agreement.feeds if feed.metric}
        counted = [metric for metric in metrics if metric.name in names]
        usage += self._counted(agreement, counted)
        told = [_unfed(agreement, group, entries) for group, entries in sorted(unfed.items())]
        return usage, [*told, *contradictions(agreement, counted)]

    def work(self, agreement: Agreement, work: Iterable[Work]) -> list[Work]:
        """Return the work that feeds the agreement, whichever item: all of it where it has no feeds."""
        taken: dict[Group, bool] = {}
        kept = []
        for each in self._within(agreement, work):
            group = (each.project, each.activity, each.position)
            if group not in taken:
                taken[group] = not agreement.feeds or self.feed(agreement, group) is not None
                if taken[group]:
                    self._owners.setdefault(group, []).append(agreement)
            if taken[group]:
                kept.append(each)
        return kept

    def fed_twice(self) -> Iterator[Problem]:
        """Yield a problem for every agreement that has time, or units, in common with another one of the same days."""
        shared = [(_named_time(group), owners) for group, owners in sorted(self._owners.items(), key=_first)]
        shared += [(_named_metric(key), owners) for key, owners in sorted(self._counting.items(), key=_first)]
        for what, owners in shared:
            for agreement in owners:
                sharing = [other for other in owners if other is agreement or _overlap(agreement, other)]
                if len(sharing) > 1:
                    yield _fed_twice(agreement, what, sharing)

    def not_covered(self) -> Iterator[Problem]:
        """Yield a notice for every agreement that has time after its end which no other agreement takes."""
        left: dict[str, tuple[Agreement, int]] = {}
        for agreement, group, work in self._after_end:
            if not any(_runs_on(owner, work.day) for owner in self._owners.get(group, ())):
                left[agreement.id] = agreement, left.get(agreement.id, (agreement, 0))[1] + work.entries
        yield from (_not_covered(agreement, entries) for agreement, entries in left.values())

    def _within(self, agreement: Agreement, work: Iterable[Work]) -> Iterator[Work]:
        start, end = _time_of(agreement)
        for each in work:
            if each.day >= end:
                self._after_end.append((agreement, (each.project, each.activity, each.position), each))
            elif each.day >= start:
                yield each

    def _counted(self, agreement: Agreement, metrics: Sequence[Metric]) -> Iterator[Usage]:
        by_metric = {feed.metric: feed.item for feed in agreement.feeds if feed.metric}
        for metric in metrics:
            owners = self._counting.setdefault((metric.project, metric.name), [])
            if _runs_on(agreement, metric.on) and agreement not in owners:
                owners.append(agreement)
            yield Usage(by_metric[metric.name], metric.on, units=metric.value)

    def _item(self, agreement: Agreement, group: Group) -> str | None:
        feed = self.feed(agreement, group)
        if feed is None:
            return None
        self._owners.setdefault(group, []).append(agreement)
        return feed.item

    def feed(self, agreement: Agreement, group: Group) -> Feed | None:
        """Return the first of the agreement's feeds that takes time of the group."""
        project, activity, position = group
        if project not in self._chains:
            self._chains[project] = project_chain(project, self._projects)
        chain = self._chains[project]
        return next((feed for feed in agreement.feeds if feed.takes(chain, activity, position)), None)


def _time_of(agreement: Agreement) -> tuple[date, date]:
    """Return the first day of the agreement and the first one after it."""
    terms = agreement.terms
    if not isinstance(terms, RetainerTerms | MaterialsTerms):
        message = f"agreement {agreement.id} is not billed by time: its kind is {terms.family}"
        raise TypeError(message)
    return terms.start, terms.end or date.max


def _runs_on(agreement: Agreement, day: date) -> bool:
    start, end = _time_of(agreement)
    return start <= day < end


def _overlap(one: Agreement, other: Agreement) -> bool:
    (start, end), (other_start, other_end) = _time_of(one), _time_of(other)
    return start < other_end and other_start < end


def metrics_of(agreement: Agreement, metrics: Iterable[Metric], projects: Mapping[str, Project]) -> list[Metric]:
    """Return the metrics of the agreement's projects and their subprojects; what two sources tell alike, once."""
    wanted = set(agreement.projects)
    mine = (metric for metric in metrics if wanted.intersection(project_chain(metric.project, projects)))
    return list({(each.name, each.project, each.on, each.value): each for each in mine}.values())


def _unfed(agreement: Agreement, group: Group, entries: int) -> Problem:
    project, activity, position = group
    return Problem(
        "TimeFeedsNothing",
        f"{entries} entries of agreement {agreement.id} feed none of its items: project {project}, "
        f"activity {activity or '–'}, position {position or '–'}; not billed",
        agreement.place,
        "add a feed for them, or take the project out of the agreement",
        Severity.NOTICE,
        agreement.id,
    )


def _first(each: tuple[tuple[str, ...], Sequence[Agreement]]) -> tuple[str, ...]:
    return each[0]


def _named_time(group: Group) -> str:
    project, activity, position = group
    return f"time on project {project}, activity {activity or '–'}, position {position or '–'}"


def _named_metric(key: tuple[str, str]) -> str:
    project, metric = key
    return f"metric {metric!r} of project {project}"


def _fed_twice(agreement: Agreement, what: str, owners: Sequence[Agreement]) -> Problem:
    names = ", ".join(owner.id for owner in owners)
    return Problem(
        "TimeFedTwice",
        f"{what} feeds more than one agreement: {names}",
        agreement.place,
        "let the feeds of each agreement name what is theirs",
        agreement=agreement.id,
    )


def _not_covered(agreement: Agreement, entries: int) -> Problem:
    return Problem(
        "TimeNotCovered",
        f"{entries} entries lie after the end of agreement {agreement.id}, and no other agreement takes them",
        agreement.place,
        "correct their days or project, or agree on what comes next",
        Severity.NOTICE,
        agreement.id,
    )
