"""What the Tryton source is asked in each cassette: run against a real server to record, against the cassette to test.

A story is one use of the source from its first call on; its name is the cassette's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connector.core.errors import AuthenticationFailed, RefusedError
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.readings import Reading
from connector.core.timesheet import TimeEntry
from connector.sources.tryton import Settings, Tryton, build
from tests.support.transports import transport_for

TOLD_URL = "https://tryton.example"
"""Stands for the real server in the cassettes."""

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
LATER = date(2026, 3, 31)


@dataclass(frozen=True)
class Server:
    """Where a story plays: the address, the key of a user of the group Sales, and one of a user of no group."""

    url: str = TOLD_URL
    key: str = "any key that looks like one"
    poor_key: str = "any other key"
    database: str = "honorar"


def source(server: Server, *, key: str = "", **settings: Any) -> Tryton:  # noqa: ANN401 - settings as a configuration has them
    """Return a fresh source, as one pull has it."""
    told = {"url": server.url, "database": server.database, "api_key": key or server.key, **settings}
    return build(Settings.model_validate(told), transport_for("tryton"))


@dataclass(frozen=True)
class Pulled:
    """Everything of one pull."""

    customers: list[Party | Problem]
    projects: list[Project | Problem]
    offers: list[Offer | Problem]
    readings: list[Reading | Problem]
    entries: list[TimeEntry | Problem]


def pulled(tryton: Tryton) -> Pulled:
    """Read everything, as a pull does."""
    return Pulled(
        list(tryton.customers()),
        list(tryton.projects()),
        list(tryton.offers()),
        list(tryton.readings(LATER)),
        list(tryton.entries(JANUARY)),
    )


def pull(server: Server) -> Pulled:
    """Read sales as offers."""
    return pulled(source(server))


def pull_tasks(server: Server) -> Pulled:
    """Read priced tasks as offers."""
    return pulled(source(server, offers="tasks"))


def check(server: Server) -> list[Problem]:
    """Check an instance in which nothing is wrong but a project without a customer."""
    return list(source(server).check())


def wrong_key(server: Server) -> AuthenticationFailed:
    """Read time with a key that is none."""
    try:
        list(source(server, key="no key").entries(JANUARY))
    except AuthenticationFailed as error:
        return error
    raise AssertionError


def poor_user(server: Server) -> RefusedError:
    """Read sales as a user who may not."""
    try:
        list(source(server, key=server.poor_key).offers())
    except RefusedError as error:
        return error
    raise AssertionError


def window(server: Server) -> list[TimeEntry | Problem]:
    """Read the time of January once more."""
    return list(source(server).entries(JANUARY))


BEFORE: Mapping[str, Callable[[Server], object]] = {
    "pull": pull,
    "pull_tasks": pull_tasks,
    "check": check,
    "wrong_key": wrong_key,
    "poor_user": poor_user,
}
"""The stories in which nothing was changed yet."""

AFTER: Mapping[str, Callable[[Server], object]] = {"window_after_changes": window}
"""The stories after one entry was edited and one deleted."""
