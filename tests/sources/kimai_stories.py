"""What the Kimai source is asked in each cassette; `python -m tests.sources.kimai_stories` records them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connector.core.errors import AuthenticationFailed
from connector.core.period import Period
from connector.sources.kimai import Kimai, Settings, build
from tests.sources.kimai_agency import settings_for
from tests.sources.sample_kimai import instance
from tests.standins import serving
from tests.support.cassettes import Recording, recorded
from tests.support.transports import transport_for

TOLD_URL = "https://kimai.example"
ORIGIN = "a stand-in built from the facts by tests/sources/kimai_stories.py, never from Kimai itself"
WINDOW = Period(date(2026, 2, 1), date(2026, 4, 1))


@dataclass(frozen=True)
class Pulled:
    """All that one pull yields."""

    customers: list[Any]
    projects: list[Any]
    offers: list[Any]
    entries: list[Any]


def source(url: str, **more: object) -> Kimai:
    """Return a fresh source, as one pull has it: of the example agency, with budgets as offers, and with these."""
    settings = settings_for(url) | {"project_id": "number", "offers": ["budgets"]} | more
    return build(Settings.model_validate(settings), transport_for("kimai"))


def pull(url: str) -> Pulled:
    """Read everything."""
    kimai = source(url)
    return Pulled(list(kimai.customers()), list(kimai.projects()), list(kimai.offers()), list(kimai.entries(WINDOW)))


def refusal(url: str) -> str:
    """Ask with a token that is none; return the words of the refusal."""
    try:
        list(source(url, api_key=" ").projects())
    except AuthenticationFailed as error:
        return error.message
    return ""


STORIES: Mapping[str, Callable[[str], object]] = {"pull": pull, "refusal": refusal}


def main() -> None:
    """Record all."""
    for name, story in STORIES.items():
        with serving(instance()) as standin, recorded("kimai", name, Recording(ORIGIN, standin.url, TOLD_URL)):
            story(standin.url)


if __name__ == "__main__":
    main()
