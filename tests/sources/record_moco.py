"""Record the cassettes of MOCO from the stand-in: python -m tests.sources.record_moco.

No real account could be reached: what is recorded is what the vendor documents, as the stand-in understands it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from connector.core.errors import AuthenticationFailed
from connector.core.period import Period
from connector.sources.moco import Moco, Settings, build
from tests.sources.moco_agency import KEY
from tests.sources.moco_world import URL, World
from tests.standins import serving
from tests.support.cassettes import Recording, recorded
from tests.support.transports import transport_for

ORIGIN = "a stand-in built from the facts (tests/standins/moco.py) by tests/sources/record_moco.py"

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))

Values = dict[str, list[object]]


def source(url: str, key: str = KEY) -> Moco:
    """Return a fresh source, as one pull has it."""
    told = {"url": url, "api_key": key, "position_id": "number", "project": {"share": "Fertig"}}
    return build(Settings.model_validate(told), transport_for("moco"))


def pull(url: str) -> Values:
    """Read everything, as a pull does."""
    moco = source(url)
    return {
        "customers": list(moco.customers()),
        "projects": list(moco.projects()),
        "offers": list(moco.offers()),
        "readings": list(moco.readings(date(2026, 3, 31))),
        "entries": list(moco.entries(JANUARY)),
    }


def check(url: str) -> list[object]:
    """Check settings that name a custom property nobody made, and ask for terms as `honorar check` does."""
    moco = source(url)
    return [*moco.check(), *moco.terms()]


def wrong_key(url: str) -> AuthenticationFailed:
    """Read time with a key that is none."""
    try:
        list(source(url, key="no key").entries(JANUARY))
    except AuthenticationFailed as error:
        return error
    raise AssertionError


STORIES: Mapping[str, Callable[[str], object]] = {"pull": pull, "check": check, "wrong_key": wrong_key}


def small_agency() -> World:
    """Return an account with one of everything."""
    world = World()
    world.company |= {"address": "Müller & Söhne GmbH\nBeispielstraße 5\n12345 Beispielstadt", "active": False}
    world.project["custom_properties"] = {"Fertig": "1 von 3"}
    films = world.item("Filme", quantity=6, unit="Stk", unit_price=890, net_total=5340)
    lines = [world.item("Phase 1", type="title"), world.item("Konzept"), world.item(None, type="page-break"), films]
    world.add_offer("A-1", *lines, discount=10)
    world.add_offer("A-2", status="sent")
    world.add_recurring("Hosting XS")
    world.add_expense("Filme", 2, "2026-02-27")
    for number in range(40):
        task = {"id": 1, "name": "Filme" if number % 2 else "Abstimmung"}
        world.add_activity(date=f"2026-01-{number % 31 + 1:02}", task=task)
    return world


def main() -> None:
    """Record all."""
    with serving(small_agency()) as standin:
        for name, story in STORIES.items():
            with recorded("moco", name, Recording(ORIGIN, standin.url, URL)):
                story(standin.url)


if __name__ == "__main__":
    main()
