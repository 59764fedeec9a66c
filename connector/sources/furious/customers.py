"""Customers out of companies or their contacts: what contacts of one company say of it is brought together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from connector.core.notation import NotationError, one_of
from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.core.suggest import did_you_mean
from connector.sources.furious import resources
from connector.sources.furious.calls import Calls
from connector.sources.furious.settings import Settings
from connector.sources.furious.values import TRUTH, Row, empty, link, number, text

LONGEST_PAYMENT_DAYS = 365

_COUNTRY = re.compile("[A-Z]{2}")
_LANGUAGES = {"de": "de", "en": "en"}


@dataclass(slots=True)
class Customers:
    """The customers that were read; `numbers` leads from what projects call them to their numbers."""

    parties: list[Party] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, calls: Calls, settings: Settings) -> Customers:
        """Return all customers, and what is wrong with others; contacts without a company are no customers."""
        search = resources.customers(settings).search
        found = cls()
        groups: dict[str, list[Row]] = {}
        for row in calls.walk(search):
            if isinstance(row, Problem):
                found.problems.append(row)
                continue
            try:
                groups.setdefault(link(row, settings.customer.key), []).append(row)
            except NotationError as error:
                place = calls.place(search.resource, row["id"])
                found.problems.append(Problem("UnreadableRecord", error.message, place, error.hint))
        groups.pop("", None)
        for key, rows in groups.items():
            found._add(key, rows, calls.place(search.resource, rows[0]["id"]), settings)
        return found

    def told(self) -> Iterator[Party | Problem]:
        """Yield the customers and the problems."""
        yield from self.problems
        yield from self.parties

    def _add(self, key: str, rows: Iterable[Row], place: str, settings: Settings) -> None:
        try:
            said = _brought_together(rows, settings, place)
            if isinstance(said, Problem):
                self.problems.append(said)
                return
            party = _party(said if settings.customer.number else {**said, "number": key}, settings, place)
        except NotationError as error:
            self.problems.append(Problem("BadCustomer", error.message, place, error.hint))
            return
        if party.id in self._known:
            message = f"two customers have the number {party.id}"
            self.problems.append(Problem("DuplicateRecord", message, place, "the first one is taken"))
            return
        self._known.add(party.id)
        self.numbers[key] = party.id
        self.parties.append(party)


def _brought_together(rows: Iterable[Row], settings: Settings, place: str) -> dict[str, str] | Problem:
    said: dict[str, str] = {}
    for detail, name in settings.customer.model_dump(exclude={"resource", "key"}).items():
        values = {value for row in rows if (value := text(row, name))}
        if len(values) > 1:
            message = f"the contacts of one customer differ in {name}: {', '.join(sorted(values))}"
            return Problem("CustomerContradicts", message, place, "let one of them say it, or all the same")
        said[detail] = next(iter(values), "")
    return said


def _party(said: Mapping[str, str], settings: Settings, place: str) -> Party:
    for detail in ("number", "name"):
        if not said[detail]:
            raise empty(getattr(settings.customer, detail))
    return Party(
        id=said["number"],
        name=said["name"],
        address=Address(
            said["street"], said["postal_code"], said["city"], _country(said["country"], settings.countries)
        ),
        vat_id=said["vat_id"].replace(" ", ""),
        is_business=one_of(TRUTH, said["business"]) if said["business"] else True,
        payment_days=_payment_days(said["payment_days"]),
        language=one_of(_LANGUAGES, said["language"]) if said["language"] else "de",
        email=said["email"],
        origin=place,
    )


def _country(word: str, countries: Mapping[str, str]) -> str:
    code = countries.get(word, word)
    if code and not _COUNTRY.fullmatch(code):
        hint = f"name its ISO code in the settings, under countries; {did_you_mean(word, countries)}"
        raise NotationError(word, "not a country code", hint)
    return code


def _payment_days(plain: str) -> int | None:
    days = number({"payment_days": plain}, "payment_days")
    if days is None:
        return None
    if days != int(days) or not 0 <= days <= LONGEST_PAYMENT_DAYS:
        raise NotationError(plain, "not a number of days", f"0 to {LONGEST_PAYMENT_DAYS}")
    return int(days)
