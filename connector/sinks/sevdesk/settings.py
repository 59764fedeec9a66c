"""What a tenant says of its sevDesk account: the sink's settings in connector.toml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from connector.core.quantity import Unit
from connector.core.vat import VatCategory

System = Literal["1.0", "2.0"]
"""Versions of the book-keeping behind an account: 1.0 knows tax types, 2.0 tax rules."""

TaxRule = Literal["1", "2", "3", "4", "5", "11", "17", "18", "19", "20", "21"]
"""Ids of the tax rules for revenue in 2.0."""

Id = Annotated[int, Field(ge=1)]

Address = Annotated[str, Field(pattern=r"^https?://[^/?#]+$")]


class Settings(BaseModel):
    """The account in sevDesk, and how documents come to stand there."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    api_token: SecretStr
    """API token of an administrator; in connector.toml as { env = "SEVDESK_TOKEN" } or { keyring = "service/user" }."""
    finalize: bool
    """true: documents are issued at once, which is irrevocable. false: they are drafts, which a person issues there."""
    drafts_for: tuple[str, ...] = ()
    """Agreements (by id) whose documents stay drafts although finalize is true."""
    numbers: Literal["sevdesk", "honorar"] = "sevdesk"
    """Who numbers documents. With "honorar", corrections are refused: sevDesk numbers its cancellations itself."""
    bookkeeping: System | None = None
    """Version of the account's book-keeping; left out, the account is asked."""
    url: Address = "https://my.sevdesk.de"
    """Address of the API, without path."""
    app_url: Address = "https://my.sevdesk.de"
    """Address people use; links to documents begin with it."""
    contact_person: Id | None = None
    """Id of the user named as contact on documents; left out, the account's only user."""
    customer_numbers: Literal["debtor", "customer"] = "debtor"
    """What sevDesk has as customer numbers: the debtor accounts of mapping.toml, or the customers' ids in the project
    tool."""
    create_contacts: bool = True
    """Whether a customer whose number sevDesk does not know becomes a new contact; false: the document is rejected."""
    send_type: Literal["VPR", "VPDF", "VM", "VP"] = "VPDF"
    """How issued documents are marked as sent: printed, downloaded, mailed, posted. sevDesk itself sends nothing."""
    head_text: str = ""
    """Text above the lines."""
    foot_text: str = ""
    """Text below the lines, after the notes of the document."""
    tax_rules: dict[VatCategory, TaxRule] = Field(default_factory=dict)
    """2.0: other tax rules than the usual ones, by VAT category, such as { O = "4" }."""
    tax_sets: dict[VatCategory, Id] = Field(default_factory=dict)
    """1.0: ids of your own tax sets, by VAT category, such as { AE = 4711 }."""
    units: dict[Unit, Id] = Field(default_factory=dict)
    """Ids of units that sevDesk does not know by their UN/ECE code, such as { month = 14 }."""
    e_invoices_for: tuple[str, ...] = ()
    """Customers (by id) who get an e-invoice; sevDesk wants their buyer reference and e-mail address on the contact."""
    payment_method: Id | None = None
    """Id of the payment method on documents; needed for e-invoices."""

    @model_validator(mode="after")
    def _e_invoices_name_how_to_pay(self) -> Settings:
        if self.e_invoices_for and self.payment_method is None:
            message = "e_invoices_for needs payment_method: sevDesk makes no e-invoice without one"
            raise ValueError(message)
        return self
