"""Our columns and every record we write, held against the facts and DATEV's own sample files.

They lie in ../shared, or where HONORAR_SHARED says; without them these tests are skipped, in CI they fail.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from connector.core.booking import Booking, RevenueAccount
from connector.datev.columns import Column
from connector.datev.read import header_of, lines_of, records_of, value_of
from connector.datev.tables import BUCHUNGSSTAPEL, DEBITOREN, HEADER
from tests.datev.samples import booked, export, foreign, party, sink, to_austria

pytestmark = pytest.mark.conformance

TABLES = {"header": HEADER, "buchungsstapel": BUCHUNGSSTAPEL, "debitoren_kreditoren": DEBITOREN}

RESERVED = "^[]$"
"""How the header's facts write 'nothing at all'; Python would read it as an open class."""


@pytest.fixture(scope="module")
def facts() -> Path:
    """Return the folder of DATEV's facts; without it the test is skipped, in CI it fails."""
    shared = Path(os.environ.get("HONORAR_SHARED") or Path(__file__).parents[2] / ".." / "shared")
    folder = shared / "facts" / "datev"
    if not folder.is_dir():
        message = f"no facts about DATEV in {folder}; set HONORAR_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder


def table_in(facts: Path, name: str) -> Any:  # noqa: ANN401 - JSON
    """Return the facts of one table."""
    return json.loads((facts / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_those_of_the_facts(facts: Path, name: str) -> None:
    """Number, name, kind, length and quoting of all 410 columns."""
    known = [
        (each["n"], each["name"], each["type"], each["max_length"], each["quoted"]) for each in table_in(facts, name)
    ]
    ours = [(each.number, each.name, each.kind, each.length, each.quoted) for each in TABLES[name]]
    if name == "header":  # the facts give no length for the format's name
        known[3] = (*known[3][:3], ours[3][3], known[3][4])
    assert ours == known


@pytest.mark.parametrize(
    ("sample", "encoding", "columns", "category"),
    [
        ("EXTF_Buchungsstapel.csv", "utf-8", BUCHUNGSSTAPEL, ("21", '"Buchungsstapel"', "13")),
        ("EXTF_DebKred_Stamm.csv", "cp1252", DEBITOREN, ("16", '"Debitoren/Kreditoren"', "5")),
    ],
)
def test_datevs_own_samples_are_read(
    facts: Path, sample: str, encoding: str, columns: Sequence[Column], category: tuple[str, ...]
) -> None:
    """Their names are ours, their records have our columns (one sample came to us as UTF-8)."""
    path = facts / "samples_official" / sample
    header, names, *records = lines_of(path, encoding)
    assert len(header) == len(HEADER)
    assert header_of(path)[2:5] == category
    assert names == tuple(column.name for column in columns)
    assert records
    assert {len(record) for record in records} == {len(columns)}


def test_quoting_is_that_of_datevs_samples(facts: Path) -> None:
    """What DATEV leaves empty we leave empty in the same way, in header and debtors."""
    header, _, *records = lines_of(facts / "samples_official" / "EXTF_DebKred_Stamm.csv")
    for columns, lines in ((HEADER, [header]), (DEBITOREN, records)):
        for column in columns:
            quoted = {line[column.number - 1].startswith('"') for line in lines if line[column.number - 1]}
            assert quoted <= {column.quoted}, str(column)
            assert not column.quoted or all(line[column.number - 1] for line in lines), str(column)


def documents() -> list[Booking]:
    """Return a document of every kind we write."""
    account = RevenueAccount("8200", automatic=False, tax_key="3", cost_centre="100", cost_unit="K_7")
    person = party("Dvořák, Jiří", is_business=False, postal_code="1012 AB", street="Gasse " * 12, country="NL")
    return [
        booked("RE-1", text='Für „Möbel" – 50 €\nŁódź' + "x" * 60),
        booked("RE-2", "-0.01", revenue=account),
        booked("ST-1", "-100.00", reverses="RE-0"),
        booked("RE-3", "9000000.00", buyer=person, debtor="69999"),
        booked(
            "RE-4", buyer=party("M" * 60, vat_id="GR123456789", payment_days=30, email="a@example.org"), debtor="10009"
        ),
        *(numbered(booking, f"RE-{number}") for number, booking in enumerate((foreign(), to_austria()), start=5)),
    ]


def numbered(booking: Booking, number: str) -> Booking:
    """Return the booking with another number."""
    invoice = booking.invoice
    object.__setattr__(invoice, "number", number)
    object.__setattr__(invoice, "key", number)
    return booking


@pytest.mark.parametrize(
    "values", [{}, {"uses_delivery_date": True, "commit": 1, "chart": "03", "dictation_initials": "MM"}]
)
def test_every_cell_we_write_is_allowed(facts: Path, tmp_path: Path, values: Mapping[str, object]) -> None:
    """Each cell of header and records matches the published expression, or is empty where it may be."""
    result = sink(tmp_path, **values).write(export(repeat=True), documents())
    assert len(result.files) == 2
    for path in map(Path, result.files):
        header, names, *records = lines_of(path)
        table = "debitoren_kreditoren" if "Debitoren" in path.name else "buchungsstapel"
        assert names == tuple(column.name for column in TABLES[table])
        hold("header", table_in(facts, "header"), header, required=table == "buchungsstapel")
        for record in records:
            hold(table, table_in(facts, table), record, required=True)


def hold(table: str, columns: Sequence[Mapping[str, Any]], cells: Sequence[str], *, required: bool) -> None:
    """Hold every cell against its column: pattern, greatest length, required or not."""
    assert len(cells) == len(columns)
    for column, cell in zip(columns, cells, strict=True):
        where = f"{table} {column['n']} {column['name']}: {cell}"
        if cell in ("", '""'):
            assert (cell == '""') is column["quoted"], where
            assert column["required"] is False or not (required or column["required"] is True), where
            continue
        pattern = column.get("pattern_tolerant") or column["pattern"]
        assert pattern != RESERVED, where
        assert pattern is None or re.search(pattern, cell), where
        assert column["max_length"] is None or len(value_of(cell)) <= column["max_length"], where
        if column.get("decimals") and column["type"] == "decimal":
            assert len(cell.partition(",")[2]) <= column["decimals"], where


def test_our_document_numbers_are_those_of_datevs_xml(facts: Path) -> None:
    """The XML's type p10040 allows exactly what our rule allows."""
    schema = (facts / "xsd" / "Belegverwaltung_online_ledger_types_v060.xsd").read_text(encoding="utf-8")
    found = re.search(r'name="p10040">.*?<xsd:pattern value="([^"]+)"', schema, re.DOTALL)
    assert found
    allowed = re.compile(found[1].replace("&amp;", "&"))
    numbers = [chr(code) for code in range(0x20, 0x180)] + ["x" * 36, "x" * 37]
    rules = [not any(p.code == "DocumentNumberRefused" for p in sink(Path()).refusals(booked(n))) for n in numbers]
    assert rules == [bool(allowed.fullmatch(number)) for number in numbers]


def test_our_accounts_are_described(facts: Path) -> None:
    """The operator's page names every revenue account of the facts, for both charts."""
    page = (Path(__file__).parents[2] / "docs" / "sinks" / "datev.md").read_text(encoding="utf-8")
    for account in table_in(facts, "skr_accounts")["revenue"]:
        assert f"| {account['skr03']} | {account['skr04']} |" in page, account["case"]


def test_records_are_read_back_as_they_were_written(facts: Path) -> None:
    """The reader gives DATEV's own sample its amounts."""
    first = next(records_of(facts / "samples_official" / "EXTF_Buchungsstapel.csv", "utf-8"))
    assert first[:2] == ("100,18", "S")
