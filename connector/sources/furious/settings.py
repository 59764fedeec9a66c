"""What a tenant says of its Furious: address, user, and the names of the fields where instances and versions differ.

Defaults stand only where a field was seen in use (docs/sources/furious.md says where); the others are '' or have none.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from connector.core.cycle import Cycle
from connector.core.money import minor_digits
from connector.core.quantity import Unit


class PriceIs(StrEnum):
    """What the amount of a rate-card line is."""

    UNIT_PRICE = "unit_price"
    LINE_TOTAL = "line_total"


class DiscountIs(StrEnum):
    """How a discount is written."""

    PERCENT = "percent"
    AMOUNT = "amount"


class Planned(StrEnum):
    """Which sprints of a line are its planned effort: none, those not validated, or all."""

    NONE = "none"
    OPEN = "open"
    ALL = "all"


def _known_currency(code: str) -> str:
    minor_digits(code)
    return code


FieldName = Annotated[str, StringConstraints(strip_whitespace=True, pattern="^([A-Za-z_][A-Za-z0-9_]*)?$")]
"""The name of a field in the API, custom ones with their prefix such as cf_number; '' where there is none."""

NamedField = Annotated[FieldName, Field(min_length=1)]
"""A field that there must be."""

Currency = Annotated[str, AfterValidator(_known_currency)]

Word = Annotated[str, Field(min_length=1)]

Words = tuple[str, ...]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class CustomerFields(_Table):
    """Where customers are kept, and in which fields."""

    resource: Literal["crm", "company"] = "crm"
    """crm: contacts, several for a company; company: the companies themselves."""
    key: NamedField = "company_id"
    """The field by which projects name the customer; `id` for companies."""
    number: FieldName = ""
    """Customer number; `key` itself if none is named."""
    name: NamedField = "company"
    """Name with legal form."""
    street: FieldName = ""
    """Street and number."""
    postal_code: FieldName = ""
    """Postal code."""
    city: FieldName = "city"
    """City."""
    country: FieldName = "country"
    """Country: an ISO code such as DE, or a word of `countries`."""
    vat_id: FieldName = ""
    """VAT id with its country prefix."""
    email: FieldName = ""
    """Address for invoices."""
    language: FieldName = ""
    """Language of documents: de or en."""
    payment_days: FieldName = ""
    """Days from the invoice date to the due date."""
    business: FieldName = ""
    """Whether it is a business; an empty field says yes."""


class ProjectFields(_Table):
    """Fields of projects."""

    number: FieldName = ""
    """Project number; the id if none is named."""
    name: NamedField = "title"
    """Name."""
    customer: NamedField = "contact_company_id"
    """Whose it is: a value of the customers' `key`."""
    parent: FieldName = ""
    """Number of the project it is a part of."""
    start: FieldName = "start_date"
    """First day."""
    end: FieldName = "end_date"
    """Last day."""
    currency: FieldName = "currency"
    """Currency; held against that of the proposal."""
    billing: FieldName = ""
    """How it is billed."""
    fixed_price: Words = ()
    """Values of it that mean: at fixed prices."""
    time_and_materials: Words = ()
    """Values of it that mean: by time and materials."""
    unstated: Words = ()
    """Values of it that say nothing about it."""


class States(_Table):
    """Which values mean what; any other is a fault of the data, because it decides what is billed."""

    accepted: Annotated[Words, Field(min_length=1)]
    """Won: its positions are billed."""
    sent: Words = ()
    """With the customer."""
    draft: Words = ()
    """Not sent yet."""
    lost: Words = ()
    """Refused."""


class ProposalFields(_Table):
    """Fields of proposals (devis)."""

    states: States
    """Which values of `state` mean what."""
    number: FieldName = ""
    """Number of the offer; the id if none is named."""
    label: FieldName = "title"
    """Title."""
    project: NamedField = "project_id"
    """Id of its project."""
    state: NamedField = "pipe"
    """Where it stands."""
    accepted_on: FieldName = "signature_date"
    """Day of acceptance."""
    currency: FieldName = "currency"
    """Currency; `currency` of the settings where it is empty."""
    vat: FieldName = "vat"
    """VAT of an addendum without lines."""
    discount: FieldName = "discount"
    """Discount on all lines."""
    amount: FieldName = "amount"
    """Its total, held against that of its lines."""
    discounted_amount: FieldName = "discounted_amount"
    """Its total after discount, likewise."""


