"""From facts to stored documents: plan, check that each can be booked and delivered, store (domain 8, 9.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from connector.core.agreement import Agreement, Instalments, ProgressMode, ProgressTerms
from connector.core.billed import History
from connector.core.booking import Booking
from connector.core.document import PlannedDocument
from connector.core.final import DownPayment
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.numbering import NumberFormat
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.plan import Facts, Plan, make_plan
from connector.core.ports import BatchSink, InvoiceSink
from connector.core.problems import Problem
from connector.core.readings import Metric, Reading
from connector.core.timesheet import BookedTime
from connector.jobs import events
from connector.jobs.work import Booked, Reach, work_of_agreements
from connector.mapping import Mapping as MappingRules
from connector.mapping import book, decide_vat

Sink = BatchSink | InvoiceSink


class Collected(Booked, Protocol):
    """What was pulled from the sources, later ones laid over earlier ones."""

    def customers(self) -> Mapping[str, Party]:
        """Return the customers by id."""
        ...

    def projects(self) -> Mapping[str, Project]:
        """Return the projects by id."""
        ...

    def offers(self) -> Mapping[str, Offer]:
        """Return the offers by id."""
        ...

    def readings(self, as_of: date, /) -> Sequence[Reading]:
        """Return the readings on or before the day."""
        ...

    def metrics(self, as_of: date, /) -> Sequence[Metric]:
        """Return the metrics on or before the day."""
        ...

    def booked(self, as_of: date, /) -> Mapping[str, BookedTime]:
        """Return the finished time per position up to the day."""
        ...


class Billed(Protocol):
    """What was billed before, and what a person said about it."""

    def history(self) -> History:
        """Return the billed log, folded."""
        ...

    def approved_charges(self) -> frozenset[str]:
        """Return the approvals that a person gave to charges."""
        ...

    def raised_notices(self) -> frozenset[str]:
        """Return the keys of the thresholds that were reported before."""
        ...

    def down_payments(self, agreements: Collection[str], /) -> Mapping[str, Sequence[DownPayment]]:
        """Return the earlier documents that stand of the agreements."""
        ...

    def finals(self) -> Mapping[str, Sequence[str]]:
        """Return the keys of the final invoices that stand, by agreement."""
        ...


class Added(Protocol):
    """What the store answers: the document's number, and whether it was stored just now."""

    @property
    def number(self) -> str:
        """Return the number."""
        ...

    @property
    def is_new(self) -> bool:
        """Tell whether it was stored just now."""
        ...


class Finish(Protocol):
    """Completes a document once its number is reserved."""

    def __call__(self, number: str, /) -> tuple[Invoice, Booking]:
        """Return document and booking with the number in them."""
        ...


