"""What every agreement in agreements.toml has, and tables whose keys must fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from connector.config.faults import Fault, MisfitError
from connector.core.money import minor_digits
from connector.mapping.fields import Table, Text


def _known_currency(currency: str) -> str:
    minor_digits(currency)
    return currency


Currency = Annotated[str, AfterValidator(_known_currency)]
"""The ISO 4217 code of a currency that amounts can be counted in."""


class CheckedTable(Table):
    """A table whose keys must fit each other: what does not fit is told at the key it concerns."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if found := list(self.misfits()):
            raise MisfitError(found)
        return self

    def misfits(self) -> Iterator[Fault]:
        """Yield what does not fit, by its path within the table; looked at once every value is right by itself."""
        yield from ()


class AgreementTable(CheckedTable):
    """What every agreement has."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
    """Its name: letters, digits, - _ and . Part of every document's key: never change it."""
    customer: Text
    """Id of the customer in the project tool."""
    project: Text
    """Id of the project; its subprojects belong to it."""
    payment_days: Annotated[int, Field(ge=0, le=365)] | None = None
    """Days to the due date; left out: the customer's, else the tenant's default."""
