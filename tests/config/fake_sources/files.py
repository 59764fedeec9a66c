"""A source without secrets."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Where it reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str = "data"
    """Folder of the files."""
    locale: Literal["de", "en"]
    """How numbers are written."""


def build(settings: Settings, transport: object) -> tuple[Settings, object]:
    """Return what it was given."""
    return settings, transport
