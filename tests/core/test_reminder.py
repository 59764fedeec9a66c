from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.dunning import Debtor, Procedure, Reminded
from connector.core.interest import Balance
from connector.core.money import Money
from connector.core.party import Party
from connector.core.problems import Problem
from connector.core.receivables import OpenItem
from connector.core.reminder import LUMP_SUM, Reminder, Reminding, make_reminder
from tests.core.builders import eur, party
from tests.core.procedures import item, level, procedure

ON = date(2026, 3, 31)
FULL = level(2, fee=eur(5), interest=True)
UNNAMED = party(vat_id="")
CONSUMER = party(vat_id="", is_business=False)


def case(customer: Party | None = None, document: OpenItem | None = None, **reminded: Any) -> Reminding:  # noqa: ANN401 - any field
    """Return an open item of a business that was never paid in part."""
    document = document or item()
    balances = (Balance(document.issue_date, document.gross),)
    return Reminding(document, customer or party(), balances, Reminded(**reminded))


def made(found: Reminder | Problem) -> Reminder:
    """Return the reminder; it must be one."""
    assert isinstance(found, Reminder)
    return found


def problem(found: Reminder | Problem) -> Problem:
    """Return the problem; it must be one."""
    assert isinstance(found, Problem)
    return found


def levels(*, lump_sum: bool = False, **changes: Any) -> Procedure:  # noqa: ANN401 - any field
    """Return a procedure whose second level asks for fee and interest, and for the lump sum where wished."""
    return procedure(level(1), replace(FULL, lump_sum=lump_sum), level(3), **changes)


def test_the_first_reminder_asks_for_what_is_open() -> None:
    """With the day to pay by, in the customer's language."""
    reminder = made(make_reminder(case(party(language="en")), level(), procedure(), ON))
    assert (reminder.number, reminder.level, reminder.name) == ("RE0001", 1, "Reminder 1")
    assert (reminder.on, reminder.pay_by) == (ON, date(2026, 4, 7))
    assert (reminder.open, reminder.total, reminder.interest) == (eur("9916.66"), eur("9916.66"), ())
    assert reminder.place == "document RE0001 of website"


def test_fee_and_interest_are_added() -> None:
    """45 days from 15 February at 1.27 + 9 %: 9,916.66 × 0.1027 × 45 ÷ 365 = 125.56, and 5.00 fee."""
    reminder = made(make_reminder(case(), levels().levels[1], levels(), ON))
    assert [(each.period.days, each.interest) for each in reminder.interest] == [(45, eur("125.56"))]
    assert (reminder.fee, reminder.lump_sum, reminder.total) == (eur(5), eur(0), eur("10047.22"))


def test_a_consumer_pays_less_interest_and_no_lump_sum() -> None:
    """1.27 + 5 %: 9,916.66 × 0.0627 × 45 ÷ 365 = 76.66; the fee stays."""
    reminder = made(make_reminder(case(CONSUMER), levels(lump_sum=True).levels[1], levels(lump_sum=True), ON))
    assert (reminder.interest_sum, reminder.lump_sum, reminder.fee) == (eur("76.66"), eur(0), eur(5))


def test_the_lump_sum_is_asked_for_once() -> None:
    """From the level that has it on, always as the same 40.00; the fee is set off against it."""
    asked = levels(lump_sum=True)
    found = [made(make_reminder(case(), each, asked, ON)) for each in asked.levels]
    assert [each.lump_sum for each in found] == [eur(0), LUMP_SUM, LUMP_SUM]
    assert [each.fee for each in found] == [eur(0)] * 3
    dear = procedure(level(1, fee=eur("45.50"), lump_sum=True))
    assert made(make_reminder(case(), dear.levels[0], dear, ON)).fee == eur("5.50")


@pytest.mark.parametrize("wish", ["interest", "lump_sum", "fee"])
def test_who_is_a_business_is_asked_where_it_matters(wish: str) -> None:
    """And told what to do; a plain reminder does not need to know, nor a fee after an agreed due date."""
    stated = procedure(level(1, **{wish: eur(5) if wish == "fee" else True}), agreed=False)
    found = problem(make_reminder(case(UNNAMED), stated.levels[0], stated, ON))
    assert (found.code, found.place) == ("DebtorKindUnknown", "document RE0001 of website")
    assert "customer K1" in found.message
    assert made(make_reminder(case(UNNAMED), level(), procedure(), ON)).fee == eur(0)
    assert made(make_reminder(case(UNNAMED), level(fee=eur(5)), procedure(), ON)).fee == eur(5)


def test_a_setting_may_answer_it() -> None:
    """Whom nothing names is a business then."""
    answered = levels(unnamed=Debtor.BUSINESS)
    assert made(make_reminder(case(UNNAMED), answered.levels[1], answered, ON)).interest_sum == eur("125.56")


def test_before_default_nothing_is_added() -> None:
    """Due dates that are only stated, and no reminder yet: the first one begins the default, and costs nothing."""
    stated = procedure(level(1, fee=eur(5), interest=True, lump_sum=True), agreed=False, consumers_told=False)
    early = date(2026, 3, 1)
    assert made(make_reminder(case(), stated.levels[0], stated, early)).total == eur("9916.66")
    assert made(make_reminder(case(CONSUMER), stated.levels[0], stated, ON)).total == eur("9916.66")
    reminded = made(make_reminder(case(CONSUMER, first_on=early), stated.levels[0], stated, ON))
    assert (reminded.fee, [each.period.start for each in reminded.interest]) == (eur(5), [date(2026, 3, 2)])


def test_an_unknown_base_rate_is_a_problem() -> None:
    """With the line to add."""
    found = problem(make_reminder(case(), levels().levels[1], levels(), date(2027, 2, 1)))
    assert (found.code, found.agreement) == ("BaseRateUnknown", "website")
    assert found.message == "the base rate from 2027-01-01 on is not known"
    assert 'from = 2027-01-01 and percent = "…"' in found.hint


@pytest.mark.parametrize("wish", [{"fee": eur(5)}, {"lump_sum": True}])
def test_amounts_in_euros_do_not_go_with_another_currency(wish: dict[str, Any]) -> None:
    """Interest does, and a plain reminder."""
    francs = item(open=Money.exactly(100, "CHF"), gross=Money.exactly(100, "CHF"))
    asked = procedure(level(1, **wish))
    assert problem(make_reminder(case(None, francs), asked.levels[0], asked, ON)).code == "ReminderOtherCurrency"
    plain = procedure(level(1, interest=True))
    reminder = made(make_reminder(case(None, francs), plain.levels[0], plain, ON))
    assert (str(reminder.fee), str(reminder.total)) == ("0.00 CHF", "101.27 CHF")
