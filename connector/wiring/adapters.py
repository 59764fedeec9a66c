"""What sources and sink say of themselves: faults of settings and connections, and log-ins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from connector.core.errors import HonorarError, RefusedError
from connector.core.login import LoginAdapter
from connector.core.ports import Checkable, TermsSource
from connector.core.problems import Problem
from connector.core.suggest import did_you_mean
from connector.core.told_terms import difference
from connector.jobs.pull import NamedSource
from connector.wiring.workspace import Workspace


def check(space: Workspace) -> list[Problem]:
    """Return what the adapters find wrong with connections and settings, and what they state beside the agreements."""
    return [problem for named in space.adapters for problem in _found_by(named, space)]


def _found_by(named: NamedSource, space: Workspace) -> Iterator[Problem]:
    """Yield what the adapter finds; a check that cannot be done is a problem too, so that the others are done."""
    try:
        if isinstance(named.adapter, Checkable):
            yield from named.adapter.check()
        if isinstance(named.adapter, TermsSource):
            yield from _told_otherwise(named.adapter, space)
    except HonorarError as error:
        yield Problem("CheckFailed", error.message, error.place or named.name, error.hint)


def _told_otherwise(source: TermsSource, space: Workspace) -> Iterator[Problem]:
    """Yield where the source's terms are not those of the agreements; parts of projects are known after a pull."""
    projects = space.collected.projects()
    for told in source.terms():
        if isinstance(told, Problem):
            yield told
        elif notice := difference(told, space.tenant.agreements, projects, space.today()):
            yield notice


def log_in(space: Workspace, name: str, show: Callable[[str], None]) -> datetime:
    """Let a person log in for the source or sink; return until when the log-in holds.

    RefusedError where there is no such adapter, or it takes no log-in.
    """
    adapters = {each.name: each.adapter for each in space.adapters if isinstance(each.adapter, LoginAdapter)}
    if name not in adapters:
        message = f"no source or sink {name!r} takes a log-in"
        raise RefusedError(message, hint=did_you_mean(name, adapters))
    return adapters[name].log_in(show).astimezone(space.tenant.time_zone)


def login_notices(space: Workspace) -> list[Problem]:
    """Return which log-ins are missing or end soon; calls nobody."""
    holders = [each.adapter for each in space.adapters if isinstance(each.adapter, LoginAdapter)]
    return [notice for holder in holders for notice in holder.login_notices(space.now())]
