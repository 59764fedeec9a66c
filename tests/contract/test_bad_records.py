"""What every source does with records that make no sense, as docs/sources/README.md states it; the ledger included."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import pytest

from connector import registry
from connector.core import errors
from connector.core.offer import ProjectBilling
from connector.core.period import Period
from connector.core.problems import Problem
from connector.documents.problem_texts import GERMAN
from tests.contract.tool import AGENCY, TOOLS, YEAR, Tool, good, problems, told_by
from tests.standins.agency import EXAMPLE
from tests.support.transports import transport_for

PROJECT, NAME = "WEB-26", "Neuer Webauftritt"
"""The project that is orphaned or deleted."""

CUSTOMER: Mapping[str, tuple[str, Any]] = {
    "awork": ("companyId", None),
    "furious": ("contact_company_id", ""),
    "harvest": ("client", None),
    "kimai": ("customer", None),
    "moco": ("customer", None),
    "odoo": ("partner_id", False),
    "openproject": ("customField2", None),
    "redmine": ("custom_fields", []),
    "tryton": ("party", None),
}
"""Where a tool's project names its customer, and what stands there for none."""

WORDS: Mapping[str, tuple[str, str]] = {
    "awork": ("type", "custom"),
    "furious": ("pipe", ""),
    "harvest": ("state", "accepted"),
    "kimai": ("budgetType", ""),
    "moco": ("status", "accepted"),
    "odoo": ("state", "sale"),
    "openproject": ("title", "Festpreis"),
    "redmine": ("value", "Festpreis"),
    "tryton": ("state", "processing"),
}
"""A field with a fixed choice of words, and the word that is replaced by one nobody has heard of; '' for any."""

UNHEARD = "unheard_of"

CHF, NO_CURRENCY = "CHF", "XQQ"


class Records(Protocol):
    """The agency in one source, and ways to spoil it."""

    name: str

    def told(self, period: Period = YEAR) -> dict[str, list[Any]]:
        """Return all that a new source reads, by reader."""
        ...

    def orphan(self) -> None:
        """Take its customer from the project."""
        ...

    def delete(self) -> None:
        """Take the project away, and leave its time."""
        ...

    def misspell(self) -> None:
        """Write a word that nobody has heard of where there is a fixed choice of them."""
        ...

    def pay_in(self, currency: str) -> None:
        """Let every price be in the currency."""
        ...


class InTool(Tool):
    """In a tool's stand-in."""

    def orphan(self) -> None:
        """Take its customer from the project."""
        key, nothing = CUSTOMER[self.name]
        for _, row in self._projects():
            row[key] = nothing

    def delete(self) -> None:
        """Take the project away, and leave its time."""
        for rows, row in list(self._projects()):
            if isinstance(rows, list):
                rows.remove(row)
            else:
                rows.pop(next(key for key, each in rows.items() if each is row))

    def misspell(self) -> None:
        """Write a word that nobody has heard of where there is a fixed choice of them."""
        key, word = WORDS[self.name]
        self._change(lambda name, value: UNHEARD if name == key and word in ("", value) else value)

    def pay_in(self, currency: str) -> None:
        """Let every price be in the currency."""
        self._change(lambda _, value: currency if value in ("EUR", CHF) else value)

    def _tables(self) -> Iterator[Any]:
        for value in vars(self.bent.api).values():
            yield value
            yield from value.values() if isinstance(value, dict) else ()

    def _projects(self) -> Iterator[tuple[Any, dict[str, Any]]]:
        for rows in self._tables():
            for row in list(rows.values()) if isinstance(rows, dict) else rows if isinstance(rows, list) else ():
                if isinstance(row, dict) and NAME in (str(value).removeprefix(f"{PROJECT} ") for value in row.values()):
                    yield rows, row

    def _change(self, new: Callable[[str, Any], Any]) -> None:
        seen: set[int] = set()

        def change(value: Any) -> None:  # noqa: ANN401 - any JSON
            if not isinstance(value, dict | list) or id(value) in seen:
                return
            seen.add(id(value))
            for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
                value[key] = new(str(key), inner)
                change(inner)

        for table in self._tables():
            change(table)


