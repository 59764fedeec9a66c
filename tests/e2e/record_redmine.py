"""Record the cassettes of the Redmine source anew: `python -m tests.e2e.record_redmine` (docs/sources/redmine.md).

Starts a real Redmine, fills it, and lets every story of tests/sources/redmine_stories.py play against it. All dates are
set, so that two recordings differ only where Redmine or the source do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.e2e.redmine_server import RedmineServer, redmine_server
from tests.sources import redmine_stories as stories
from tests.support.cassettes import Recording, recorded

ENTRIES = 120
"""More than one page."""


def fill(redmine: RedmineServer) -> int:
    """Create the projects of the stories; return the number of the entry that will be edited, the next one goes."""
    customer = {
        "Kundennummer": "10001",
        "Kundenname": "Müller & Söhne GmbH",
        "Land": "DE",
        "Abrechnungsart": "Festpreis",
    }
    top = redmine.add_project("relaunch", "Relaunch der Website", fields=customer)
    sub = redmine.add_project("relaunch-umsetzung", "Umsetzung", parent=top)
    concept = redmine.add_issue(
        top, "Konzept", fields={"Festpreis": "5000"}, start_date="2026-01-05", due_date="2026-01-30"
    )
    build = redmine.add_issue(
        sub, "Umsetzung", fields={"Stundensatz": "120.5", "Menge": "80"}, estimated_hours=75.5, start_date="2026-02-02"
    )
    below = redmine.add_issue(sub, "Templates", parent_issue_id=concept, start_date="2026-01-05", due_date="2026-01-30")
    for issue in (concept, build, below):
        redmine.date_issue(issue, "2026-01-02")
    redmine.set_done_ratio(build, 25, on="2026-01-30")
    redmine.set_done_ratio(build, 40, on="2026-02-27")
    for number in range(ENTRIES):
        redmine.add_entry(
            f"2026-01-{number % 28 + 1:02}", "0:20" if number % 2 else "1,5", issue=below if number % 3 else build
        )
    project = redmine.add_project("edits", "Korrekturen", fields={"Kundennummer": "10002"})
    edited = redmine.add_entry("2026-01-15", "1.5", project=project, comments="Abstimmung")
    redmine.add_entry("2026-01-16", "2", project=project)
    return edited


def record(server: RedmineServer, chosen: Mapping[str, Callable[[stories.Server], object]]) -> None:
    """Let the stories play against the server, each into its cassette."""
    origin = f"a real Redmine {server.version} (Debian) by tests/e2e/record_redmine.py"
    recording = Recording(origin, server.url, stories.TOLD_URL)
    for name, story in chosen.items():
        with recorded("redmine", name, recording):
            story(stories.Server(server.url, server.api_key, server.admin_key))


def main() -> None:
    """Record all."""
    with tempfile.TemporaryDirectory() as folder, redmine_server(Path(folder)) as redmine:
        edited = fill(redmine)
        redmine.settle("2026-02-28")
        record(redmine, stories.BEFORE)
        redmine.edit_entry(edited, hours="2,25", comments="Abstimmung, länger")
        redmine.delete_entry(edited + 1)
        redmine.settle("2026-03-02")
        record(redmine, stories.AFTER)


if __name__ == "__main__":
    main()
