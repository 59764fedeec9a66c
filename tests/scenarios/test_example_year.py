"""Half a year of the example agency, from its ledger to the files for the tax adviser.

| day        | what happens                                                        |
| ---------- | ------------------------------------------------------------------- |
| 31 January | website 8,333.33: phase 1 whole, one of three deliveries of phase 2 |
| 28 Feb.    | website 12,666.67; the brand begins, for a customer in Switzerland  |
| 31 March   | website 9,000.00, together 30,000.00                                |
| 30 April   | an amendment of the shop, with scope taken back                     |
| 31 May     | the launch exceeds its plan: capped, and told                       |
| 30 June    | the brand has gone back from 75 % to 60 %: held, the others go on;  |
|            | the winery's final invoice deducts the three down payments          |

The expected amounts were reckoned by hand from the ledger's cells and the agreed prices: docs/example.md shows the
reckoning of each, month by month. They were never taken from what the program printed.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.datev.read import header_of, records_of
from connector.datev.records import Field
from tests.support.commands import Ran, honorar

EXPECTED = Path(__file__).parent / "example_expected.csv"

MONTHS = {
    "2026-01": "2026-01-31",
    "2026-02": "2026-02-28",
    "2026-03": "2026-03-31",
    "2026-04": "2026-04-30",
    "2026-05": "2026-05-31",
    "2026-06": "2026-06-30",
}

PAYMENTS = {
    "2026-03": ("RE-2026-0012", "2026-03-12"),
    "2026-04": ("RE-2026-0022", "2026-04-10"),
    "2026-05": ("RE-2026-0030", "2026-05-15"),
}
"""The winery's payments, each recorded before the run of the month: document, and day of the money."""

DEMO = Path(__file__).parents[2] / "scripts" / "demo.sh"

DONE, HELD = 0, 1


