"""Reading time entries: JSON as Redmine sends it, validated, translated, compared, in the store.

The network and the transport are left out, and the raw inbox, which keeps every answer in a commit of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.sources.redmine import Redmine, Settings, build
from connector.store import open_store
from tests.bench.measure import Finding, Scale, fastest, peak_megabytes, seconds, speed
from tests.bench.storing import bare_database
from tests.sources.redmine_stories import FIELDS, TOLD_URL
from tests.standins.redmine import CAP, KEY, Row, StandIn, entry, issue, project
from tests.store.world import TENANT
from tests.support.direct import Direct

ENTRIES = 100_000
LEAST_PER_SECOND = 40_000
MOST_MEGABYTES = 150
ISSUES = 50
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))

STEP = CAP - 1
"""A page begins with the last row of the one before."""


class Pages(Direct):
    """Leads to a Redmine whose time entries are JSON text, a line per page, parsed when they are asked for."""

    def __init__(self, path: Path) -> None:
        issues = [issue(number, {"Festpreis": "1000"}) for number in range(1, ISSUES + 1)]
        super().__init__("redmine", StandIn(projects=[project(1, "one")], issues=issues))
        self._lines = path.open("rb")

    def get_json(self, url: str, **options: Any) -> Any:  # noqa: ANN401 - what the transport takes, and JSON
        """Return the next page of time entries without the transport's own work; else the stand-in's answer."""
        if "time_entries" not in url:
            return super().get_json(url, **options)
        if not (options.get("params") or {}).get("offset"):
            self._lines.seek(0)
        return json.loads(self._lines.readline(), parse_float=Decimal)

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield entries a second, and the most memory it took."""
    with TemporaryDirectory() as folder:
        count, path = scale.of(ENTRIES), Path(folder) / "pages.jsonl"
        write_pages(path, count)
        spent, peak = fastest(scale, partial(pull, path))[0], peak_megabytes()
        floor = fastest(scale, partial(insert, path))[0]
    name = f"Reading {count:,} time entries from JSON into the store"
    yield speed(name, count, spent, LEAST_PER_SECOND, ("json.loads and executemany", floor))
    within = MOST_MEGABYTES / peak
    yield Finding("… memory of the whole process", f"{peak:.0f} MB", f"≤ {MOST_MEGABYTES} MB", within)


def write_pages(path: Path, count: int) -> None:
    """Write the answers of a Redmine with so many time entries, a line each."""
    with path.open("w", encoding="utf-8") as file:
        for offset in range(0, max(1, count - 1), STEP):
            rows = [_entry(number, count) for number in range(offset, min(offset + CAP, count))]
            page = {"time_entries": rows, "total_count": count, "offset": offset, "limit": CAP}
            file.write(json.dumps(page, ensure_ascii=False) + "\n")


def _entry(number: int, count: int) -> Row:
    day = YEAR.start + timedelta(days=number * YEAR.days // count)
    return entry(
        1_000_001 + number,
        issue={"id": 1 + number % ISSUES},
        hours=(1 + number % 32) / 4,
        comments=f"Arbeit an Aufgabe {number % ISSUES}, Übergabe",
        spent_on=day.isoformat(),
    )


def pull(path: Path) -> float:
    """Pull the pages into a new store and return the seconds; all of them must arrive."""
    with (
        TemporaryDirectory() as folder,
        closing(Pages(path)) as pages,
        open_store(f"sqlite:///{folder}/honorar.db", TENANT) as store,
    ):
        told = {"url": TOLD_URL, "api_key": KEY, **FIELDS, "entry": {}}
        redmine = build(Settings.model_validate(told), pages)

        def all_of_them() -> None:
            with store.sources.pull("redmine") as batch:
                batch.sync_entries(YEAR, good_entries(redmine))

        return seconds(all_of_them)


def good_entries(redmine: Redmine) -> Iterator[TimeEntry]:
    """Yield the entries of the year; a problem is a fault of the benchmark."""
    for found in redmine.entries(YEAR):
        if isinstance(found, Problem):
            raise TypeError(found.message)
        yield found


def insert(path: Path) -> float:
    """Read the same pages into a bare table and return the seconds."""
    with TemporaryDirectory() as folder, closing(bare_database(Path(folder))) as connection:
        connection.execute("CREATE TABLE bare (id PRIMARY KEY, day, hours, person, activity, issue, text, changed)")
        statement = "INSERT OR REPLACE INTO bare VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

        def all_of_them() -> None:
            with path.open("rb") as lines:
                connection.execute("BEGIN")
                for page in lines:
                    connection.executemany(statement, map(_bare_row, json.loads(page)["time_entries"]))
                connection.execute("COMMIT")

        return seconds(all_of_them)


def _bare_row(row: Row) -> tuple[Any, ...]:
    return (
        row["id"],
        row["spent_on"],
        row["hours"],
        row["user"]["name"],
        row["activity"]["name"],
        row["issue"]["id"],
        row["comments"],
        row["updated_on"],
    )
