"""Sentences for every step of a charge's reason."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.catalogue import ItemUnit
from connector.core.materials import assess_materials
from connector.core.readings import Metric
from connector.core.reason import Step
from connector.core.retainer_terms import Discount, PercentIndexation, TableIndexation, VariablePart
from connector.core.texts import LANGUAGES
from connector.documents.charge_steps import CHARGE_STEPS
from tests.core.builders import MARCH, eur
from tests.core.retainer_builders import (
    SUPPORT,
    YEAR_END,
    Log,
    assess,
    item,
    materials,
    month,
    retainer,
    used,
    version,
    work,
)

INDEX = {date(2026, 1, 1): Decimal(102), date(2026, 2, 1): Decimal(110)}


def steps() -> Iterator[Step]:
    """Yield the steps of a retainer and of time and materials that have everything a charge may have."""
    budget = item("print", 100, unit=ItemUnit.AMOUNT, role_rates={"": "100"})
    indexation = (
        PercentIndexation(date(2026, 1, 10), Fraction(1, 50)),
        TableIndexation(month(2, 1), INDEX, Decimal(100), Fraction(1, 20)),
        TableIndexation(month(3, 1), INDEX, Decimal(100), Fraction(1, 20)),
    )
    media = VariablePart("media", "Media", "spend", Fraction(8, 100))
    terms = replace(
        retainer(version("2400", item(), budget, variable=(media,), indexation=indexation)),
        discounts=(Discount("d", "Start", MARCH, Fraction(1, 10)),),
    )
    metrics = [Metric("spend", "WEB", month(number), Decimal(100)) for number in range(1, 13)]
    log = Log()
    found = assess(terms, used(30), used(2, of="print"), metrics=metrics)
    billed = log.run(found.charges, YEAR_END)
    corrected = log.run(assess(terms, used(5), metrics=metrics).charges, YEAR_END)
    limited = replace(materials(), not_to_exceed=eur("50"))
    priced = assess_materials(SUPPORT, limited, [work(1)], {}, YEAR_END).charges
    yield from (step for due in (*billed, *corrected) for step in due.reason)
    yield from (step for charge in priced for step in charge.reason)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rule_11_every_step_of_a_charge_has_a_sentence(language: str) -> None:
    """With all that the sentence names; and no sentence is left over."""
    told = {step.rule: CHARGE_STEPS[language][step.rule].format(**dict(step.values)) for step in steps()}
    assert told.keys() == CHARGE_STEPS[language].keys()
    assert "{" not in "".join(told.values())


def test_rule_11_all_languages_say_the_same() -> None:
    """The same rules in each."""
    assert len({tuple(templates) for templates in CHARGE_STEPS.values()}) == 1
    assert tuple(CHARGE_STEPS) == LANGUAGES
