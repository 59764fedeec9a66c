"""A year of a retainer, month by month, as a bookkeeper keeps it; each month is billed on the first of the next.

2,400.00 a month for 20 hours; every hour beyond costs 130.00; at most 10 hours are carried over, for two months, and
the oldest are used first. From 16 September on it is 3,000.00 for 25 hours, 135.00 beyond, and at most 20 hours are
carried over, for one month. It ends on 20 December. Every entry is rounded up to quarter hours.

What happens on the way:

- January to April are the worked numbers of domain 4.6.
- In May somebody finds out that Jo's work of 26 February (F3) took an hour longer: March, billed with 7 hours of
  overage, had 8. The invoice for May corrects it by 130.00.
- In June an entry of May (M4, two and a half hours) turns out to be another customer's, and is deleted: May, billed
  with 2 hours of overage, had none, and leaves half an hour. The invoice for June gives 260.00 back.
- In September the terms change: 15 of 30 days at 2,400.00 and 15 of 30 at 3,000.00; 10:00 + 12:30 hours.
- In November an entry of October turns up (O3, 1:20 hours). It changes what is carried over, but no amount.
- In December 20 of 31 days are left: 3,000.00 × 20 ÷ 31 = 1,935.48; 25 hours × 20 ÷ 31 = 16:08 hours.
  1:52 hours of overage are printed as 1.87: 1.87 × 135.00 = 252.45.

All amounts were reckoned by hand. Hours are written as hours:minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import honorar
from tests.support.retainer_year import book, retainer_year

BILLED = """
month    opening  granted  used   lapsed  overage  closing  fee      overage_net  correction  invoice
2026-01  0:00     20:00    14:00  0:00    0:00     6:00     2400.00  0.00         0.00        2400.00
2026-02  6:00     20:00    23:00  0:00    0:00     3:00     2400.00  0.00         0.00        2400.00
2026-03  3:00     20:00    30:00  0:00    7:00     0:00     2400.00  910.00       0.00        3310.00
2026-04  0:00     20:00    5:00   5:00    0:00     10:00    2400.00  0.00         0.00        2400.00
2026-05  10:00    20:00    32:00  0:00    2:00     0:00     2400.00  260.00       130.00      2790.00
2026-06  0:30     20:00    12:00  0:00    0:00     8:30     2400.00  0.00         -260.00     2140.00
2026-07  8:30     20:00    26:15  0:00    0:00     2:15     2400.00  0.00         0.00        2400.00
2026-08  2:15     20:00    4:00   8:15    0:00     10:00    2400.00  0.00         0.00        2400.00
2026-09  10:00    22:30    35:00  0:00    2:30     0:00     2700.00  337.50       0.00        3037.50
2026-10  0:00     25:00    10:00  0:00    0:00     15:00    3000.00  0.00         0.00        3000.00
2026-11  13:30    25:00    12:00  6:30    0:00     20:00    3000.00  0.00         0.00        3000.00
2026-12  20:00    16:08    38:00  0:00    1:52     0:00     1935.48  252.45       0.00        2187.93
"""
"""Each month as it was known, and billed, on the first of the next."""

IN_THE_END = """
month    opening  granted  used   lapsed  overage  closing
2026-01  0:00     20:00    14:00  0:00    0:00     6:00
2026-02  6:00     20:00    24:00  0:00    0:00     2:00
2026-03  2:00     20:00    30:00  0:00    8:00     0:00
2026-04  0:00     20:00    5:00   5:00    0:00     10:00
2026-05  10:00    20:00    29:30  0:00    0:00     0:30
2026-06  0:30     20:00    12:00  0:00    0:00     8:30
2026-07  8:30     20:00    26:15  0:00    0:00     2:15
2026-08  2:15     20:00    4:00   8:15    0:00     10:00
2026-09  10:00    22:30    35:00  0:00    2:30     0:00
2026-10  0:00     25:00    11:30  0:00    0:00     13:30
2026-11  13:30    25:00    12:00  6:30    0:00     20:00
2026-12  20:00    16:08    38:00  0:00    1:52     0:00
"""
"""Each month as it is known when the year is over: each opens with what the one before closed with."""

BOOKED = {
    "2026-01": "J1;08.01.2026;WEB;Ann;4:50  J2;15.01.2026;APP;Jo;5:55  J3;22.01.2026;WEB;Ann;3:00",
    "2026-02": "F1;05.02.2026;WEB;Ann;8:00  F2;12.02.2026;WEB;Ann;6:50  F3;26.02.2026;APP;Jo;8:00",
    "2026-03": """
        A1;03.03.2026;WEB;Ann;9:00  A2;12.03.2026;APP;Jo;7:55  A3;19.03.2026;WEB;Ann;6:20  A4;30.03.2026;APP;Jo;6:30
        """,
    "2026-04": "P1;14.04.2026;WEB;Ann;5:00",
    "2026-05": """
        M1;05.05.2026;WEB;Ann;9:45  M2;12.05.2026;WEB;Ann;9:45  M3;19.05.2026;APP;Jo;10:00  M4;21.05.2026;APP;Jo;2:20
        F3;26.02.2026;APP;Jo;9:00
        """,
    "2026-06": "U1;10.06.2026;WEB;Ann;7:30  U2;24.06.2026;APP;Jo;4:25  M4;21.05.2026;APP;Jo;",
    "2026-07": "L1;02.07.2026;WEB;Ann;9:05  L2;09.07.2026;WEB;Ann;9:00  L3;23.07.2026;APP;Jo;8:00",
    "2026-08": "G1;18.08.2026;WEB;Ann;4:00",
    "2026-09": "S1;02.09.2026;WEB;Ann;12:00  S2;15.09.2026;APP;Jo;11:00  S3;24.09.2026;WEB;Ann;12:00",
    "2026-10": "O1;08.10.2026;WEB;Ann;4:00  O2;22.10.2026;WEB;Ann;6:00",
    "2026-11": "N1;12.11.2026;APP;Jo;12:00  O3;29.10.2026;APP;Jo;1:20",
    "2026-12": "D1;02.12.2026;WEB;Ann;12:55  D2;10.12.2026;APP;Jo;13:00  D3;17.12.2026;WEB;Ann;12:00",
}
"""What is booked before each month is billed: time of the month, and what was found out about months before."""

MONTHS = list(BOOKED)
MONEY = ("fee", "overage_net", "correction", "invoice")
BANK = ("opening", "granted", "used", "lapsed", "overage", "closing")


def rows(table: str) -> list[dict[str, str]]:
    """Return the rows of a table by the names of its columns."""
    heading, *lines = table.strip().splitlines()
    return [dict(zip(heading.split(), line.split(), strict=True)) for line in lines]


def clock(seconds: int) -> str:
    """Return whole minutes as hours:minutes."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}"


