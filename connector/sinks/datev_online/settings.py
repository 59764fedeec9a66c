"""What a tenant says of its DATEV over the data centre: the sink's settings in connector.toml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from connector.datev.settings import Settings as ClientSettings

MOST_ROWS_ONLINE = 50_000
"""Rows per file: an upload may have 50 MB, and a row takes up to 1,000 bytes."""

Address = Annotated[str, Field(pattern=r"^(https?://[^?#\s]+)?$")]

_SCOPES = {
    "extf": ("datev:accounting:extf-files-import",),
    "ledger": ("accounting:dxso-jobs", "accounting:clients:read"),
}

_EXCHANGE = "datev:accounting:exchange"


class Settings(ClientSettings):
    """The client, as for files, and how its data get to DATEV's data centre."""

    client_id: Annotated[str, Field(min_length=1)]
    """The application's id in DATEV's developer portal (X-DATEV-Client-Id)."""
    client_secret: SecretStr | None = None
    """The application's secret; none for an application that is registered as public."""
    login_key: SecretStr | None = None
    """Key of the file that keeps the log-in (a Fernet key); without it, the system's keyring keeps it."""
    login_file: str = "datev_online.login"
    """The file of the log-in, relative to the tenant's folder."""
    redirect_url: Annotated[str, Field(pattern=r"^http://(127\.0\.0\.1|localhost)(:\d{2,5})?(/[^?#\s]*)?$")] = (
        "http://127.0.0.1"
    )
    """Where the browser comes back to, as registered; without a port, any free one is added."""
    offline: bool = True
    """Ask for a log-in that holds for two years (scope offline_access); without it, it holds for eleven hours."""
    login_seconds: Annotated[int, Field(ge=10, le=3600)] = 300
    """How long a log-in is waited for, in seconds."""
    way: Literal["extf", "ledger"] = "extf"
    """extf: batches for Kanzlei-Rechnungswesen. ledger: documents for Rechnungsausgangsbuch online (dxso-jobs)."""
    ledger_folder: Annotated[str, Field(max_length=40)] = ""
    """Folder of Rechnungsausgangsbuch online for the documents; empty where there is only one."""
    wait_seconds: Annotated[int, Field(ge=0, le=3600)] = 120
    """How long the result of an upload is waited for, in seconds; the next run asks again."""
    sandbox: bool = False
    """Use DATEV's sandbox."""
    url: Address = ""
    """Address of a server that stands for all of DATEV's; empty for DATEV's own."""
    authorize_url: Address = ""
    """Address of the log-in page, if DATEV gave the application another one."""
    token_url: Address = ""
    """Address where tokens are had, if DATEV gave the application another one."""
    max_rows: Annotated[int, Field(ge=1, le=MOST_ROWS_ONLINE)] = MOST_ROWS_ONLINE
    """Rows per file; more go into a further file."""

    @property
    def client(self) -> str:
        """Return the client's id in the data centre, such as '29098-55003'."""
        return f"{self.consultant_number}-{self.client_number}"

    def service(self, name: str, version: str) -> str:
        """Return the address of one of DATEV's services, such as accounting-extf-files."""
        host = self.url or f"https://{name}.api.datev.de"
        return f"{host}/platform{'-sandbox' if self.sandbox else ''}/{version}"

    @property
    def login_page(self) -> str:
        """Return where people log in."""
        realm = "openidsandbox" if self.sandbox else "openid"
        return self.authorize_url or f"{self.url or 'https://login.datev.de'}/{realm}/authorize"

    @property
    def token_page(self) -> str:
        """Return where tokens are had."""
        host = "https://sandbox-api.datev.de" if self.sandbox else "https://api.datev.de"
        return self.token_url or f"{self.url or host}/token"

    @property
    def scopes(self) -> str:
        """Return what the log-in is for; the least that will do."""
        exchange = (_EXCHANGE,) if self.payments == "exchange" else ()
        offline = ("offline_access", f"datev:iam:client:{self.client}") if self.offline else ()
        return " ".join(("openid", *_SCOPES[self.way], *exchange, *offline))
