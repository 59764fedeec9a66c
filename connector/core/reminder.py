"""One reminder of one document: what it asks for, each part with its reason (domain 10.2-10.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from connector.core.dunning import Debtor, Level, Procedure, Reminded, debtor_of, default_start
from connector.core.interest import (
    BUSINESS_POINTS,
    CONSUMER_POINTS,
    Balance,
    Stretch,
    UnknownBaseRateError,
    stretches,
)
from connector.core.money import Money
from connector.core.party import Party
from connector.core.period import Period
from connector.core.problems import Problem
from connector.core.receivables import OpenItem

LUMP_SUM = Money.exactly(40, "EUR")
"""What a business in default owes once per claim (§ 288 Abs. 5 BGB); the cost of reminding is set off against it."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a level asks for on a day; `fee` and `lump_sum` are zero where it has none.

    `number` is that of the document, `language` the customer's, `text` is ready to be read.
    """

    key: str
    number: str
    agreement: str
    customer: str
    level: int
    name: str
    on: date
    pay_by: date
    due_date: date
    open: Money
    fee: Money
    lump_sum: Money
    interest: tuple[Stretch, ...] = ()
    language: str = "de"
    text: str = ""

    @property
    def interest_sum(self) -> Money:
        """Return the interest of all stretches, each rounded."""
        return Money.total((each.interest for each in self.interest), self.open.currency)

    @property
    def total(self) -> Money:
        """Return all that is asked for."""
        return self.open + self.fee + self.lump_sum + self.interest_sum

    @property
    def place(self) -> str:
        """Return how messages name it."""
        return f"document {self.number} of {self.agreement}"


@dataclass(frozen=True, slots=True)
class Reminding:
    """What a reminder is made from: the open item, its customer, what was open since when, how far it was reminded."""

    item: OpenItem
    customer: Party
    balances: tuple[Balance, ...]
    reminded: Reminded

    @property
    def place(self) -> str:
        """Return how messages name the document."""
        return f"document {self.item.number} of {self.item.agreement}"


def make_reminder(case: Reminding, level: Level, procedure: Procedure, on: date) -> Reminder | Problem:
    """Return the reminder of the level on the day, without its text; or what must be decided before.

    Fee, lump sum and interest are owed in default alone.
    """
    debtor = debtor_of(case.customer, procedure.unnamed)
    if problem := _undecided(case, level, procedure, debtor):
        return problem
    start = default_start(case.item, procedure, debtor or Debtor.BUSINESS, case.reminded.first_on)
    plain = _plain(case, level, on)
    if start is None or start > on:
        return plain
    lump_sum = LUMP_SUM if debtor is Debtor.BUSINESS and procedure.lump_sum_at(level) else plain.lump_sum
    fee = _beyond(level.fee, lump_sum) if level.fee else plain.fee
    if not level.interest:
        return replace(plain, fee=fee, lump_sum=lump_sum)
    points = BUSINESS_POINTS if debtor is Debtor.BUSINESS else CONSUMER_POINTS
    try:
        interest = stretches(case.balances, Period.inclusive(start, on), points, procedure.rates)
    except UnknownBaseRateError as error:
        hint = f'add it to dunning.toml: [[base_rate]] with from = {error.half_year} and percent = "…" (Bundesbank)'
        return _problem("BaseRateUnknown", case, str(error), hint)
    return replace(plain, fee=fee, lump_sum=lump_sum, interest=interest)


def _undecided(case: Reminding, level: Level, procedure: Procedure, debtor: Debtor | None) -> Problem | None:
    wants_lump_sum, currency = procedure.lump_sum_at(level), case.item.open.currency
    if (level.fee or wants_lump_sum) and currency != LUMP_SUM.currency:
        message = f"fee and lump sum are in {LUMP_SUM.currency}, the document is in {currency}"
        return _problem("ReminderOtherCurrency", case, message, "remind of it by hand; then: honorar reminded")
    depends = level.interest or wants_lump_sum or (level.fee and not procedure.agreed)
    if debtor is None and depends:
        message = f"nothing tells whether customer {case.customer.id} is a business or a consumer"
        hint = 'give it a VAT id or name it a consumer in the project tool, or set unnamed_customers = "business"'
        return _problem("DebtorKindUnknown", case, message, hint)
    return None


def _plain(case: Reminding, level: Level, on: date) -> Reminder:
    """Return the reminder that asks for what is open, and nothing else."""
    item, nothing, language = case.item, Money.zero(case.item.open.currency), case.customer.language
    return Reminder(
        key=item.key,
        number=item.number,
        agreement=item.agreement,
        customer=item.customer,
        level=level.number,
        name=level.names[language],
        on=on,
        pay_by=on + timedelta(days=level.pay_within),
        due_date=item.due_date,
        open=item.open,
        fee=nothing,
        lump_sum=nothing,
        language=language,
    )


def _beyond(fee: Money, lump_sum: Money) -> Money:
    """Return what the fee exceeds the lump sum by, against which it is set off (§ 288 Abs. 5 Satz 3 BGB)."""
    return fee - lump_sum if fee.amount > lump_sum.amount else Money.zero(fee.currency)


def _problem(code: str, case: Reminding, message: str, hint: str) -> Problem:
    return Problem(code, message, case.place, hint, agreement=case.item.agreement)