def first_after(month: str) -> str:
    """Return the first day after the month."""
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02}-01"


@dataclass(frozen=True)
class Agency:
    """The tenant's folder, and what a person types."""

    folder: Path

    def types(self, *command: str) -> Any:  # noqa: ANN401 - JSON is whatever the command printed
        """Return what the command said, as JSON."""
        return honorar("--config", self.folder, "--json", *command).json

    def bank(self, month: str, as_of: str) -> dict[str, str]:
        """Return what the time bank says of the month on the day, in hours:minutes."""
        statement = self.types("timebank", "care", "--period", month, "--as-of", as_of)
        [period] = statement["items"][0]["periods"]
        assert sum(entry["counted"] for entry in period["entries"]) == period["used"]
        return {"month": period["period"], **{name: clock(period[name]) for name in BANK}}

    def explains(self, line: str) -> list[str]:
        """Return the sentences that explain a line."""
        sentences: list[str] = self.types("explain", line)["explanation"]
        return sentences


@dataclass(frozen=True)
class Year:
    """The agency when the year is over, each month's document, and its time bank on the day it was billed."""

    agency: Agency
    documents: dict[str, dict[str, Any]]
    banks: list[dict[str, str]]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Return the whole year, billed month by month; no test changes it."""
    agency = Agency(retainer_year(tmp_path_factory.mktemp("year") / "agency"))
    documents, banks = {}, []
    for month, entries in BOOKED.items():
        book(agency.folder, entries)
        [documents[month]] = agency.types("run", "--as-of", first_after(month))["documents"]
        banks.append(agency.bank(month, first_after(month)))
    return Year(agency, documents, banks)


def amounts(document: dict[str, Any]) -> Iterator[str]:
    """Yield what the document's lines come to: fee, overage, corrections, and the whole."""
    lines = [(line["text"], Decimal(line["net"])) for line in document["lines"]]
    for kind in ("Betreuung", "Betreuungsstunden – Mehraufwand"):
        yield f"{sum(net for text, net in lines if text == kind):.2f}"
    yield f"{sum(net for text, net in lines if text.startswith('Korrektur')):.2f}"
    yield document["net"]


