"""Proposals and addenda as the heads of offers: number, project, state, currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connector.core.money import minor_digits
from connector.core.notation import NotationError, one_of
from connector.core.offer import OfferState
from connector.sources.furious.projects import Projects
from connector.sources.furious.settings import AddendumFields, Settings, States
from connector.sources.furious.values import Row, amount, day, identifier, link, number, said, text


@dataclass(frozen=True, slots=True)
class Head:
    """An offer without its positions.

    `discount` is on all of them, in the writing of the settings. `totals` are what Furious says the offer comes to.
    `whole` is the price of an addendum, for the case that it has no lines; `vat` is its percentage.
    """

    id: str
    project: str
    state: OfferState
    currency: str
    label: str
    accepted_on: date | None
    discount: Decimal
    vat: str
    origin: str
    totals: tuple[Decimal, ...] = ()
    amends: str = ""
    whole: Decimal = Decimal(0)

    @property
    def accepted(self) -> bool:
        """Tell whether it is billed."""
        return self.state is OfferState.ACCEPTED


def head_of(row: Row, projects: Projects, settings: Settings, place: str) -> Head | None:
    """Return the proposal; None for one that was not accepted and has no project yet; or NotationError."""
    fields = settings.proposal
    state = state_of(text(row, fields.state), fields.states)
    key = link(row, fields.project)
    if key not in projects.by_id:
        if state is OfferState.ACCEPTED:
            raise NotationError(key, f"{fields.project} leads to no project", "an accepted proposal needs its project")
        return None
    totals = (number(row, fields.amount), number(row, fields.discounted_amount))
    return Head(
        id=without_slash(identifier(row, fields.number)),
        project=projects.by_id[key].id,
        state=state,
        currency=_currency(text(row, fields.currency), projects.currencies[key], settings.currency),
        label=text(row, fields.label),
        accepted_on=day(row, fields.accepted_on),
        discount=number(row, fields.discount) or Decimal(0),
        vat=text(row, fields.vat),
        origin=place,
        totals=tuple(total for total in totals if total is not None),
    )


def addendum_of(row: Row, amended: Head, fields: AddendumFields, place: str) -> Head:
    """Return the addendum as an offer of the same project that amends the proposal."""
    own_number = said(row, fields.number) if fields.number else f"{amended.id}-A{row[fields.key]}"
    price = amount(row, fields.amount)
    return Head(
        id=without_slash(own_number),
        project=amended.project,
        state=state_of(text(row, fields.state), fields.states),
        currency=amended.currency,
        label=text(row, fields.label),
        accepted_on=day(row, fields.accepted_on),
        discount=number(row, fields.discount) or Decimal(0),
        vat=amended.vat,
        origin=place,
        totals=(price,),
        amends=amended.id,
        whole=price,
    )


def without_slash(name: str) -> str:
    """Return the name; NotationError if it has the sign that parts offer and position."""
    if "/" in name:
        raise NotationError(name, "the sign / parts offer and position", "leave it out of numbers")
    return name


def state_of(word: str, states: States) -> OfferState:
    """Return what the value means; NotationError for one that the settings do not name."""
    meanings = dict.fromkeys(states.accepted, OfferState.ACCEPTED)
    meanings |= dict.fromkeys(states.sent, OfferState.SENT)
    meanings |= dict.fromkeys(states.draft, OfferState.DRAFT)
    meanings |= dict.fromkeys(states.lost, OfferState.LOST)
    return one_of(meanings, word)


def _currency(stated: str, of_project: str, usual: str) -> str:
    currency = stated or of_project or usual
    if of_project and of_project != currency:
        raise NotationError(currency, f"its project is in {of_project}, the proposal is not", "correct one of them")
    try:
        minor_digits(currency)
    except ValueError as error:
        raise NotationError(currency, str(error), "correct it in Furious") from None
    return currency
