"""Shares out of the progress of tasks, units out of deliveries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from connector.core.problems import Severity
from connector.core.readings import Reading, ReadingScope
from tests.sources.tryton_standin import StandIn, line, told
from tests.support.found import good, problems

END = date(2026, 3, 31)


def sold(progress: Any, *further: Any, changed: datetime | None = None) -> StandIn:  # noqa: ANN401 - any values
    """Return a stand-in with a position whose tasks are so far."""
    standin = StandIn()
    standin.sale("S-1", line("Konzept"))
    standin.rows["project.work"][-1] |= {"progress": progress, "write_date": told(changed)}
    for number, each in enumerate(further):
        standin.work(f"Weiter {number}", f"W-{number}", parent=1, origin="sale.line,1", progress=each)
    return standin


def readings(standin: StandIn, as_of: date = END, **settings: Any) -> list[Any]:  # noqa: ANN401 - settings as a configuration has them
    """Return what is told of progress."""
    return list(standin.source(**settings).readings(as_of))


@pytest.mark.parametrize(
    ("tasks", "share", "written"),
    [
        ([Decimal("0.33")], Fraction(33, 100), "33 %"),
        ([1], Fraction(1), "100 %"),
        ([0], Fraction(0), "0 %"),
        ([1, None, None], Fraction(1, 3), "1/3"),
        ([Decimal("0.5"), Decimal("0.25")], Fraction(3, 8), "37.5 %"),
        ([Decimal("0.3333333333333333")], Fraction(3333333333333333, 10**16), "3333333333333333/10000000000000000"),
    ],
)
def test_a_share_is_the_mean_of_the_tasks(tasks: list[Any], share: Fraction, written: str) -> None:
    """As Tryton counts, but exact: every task counts alike, one that says nothing is not begun."""
    [reading] = good(readings(sold(*tasks)))

    origin = "tryton: sale S-1 line 1"
    assert reading == Reading("P-1", ReadingScope.POSITION, "S-1/1", date(2026, 1, 2), reading.share, origin=origin)
    assert (reading.share.value, reading.share.written) == (share, written)


def test_tasks_that_say_nothing_tell_no_share() -> None:
    """A ledger laid over it may."""
    assert readings(sold(None, None)) == []


def test_a_share_is_dated_to_the_last_change() -> None:
    """The local day of it: half past eleven in the evening in UTC is the next day in Berlin."""
    [reading] = good(readings(sold(1, changed=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))))

    assert reading.on == date(2026, 3, 10)


def test_a_share_of_a_later_day_is_not_told() -> None:
    """Tryton keeps no history of it, and the notice says so."""
    standin = sold(1, changed=datetime(2026, 4, 1, 12, 0, tzinfo=UTC))

    [notice] = readings(standin)
    assert (notice.code, notice.place, notice.severity) == (
        "ProgressNotDated",
        "tryton: sale S-1 line 1",
        Severity.NOTICE,
    )
    assert len(good(readings(standin, date(2026, 4, 1)))) == 1


@pytest.mark.parametrize("progress", [Decimal("1.5"), Decimal("-0.1"), 100])
def test_a_progress_that_is_none_is_told(progress: object) -> None:
    """A module that counts in percent would bill a hundredfold."""
    [problem] = readings(sold(progress))

    assert (problem.code, problem.place) == ("BadReading", "tryton: sale S-1 line 1")


def test_progress_may_be_kept_elsewhere() -> None:
    """Then tasks are not looked at."""
    assert readings(sold(1), progress="none") == []


def delivered(*moves: tuple[str, str], **values: Any) -> StandIn:  # noqa: ANN401 - any values
    """Return a stand-in with a line of which so much was delivered on these days."""
    standin = StandIn()
    standin.sale("S-1", line("Flyer", "2.5", "1000"))
    for quantity, day in moves:
        standin.move(1, quantity, day, **values)
    return standin


def test_deliveries_add_up_day_by_day() -> None:
    """Each day tells what was delivered so far, in the order of days; what is planned or cancelled was not."""
    standin = delivered(("200.0", "2026-02-10"), ("100.0", "2026-01-20"), ("50.5", "2026-02-10"))
    standin.move(1, "700", "2026-02-11", state="draft")

    origin = "tryton: sale S-1 line 1"
    told_readings = good(readings(standin))
    assert told_readings == [
        Reading("P-1", ReadingScope.POSITION, "S-1/1", date(2026, 1, 20), units=Decimal(100), origin=origin),
        Reading("P-1", ReadingScope.POSITION, "S-1/1", date(2026, 2, 10), units=Decimal("350.5"), origin=origin),
    ]
    assert [str(each.units) for each in told_readings] == ["100", "350.5"]


def test_deliveries_after_the_day_are_not_told() -> None:
    """A plan for a day sees what was known on it."""
    assert [each.on for each in good(readings(delivered(("1", "2026-03-31"), ("1", "2026-04-01"))))] == [END]


def test_deliveries_of_nothing_that_is_read() -> None:
    """Of a sale that is no offer here, or moved for another reason."""
    standin = delivered()
    standin.move(77, "1", "2026-02-10")
    standin.move(1, "1", "2026-02-10", origin="stock.move,1")

    assert readings(standin) == []


def test_a_delivery_in_another_unit_is_told() -> None:
    """Kilograms are no pieces, nor anything this reads."""
    standin = delivered(("1", "2026-02-10"), unit={"id": 9, "symbol": "h"})
    standin.move(1, "1", "2026-02-11", unit={"id": 2, "symbol": "kg"})

    found = problems(readings(standin))
    assert [(each.code, each.place) for each in found] == [
        ("BadReading", "tryton: move #1"),
        ("BadReading", "tryton: move #2"),
    ]


def test_a_delivery_that_is_not_as_tryton_has_it() -> None:
    """The others are counted."""
    standin = delivered(("1", "2026-02-10"), ("1", "2026-02-11"))
    standin.rows["stock.move"][0]["quantity"] = None

    found = readings(standin)
    assert [(each.code, each.place) for each in problems(found)] == [("UnreadableRecord", "tryton: move #1")]
    assert [each.on for each in found if isinstance(each, Reading)] == [date(2026, 2, 11)]


def test_deliveries_may_be_counted_elsewhere() -> None:
    """Then the right to see them is not needed."""
    standin = delivered(("1", "2026-02-10"))
    standin.forbidden.add("stock.move")

    assert readings(standin, units_by="none") == []