def test_every_invoice_is_that_of_the_table(year: Year) -> None:
    """Fee, overage, corrections and the whole, month by month."""
    billed = [dict(zip(MONEY, amounts(year.documents[month]), strict=True)) for month in MONTHS]

    assert billed == [{name: row[name] for name in MONEY} for row in rows(BILLED)]


def test_every_time_bank_is_that_of_the_table(year: Year) -> None:
    """On the day each month was billed; the entries behind it add up to what was used."""
    assert year.banks == [{name: row[name] for name in ("month", *BANK)} for row in rows(BILLED)]


def test_in_the_end_each_month_opens_with_what_the_one_before_closed_with(year: Year) -> None:
    """Told on New Year's Day: late changes have run through all that was carried over."""
    assert [year.agency.bank(month, "2027-01-01") for month in MONTHS] == rows(IN_THE_END)


def test_what_was_found_out_later_is_corrected_by_lines_of_their_own(year: Year) -> None:
    """Up in May and down in June, each with the month it corrects; the late entry of October moves no amount."""
    corrections = {
        month: [(line["text"], line["quantity"], line["unit_price"], line["net"]) for line in document["lines"]]
        for month, document in year.documents.items()
        if any(line["text"].startswith("Korrektur") for line in document["lines"])
    }

    assert {month: found[-1] for month, found in corrections.items()} == {
        "2026-05": ("Korrektur 03/2026: Betreuungsstunden – Mehraufwand", "1.00", "130.00", "130.00"),
        "2026-06": ("Korrektur 05/2026: Betreuungsstunden – Mehraufwand", "-2.00", "130.00", "-260.00"),
    }


def test_a_change_of_terms_makes_two_lines_of_the_fee(year: Year) -> None:
    """Each part with its own days, and so with the allowance."""
    before, after, overage = (year.agency.explains(f"RE-2026-0009.{line}") for line in (1, 2, 3))

    assert before[2] == "  Pauschale 01.09.2026 bis 15.09.2026: 2.400,00 EUR × 50 % = 1.200,00 EUR"
    assert after[2] == "  Pauschale 16.09.2026 bis 30.09.2026: 3.000,00 EUR × 50 % = 1.500,00 EUR"
    assert overage[2:5] == [
        "  Anteil 01.09.2026 bis 15.09.2026: 20:00 h × 50 %",
        "  Anteil 16.09.2026 bis 30.09.2026: 25:00 h × 50 %",
        "  Neu gewährt 22:30 h, damit verfügbar 32:30 h",
    ]


def test_nothing_is_left_when_the_year_is_over(year: Year) -> None:
    """The last run once more, and one in spring: no document."""
    assert [year.agency.types("run", "--as-of", day)["documents"] for day in ("2027-01-01", "2027-04-01")] == [[], []]


def test_one_run_with_final_knowledge_bills_the_same(year: Year, tmp_path: Path) -> None:
    """Twelve invoices with their corrections come to what a single one on New Year's Day comes to: 31,465.43."""
    at_once = Agency(retainer_year(tmp_path / "agency"))
    book(at_once.folder, " ".join(BOOKED.values()))
    [document] = at_once.types("run", "--as-of", "2027-01-01")["documents"]

    assert document["net"] == "31465.43"
    assert sum(Decimal(each["net"]) for each in year.documents.values()) == Decimal("31465.43")