class LineFields(_Table):
    """Fields of the lines of a proposal's rate card."""

    number: FieldName = ""
    """Id of the position; the line's id if none is named."""
    proposal: NamedField = "proposal_id"
    """Id of its proposal."""
    addendum: FieldName = ""
    """Id of the addendum it belongs to; an empty field: to the proposal itself."""
    label: FieldName = ""
    """Its text; the category if none is named."""
    category: FieldName = "category"
    """What groups lines."""
    quantity: NamedField = "quantity"
    """Quantity."""
    unit: NamedField = "unit_type"
    """Unit, a word of `units`."""
    price: NamedField = "amount"
    """Price; `price_is` says of what."""
    discount: FieldName = "discount"
    """Discount; `discount_is` says how it is written."""
    option: FieldName = "is_option"
    """Whether it is an option: not billed."""
    vat: NamedField = "vat"
    """VAT in percent, a key of `vat_classes`."""
    service: FieldName = ""
    """Kind of service for the mapping, such as bu_id; a key of `services`."""
    start: FieldName = ""
    """First day, where it is not the project's."""
    end: FieldName = ""
    """Last day, likewise."""


class AddendumFields(_Table):
    """Fields of addenda (avenants), which become amendments."""

    states: States
    """Which values of `state` mean what."""
    key: NamedField = "id_system"
    """The addendum's own id."""
    proposal: NamedField = "id"
    """Id of the proposal it amends: seen under this name."""
    number: FieldName = ""
    """Number of the amendment; number of the offer, -A and the id if none is named."""
    label: FieldName = "title"
    """Title."""
    state: NamedField = "status"
    """Where it stands."""
    accepted_on: FieldName = "signature_date"
    """Day of acceptance."""
    amount: NamedField = "amount"
    """Its price, where its lines cannot be told apart."""
    discount: FieldName = "discount"
    """Discount on it."""


class ProgressFields(_Table):
    """A dated series of readings: of projects (project-advancement) or of lines (project-rate-card-history)."""

    resource: Literal["project-advancement", "project-rate-card-history"]
    """Where it is kept."""
    on: NamedField
    """Day of the reading."""
    share: FieldName = ""
    """How far it is: percent as a bare number, or a text such as '33 %' or '1 of 3'."""
    units: FieldName = ""
    """Units produced so far; of lines only."""
    project: FieldName = ""
    """Id of the project."""
    line: FieldName = ""
    """Id of the line of the project's rate card."""
    category: FieldName = ""
    """Category of the rate card it speaks of."""


class SprintFields(_Table):
    """Fields of sprints: planned time, and once validated, time worked."""

    project: NamedField = "project_id"
    """Id of the project."""
    line: FieldName = "project_rate_card_id"
    """Id of the line of the project's rate card."""
    hours: NamedField = "time_in_hours"
    """Duration in decimal hours."""
    start: NamedField = "start_date"
    """First day."""
    end: NamedField = "end_date"
    """Last day; the time counts for it."""
    validated: NamedField = "is_validated"
    """Whether the time was worked."""
    person: FieldName = "assigned_people_name"
    """Who."""
    activity: FieldName = "category_name"
    """What was done."""
    text: FieldName = "title"
    """Title."""
    billable: FieldName = ""
    """Whether it is billable; an empty field says yes."""
    changed: FieldName = ""
    """Mark of the last change."""
    not_billable: Words = ()
    """Activities that are never billable."""
    planned: Planned = Planned.NONE
    """Which sprints of a line are its planned effort: none, those not validated (open), or all."""


class MetricFields(_Table):
    """A metric: the cost of purchases of some kind, by project and day."""

    name: Annotated[str, Field(min_length=1)]
    """The metric's name in agreements."""
    kinds: Annotated[Words, Field(min_length=1)]
    """Values of `kind` that count."""
    states: Words = ()
    """Values of `state` that count; all if none is named."""
    kind: NamedField = "type"
    """Kind of purchase."""
    state: NamedField = "statut"
    """Where it stands."""
    on: NamedField = "start_date"
    """The day it counts for."""
    cost: NamedField = "cost"
    """Its cost."""
    project: NamedField = "project_id"
    """Id of the project."""
    currency: FieldName = "currency"
    """Currency; must be the one of the settings."""