@dataclass(frozen=True)
class Year:
    """The agency's folder after six months, and what each run said."""

    folder: Path
    runs: Mapping[str, Ran]

    def told(self, *command: str) -> Any:  # noqa: ANN401 - JSON is whatever the command printed
        """Return what the command prints as JSON."""
        return honorar("--config", self.folder, "--json", *command).json

    @property
    def documents(self) -> list[dict[str, str]]:
        """Return all documents, oldest first."""
        documents: list[dict[str, str]] = self.told("documents")["documents"]
        return documents

    def files(self, kind: str) -> list[Path]:
        """Return the files of the kind, in order of their names."""
        return sorted((self.folder / "out" / "datev").glob(f"EXTF_{kind}_*.csv"))

    def booked(self, debtor: str) -> dict[str, list[tuple[str, str, str]]]:
        """Return amount, side and contra account of the debtor's rows, by document."""
        rows: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for file in self.files("Buchungsstapel"):
            for row in records_of(file):
                if row[Field.ACCOUNT - 1] == debtor:
                    amount = (row[Field.AMOUNT - 1], row[Field.SIDE - 1], row[Field.CONTRA_ACCOUNT - 1])
                    rows[row[Field.DOCUMENT_NUMBER - 1]].append(amount)
        return rows


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Return six months of the example agency; no test changes them."""
    folder = tmp_path_factory.mktemp("year") / "agency"
    assert honorar("init", "--example", folder).code == 0
    return Year(folder, {month: _run(folder, month, day) for month, day in MONTHS.items()})


def _run(folder: Path, month: str, day: str) -> Ran:
    if month in PAYMENTS:
        number, paid_on = PAYMENTS[month]
        assert honorar("--config", folder, "paid", number, "--on", paid_on, "--as-of", day).code == DONE
    return honorar("--config", folder, "--json", "run", "--as-of", day)


def amount(text: str) -> Decimal:
    """Return the number of a DATEV cell: '1234,50'."""
    return Decimal(text.replace(",", "."))


def test_each_month_bills_what_the_page_says(year: Year) -> None:
    """The net amount of every agreement and month is the one in the table of expectations, to the cent."""
    billed: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for document in year.documents:
        billed[document["issue_date"][:7], document["agreement"]] += Decimal(document["net"])
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = {
            (row["month"], row["agreement"]): Decimal(row["net"]) for row in csv.DictReader(file, delimiter=";")
        }

    assert billed == {which: net for which, net in expected.items() if net}


def test_the_website_is_billed_whole_in_three_parts(year: Year) -> None:
    """8,333.33 and 12,666.67 and 9,000.00 are 30,000.00: nothing is lost to rounding."""
    parts = [document["net"] for document in year.documents if document["agreement"] == "website"]

    assert parts == ["8333.33", "12666.67", "9000.00"]
    assert sum(map(Decimal, parts)) == Decimal(30000)


def test_the_winery_pays_ahead_and_gets_a_final_invoice(year: Year) -> None:
    """Three down payments of 21,000.00 in all, each paid; the final invoice asks for the 9,000.00 that are left."""
    documents = [each for each in year.documents if each["agreement"] == "winery"]

    assert [(each["kind"], each["state"], each["net"], each["gross"]) for each in documents] == [
        ("partial", "paid", "4800.00", "5712.00"),
        ("partial", "paid", "4200.00", "4998.00"),
        ("partial", "paid", "12000.00", "14280.00"),
        ("final", "accepted", "9000.00", "10710.00"),
    ]
    assert [(number, amounts[0]) for number, amounts in year.booked("10012").items()] == [
        ("RE-2026-0012", ("5712,00", "S", "1593")),
        ("RE-2026-0022", ("4998,00", "S", "1593")),
        ("RE-2026-0030", ("14280,00", "S", "1593")),
        ("RE-2026-0046", ("35700,00", "S", "8400")),
    ]
    assert year.booked("10012")["RE-2026-0046"][1:] == [("24990,00", "H", "1718")]


def test_the_demo_types_these_payments() -> None:
    """What `make demo` shows and what is tested here are the same half year."""
    typed = re.findall(r"(2026-\d\d)-\d\d\) paid (\S+) (\S+?)(?: |;)", DEMO.read_text(encoding="utf-8"))

    assert {month: (number, day) for month, number, day in typed} == PAYMENTS


def test_a_late_edit_in_the_fourth_month_corrects_february(tmp_path: Path) -> None:
    """1.5 hours more in January leave less for February, billed before: 195.00 on the document of April, and no more.

    The edit is the demo's: entry Z-0248 took 3:00 instead of 1:30 hours.
    """
    folder = tmp_path / "agency"
    honorar("init", "--example", folder)
    for month in ("2026-01", "2026-02", "2026-03"):
        honorar("--config", folder, "run", "--as-of", MONTHS[month])
    time = folder / "data" / "time.csv"
    booked = time.read_text(encoding="utf-8")
    edited = re.sub(r"^(Z-0248;.*);1:30;", r"\1;3:00;", booked, flags=re.MULTILINE)
    assert edited != booked
    time.write_text(edited, encoding="utf-8")
    told = honorar("--config", folder, "--json", "run", "--as-of", MONTHS["2026-04"]).json

    [document] = [each for each in told["documents"] if each["agreement"] == "care"]
    assert [(line["text"], line["net"]) for line in document["lines"]] == [
        ("Betreuung von Portal, App und Rundbrief", "2400.00"),
        ("Korrektur 02/2026: Betreuungsstunden – Mehraufwand", "195.00"),
    ]


def test_only_june_holds_something_back(year: Year) -> None:
    """The brand's progress went back: its document waits, with the place and what to do, and all others are done."""
    codes = {month: ran.code for month, ran in year.runs.items()}
    problems = [problem for problem in year.runs["2026-06"].json["problems"] if problem["code"] == "ProgressWentBack"]

    assert codes == dict.fromkeys(MONTHS, 0) | {"2026-06": HELD}
    assert [problem["place"] for problem in problems] == [f"agreements.toml:27 AN-2026-003/{n}" for n in (1, 2, 3)]
    assert {problem["hint"] for problem in problems} == {
        "correct the reading, or set on_decrease = credit to pay the difference back"
    }


