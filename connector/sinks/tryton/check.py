"""What would go wrong, asked before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from connector.core.errors import ConfigError
from connector.core.problems import Problem, Severity
from connector.core.vat import VatCategory
from connector.sinks.tryton.books import Books

_CATEGORIES = frozenset(category.value for category in VatCategory)


def check(books: Books) -> Iterator[Problem]:
    """Yield what the books lack, what the key's user may not do, and what cannot be told.

    Raises AuthenticationFailed for a key that is not accepted, and ConfigError without a company.
    """
    place = f"{books.outside.name}: company {books.company}"
    yield from _missing(books)
    for code, message, hint, severity in _limits(books):
        yield Problem(code, message, place, hint, severity)


def _missing(books: Books) -> Iterator[Problem]:
    looks: tuple[Callable[[], object], ...] = (lambda: books.journal, lambda: books.receivable)
    for look in looks:
        try:
            look()
        except ConfigError as error:
            yield Problem("SetupMissing", error.message, error.place, error.hint)
    for named, name in books.settings.taxes.items():
        try:
            _hold_against(books, named, name)
        except ConfigError as error:
            yield Problem("SetupMissing", error.message, error.place, error.hint)


def _hold_against(books: Books, named: str, name: str) -> None:
    """Return if the tax is there, with the rate it is named for; ConfigError otherwise."""
    tax = books.tax(name)
    category, _, percent = named.partition(" ")
    if category in _CATEGORIES and (tax.percent if tax else 0) != Decimal(percent or 0):
        message = f"tax {name!r} in Tryton is not {named}"
        raise ConfigError(message, place=f"{books.outside.name}: taxes", hint="name the right one")


def _limits(books: Books) -> Iterator[tuple[str, str, str, Severity]]:
    for model in ("account.invoice", "party.party"):
        if not books.may("create", model):
            message = f"the key's user may not create {model}"
            yield "SetupMissing", message, "put the user into the group Accounting there", Severity.HOLD
    if not books.may("read", "account.dunning"):
        message = "dunning will not be told: its module is not activated, or the key's user is not in its group"
        yield "SetupMissing", message, "nothing, if nobody is dunned there", Severity.NOTICE
    if not books.countries:
        message = "Tryton knows no countries: addresses of new customers go without"
        yield "SetupMissing", message, "run trytond_import_countries there", Severity.NOTICE
