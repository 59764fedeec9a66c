from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.agreement import Agreement, ProgressMode, ProgressTerms
from connector.core.billed import EMPTY
from connector.core.catalogue import Item, ItemUnit, Overage, Tier
from connector.core.feed import Feed
from connector.core.feeding import Group
from connector.core.lifecycle import DocumentState
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.period import Period
from connector.core.readings import Metric, Reading
from connector.core.retainer_terms import RetainerTerms, TermsVersion
from connector.core.summing import Summing
from connector.core.timesheet import BookedTime
from connector.core.work import LeftOut, Work
from connector.jobs.bill import Outlook, Request, Terms, bill, booked_with, facts_for, look_ahead
from tests.core.builders import JANUARY, agreement, eur, invoice, offer, party, position, project, reading
from tests.jobs.world import HOLD, NO_DEBTOR, NOTICE, WHO, MemoryDocuments, MemorySink, rules, terms

AS_OF = JANUARY.last_day


@dataclass(frozen=True)
class Known:
    """Satisfies the port Collected: one project with one position, done."""

    def customers(self) -> Mapping[str, Party]:
        """Return the customer."""
        return {"K1": party()}

    def projects(self) -> Mapping[str, Project]:
        """Return the project."""
        return {"WEB": project(), "SHOP": project("SHOP")}

    def offers(self) -> Mapping[str, Offer]:
        """Return an offer for each project."""
        shop = position("1", "700", offer="B1", project="SHOP")
        return {"A1": offer(), "B1": offer(shop, id_="B1", project="SHOP")}

    def readings(self, as_of: date, /) -> Sequence[Reading]:
        """Return that both positions are done on the day."""
        return [reading(on=as_of), reading(target="B1/1", project="SHOP", on=as_of)]

    def metrics(self, as_of: date, /) -> Sequence[Metric]:
        """Return the media spend of the day."""
        return [Metric("media_spend", "WEB", as_of, Decimal(1000))]

    def booked(self, as_of: date, /) -> Mapping[str, BookedTime]:
        """Return an hour."""
        return {"A1/1": BookedTime(3600, 1)} if as_of else {}

    def work(self, projects: Collection[str], summing: Summing, as_of: date, /) -> Iterator[Work]:
        """Yield 25 hours of each project."""
        yield from (Work(as_of if summing.daily is None else JANUARY.start, 90_000, project=each) for each in projects)

    def left_out(self, projects: Collection[str], days: Period, /, *, approved_only: bool) -> dict[Group, LeftOut]:
        """Return a running timer of each project, and an entry that waits if that counts."""
        left = LeftOut(running=days.days > 0, not_approved=int(approved_only))
        return {(each, "", ""): left for each in projects}


def two_agreements(chosen: Terms) -> Terms:
    """Return the terms with an agreement for each project."""
    return replace(chosen, agreements=[agreement(), agreement(id_="shop", project="SHOP")])


def support() -> Agreement:
    """Return a retainer of 20 hours of design."""
    beyond = Overage(tiers=(Tier(Decimal(130)),))
    item = Item("design", "Design", ItemUnit.HOURS, 20 * 3600, beyond)
    version = TermsVersion(JANUARY.start, eur(2400), (item,))
    return replace(agreement(id_="support"), terms=RetainerTerms("Support", (version,)), feeds=(Feed("design"),))


def outlook(chosen: Terms, sink: MemorySink, store: MemoryDocuments | None = None) -> Outlook:
    """Return what would be billed on the last of January."""
    return look_ahead(facts_for(Known(), store or MemoryDocuments(), chosen, Request(AS_OF, WHO)), chosen, sink)


def test_facts_are_what_was_collected_configured_and_asked_for() -> None:
    """The plan sees nothing else: the mapping decides VAT, the selection is the operator's."""
    chosen = terms()
    selection = {"website": frozenset({"A1/1"})}
    facts = facts_for(Known(), MemoryDocuments(raised=["n"]), chosen, Request(AS_OF, WHO, selection))

    assert (facts.tenant, facts.as_of, facts.payment_days, facts.who) == ("nordlicht", AS_OF, 30, WHO)
    assert (facts.agreements, facts.seller) == (chosen.agreements, chosen.seller)
    assert (list(facts.customers), list(facts.projects), facts.offers) == (
        ["K1"],
        ["WEB", "SHOP"],
        tuple(Known().offers().values()),
    )
    assert (facts.readings, facts.metrics) == (Known().readings(AS_OF), Known().metrics(AS_OF))
    assert (facts.history, facts.selection) == (EMPTY, selection)
    assert (facts.approved, facts.raised) == (MemoryDocuments().approved_charges(), frozenset({"n"}))
    assert (facts.booked, facts.work) == ({}, {})


@pytest.mark.parametrize(
    ("effort", "asked"),
    [
        (ProgressTerms(ProgressMode.EFFORT), True),
        (ProgressTerms(ProgressMode.MANUAL, {"Design": ProgressMode.EFFORT}), True),
        (ProgressTerms(ProgressMode.MANUAL, {}, {"A1/1": ProgressMode.EFFORT}), True),
        (ProgressTerms(ProgressMode.MANUAL), False),
    ],
)
def test_booked_time_is_summed_per_position_only_for_effort(effort: ProgressTerms, asked: bool) -> None:  # noqa: FBT001 - a case of the test
    """A million entries are not summed for nobody."""
    chosen = replace(terms(), agreements=[agreement(), agreement(effort, id_="effort")])
    facts = facts_for(Known(), MemoryDocuments(), chosen, Request(AS_OF, WHO))
    assert facts.booked == ({"A1/1": BookedTime(3600, 1)} if asked else {})


