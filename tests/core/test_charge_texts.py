"""The texts of charges."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.charge_due import DueCharge
from connector.core.charge_texts import due_text, period_text
from connector.core.cycle import Cycle
from connector.core.pricing import HourPricing
from connector.core.readings import Metric
from connector.core.retainer_terms import RetainerTerms, VariablePart
from connector.core.texts import LANGUAGES
from tests.core.retainer_builders import Log, assess, month, retainer, used, version

FIRST_OF_FEBRUARY = date(2026, 2, 1)
MEDIA = VariablePart("media", "Media-Honorar", "spend", Fraction(8, 100))


def due(terms: RetainerTerms, log: Log | None = None) -> list[DueCharge]:
    """Return what is due on 1 February with 27:20 hours and a spend of 12,345.678."""
    metrics = [Metric("spend", "WEB", month(1), Decimal("12345.678"))]
    found = assess(terms, used(27), used("0.33333", 1)._replace(seconds=1200), metrics=metrics, as_of=FIRST_OF_FEBRUARY)
    return list((log or Log()).due(found.charges, FIRST_OF_FEBRUARY).due)


def texts(terms: RetainerTerms, language: str, log: Log | None = None) -> list[str]:
    """Return the texts of the lines."""
    return [due_text(each, language) for each in due(terms, log)]


def test_the_label_and_what_it_is() -> None:
    """The fee by its label, overage as such, a percentage with its base."""
    terms = retainer(replace(retainer().versions[0], variable=(MEDIA,)))
    assert texts(terms, "de") == [
        "Retainer Support",
        "Design – Mehraufwand",
        "Media-Honorar (8 % von 12.345,68)",
    ]
    assert texts(terms, "en") == ["Retainer Support", "Design – overage", "Media-Honorar (8 % of 12,345.68)"]


def test_rule_1_6_exact_pricing_has_the_hours_in_the_text() -> None:
    """Seven hours and twenty minutes."""
    terms = replace(retainer(), pricing=HourPricing(exact=True))
    assert texts(terms, "de")[1] == "Design – Mehraufwand (7:20 Std.)"
    assert texts(terms, "en")[1] == "Design – overage (7:20 h)"


@pytest.mark.parametrize(("cycle", "period"), [(Cycle.MONTH, "01/2026"), (Cycle.WEEK, "2026-W03")])
def test_rule_6_a_correction_names_the_period_it_corrects(cycle: Cycle, period: str) -> None:
    """A calendar month as 01/2026, any other period by its name."""
    terms = retainer(cycle=cycle)
    log = Log()
    log.run(assess(terms, used(21, date(2026, 1, 12)), as_of=FIRST_OF_FEBRUARY).charges, FIRST_OF_FEBRUARY)
    found = assess(terms, used(23, date(2026, 1, 12)), as_of=FIRST_OF_FEBRUARY)
    corrected = log.due(found.charges, FIRST_OF_FEBRUARY).due
    assert [due_text(each, "de") for each in corrected] == [f"Korrektur {period}: Design – Mehraufwand"]
    assert [due_text(each, "en") for each in corrected] == [f"Correction {period}: Design – overage"]


def test_a_month_that_is_not_of_the_calendar_keeps_its_name() -> None:
    """The one from 15 March is not March."""
    assert period_text("2026-03-15") == "2026-03-15"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    """Whatever a line says, it says in all languages."""
    assert all(texts(retainer(version("1", variable=(MEDIA,))), language))
