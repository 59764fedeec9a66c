"""A sink that only has settings."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Which client it is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client: int


def build(settings: Settings, transport: object) -> tuple[Settings, object]:
    """Return what it was given."""
    return settings, transport
