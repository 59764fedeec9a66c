"""Values of the core with sensible defaults, so that a test names only what it is about.

The world they speak of: the agency bills project 'WEB' of customer 'K1' from offer 'A1'; everything lies in
January 2026, in EUR, at 19 %. Numbers may be given as text or int; rarer fields are set by `dataclasses.replace`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from connector.core.agreement import Agreement, Instalment, ProgressMode, ProgressTerms, ScheduleTerms
from connector.core.billed import BilledEntry, BilledKind
from connector.core.booking import Booking, LedgerRow, RevenueAccount
from connector.core.invoice import DocumentKind, Invoice, InvoiceLine, breakdown_of
from connector.core.money import Money
from connector.core.offer import Offer, OfferState, Position, Project, ProjectBilling
from connector.core.party import Address, Party
from connector.core.period import Period
from connector.core.quantity import Quantity, Unit
from connector.core.readings import Metric, Reading, ReadingScope
from connector.core.reason import step
from connector.core.share import Share
from connector.core.timesheet import TimeEntry
from connector.core.vat import VatCase, VatCategory, VatDecision, VatRate

Number = str | int | Decimal

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))


def eur(amount: Number) -> Money:
    """Return the amount in EUR; it must be whole cents."""
    return Money.exactly(Decimal(amount), "EUR")


def party(
    id_: str = "K1",
    /,
    *,
    name: str = "Müller & Söhne GmbH",
    country: str = "DE",
    vat_id: str = "DE123456789",
    is_business: bool = True,
    payment_days: int | None = 14,
    language: str = "de",
) -> Party:
    """Return a customer in Germany."""
    address = Address("Hauptstraße 1", "10115", "Berlin", country)
    return Party(id_, name, address, vat_id, is_business, payment_days, language)


def seller() -> Party:
    """Return the agency itself."""
    return Party("seller", "Agentur Nordlicht GmbH", Address("Am Kai 7", "20457", "Hamburg", "DE"), "DE987654321")


def project(
    id_: str = "WEB",
    /,
    *,
    customer: str = "K1",
    parent: str = "",
    start: date | None = date(2026, 1, 1),
    end: date | None = date(2026, 6, 30),
    billing: ProjectBilling = ProjectBilling.UNSTATED,
) -> Project:
    """Return the project, from January to June 2026."""
    return Project(id_, "Website", customer, parent, start, end, billing)


def position(
    id_: str = "1",
    price: Number = "5000",
    /,
    *,
    offer: str = "A1",
    project: str = "WEB",
    label: str = "",
    quantity: Number = 1,
    unit: Unit = Unit.FLAT,
    category: str = "",
    discount: Fraction | int = 0,
    vat_class: str = "standard",
    service: str = "",
    currency: str = "EUR",
    start: date | None = None,
    end: date | None = None,
    planned_seconds: int | None = None,
    billable: bool = True,
) -> Position:
    """Return a flat position of 5,000 EUR."""
    return Position(
        id=id_,
        offer=offer,
        project=project,
        label=label or f"Position {id_}",
        quantity=Quantity(Decimal(quantity), unit),
        unit_price=Decimal(price),
        currency=currency,
        category=category,
        discount=Fraction(discount),
        vat_class=vat_class,
        service=service,
        start=start,
        end=end,
        planned_seconds=planned_seconds,
        billable=billable,
    )


def three_phases() -> tuple[Position, ...]:
    """Return the worked example of domain 3.5: 5,000, 10,000 in three deliveries, 15,000."""
    return (
        position("1", "5000", label="Phase 1 – Audit"),
        position("2", "10000", label="Phase 2 – Design"),
        position("3", "15000", label="Phase 3 – Umsetzung"),
    )


def offer(
    *positions: Position,
    id_: str = "A1",
    project: str = "WEB",
    state: OfferState = OfferState.ACCEPTED,
    amends: str = "",
) -> Offer:
    """Return an accepted offer of the positions, or of one position where none is given."""
    accepted_on = date(2025, 12, 15) if state is OfferState.ACCEPTED else None
    return Offer(id_, project, state, positions or (position(offer=id_, project=project),), "", accepted_on, amends)


def reading(
    share: str | None = "100 %",
    target: str = "A1/1",
    *,
    scope: ReadingScope = ReadingScope.POSITION,
    on: date = JANUARY.last_day,
    units: Number | None = None,
    project: str = "WEB",
    origin: str = "progress.csv:2",
) -> Reading:
    """Return a reading of a share as people write it, or of units (then the share is left out)."""
    if units is not None:
        return Reading(project, scope, target, on, units=Decimal(units), origin=origin)
    return Reading(project, scope, target, on, share=None if share is None else Share.parse(share), origin=origin)


def metric(value: Number = "10000", *, name: str = "media_spend", on: date = JANUARY.last_day) -> Metric:
    """Return a metric of the project."""
    return Metric(name, "WEB", on, Decimal(value), "metrics.csv:2")


def time_entry(
    id_: str = "T1",
    seconds: int | None = 3600,
    /,
    *,
    day: date = date(2026, 1, 15),
    position: str = "A1/1",
    project: str = "WEB",
    person: str = "Jo",
    activity: str = "Design",
    text: str = "Entwurf",
    billable: bool = True,
    approved: bool = True,
    changed: str = "",
) -> TimeEntry:
    """Return one hour of work on the first position."""
    return TimeEntry(id_, project, day, seconds, person, activity, position, text, billable, approved, changed)


def progress_terms(mode: ProgressMode = ProgressMode.MANUAL) -> ProgressTerms:
    """Return terms with every default."""
    return ProgressTerms(mode)


def schedule_terms(*instalments: Instalment) -> ScheduleTerms:
    """Return the instalments, or two halves on 31 January and 28 February 2026 where none is given."""
    halves = (
        Instalment(JANUARY.last_day, "1. Abschlag", part=Fraction(1, 2)),
        Instalment(FEBRUARY.last_day, "2. Abschlag", part=Fraction(1, 2)),
    )
    return ScheduleTerms(instalments or halves)


def agreement(
    terms: ProgressTerms | ScheduleTerms | None = None,
    *,
    id_: str = "website",
    customer: str = "K1",
    project: str = "WEB",
    offers: tuple[str, ...] = (),
    payment_days: int | None = None,
) -> Agreement:
    """Return an agreement on manual progress."""
    return Agreement(id_, customer, project, terms or progress_terms(), offers, payment_days, "agreements.toml:1")


def vat_rate(percent: Number = 19, category: VatCategory = VatCategory.STANDARD) -> VatRate:
    """Return 19 %; give percent 0 for any other category."""
    return VatRate(category, Decimal(percent))


def vat_decision(rate: VatRate | None = None, *, note: str = "", rule: str = "mapping.toml:10") -> VatDecision:
    """Return the mapping's answer: 19 % without a note."""
    return VatDecision(rate or vat_rate(), note, rule)