class ContractFields(_Table):
    """Fields of contracts. One that states a fee or hours is a retainer, which is held against the agreements."""

    key: NamedField = "id"
    """Its id."""
    name: NamedField = "name"
    """Name."""
    customer: FieldName = "client_company_id"
    """Whose it is: a value of the customers' `key`."""
    project: FieldName = "project_id"
    """Id of its project; an empty field: all projects of the customer."""
    start: FieldName = ""
    """First day."""
    last_day: FieldName = "date_limit"
    """Last day, or the next one on which it can end."""
    cycle: FieldName = ""
    """How often the fee comes, a word of `cycles`."""
    cycles: dict[str, Cycle] = {}
    """Words for cycles, such as { mensuel = "month" }."""
    fee: FieldName = ""
    """Fee of a period."""
    hours: FieldName = ""
    """Hours of work in it."""
    currency: FieldName = ""
    """Currency; that of the project, else `currency` of the settings, where none is named."""


class InvoiceStates(_Table):
    """The value of `state` that stands for each state of a document; without one, that state is not written."""

    open: Word
    """Nothing was paid, or a payment was taken back."""
    part_paid: Word
    """A part was paid."""
    paid: Word
    """All was paid, or more."""
    cancelled: str = ""
    """It was taken back."""
    written_off: str = ""
    """What is open is not expected any more."""


class WriteBack(_Table):
    """Fields of Furious' invoices that are written: what was paid, and when."""

    key: NamedField
    """The field with the id by which Furious changes an invoice: id or id_system."""
    number: NamedField
    """The field that carries the number of Honorar's document."""
    states: InvoiceStates
    """Which value of `state` stands for which state."""
    state: NamedField = "statut"
    """Where it stands."""
    paid_on: FieldName = "payment_date"
    """Day on which the last of it was paid; empty while something is open."""


class Settings(_Table):
    """How a Furious is read, and what is written to it."""

    url: Annotated[str, Field(pattern=r"^(https://[^\s?#]+|http://(localhost|127\.0\.0\.1)(:[0-9]+)?/?)$")]
    """Address of the instance, such as https://agency.furious-squad.com; https, because a password goes there."""
    username: Annotated[str, Field(min_length=1)]
    """Name of the user who reads."""
    password: Annotated[SecretStr, Field(min_length=1)]
    """Password of this user; kept outside: { env = "NAME" }."""
    price_is: PriceIs
    """Whether the amount of a rate-card line is its unit price or its total. No default: both were seen."""
    proposal: ProposalFields
    """Fields of proposals."""
    discount_is: DiscountIs = DiscountIs.PERCENT
    """Whether discounts are percentages or amounts."""
    requests_per_minute: Annotated[int, Field(ge=1, le=6000)] = 120
    """Most calls in a minute; the vendor's own limit is not known."""
    page_rows: Annotated[int, Field(ge=2, le=1000)] = 250
    """Records asked for at once."""
    currency: Currency = "EUR"
    """Currency where Furious names none."""
    countries: dict[str, Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]] = {}
    """Words for countries and their ISO codes, such as { Deutschland = "DE" }."""
    units: dict[str, Unit] = {}
    """More words for units, such as { forfait = "flat" }."""
    vat_classes: dict[str, str] = {"19": "standard", "7": "reduced"}
    """VAT in percent, and the class it is for the mapping."""
    services: dict[str, str] = {}
    """Values of the line's service field, and what they are called in the mapping; themselves if there are none."""
    customer: CustomerFields = CustomerFields()
    """Where customers are kept, and in which fields."""
    project: ProjectFields = ProjectFields()
    """Fields of projects."""
    line: LineFields = LineFields()
    """Fields of the lines of a proposal's rate card."""
    addendum: AddendumFields | None = None
    """Fields of addenda; without this table none is read."""
    project_line: FieldName = ""
    """Field of the lines of a project's rate card that holds the id of the proposal's line."""
    progress: tuple[ProgressFields, ...] = ()
    """Dated series of readings; none where progress is kept elsewhere, such as in a ledger."""
    sprint: SprintFields = SprintFields()
    """Fields of sprints."""
    metrics: tuple[MetricFields, ...] = ()
    """Metrics out of purchases."""
    contract: ContractFields | None = None
    """Fields of contracts; without this table none is read."""
    write_back: WriteBack | None = None
    """Invoices that are told what was paid; without this table nothing is written."""

    @property
    def base(self) -> str:
        """Return the address of the API."""
        return f"{self.url.rstrip('/')}/api/v2"
