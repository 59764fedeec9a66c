"""Time entries summed in the database with whole numbers: what is billed by them, and what is not (domain 4.3, 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from connector.core.summing import Summing
from connector.core.time_rounding import SECONDS_PER_MINUTE, RoundedPer, RoundingMode, TimeRounding
from connector.store.schema import entries

Conditions = tuple[sa.ColumnElement[bool], ...]

_NONE = sa.literal("", sa.Text)


def sums(mine: Conditions, summing: Summing) -> Iterator[sa.Select[Any]]:
    """Yield the selects of the summed work, each row the values of a `Work`.

    `mine` are the entries in question; the billable, finished ones among them are summed, and of these the approved
    ones alone if so agreed.
    """
    billed = (*mine, entries.c.billable, entries.c.seconds.is_not(None))
    if summing.approved_only:
        billed = (*billed, entries.c.approved)
    if summing.daily is None:
        yield _summed(billed, summing, entries.c.day)
        return
    if summing.daily:
        yield _summed((*billed, entries.c.month.in_(summing.daily)), summing, entries.c.day)
        billed = (*billed, entries.c.month.not_in(summing.daily))
    yield _summed(billed, summing, entries.c.month)


def _summed(billed: Conditions, summing: Summing, day: sa.Column[date]) -> sa.Select[Any]:
    """Return the select of one row per sum, grouped in the order of the index; `day` is the day or the month."""
    told = entries.c
    group: list[sa.Column[Any]] = [told.project, told.position, told.activity, told.month]
    group += [told.person] * summing.by_person
    group += [told.day] * (day is told.day)
    group += [told.id, told.text] * summing.by_entry
    seconds = sa.func.sum(_rounded(told.seconds, summing.rounding, RoundedPer.ENTRY))
    chosen = sa.select(
        day,
        sa.cast(_rounded(seconds, summing.rounding, RoundedPer.DAY), sa.BigInteger),
        told.position,
        told.person if summing.by_person else _NONE,
        told.activity,
        told.project,
        told.id if summing.by_entry else _NONE,
        told.text if summing.by_entry else _NONE,
        sa.func.count(),
    )
    return chosen.where(*billed).group_by(*group).order_by(*group)


def _rounded(seconds: sa.ColumnElement[Any], rounding: TimeRounding, per: RoundedPer) -> sa.ColumnElement[Any]:
    """Return the seconds in whole steps if they are rounded at this point: `TimeRounding.in_steps`, in SQL.

    Both databases divide whole numbers towards zero, so time taken back only needs its remainder below zero as well.
    """
    if rounding.per is not per or rounding.mode is RoundingMode.NONE:
        return seconds
    step = rounding.step_minutes * SECONDS_PER_MINUTE
    remainder = step - 1 if rounding.mode is RoundingMode.UP else step // 2
    more = sa.case((seconds < 0, sa.cast(-remainder, sa.BigInteger)), else_=sa.cast(remainder, sa.BigInteger))
    return (seconds + more) // step * step


def counts_left_out(mine: Conditions, *, approved_only: bool) -> sa.Select[Any]:
    """Return the select of how many of the entries are not billed, and why, by project, activity and position."""
    told = entries.c
    running = sa.and_(told.billable, told.seconds.is_(None))
    unapproved = sa.and_(told.billable, told.seconds.is_not(None), ~told.approved)
    reasons = [~told.billable, running, unapproved if approved_only else sa.false()]
    group = told.project, told.activity, told.position
    counts = [sa.func.sum(sa.case((reason, 1), else_=0)) for reason in reasons]
    return sa.select(*group, *counts).where(*mine, sa.or_(*reasons)).group_by(*group)
