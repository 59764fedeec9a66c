from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from connector.core.catalogue import OverageRule, TierMode
from connector.core.rates import RateLevel
from connector.core.reason import step
from connector.core.retainer_terms import MetricUse
from connector.core.texts import LANGUAGES
from connector.core.time_rounding import RoundedPer
from connector.documents.charge_steps import _WORDS as WORDS
from connector.documents.explain import explain_step
from tests.core.builders import eur


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", [*OverageRule, *TierMode, *MetricUse, *RateLevel, *RoundedPer, "up", "nearest"])
def test_every_rule_mode_and_level_is_called_by_a_name(rule: str, language: str) -> None:
    """No word of the configuration stands in a sentence for people."""
    assert rule in WORDS[language]


def test_march_of_the_worked_retainer_is_told() -> None:
    """Why March has 910.00 of overage, in the words of a bookkeeper (domain 4.6)."""
    told = [
        step("bank_opening", item="Design", opening="3:00 h", lots="2026-02 3:00 h"),
        step("bank_granted", granted="20:00 h", available="23:00 h"),
        step("time_rounded", per="entry", minutes=15, way="up"),
        step("consumed", item="Design", used="30:00 h", entries=12),
        step("entries_listed", agreement="care", period="2026-03"),
        step(
            "bank_overage", covered="23:00 h", lots="2026-02 3:00 h, 2026-03 20:00 h", overage="7:00 h", rule="bill_now"
        ),
        step("overage_price", amount="7:00 h", printed="", price="130.00", net=eur("910.00")),
        step("charge_due", target=eur("910.00"), billed=eur("0.00"), due=eur("910.00")),
    ]
    assert [explain_step(each, "de") for each in told] == [
        "Kontingent Design: Anfangsbestand 3:00 h (Überträge: 02/2026 3:00 h)",
        "Neu gewährt 20:00 h, damit verfügbar 23:00 h",
        "Zeitrundung: jeder Eintrag in Schritten von 15 Minuten, aufgerundet",
        "Design verbraucht: 30:00 h (Einträge: 12)",
        "Die Einträge zeigt: honorar timebank care --period 2026-03",
        "Davon gedeckt 23:00 h (02/2026 3:00 h, 03/2026 20:00 h), Mehraufwand 7:00 h: wird sofort berechnet",
        "Mehraufwand: 7:00 h × 130,00 = 910,00 EUR",
        "Soll 910,00 EUR; bisher fakturiert 0,00 EUR; jetzt fällig 910,00 EUR",
    ]


def test_a_tier_names_how_many_there_are_and_the_hours_it_prints() -> None:
    """2:20 hours are printed as 2.33, and multiplied so."""
    tier = step(
        "overage_tier",
        tier=2,
        tiers=2,
        mode="graduated",
        amount="2:20 h",
        printed="2.33",
        price="98.00",
        net=eur("228.34"),
    )
    assert explain_step(tier, "de") == (
        "Mehraufwand, Stufe 2 von 2 (gestaffelt): 2:20 h, gerundet 2,33 Std. × 98,00 = 228,34 EUR"
    )
    assert explain_step(tier, "en") == (
        "Overage, tier 2 of 2 (graduated): 2:20 h, rounded 2.33 hours × 98.00 = 228.34 EUR"
    )


@pytest.mark.parametrize(
    ("text", "german", "english"),
    [
        ("−1:30 h", "−1:30 h", "−1:30 h"),
        ("1234.56 EUR", "1.234,56 EUR", "1,234.56 EUR"),
        ("-100.00 EUR", "-100,00 EUR", "-100.00 EUR"),
        ("12.5", "12,5", "12.5"),
    ],
)
def test_balances_are_told_in_hours_money_or_units(text: str, german: str, english: str) -> None:
    """Whatever an item is counted in; below zero while something is owed."""
    opening = step("bank_opening", item="Design", opening=text, lots="–")
    assert f"Anfangsbestand {german} (Überträge: –)" in explain_step(opening, "de")
    assert f"opening balance {english} (carried over: –)" in explain_step(opening, "en")


def test_lots_of_a_budget_are_told_in_money() -> None:
    """Each carried-over lot keeps the name of its period."""
    opening = step("bank_opening", item="Ads", opening="1500.00 EUR", lots="2026-01 1000.00 EUR, 2026-02 500.00 EUR")
    assert "(Überträge: 01/2026 1.000,00 EUR, 02/2026 500,00 EUR)" in explain_step(opening, "de")


def test_a_rate_names_what_it_was_agreed_for() -> None:
    """The customer's rate and the default one were agreed for nothing in particular."""
    assert explain_step(step("rate", price=Decimal("95.50"), level="person", of="Ann"), "en") == (
        "Hourly rate 95.50 (person Ann)"
    )
    assert explain_step(step("rate", price=Decimal(80), level="default", of=""), "de") == "Stundensatz 80 (allgemein)"


def test_a_discount_is_told_in_percent_or_money() -> None:
    """By what was agreed."""
    day = date(2026, 1, 1)

    def told(size: object) -> str:
        return explain_step(
            step("discount_of_period", label="Start", size=size, start=day, end=day, net=eur("10.00")), "de"
        )

    assert told("12.5 %") == "Nachlass Start (12,5 %) 01.01.2026 bis 01.01.2026: 10,00 EUR"
    assert told(eur("10.00")) == "Nachlass Start (10,00 EUR) 01.01.2026 bis 01.01.2026: 10,00 EUR"


def test_a_variable_part_has_a_percentage_or_a_price() -> None:
    """8 % of the media spend, or a price per seat."""
    spend = step("variable_part", metric="spend", use="sum", value=Decimal(12000), size="8 %", net=eur("960.00"))
    seats = step("variable_part", metric="seats", use="last", value=Decimal(12), size=Decimal("4.50"), net=eur("54"))
    assert explain_step(spend, "de") == "Kennzahl spend (Summe): 12.000 × 8 % = 960,00 EUR"
    assert explain_step(seats, "en") == "Metric seats (last reading): 12 × 4.50 = 54.00 EUR"


def test_a_part_of_a_month_is_told_by_its_days() -> None:
    """Fee 3,100 from 12 March (domain 4.7)."""
    told = step(
        "fee_of_period", fee=eur("3100"), start=date(2026, 3, 12), end=date(2026, 3, 31), part="20/31", net=eur("2000")
    )
    assert explain_step(told, "de") == (
        "Pauschale 12.03.2026 bis 31.03.2026: 3.100,00 EUR × 20/31 (64,52 %) = 2.000,00 EUR"
    )
