"""What the OpenProject source is asked in each cassette; `python -m tests.sources.openproject_stories` records them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connector.core.errors import AuthenticationFailed
from connector.core.period import Period
from connector.sources.openproject import OpenProject, Settings, build
from tests.sources.openproject_agency import settings_for
from tests.sources.sample_openproject import instance
from tests.standins import serving
from tests.support.cassettes import Recording, recorded
from tests.support.transports import transport_for

TOLD_URL = "https://openproject.example"
ORIGIN = "a stand-in built from the facts by tests/sources/openproject_stories.py, never from OpenProject itself"
WINDOW = Period(date(2026, 2, 1), date(2026, 4, 1))
AS_OF = WINDOW.last_day


@dataclass(frozen=True)
class Pulled:
    """All that one pull yields."""

    projects: list[Any]
    readings: list[Any]
    entries: list[Any]


def source(url: str, **more: object) -> OpenProject:
    """Return a fresh source, as one pull has it: the settings of the example agency, with progress, and with these."""
    settings = settings_for(url) | {"progress": "percent_done"} | more
    return build(Settings.model_validate(settings), transport_for("openproject"))


def pull(url: str) -> Pulled:
    """Read everything."""
    openproject = source(url)
    return Pulled(list(openproject.projects()), list(openproject.readings(AS_OF)), list(openproject.entries(WINDOW)))


def refusal(url: str) -> str:
    """Ask with a key that is none; return the words of the refusal."""
    try:
        list(source(url, api_key=" ").projects())
    except AuthenticationFailed as error:
        return error.message
    return ""


STORIES: Mapping[str, Callable[[str], object]] = {"pull": pull, "refusal": refusal}


def main() -> None:
    """Record all."""
    for name, story in STORIES.items():
        with serving(instance()) as standin, recorded("openproject", name, Recording(ORIGIN, standin.url, TOLD_URL)):
            story(standin.url)


if __name__ == "__main__":
    main()
