"""What the Harvest source is asked in each cassette; `python -m tests.sources.harvest_stories` records them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connector.core.errors import AuthenticationFailed
from connector.core.period import Period
from connector.sources.harvest import Harvest, Settings, build
from tests.sources.harvest_agency import ESTIMATES, settings_for
from tests.sources.sample_harvest import account
from tests.standins import serving
from tests.support.cassettes import Recording, recorded
from tests.support.transports import transport_for

TOLD_URL = "https://harvest.example"
ORIGIN = "a stand-in built from the facts by tests/sources/harvest_stories.py, never from Harvest itself"
WINDOW = Period(date(2026, 2, 1), date(2026, 4, 1))


@dataclass(frozen=True)
class Pulled:
    """All that one pull yields."""

    customers: list[Any]
    projects: list[Any]
    offers: list[Any]
    entries: list[Any]


def source(url: str, **settings: object) -> Harvest:
    """Return a fresh source, as one pull has it."""
    return build(Settings.model_validate(settings_for(url) | settings), transport_for("harvest"))


def pull(url: str) -> Pulled:
    """Read everything, offers from estimates and fees."""
    harvest = source(url, **(ESTIMATES | {"offers": ["fees", "estimates"]}))
    return Pulled(
        list(harvest.customers()), list(harvest.projects()), list(harvest.offers()), list(harvest.entries(WINDOW))
    )


def wrong_account(url: str) -> str:
    """Ask for an account the token is not for."""
    try:
        list(source(url, account_id="1").projects())
    except AuthenticationFailed as error:
        return error.place
    return ""


STORIES: Mapping[str, Callable[[str], object]] = {"pull": pull, "wrong_account": wrong_account}


def main() -> None:
    """Record all."""
    for name, story in STORIES.items():
        with serving(account()) as standin, recorded("harvest", name, Recording(ORIGIN, standin.url, TOLD_URL)):
            story(standin.url)


if __name__ == "__main__":
    main()
