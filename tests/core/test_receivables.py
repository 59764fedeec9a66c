"""Open items by age, and the days customers take."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from connector.core.money import Money
from connector.core.receivables import OpenItem, aging, days_sales_outstanding, receivables, set_off
from tests.core.builders import eur

DAY = date(2026, 6, 30)


def item(open_: str, *, overdue: int = 0, gross: str = "", issued: int = 30, currency: str = "EUR") -> OpenItem:
    """Return a document that was due so many days ago."""
    total, left = (Money.exactly(Decimal(amount), currency) for amount in (gross or open_, open_))
    issue_date, due_date = DAY - timedelta(days=issued), DAY - timedelta(days=overdue)
    return OpenItem("k", "RE-1", "K1", issue_date, due_date, total, left)


def test_a_bucket_ends_on_its_day() -> None:
    """Not due on the due date; 30 days later still in the first bucket, the day after in the second."""
    days = [-5, 0, 1, 30, 31, 60, 61, 90, 91, 400]
    (found,) = aging([item("1.00", overdue=each) for each in days], DAY)
    assert [str(bucket.amount) for bucket in found.buckets] == ["2.00", "2.00", "2.00", "2.00", "2.00"]
    assert found.total == eur("10.00")


def test_currencies_are_not_added() -> None:
    """One row each, in alphabetical order; nothing open is no row."""
    found = aging([item("5.00"), item("7.00", currency="CHF")], DAY)
    assert [(each.currency, str(each.total)) for each in found] == [("CHF", "7.00 CHF"), ("EUR", "5.00 EUR")]
    assert aging([], DAY) == ()


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(-50, 500))))
def test_the_buckets_add_up_to_what_is_open(items: list[tuple[int, int]]) -> None:
    """No cent is in two buckets, or in none."""
    found = aging([item(str(Decimal(cents).scaleb(-2)), overdue=days) for cents, days in items], DAY)
    assert sum((each.total.amount for each in found), Decimal(0)) == Decimal(sum(cents for cents, _ in items)) / 100


def test_days_sales_outstanding_are_open_by_sales_of_the_last_days() -> None:
    """600 open of 900 sold in 90 days are 60 days; older sales count only where they are open."""
    documents = [item("0.00", gross="700.00"), item("200.00"), item("400.00", issued=90, gross="999.00")]
    assert days_sales_outstanding(documents, "EUR", DAY) == Decimal("60.0")


def test_without_sales_there_are_no_days() -> None:
    """Nothing sold, or more credited than sold; another currency does not count."""
    assert days_sales_outstanding([], "EUR", DAY) is None
    assert days_sales_outstanding([item("-5.00")], "EUR", DAY) is None
    assert days_sales_outstanding([item("5.00", currency="CHF")], "EUR", DAY) is None


def test_what_is_issued_later_is_not_known_yet() -> None:
    """A day in the past sees what there was."""
    documents = [item("90.00"), item("500.00", issued=-1)]
    assert days_sales_outstanding(documents, "EUR", DAY) == Decimal("90.0")


def test_a_correction_is_set_off_against_what_it_takes_back() -> None:
    """Nothing is left of both; where a part was paid before, that is owed to the customer."""
    invoice = replace(item("119.00"), cancelled=True)
    correction = replace(item("-119.00"), number="RE-2", corrects="RE-1")
    other = replace(item("5.00"), number="RE-3")
    assert [each.open for each in set_off([invoice, correction, other])] == [eur(0), eur(0), eur("5.00")]
    part_paid = replace(invoice, open=eur("69.00"))
    assert [each.open for each in set_off([part_paid, correction])] == [eur(0), eur("-50.00")]


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6), st.booleans()), max_size=8))
def test_setting_off_loses_no_cent(pairs: list[tuple[int, int, bool]]) -> None:
    """Whatever was paid of what was taken back: all that is open before is open after."""
    items = []
    for number, (gross, paid, taken_back) in enumerate(pairs):
        left = str(Decimal(gross - min(gross, paid)).scaleb(-2))
        items.append(replace(item(left), number=f"RE-{number}", cancelled=taken_back))
        if taken_back:
            minus = str(Decimal(-gross).scaleb(-2))
            items.append(replace(item(minus), number=f"RK-{number}", corrects=f"RE-{number}"))
    after = set_off(items)
    assert Money.total((each.open for each in after), "EUR") == Money.total((each.open for each in items), "EUR")
    assert [each.open for each in after if each.cancelled] == [eur(0)] * sum(back for _, _, back in pairs)


def test_what_was_cancelled_before_it_went_out_is_no_item() -> None:
    """Its number is void; and what corrects nothing that is known stands for itself."""
    assert set_off([replace(item("119.00"), cancelled=True)]) == []
    alone = replace(item("-119.00"), corrects="RE-0")
    assert set_off([alone]) == [alone]


def test_receivables_are_what_is_open_by_due_date() -> None:
    """Settled documents count as sales alone; a currency without sales has no days."""
    documents = [
        replace(item("60.00", overdue=3), number="RE-3"),
        replace(item("30.00", overdue=40), number="RE-2"),
        item("0.00", gross="90.00"),
        item("7.00", issued=200, currency="CHF"),
    ]
    found = receivables(documents, DAY)
    assert [each.number for each in found.items] == ["RE-2", "RE-3", "RE-1"]
    assert [str(each.total) for each in found.aging] == ["7.00 CHF", "90.00 EUR"]
    assert (found.on, found.days_sales_outstanding) == (DAY, {"EUR": Decimal("45.0")})
