"""The rules of mapping.toml: ordered lists, the first that matches wins; each keeps its file and line (domain 8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Generic, Literal, NamedTuple, Self, TypeVar

from pydantic import Field, model_validator

from connector.core.booking import RevenueAccount
from connector.core.invoice import DocumentKind
from connector.core.vat import VatCategory, VatRate
from connector.mapping.fields import Account, Country, Exact, ListOf, Named, Table, Text, TextTemplate

NOTE_REQUIRED = frozenset(
    {
        VatCategory.REVERSE_CHARGE,
        VatCategory.OUTSIDE_SCOPE,
        VatCategory.EXEMPT,
        VatCategory.INTRA_COMMUNITY,
        VatCategory.EXPORT,
    }
)
"""Categories whose invoices must say why they carry no VAT (EN 16931: BR-AE-10, BR-O-10, BR-E-10, BR-IC-10,
BR-G-10)."""

DEFAULT_TEXT = "{number} {customer}"

RuleT = TypeVar("RuleT")


class Placed(NamedTuple, Generic[RuleT]):
    """A rule and where it stands, such as 'mapping.toml:12'."""

    rule: RuleT
    place: str


class VatRule(Table):
    """Which VAT a supply carries. A condition left out holds for every supply; both days of validity belong to it."""

    country: Country | None = None
    """Country of the customer: ISO code such as "DE"."""
    countries: Annotated[tuple[Country, ...], ListOf] = ()
    """Countries, any of which may be the customer's: ["AT", "BE"]."""
    group: Literal["EU", "third_country"] | None = None
    """EU: a member state other than the seller's; third_country: a known country outside the EU."""
    has_vat_id: bool | None = None
    """Whether the customer has a VAT id."""
    business: bool | None = None
    """Whether the customer is a business."""
    vat_class: Text | None = None
    """VAT class of the position: standard, reduced, …"""
    service: Text | None = None
    """Service of the position."""
    seller_small_business: bool | None = None
    """Whether the seller is a small business (§ 19 UStG)."""
    valid_from: date | None = None
    """First day of supply the rule holds for."""
    valid_to: date | None = None
    """Last day of supply the rule holds for."""
    category: Annotated[VatCategory, Named]
    """Result: VAT category (EN 16931): S, AE, O, E, Z, K or G."""
    rate: Annotated[Exact, Field(ge=0)] = Decimal(0)
    """Result: VAT rate in percent, "19" for 19 %."""
    note: Text | None = None
    """Result: what the invoice must say; required for AE, O, E, K and G."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.country is not None) + bool(self.countries) + (self.group is not None) > 1:
            message = "give one of country, countries and group"
            raise ValueError(message)
        _check_validity(self.valid_from, self.valid_to)
        VatRate(self.category, self.rate)
        if self.category in NOTE_REQUIRED and self.note is None:
            message = f"category {self.category.value} needs a note: the invoice must say why it carries no VAT"
            raise ValueError(message)
        if self.category not in NOTE_REQUIRED and self.note is not None:
            message = f"category {self.category.value} takes no note (EN 16931: BR-S-10, BR-Z-10)"
            raise ValueError(message)
        return self

    @property
    def vat_rate(self) -> VatRate:
        """Return category and rate together."""
        return VatRate(self.category, self.rate)


class DebtorRule(Table):
    """The debtor account of a customer."""

    customer: Text
    """Id of the customer in the project tool."""
    account: Account
    """Its debtor account, as text."""
    contact: Text | None = None
    """Id of its contact in an accounting system that keeps such; left out, it is found by number or name, or made."""


class RevenueRule(Table):
    """Where revenue is booked. A condition left out holds for every line; both days of validity belong to it."""

    service: Text | None = None
    """Service of the position."""
    category: Text | None = None
    """Category of the position, such as "Phase 1"; "deduction" for what a final invoice deducts."""
    project: Text | None = None
    """Id of the project."""
    agreement: Text | None = None
    """Id of the agreement."""
    document_kind: Annotated[DocumentKind | None, Named] = None
    """Kind of the document: invoice, partial (a down payment), final, correction or credit_note."""
    vat_category: Annotated[VatCategory | None, Named] = None
    """VAT category the line carries."""
    rate: Annotated[Exact, Field(ge=0)] | None = None
    """VAT rate the line carries, in percent."""
    valid_from: date | None = None
    """First day of supply (last day of service) the rule holds for."""
    valid_to: date | None = None
    """Last day of supply the rule holds for."""
    account: Account
    """Result: revenue account, as text."""
    automatic: bool
    """Result: whether the account splits the VAT itself (DATEV: AM); it then takes no tax key."""
    tax_key: Account | None = None
    """Result: tax key (DATEV: BU-Schlüssel), as text."""
    vat_when_paid: bool = False
    """Result: whether the account takes gross amounts, their VAT being booked when the money arrives (only partial)."""
    cost_centre: Text | None = None
    """Result: cost centre (DATEV: KOST1)."""
    cost_unit: Text | None = None
    """Result: cost unit (DATEV: KOST2)."""
    text: TextTemplate | None = None
    """Result: booking text, instead of that in [texts]."""

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        _check_validity(self.valid_from, self.valid_to)
        if self.automatic and self.tax_key is not None:
            message = "an automatic account takes no tax key"
            raise ValueError(message)
        fixes_vat = self.automatic or self.tax_key is not None
        if fixes_vat and self.vat_category is None:
            message = (
                "an automatic account or a tax key stands for one VAT treatment: say vat_category (and rate for S)"
            )
            raise ValueError(message)
        if fixes_vat and self.vat_category is VatCategory.STANDARD and self.rate is None:
            message = "an automatic account or a tax key stands for one VAT rate: say rate"
            raise ValueError(message)
        if self.vat_when_paid and (fixes_vat or self.document_kind is not DocumentKind.PARTIAL):
            message = (
                'vat_when_paid is for down payments (document_kind = "partial") on an account '
                "that is not automatic and has no tax key"
            )
            raise ValueError(message)
        return self

    @property
    def revenue_account(self) -> RevenueAccount:
        """Return the account with what belongs to it."""
        return RevenueAccount(
            self.account,
            self.automatic,
            self.tax_key or "",
            self.cost_centre or "",
            self.cost_unit or "",
            self.vat_when_paid,
        )


class Texts(Table):
    """Texts of bookings."""

    booking: TextTemplate = DEFAULT_TEXT
    """Booking text with {number}, {customer}, {agreement} and {period} filled in."""


class MappingTables(Table):
    """All of mapping.toml."""

    vat: Annotated[tuple[VatRule, ...], ListOf] = ()
    """VAT rules, in order."""
    debtor: Annotated[tuple[DebtorRule, ...], ListOf] = ()
    """Debtor accounts."""
    revenue: Annotated[tuple[RevenueRule, ...], ListOf] = ()
    """Revenue rules, in order."""
    texts: Texts = Texts()
    """Texts of bookings."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The mapping of a tenant: VAT and revenue rules in order, debtors by customer id."""

    vat: tuple[Placed[VatRule], ...] = ()
    debtors: dict[str, Placed[DebtorRule]] = field(default_factory=dict)
    revenue: tuple[Placed[RevenueRule], ...] = ()
    texts: Texts = field(default_factory=Texts)


def _check_validity(valid_from: date | None, valid_to: date | None) -> None:
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        message = f"valid_to ({valid_to}) lies before valid_from ({valid_from})"
        raise ValueError(message)
