"""Payments from postings (Accounting Data Exchange): paid is what was booked against a document, by debtor and number.

DATEV makes an export of a fiscal year's postings as a job. A posting stands on the debtor's account, or names it as its
contra account, with the sides turned (postings.py). Opening balances count in the oldest year that is read alone: in
later ones they repeat what was booked before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connector.core.errors import OutcomeUnknown, Unavailable
from connector.core.payment import PaymentStatus
from connector.core.ports import Receipt
from connector.core.problems import Problem
from connector.datev.items import Item, statuses_of
from connector.sinks.datev_online.calls import EXCHANGE, Calls
from connector.sinks.datev_online.postings import Ledger

WAIT_SECONDS = 5

_YEARS, _POSTINGS = "fiscal-years", "account-postings"


@dataclass(frozen=True, slots=True)
class Exchange:
    """Reads the postings of one client (a StatusSource)."""

    calls: Calls

    def statuses(
        self,
        receipts: Sequence[Receipt],
        since: datetime | None,  # noqa: ARG002 - DATEV does not say when a posting was made
    ) -> Iterator[PaymentStatus | Problem]:
        """Yield what the postings say of the documents; what cannot be understood of one is a Problem."""
        settings = self.calls.settings
        ledger = Ledger(settings.debtors, settings.currency, {receipt.number for receipt in receipts} - {""})
        years = self._years()
        for year in years:
            for posting in self._postings(year):
                if year == years[0] or posting.get("isOpeningBalancePosting") is not True:
                    ledger.add(posting)
        found = list(ledger.items())
        yield from (each for each in found if isinstance(each, Problem))
        yield from statuses_of(receipts, (each for each in found if isinstance(each, Item)))

    def _years(self) -> list[int]:
        """Return the fiscal years that are read, oldest first."""
        told = self.calls.lines(EXCHANGE, _YEARS).values
        years = [each for line in told for each in (line if isinstance(line, list) else [line])]
        if not all(isinstance(year, int) for year in years):
            raise self.calls.not_understood(_YEARS)
        return sorted(years)[-self.calls.settings.payment_years :]

    def _rows(self, lines: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
        for line in lines:
            for row in line if isinstance(line, list) else [line]:
                if not isinstance(row, dict):
                    raise self.calls.not_understood(_POSTINGS)
                yield row

    def _postings(self, year: int) -> Iterator[Mapping[str, Any]]:
        """Yield the year's postings, page by page, as soon as DATEV has gathered them."""
        try:
            begun = self.calls.send("POST", EXCHANGE, f"{_YEARS}/{year}/{_POSTINGS}", None)
        except OutcomeUnknown as error:  # an export more or less changes nothing
            raise Unavailable(error.message, place=error.place, hint="the next run asks again") from None
        if not (isinstance(begun, dict) and isinstance(begun.get("jobId"), str)):
            raise self.calls.not_understood(_POSTINGS)
        self._await(begun["jobId"])
        page, pages = 1, 1
        while page <= pages:
            told = self.calls.lines(EXCHANGE, f"{_POSTINGS}-jobs/{begun['jobId']}", page=page)
            yield from self._rows(told.values)
            total = told.headers.get("x-total-pages", "1")
            page, pages = page + 1, int(total) if total.isdecimal() else 1

    def _await(self, job: str) -> None:
        left = self.calls.settings.wait_seconds
        while True:
            answer = self.calls.page(EXCHANGE, f"jobs/{job}/state").json
            match answer.get("jobState") if isinstance(answer, dict) else None:
                case "COMPLETED":
                    return
                case "PENDING" if left >= WAIT_SECONDS:
                    self.calls.transport.pause(WAIT_SECONDS)
                    left -= WAIT_SECONDS
                case "PENDING" | "FAILED" | "DELETED" as state:
                    message = f"DATEV has not gathered the postings: {state}"
                    raise Unavailable(message, place=f"job {job}", hint="the next run asks again")
                case _:
                    raise self.calls.not_understood(job)
