"""Whatever happens over the months, the parts add up to the whole (domain 3.5 to 3.9).

A story is drawn: positions with odd prices and discounts, readings up and down, amendments, edits of drafts,
cancellations and accepted changes. The sums are compared with a computation of their own, in fractions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from connector.core.agreement import DecreaseRule, OverRule, ProgressTerms
from connector.core.billed import History
from connector.core.edit import LineEdit, edit_entry, edited
from connector.core.invoice import Invoice
from connector.core.offer import Position
from connector.core.plan import Plan
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from connector.core.vat import VatCase, VatDecision
from tests.core.books import Books, codes, nets
from tests.core.builders import agreement, offer, position, progress_terms, project, reading, vat_decision, vat_rate

FIRST_DAY = date(2026, 1, 31)
RATES = {"standard": Fraction(19), "reduced": Fraction(7)}


def half_up(value: Fraction) -> Fraction:
    """Return the amount in whole cents, away from zero on halves: a second opinion on rounding."""
    cents = int(abs(value) * 100 + Fraction(1, 2))
    return Fraction(-cents if value < 0 else cents, 100)


def worth(what: Position) -> Fraction:
    """Return what the whole position is worth."""
    return half_up(Fraction(what.quantity.value) * Fraction(what.unit_price) * (1 - what.discount))


def decide(case: VatCase) -> VatDecision:
    """Decide 19 % or 7 % by class."""
    return vat_decision(vat_rate(str(RATES[case.vat_class])))


@dataclass(frozen=True)
class Month:
    """What happens before a plan: readings by index of the position, and perhaps one event each."""

    shares: list[tuple[int, Fraction]]
    amendment: Position | None
    dearer: tuple[int, Decimal] | None
    edit: tuple[int, Decimal, Decimal] | None
    cancel: int | None


PRICES = st.decimals(0, 20000, places=2) | st.decimals(0, 300, places=6)
QUANTITIES = st.just(Decimal(1)) | st.decimals(0, 200, places=2) | st.decimals(-5, 40, places=4)
POSITIONS = st.builds(
    lambda price, quantity, discount, vat_class: position(
        "1", price, quantity=quantity, discount=discount, vat_class=vat_class
    ),
    PRICES,
    QUANTITIES,
    st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1, 3), Fraction(3, 40)]),
    st.sampled_from(sorted(RATES)),
)
SHARES = st.fractions(0, 1, max_denominator=30) | st.sampled_from([Fraction(0), Fraction(1), Fraction(6, 5)])
INDEXES = st.integers(0, 9)
MONTHS = st.builds(
    Month,
    st.lists(st.tuples(INDEXES, SHARES), max_size=4),
    st.none() | POSITIONS,
    st.none() | st.tuples(INDEXES, PRICES),
    st.none() | st.tuples(INDEXES, st.decimals(-3, 50, places=2), PRICES),
    st.none() | INDEXES,
)
RULES = st.sampled_from(
    [
        progress_terms(),
        replace(progress_terms(), on_decrease=DecreaseRule.CREDIT),
        replace(progress_terms(), on_decrease=DecreaseRule.CREDIT, over=OverRule.BILL, show_unchanged=True),
    ]
)


class Story:
    """Books that live through months; positions are addressed by their index, however many there are."""

    def __init__(self, terms: ProgressTerms, positions: list[Position]) -> None:
        self.terms = terms
        self.positions: list[Position] = []
        self.shares: list[Fraction] = []
        self.books = Books(agreements=[agreement(terms)], vat=decide)
        self.billed: list[Invoice] = []
        for each in positions:
            self.add(each)

    def add(self, each: Position) -> None:
        """Accept an offer, or an amendment, of the one position."""
        self.positions.append(replace(each, offer=f"A{len(self.positions)}"))
        self.shares.append(Fraction(0))
        self._offer()

    def change(self, index: int, price: Decimal) -> None:
        """Give the position another price; accept that, if it was billed before."""
        index %= len(self.positions)
        dearer = replace(self.positions[index], unit_price=price)
        self.positions[index] = dearer
        if any(entry.position.key == dearer.key for entry in self.books.log):
            self.books.accept(dearer)
        self._offer()

    def _offer(self) -> None:
        self.books.offers = [offer(each, id_=each.offer) for each in self.positions]

    def read(self, index: int, share: Fraction, on: date) -> None:
        """Read the position's share on the day, unless it was read on it before."""
        index %= len(self.positions)
        key = self.positions[index].key
        if all((each.target, each.on) != (key, on) for each in self.books.readings):
            written = f"{share.numerator} of {share.denominator}"
            self.books.readings.append(replace(reading("0 %", key, on=on), share=Share(share, written)))
            self.shares[index] = share

    def went_back(self) -> bool:
        """Tell whether a share is lower than the one last billed and that holds the document."""
        positions = History.fold(self.books.log).positions
        pairs = zip(self.positions, self.effective(), strict=True)
        lower = any(each.key in positions and share < positions[each.key].share for each, share in pairs)
        return lower and self.terms.on_decrease is DecreaseRule.HOLD

    def effective(self) -> list[Fraction]:
        """Return the shares as they are billed."""
        return self.shares if self.terms.over is OverRule.BILL else [min(share, Fraction(1)) for share in self.shares]

    def edit(self, index: int, quantity: Decimal, price: Decimal, on: date) -> None:
        """Change a line with an amount on the newest document."""
        lines = [line for line in self.billed[-1].lines if line.net]
        change = LineEdit(lines[index % len(lines)].number, "Ada", on, "agreed", None, quantity, price)
        after = edited(self.billed[-1], change)
        check_document(after)
        state = self.books.state(lines[index % len(lines)].position)
        self.books.log.append(edit_entry(self.billed[-1], after, change, state))
        assert self.books.state(state.terms.key).computed == state.computed
        assert self.books.state(state.terms.key).deviation == state.deviation + after.net - self.billed[-1].net
        self.billed[-1] = after

    def cancel(self, index: int) -> None:
        """Take back one of the documents that stand."""
        self.books.cancel(self.billed.pop(index % len(self.billed)).key)

    def bill(self, on: date) -> Plan:
        """Bill the day and check every sum."""
        held = self.went_back()
        plan = self.books.bill(on)
        assert {problem.code for problem in plan.problems if problem.holds} == ({"ProgressWentBack"} if held else set())
        assert not (held and plan.documents)
        for document in plan.documents:
            check_document(document.invoice)
            self.billed.append(document.invoice)
        if not held:
            assert self.books.plan(on).documents == ()
            assert self.computed() == [
                half_up(worth(each) * share) for each, share in zip(self.positions, self.effective(), strict=True)
            ]
        return plan

    def computed(self) -> list[Fraction]:
        """Return the sum of the log per position."""
        log = self.books.log
        return [
            sum((Fraction(e.computed.amount) for e in log if e.position.key == p.key), Fraction(0))
            for p in self.positions
        ]

    def invoiced(self) -> Fraction:
        """Return what stands on documents."""
        return sum((Fraction(each.net.amount) for each in self.billed), Fraction(0))


