"""From facts to stored documents: plan, check that each can be booked and delivered, store (domain 8, 9.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from connector.core.agreement import Agreement
from connector.core.billed import History
from connector.core.booking import Booking
from connector.core.document import PlannedDocument
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.numbering import NumberFormat
from connector.core.offer import Offer, Project
from connector.core.party import Party
from connector.core.plan import Facts, Plan, make_plan
from connector.core.ports import BatchSink, InvoiceSink
from connector.core.problems import Problem, Severity
from connector.core.readings import Reading
from connector.core.timesheet import BookedTime
from connector.mapping import Mapping as MappingRules
from connector.mapping import book, decide_vat

Sink = BatchSink | InvoiceSink


class FactStore(Protocol):
    """What the plan reads from the store; sources later in `order` are laid over earlier ones."""

    def customers(self, order: Sequence[str]) -> Mapping[str, Party]:
        """Return the customers by id."""
        ...

    def projects(self, order: Sequence[str]) -> Mapping[str, Project]:
        """Return the projects by id."""
        ...

    def offers(self, order: Sequence[str]) -> Mapping[str, Offer]:
        """Return the offers by id."""
        ...

    def readings(self, order: Sequence[str], as_of: date) -> Sequence[Reading]:
        """Return the readings on or before the day."""
        ...

    def booked(self, order: Sequence[str], as_of: date) -> Mapping[str, BookedTime]:
        """Return the finished time per position up to the day."""
        ...

    def history(self) -> History:
        """Return the billed log, folded."""
        ...


class DocumentStore(Protocol):
    """Where documents are written: document, log, number and outbox in one transaction."""

    def add(self, document: NewDocument) -> str | None:
        """Store the document and return its number; None if a document of its key is there already."""
        ...


class Finisher(Protocol):
    """Completes a document once its number is reserved."""

    def __call__(self, number: str) -> tuple[Invoice, Booking]:
        """Return document and booking with the number in them."""
        ...


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A document to be stored: what was planned, how it is completed, and in which state it begins."""

    planned: PlannedDocument
    finish: Finisher
    state: DocumentState
    number_format: NumberFormat | None
    config_hash: str
    who: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The part of the configuration that billing needs.

    `number_format` is None where the sink numbers (domain 7.6). `sources` are in the order they are laid over.
    """

    tenant: str
    seller: Party
    payment_days: int
    agreements: Sequence[Agreement]
    mapping: MappingRules
    sources: Sequence[str]
    approve_at_once: bool
    number_format: NumberFormat | None
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


@dataclass(frozen=True, slots=True)
class Billed:
    """What was billed: numbers with their documents, and the outlook it came from."""

    outlook: Outlook
    documents: tuple[Invoice, ...]


def look_ahead(store: FactStore, terms: Terms, sink: Sink, request: Request) -> Outlook:
    """Return what would be billed on the day; writes nothing."""
    order = terms.sources
    plan = make_plan(
        Facts(
            tenant=terms.tenant,
            as_of=request.as_of,
            seller=terms.seller,
            payment_days=terms.payment_days,
            agreements=terms.agreements,
            customers=store.customers(order),
            projects=store.projects(order),
            offers=tuple(store.offers(order).values()),
            vat=lambda case: decide_vat(terms.mapping, case),
            readings=store.readings(order, request.as_of),
            booked=store.booked(order, request.as_of),
            history=store.history(),
            selection=request.selection,
            who=request.who,
        )
    )
    obstacles = {document.invoice.key: tuple(_obstacles(document.invoice, terms, sink)) for document in plan.documents}
    ready = tuple(document for document in plan.documents if not _held(obstacles[document.invoice.key]))
    found = (problem for problems in obstacles.values() for problem in problems)
    return Outlook(replace(plan, problems=(*plan.problems, *found)), ready)


def bill(store: DocumentStore, terms: Terms, outlook: Outlook, who: str) -> Billed:
    """Store every document that is ready; one that is there already (another run was first) is left alone."""
    state = DocumentState.QUEUED if terms.approve_at_once else DocumentState.DRAFT
    billed = []
    for planned in outlook.ready:
        finish = _finisher(planned.invoice, terms)
        new = NewDocument(planned, finish, state, terms.number_format, terms.config_hash, who)
        number = store.add(new)
        if number is not None:
            billed.append(replace(planned.invoice, number=number))
    return Billed(outlook, tuple(billed))


def booked_with(mapping: MappingRules, invoice: Invoice) -> Booking:
    """Return the booking of a document that was tried before; the mapping is the same, so it has no hole."""
    booking = book(mapping, invoice)
    if not isinstance(booking, Booking):
        message = f"the mapping changed while document {invoice.key} was being stored"
        raise TypeError(message)
    return booking


def _finisher(invoice: Invoice, terms: Terms) -> Finisher:
    def finish(number: str) -> tuple[Invoice, Booking]:
        numbered = replace(invoice, number=number)
        return numbered, booked_with(terms.mapping, numbered)

    return finish


def _obstacles(invoice: Invoice, terms: Terms, sink: Sink) -> Iterator[Problem]:
    booking = book(terms.mapping, invoice)
    found: Iterable[Problem] = sink.refusals(booking) if isinstance(booking, Booking) else booking
    for problem in found:
        yield replace(problem, agreement=invoice.agreement)


def _held(problems: Iterable[Problem]) -> bool:
    return any(problem.severity is Severity.HOLD for problem in problems)
