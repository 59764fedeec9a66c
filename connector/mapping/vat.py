"""Which VAT a supply carries: the first rule that matches, never a default (domain 7.4)."""

from __future__ import annotations

from datetime import date

from connector.core.problems import Problem
from connector.core.vat import VatCase, VatCategory, VatDecision
from connector.mapping.lines_to_add import lines_to_add
from connector.mapping.rules import Mapping, Placed, VatRule

EU_COUNTRIES = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"}
    | {"MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
"""The member states since 2020-02-01, by their ISO codes (Greece is GR here, EL in its VAT ids)."""

BOTH_VAT_IDS = frozenset({VatCategory.REVERSE_CHARGE, VatCategory.INTRA_COMMUNITY})
"""Categories that need the VAT ids of seller and buyer (domain 7.4; EN 16931: BR-AE-02, BR-IC-02)."""


def decide_vat(mapping: Mapping, case: VatCase) -> VatDecision | Problem:
    """Return the decision of the first rule that matches, with its file and line.

    A Problem MissingVatRule where none does (its hint holds the lines to add), MissingVatId where the rule's category
    needs the VAT ids of both sides and one is not known.
    """
    for placed in mapping.vat:
        if _matches(placed.rule, case):
            return _decision(placed, case)
    return _missing_rule(case)


def within(day: date, valid_from: date | None, valid_to: date | None) -> bool:
    """Tell whether the day lies in a rule's validity, first and last day included."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def _matches(rule: VatRule, case: VatCase) -> bool:
    buyer = case.buyer
    return (
        _country_matches(rule, case)
        and rule.has_vat_id in (None, bool(buyer.vat_id))
        and rule.business in (None, buyer.is_business)
        and rule.vat_class in (None, case.vat_class)
        and rule.service in (None, case.service)
        and rule.seller_small_business in (None, case.seller.small_business)
        and within(case.supplied_on, rule.valid_from, rule.valid_to)
    )


def _country_matches(rule: VatRule, case: VatCase) -> bool:
    country = case.buyer.address.country
    if rule.group == "EU":
        return country in EU_COUNTRIES and country != case.seller.address.country
    if rule.group == "third_country":
        return country != "" and country not in EU_COUNTRIES
    if rule.countries:
        return country in rule.countries
    return rule.country in (None, country)


def _decision(placed: Placed[VatRule], case: VatCase) -> VatDecision | Problem:
    if placed.rule.category in BOTH_VAT_IDS:
        for side, party in (("seller", case.seller), ("customer", case.buyer)):
            if not party.vat_id:
                message = f"{placed.place} decides {placed.rule.category.value}, but {side} {party.id} has no VAT id"
                hint = f"enter the VAT id of {party.name}, or put a rule for it before {placed.place}"
                return Problem("MissingVatId", message, f"customer {case.buyer.id}", hint)
    return VatDecision(placed.rule.vat_rate, placed.rule.note or "", placed.place)


def _missing_rule(case: VatCase) -> Problem:
    buyer = case.buyer
    message = f"no VAT rule for {buyer.name} ({buyer.id}), supplied on {case.supplied_on}"
    if not buyer.address.country:
        return Problem("MissingVatRule", message, f"customer {buyer.id}", "enter the customer's country")
    known: dict[str, str | bool] = {
        "country": buyer.address.country,
        "business": buyer.is_business,
        "has_vat_id": bool(buyer.vat_id),
        "vat_class": case.vat_class,
        "service": case.service,
    }
    wanted = {
        "category": '"S", "AE", "O", "E", "Z", "K" or "G"',
        "rate": 'percent, such as "19"; leave out unless category is "S"',
        "note": 'why it carries no VAT; leave out for "S" and "Z"',
    }
    return Problem("MissingVatRule", message, f"customer {buyer.id}", lines_to_add("vat", known, wanted))
