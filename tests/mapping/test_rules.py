"""Rules of mapping.toml, checked when they are read."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from connector.core.booking import RevenueAccount
from connector.core.vat import VatCategory, VatRate
from connector.mapping import MappingTables, RevenueRule, VatRule


def test_a_vat_rule_gives_its_rate() -> None:
    """Category and rate make the rate of the decision; a rate left out is 0."""
    assert VatRule.model_validate({"category": "S", "rate": "19"}).vat_rate == VatRate(
        VatCategory.STANDARD, Decimal(19)
    )
    assert VatRule.model_validate({"category": "Z"}).vat_rate == VatRate(VatCategory.ZERO_RATED, Decimal(0))


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"category": "S"}, "does not go with a rate of 0 %"),
        ({"category": "AE", "rate": "19", "note": "n"}, "does not go with a rate of 19 %"),
        ({"category": "E", "rate": "-1", "note": "n"}, "greater than or equal to 0"),
        ({"category": "S", "rate": "19", "note": "n"}, "category S takes no note"),
        ({"category": "Z", "note": "n"}, "category Z takes no note"),
        ({"category": "AE"}, "category AE needs a note"),
        ({"category": "O"}, "category O needs a note"),
        ({"category": "E"}, "category E needs a note"),
        ({"category": "K"}, "category K needs a note"),
        ({"category": "G"}, "category G needs a note"),
        ({"category": "Z", "country": "DE", "group": "EU"}, "one of country, countries and group"),
        ({"category": "Z", "countries": ["DE"], "group": "EU"}, "one of country, countries and group"),
        ({"category": "Z", "country": "DE", "countries": ["AT"]}, "one of country, countries and group"),
        ({"category": "Z", "valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "lies before valid_from"),
        ({"category": "X"}, "Input should be"),
    ],
)
def test_a_vat_rule_that_no_invoice_could_carry_is_refused(rule: dict[str, object], fault: str) -> None:
    """What EN 16931 would refuse on the invoice is refused in the rule, before anything is billed."""
    with pytest.raises(ValidationError, match=fault):
        VatRule.model_validate(rule)


def test_a_rule_may_hold_for_one_day() -> None:
    """First and last day may be the same."""
    day = date(2026, 1, 1)
    assert VatRule(category=VatCategory.ZERO_RATED, valid_from=day, valid_to=day).valid_to == day


def test_a_revenue_rule_gives_its_account() -> None:
    """The account comes with tax key and cost centres; what is left out is empty."""
    rule = {"vat_category": "S", "rate": 19, "account": "8200", "automatic": False, "tax_key": "3", "cost_unit": "P7"}
    assert RevenueRule.model_validate(rule).revenue_account == RevenueAccount("8200", False, "3", "", "P7")  # noqa: FBT003 -- a field of the core's value


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({"account": "8400"}, "Field required"),
        ({"account": "8400", "automatic": True, "vat_category": "S", "rate": "19", "tax_key": "3"}, "takes no tax key"),
        ({"account": "8400", "automatic": True}, "say vat_category"),
        ({"account": "8200", "automatic": False, "tax_key": "3"}, "say vat_category"),
        ({"account": "8400", "automatic": True, "vat_category": "S"}, "say rate"),
        (
            {
                "account": "8200",
                "automatic": False,
                "valid_from": date(2026, 2, 1),
                "valid_to": date(2026, 1, 1),
            },
            "lies before valid_from",
        ),
    ],
)
def test_a_revenue_rule_that_would_book_the_wrong_vat_is_refused(rule: dict[str, object], fault: str) -> None:
    """An automatic account or a tax key has one VAT rate: the rule must not let another one in."""
    with pytest.raises(ValidationError, match=fault):
        RevenueRule.model_validate(rule)


@pytest.mark.parametrize("category", ["AE", "O", "E"])
def test_an_account_without_vat_needs_no_rate(category: str) -> None:
    """For categories without a rate the category says enough."""
    rule = RevenueRule.model_validate({"account": "8336", "automatic": True, "vat_category": category})
    assert rule.revenue_account.automatic


def test_an_empty_mapping_is_a_mapping() -> None:
    """Every part may be missing: holes are found where a document falls into them."""
    tables = MappingTables.model_validate({})
    assert (tables.vat, tables.debtor, tables.revenue) == ((), (), ())
    assert tables.texts.booking == "{number} {customer}"