def test_time_of_a_retainer_is_summed_by_month() -> None:
    """The facts hold the work of every agreement that bills time, by its id."""
    chosen = replace(terms(), agreements=[agreement(), support()])
    facts = facts_for(Known(), MemoryDocuments(), chosen, Request(AS_OF, WHO))
    assert facts.work == {"support": [Work(JANUARY.start, 90_000, project="WEB")]}


def test_a_threshold_is_told_once() -> None:
    """`plan` tells it until `bill` has; what was told before is not told again (domain 4.11)."""
    store = MemoryDocuments()
    chosen = replace(terms(), agreements=[support()])
    first = outlook(chosen, MemorySink(), store)
    assert outlook(chosen, MemorySink(), store).plan.notices == first.plan.notices

    bill(store, chosen, first, WHO)
    assert store.raised == [f"support/2026-01/design/{percent}" for percent in (50, 80, 100)]
    assert outlook(chosen, MemorySink(), store).plan.notices == ()


def test_what_else_is_worth_knowing_stands_among_the_problems() -> None:
    """It holds nothing back."""
    facts = facts_for(Known(), MemoryDocuments(), terms(), Request(AS_OF, WHO))
    found = look_ahead(facts, terms(), MemorySink(), [NOTICE])
    assert (len(found.ready), found.plan.problems) == (1, (NOTICE,))


def test_what_can_be_booked_and_delivered_is_ready() -> None:
    """With the VAT of the mapping, and no problem."""
    found = outlook(two_agreements(terms()), MemorySink())

    assert [str(each.invoice.gross) for each in found.ready] == ["5950.00 EUR", "833.00 EUR"]
    assert found.plan.problems == ()


def test_a_hole_in_the_mapping_holds_its_document() -> None:
    """The problem names the agreement."""
    found = outlook(terms(NO_DEBTOR), MemorySink())

    assert found.ready == ()
    assert [(problem.code, problem.agreement) for problem in found.plan.problems] == [("MissingDebtor", "website")]


def test_a_refusal_of_the_sink_holds_one_document() -> None:
    """The other is ready; a notice of the sink is told and holds nothing."""
    found = outlook(two_agreements(terms()), MemorySink({"website": [HOLD], "shop": [NOTICE]}))

    assert [each.invoice.agreement for each in found.ready] == ["shop"]
    assert found.plan.problems == (replace(HOLD, agreement="website"), replace(NOTICE, agreement="shop"))
    assert len(found.plan.documents) == 2


@pytest.mark.parametrize(("approve_at_once", "state"), [(True, DocumentState.APPROVED), (False, DocumentState.DRAFT)])
def test_what_is_ready_is_stored(approve_at_once: bool, state: DocumentState) -> None:  # noqa: FBT001 - a case of the test
    """With a number and a booking, the configuration's hash and who did it; approved at once where so configured."""
    store = MemoryDocuments()
    chosen = two_agreements(terms(approve_at_once=approve_at_once))
    billed = bill(store, chosen, outlook(chosen, MemorySink()), WHO)

    assert [document.number for document in billed] == ["RE-2026-0001", "RE-2026-0002"]
    assert list(store.states.values()) == [state, state]
    assert store.told == [("c0ffee", WHO)] * 2
    for stored, booking in store.documents.values():
        assert booking is not None
        assert booking.invoice == stored
        assert booking.rows[0].text == f"{stored.number} {stored.buyer.name}"


def test_what_is_held_is_not_stored() -> None:
    """Only the ready documents take a number."""
    store = MemoryDocuments()
    chosen = two_agreements(terms())
    billed = bill(store, chosen, outlook(chosen, MemorySink({"website": [HOLD]})), WHO)

    assert [(document.agreement, document.number) for document in billed] == [("shop", "RE-2026-0001")]


def test_a_document_that_is_there_already_is_left_alone() -> None:
    """Two runs planned the same: the second one bills nothing and says nothing of it."""
    store = MemoryDocuments()
    chosen = terms()
    planned = outlook(chosen, MemorySink())

    assert len(bill(store, chosen, planned, WHO)) == 1
    assert bill(store, chosen, planned, WHO) == ()
    assert len(store.documents) == 1


def test_what_was_billed_is_not_due_again() -> None:
    """The log knows it."""
    store = MemoryDocuments()
    chosen = terms()
    bill(store, chosen, outlook(chosen, MemorySink()), WHO)

    assert outlook(chosen, MemorySink(), store).ready == ()


def test_a_mapping_that_changed_in_between_is_a_fault_of_the_program() -> None:
    """Between trying and storing nothing may change: it fails loudly, and the store keeps nothing."""
    with pytest.raises(TypeError, match="the mapping changed while document k-0001"):
        booked_with(rules(NO_DEBTOR), invoice())


def test_the_log_says_what_was_billed_and_held(caplog: pytest.LogCaptureFixture) -> None:
    """A line per document, a warning per problem."""
    caplog.set_level(logging.INFO, logger="connector")
    chosen = two_agreements(terms())
    bill(MemoryDocuments(), chosen, outlook(chosen, MemorySink({"website": [HOLD]})), WHO)

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "document RE-2026-0001: shop, 833.00 EUR"),
        ("WARNING", "[RevenueAccountRefused] document: too long (ask your adviser)"),
    ]
