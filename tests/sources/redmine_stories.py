"""What the Redmine source is asked in each cassette: run against a real server to record, against the cassette to test.

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
from connector.sources.redmine import Redmine, Settings, build
from connector.sources.redmine.calls import words_of_refusal
from tests.support.found import problems
from tests.support.transports import transport_for

TOLD_URL = "https://redmine.example"
"""Stands for the real server in the cassettes."""

WRONG_KEY = "0123456789abcdef0123456789abcdef01234567"

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
END_OF_JANUARY = JANUARY.last_day
LATER = date(2026, 3, 31)

FIELDS: Mapping[str, Any] = {
    "customer": {"number": "Kundennummer", "name": "Kundenname", "country": "Land", "vat_id": "USt-IdNr"},
    "project": {
        "billing": "Abrechnungsart",
        "fixed_price": ["Festpreis"],
        "time_and_materials": ["Aufwand"],
        "unstated": ["Intern"],
    },
    "position": {"fixed_price": "Festpreis", "unit_price": "Stundensatz", "quantity": "Menge", "unit": "Einheit"},
    "entry": {"billable": "Abrechenbar", "position": "Angebotsposition"},
}
"""The custom fields that tests/e2e/redmine_seed.rb creates."""


@dataclass(frozen=True)
class Server:
    """Where a story plays: the address, a key, and an admin's key; invented ones when a cassette answers."""

    url: str = TOLD_URL
    key: str = "any key that looks like one"
    admin_key: str = "any other key"


def source(server: Server, *projects: str, key: str = "", **settings: Any) -> Redmine:  # noqa: ANN401 - settings as a configuration has them
    """Return a fresh source for the projects, as one pull has it."""
    told = {"url": server.url, "api_key": key or server.key, "projects": projects, **FIELDS, **settings}
    return build(Settings.model_validate(told), transport_for("redmine"))


@dataclass(frozen=True)
class Pulled:
    """Everything of one pull."""

    customers: list[Party | Problem]
    projects: list[Project | Problem]
    offers: list[Offer | Problem]
    readings: list[Reading | Problem]
    entries: list[TimeEntry | Problem]


def pull(server: Server) -> Pulled:
    """Read the project 'relaunch' as a pull does."""
    redmine = source(server, "relaunch")
    return Pulled(
        list(redmine.customers()),
        list(redmine.projects()),
        list(redmine.offers()),
        list(redmine.readings(LATER)),
        list(redmine.entries(JANUARY)),
    )


def history(server: Server) -> list[Reading | Problem]:
    """Read the progress of 'relaunch' as it was at the end of January, long after."""
    return list(source(server, "relaunch").readings(END_OF_JANUARY))


def wrong_key(server: Server) -> tuple[Any, AuthenticationFailed]:
    """Ask for time with a wrong key: straight, and through the source."""
    headers = {"X-Redmine-API-Key": WRONG_KEY}
    straight = transport_for("redmine").get_json(f"{server.url}/time_entries.json", headers=headers)
    try:
        list(source(server, "relaunch", key=WRONG_KEY).entries(JANUARY))
    except AuthenticationFailed as error:
        return straight, error
    raise AssertionError


def refusal(server: Server) -> str:
    """Ask for issues with a filter that Redmine refuses; return what is told."""
    headers = {"X-Redmine-API-Key": server.key}
    try:
        transport_for("redmine").get_json(
            f"{server.url}/issues.json",
            params={"start_date": ">=irgendwann"},
            headers=headers,
            refusal=words_of_refusal,
        )
    except RefusedError as error:
        return error.message
    raise AssertionError


def check(server: Server) -> list[Problem]:
    """Check settings with a misspelt project and a misspelt field, as anyone."""
    return problems(source(server, "relaunch", "relaunc", entry={"billable": "Abrechenba"}).check())


def check_as_admin(server: Server) -> list[Problem]:
    """Check the same as admin, who may see the list of all fields."""
    settings = {"entry": {"billable": "Abrechenba"}}
    return problems(source(server, "relaunch", "relaunc", key=server.admin_key, **settings).check())


def window(server: Server) -> list[TimeEntry | Problem]:
    """Read the time of 'edits' once more."""
    return list(source(server, "edits").entries(JANUARY))


BEFORE: Mapping[str, Callable[[Server], object]] = {
    "pull": pull,
    "history": history,
    "wrong_key": wrong_key,
    "refusal": refusal,
    "check": check,
    "check_as_admin": check_as_admin,
    "window": window,
}
"""The stories in which nothing was changed yet."""

AFTER: Mapping[str, Callable[[Server], object]] = {"window_after_changes": window}
"""The stories after one entry was edited and one deleted."""
