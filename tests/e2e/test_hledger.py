"""An independent bookkeeper reads what was exported in the example year: it balances, and the same items are open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.hledger_program import Hledger
from tests.scenarios.test_example_year import MONTHS, PAYMENTS
from tests.support.commands import honorar
from tests.support.hledger_journal import Payment, journal, postings

JULY = "2026-07-31"
PAID_LATER = {"RE-2026-0001": "2026-02-12", "RE-2026-0002": "2026-03-30", "RE-2026-0020": "2026-07-01"}
BOUNCED = "RE-2026-0002"
CANCELLED = ("RE-2026-0003", "RE-2026-0040")


class Agency:
    """The example agency after half a year: some invoices paid, one payment bounced, two invoices cancelled."""

    def __init__(self, folder: Path) -> None:
        """Let the half year pass."""
        self.folder = folder
        assert honorar("init", "--example", folder).code == 0
        for month, day in MONTHS.items():
            if month in PAYMENTS:
                self.pay(*PAYMENTS[month])
            self.types("run", "--as-of", day)
        for number, day in PAID_LATER.items():
            self.pay(number, day)
        self.types("unpaid", BOUNCED, "--reason", "returned by the bank")
        for number in CANCELLED:
            self.types("cancel", number, "--reason", "wrong address", "--as-of", JULY)
        self.types("push", "--as-of", JULY)

    def types(self, *command: str) -> Any:  # noqa: ANN401 - JSON
        """Return what the command prints as JSON."""
        return honorar("--config", self.folder, "--json", *command).json

    def pay(self, number: str, day: str) -> None:
        """Record a payment in full."""
        assert self.types("paid", number, "--on", day, "--as-of", JULY)["state"] == "paid"

    def totals(self) -> dict[str, Decimal]:
        """Return what each document asks for, by its number."""
        return {each["number"]: Decimal(each["gross"]) for each in self.types("documents")["documents"]}

    def payments(self) -> list[Payment]:
        """Return the money that came and stayed."""
        came = {**dict(PAYMENTS.values()), **PAID_LATER}
        totals = self.totals()
        return [
            Payment(date.fromisoformat(day), number, totals[number])
            for number, day in came.items()
            if number != BOUNCED
        ]

    def journal(self, **changed: Decimal) -> Path:
        """Return the journal of all that was exported and paid; totals may be changed, to see who notices."""
        files = sorted((self.folder / "out" / "datev").glob("EXTF_Buchungsstapel_*.csv"))
        path = self.folder / "exported.journal"
        path.write_text(journal(postings(files), self.totals() | changed, self.payments()), encoding="utf-8")
        return path


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Agency:
    """Return the agency; no test changes it."""
    return Agency(tmp_path_factory.mktemp("hledger") / "agency")


def test_what_was_exported_balances(hledger: Hledger, agency: Agency) -> None:
    """The rows of each document add up to what it asks for, to the cent, on accounts that are known."""
    assert hledger.faults(agency.journal()) == ""


def test_the_bookkeeper_notices_a_cent(hledger: Hledger, agency: Agency) -> None:
    """So the test above can fail."""
    number = "RE-2026-0005"
    wrong = agency.journal(**{number: agency.totals()[number] + Decimal("0.01")})
    assert number in hledger.faults(wrong)


def test_the_same_items_are_open(hledger: Hledger, agency: Agency) -> None:
    """Paid ones are not, the one that bounced is, and what was cancelled leaves nothing with its correction."""
    listed = agency.types("documents", "--open", "--as-of", JULY)
    ours = {item["number"]: f"{item['open']} {item['currency']}" for item in listed["items"]}

    assert hledger.open_items(agency.journal()) == ours
    assert BOUNCED in ours
    assert not set(CANCELLED) & set(ours)
    assert len(ours) > len(PAID_LATER)
    assert sum(Decimal(each["total"]) for each in listed["aging"]) == sum(
        Decimal(each["open"]) for each in listed["items"]
    )
