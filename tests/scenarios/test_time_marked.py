"""Time that stands on documents is marked in the tool, whatever happens on the way, and only that (domain 3.8).

The example agency, read from the stand-ins of the tools that take marks, is billed up to a day; what the tool then has
marked is compared with the rows of time themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.jobs.write_back import WrittenBack
from connector.store.slots import Slots
from connector.wiring import Workspace, billing, decisions, open_workspace, payments
from tests.standins import Asked, Fault, Standin, serving
from tests.support.commands import honorar
from tests.support.keyed_tenant import source_api
from tests.support.tool_tenant import KEY, tenant_of

TOOLS = {"awork": ("entries", "isBilled"), "kimai": ("timesheets", "exported")}
"""The tools, where their stand-ins keep time, and the mark."""

CARE = ("PORTAL-26", "APP-26", "APP-26-S", "NEWS-26")
ARCHIVE = ("ARCHIV-26",)

END_OF_JANUARY, END_OF_FEBRUARY = date(2026, 1, 31), date(2026, 2, 28)
JANUARY, FEBRUARY = "2026-01", "2026-02"


@dataclass
class Agency:
    """A tenant whose tool takes marks, while its stand-in runs."""

    tool: str
    folder: Path
    standin: Standin

    @contextmanager
    def space(self) -> Iterator[Workspace]:
        """Open the tenant, as a run does."""
        with open_workspace(self.folder, "anna", lambda: datetime(2026, 3, 1, 7, tzinfo=UTC)) as space:
            yield space

    def bill(self, *days: date) -> None:
        """Pull and bill up to each of the days."""
        with self.space() as space:
            for day in days:
                assert all(source.taken for source in billing.pull(space, day))
                billing.bill(space, billing.look_ahead(space, day, {}))

    def write_back(self, on: date = END_OF_FEBRUARY) -> WrittenBack:
        """Tell the tool what it was not told yet."""
        with self.space() as space:
            return payments.write_back(space, on)

    def number_of(self, agreement: str) -> str:
        """Return the number of the agreement's only document."""
        with self.space() as space:
            [summary] = (each for each in space.store.billing.documents() if each.agreement == agreement)
            return summary.number

    def marked(self) -> set[Any]:
        """Return the ids of the rows that bear the mark."""
        name, mark = TOOLS[self.tool]
        return {row["id"] for row in getattr(self.standin.api, name) if row[mark]}

    def time(self, month: str, *projects: str) -> set[Any]:
        """Return the ids of the billable rows of time of the projects in the month."""
        name, _ = TOOLS[self.tool]
        return {row["id"] for row in getattr(self.standin.api, name) if self._counts(row, month, projects)}

    def _counts(self, row: dict[str, Any], month: str, projects: tuple[str, ...]) -> bool:
        if self.tool == "awork":
            keys = {each["id"]: each["projectKey"] for each in self.standin.api.projects}
            return row["startDateLocal"].startswith(month) and keys[row["projectId"]] in projects and row["isBillable"]
        named = row["project"]["name"].split()[0] in projects
        return row["begin"].startswith(month) and named and row["billable"] and not row["tags"]

    def changes(self) -> int:
        """Return how many calls changed something in the tool."""
        return self.standin.calls("POST") + self.standin.calls("PATCH")


@pytest.fixture(params=TOOLS)
def agency(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Agency]:
    """Yield the tenant of each tool, with the marks switched on."""
    monkeypatch.setattr(Slots, "reserve", lambda *_: 0)
    folder = tmp_path / "agency"
    with serving(source_api(request.param)) as standin:
        monkeypatch.setenv(KEY, tenant_of(folder, request.param, standin.url))
        connector = folder / "connector.toml"
        told = connector.read_text(encoding="utf-8")
        connector.write_text(told.replace("[[source]]\n", "[[source]]\nmark_billed = true\n", 1), encoding="utf-8")
        yield Agency(request.param, folder, standin)


def changing(asked: Asked) -> bool:
    """Tell whether the call changes something."""
    return asked.method != "GET"


def test_what_stands_on_documents_is_marked(agency: Agency) -> None:
    """January's time of the retainer and of the work by the hour; not February, not other projects, and once."""
    agency.bill(END_OF_JANUARY, END_OF_FEBRUARY)
    written = agency.write_back()

    assert written.problems == ()
    expected = agency.time(JANUARY, *CARE, *ARCHIVE)
    assert agency.marked() == expected
    counts = [f"care, +{len(agency.time(JANUARY, *CARE))}", f"archive, +{len(agency.time(JANUARY, *ARCHIVE))}"]
    assert list(written.places) == [f"{agency.tool}: {each}" for each in counts]

    calls = agency.changes()
    assert agency.write_back() == WrittenBack()
    assert agency.changes() == calls


