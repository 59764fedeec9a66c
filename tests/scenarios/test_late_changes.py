"""After any late changes and runs, the sum of all documents is what one run with final knowledge would have billed.

Held against a real store: entries are pulled, changed and deleted, metrics and terms are corrected, each run is planned
from the store and billed into it, what waits for a person is let through, documents are cancelled (domain 6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.core.agreement import Agreement
from connector.core.catalogue import DrawOrder, Item, ItemUnit, OverageRule, Rollover, TierMode
from connector.core.charge import LateRule
from connector.core.cycle import Cycle
from connector.core.feed import Feed
from connector.core.lifecycle import DocumentState
from connector.core.materials_terms import MaterialsTerms
from connector.core.party import Address, Party
from connector.core.period import Period
from connector.core.pricing import HourPricing
from connector.core.readings import Metric
from connector.core.retainer_terms import Billing, Proration, RetainerTerms, TermsVersion, VariablePart
from connector.core.term_end import Term
from connector.core.time_rounding import RoundedPer, RoundingMode, TimeRounding
from connector.core.timesheet import TimeEntry
from connector.core.vat import VatCategory
from connector.core.work import GroupBy
from connector.jobs.bill import Outlook, Request, Terms, bill, facts_for, look_ahead
from connector.jobs.cancel import Canceller
from connector.store import Store, open_store
from tests.core.builders import eur, party, project
from tests.core.retainer_builders import hours, item, materials, overage, rate_card, retainer, tiers, version
from tests.jobs.world import MemorySink, rules, terms

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
LAST_RUN = YEAR.end
SOURCE = "tracker"
WHO = "anna"

MAPPING = """
    [[vat]]
    vat_class = "reduced"
    country = "DE"
    category = "S"
    rate = "7"

    [[vat]]
    country = "DE"
    valid_to = 2026-06-30
    category = "S"
    rate = "19"

    [[vat]]
    country = "DE"
    category = "S"
    rate = "16"

    [[vat]]
    group = "EU"
    category = "AE"
    note = "Reverse Charge"

    [[debtor]]
    customer = "K1"
    account = "10001"

    [[debtor]]
    customer = "K2"
    account = "10002"

    [[revenue]]
    vat_category = "S"
    rate = "7"
    account = "8300"
    automatic = true

    [[revenue]]
    vat_category = "S"
    rate = "16"
    account = "8340"
    automatic = true

    [[revenue]]
    vat_category = "S"
    rate = "19"
    account = "8400"
    automatic = true

    [[revenue]]
    vat_category = "AE"
    account = "8336"
    automatic = true
    """
"""Four tax treatments; one of them changes in the middle of the year, and corrections keep that of their period."""

RULES = rules(MAPPING)

VIENNA = Party("K2", "Donau GmbH", Address("Ring 1", "1010", "Wien", "AT"), "ATU12345678", is_business=True)

PROJECTS = [
    project("WEB"),
    project("SHOP", parent="WEB"),
    project("APP"),
    project("WIEN", customer="K2"),
]

COPY = replace(
    item("copy", 300, unit=ItemUnit.AMOUNT, beyond=overage(of=()), role_rates={"Text": "85.50"}), vat_class="reduced"
)
"""A budget in money for texts, taxed at another rate than the rest of its retainer."""

MEDIA = VariablePart("media", "Media", "spend", percent=Fraction(8, 100))


@dataclass(frozen=True)
class Known:
    """What is known at some moment: entries by id, what was spent on media, and the terms of the agreements."""

    entries: Mapping[int, TimeEntry]
    spend: Sequence[int]
    agreements: Sequence[Agreement]


days = st.integers(0, YEAR.days - 1).map(lambda number: YEAR.start + timedelta(days=number))

told = st.builds(
    lambda day, where, seconds, person, activity, billable, approved: TimeEntry(
        "", where, day, seconds, person, activity, text="Arbeit", billable=billable, approved=approved
    ),
    days,
    st.sampled_from([each.id for each in PROJECTS]),
    st.none() | st.integers(0, hours(30)),
    st.sampled_from(["Jo", "Kim"]),
    st.sampled_from(["Design", "Text"]),
    st.sampled_from([True, True, True, False]),
    st.sampled_from([True, True, False]),
)
entries = st.dictionaries(st.integers(0, 15), told, max_size=12)

roundings = st.builds(
    TimeRounding, st.sampled_from([6, 15]), st.sampled_from(RoundingMode), st.sampled_from(RoundedPer)
)
pricings = st.builds(HourPricing, st.just(2), st.booleans())
ends = st.none() | st.sampled_from([date(2026, 4, 12), date(2026, 9, 30), date(2026, 12, 15)])

rollovers = st.none() | st.builds(
    Rollover,
    st.sampled_from([None, 0, hours(10), Fraction(1, 3)]),
    st.none() | st.integers(1, 3),
    st.sampled_from(DrawOrder),
)
ladders = st.sampled_from([tiers((130, None)), tiers((130, hours(3)), (Decimal("99.99"), None))])


@st.composite
def designs(draw: st.DrawFn, rule: OverageRule) -> Item:
    """Return hours of design with the overage rule."""
    limit = draw(st.none() | st.integers(0, hours(5)))
    beyond = overage(rule, of=draw(ladders), mode=draw(st.sampled_from(TierMode)), max_deduct=limit)
    return item("design", draw(st.sampled_from(["0", "10", "7.5"])), beyond=beyond, rollover=draw(rollovers))


@st.composite
def versions(draw: st.DrawFn, rule: OverageRule, since: date, variable: tuple[VariablePart, ...]) -> TermsVersion:
    """Return terms that hold from a day on."""
    items = (draw(designs(rule)), replace(COPY, allowance=draw(st.sampled_from([0, 30_000]))))
    fee = draw(st.sampled_from(["0", "2400", "3100.55"]))
    return version(fee, *items, since=since, variable=variable)


@st.composite
def retainers(draw: st.DrawFn, rule: OverageRule) -> RetainerTerms:
    """Return a retainer of up to three versions, which has ended before the last run."""
    variable = draw(st.sampled_from([(), (MEDIA,)]))
    start = draw(st.sampled_from([YEAR.start, date(2026, 2, 10)]))
    later = draw(st.sets(days.filter(lambda day: day > start), max_size=2))
    held = [draw(versions(rule, since, variable)) for since in (start, *sorted(later))]
    return replace(
        retainer(*held, cycle=draw(st.sampled_from([Cycle.MONTH, Cycle.QUARTER]))),
        billing=draw(st.sampled_from(Billing)),
        proration=draw(st.sampled_from(Proration)),
        rounding=draw(roundings),
        pricing=draw(pricings),
        late=draw(st.sampled_from(LateRule)),
        term=Term(last_day=draw(ends) or YEAR.last_day),
    )


@st.composite
def sheets(draw: st.DrawFn) -> MaterialsTerms:
    """Return time and materials with rates that may change in May, up to a limit or none."""
    later = draw(st.sampled_from([(), (rate_card("110.125", since=date(2026, 5, 17)),)]))
    card = rate_card(draw(st.sampled_from(["100", "99.99"])), persons=draw(st.sampled_from([None, {"Jo": "120"}])))
    limit = draw(st.sampled_from([None, "0", "1234.56", "5000"]))
    return replace(
        materials(card, *later),
        group_by=draw(st.sampled_from(GroupBy)),
        approved_only=draw(st.booleans()),
        not_to_exceed=None if limit is None else eur(limit),
        rounding=draw(roundings),
        pricing=draw(pricings),
        late=draw(st.sampled_from(LateRule)),
        term=Term(last_day=draw(ends) or YEAR.last_day),
    )


FEEDS = (Feed("copy", activities=("Text",)), Feed("design", activities=("Design",)))


@st.composite
def knowledge(draw: st.DrawFn, rule: OverageRule) -> Known:
    """Return what may be known of a pooled retainer, one abroad, and a project by time and materials."""
    agreements = [
        Agreement("support", "K1", "WEB", draw(retainers(rule)), feeds=FEEDS),
        Agreement("wien", "K2", "WIEN", draw(retainers(rule)), feeds=FEEDS),
        Agreement("app", "K1", "APP", draw(sheets())),
    ]
    spend = draw(st.lists(st.integers(0, 99_999), min_size=12, max_size=12))
    return Known(draw(entries), spend, agreements)


@dataclass(frozen=True)
class Run:
    """A run on a day, and whether its newest document is cancelled afterwards."""

    day: date
    known: Known
    cancels: bool


@st.composite
def histories(draw: st.DrawFn, rule: OverageRule) -> list[Run]:
    """Return runs in the order of their days; the last one, in January, has the final knowledge."""
    runs = draw(st.lists(days, max_size=4).map(sorted))
    earlier = [Run(day, draw(knowledge(rule)), draw(st.booleans())) for day in runs]
    return [*earlier, Run(LAST_RUN, draw(knowledge(rule)), cancels=False)]


class Agency:
    """A tenant with a store, whose source tells what is known."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.sink = MemorySink()

    def runs(self, run: Run) -> int:
        """Pull what is known, let through what waits, bill what is due; return how many documents that makes."""
        self._pull(run.known)
        config = replace(terms(), agreements=run.known.agreements, mapping=RULES)
        outlook = self._outlook(config, run.day)
        while outlook.plan.waiting:
            self.store.billing.approve_charges(outlook.plan.waiting, WHO, "agreed")
            outlook = self._outlook(config, run.day)
        assert [problem for problem in outlook.plan.problems if problem.holds] == []
        billed = bill(self.store.billing, config, outlook, WHO)
        if billed and run.cancels:
            document = self.store.billing.document(billed[-1].key)
            canceller = Canceller(self.store.billing, self.sink, config, WHO)
            canceller.cancel(document, document.summary.state, run.day, "sent to the wrong address")
        return len(billed)

    def billed(self) -> dict[tuple[str, VatCategory, Decimal], Decimal]:
        """Return the sum of all documents that stand, per agreement and tax treatment."""
        sums: defaultdict[tuple[str, VatCategory, Decimal], Decimal] = defaultdict(Decimal)
        for each in self.store.billing.documents():
            if each.state is not DocumentState.CANCELLED:
                for line in self.store.billing.document(each.key).invoice.lines:
                    sums[each.agreement, line.vat.rate.category, line.vat.rate.percent] += line.net.amount
        return {key: net for key, net in sums.items() if net}

    def _outlook(self, config: Terms, as_of: date) -> Outlook:
        collected = self.store.collected([SOURCE])
        return look_ahead(facts_for(collected, self.store.billing, config, Request(as_of, WHO)), config, self.sink)

    def _pull(self, known: Known) -> None:
        metrics = [
            Metric("spend", where, date(2026, month, 11), Decimal(spent))
            for month, spent in enumerate(known.spend, start=1)
            for where in ("WEB", "WIEN")
        ]
        with self.store.sources.pull(SOURCE) as pull:
            pull.replace("customers", [party(), VIENNA])
            pull.replace("projects", PROJECTS)
            pull.replace("metrics", metrics)
            pull.sync_entries(YEAR, [replace(entry, id=f"T{id_}") for id_, entry in known.entries.items()])


@pytest.fixture(scope="module")
def agencies(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], AbstractContextManager[Agency]]:
    """Return what opens a new tenant in a store on the disk."""
    url = f"sqlite:///{tmp_path_factory.mktemp('late') / 'honorar.db'}"
    numbers = count()

    @contextmanager
    def opened() -> Iterator[Agency]:
        with open_store(url, f"tenant-{next(numbers)}") as store:
            yield Agency(store)

    return opened


@pytest.mark.parametrize("rule", OverageRule)
@settings(max_examples=10)
@given(data=st.data())
def test_whatever_changes_late_the_documents_add_up(
    agencies: Callable[[], AbstractContextManager[Agency]], rule: OverageRule, data: st.DataObject
) -> None:
    """Many runs come to what the last one alone bills, per agreement and tax treatment; then nothing more is due."""
    history = data.draw(histories(rule))
    with agencies() as agency, agencies() as oracle:
        for run in history:
            agency.runs(run)
        oracle.runs(history[-1])
        assert agency.billed() == oracle.billed()
        assert agency.runs(history[-1]) == 0
