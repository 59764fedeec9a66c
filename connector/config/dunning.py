"""The tables of dunning.toml: levels, what is said of due dates and customers, later base rates (domain 10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from connector.config.faults import Fault, MisfitError
from connector.config.fields import NotNegative
from connector.core.base_rates import BASE_RATES, half_year_of
from connector.core.dunning import Debtor, Level, Procedure
from connector.core.money import Money
from connector.core.reminder import LUMP_SUM
from connector.core.reminder_texts import PLACES, usual_words
from connector.core.texts import LANGUAGES
from connector.mapping.fields import Exact, ListOf, Table, check_places

LONGEST_NAME = 25
"""Characters of a level's name: accounting systems print it as the reminder's title."""


def _whole_cents(fee: Decimal) -> Decimal:
    Money.exactly(fee, LUMP_SUM.currency)
    return fee


def _good_text(text: str) -> str:
    check_places(text, PLACES)
    return text


def _first_of_half_year(day: date) -> date:
    if day != half_year_of(day):
        message = "base rates begin on 1 January and 1 July"
        raise ValueError(message)
    return day


Name = Annotated[str, Field(max_length=LONGEST_NAME)]

TextToCustomers = Annotated[str, AfterValidator(_good_text)]


class LevelTable(Table):
    """A level; the first is the one that is given first."""

    days: Annotated[int, Field(ge=1, le=365)]
    """Days after the due date on which it is given; more than those of the level before."""
    pay_within: Annotated[int, Field(ge=1, le=60)] = 7
    """Days from the reminder in which it asks for the money."""
    fee: Annotated[NotNegative, AfterValidator(_whole_cents)] = Decimal(0)
    """Fee in EUR, the whole of it: those of earlier levels are not added."""
    interest: bool = False
    """Whether it asks for default interest by the law (§ 288 BGB)."""
    lump_sum: bool = False
    """Whether it, and every later level, asks for the 40 EUR that businesses owe (§ 288 Abs. 5 BGB); the fee is set off
    against them."""
    name: Name = ""
    """What it is called; left out: Zahlungserinnerung, 1. Mahnung and so on."""
    name_en: Name = ""
    """What it is called for customers who read English."""
    text: TextToCustomers = ""
    """What it says, with {number}, {level}, {due}, {open}, {total}, {on} and {pay_by}; left out, a usual text."""
    text_en: TextToCustomers = ""
    """What it says to customers who read English."""

    def level(self, number: int, levels: int) -> Level:
        """Return it as a value of the core."""
        given = {"de": (self.name, self.text), "en": (self.name_en, self.text_en)}
        usual = {language: usual_words(language, number, levels) for language in LANGUAGES}
        names, texts = (
            {language: given[language][at] or usual[language][at] for language in LANGUAGES} for at in (0, 1)
        )
        fee = Money.exactly(self.fee, LUMP_SUM.currency)
        return Level(
            number,
            self.days,
            self.pay_within,
            fee,
            interest=self.interest,
            lump_sum=self.lump_sum,
            names=names,
            texts=texts,
        )


class BaseRateTable(Table):
    """The base rate of a half-year that this version of Honorar does not know yet."""

    from_: Annotated[date, AfterValidator(_first_of_half_year), Field(alias="from")]
    """First day of the half-year."""
    percent: Exact
    """Percent a year, as the Bundesbank announces it."""


class DunningTables(Table):
    """All of dunning.toml."""

    due_dates: Literal["agreed", "stated"]
    """Whether due dates are agreed with the customers (default begins the day after), or only stated on the invoice."""
    receipt_days: Annotated[int, Field(ge=0, le=30)] | None = None
    """Days after its date by which an invoice has surely arrived; needed with "stated"."""
    consumers_told: bool = False
    """Whether invoices tell consumers that they are in default after 30 days (§ 286 Abs. 3 BGB)."""
    unnamed_customers: Literal["business", "consumer"] | None = None
    """What a customer without a VAT id is whom the project tool does not call a consumer; left out, you are asked where
    it matters."""
    settled_within: Annotated[int, Field(ge=1, le=31)] = 3
    """Days within which payments must have been read back before anybody is reminded."""
    level: Annotated[tuple[LevelTable, ...], ListOf, Field(min_length=1)]
    """The levels, in order."""
    base_rate: Annotated[tuple[BaseRateTable, ...], ListOf] = ()
    """Base rates that are laid over those Honorar knows."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if found := tuple(self._misfits()):
            raise MisfitError(found)
        return self

    def _misfits(self) -> Iterator[Fault]:
        if self.due_dates == "stated" and self.receipt_days is None:
            hint = "add receipt_days = …: default begins 30 days after due date and receipt"
            yield Fault("ConfigMissingKey", ("due_dates",), '"stated" needs receipt_days', hint)
        for at in range(1, len(self.level)):
            before, days = self.level[at - 1].days, self.level[at].days
            if days <= before:
                message = f"{days} days do not come after {before}"
                yield Fault("ConfigWrongValue", ("level", at, "days"), message, "days count from the due date")

    @property
    def procedure(self) -> Procedure:
        """Return it as a value of the core."""
        levels = tuple(table.level(at, len(self.level)) for at, table in enumerate(self.level, start=1))
        return Procedure(
            levels,
            agreed=self.due_dates == "agreed",
            receipt_days=self.receipt_days or 0,
            consumers_told=self.consumers_told,
            unnamed=Debtor(self.unnamed_customers) if self.unnamed_customers else None,
            settled_within=self.settled_within,
            rates={**BASE_RATES, **{table.from_: table.percent for table in self.base_rate}},
        )