def test_nothing_is_marked_before_it_is_approved(agency: Agency) -> None:
    """A draft may still change; once a person approved it, its time is marked."""
    connector = agency.folder / "connector.toml"
    told = connector.read_text(encoding="utf-8").replace('approval = "auto"', 'approval = "manual"')
    connector.write_text(told, encoding="utf-8")
    agency.bill(END_OF_FEBRUARY)
    assert agency.write_back() == WrittenBack()

    with agency.space() as space:
        assert list(decisions.approve(space, [agency.number_of("archive")]))
    agency.write_back()
    assert agency.marked() == agency.time(JANUARY, *ARCHIVE)


def test_a_cancelled_document_takes_its_marks_away(agency: Agency) -> None:
    """Those of its time, and no others; billed again, it is marked again."""
    agency.bill(END_OF_FEBRUARY)
    agency.write_back()
    with agency.space() as space:
        decisions.cancel(space, agency.number_of("archive"), END_OF_FEBRUARY, "wrong rate")
    written = agency.write_back()
    assert list(written.places) == [f"{agency.tool}: archive, -{len(agency.time(JANUARY, *ARCHIVE))}"]
    assert agency.marked() == agency.time(JANUARY, *CARE)

    agency.bill(END_OF_FEBRUARY)
    agency.write_back()
    assert agency.marked() == agency.time(JANUARY, *CARE, *ARCHIVE)


def test_a_mark_that_people_set_is_theirs(agency: Agency) -> None:
    """What we did not mark is not unmarked, and a mark says nothing of what is billed."""
    name, mark = TOOLS[agency.tool]
    theirs = agency.time(FEBRUARY, *ARCHIVE)
    for row in getattr(agency.standin.api, name):
        row[mark] = row["id"] in theirs
    agency.bill(END_OF_FEBRUARY)
    agency.write_back()

    assert agency.marked() == theirs | agency.time(JANUARY, *CARE, *ARCHIVE)


@pytest.mark.parametrize(
    "fault", [Fault.ANSWER_LOST, Fault.RESET_BEFORE, Fault.SERVER_ERROR, Fault.GATEWAY_TIMEOUT, Fault.TRUNCATED]
)
def test_whatever_is_lost_on_the_way_the_next_run_mends_it(agency: Agency, fault: Fault) -> None:
    """Done or not, the tool is asked again in a way that does no harm: in the end each row is marked once."""
    agency.bill(END_OF_FEBRUARY)
    agency.standin.fail(fault, changing)
    first = agency.write_back()
    second = agency.write_back()

    assert [each.code for each in (*first.problems, *second.problems)] in ([], ["TimeNotMarked"])
    assert agency.marked() == agency.time(JANUARY, *CARE, *ARCHIVE)


def test_a_run_that_dies_before_it_wrote_the_marks_down_is_repeated(
    agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tool has the marks and the store does not know: the next run sets them again, and turns none over."""
    agency.bill(END_OF_FEBRUARY)
    with monkeypatch.context() as dying, agency.space() as space:
        dying.setattr(type(space.store.marks), "mark", _die)
        with pytest.raises(KeyboardInterrupt):
            payments.write_back(space, END_OF_FEBRUARY)
    assert agency.marked() != set()
    agency.write_back()

    assert agency.marked() == agency.time(JANUARY, *CARE, *ARCHIVE)


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_it_is_part_of_settling_and_off_by_default(agency: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    """`honorar settle` marks where a source wants it; where none does, there is nothing to settle with files."""
    monkeypatch.setattr(Workspace, "today", lambda _: END_OF_FEBRUARY)
    agency.bill(END_OF_FEBRUARY)
    settled = honorar("--config", agency.folder, "--json", "settle")
    assert (settled.code, [place.partition(",")[0] for place in settled.json["written"]]) == (
        0,
        [f"{agency.tool}: care", f"{agency.tool}: archive"],
    )
    connector = agency.folder / "connector.toml"
    told = connector.read_text(encoding="utf-8").replace("mark_billed = true", "mark_billed = false")
    connector.write_text(told, encoding="utf-8")
    assert honorar("--config", agency.folder, "--json", "settle").code == 3