def check_document(invoice: Invoice) -> None:
    """Hold the document to its sums, computed anew in fractions."""
    for line in invoice.lines:
        assert half_up(Fraction(line.quantity) * Fraction(line.unit_price)) == Fraction(line.net.amount)
    net = sum((Fraction(line.net.amount) for line in invoice.lines), Fraction(0))
    tax = Fraction(0)
    for rate in RATES.values():
        base = sum((Fraction(line.net.amount) for line in invoice.lines if line.vat.rate.percent == rate), Fraction(0))
        tax += half_up(base * rate / 100)
    assert (Fraction(invoice.net.amount), Fraction(invoice.tax.amount)) == (net, tax)
    assert Fraction(invoice.gross.amount) == net + tax
    assert (invoice.kind == "credit_note") == (net + tax < 0)


def live(story: Story, months: list[Month]) -> Iterator[tuple[date, Plan]]:
    """Let the months pass and yield each day with its plan."""
    for number, month in enumerate(months):
        day = FIRST_DAY + timedelta(days=30 * number)
        if month.amendment:
            story.add(month.amendment)
        if month.dearer:
            story.change(*month.dearer)
        for index, share in month.shares:
            story.read(index, share, day)
        if month.cancel is not None and story.billed:
            story.cancel(month.cancel)
        plan = story.bill(day)
        if month.edit and plan.documents:
            story.edit(*month.edit, day)
        yield day, plan


STORIES = st.tuples(RULES, st.lists(POSITIONS, min_size=1, max_size=3), st.lists(MONTHS, min_size=1, max_size=6))