class DocumentStore(Protocol):
    """Where documents are written: document, log, number and outbox in one transaction."""

    def add(
        self,
        planned: PlannedDocument,
        template: NumberFormat,
        finish: Finish,
        *,
        state: DocumentState,
        config_hash: str,
        who: str,
    ) -> Added:
        """Store the document under the next number; harmless where its key is there already."""
        ...

    def raise_notices(self, keys: Iterable[str], /) -> None:
        """Remember that these thresholds were reported."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """The part of the configuration that billing needs."""

    tenant: str
    seller: Party
    payment_days: int
    agreements: Sequence[Agreement]
    mapping: MappingRules
    approve_at_once: bool
    number_format: NumberFormat
    config_hash: str


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the day, who asks, and what a person chose per agreement (domain 3.10)."""

    as_of: date
    who: str
    selection: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A plan whose documents were tried against mapping and sink: `ready` can be billed, the rest is held."""

    plan: Plan
    ready: tuple[PlannedDocument, ...]


def facts_for(collected: Collected, billed: Billed, terms: Terms, request: Request) -> Facts:
    """Return all that a plan depends on."""
    projects = collected.projects()
    return Facts(
        tenant=terms.tenant,
        as_of=request.as_of,
        seller=terms.seller,
        payment_days=terms.payment_days,
        agreements=terms.agreements,
        customers=collected.customers(),
        projects=projects,
        offers=tuple(collected.offers().values()),
        vat=lambda case: decide_vat(terms.mapping, case),
        readings=collected.readings(request.as_of),
        booked=collected.booked(request.as_of) if any(map(_by_effort, terms.agreements)) else {},
        history=billed.history(),
        work=work_of_agreements(collected, terms.agreements, Reach(projects), request.as_of),
        metrics=collected.metrics(request.as_of),
        approved=billed.approved_charges(),
        raised=billed.raised_notices(),
        down_payments=billed.down_payments([each.id for each in terms.agreements if _asks_ahead(each)]),
        finals=frozenset(billed.finals()),
        selection=request.selection,
        who=request.who,
    )


def _asks_ahead(agreement: Agreement) -> bool:
    return agreement.closing.instalments is Instalments.DOWN_PAYMENT


def _by_effort(agreement: Agreement) -> bool:
    """Tell whether any progress of the agreement is measured by booked time, which is then summed per position."""
    terms = agreement.terms
    if not isinstance(terms, ProgressTerms):
        return False
    modes = (terms.mode, *terms.mode_by_category.values(), *terms.mode_by_position.values())
    return ProgressMode.EFFORT in modes


def look_ahead(facts: Facts, terms: Terms, sink: Sink, notices: Sequence[Problem] = ()) -> Outlook:
    """Return what would be billed on the day, with what else is worth knowing among its problems; writes nothing."""
    plan = make_plan(facts)
    obstacles = {each.invoice.key: tuple(_obstacles(each.invoice, terms, sink)) for each in plan.documents}
    ready = tuple(each for each in plan.documents if not any(found.holds for found in obstacles[each.invoice.key]))
    problems = (*plan.problems, *notices, *(problem for found in obstacles.values() for problem in found))
    return Outlook(replace(plan, problems=problems), ready)


def bill(store: DocumentStore, terms: Terms, outlook: Outlook, who: str) -> tuple[Invoice, ...]:
    """Store every document that is ready and return them; one that another run stored first is left alone.

    The thresholds that the plan tells for the first time are not told again (domain 4.11).
    """
    state = DocumentState.APPROVED if terms.approve_at_once else DocumentState.DRAFT
    billed = []
    for planned in outlook.ready:
        added = store.add(
            planned,
            terms.number_format,
            _finish(planned.invoice, terms.mapping),
            state=state,
            config_hash=terms.config_hash,
            who=who,
        )
        if added.is_new:
            billed.append(replace(planned.invoice, number=added.number))
            events.done("document %s: %s, %s", added.number, planned.invoice.agreement, planned.invoice.gross)
    if outlook.plan.notices:
        store.raise_notices(outlook.plan.notices)
    events.noticed(outlook.plan.problems)
    return tuple(billed)


def booked_with(mapping: MappingRules, invoice: Invoice) -> Booking:
    """Return the booking of a document that was tried before; the mapping is the same, so it has no hole."""
    booking = book(mapping, invoice)
    if not isinstance(booking, Booking):
        message = f"the mapping changed while document {invoice.key} was being stored"
        raise TypeError(message)
    return booking


def _finish(invoice: Invoice, mapping: MappingRules) -> Finish:
    def finish(number: str, /) -> tuple[Invoice, Booking]:
        numbered = replace(invoice, number=number)
        return numbered, booked_with(mapping, numbered)

    return finish


def _obstacles(invoice: Invoice, terms: Terms, sink: Sink) -> Iterator[Problem]:
    booking = book(terms.mapping, invoice)
    found: Iterable[Problem] = sink.refusals(booking) if isinstance(booking, Booking) else booking
    for problem in found:
        yield replace(problem, agreement=invoice.agreement)