@dataclass
class InLedger:
    """In the files of a ledger."""

    folder: Path
    name: str = "ledger"

    def told(self, period: Period = YEAR) -> dict[str, list[Any]]:
        """Return all that a new source reads, by reader."""
        module = registry.source("ledger")
        source = module.build(module.Settings(locale="de"), transport_for("ledger", folder=self.folder))
        return told_by(source, self.name, period)

    def orphan(self) -> None:
        """Take its customer from the project."""
        self._change("projects", f"{NAME};K-1001", f"{NAME};")

    def delete(self) -> None:
        """Take the project away, and leave its time."""
        self._change("projects", PROJECT, "ANOTHER")

    def misspell(self) -> None:
        """Write a word that nobody has heard of where there is a fixed choice of them."""
        self._change("offers", "angenommen", UNHEARD)

    def pay_in(self, currency: str) -> None:
        """Let every price be in the currency."""
        self._change("positions", f";(EUR|{CHF});", f";{currency};")

    def _change(self, file: str, old: str, new: str) -> None:
        path = self.folder / f"data/{file}.csv"
        text, count = re.subn(old, new, path.read_text(encoding="utf-8"))
        assert count
        path.write_text(text, encoding="utf-8")


def in_ledger(folder: Path, *days: date) -> InLedger:
    """Return the example's ledger with thirty entries, and one on each of the days."""
    shutil.copytree(EXAMPLE / "data", folder / "data")
    time = folder / "data/time.csv"
    kept = time.read_text(encoding="utf-8").splitlines()[:31]
    more = [f"X-{day};{day:%d.%m.%Y};{PROJECT};;Anna Berg;Umsetzung;3,75;ja;ja;" for day in days]
    time.write_text("\n".join([*kept, *more, ""]), encoding="utf-8")
    return InLedger(folder)


def in_tool(name: str, *days: date) -> InTool:
    """Return the tool with the agency in it, and an entry on each of the days."""
    first = AGENCY.entries[0]
    more = tuple(replace(first, id=f"X-{day}", day=day, project=PROJECT, position="") for day in days)
    told = InTool.telling(name, replace(AGENCY, entries=AGENCY.entries + more))
    assert isinstance(told, InTool)
    return told


Having = Callable[..., Records]


