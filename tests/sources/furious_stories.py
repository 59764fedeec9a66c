"""What the Furious source is asked in each cassette; `python -m tests.sources.furious_stories` records them.

The project of the stories is billed in three phases: 5,000, three deliveries that come to 10,000, and 15,000.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from connector.core.errors import AuthenticationFailed, DocumentRejected
from connector.core.payment import PaymentState
from connector.core.period import Period
from connector.core.ports import DocumentNews
from connector.core.receivables import OpenItem
from connector.redact import REDACTED
from connector.sources.furious import Furious, Settings, build
from tests.core.builders import eur
from tests.sources.furious_standin import SETTINGS, World
from tests.standins import furious as standin
from tests.standins import serving
from tests.support.cassettes import Recording, recorded
from tests.support.transports import transport_for

TOLD_URL = "https://agency.furious.example"
ORIGIN = "a stand-in built from the facts by tests/sources/furious_stories.py, never from Furious itself"
WINDOW = Period(date(2026, 1, 1), date(2026, 2, 1))

PROGRESS = {
    "resource": "project-rate-card-history",
    "on": "date",
    "units": "quantity_done",
    "share": "advancement",
    "line": "project_rate_card_id",
}
WRITE_BACK = {
    "key": "id",
    "number": "cf_rechnungsnummer",
    "states": {"open": "1", "part_paid": "2", "paid": "3", "cancelled": "4"},
}
MEDIA = {"name": "media_spend", "kinds": ["Media"]}


@dataclass(frozen=True)
class Pulled:
    """All that one pull yields."""

    customers: list[Any]
    projects: list[Any]
    offers: list[Any]
    readings: list[Any]
    entries: list[Any]
    metrics: list[Any]


def agency() -> standin.Furious:
    """Return a Furious with one project in three phases, its progress, and time of January."""
    world = World()
    world.row("proposal").update(amount="30000.00", currency="EUR", signature_date="2026-01-05")
    world.row("proposal-rate-card").update(category="Phase 1 – Audit")
    world.add_line(category="Phase 2 – Konzeption", quantity=3, unit_type="unit", amount="3333.333333")
    world.add_line(category="Phase 3 – Entwicklung", amount="15000")
    lines = [world.project_line]
    lines += [world.add("project-rate-card", project_id=100, proposal_rate_card_id=each) for each in (101, 102)]
    history = [(lines[0], "100", None), (lines[1], None, "1"), (lines[2], "0", None)]
    for line, share, units in history:
        values = {"date": "2026-01-31", "advancement": share, "quantity_done": units}
        world.add("project-rate-card-history", project_rate_card_id=line, **values)
    for day in ("2025-12-31", "2026-01-31", "2026-02-01"):
        world.add_sprint(start_date=day, end_date=day, project_rate_card_id=lines[0], assigned_people_name="Jörg Weiß")
    world.add("stand-alone-invoice", cf_rechnungsnummer="RE-1", statut="1", project_id=100)
    world.add("purchase", type="Media", cost="100.50", project_id=100, start_date="2026-01-10")
    return world.api


def source(url: str, **settings: Any) -> Furious:  # noqa: ANN401 - settings as a configuration has them
    """Return a fresh source, as one pull has it; its password looks in a cassette as it does here."""
    told = {**SETTINGS, "url": url, "password": REDACTED, "progress": [PROGRESS], "metrics": [MEDIA], **settings}
    return build(Settings.model_validate(told), transport_for("furious"))


def pull(url: str) -> Pulled:
    """Read everything, two records at a time."""
    furious = source(url, page_rows=2)
    return Pulled(
        list(furious.customers()),
        list(furious.projects()),
        list(furious.offers()),
        list(furious.readings(WINDOW.last_day)),
        list(furious.entries(WINDOW)),
        list(furious.metrics()),
    )


def check(url: str) -> list[Any]:
    """Check a source that names a field nobody has."""
    return list(source(url, line={"label": "libelle"}).check())


def renewed(url: str) -> int:
    """Read on after the token was withdrawn behind the first search; return how many projects there are."""
    return len(list(source(url).projects()))


def wrong_password(url: str) -> str:
    """Log in with what is not accepted."""
    try:
        list(source(url, username=" ").projects())
    except AuthenticationFailed as error:
        return error.message
    return ""


def write_back(url: str) -> list[str]:
    """Tell twice of a payment, then that it was taken back, and of a document without an invoice."""
    furious = source(url, write_back=WRITE_BACK)
    day = date(2026, 1, 31)
    unpaid = OpenItem("k-1", "RE-1", "7", day, day, eur("119.00"), eur("119.00"))
    paid = replace(unpaid, open=eur(0), state=PaymentState.PAID, paid_on=date(2026, 2, 10))
    told: list[str] = []
    try:
        for item in (paid, paid, unpaid, replace(paid, number="RE-2")):
            told += furious.write_status(DocumentNews(item, "", (), ("100",)))
    except DocumentRejected as error:
        told.append(error.message)
    return told


STORIES: Mapping[str, Callable[[str], object]] = {
    "pull": pull, "check": check, "renewed": renewed, "wrong_password": wrong_password,
    "write_back": write_back,
}  # fmt: skip


def server(name: str) -> standin.Furious:
    """Return the Furious of a story."""
    api = agency()
    if name == "renewed":

        def withdraw(_: str) -> None:
            api.tokens.clear()
            api.on_search = lambda _: None

        api.on_search = withdraw
    return api


def main() -> None:
    """Record all."""
    for name, story in STORIES.items():
        with serving(server(name)) as running, recorded("furious", name, Recording(ORIGIN, running.url, TOLD_URL)):
            story(running.url)


if __name__ == "__main__":
    main()
