"""Entries older than what each pull reads again: edited, moved, added, deleted behind us, in each tool that tells it.

Held against a real store and the example agency in the tools' stand-ins: after a pull, what is stored is what a first
pull into an empty store would bring (domain 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from connector import registry
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.timesheet import TimeEntry
from connector.jobs.pull import FIRST_DAY, NamedSource, PulledSource, PullOptions, pull
from connector.store import Store, open_store
from connector.store.schema import entries
from connector.store.slots import Slots
from tests.standins.server import Asked, Said, serving
from tests.store.world import rows
from tests.support.commands import honorar
from tests.support.direct import Direct
from tests.support.keyed_tenant import source_api
from tests.support.tool_tenant import KEY, tenant_of

AS_OF = date(2026, 6, 30)
FIRST_PULL = datetime(2026, 7, 1, 6, tzinfo=UTC)
CHANGED = datetime(2026, 7, 2, 15, tzinfo=UTC)
SECOND_PULL = datetime(2026, 7, 3, 6, tzinfo=UTC)

LISTS = {"moco": "activities", "harvest": "time_entries", "openproject": "time_entries", "kimai": "timesheets"}
"""The tools that tell changes, and how their list of time is called."""

LONG_AGO, LATELY = "2026-01-20", "2026-06-10"


def _nothing() -> None:
    """Let nothing happen."""


class Agency:
    """The example agency in a tool; `asked` notes the calls for time, and `between` happens after the first of them."""

    def __init__(self, tool: str) -> None:
        self.tool = tool
        self.api: Any = source_api(tool)
        self.asked: list[Asked] = []
        self.between: Callable[[], None] = _nothing

    def answer(self, asked: Asked) -> Said:
        """Answer as the stand-in does, with what it has by now."""
        said: Said = deepcopy(self.api.answer(asked))
        if asked.path.endswith(f"/{LISTS[self.tool]}"):
            self.asked.append(asked)
            happens, self.between = self.between, _nothing
            happens()
        return said

    @property
    def time(self) -> list[dict[str, Any]]:
        """Return the rows of time as the tool keeps them."""
        rows: list[dict[str, Any]] = (
            self.api.lists["/activities"] if self.tool == "moco" else getattr(self.api, LISTS[self.tool])
        )
        return rows

    def one_of(self, month: str) -> dict[str, Any]:
        """Return the first row of the month."""
        return next(row for row in self.time if self.day_of(row).startswith(month))

    def day_of(self, row: dict[str, Any]) -> str:
        """Return the row's day."""
        return str(
            row[{"moco": "date", "harvest": "spent_date", "openproject": "spentOn", "kimai": "begin"}[self.tool]]
        )

    def change(self, row: dict[str, Any], *, day: str = "", text: str = "nachgetragen") -> None:
        """Change a row, as somebody in the tool would."""
        day = day or self.day_of(row)[:10]
        told: dict[str, dict[str, Any]] = {
            "moco": {"date": day, "description": text, "updated_at": f"{CHANGED:%Y-%m-%dT%H:%M:%SZ}"},
            "harvest": {"spent_date": day, "notes": text, "updated_at": f"{CHANGED:%Y-%m-%dT%H:%M:%SZ}"},
            "openproject": {"spentOn": day, "comment": {"raw": text}, "updatedAt": f"{CHANGED:%Y-%m-%dT%H:%M:%S.000Z}"},
            "kimai": {"begin": f"{day}T09:00:00+0100", "description": text},
        }
        row |= told[self.tool]
        if self.tool == "kimai":
            self.api.modified[row["id"]] = f"{CHANGED:%Y-%m-%dT%H:%M:%S}"

    def source(self) -> Any:  # noqa: ANN401 - each adapter has ports of its own
        """Return the source that reads it."""
        module = registry.source(self.tool)
        settings = import_module(f"tests.sources.{self.tool}_agency").settings_for("http://localhost:1")
        return module.build(module.Settings.model_validate(settings), Direct(self.tool, self))


