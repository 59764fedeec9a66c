"""Planning positions whose progress is kept by hand, with the reasons of every amount (domain 3, 11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from connector.core.money import QUANTA
from connector.core.offer import Offer, Position
from connector.core.plan import Facts, make_plan
from connector.core.quantity import Unit
from connector.core.readings import Reading
from tests.bench.measure import Finding, Scale, fastest, seconds, speed
from tests.core.builders import JANUARY, agreement, offer, party, position, project, reading, seller, vat_decision

SIZES = (1_000, 10_000, 100_000)
LEAST_PER_SECOND = 20_000
FLATNESS = 0.75
"""The largest plan keeps at least so much of the smallest one's speed; memory takes its share, growing work would halve
it again and again."""

POSITIONS_PER_OFFER = 50


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield the speed at each size, and how much of it the largest size keeps."""
    spent = []
    for size in (scale.of(size) for size in SIZES):
        facts = facts_of(size)
        products = [(each.total.amount, Decimal("0.37")) for each in _positions(facts.offers)]
        works = (partial(make_plan, facts), partial(round_all, products))
        work, floor = fastest(scale, *(partial(seconds, work) for work in works))
        spent.append(work / size)
        yield speed(f"Planning {size:,} positions", size, work, LEAST_PER_SECOND, ("round(total × share)", floor))
    kept = spent[0] / spent[-1]
    yield Finding("… speed the largest plan keeps", f"{kept:.0%}", f"≥ {FLATNESS:.0%}", kept / FLATNESS)


def facts_of(positions: int) -> Facts:
    """Return so many positions, each with a reading, in offers and agreements of their own."""
    offers = [_offer(number, first, positions) for number, first in enumerate(range(0, positions, POSITIONS_PER_OFFER))]
    projects = {each.project: project(each.project) for each in offers}
    decision = vat_decision()
    return Facts(
        tenant="bench",
        as_of=JANUARY.last_day,
        seller=seller(),
        payment_days=14,
        agreements=[agreement(id_=each, project=each) for each in projects],
        customers={"K1": party()},
        projects=projects,
        offers=offers,
        vat=lambda _case: decision,
        readings=[_reading(index, each) for index, each in enumerate(_positions(offers))],
        who="bench",
    )


def _offer(number: int, first: int, end: int) -> Offer:
    name = f"P{number}"
    numbers = range(first, min(first + POSITIONS_PER_OFFER, end))
    positions = (
        position(str(each), f"{80 + each % 60}.50", offer=name, project=name, quantity=1 + each % 40, unit=Unit.HOUR)
        for each in numbers
    )
    return offer(*positions, id_=name, project=name)


def _reading(index: int, of: Position) -> Reading:
    return reading(f"{1 + index % 100} %", of.key, project=of.project, origin=f"progress.csv:{index + 2}")


def _positions(offers: Iterable[Offer]) -> Iterator[Position]:
    return (each for one in offers for each in one.positions)


def round_all(products: list[tuple[Decimal, Decimal]]) -> None:
    """Round each total × share, and do nothing else."""
    for total, share in products:
        (total * share).quantize(QUANTA[2], ROUND_HALF_UP)