@settings(max_examples=200)
@given(STORIES)
def test_the_parts_add_up_to_the_whole(drawn: tuple[ProgressTerms, list[Position], list[Month]]) -> None:
    """At every step the log is round(total × share); once all is done, it is the sum of the totals."""
    terms, positions, months = drawn
    story = Story(terms, positions)
    days = [day for day, _ in live(story, months)]
    last = days[-1] + timedelta(days=30)
    for index in range(len(story.positions)):
        story.read(index, Fraction(1), last)
    story.bill(last)
    assert sum(story.computed(), Fraction(0)) == sum((worth(each) for each in story.positions), Fraction(0))
    assert story.invoiced() == sum((Fraction(entry.invoiced.amount) for entry in story.books.log), Fraction(0))


@settings(max_examples=100)
@given(STORIES)
def test_edits_move_no_later_invoice(drawn: tuple[ProgressTerms, list[Position], list[Month]]) -> None:
    """With and without a person's edits the computed amounts of every month are the same (domain 3.8)."""
    terms, positions, months = drawn
    plain = [replace(month, edit=None) for month in months]
    one = [nets(plan) for _, plan in live(Story(terms, positions), months)]
    other = [nets(plan) for _, plan in live(Story(terms, positions), plain)]
    assert one == other


@settings(max_examples=100)
@given(st.lists(st.tuples(POSITIONS, SHARES, st.booleans()), min_size=1, max_size=6))
def test_what_is_chosen_and_what_is_left_make_the_whole(drawn: list[tuple[Position, Fraction, bool]]) -> None:
    """Some positions now and the rest after is the same as all at once (domain 3.10)."""
    chosen = []
    at_once, in_parts = (Story(progress_terms(), [each for each, _, _ in drawn]) for _ in range(2))
    for index, (_, share, now) in enumerate(drawn):
        at_once.read(index, share, FIRST_DAY)
        in_parts.read(index, share, FIRST_DAY)
        chosen += [in_parts.positions[index].key] if now else []
    all_of_it = nets(at_once.bill(FIRST_DAY))
    some = nets(in_parts.books.bill(FIRST_DAY, selection={"website": frozenset(chosen)}))
    assert {**some, **nets(in_parts.bill(FIRST_DAY))} == all_of_it
    assert set(some) <= set(chosen)


READINGS = st.lists(
    st.builds(
        lambda share, scope, days, name: reading(
            f"{share.numerator} of {share.denominator}",
            {"project": "", "category": "Design", "position": "A1/1"}[scope],
            scope=ReadingScope(scope),
            on=FIRST_DAY - timedelta(days=days),
            project=name,
        ),
        st.fractions(0, 1, max_denominator=5),
        st.sampled_from(["project", "category", "position"]),
        st.integers(-2, 4),
        st.sampled_from(["WEB", "SHOP"]),
    ),
    max_size=8,
)


@settings(max_examples=200)
@given(READINGS, st.randoms(use_true_random=False))
def test_the_newest_day_then_the_narrowest_scope_then_the_nearest_project_counts(
    readings: list[Reading], random: Random
) -> None:
    """Whatever the order of the readings; those that count equally and differ contradict each other (domain 3.3)."""
    shop = offer(position("1", "1000", category="Design", project="SHOP"), project="SHOP")
    parts = {"WEB": project(), "SHOP": project("SHOP", parent="WEB")}
    plan = Books([shop], projects=parts).plan(FIRST_DAY, *readings)
    known = [each for each in readings if each.on <= FIRST_DAY]
    best = max((precedence(each) for each in known), default=None)
    shares = {each.share.value for each in known if each.share and precedence(each) == best}
    assert codes(plan) == (["ReadingsContradict"] if len(shares) > 1 else [])
    if len(shares) <= 1:
        due = half_up(1000 * sum(shares, Fraction(0)))
        assert [Fraction(net) for net in nets(plan).values()] == ([due] if due else [])
    random.shuffle(readings)
    again = Books([shop], projects=parts).plan(FIRST_DAY, *readings)
    assert (nets(again), codes(again)) == (nets(plan), codes(plan))


def precedence(each: Reading) -> tuple[date, int, bool]:
    """Return what decides which reading counts; a position is named by its key alone."""
    scope = list(ReadingScope)[::-1].index(each.scope)
    return each.on, scope, each.project == "SHOP" or each.scope is ReadingScope.POSITION
