"""What was paid, written into the invoice in Furious that carries the document's number (domain 10.5).

What is there is read first, so that nothing is sent twice, whatever was lost on the way; and read again afterwards,
because nobody documents which values Furious takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connector.core.errors import DocumentRejected
from connector.core.notation import NotationError
from connector.core.payment import PaymentState
from connector.core.problems import Problem
from connector.core.receivables import OpenItem
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.query import Filter, Operator, Search
from connector.sources.furious.settings import WriteBack
from connector.sources.furious.values import NO_DAY, Row, text


@dataclass(frozen=True, slots=True)
class _Found:
    """An invoice of Furious: its id, how messages name it, and what stands in the fields that are written."""

    number: int
    place: str
    values: Mapping[str, str]

    def lacks(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """Return what of the wanted values does not stand there."""
        return {field: value for field, value in wanted.items() if self.values[field] != value}


def write(calls: Calls, fields: WriteBack, item: OpenItem) -> Iterator[str]:
    """Yield the invoice with what changed in it; nothing where it says so already.

    DocumentRejected where no invoice or several carry the number, where no value stands for the state, and where
    Furious still says something else after it has taken the change.
    """
    wanted = _wanted(fields, item)
    before = _find(calls, fields, item.number)
    news = before.lacks(wanted)
    if not news:
        return
    calls.change(resources.invoices(fields).search.resource, before.number, news)
    after = _find(calls, fields, item.number)
    if kept := after.lacks(news):
        message = f"Furious took the change, but says {_listed(after.values, kept)} in place of {_listed(news, kept)}"
        hint = "compare write_back.states with what the API tells of an invoice in this state"
        raise DocumentRejected(message, place=after.place, hint=hint)
    changed = ", ".join(f"{field} {_said(before.values[field])} → {_said(news[field])}" for field in news)
    yield f"{before.place} ({changed})"


def _wanted(fields: WriteBack, item: OpenItem) -> dict[str, str]:
    """Return what is to stand where; the day is left alone where all is paid and nobody says since when.

    What is overpaid is paid.
    """
    state = PaymentState.CANCELLED if item.cancelled else item.state
    state = PaymentState.PAID if state is PaymentState.OVERPAID else state
    word = getattr(fields.states, state.value)
    if not word:
        message = f"write_back.states has no value for {state.value}"
        raise DocumentRejected(message, place=item.number, hint="name it, if this state is to be written")
    wanted = {fields.state: word}
    if fields.paid_on and state is not PaymentState.PAID:
        wanted[fields.paid_on] = ""
    elif fields.paid_on and item.paid_on:
        wanted[fields.paid_on] = item.paid_on.isoformat()
    return wanted


def _find(calls: Calls, fields: WriteBack, number: str) -> _Found:
    """Return the one invoice with the number."""
    place = f"{calls.source}: {resources.invoices(fields).search.resource.path}"
    try:
        found = list(_with_number(calls, fields, number))
    except NotationError as error:
        raise DocumentRejected(error.message, place=place, hint=error.hint) from None
    if len(found) != 1:
        message = f"{len(found) or 'no'} invoices have {number} in {fields.number}"
        raise DocumentRejected(message, place=place, hint=f"let exactly one invoice in Furious carry {number}")
    return found[0]


def _with_number(calls: Calls, fields: WriteBack, number: str) -> Iterator[_Found]:
    """Yield what has the number to the letter: databases also find what differs in case or blanks."""
    asked = resources.invoices(fields).search
    search = Search(asked.resource, asked.fields, [Filter(fields.number, Operator.EQUAL, number)])
    for row in calls.walk(search):
        if isinstance(row, Problem):
            raise DocumentRejected(row.message, place=row.place, hint=row.hint)
        if text(row, fields.number) == number:
            key = int(row[fields.key])
            values = {fields.state: text(row, fields.state), fields.paid_on: _day(row, fields.paid_on)}
            yield _Found(key, calls.place(asked.resource, key), values)


def _day(row: Row, field: str) -> str:
    """Return the day without the time of day that may stand behind it, '' for none."""
    told = text(row, field)[: len(NO_DAY)]
    return "" if told == NO_DAY else told


def _listed(values: Mapping[str, str], fields: Mapping[str, str]) -> str:
    return ", ".join(f"{field} {_said(values[field])}" for field in fields)


def _said(value: str) -> str:
    return value or "(empty)"
