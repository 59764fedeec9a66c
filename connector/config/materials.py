"""agreements.toml, kind = "time_and_materials": its tables, and their translation to values of the core (domain 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from connector.config.agreement_table import CheckedTable
from connector.config.faults import Fault
from connector.config.fields import NotNegative
from connector.config.time_agreement import TimeAgreement, WorkFeed
from connector.core.agreement import Agreement
from connector.core.feed import Feed
from connector.core.materials_terms import MaterialsTerms
from connector.core.money import Money
from connector.core.rates import RateCard
from connector.core.work import GroupBy
from connector.mapping.fields import ListOf, Named


class RateTable(CheckedTable):
    """The prices of an hour from a day on; a later table replaces the whole earlier one."""

    valid_from: date
    """First day of these prices; of the first table: of the agreement."""
    positions: dict[str, NotNegative] = Field(default_factory=dict)
    """Prices by position: { "A-1/3" = "110" }. They go before all others."""
    persons: dict[str, NotNegative] = Field(default_factory=dict)
    """Prices by person."""
    activities: dict[str, NotNegative] = Field(default_factory=dict)
    """Prices by activity."""
    projects: dict[str, NotNegative] = Field(default_factory=dict)
    """Prices by project; a subproject without one has its parent's."""
    customer: NotNegative | None = None
    """Price agreed with the customer for all else."""
    default: NotNegative | None = None
    """Price where nothing else was agreed; without it, work without a price holds the document."""

    def misfits(self) -> Iterator[Fault]:
        """Yield a table without a price."""
        if not any(True for _ in self.value().prices()):
            hint = "give default, customer, or prices by position, person, activity or project"
            yield Fault("ConfigWrongValue", (), "there is no price in it", hint)

    def value(self) -> RateCard:
        """Return it as a value of the core."""
        return RateCard(
            self.valid_from,
            self.positions,
            self.persons,
            self.activities,
            self.projects,
            self.customer,
            self.default,
        )


class MaterialsAgreement(TimeAgreement):
    """Hours at their rates."""

    kind: Literal["time_and_materials"]
    """Billed by time."""
    group_by: Annotated[GroupBy, Named] = GroupBy.POSITION
    """What makes a line of its own: position, activity, person or entry."""
    approved_only: bool = False
    """Whether time that nobody approved waits."""
    not_to_exceed: NotNegative | None = None
    """Most that all periods together may come to; the rest waits."""
    rate: Annotated[tuple[RateTable, ...], ListOf, Field(min_length=1)]
    """The prices and their changes, in the order of their days."""
    feed: Annotated[tuple[WorkFeed, ...], ListOf] = ()
    """Which time belongs to it; left out: all of its projects."""

    def misfits(self) -> Iterator[Fault]:
        """Yield prices that would hold on the same day, and a limit that cannot be paid."""
        yield from super().misfits()
        yield from self.span_misfits("rate", [rate.valid_from for rate in self.rate])
        try:
            self._limit()
        except ValueError as error:
            yield Fault("ConfigWrongValue", ("not_to_exceed",), str(error), "write an amount that can be paid")

    def agreement(self, place: str) -> Agreement:
        """Return the agreement as a value of the core; `place` is its file and line."""
        terms = MaterialsTerms(
            label=self.label,
            currency=self.currency,
            rates=tuple(rate.value() for rate in self.rate),
            calendar=self.calendar,
            term=self.runs,
            group_by=self.group_by,
            approved_only=self.approved_only,
            not_to_exceed=self._limit(),
            rounding=self.rounding,
            pricing=self.hour_pricing,
            late=self.late,
            service=self.service,
            vat_class=self.vat_class,
        )
        return Agreement(
            id=self.id,
            customer=self.customer,
            project=self.project,
            terms=terms,
            payment_days=self.payment_days,
            place=place,
            pooled=self.projects,
            feeds=tuple(Feed("", feed.projects, feed.activities, feed.positions) for feed in self.feed),
        )

    def _limit(self) -> Money | None:
        return None if self.not_to_exceed is None else Money.exactly(self.not_to_exceed, self.currency)
