"""The example agency in Furious' words; headings and page breaks have no place in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from connector.core.money import rounded
from connector.core.offer import Offer, OfferState, Position, ProjectBilling
from connector.core.quantity import Unit
from connector.core.readings import ReadingScope
from tests.standins.agency import Agency

if TYPE_CHECKING:
    from tests.standins.furious import Furious

COUNTRIES = {"DE": "Deutschland", "AT": "Österreich", "CH": "Schweiz"}
PIPES = {OfferState.DRAFT: "5", OfferState.SENT: "4", OfferState.ACCEPTED: "3", OfferState.LOST: "1"}
BILLINGS = {
    ProjectBilling.FIXED_PRICE: "Festpreis", ProjectBilling.TIME_AND_MATERIALS: "Aufwand", ProjectBilling.UNSTATED: ""
}  # fmt: skip
UNITS = {Unit.HOUR: "hour", Unit.DAY: "day", Unit.MONTH: "month", Unit.PIECE: "unit", Unit.FLAT: "flat"}
VAT = {"standard": "19", "reduced": "7"}
SERVICES = ("web", "maintenance", "brand", "campaign", "social", "illustration", "film")
"""The business units, numbered from 1."""


def fill(api: Furious, agency: Agency) -> None:
    """Tell the agency."""
    Telling(api, agency).tell()


@dataclass
class Telling:
    """Puts an agency into a Furious; ids in Furious by the agency's own."""

    api: Furious
    agency: Agency
    companies: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    offers: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)

    def tell(self) -> None:
        """Tell everything, in the order in which one thing names another."""
        self._tell_customers()
        self._tell_projects()
        for offer in sorted(self.agency.offers, key=lambda offer: bool(offer.amends)):
            self._tell_offer(offer)
        self._tell_readings()
        self._tell_time()
        for metric in self.agency.metrics:
            self.api.add(
                "purchase",
                title="Schaltung",
                type="Media" if metric.name == "media_spend" else metric.name,
                cost=metric.value,
                currency="EUR",
                project_id=self.projects[metric.project],
                start_date=metric.on,
            )

    def _tell_customers(self) -> None:
        for number, party in enumerate(self.agency.customers, 7001):
            self.companies[party.id] = str(number)
            self.api.add(
                "crm",
                company_id=number,
                company=party.name,
                city=party.address.city,
                country=COUNTRIES[party.address.country],
                email=party.email,
                cf_kundennummer=party.id,
                cf_strasse=party.address.street,
                cf_plz=party.address.postal_code,
                cf_ust_id=party.vat_id,
                cf_zahlungsziel=party.payment_days,
                cf_sprache=party.language,
            )

    def _tell_projects(self) -> None:
        for project in self.agency.projects:
            self.projects[project.id] = self.api.add(
                "project",
                title=project.name,
                contact_company_id=self.companies[project.customer],
                start_date=project.start,
                end_date=project.end,
                currency="EUR",
                cf_projektnummer=project.id,
                cf_teil_von=project.parent,
                cf_abrechnung=BILLINGS[project.billing],
            )

    def _tell_offer(self, offer: Offer) -> None:
        total = sum((each.total.amount for each in offer.positions if each.billable), Decimal(0))
        head = {
            "title": offer.label,
            "amount": total,
            "signature_date": offer.accepted_on,
            "project_id": self.projects[offer.project],
        }
        if offer.amends:
            amended = self.offers[offer.amends]
            number = self.api.add("proposal-addon", id=amended, status="1", cf_nachtragsnummer=offer.id, **head)
            belongs = {"proposal_id": amended, "proposal_addon_id": number}
        else:
            number = self.api.add(
                "proposal", pipe=PIPES[offer.state], currency="EUR", vat="19", cf_angebotsnummer=offer.id, **head
            )
            belongs = {"proposal_id": number}
        self.offers[offer.id] = number
        for position in offer.positions:
            if position.service:
                self._tell_line(position, belongs)

    def _tell_line(self, position: Position, belongs: dict[str, Any]) -> None:
        bu = SERVICES.index(position.service) + 1
        line = self.api.add(
            "proposal-rate-card",
            **belongs,
            cf_position=position.id,
            label=position.label,
            category=position.category,
            quantity=position.quantity.value,
            unit_type=UNITS[position.quantity.unit],
            amount=position.unit_price,
            discount=Decimal((position.discount * 100).numerator) if position.discount else None,
            vat=VAT[position.vat_class],
            bu_id=bu,
            is_option=not position.billable,
            start_date=position.start,
            end_date=position.end,
        )
        project = self.projects[position.project]
        self.lines[position.key] = self.api.add(
            "project-rate-card", project_id=project, bu_id=bu, amount=position.total.amount, proposal_rate_card_id=line
        )
        if position.planned_seconds:
            self._add_sprint(
                position.planned_seconds,
                title=f"Planung: {position.label}",
                project_id=project,
                project_rate_card_id=self.lines[position.key],
                is_validated=False,
                start_date="2026-01-12",
                end_date="2026-07-31",
            )

    def _tell_readings(self) -> None:
        for reading in self.agency.readings:
            said = reading.share.written.removesuffix(" %") if reading.share else None
            if reading.scope is ReadingScope.POSITION:
                self.api.add(
                    "project-rate-card-history",
                    project_rate_card_id=self.lines[reading.target],
                    date=reading.on,
                    advancement=said,
                    quantity_done=reading.units,
                )
            else:
                self.api.add(
                    "project-advancement",
                    project_id=self.projects[reading.project],
                    category=reading.target or None,
                    date=reading.on,
                    advancement=said,
                )

    def _tell_time(self) -> None:
        for entry in self.agency.entries:
            self._add_sprint(
                entry.seconds or 0,
                title=entry.text,
                project_id=self.projects[entry.project],
                project_rate_card_id=self.lines[entry.position] if entry.position else 0,
                is_validated=entry.approved,
                start_date=entry.day,
                end_date=entry.day,
                assigned_people_name=entry.person,
                category_name=entry.activity,
            )

    def _add_sprint(self, seconds: int, **values: object) -> None:
        """Add a sprint; its hours have as many decimals as it takes to get the seconds back."""
        hours = rounded(seconds, 6, Fraction(1, 3600))
        self.api.add("sprint", time=rounded(seconds, 6, Fraction(1, 28800)), time_in_hours=hours, **values)
