from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.base_rates import BASE_RATES
from connector.core.interest import (
    BUSINESS_POINTS,
    CONSUMER_POINTS,
    Balance,
    Stretch,
    UnknownBaseRateError,
    balances_of,
    stretches,
)
from connector.core.money import Money
from connector.core.payment import PaymentReading, PaymentState, PaymentStatus
from connector.core.period import Period
from tests.core.builders import eur

ISSUED = date(2026, 1, 31)
CENT = Fraction(1, 200)
FIRST, LAST = min(BASE_RATES), date(2026, 12, 31)


def told(open_amount: str, read_on: date, paid_on: date | None = None) -> tuple[date, PaymentReading]:
    """Return a reading of the sink of a document over 9,916.66."""
    amount = eur(open_amount)
    state = PaymentState.PAID if not amount else PaymentState.PART_PAID
    state = PaymentState.OPEN if amount == eur("9916.66") else state
    return read_on, PaymentReading(PaymentStatus("k", state, amount, paid_on), "cloud")


def test_a_part_payment_and_a_change_of_the_base_rate_split_the_interest() -> None:
    """9,916.66 due 14 June, 4,000.00 paid 20 July, asked on 31 August, by a business: reckoned by hand.

    | from | to | days | open | rate | interest |
    | 15 June | 30 June | 16 | 9,916.66 | 1.27 + 9 = 10.27 % | 9,916.66 × 0.1027 × 16 ÷ 365 = 44.643… |
    | 1 July | 20 July | 20 | 9,916.66 | 1.52 + 9 = 10.52 % | 9,916.66 × 0.1052 × 20 ÷ 365 = 57.163… |
    | 21 July | 31 August | 42 | 5,916.66 | 10.52 % | 5,916.66 × 0.1052 × 42 ÷ 365 = 71.622… |

    Together 173.42.
    """
    balances = [Balance(ISSUED, eur("9916.66")), Balance(date(2026, 7, 21), eur("5916.66"))]
    found = stretches(balances, Period.inclusive(date(2026, 6, 15), date(2026, 8, 31)), BUSINESS_POINTS, BASE_RATES)
    assert [(each.period.start, each.period.days, each.open, each.percent, each.interest) for each in found] == [
        (date(2026, 6, 15), 16, eur("9916.66"), Decimal("10.27"), eur("44.64")),
        (date(2026, 7, 1), 20, eur("9916.66"), Decimal("10.52"), eur("57.16")),
        (date(2026, 7, 21), 42, eur("5916.66"), Decimal("10.52"), eur("71.62")),
    ]


def test_a_consumer_pays_less() -> None:
    """1,000.00 for all of the first half of 2022 at −0.88 + 5 = 4.12 %: 1,000 × 0.0412 × 181 ÷ 365, which is 20.43."""
    (found,) = stretches(
        [Balance(date(2021, 12, 1), eur(1000))],
        Period(date(2022, 1, 1), date(2022, 7, 1)),
        CONSUMER_POINTS,
        BASE_RATES,
    )
    assert (found.percent, found.interest) == (Decimal("4.12"), eur("20.43"))


def test_a_leap_year_has_365_days_too() -> None:
    """1,000.00 for the 366 days of 2024 at 12.62 and 12.37 %: 62.926… + 62.358…, each rounded at its end."""
    whole = Period(date(2024, 1, 1), date(2025, 1, 1))
    found = stretches([Balance(date(2023, 1, 1), eur(1000))], whole, BUSINESS_POINTS, BASE_RATES)
    assert [each.period.days for each in found] == [182, 184]
    assert [each.interest for each in found] == [eur("62.93"), eur("62.36")]


def test_a_half_year_that_changes_nothing_does_not_split() -> None:
    """The base rate of January 2026 is that of July 2025: one stretch, rounded once."""
    across = Period(date(2025, 12, 1), date(2026, 2, 1))
    (found,) = stretches([Balance(date(2025, 1, 1), eur(100))], across, BUSINESS_POINTS, BASE_RATES)
    assert found.period == across


def test_days_on_which_nothing_is_open_bear_nothing() -> None:
    """Overpaid, and taken back by the bank a month later."""
    balances = [
        Balance(date(2025, 1, 1), eur(100)),
        Balance(date(2025, 8, 1), eur(-1)),
        Balance(date(2025, 9, 1), eur(100)),
    ]
    period = Period(date(2025, 7, 20), date(2025, 9, 11))
    found = stretches(balances, period, BUSINESS_POINTS, BASE_RATES)
    assert [each.period for each in found] == [
        Period(date(2025, 7, 20), date(2025, 8, 1)),
        Period(date(2025, 9, 1), date(2025, 9, 11)),
    ]


@pytest.mark.parametrize("last", [date(2027, 1, 1), date(2027, 8, 1)])
def test_an_unknown_half_year_is_never_guessed(last: date) -> None:
    """One day in it is enough, and the day is named."""
    period = Period.inclusive(date(2026, 12, 1), last)
    with pytest.raises(UnknownBaseRateError, match="the base rate from 2027-01-01 on is not known"):
        stretches([Balance(ISSUED, eur(100))], period, BUSINESS_POINTS, BASE_RATES)


