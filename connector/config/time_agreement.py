"""What retainers and time and materials have in common: periods, time, prices per hour, and when they end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field

from connector.config.agreement_table import AgreementTable, CheckedTable, Currency
from connector.config.faults import Fault
from connector.config.fields import SpanText
from connector.core.charge import LateRule
from connector.core.cycle import CALENDAR_ANCHOR, BillingCalendar, Cycle
from connector.core.pricing import HourPricing
from connector.core.term_end import Term
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.mapping.fields import ListOf, Named, Table, Text

_DAYS_PER_WEEK = 7


class TimeRoundingTable(Table):
    """How booked time is rounded."""

    step_minutes: Annotated[int, Field(ge=1, le=1440)]
    """Time is rounded to whole multiples of so many minutes."""
    mode: Annotated[RoundingMode, Named]
    """Which way: none, nearest (halves up) or up."""
    per: Annotated[RoundedPer, Named] = RoundedPer.ENTRY
    """What is rounded: an entry, the sum of a day (per person, project, activity, position), or that of a line."""

    def value(self) -> TimeRounding:
        """Return it as a value of the core."""
        return TimeRounding(self.step_minutes, self.mode, self.per)


class TermTable(Table):
    """How long an agreement runs."""

    minimum: SpanText | None = None
    """Minimum term, such as "12 months"; left out: none."""
    notice: SpanText | None = None
    """What lies between a notice and the end it reaches, such as "3 months"; left out: nothing."""
    renewal: SpanText | None = None
    """Tacit renewal, such as "12 months"; left out: it runs on until a notice, which ends it with a period."""
    last_day: date | None = None
    """Last day, whatever else is agreed."""
    notice_given: date | None = None
    """Day on which notice was given."""

    def value(self) -> Term:
        """Return it as a value of the core."""
        return Term(self.minimum, self.notice, self.renewal, self.last_day, self.notice_given)


class TimeAgreement(AgreementTable):
    """An agreement about time, billed period by period."""

    projects: Annotated[tuple[Text, ...], ListOf] = ()
    """Ids of further projects whose time belongs to it; their subprojects do as well."""
    label: Text
    """What stands on the line of the fee, or of work that has no other name."""
    currency: Currency = "EUR"
    """Currency of all its amounts."""
    cycle: Annotated[Cycle, Named] = Cycle.MONTH
    """Length of the periods: week, month, quarter or year."""
    anchor: date | None = None
    """A first day of any period, such as 2026-02-15; left out, and without anchor_day: that of the calendar."""
    anchor_day: Annotated[int, Field(ge=1, le=31)] | None = None
    """Day of the month (of the week: 1 is Monday) on which periods begin, instead of an anchor."""
    service: str = ""
    """What kind of service it is; asked for by the rules of mapping.toml."""
    vat_class: Text = "standard"
    """Its VAT class: standard, reduced, …; asked for by the rules of mapping.toml."""
    late: Annotated[LateRule, Named] = LateRule.CORRECT
    """What a change in a billed period does: correct (lines on the next document) or hold."""
    time_rounding: TimeRoundingTable | None = None
    """How booked time is rounded; left out: not at all."""
    pricing: Literal["printed", "exact"] = "printed"
    """Whether hours are priced as they are printed, or to the second."""
    quantity_decimals: Annotated[int, Field(ge=0, le=4)] | None = None
    """Decimals of printed hours; left out: 2."""
    term: TermTable | None = None
    """How long it runs; left out: without end, notice at any time."""

    def misfits(self) -> Iterator[Fault]:
        """Yield what does not fit in these keys."""
        yield from super().misfits()
        yield from self._anchor_misfits()
        known = {self.project}
        for index, project in enumerate(self.projects):
            if project in known:
                hint = "name each project once; the one under project belongs to it anyway"
                yield Fault("ConfigWrongValue", ("projects", index), f"{project!r} stands twice", hint)
            known.add(project)
        if self.pricing == "exact" and self.quantity_decimals is not None:
            message = 'quantity_decimals has no effect with pricing = "exact"'
            yield Fault("ConfigWrongValue", ("quantity_decimals",), message, "leave it out: the text shows the hours")

    def span_misfits(self, table: str, days: Sequence[date]) -> Iterator[Fault]:
        """Yield what does not fit in the days on which the tables of a list begin, and in the last day."""
        for index, (earlier, day) in enumerate(pairwise(days), start=1):
            if day <= earlier:
                message = f"{day} does not come after {earlier}, where the one before it begins"
                hint = "let them follow each other by valid_from, each day once"
                yield Fault("VersionsOverlap", (table, index, "valid_from"), message, hint)
        last_day = None if self.term is None else self.term.last_day
        if last_day is not None and last_day < days[0]:
            message = f"{last_day} lies before the agreement begins, on {days[0]}"
            yield Fault("ConfigWrongValue", ("term", "last_day"), message, "correct it, or the first valid_from")

    @property
    def calendar(self) -> BillingCalendar:
        """Return the periods; those of the calendar unless an anchor is given."""
        anchor = self.anchor or CALENDAR_ANCHOR
        return BillingCalendar(self.cycle, anchor if self.anchor_day is None else anchor.replace(day=self.anchor_day))

    @property
    def rounding(self) -> TimeRounding:
        """Return how booked time is rounded."""
        return TimeRounding() if self.time_rounding is None else self.time_rounding.value()

    @property
    def hour_pricing(self) -> HourPricing:
        """Return how hours become money."""
        default = HourPricing()
        decimals = default.decimals if self.quantity_decimals is None else self.quantity_decimals
        return HourPricing(decimals, exact=self.pricing == "exact")

    @property
    def runs(self) -> Term:
        """Return how long it runs."""
        return Term() if self.term is None else self.term.value()

    def _anchor_misfits(self) -> Iterator[Fault]:
        if self.anchor is not None and self.anchor_day is not None:
            hint = "anchor_day is enough for weeks, months, and quarters and years that begin in January"
            yield Fault("ConfigWrongValue", ("anchor_day",), "give either anchor or anchor_day", hint)
        if self.cycle is Cycle.WEEK and (self.anchor_day or 0) > _DAYS_PER_WEEK:
            message = f"a week has no day {self.anchor_day}"
            yield Fault("ConfigWrongValue", ("anchor_day",), message, "write 1 for Monday to 7 for Sunday")


class WorkFeed(CheckedTable):
    """Time that matches belongs to the agreement: any of what is named; what is not named may be anything."""

    projects: Annotated[tuple[Text, ...], ListOf] = ()
    """Ids of projects; left out: all of the agreement."""
    activities: Annotated[tuple[Text, ...], ListOf] = ()
    """Names of activities; left out: any."""
    positions: Annotated[tuple[Text, ...], ListOf] = ()
    """Positions as offer/position; left out: any."""
