"""Time banks to print: the worked year of domain 4.6, and items in units and money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from connector.core.bank_entries import TimeBank, TimeSheet, time_bank
from connector.core.catalogue import ItemUnit
from connector.core.feed import Feed
from connector.core.feeding import Feeding
from connector.core.readings import Metric
from connector.core.retainer_terms import RetainerTerms
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.timesheet import TimeEntry
from tests.core.builders import project
from tests.core.retainer_builders import SUPPORT, hours, item, month, retainer, version, worked_item

PROJECTS = {"WEB": project()}


def booked(id_: str, duration: str, on: int = 1, /, *, activity: str = "Design", text: str = "") -> TimeEntry:
    """Return hours of Zoë on the 10th of a month."""
    return TimeEntry(id_, "WEB", month(on), hours(duration), "Zoë", activity, "", text or f"did {id_}")


def bank_of(
    terms: RetainerTerms,
    as_of: date,
    *entries: TimeEntry,
    feeds: Sequence[Feed] = (Feed("design"),),
    metrics: Sequence[Metric] = (),
) -> TimeBank:
    """Return the time bank of the entries on the day."""
    agreement = replace(SUPPORT, terms=terms, feeds=tuple(feeds))
    return time_bank(agreement, terms, TimeSheet(entries, metrics, PROJECTS), Feeding(PROJECTS), as_of)


def worked_bank() -> TimeBank:
    """Return the four months of domain 4.6, and the first day of May."""
    entries = [booked("T1", "14"), booked("T2", "23", 2), booked("T3", "30", 3), booked("T4", "5", 4)]
    return bank_of(retainer(version("2400", worked_item())), date(2026, 5, 1), *entries)


def mixed_bank(*entries: TimeEntry) -> TimeBank:
    """Return January of 8 posts, of which 9.5 were read, and of a budget of 500, with time rounded up by day."""
    items = (
        item("posts", 8, unit=ItemUnit.UNITS),
        item("budget", 1500, unit=ItemUnit.AMOUNT, role_rates={"Design": 120, "Text": Decimal("90.5")}),
    )
    terms = replace(retainer(version("2400", *items)), rounding=TimeRounding(30, RoundingMode.UP, RoundedPer.DAY))
    feeds = (Feed("posts", metric="posts"), Feed("budget"))
    told = entries or (booked("T1", "9.25"), booked("T2", "0.4"), booked("T3", "2", activity="Text"))
    metrics = [Metric("posts", "WEB", month(1), Decimal("9.5"), "metrics:2")]
    return bank_of(terms, date(2026, 1, 31), *told, feeds=feeds, metrics=metrics)