def test_half_a_cent_is_rounded_up() -> None:
    """0.5 cents: 18.25 × 10 % × 1 day ÷ 365 = 0.005."""
    one_day = Stretch(Period.inclusive(ISSUED, ISSUED), eur("18.25"), Decimal(1), BUSINESS_POINTS)
    assert one_day.interest == eur("0.01")


DAYS = st.dates(FIRST, LAST)
AMOUNTS = st.integers(1, 10_000_000).map(lambda cents: Money.of(cents, "EUR", Fraction(1, 100)))


@st.composite
def debts(draw: st.DrawFn) -> tuple[list[Balance], Period]:
    """Draw what was open since when, paid in parts, and the days of default."""
    days = sorted(draw(st.lists(DAYS, min_size=2, max_size=2, unique=True)))
    amount = draw(AMOUNTS)
    balances = [Balance(FIRST, amount)]
    for on in sorted(draw(st.lists(DAYS, max_size=3, unique=True))):
        amount = Money.of(draw(st.integers(0, int(amount.amount * 100))), "EUR", Fraction(1, 100))
        balances.append(Balance(on, amount))
    return balances, Period(*days)


@given(debts(), st.sampled_from([BUSINESS_POINTS, CONSUMER_POINTS]))
def test_stretches_come_to_what_the_rule_says(debt: tuple[list[Balance], Period], points: Decimal) -> None:
    """Reckoned day by day: every day once, at its rate and amount; each stretch off by half a cent at most."""
    balances, period = debt
    found = stretches(balances, period, points, BASE_RATES)
    exact, days = Fraction(0), 0
    for number in range(period.days):
        day = period.start + timedelta(days=number)
        still_open = next(each.open for each in reversed(balances) if each.since <= day)
        rate = next(percent for since, percent in reversed(list(BASE_RATES.items())) if since <= day) + points
        exact += Fraction(still_open.amount) * Fraction(rate) / 36500
        days += bool(still_open)
    total = Fraction(sum((each.interest.amount for each in found), Decimal(0)))
    assert sum(each.period.days for each in found) == days
    assert abs(total - exact) <= CENT * len(found)


@given(debts(), AMOUNTS)
def test_a_payment_never_makes_it_more(debt: tuple[list[Balance], Period], paid: Money) -> None:
    """Whatever is paid, and on whatever day, within the half cents of one more stretch."""
    balances, period = debt
    less = Money.of(max(Decimal(0), balances[-1].open.amount - paid.amount), "EUR")
    later = [*balances, Balance(max(balances[-1].since, period.start), less)]
    before, after = (
        sum(each.interest.amount for each in stretches(every, period, BUSINESS_POINTS, BASE_RATES))
        for every in (balances, later)
    )
    assert after <= before + Decimal("0.005") * (2 + len(BASE_RATES))


def test_balances_follow_the_readings() -> None:
    """The day of a payment counts at what was open before; the day it was read does not matter."""
    readings = [told("9916.66", date(2026, 2, 1)), told("5916.66", date(2026, 7, 22), date(2026, 7, 20))]
    assert balances_of("k", eur("9916.66"), ISSUED, readings) == (
        Balance(ISSUED, eur("9916.66")),
        Balance(date(2026, 7, 21), eur("5916.66")),
    )


def test_a_payment_without_a_day_counts_from_the_reading_before() -> None:
    """That is the earliest it can have come: in doubt for the customer. Never later than it was read."""
    readings = [told("9916.66", date(2026, 7, 1)), told("5916.66", date(2026, 7, 22))]
    assert balances_of("k", eur("9916.66"), ISSUED, readings)[1] == Balance(date(2026, 7, 2), eur("5916.66"))
    assert balances_of("k", eur("9916.66"), ISSUED, readings[1:])[1].since == date(2026, 2, 1)


def test_a_payment_that_bounced_is_open_again_from_the_day_it_was_read() -> None:
    """Not from the day it had come in; changes stand in the order they were told."""
    readings = [told("0", date(2026, 7, 22), date(2026, 7, 20)), told("9916.66", date(2026, 7, 21))]
    assert balances_of("k", eur("9916.66"), ISSUED, readings) == (
        Balance(ISSUED, eur("9916.66")),
        Balance(date(2026, 7, 21), eur(0)),
        Balance(date(2026, 7, 22), eur("9916.66")),
    )


def test_what_a_person_said_counts_too() -> None:
    """Paid by hand, which the sink does not know yet."""
    by_hand = PaymentReading(PaymentStatus("k", PaymentState.PAID, eur(0), date(2026, 7, 20)), who="Anna")
    readings = [(date(2026, 7, 23), by_hand), told("9916.66", datetime(2026, 7, 24, tzinfo=UTC).date())]
    assert balances_of("k", eur("9916.66"), ISSUED, readings)[1:] == (Balance(date(2026, 7, 21), eur(0)),)
