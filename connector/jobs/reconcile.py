"""Hold the store and a sink's own list against each other: missing, double, different, unknown (domain 9.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from connector.core.booking import Booking
from connector.core.delivery import Pending, difference, place_of
from connector.core.errors import NotFound
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.ports import InvoiceSink, Listed, ListingSink, Receipt
from connector.core.problems import Problem, Severity
from connector.jobs import events


@runtime_checkable
class ReconcilableSink(InvoiceSink, ListingSink, Protocol):
    """A sink behind an API whose documents can be listed."""


class Kept(Protocol):
    """What is on record of deliveries."""

    def receipts(self, sink: str, /) -> Iterable[Receipt]:
        """Yield what the sink answered."""
        ...

    def document(self, key: str, /) -> Pending:
        """Return the document."""
        ...


@dataclass(frozen=True, slots=True)
class Reconciled:
    """How many documents of ours were looked for, how many the sink listed, and what does not agree."""

    ours: int
    listed: int
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Reconciler:
    """Compares one sink, under the name its receipts are kept by, with what is on record; changes nothing.

    `keys` are those of all documents of the tenant.
    """

    kept: Kept
    sink: ReconcilableSink
    name: str
    keys: frozenset[str]

    def reconcile(self, since: date) -> Reconciled:
        """Return what does not agree among the documents issued from that day on."""
        documents = {receipt.reference: self._document(receipt) for receipt in self.kept.receipts(self.name)}
        ours = {name: each for name, each in documents.items() if each.invoice.issue_date >= since}
        listed = list(self.sink.listed(since, documents.keys()))
        problems = [*self._of_listed(listed, documents), *self._not_listed(listed, ours)]
        events.noticed(problems)
        return Reconciled(len(ours), len(listed), tuple(problems))

    def _document(self, receipt: Receipt) -> _Ours:
        pending = self.kept.document(receipt.key)
        return _Ours(receipt, pending.booking, pending.state)

    def _of_listed(self, listed: Iterable[Listed], documents: Mapping[str, _Ours]) -> Iterator[Problem]:
        by_key = {each.receipt.key: each for each in documents.values()}
        for there in listed:
            if there.reference in documents:
                yield from _differences(documents[there.reference], there)
            elif there.key in by_key:
                yield _double(by_key[there.key], there)
            elif there.key in self.keys:
                yield _not_recorded(self.kept.document(there.key).booking.invoice, there)
            else:
                yield _unknown(there, self.name)

    def _not_listed(self, listed: Iterable[Listed], ours: Mapping[str, _Ours]) -> Iterator[Problem]:
        """Yield what is gone; a document that only moved to another day is read and compared."""
        seen = {there.reference for there in listed}
        for reference, here in ours.items():
            if reference in seen or here.is_discarded:
                continue
            try:
                delivered = self.sink.read(here.booking, here.receipt)
            except NotFound:
                yield _missing(here, self.name)
            else:
                if problem := difference(here.invoice, delivered):
                    yield problem


@dataclass(frozen=True, slots=True)
class _Ours:
    """A document of ours that the sink accepted."""

    receipt: Receipt
    booking: Booking
    state: DocumentState

    @property
    def invoice(self) -> Invoice:
        return self.booking.invoice

    @property
    def is_discarded(self) -> bool:
        """Tell whether it never was more than a draft, and was cancelled because that was discarded."""
        return self.state is DocumentState.CANCELLED and not self.receipt.number


def _differences(here: _Ours, there: Listed) -> Iterator[Problem]:
    invoice = here.invoice
    numbers = (here.receipt.number, there.number)
    pairs = [("gross", str(invoice.gross), str(there.gross))]
    pairs += [("number", *numbers)] if all(numbers) else []
    found = [f"{name} {ours} here, {theirs} there" for name, ours, theirs in pairs if ours != theirs]
    if there.cancelled and here.state is not DocumentState.CANCELLED:
        found.append(f"{here.state.value} here, cancelled there")
    if found:
        hint = "correct it there, or cancel it here with honorar cancel"
        yield _problem("DifferentInSink", "; ".join(found), invoice, there.link, hint)


def _double(here: _Ours, there: Listed) -> Problem:
    message = f"it is there a second time, as {there.number or there.reference} over {there.gross}"
    hint = "cancel or discard the one that was not handed over by Honorar: it was copied there, or sent by hand"
    return _problem("DoubleInSink", message, here.invoice, there.link, hint)


def _not_recorded(invoice: Invoice, there: Listed) -> Problem:
    message = f"it is there as {there.number or there.reference}, but no receipt is on record"
    return _problem("NotRecorded", message, invoice, there.link, "honorar push takes it over, if it is not settled yet")


def _missing(here: _Ours, sink: str) -> Problem:
    message = f"{sink} took it as {here.receipt.number or here.receipt.reference}, and does not have it any more"
    hint = "was it discarded there as a draft? then cancel it here too: honorar cancel"
    return _problem("MissingInSink", message, here.invoice, here.receipt.link, hint)


def _unknown(there: Listed, sink: str) -> Problem:
    message = f"{there.gross} to {there.customer or 'nobody named'} of {there.issued_on} was not made by Honorar"
    place = f"{sink}: {there.number or there.reference}"
    return Problem("UnknownInSink", message, place, "nothing, if it was written there by hand", Severity.NOTICE)


def _problem(code: str, message: str, invoice: Invoice, link: str, hint: str) -> Problem:
    place = ", ".join(filter(None, (place_of(invoice), link)))
    return Problem(code, message, place, hint, agreement=invoice.agreement)
