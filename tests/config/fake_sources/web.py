"""A source with secrets."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Fields(BaseModel):
    """Names of fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rate: str = ""


class Settings(BaseModel):
    """Where it reads, and with which key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    api_key: Annotated[SecretStr, Field(min_length=4)]
    token: SecretStr | None = None
    factor: Decimal = Decimal(1)
    fields: Fields = Fields()


def build(settings: Settings, transport: object) -> tuple[Settings, object]:
    """Return what it was given."""
    return settings, transport
