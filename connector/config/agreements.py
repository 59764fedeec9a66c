"""agreements.toml: what was agreed with each customer, as models, and their translation to values of the core."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date as Day  # noqa: N812 -- `date` is a key of the file
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from connector.calendars import PublicHolidays
from connector.config.agreement_table import AgreementTable, Currency
from connector.config.faults import Fault
from connector.config.materials import MaterialsAgreement
from connector.config.retainer import RetainerAgreement
from connector.core.agreement import (
    Agreement,
    Closing,
    DayCount,
    DecreaseRule,
    FinalShape,
    Instalment,
    Instalments,
    OverRule,
    ProgressMode,
    ProgressTerms,
    ScheduleTerms,
    UnpaidRule,
)
from connector.core.money import Money
from connector.mapping.fields import Exact, ListOf, Named, Table, Text

State = Literal["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]
"""The German states (ISO 3166-2:DE)."""

Mode = Annotated[ProgressMode, Named]


class PositionsAgreement(AgreementTable):
    """An agreement that bills the positions of offers."""

    offers: Annotated[tuple[Text, ...], ListOf] = ()
    """Ids of the offers it covers; none means all accepted offers of the project."""
    instalments: Annotated[Instalments, Named]
    """What a document bills: a finished part ("partial_supply", Teilleistung: VAT due with the supply), or money ahead
    of the whole ("down_payment", Abschlag: VAT due when paid; a final invoice follows)."""
    final: Annotated[FinalShape | None, Named] = None
    """How the final invoice deducts down payments: "remainder" (default: negative lines) or "full" (as prepaid)."""
    unpaid: Annotated[UnpaidRule | None, Named] = None
    """What becomes of down payments not paid by then: "ask" (default: the final invoice waits) or "leave_open"."""

    def misfits(self) -> Iterator[Fault]:
        """Yield what only down payments have."""
        yield from super().misfits()
        if self.instalments is Instalments.PARTIAL_SUPPLY:
            hint = 'leave it out, or set instalments = "down_payment"'
            for key in ("final", "unpaid"):
                if getattr(self, key) is not None:
                    message = "there is no final invoice for partial supplies"
                    yield Fault("ConfigWrongValue", (key,), message, hint)

    @property
    def closing(self) -> Closing:
        """Return how the documents relate to the last one."""
        return Closing(self.instalments, self.final or FinalShape.REMAINDER, self.unpaid or UnpaidRule.ASK)


class ProgressAgreement(PositionsAgreement):
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
            holidays=PublicHolidays(self.state) if self.state else frozenset(),
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


class ScheduleAgreement(PositionsAgreement):
    """An agreement billed in fixed instalments."""

    kind: Literal["schedule"]
    """Billed in fixed instalments."""
    instalment: Annotated[tuple[InstalmentTable, ...], ListOf, Field(min_length=1)]
    """The instalments in order of their days; together they are the total, and the last takes the cents."""
    currency: Currency = "EUR"
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


AnyAgreement = Annotated[
    ProgressAgreement | ScheduleAgreement | RetainerAgreement | MaterialsAgreement, Field(discriminator="kind")
]
"""Every kind of agreement, told apart by `kind`."""


class AgreementsTables(Table):
    """All of agreements.toml."""

    agreement: Annotated[tuple[AnyAgreement, ...], ListOf] = ()
    """The agreements."""


def _agreement(table: PositionsAgreement, terms: ProgressTerms | ScheduleTerms, place: str) -> Agreement:
    return Agreement(
        id=table.id,
        customer=table.customer,
        project=table.project,
        terms=terms,
        offers=table.offers,
        payment_days=table.payment_days,
        place=place,
        closing=table.closing,
    )
