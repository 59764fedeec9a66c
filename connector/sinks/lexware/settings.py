"""What a tenant says of its Lexware Office: the sink's settings in connector.toml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from connector.core.vat import VatCategory

TaxType = Literal[
    "net",
    "vatfree",
    "intraCommunitySupply",
    "constructionService13b",
    "externalService13b",
    "thirdPartyCountryService",
    "thirdPartyCountryDelivery",
    "photovoltaicEquipment",
]
"""What Lexware Office calls the VAT treatments of a document; `gross` is not used: our prices are net."""

ShortText = Annotated[str, Field(max_length=1000)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class XRechnung(_Table):
    """A customer who wants XRechnung; both are kept with the contact."""

    buyer_reference: Annotated[str, Field(min_length=1)]
    """The customer's reference: of authorities, the Leitweg-ID."""
    vendor_number: Annotated[str, Field(min_length=1)]
    """Your number with the customer."""


class Settings(_Table):
    """The organisation in Lexware Office, and how documents come to stand there."""

    api_key: SecretStr
    """Key of the public API; in connector.toml as { env = "LEXWARE_KEY" } or { keyring = "service/user" }."""
    finalize: bool
    """true: documents are issued at once, which is irrevocable. false: they are drafts, which only a person can finish
    there: no later run can."""
    drafts_for: tuple[str, ...] = ()
    """Agreements (by id) whose documents stay drafts although finalize is true."""
    url: Annotated[str, Field(pattern=r"^https?://[^/?#]+$")] = "https://api.lexware.io"
    """Address of the API, without path."""
    app_url: Annotated[str, Field(pattern=r"^https?://[^/?#]+$")] = "https://app.lexware.de"
    """Address people use; links to documents begin with it."""
    debtors_are_customer_numbers: bool = False
    """Whether the debtor accounts in mapping.toml are the customer numbers of Lexware Office."""
    update_contacts: bool = True
    """Whether a contact that differs from the customer in the project tool is updated."""
    introduction: ShortText = ""
    """Text above the lines."""
    remark: ShortText = ""
    """Text below the lines, after the notes of the document."""
    key_text: Annotated[str, Field(max_length=200)] = "Unser Zeichen: {key}"
    """Last line below: with {key}, by which a document is found again after a lost answer."""
    negative_lines: Literal["quantity", "price"] = "quantity"
    """What carries the minus of a line that deducts something."""
    tax_types: dict[VatCategory, TaxType] = Field(default_factory=dict)
    """Other tax types than the usual ones, by VAT category, such as { Z = "photovoltaicEquipment" }."""
    xrechnung: dict[str, XRechnung] = Field(default_factory=dict)
    """Customers (by id) who want XRechnung."""

    @field_validator("key_text")
    @classmethod
    def _carries_the_key(cls, value: str) -> str:
        if value.count("{key}") != 1 or value.replace("{key}", "").strip("{}") != value.replace("{key}", ""):
            message = "write {key} once: a document that does not carry it would not be found after a lost answer"
            raise ValueError(message)
        return value