def test_march_says_why_it_has_910_of_overage(year: Year) -> None:
    """Opening lots, what was granted, how time was rounded, how many entries, what covered them, price and print."""
    assert year.agency.explains("RE-2026-0003.2") == [
        "Position 2: Betreuungsstunden – Mehraufwand: 910,00 EUR",
        "  Kontingent Betreuungsstunden: Anfangsbestand 3:00 h (Überträge: 02/2026 3:00 h)",
        "  Neu gewährt 20:00 h, damit verfügbar 23:00 h",
        "  Zeitrundung: jeder Eintrag in Schritten von 15 Minuten, aufgerundet",
        "  Betreuungsstunden verbraucht: 30:00 h (Einträge: 4)",
        "  Die Einträge zeigt: honorar timebank care --period 2026-03",
        "  Davon gedeckt 23:00 h (02/2026 3:00 h, 03/2026 20:00 h), Mehraufwand 7:00 h: wird sofort berechnet",
        "  Mehraufwand: 7:00 h × 130,00 = 910,00 EUR",
        "  Soll 910,00 EUR; bisher fakturiert 0,00 EUR; jetzt fällig 910,00 EUR",
        "  Gedruckt: 7,00 Std. × 130,00 = 910,00 EUR, Leistungszeitraum 01.03.2026 bis 31.03.2026",
        "  Umsatzsteuer: S 19 % (mapping.toml:1)",
    ]


def test_the_booking_says_which_rule_led_where(year: Year) -> None:
    """Debtor and account with file and line of their rules, and the VAT on the sum."""
    explained = year.agency.explains("RE-2026-0003")

    assert explained[0] == (
        "Rechnung RE-2026-0003 vom 01.04.2026 an Möwe GmbH: netto 3.310,00 EUR, USt 628,90 EUR, brutto 3.938,90 EUR"
    )
    assert explained[-7:] == [
        "Umsatzsteuer S 19 %: 3.310,00 EUR × 19 % = 628,90 EUR, auf die Summe der Positionen",
        "Debitor 10001 (mapping.toml:6)",
        "Buchung: 3.938,90 EUR brutto auf Konto 8400 für Position 1, 2 (mapping.toml:14, mapping.toml:1)",
        "  Netto der Positionen 1, 2: 3.310,00 EUR",
        "  Konto 8400 (mapping.toml:14)",
        "  Umsatzsteuer der Zeile: 3.310,00 EUR × 19 % = 628,90 EUR",
        "  Brutto: 3.310,00 EUR + 628,90 EUR = 3.938,90 EUR",
    ]


def test_a_correction_says_what_was_billed_before(year: Year) -> None:
    """March had eight hours of overage, seven are billed: one more."""
    explained = year.agency.explains("RE-2026-0005.3")

    assert explained[1] == "  Kontingent Betreuungsstunden: Anfangsbestand 2:00 h (Überträge: 02/2026 2:00 h)"
    assert explained[-4:-1] == [
        "  Mehraufwand: 8:00 h × 130,00 = 1.040,00 EUR",
        "  Soll 1.040,00 EUR; bisher fakturiert 910,00 EUR; jetzt fällig 130,00 EUR",
        "  Gedruckt: 1,00 Std. × 130,00 = 130,00 EUR, Leistungszeitraum 01.03.2026 bis 31.03.2026",
    ]


def test_part_of_a_month_says_how_it_was_prorated(year: Year) -> None:
    """December: 20 of 31 days of fee and allowance, and hours rounded to be printed."""
    fee, overage = (year.agency.explains(f"RE-2027-0001.{line}") for line in (1, 2))

    assert fee[2] == "  Pauschale 01.12.2026 bis 20.12.2026: 3.000,00 EUR × 20/31 (64,52 %) = 1.935,48 EUR"
    assert overage[1:4] == [
        "  Kontingent Betreuungsstunden: Anfangsbestand 20:00 h (Überträge: 11/2026 20:00 h)",
        "  Anteil 01.12.2026 bis 20.12.2026: 25:00 h × 20/31 (64,52 %)",
        "  Neu gewährt 16:08 h, damit verfügbar 36:08 h",
    ]
    assert "  Mehraufwand: 1:52 h, gerundet 1,87 Std. × 135,00 = 252,45 EUR" in overage
