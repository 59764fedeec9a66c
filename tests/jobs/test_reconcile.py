from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from connector.core.booking import Booking
from connector.core.delivery import Pending
from connector.core.errors import NotFound
from connector.core.lifecycle import DocumentState
from connector.core.ports import Delivered, Listed, Receipt
from connector.jobs.reconcile import ReconcilableSink, Reconciled, Reconciler
from tests.core.builders import JANUARY, booking, eur, invoice
from tests.support.cloud import Cloud

S = DocumentState


@dataclass
class ListedCloud(Cloud):
    """A sink that lists what it has."""

    rows: list[Listed] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    first: date = JANUARY.start

    def listed(self, since: date, known: Collection[str]) -> Iterator[Listed]:
        """Yield the rows; what is known keeps its key for itself."""
        assert since == self.first
        yield from (replace(row, key="") if row.reference in known else row for row in self.rows)

    def read(self, booking: Booking, receipt: Receipt) -> Delivered:
        """Return what only moved to another day; nothing else is there any more."""
        if receipt.reference not in self.moved:
            raise NotFound(receipt.reference)
        found = booking.invoice
        return Delivered(receipt, found.net, found.tax, found.gross + eur(self.adds), len(found.lines))


@dataclass
class Records:
    """Two documents that were handed over, and one that was not."""

    states: dict[str, DocumentState] = field(
        default_factory=lambda: {"k-1": S.ACCEPTED, "k-2": S.ACCEPTED, "k-3": S.UNKNOWN}
    )

    def receipts(self, sink: str, /) -> Iterator[Receipt]:
        """Yield both receipts; the first has a number."""
        assert sink == "cloud"
        yield Receipt("k-1", "id-1", "RE0001", "https://cloud.example/1")
        yield Receipt("k-2", "id-2")

    def document(self, key: str, /) -> Pending:
        """Return the document."""
        return Pending(booking(invoice(key=key, number="RE0001" if key == "k-1" else "E_0002")), self.states[key])


def row(at: int, key: str = "", /, **parts: Any) -> Listed:  # noqa: ANN401 - any field
    """Return a row of the list, as it should be."""
    whole = Listed(f"id-{at}", key, f"RE000{at}", JANUARY.last_day, "Müller", eur("5950.00"), f"link-{at}")
    return replace(whole, **parts)


def reconciled(*rows: Listed, cloud: ListedCloud | None = None, records: Records | None = None) -> Reconciled:
    """Return what is found with these rows in the sink."""
    cloud = cloud or ListedCloud()
    cloud.rows = list(rows)
    keys = frozenset({"k-1", "k-2", "k-3"})
    return Reconciler(records or Records(), cloud, "cloud", keys).reconcile(JANUARY.start)


def codes(found: Reconciled) -> list[str]:
    """Return what does not agree."""
    return [problem.code for problem in found.problems]


def test_both_sides_agree() -> None:
    """A number that is only there is none of ours to compare."""
    assert isinstance(ListedCloud(), ReconcilableSink)
    assert not isinstance(Cloud(), ReconcilableSink)
    assert reconciled(row(1), row(2)) == Reconciled(2, 2, ())


def test_what_is_gone_is_missing() -> None:
    """With what it was, and where."""
    found = reconciled(row(1))
    assert codes(found) == ["MissingInSink"]
    assert found.problems[0].place == "document E_0002 of website"
    assert found.problems[0].message == "cloud took it as id-2, and does not have it any more"


@pytest.mark.parametrize(("adds", "expected"), [("0.00", []), ("0.01", ["DeliveredDifferently"])])
def test_what_moved_to_another_day_is_read_and_compared(adds: str, expected: list[str]) -> None:
    """A person may change the date of a draft."""
    assert codes(reconciled(row(1), cloud=ListedCloud(moved={"id-2"}, adds=adds))) == expected


def test_what_was_issued_before_is_not_missing() -> None:
    """Only the days asked for are compared."""
    later = Reconciler(Records(), ListedCloud(first=date(2026, 2, 1)), "cloud", frozenset())
    assert later.reconcile(date(2026, 2, 1)) == Reconciled(0, 0, ())


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"gross": eur("5950.01")}, "gross 5950.00 EUR here, 5950.01 EUR there"),
        ({"number": "RE0009"}, "number RE0001 here, RE0009 there"),
        ({"cancelled": True}, "accepted here, cancelled there"),
    ],
)
def test_what_differs_is_told_with_both_sides(parts: dict[str, object], message: str) -> None:
    """And where it is to be seen."""
    (problem,) = reconciled(row(1, **parts), row(2)).problems
    assert (problem.code, problem.message) == ("DifferentInSink", message)
    assert problem.place == "document RE0001 of website, link-1"


def test_what_is_cancelled_on_both_sides_agrees() -> None:
    """Whoever did it first."""
    records = Records()
    records.states["k-1"] = S.CANCELLED
    assert codes(reconciled(row(1, cancelled=True), row(2), records=records)) == []


def test_a_copy_with_our_key_is_double() -> None:
    """A person may have copied it there."""
    (problem,) = reconciled(row(1), row(2), row(4, "k-1")).problems
    assert (problem.code, problem.holds) == ("DoubleInSink", True)
    assert problem.message == "it is there a second time, as RE0004 over 5950.00 EUR"


def test_what_is_there_without_a_receipt_is_told() -> None:
    """Its delivery is unknown here, or the store is an old copy."""
    (problem,) = reconciled(row(1), row(2), row(3, "k-3")).problems
    assert (problem.code, problem.place) == ("NotRecorded", "document E_0002 of website, link-3")


@pytest.mark.parametrize("key", ["", "f" * 32])
def test_what_we_do_not_know_is_a_notice(key: str) -> None:
    """It may have been written there by hand, or by another tenant."""
    (problem,) = reconciled(row(1), row(2), row(5, key, customer="", number="")).problems
    assert (problem.code, problem.holds, problem.place) == ("UnknownInSink", False, "cloud: id-5")
    assert problem.message == "5950.00 EUR to nobody named of 2026-01-31 was not made by Honorar"
