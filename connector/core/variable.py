"""Parts of the price that follow a metric: a percentage of it, or a price per unit (domain 4.9)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from connector.core.agreement import Agreement
from connector.core.charge import Charge, ChargeKind
from connector.core.cycle import BillingPeriod
from connector.core.metric_problems import contradictions, metric_missing
from connector.core.money import Money
from connector.core.period import Period
from connector.core.pricing import Priced, by_quantity, lump
from connector.core.problems import Problem
from connector.core.proration import PeriodTerms
from connector.core.readings import Metric
from connector.core.reason import Reason, step
from connector.core.retainer_terms import MetricUse, RetainerTerms, VariablePart
from connector.core.texts import percent


class MetricIndex:
    """The metrics of an agreement's projects by name and day."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._by_name: dict[str, list[Metric]] = {}
        for metric in sorted(metrics, key=lambda metric: (metric.on, metric.project)):
            self._by_name.setdefault(metric.name, []).append(metric)

    def within(self, name: str, days: Period) -> Sequence[Metric]:
        """Return the readings on these days, oldest first."""
        metrics = self._by_name.get(name, [])
        first = bisect_left(metrics, days.start, key=lambda metric: metric.on)
        return metrics[first : bisect_left(metrics, days.end, key=lambda metric: metric.on)]


def variable_charges(
    agreement: Agreement, terms: RetainerTerms, held: PeriodTerms, metrics: MetricIndex
) -> Iterator[Charge | Problem]:
    """Yield a charge per variable part of the period; a Problem where its metric was not read in it."""
    for spans, part in held.variable():
        readings = [reading for days in spans for reading in metrics.within(part.metric, days)]
        value = _value(agreement, part, readings, held.period.name)
        if isinstance(value, Problem):
            yield value
        else:
            days = Period(spans[0].start, spans[-1].end)
            yield _charge(agreement, terms, held.period, (days, part), value)


def _value(agreement: Agreement, part: VariablePart, readings: Sequence[Metric], period: str) -> Decimal | Problem:
    """Return the figure of the period: a project has one reading a day, and two that differ are a Problem."""
    if not readings:
        return metric_missing(agreement, (part.id, part.label), part.metric, period)
    if contradiction := next(contradictions(agreement, readings), None):
        return contradiction
    by_day = {(reading.project, reading.on): reading for reading in readings}
    if part.use is MetricUse.LAST:
        return sum({project: reading.value for (project, _), reading in by_day.items()}.values(), Decimal(0))
    return sum((reading.value for reading in by_day.values()), Decimal(0))


def _charge(
    agreement: Agreement,
    terms: RetainerTerms,
    period: BillingPeriod,
    holding: tuple[Period, VariablePart],
    value: Decimal,
) -> Charge:
    days, part = holding
    priced = _priced(part, value, terms.currency)
    return Charge(
        agreement=agreement.id,
        period_name=period.name,
        part=f"variable/{part.id}",
        kind=ChargeKind.VARIABLE,
        label=part.label,
        project=agreement.project,
        service=part.service or terms.service,
        vat_class=part.vat_class or terms.vat_class,
        priced=priced,
        period=days,
        billed_with=period.covered.end,
        explain=partial(_reason, part, value, priced.net),
    )


def _reason(part: VariablePart, value: Decimal, net: Money) -> Reason:
    size = part.unit_price if part.percent is None else percent(part.percent, "en")
    return (step("variable_part", metric=part.metric, use=part.use, value=value, size=size, net=net),)


def _priced(part: VariablePart, value: Decimal, currency: str) -> Priced:
    if part.unit_price is not None:
        return by_quantity(value, part.unit, part.unit_price, currency)
    share = part.percent or 0
    return lump(Money.of(value, currency, share), step("percent_of", percent=share, base=value))
