"""Estimates and fixed fees as offers.

An estimate has a client and no project: a field of it, named in the settings, tells the project. A fixed fee is an
accepted offer of one flat position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from connector.core.money import Money, minor_digits
from connector.core.notation import NotationError, one_of
from connector.core.offer import Offer, OfferState, Position
from connector.core.period import local_day
from connector.core.problems import Problem, Severity
from connector.core.quantity import Quantity, Unit
from connector.sources.harvest.calls import Calls
from connector.sources.harvest.directory import Directory
from connector.sources.harvest.records import EstimateRecord, LineRecord, ProjectRecord, record_of
from connector.sources.harvest.settings import EstimateProject, Offers

ALL_PERCENT = 100

FEE = "fee"
"""Id of the one position of a fixed fee."""

STATES = {
    "draft": OfferState.DRAFT,
    "sent": OfferState.SENT,
    "accepted": OfferState.ACCEPTED,
    "declined": OfferState.LOST,
}


@dataclass(frozen=True, slots=True)
class OfferReader:
    """Reads what the settings call offers."""

    calls: Calls
    directory: Directory

    def offers(self) -> Iterator[Offer | Problem]:
        """Yield the offers whose positions are all good, and what is wrong with other accepted ones."""
        wanted = self.directory.settings.offers
        if Offers.FEES in wanted:
            for project in self.directory.projects.values():
                if project.is_fixed_fee and project.fee and self.directory.project_id(project):
                    yield self._fee(project, project.fee)
        if Offers.ESTIMATES in wanted:
            yield from self._estimates()

    def _fee(self, project: ProjectRecord, fee: Decimal) -> Offer | Problem:
        key, place = self.directory.project_id(project), self.directory.place_of(project)
        try:
            position = _checked(
                Position(
                    id=FEE,
                    offer=key,
                    project=key,
                    label=project.name,
                    quantity=Quantity(Decimal(1), Unit.FLAT),
                    unit_price=fee,
                    currency=project.client.currency,
                    vat_class=self.directory.settings.vat.tax,
                    origin=place,
                )
            )
        except ValueError as error:
            return Problem("BadPosition", f"its fee: {error}", place, "check the fee and the client's currency")
        return Offer(key, key, OfferState.ACCEPTED, (position,), project.name, origin=place)

    def _estimates(self) -> Iterator[Offer | Problem]:
        place = f"{self.calls.source}: estimate"
        listing = self.calls.listing(
            "estimates", {}, lambda row: record_of(row, EstimateRecord, f"{place} {row.get('number') or row['id']}")
        )
        for record in listing.once(lambda key: f"{place} {key}"):
            if isinstance(record, Problem):
                yield record
            else:
                yield from self._estimate(record, f"{place} {record.number or record.id}")

    def _estimate(self, record: EstimateRecord, place: str) -> Iterator[Offer | Problem]:
        try:
            offer = self._offer(record, place)
            differs = _other_total(record, offer, place)
        except ValueError as error:
            if STATES.get(record.state, OfferState.ACCEPTED) is OfferState.ACCEPTED:  # of all others nothing is billed
                yield _refused(error, place)
            return
        if differs:
            yield differs
        if not (differs and differs.holds):
            yield offer

    def _offer(self, record: EstimateRecord, place: str) -> Offer:
        key, project = record.number or str(record.id), self._project_of(record)
        accepted = record.accepted_at
        return Offer(
            id=key,
            project=project,
            state=one_of(STATES, record.state),
            positions=tuple(self._position(line, record, key, project, place) for line in record.line_items),
            label=record.subject,
            accepted_on=local_day(accepted, self.calls.zone) if accepted else None,
            origin=place,
        )

    def _project_of(self, record: EstimateRecord) -> str:
        """Return the project that the estimate names; NotationError if it is none of its client."""
        if self.directory.settings.estimate_project is EstimateProject.PURCHASE_ORDER:
            named, field = record.purchase_order.strip(), "purchase order"
        else:
            named, field = record.subject.partition(" ")[0], "first word of the subject"
        mine = {
            self.directory.project_id(each)
            for each in self.directory.projects.values()
            if each.client.id == record.client.id
        }
        if not named or named not in mine:
            message = f"the {field} names no project of the client {record.client.name!r}"
            raise NotationError(named, message, f"write one of {', '.join(sorted(mine - {''})) or 'its projects'}")
        return named

    def _position(self, line: LineRecord, record: EstimateRecord, offer: str, project: str, place: str) -> Position:
        units = self.directory.settings.units
        return _checked(
            Position(
                id=str(line.id),
                offer=offer,
                project=project,
                label=line.description or line.kind,
                quantity=Quantity(line.quantity, units.get(line.kind, Unit.PIECE)),
                unit_price=line.unit_price,
                currency=record.currency or record.client.currency,
                category=line.kind,
                discount=_discount(record),
                vat_class=self._vat_class(line, record),
                origin=f"{place}, line {line.id}",
            )
        )

    def _vat_class(self, line: LineRecord, record: EstimateRecord) -> str:
        classes = self.directory.settings.vat
        if line.taxed and line.taxed2:
            raise NotationError(line.description, "a line with both taxes", "a line has one VAT rate: untick one tax")
        if line.taxed2:
            return classes.tax2
        return classes.tax if line.taxed or (record.tax is None and record.tax2 is None) else classes.untaxed


def _refused(error: ValueError, place: str) -> Problem:
    if isinstance(error, NotationError):
        return Problem("BadOffer", error.message, place, error.hint)
    return Problem("BadPosition", str(error), place, "check its lines and its currency")


def _discount(record: EstimateRecord) -> Fraction:
    if not 0 <= record.discount <= ALL_PERCENT:
        raise NotationError(str(record.discount), "not a discount in percent", "write 0 to 100")
    return Fraction(record.discount) / ALL_PERCENT


def _checked(position: Position) -> Position:
    """Return the position; ValueError if its total cannot be told, as in an unknown currency."""
    _ = position.total
    return position


def _other_total(record: EstimateRecord, offer: Offer, place: str) -> Problem | None:
    """Return the problem that an accepted estimate comes to another net total in Harvest, None if it does not.

    It holds but for a minor unit a line: Harvest takes the discount off the sum, not off each line.
    """
    if record.amount is None or not offer.positions or offer.state is not OfferState.ACCEPTED:
        return None
    told = Money.of(record.amount - record.tax_amount - record.tax2_amount, offer.positions[0].currency)
    found = sum((each.total.amount for each in offer.positions), Decimal(0))
    if found == told.amount:
        return None
    by_rounding = abs(found - told.amount) <= Decimal(len(offer.positions)).scaleb(-minor_digits(told.currency))
    message = f"its lines come to {found} net, Harvest says {told.amount}"
    hint = "each line is rounded on its own" if by_rounding else "look at lines, discount and taxes in Harvest"
    return Problem("OfferTotalDiffers", message, place, hint, Severity.NOTICE if by_rounding else Severity.HOLD)
