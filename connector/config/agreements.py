"""agreements.toml: what was agreed with each customer, as models, and their translation to values of the core."""

from __future__ import annotations

from collections.abc import Container
from datetime import date as Day  # noqa: N812 -- `date` is a key of the file
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from connector.core.agreement import (
    Agreement,
    DayCount,
    DecreaseRule,
    Instalment,
    OverRule,
    ProgressMode,
    ProgressTerms,
    ScheduleTerms,
)
from connector.core.money import Money, minor_digits
from connector.mapping.fields import Exact, ListOf, Named, Table, Text

State = Literal["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]
"""The German states (ISO 3166-2:DE)."""

Mode = Annotated[ProgressMode, Named]


def _supported(instalments: object) -> object:
    if instalments == "down_payment":
        message = "down payments (Abschlagszahlungen, VAT due when paid) are not supported yet"
        raise ValueError(message)
    return instalments


def _known_currency(currency: str) -> str:
    minor_digits(currency)
    return currency


class AgreementTable(Table):
    """What every agreement has."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
    """Its name: letters, digits, - _ and . Part of every document's key: never change it."""
    customer: Text
    """Id of the customer in the project tool."""
    project: Text
    """Id of the project; its subprojects belong to it."""
    offers: Annotated[tuple[Text, ...], ListOf] = ()
    """Ids of the offers it covers; none means all accepted offers of the project."""
    payment_days: Annotated[int, Field(ge=0, le=365)] | None = None
    """Days to the due date; left out: the customer's, else the tenant's default."""
    instalments: Annotated[Literal["partial_supply"], BeforeValidator(_supported)]
    """Whether each document bills a finished part ("partial_supply", Teilleistung: VAT due with the supply)."""


class ProgressAgreement(AgreementTable):
    """An agreement billed by the progress of its positions."""

    kind: Literal["progress"]
    """Billed by progress."""
    progress: Mode
    """Where progress comes from: manual, dates, effort or units."""
    progress_by_category: dict[str, Mode] = Field(default_factory=dict)
    """The same for single categories: { "Maintenance" = "dates" }."""
    progress_by_position: dict[str, Mode] = Field(default_factory=dict)
    """The same for single positions, as offer/position: { "A-1/3" = "units" }."""
    differentiate: bool = True
    """Whether each position has its own share; false: the project's share holds for all."""
    days: Annotated[DayCount, Named] = DayCount.CALENDAR
    """Which days count in mode dates: calendar or working."""
    state: State | None = None
    """The German state whose public holidays are no working days; required for days = "working"."""
    hours_per_day: Annotated[Exact, Field(gt=0, le=24)] | None = None
    """Hours of a day, for effort on positions counted in days."""
    over: Annotated[OverRule, Named] = OverRule.CAP
    """What a share above 1 does: cap (and report) or bill."""
    on_decrease: Annotated[DecreaseRule, Named] = DecreaseRule.HOLD
    """What a share below the billed one does: hold or credit."""
    show_unchanged: bool = False
    """Whether positions with nothing due stand on the document."""

    @model_validator(mode="after")
    def _holidays_are_known(self) -> Self:
        if self.days is DayCount.WORKING and self.state is None:
            message = 'days = "working" needs the state whose public holidays count, such as state = "BY"'
            raise ValueError(message)
        if self.days is DayCount.CALENDAR and self.state is not None:
            message = 'state has no effect without days = "working"'
            raise ValueError(message)
        return self

    def agreement(self, place: str) -> Agreement:
        """Return the agreement as a value of the core; `place` is its file and line."""
        terms = ProgressTerms(
            mode=self.progress,
            mode_by_category=self.progress_by_category,
            mode_by_position=self.progress_by_position,
            differentiate=self.differentiate,
            day_count=self.days,
            holidays=_holidays(self.state),
            hours_per_day=self.hours_per_day,
            over=self.over,
            on_decrease=self.on_decrease,
            show_unchanged=self.show_unchanged,
        )
        return _agreement(self, terms, place)


class InstalmentTable(Table):
    """One instalment of a schedule."""

    date: Day
    """Day it is due to be invoiced, such as 2026-01-31."""
    text: Text
    """What stands on the line."""
    amount: Exact | None = None
    """Net amount."""
    percent: Annotated[Exact, Field(gt=0, le=100)] | None = None
    """Part of the total, in percent."""

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if (self.amount is None) == (self.percent is None):
            message = "give either amount or percent"
            raise ValueError(message)
        return self


class ScheduleAgreement(AgreementTable):
    """An agreement billed in fixed instalments."""

    kind: Literal["schedule"]
    """Billed in fixed instalments."""
    instalment: Annotated[tuple[InstalmentTable, ...], ListOf, Field(min_length=1)]
    """The instalments in order of their days; together they are the total, and the last takes the cents."""
    currency: Annotated[str, AfterValidator(_known_currency)] = "EUR"
    """Currency of the amounts."""
    list_positions: bool = False
    """Whether the positions are listed on the document, without amounts."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        days = [instalment.date for instalment in self.instalment]
        if days != sorted(days):
            message = "instalments stand in the order of their days"
            raise ValueError(message)
        percents = [each.percent for each in self.instalment if each.percent is not None]
        if len(percents) == len(days) and sum(percents) != Decimal(100):
            message = f"the instalments add up to {sum(percents)} %, not to 100 %"
            raise ValueError(message)
        for each in self.instalment:
            if each.amount is not None:
                Money.exactly(each.amount, self.currency)
        return self

    def agreement(self, place: str) -> Agreement:
        """Return the agreement as a value of the core; `place` is its file and line."""
        instalments = tuple(self._instalment(each) for each in self.instalment)
        return _agreement(self, ScheduleTerms(instalments, self.list_positions), place)

    def _instalment(self, table: InstalmentTable) -> Instalment:
        amount = None if table.amount is None else Money.exactly(table.amount, self.currency)
        part = None if table.percent is None else Fraction(table.percent) / 100
        return Instalment(table.date, table.text, amount, part)


AnyAgreement = Annotated[ProgressAgreement | ScheduleAgreement, Field(discriminator="kind")]
"""Every kind of agreement, told apart by `kind`."""


class AgreementsTables(Table):
    """All of agreements.toml."""

    agreement: Annotated[tuple[AnyAgreement, ...], ListOf] = ()
    """The agreements."""


def _holidays(state: str | None) -> Container[Day]:
    if state is None:
        return frozenset()
    # The library takes longer to import than all the rest; most tenants count calendar days.
    from connector.calendars import public_holidays  # noqa: PLC0415 -- imported where it is needed

    return public_holidays(state)


def _agreement(table: AgreementTable, terms: ProgressTerms | ScheduleTerms, place: str) -> Agreement:
    return Agreement(
        id=table.id,
        customer=table.customer,
        project=table.project,
        terms=terms,
        offers=table.offers,
        payment_days=table.payment_days,
        place=place,
    )
