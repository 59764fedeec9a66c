"""How the fee moves: by stated percentages or with an index (domain 4.8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from connector.core.agreement import Agreement
from connector.core.money import Money, rounded
from connector.core.problems import Problem
from connector.core.reason import Reason, step
from connector.core.retainer_terms import PercentIndexation, RetainerTerms, TableIndexation, TermsVersion
from connector.core.texts import percent


@dataclass(frozen=True, slots=True)
class Fee:
    """The fee per full period from a day on, and how it came about."""

    start: date
    amount: Money
    reason: Reason


def fees(agreement: Agreement, terms: RetainerTerms, before: date) -> tuple[Sequence[Fee], list[Problem]]:
    """Return the fees of all versions with their indexations, oldest first, that begin before the day.

    A step of indexation belongs to its version: once a later version states a new fee, it no longer counts.
    A Problem where the index has no value for the month that counts; the fee then stays as it was.
    """
    found: dict[date, Fee] = {}
    problems: list[Problem] = []
    ends = [version.valid_from for version in terms.versions[1:]]
    for version, until in zip(terms.versions, [*ends, before], strict=True):
        for fee in _version_fees(agreement, version, min(until, before)):
            if isinstance(fee, Problem):
                problems.append(fee)
            else:
                found[fee.start] = fee
    return list(found.values()), problems


def _version_fees(agreement: Agreement, version: TermsVersion, until: date) -> Iterator[Fee | Problem]:
    current = Fee(version.valid_from, version.fee, (step("agreed_fee", on=version.valid_from, fee=version.fee),))
    yield current
    for change in sorted(version.indexation, key=lambda change: change.start):
        if change.start >= until:
            return
        indexed = _indexed(agreement, change, current)
        if isinstance(indexed, Fee):
            current = indexed
        yield indexed


def _indexed(agreement: Agreement, change: PercentIndexation | TableIndexation, fee: Fee) -> Fee | Problem:
    if isinstance(change, PercentIndexation):
        amount = _in_steps(fee.amount, 1 + change.percent, change.round_to)
        by = percent(change.percent, "en")
        found = step("indexed", on=change.start, change=by, round_to=change.round_to, fee=amount)
        return Fee(change.start, amount, (*fee.reason, found))
    return _by_table(agreement, change, fee)


def _by_table(agreement: Agreement, change: TableIndexation, fee: Fee) -> Fee | Problem:
    month = change.month_that_counts
    value = change.index.get(month)
    if value is None:
        return Problem(
            "IndexMonthMissing",
            f"the fee follows an index from {change.start}, but the index has no value for {month:%Y-%m}",
            agreement.place,
            f'add ["{month:%Y-%m}", value] to the index',
            agreement=agreement.id,
        )
    factor = Fraction(value) / Fraction(change.base)
    on, named, base = change.start, f"{month:%Y-%m}", change.base
    if abs(factor - 1) < change.threshold:
        found = step("index_within_threshold", on=on, month=named, index=value, base=base, fee=fee.amount)
        return Fee(on, fee.amount, (*fee.reason, found))
    amount = _in_steps(fee.amount, factor, change.round_to)
    found = step("indexed_by_table", on=on, month=named, index=value, base=base, round_to=change.round_to, fee=amount)
    return Fee(on, amount, (*fee.reason, found))


def _in_steps(amount: Money, factor: Fraction, round_to: Decimal) -> Money:
    """Return the amount times the factor in whole multiples of `round_to`, half up."""
    multiples = rounded(amount.amount, 0, factor, 1 / Fraction(round_to))
    return Money.of(multiples, amount.currency, round_to)