@pytest.fixture(params=LISTS)
def agency(request: pytest.FixtureRequest) -> Agency:
    """Return the agency in each tool that tells changes."""
    return Agency(request.param)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store."""
    with open_store(f"sqlite:///{tmp_path / 'store.db'}", "nordlicht") as opened:
        yield opened


def pulled(agency: Agency, store: Store, begun_at: datetime, reread_from: date | None = None) -> PulledSource:
    """Pull the agency, all of which must be taken over."""
    options = PullOptions(AS_OF, 62, begun_at, reread_from)
    [source] = pull([NamedSource(agency.tool, agency.source())], store.sources, options)
    assert source.taken, source.problems
    return source


def stored(store: Store) -> set[TimeEntry]:
    """Return the entries in the store."""
    fields = TimeEntry.__dataclass_fields__
    return {TimeEntry(**{name: row[name] for name in fields}) for row in rows(store, entries)}


def told(agency: Agency) -> set[TimeEntry]:
    """Return all entries as the tool has them now, read anew."""
    found = list(agency.source().entries(Period.inclusive(FIRST_DAY, AS_OF)))
    return {each for each in found if not isinstance(each, Problem)}


def test_edits_of_any_age_are_found(agency: Agency, store: Store) -> None:
    """An old one edited, one added long ago, one moved out of the days read again, and one moved into them."""
    pulled(agency, store, FIRST_PULL)
    before = stored(store)
    agency.change(agency.one_of("2026-01"))
    agency.change(agency.one_of("2026-06"), day=LONG_AGO)
    agency.change(agency.one_of("2026-02"), day=LATELY)
    added = deepcopy(agency.one_of("2026-03"))
    agency.time.append(added | {"id": added["id"] + 10**6})
    agency.change(agency.time[-1])
    changes = pulled(agency, store, SECOND_PULL).changes["entries"]

    assert (changes.added, changes.edited, changes.deleted) == (1, 3, 0)
    assert stored(store) == told(agency) != before
    assert len(before) + 1 == len(stored(store)) == len(rows(store, entries))


def test_what_was_not_changed_is_not_read_again(agency: Agency, store: Store) -> None:
    """Outside of the days read again nothing comes; the changes are asked for from a day before the last pull."""
    pulled(agency, store, FIRST_PULL)
    agency.asked.clear()
    pulled(agency, store, SECOND_PULL)

    since = f"{FIRST_PULL - timedelta(days=1):%Y-%m-%dT%H:%M:%S}"
    queries = [" ".join(value for values in asked.query.values() for value in values) for asked in agency.asked]
    old = [query for query in queries if "2000-01-01" in query or "1999-12-31" in query]
    assert old != []
    assert [query for query in old if since not in query] == []
    assert len(agency.asked) <= 5


def test_an_entry_moved_while_it_is_read_is_neither_lost_nor_doubled(agency: Agency, store: Store) -> None:
    """Out of the days read again after they were read, or into them: after the next pull at the latest it is right."""
    pulled(agency, store, FIRST_PULL)
    count = len(stored(store))

    def move() -> None:
        agency.change(agency.one_of("2026-06"), day=LONG_AGO)
        agency.change(agency.one_of("2026-02"), day=LATELY)

    agency.between = move
    pulled(agency, store, SECOND_PULL)
    assert len(stored(store)) == count

    pulled(agency, store, SECOND_PULL + timedelta(days=1))
    assert stored(store) == told(agency)


def test_deletions_long_ago_are_found_where_a_person_asks_for_it(agency: Agency, store: Store) -> None:
    """No tool tells them; reading from a day on again finds them by their absence."""
    pulled(agency, store, FIRST_PULL)
    agency.time.remove(agency.one_of("2026-01"))
    assert pulled(agency, store, SECOND_PULL).changes["entries"].deleted == 0

    assert pulled(agency, store, SECOND_PULL, date(2026, 1, 1)).changes["entries"].deleted == 1
    assert stored(store) == told(agency)


def test_an_edit_long_ago_becomes_a_correction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the tool to the document: January has thirty hours more, and the June run bills them as a correction."""
    agency = Agency("moco")
    monkeypatch.setattr(Slots, "reserve", lambda *_: 0)
    with serving(agency) as standin:
        monkeypatch.setenv(KEY, tenant_of(tmp_path / "agency", "moco", standin.url))

        def run(day: str) -> list[dict[str, Any]]:
            ran = honorar("--config", tmp_path / "agency", "--json", "run", "--as-of", day).json
            return [each for each in ran["documents"] if each["agreement"] == "care"]

        months = [run(day) for day in ("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31")]
        row = next(
            each for each in agency.time if each["date"] < "2026-02" and each["project"]["name"] == "Kundenportal"
        )
        row |= {"seconds": row["seconds"] + 30 * 3600, "updated_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        [document] = run("2026-06-30")

    assert [len(documents) for documents in months] == [0, 1, 1, 1, 1]
    [line] = (each for each in document["lines"] if "01/2026" in each["text"])
    assert (line["text"], line["unit"]) == ("Korrektur 01/2026: Betreuungsstunden – Mehraufwand", "hour")
    assert 0 < Decimal(line["quantity"]) <= 30
    assert Decimal(line["net"]) == Decimal(line["quantity"]) * 130


def test_the_operator_names_the_day_to_read_again_from(tmp_path: Path) -> None:
    """A row deleted from the ledger's January is found in July, and only if asked for."""
    folder = tmp_path / "agency"
    honorar("init", "--example", folder)
    told = ("--config", folder, "--json", "pull", "--as-of", AS_OF.isoformat())
    honorar(*told)
    time = folder / "data/time.csv"
    heading, _first, *rest = time.read_text(encoding="utf-8").splitlines(keepends=True)
    time.write_text("".join([heading, *rest]), encoding="utf-8")

    deleted = [
        honorar(*told, *more).json["sources"][0]["changes"]["entries"]["deleted"]
        for more in ((), ("--reread-from", "2026-01-01"))
    ]
    assert deleted == [0, 1]