@pytest.fixture(params=[*TOOLS, "ledger"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Having:
    """Return how to have each source, with entries on further days."""
    if request.param == "ledger":
        return lambda *days: in_ledger(tmp_path, *days)
    return lambda *days: in_tool(request.param, *days)


def test_a_project_without_customer_is_told(records: Having) -> None:
    """It is read without one or not at all, and all others are read; nobody is billed by a guess."""
    spoiled = records()
    whole = spoiled.told()
    spoiled.orphan()
    found = spoiled.told()

    assert "Raised" not in {each.code for each in problems(found)}
    codes = [each.code for each in problems(found)] or ["CustomerMissing" if spoiled.name == "awork" else ""]
    assert codes[0] in ("CustomerMissing", "UnreadableRecord", "EmptyCell")
    assert [each.customer for each in found["projects"] if getattr(each, "name", "") == NAME] in ([], [""])
    assert len(found["projects"]) in (len(whole["projects"]), len(whole["projects"]) + 1)
    assert found.get("entries") == whole.get("entries")


def test_time_of_a_deleted_project_is_no_other_projects(records: Having) -> None:
    """It is read as the project's own or as nobody's, or told; no project that is there has more time than before."""
    spoiled = records()
    whole = spoiled.told()
    spoiled.delete()
    found = spoiled.told()
    kept = {each.id for each in found["projects"] if not isinstance(each, Problem)}

    def of_the_others(told: Mapping[str, list[Any]]) -> list[tuple[str, str]]:
        return [(each.id, each.project) for each in told["entries"] if getattr(each, "project", None) in kept]

    assert {each.project.upper() for each in whole["entries"]} >= {PROJECT}
    assert of_the_others(found) == of_the_others(whole)
    assert "Raised" not in {each.code for each in problems(found)}
    others = {each.project for each in found["entries"] if not isinstance(each, Problem)} - kept
    assert [each for each in others if each not in ("", PROJECT) and not each.startswith("#")] == []


def test_a_word_nobody_has_heard_of_is_told(records: Having) -> None:
    """Where there is a choice of words, another one is a fault; where no amount hangs on it, it may say nothing."""
    spoiled = records()
    whole = spoiled.told()
    spoiled.misspell()
    found = spoiled.told()

    silent = {each.id: each.billing for each in found["projects"] if not isinstance(each, Problem)}
    changed = {each.id for each in whole["projects"] if silent.get(each.id, each.billing) != each.billing}
    assert "Raised" not in {each.code for each in problems(found)}
    assert any(each.holds for each in problems(found)) or {silent[each] for each in changed} == {
        ProjectBilling.UNSTATED
    }


def test_a_price_keeps_its_currency(records: Having) -> None:
    """Prices in another currency stay in it, and one that is none is a fault; nothing is converted."""
    priced = records()
    stated = set() if priced.name == "redmine" else {"EUR"}  # the settings say what Redmine's prices are in
    for currency in (CHF, NO_CURRENCY):
        priced.pay_in(currency)
        found = {each.currency for each in positions(priced.told()) if each.unit_price}
        assert found <= {CHF, "EUR"} - stated
    assert "Raised" not in {each.code for each in problems(priced.told())}


def test_time_of_any_age_is_read_and_that_of_the_future_waits(records: Having) -> None:
    """Ten years ago, on days on which the clocks change, at the end of the year, and behind it (domain 1.7)."""
    days = (date(2016, 2, 29), date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 31), date(2027, 1, 1))
    told = records(*days)
    until_now = Counter(each.day for each in told.told(Period(date(2000, 1, 1), YEAR.end))["entries"])
    later = told.told(Period(YEAR.end, date(2028, 1, 1)))["entries"]

    assert until_now == Counter([*(each.day for each in AGENCY.entries), *days[:4]])
    assert [(each.day, each.seconds) for each in later] == [(days[4], AGENCY.entries[0].seconds)]
    assert [each.day for each in told.told(Period.month_of(days[0]))["entries"]] == [days[0]]


def positions(told: Mapping[str, list[Any]]) -> list[Any]:
    """Return all positions."""
    return [each for offer in told.get("offers", ()) if not isinstance(offer, Problem) for each in offer.positions]


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"<!doctype html><title>Log in</title>", "UnknownColumn"),
        (b"", "EmptyFile"),
        (b'id;day;project;duration\nT1;01.01.2026;WEB-26;"1', "BadQuoting"),
        (b"id;day;project\nT1;01.01.2026;WEB-26\n", "MissingColumn"),
        (b"id;day;project;duration\nT1;01.01.2026;WEB-26\n", "CellCount"),
        ("id;day;project;duration\nT1;01.01.2026;Möwe;1\n".encode("cp1252"), "BadCell"),
        (b"id;day;project;duration\nT1;01.01.2026;WEB-26;1\nT1;02.01.2026;WEB-26;1\n", "DuplicateId"),
    ],
    ids=["login page", "empty", "truncated", "missing column", "missing cell", "encoding", "twice"],
)
def test_a_bad_file_of_a_ledger_is_told(payload: bytes, code: str, tmp_path: Path) -> None:
    """Nothing is taken from it, the place is named, and the other files are read."""
    spoiled = in_ledger(tmp_path)
    whole = spoiled.told()
    (tmp_path / "data/time.csv").write_bytes(payload)
    found = spoiled.told()

    assert code in {each.code for each in problems(found)}
    assert all(each.place.startswith("data/time.csv") and each.holds for each in problems(found))
    assert good({"entries": found.pop("entries")}) == 0
    assert found == {reader: values for reader, values in whole.items() if reader != "entries"}


@pytest.mark.parametrize("seed", range(80))
def test_a_bent_cell_is_a_problem_or_harmless(seed: int, tmp_path: Path) -> None:
    """A cell that is missing or strange never kills the ledger, and the other rows go on."""
    choice = random.Random(seed)  # noqa: S311 - not for secrets
    spoiled = in_ledger(tmp_path)
    path = choice.choice(sorted((tmp_path / "data").glob("*.csv")))
    rows = [line.split(";") for line in path.read_text(encoding="utf-8").splitlines()]
    row = choice.choice(rows[1:])
    row[choice.randrange(len(row))] = choice.choice(("", "?!", "-1", f"{10**30}", "2026-13-45", '"', "x" * 10_000))
    path.write_text("\n".join(";".join(each) for each in rows), encoding="utf-8")
    found = spoiled.told()

    assert all(each.message and each.place for each in problems(found))
    assert "Raised" not in {each.code for each in problems(found)}
    assert len(rows) > 2
    assert problems(found) or good(found) > 100, (path, row)


def test_the_page_speaks_of_problems_that_there_are() -> None:
    """Every code in the table of bad input is one that a reader finds in a message."""
    page = (EXAMPLE.parent / "docs/sources/README.md").read_text(encoding="utf-8")
    table = page.partition("## Bad input")[2]
    codes = set(re.findall(r"`([A-Z][A-Za-z]+)`", table))

    assert len(codes) > 10
    assert [code for code in codes if code not in GERMAN and not hasattr(errors, code)] == []
