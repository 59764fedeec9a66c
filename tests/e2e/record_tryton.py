"""Record the cassettes of the Tryton source anew: `python -m tests.e2e.record_tryton` (docs/sources/tryton.md).

Starts a real Tryton, fills it, and lets every story of tests/sources/tryton_stories.py play against it. All instants
are set, so that two recordings differ only where Tryton or the source do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from tests.e2e.tryton_selling import Selling
from tests.e2e.tryton_server import TrytonServer, tryton_server
from tests.sources import tryton_stories as stories
from tests.support.cassettes import Recording, recorded

MODELS = ("party.party", "project.work", "sale.sale", "sale.line", "timesheet.line", "stock.move")


@dataclass(frozen=True)
class Filled:
    """What was made: the entries that change later."""

    edited: int
    deleted: int


def fill(server: TrytonServer) -> Filled:
    """Create what the stories tell of."""
    selling = Selling(server)
    vat_id = {"type": "eu_vat", "code": "DE136695976"}
    mail = {"type": "email", "value": "buchhaltung@mueller.example"}
    party = selling.customer(
        "10001",
        "Müller & Söhne GmbH",
        identifiers=[["create", [vat_id]]],
        contact_mechanisms=[["create", [mail]]],
    )
    project = selling.project("P-1", "Relaunch der Website", party, project_invoice_method="progress")
    below = selling.project("P-2", "Umsetzung", None, parent=project)
    selling.project("P-3", "Intern", None)
    selling.makes_tasks(selling.product("Festpreis"), "Entwurf", "Abstimmung")
    flyer = selling.goods("Flyer")
    sale = selling.sale(
        "S-2026-1",
        party,
        "2026-01-05",
        [
            selling.title("Phase 1"),
            selling.line("Konzept", 1, "5000"),
            selling.line("Beratung vor Ort", 10.5, "120.5", "Beratung"),
            selling.title("Phase 2"),
            selling.line("Flyer A5", 1000, "0.1234", flyer),
        ],
        description="Relaunch",
    )
    draft, review = selling.tasks_of(sale)
    server.change("project.work", draft, parent=project, progress=1.0, effort_duration=timedelta(hours=40))
    server.change("project.work", review, parent=project, progress=0.25)
    selling.sale("S-2026-2", party, "2026-02-01", [selling.line("Pflege", 6, "180")], state="quote")
    selling.deliver(sale, "2026-02-10")
    priced = selling.task(
        below, "Templates", list_price=Decimal(7500), product=selling.product("Festpreis"), progress=0.4
    )
    hours = selling.task(
        below, "Schulung", list_price=Decimal("95.5"), product=selling.product("Beratung"),
        effort_duration=timedelta(hours=7.5),
    )  # fmt: skip
    selling.entry(draft, "2026-01-15", 90, description="Abstimmung")
    selling.entry(priced, "2026-01-16", 20)
    selling.entry(hours, "2026-02-02", 60)
    holiday = server.create("timesheet.work", name="Urlaub", company=server.company)
    selling.entries([{**selling.booking(draft, "2026-01-19", timedelta(hours=8)), "work": holiday}])
    return Filled(edited=selling.entry(review, "2026-01-20", 60), deleted=selling.entry(review, "2026-01-21", 30))


def settle(server: TrytonServer, on: str) -> None:
    """Let all records be of that day."""
    for model in MODELS:
        server.settle(model, on)


def record(
    server: TrytonServer, keys: Mapping[str, str], chosen: Mapping[str, Callable[[stories.Server], object]]
) -> None:
    """Let the stories play against the server, each into its cassette."""
    origin = f"a real Tryton {server.version} (PyPI, SQLite) by tests/e2e/record_tryton.py"
    recording = Recording(origin, server.url, stories.TOLD_URL)
    for name, story in chosen.items():
        with recorded("tryton", name, recording):
            story(stories.Server(server.url, keys["sales"], keys["none"], server.database))


def main() -> None:
    """Record all."""
    with tempfile.TemporaryDirectory() as folder, tryton_server(Path(folder)) as server:
        sales = server.add_user("sync", ("sale", "group_sale"))
        keys = {"sales": server.add_key(sales), "none": server.add_key(server.add_user("poor"))}
        filled = fill(server)
        settle(server, "2026-02-28")
        record(server, keys, stories.BEFORE)
        server.change("timesheet.line", filled.edited, duration=timedelta(minutes=75), description="länger")
        server.delete("timesheet.line", filled.deleted)
        server.settle("timesheet.line", "2026-03-02", filled.edited)
        record(server, keys, stories.AFTER)


if __name__ == "__main__":
    main()
