"""Variable parts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from connector.core.charge import Charge
from connector.core.period import Period
from connector.core.quantity import Unit
from connector.core.readings import Metric
from connector.core.retainer_terms import Billing, MetricUse, RetainerTerms, VariablePart
from tests.core.builders import eur
from tests.core.retainer_builders import assess, by_key, codes, month, retainer, version

MEDIA = VariablePart("media", "Media-Honorar", "spend", Fraction(8, 100))
SEATS = VariablePart("seats", "Plätze", "seats", unit_price=Decimal("4.50"), use=MetricUse.LAST)
FIRST_OF_MARCH = date(2026, 3, 1)


def spend(value: str, on: date | int = 1, /, *, name: str = "spend", project: str = "WEB") -> Metric:
    """Return a reading on a day, or on the 28th of a month."""
    return Metric(name, project, month(on, 28) if isinstance(on, int) else on, Decimal(value), f"metrics.csv:{value}")


def variable(part: VariablePart, *metrics: Metric, as_of: date = date(2026, 2, 1)) -> list[Charge]:
    """Return the charges of the part."""
    found = assess(retainer(version("0", variable=(part,))), metrics=metrics, as_of=as_of)
    assert not found.problems
    return list(found.charges)


def problems(*metrics: Metric, part: VariablePart = MEDIA, as_of: date = date(2026, 2, 1)) -> list[str]:
    """Return the codes of the problems."""
    found = assess(retainer(version("0", variable=(part,))), metrics=metrics, as_of=as_of)
    return codes(found.problems)


def test_rule_4_9_percent_of_a_metric() -> None:
    """8 % of a media spend of 12,345.67 are 987.65, printed as one amount with its base in the text."""
    charge = variable(MEDIA, spend("12345.67"))[0]
    assert (charge.key, charge.net) == ("support/2026-01/variable/media", eur("987.65"))
    assert (charge.quantity, charge.unit) == (Decimal(1), Unit.FLAT)
    assert charge.priced.remark is not None
    assert charge.priced.remark.values == (("percent", "2/25"), ("base", "12345.67"))


def test_rule_4_9_per_unit_of_a_metric() -> None:
    """37 seats at 4.50 are 166.50."""
    charge = variable(SEATS, spend("37", name="seats"))[0]
    assert (charge.quantity, charge.unit, charge.unit_price) == (Decimal(37), Unit.PIECE, Decimal("4.50"))
    assert charge.net == eur("166.50")


def test_rule_4_9_the_readings_of_a_period_are_summed() -> None:
    """All days of the period and all projects; not those of the next."""
    charge = variable(
        MEDIA,
        spend("1000", date(2026, 1, 1)),
        spend("500", date(2026, 1, 31)),
        spend("250", date(2026, 1, 31), project="APP"),
        spend("9999", date(2026, 2, 1)),
    )[0]
    assert charge.net == eur("140.00")


def test_rule_4_9_or_the_last_reading_of_each_project_counts() -> None:
    """Seats are not added up over the days, but over the projects."""
    readings = (
        spend("37", date(2026, 1, 31), name="seats"),
        spend("30", date(2026, 1, 2), name="seats"),
        spend("5", date(2026, 1, 15), name="seats", project="APP"),
    )
    assert variable(SEATS, *readings)[0].quantity == 42


def test_rule_4_2_variable_parts_are_billed_after_their_period() -> None:
    """In arrears and in advance alike: the spend of January from 1 February."""
    for billing in Billing:
        terms = replace(retainer(version("100", variable=(MEDIA,))), billing=billing)
        found = assess(terms, metrics=[spend("100")], as_of=date(2026, 2, 1)).charges
        parts = [charge for charge in found if charge.part == "variable/media"]
        assert [charge.billed_with for charge in parts] == [date(2026, 2, 1)]


def test_a_metric_without_a_reading_is_a_problem() -> None:
    """Named with its period, once that has closed; a reading of 0 is one."""
    found = assess(retainer(version("0", variable=(MEDIA,))), metrics=[spend("100", 1)], as_of=FIRST_OF_MARCH)
    assert codes(found.problems) == ["MetricMissing"]
    assert found.problems[0].place == "agreements.toml:1 media 2026-02"
    assert "Media-Honorar of 2026-02 needs the metric 'spend'" in found.problems[0].message
    assert problems(as_of=date(2026, 1, 31)) == []
    assert problems(spend("100", name="clicks")) == ["MetricMissing"]
    assert variable(MEDIA, spend("0"))[0].net == eur("0")


def test_readings_of_the_period_that_runs_are_still_to_be_billed() -> None:
    """What it comes to so far, from the day it closes."""
    found = variable(MEDIA, spend("100", date(2026, 1, 5)), as_of=date(2026, 1, 20))
    assert [(str(charge.net), charge.billed_with) for charge in found] == [("8.00 EUR", date(2026, 2, 1))]


def test_readings_that_contradict_are_a_problem() -> None:
    """Two of one project and day that differ; told twice, one counts once."""
    assert problems(spend("100"), spend("101")) == ["ReadingsContradict"]
    assert variable(MEDIA, spend("100"), spend("100"))[0].net == eur("8.00")
    assert variable(MEDIA, spend("100"), spend("101", project="APP"))[0].net == eur("16.08")


def test_a_part_is_charged_for_the_days_it_holds() -> None:
    """Agreed from 16 January, dropped on 11 February: only readings of these days, and its own service periods."""
    terms: RetainerTerms = retainer(
        version("0"),
        version("0", variable=(MEDIA,), since=date(2026, 1, 16)),
        version("0", since=date(2026, 2, 11)),
    )
    metrics: Sequence[Metric] = [
        spend("100", date(2026, 1, 15)),
        spend("200", date(2026, 1, 16)),
        spend("300", month(2)),
    ]
    found = assess(terms, metrics=[*metrics, spend("400", date(2026, 2, 11))], as_of=FIRST_OF_MARCH)
    assert by_key(found.charges) == {"2026-01/variable/media": "16.00", "2026-02/variable/media": "24.00"}
    assert [(charge.period.start, charge.period.last_day) for charge in found.charges] == [
        (date(2026, 1, 16), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 10)),
    ]


def test_a_part_that_was_not_agreed_for_some_days_is_not_charged_for_them() -> None:
    """Agreed up to 10 January and again from the 21st: what was read between is free."""
    terms = retainer(
        version("0", variable=(MEDIA,)),
        version("0", since=date(2026, 1, 11)),
        version("0", variable=(MEDIA,), since=date(2026, 1, 21)),
    )
    days = {date(2026, 1, 10): "100", date(2026, 1, 11): "1000", date(2026, 1, 20): "1000", date(2026, 1, 21): "10"}
    found = assess(terms, metrics=[spend(value, on) for on, value in days.items()], as_of=date(2026, 2, 1))
    [charge] = found.charges
    assert (charge.net, charge.period) == (eur("8.80"), Period.inclusive(date(2026, 1, 1), date(2026, 1, 31)))


def test_service_and_vat_class_of_a_part() -> None:
    """Its own, else the retainer's."""
    plain = replace(retainer(version("0", variable=(MEDIA,))), service="support", vat_class="reduced")
    charge = assess(plain, metrics=[spend("1")], as_of=date(2026, 2, 1)).charges[0]
    assert (charge.service, charge.vat_class) == ("support", "reduced")
    own = replace(MEDIA, service="media", vat_class="standard")
    charge = variable(own, spend("1"))[0]
    assert (charge.service, charge.vat_class) == ("media", "standard")


@pytest.mark.parametrize(("part", "size"), [(MEDIA, "8 %"), (SEATS, "4.50")])
def test_rule_11_a_variable_part_is_explained(part: VariablePart, size: str) -> None:
    """Metric, value, size and outcome."""
    step = variable(part, spend("100", name=part.metric))[0].reason[0]
    assert step.rule == "variable_part"
    assert dict(step.values)["value"] == "100"
    assert dict(step.values)["size"] == size