def test_what_exceeds_the_plan_is_capped_and_told(year: Year) -> None:
    """In May the hours of the launch's design pass what was planned; it is billed up to the whole."""
    [notice] = [problem for problem in year.runs["2026-05"].json["problems"] if problem["code"] == "ShareAboveOne"]

    assert notice["place"].endswith("AN-2026-004/2")


def test_numbers_have_no_gap(year: Year) -> None:
    """One series for the year, in the order of billing."""
    numbers = [document["number"] for document in year.documents]

    assert numbers == [f"RE-2026-{number:04}" for number in range(1, len(numbers) + 1)]


def test_typed_again_nothing_happens(year: Year) -> None:
    """The last month once more: no document, no number, no file."""
    before = (year.documents, sorted(path.name for path in year.folder.rglob("*.csv")))
    again = year.told("run", "--as-of", MONTHS["2026-06"])

    assert (again["documents"], again["pushed"], again["files"]) == ([], [], [])
    assert (year.documents, sorted(path.name for path in year.folder.rglob("*.csv"))) == before


def test_the_files_hold_the_gross_of_each_month(year: Year) -> None:
    """What the tax adviser imports adds up to the gross of the documents, month by month, each document once."""
    gross: dict[str, Decimal] = defaultdict(Decimal)
    numbers: dict[str, set[str]] = defaultdict(set)
    for document in year.documents:
        gross[document["issue_date"][:7]] += Decimal(document["gross"])
        numbers[document["issue_date"][:7]].add(document["number"])

    for month, file in zip(MONTHS, year.files("Buchungsstapel"), strict=True):
        assert file.name.startswith(f"EXTF_Buchungsstapel_{month}_")
        records = list(records_of(file))
        signed = [amount(row[Field.AMOUNT - 1]) * (1 if row[Field.SIDE - 1] == "S" else -1) for row in records]
        assert sum(signed) == gross[month]
        assert {row[Field.DOCUMENT_NUMBER - 1] for row in records} == numbers[month]


def test_each_debtor_is_handed_over_once(year: Year) -> None:
    """Its master data goes out with its first document, and again only if it changes."""
    accounts = [row[0] for file in year.files("Debitoren") for row in records_of(file)]

    assert sorted(accounts) == [f"1000{n}" for n in (1, 2, 3, 4, 5, 6, 8, 9)] + ["10010", "10011", "10012"]
    assert all(header_of(file) for file in year.files("Debitoren"))


def test_foreign_customers_are_billed_without_german_vat(year: Year) -> None:
    """Austria: the customer owes it (AE); Switzerland: not taxable here (O). The books say so by their accounts."""
    documents = [document for ran in year.runs.values() for document in ran.json["documents"]]
    categories = {
        (document["agreement"], row["category"])
        for document in documents
        for row in document["vat"]
        if row["category"] != "S"
    }
    accounts = {row[Field.CONTRA_ACCOUNT - 1] for file in year.files("Buchungsstapel") for row in records_of(file)}

    assert categories == {("social", "AE"), ("rebranding", "O")}
    assert accounts == {"8400", "8300", "8336", "8338", "1593", "1718"}


def test_every_amount_can_be_asked_why(year: Year) -> None:
    """Each document is explained down to the rows of its booking, in the agency's language."""
    for document in year.documents:
        explanation = year.told("explain", document["number"])["explanation"]
        assert f"echnung {document['number']} vom " in explanation[0]
        assert any(sentence.startswith("Debitor 100") for sentence in explanation)
        assert sum(sentence.startswith("Position ") for sentence in explanation) == sum(
            sentence.strip().startswith("Gedruckt: ") for sentence in explanation
        )


def test_the_agreements_stand_where_the_readings_say(year: Year) -> None:
    """At the end: what was agreed, how far it is, what was billed; nobody changed a line."""
    standings = {each["agreement"]: each for each in year.told("status", "--as-of", MONTHS["2026-06"])["agreements"]}

    assert standings["website"]["total"] == standings["website"]["computed"] == "30000.00"
    assert standings["rebranding"]["share"] == "3/5"
    assert standings["rebranding"]["computed"] == "21000.00"
    assert {each["deviation"] for each in standings.values()} == {"0.00"}