def reverse_charge() -> VatDecision:
    """Return the decision for a business in another member state."""
    return vat_decision(
        vat_rate(0, VatCategory.REVERSE_CHARGE), note="Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge)"
    )


def vat_case(
    buyer: Party | None = None, *, vat_class: str = "standard", service: str = "", supplied_on: date = JANUARY.last_day
) -> VatCase:
    """Return the case of a service for a customer in Germany."""
    return VatCase(seller(), buyer or party(), vat_class, service, supplied_on)


def line(
    net: Number = "5000.00",
    *,
    number: int = 1,
    position: str = "A1/1",
    text: str = "Phase 1 – Audit",
    category: str = "",
    service: str = "",
    project: str = "WEB",
    period: Period = JANUARY,
    vat: VatDecision | None = None,
) -> InvoiceLine:
    """Return a line of 1 × the net (−1 × for a credit)."""
    amount = eur(net)
    return InvoiceLine(
        number=number,
        position=position,
        text=text,
        category=category,
        service=service,
        project=project,
        quantity=Decimal(-1 if amount.amount < 0 else 1),
        unit=Unit.FLAT,
        unit_price=abs(amount.amount),
        net=amount,
        period=period,
        vat=vat or vat_decision(),
        reason=(step("share", position=position, share="100 %"),),
    )


def invoice(
    *lines: InvoiceLine,
    key: str = "k-0001",
    number: str = "",
    kind: DocumentKind = DocumentKind.INVOICE,
    issue_date: date = JANUARY.last_day,
    due_date: date = date(2026, 2, 14),
    buyer: Party | None = None,
    prepaid: Number = "0.00",
    notes: tuple[str, ...] = (),
) -> Invoice:
    """Return an invoice of the lines, numbered as they come, or of one line over 5,000.00 + 950.00 VAT."""
    chosen = tuple(replace(each, number=index) for index, each in enumerate(lines or (line(),), start=1))
    return Invoice(
        key=key,
        number=number,
        agreement="website",
        kind=kind,
        issue_date=issue_date,
        due_date=due_date,
        currency="EUR",
        seller=seller(),
        buyer=buyer or party(),
        lines=chosen,
        vat=breakdown_of(chosen, "EUR"),
        prepaid=eur(prepaid),
        notes=notes,
    )


def revenue(
    account: str = "8400", *, automatic: bool = True, tax_key: str = "", cost_centre: str = ""
) -> RevenueAccount:
    """Return the automatic revenue account for 19 % of SKR03."""
    return RevenueAccount(account, automatic, tax_key, cost_centre)


def booking(
    document: Invoice | None = None,
    *,
    debtor: str = "10001",
    accounts: Mapping[int, RevenueAccount] | None = None,
    exchange_rate: Number | None = None,
    reverses: str = "",
) -> Booking:
    """Return the document booked with one row per VAT row; `accounts` gives the account per percent."""
    document = document or invoice()
    rows = tuple(
        LedgerRow(
            revenue=(accounts or {}).get(int(vat.rate.percent), revenue()),
            vat=vat.rate,
            net=vat.base,
            gross=vat.base + vat.tax,
            adjustment=eur("0.00"),
            text=document.lines[0].text,
            supplied_on=document.period.last_day,
            lines=tuple(each.number for each in document.lines if each.vat.rate == vat.rate),
            rules=("mapping.toml:20",),
        )
        for vat in document.vat
    )
    rate = None if exchange_rate is None else Decimal(exchange_rate)
    return Booking(document, debtor, "mapping.toml:5", rows, exchange_rate=rate, reverses=reverses)


def billed_entry(
    computed: Number = "5000.00",
    *,
    of: Position | None = None,
    invoiced: Number | None = None,
    document: str = "k-0001",
    kind: BilledKind = BilledKind.BILLED,
    shares: tuple[Fraction | int, Fraction | int] = (0, 1),
    quantity: Number = 1,
    period: Period = JANUARY,
    agreement: str = "website",
    comment: str = "",
    vanished: bool = False,
) -> BilledEntry:
    """Return the log's line for the whole first position, billed in January; `shares` are before and after."""
    before, after = shares
    return BilledEntry(
        agreement=agreement,
        position=of or position(),
        document=document,
        kind=kind,
        on=period.last_day,
        share_before=Fraction(before),
        share_after=Fraction(after),
        quantity=Decimal(quantity),
        computed=eur(computed),
        invoiced=eur(computed if invoiced is None else invoiced),
        period=period,
        who="test",
        comment=comment,
        vanished=vanished,
    )
