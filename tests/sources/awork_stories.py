"""What the awork source is asked in each cassette; `python -m tests.sources.awork_stories` records them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connector.core.errors import AuthenticationFailed
from connector.core.period import Period
from connector.sources.awork import Awork, Settings, build
from tests.sources.awork_agency import settings_for
from tests.sources.sample_awork import workspace
from tests.standins import serving
from tests.support.cassettes import Recording, recorded
from tests.support.transports import transport_for

TOLD_URL = "https://awork.example"
ORIGIN = "a stand-in built from the facts by tests/sources/awork_stories.py, never from awork itself"
WINDOW = Period(date(2026, 2, 1), date(2026, 4, 1))


@dataclass(frozen=True)
class Pulled:
    """All that one pull yields."""

    customers: list[Any]
    projects: list[Any]
    readings: list[Any]
    entries: list[Any]


def source(url: str, **settings: object) -> Awork:
    """Return a fresh source, as one pull has it."""
    return build(Settings.model_validate(settings_for(url) | settings), transport_for("awork"))


def pull(url: str) -> Pulled:
    """Read everything, progress by tasks."""
    awork = source(url, progress="tasks")
    return Pulled(
        list(awork.customers()),
        list(awork.projects()),
        list(awork.readings(WINDOW.last_day)),
        list(awork.entries(WINDOW)),
    )


def check(url: str) -> list[Any]:
    """Check a source that names a field nobody has."""
    return list(source(url, position_field="Angebotspositoin").check())


def wrong_key(url: str) -> str:
    """Ask with a key that is not accepted."""
    try:
        list(source(url, api_key=" ").projects())
    except AuthenticationFailed as error:
        return error.place
    return ""


STORIES: Mapping[str, Callable[[str], object]] = {"pull": pull, "check": check, "wrong_key": wrong_key}


def main() -> None:
    """Record all."""
    for name, story in STORIES.items():
        with serving(workspace()) as standin, recorded("awork", name, Recording(ORIGIN, standin.url, TOLD_URL)):
            story(standin.url)


if __name__ == "__main__":
    main()
