"""What is wrong with the terms of a retainer, all of it at once: nothing is billed from a guess (domain 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from connector.core.agreement import Agreement
from connector.core.catalogue import Item, ItemUnit, OverageRule
from connector.core.pricing import price_fault
from connector.core.problems import Problem
from connector.core.retainer_terms import RetainerTerms, TableIndexation, TermsVersion


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a fault is: the agreement, the version of its terms, and the item or part."""

    agreement: Agreement
    version: TermsVersion

    def problem(self, code: str, message: str, hint: str, part: str = "") -> Problem:
        since = self.version.valid_from
        place = " ".join(filter(None, (self.agreement.place, part, f"from {since}")))
        return Problem(code, f"terms from {since}: {message}", place, hint, agreement=self.agreement.id)


def terms_problems(agreement: Agreement, terms: RetainerTerms) -> list[Problem]:
    """Return every fault of the terms; only what needs the day of a run is found elsewhere (see `indexation.fees`)."""
    found = [
        problem
        for version in terms.versions
        for problem in _version_problems(_Place(agreement, version), version, terms)
    ]
    return [*found, *_discount_problems(_Place(agreement, terms.versions[0]), terms)]


def _version_problems(place: _Place, version: TermsVersion, terms: RetainerTerms) -> Iterator[Problem]:
    if version.fee.currency != terms.currency:
        message = f"the fee is in {version.fee.currency}, the first one in {terms.currency}"
        yield place.problem("CurrencyChanged", message, "make an agreement of its own for the other currency")
    if version.fee.amount < 0:
        yield place.problem(
            "FeeBelowZero", f"a fee of {version.fee}", "write the fee without a sign, or make a discount"
        )
    for kind, ids in (
        ("item", [item.id for item in version.items]),
        ("variable part", [part.id for part in version.variable]),
    ):
        yield from _doubled(place, kind, ids)
    for item in version.items:
        yield from _item_problems(place, item)
        yield from _unit_problems(place, item, terms)
    yield from _price_problems(place, version)
    yield from _indexation_problems(place, version)


def _discount_problems(place: _Place, terms: RetainerTerms) -> Iterator[Problem]:
    yield from _doubled(place, "discount", [discount.id for discount in terms.discounts])
    for discount in terms.discounts:
        if discount.amount is not None and discount.amount.currency != terms.currency:
            message = f"discount {discount.id} is in {discount.amount.currency}, the fee in {terms.currency}"
            yield place.problem(
                "CurrencyChanged", message, "write the discount in the currency of the fee", discount.id
            )


def _doubled(place: _Place, kind: str, ids: Sequence[str]) -> Iterator[Problem]:
    for doubled in sorted({each for each in ids if ids.count(each) > 1}):
        yield place.problem("IdTwice", f"{kind} {doubled} stands twice", "give each an id of its own", doubled)


def _item_problems(place: _Place, item: Item) -> Iterator[Problem]:
    if item.allowance < 0:
        message = f"item {item.id} has an allowance below zero"
        yield place.problem("AllowanceBelowZero", message, "write 0 for none", item.id)
    rollover = item.rollover
    if rollover is not None and rollover.cap is not None and rollover.cap < 0:
        message = f"item {item.id} carries over at most less than nothing"
        yield place.problem("CapBelowZero", message, "write a cap of 0 or more, or leave rollover out", item.id)
    if rollover is not None and rollover.expires_after is not None and rollover.expires_after < 1:
        message = f"item {item.id} carries over what expires after {rollover.expires_after} periods"
        yield place.problem("ExpiryTooShort", message, "write 1 or more, or leave rollover out", item.id)
    if item.overage.max_deduct is not None and item.overage.max_deduct < 0:
        message = f"item {item.id} deducts at most less than nothing"
        yield place.problem("DeductBelowZero", message, "write a max_deduct of 0 or more", item.id)
    yield from _tier_problems(place, item)


def _tier_problems(place: _Place, item: Item) -> Iterator[Problem]:
    overage = item.overage
    if not overage.tiers:
        if overage.rule is not OverageRule.ABSORB and item.unit is not ItemUnit.AMOUNT:
            message = f"item {item.id} has no overage price"
            hint = 'add overage.price, or overage.rule = "absorb"'
            yield place.problem("OveragePriceMissing", message, hint, item.id)
        return
    bounds = [tier.up_to for tier in overage.tiers]
    lower = [bound for bound in bounds[:-1] if bound is not None]
    ascending = all(before < after for before, after in pairwise([0, *lower]))
    if bounds[-1] is not None or len(lower) != len(bounds) - 1 or not ascending:
        message = f"the tiers of item {item.id} do not cover every overage once"
        hint = "let the bounds ascend from above 0, and leave that of the last tier out"
        yield place.problem("TiersOutOfOrder", message, hint, item.id)


def _unit_problems(place: _Place, item: Item, terms: RetainerTerms) -> Iterator[Problem]:
    first = next(found for version in terms.versions if (found := version.item(item.id)))
    if item.unit is not first.unit:
        message = f"item {item.id} is counted in {item.unit}, before in {first.unit}"
        yield place.problem(
            "ItemUnitChanged", message, "give it another id: its time bank cannot be converted", item.id
        )


def _price_problems(place: _Place, version: TermsVersion) -> Iterator[Problem]:
    for part, price in _prices(version):
        if fault := price_fault(price):
            message = f"the price of {part} {fault}: {price}"
            yield place.problem("PriceNotPossible", message, "correct the price", part)


def _prices(version: TermsVersion) -> Iterator[tuple[str, Decimal]]:
    for item in version.items:
        yield from ((item.id, tier.price) for tier in item.overage.tiers)
        yield from ((item.id, price) for price in item.role_rates.values())
    yield from ((part.id, part.unit_price) for part in version.variable if part.unit_price is not None)


def _indexation_problems(place: _Place, version: TermsVersion) -> Iterator[Problem]:
    for change in version.indexation:
        if change.start < version.valid_from:
            message = f"the indexation from {change.start} is older than the fee it changes"
            yield place.problem("IndexationTooEarly", message, "move it to the version whose fee it changes")
        if change.round_to <= 0:
            message = f"the indexation from {change.start} rounds to {change.round_to}"
            yield place.problem("RoundToBelowZero", message, "write what the fee is rounded to, such as 1 or 0.01")
        if isinstance(change, TableIndexation) and change.base <= 0:
            message = f"the indexation from {change.start} has a base of {change.base}"
            yield place.problem("IndexBaseBelowZero", message, "write the index value the fee was agreed at")
