"""Planning a month of retainers from the time entries in the store, all earlier periods computed anew (domain 4, 6).

What is timed begins with an open store and ends with the plan: facts read and summed in the database, charges of all
periods, what was billed of them, documents with the reasons of every amount.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from tempfile import TemporaryDirectory

from connector.cli import FEW_COLLECTIONS
from connector.core.agreement import Agreement
from connector.core.catalogue import Item, ItemUnit, Overage, Rollover, Tier
from connector.core.feed import Feed
from connector.core.money import Money
from connector.core.numbering import NumberFormat
from connector.core.plan import Plan, make_plan
from connector.core.quantity import SECONDS_PER_HOUR
from connector.core.retainer_terms import RetainerTerms, TermsVersion
from connector.core.time_rounding import RoundingMode, TimeRounding
from connector.jobs.bill import Outlook, Request, Terms, bill, facts_for
from connector.store import Store, open_store
from tests.bench.measure import Finding, Scale, fastest, milliseconds, peak_megabytes, seconds
from tests.core.builders import agreement, party, project, seller
from tests.jobs.world import rules
from tests.store.world import TENANT

RETAINERS = 200
ENTRIES_OF_A_YEAR = 100_000
MANY_ENTRIES = 1_000_000
MOST_SECONDS = 0.3
MOST_SECONDS_OF_MANY = 1.0
MOST_MEGABYTES = 150
MOST_TIMES_AFTER_LATE_CHANGES = 2
LATE_ONE_IN = 99
"""Of the entries, just over 1 % change late; 99 shares no factor with the number of retainers, so all are hit alike."""

YEARS = 10
FEW, MANY = 100, 10_000
FLATNESS = 0.8
"""Of many retainers, each takes at most so much longer than of few: 1 ÷ 0.8."""

FIRST_YEAR = 2026
YEAR_DAYS = 365
SOURCE = "redmine"
PEOPLE = 5

_ENTRIES = """
    WITH RECURSIVE number (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM number WHERE i < :count - 1)
    INSERT INTO entries
        (tenant, source, id, day, seconds, project, position, person, activity, text, changed, fingerprint, origin,
         billable, approved, first_seen_at)
    SELECT :tenant, :source, printf('%08d', i), date(:first, (i * :days / :count) || ' days'), 300 * (1 + i % 25),
        'P' || (i % :projects), '', 'Person ' || (i / :projects % :people),
        CASE i / :projects % 3 WHEN 0 THEN 'Design' ELSE 'Development' END, 'Arbeit an Aufgabe ' || i,
        '2026-01-31T10:00:00Z', hex(i), 'redmine: time entry #' || i, i % 20 <> 7, 1, '2026-02-01 08:00:00'
    FROM number
"""
"""So many entries, evenly over days, projects and people; SQLite makes them faster than we could hand them in."""

_LATE = "UPDATE entries SET seconds = seconds + 900 WHERE id % :one_in = 0 AND day < :before"


@dataclass(frozen=True)
class Office:
    """A store with retainers and their time, and the terms they are planned by."""

    store: Store
    terms: Terms

    def plan(self, as_of: date) -> Plan:
        """Return what is due on the day."""
        request = Request(as_of, "bench")
        return make_plan(facts_for(self.store.collected([SOURCE]), self.store.billing, self.terms, request))

    def bill(self, as_of: date) -> None:
        """Bill what is due on the day."""
        plan = self.plan(as_of)
        bill(self.store.billing, self.terms, Outlook(plan, plan.documents), "bench")

    def change_late(self) -> None:
        """Change some of the entries of the months that were billed."""
        told = {"one_in": LATE_ONE_IN, "before": date(FIRST_YEAR, 12, 1).isoformat()}
        with self.store.database.writing() as connection:
            connection.exec_driver_sql(_LATE, told)


def measure(scale: Scale) -> Iterator[Finding]:
    """Yield the time for a month: of many entries, of a year and of ten, after late changes, of many retainers."""
    gc.set_threshold(*FEW_COLLECTIONS)  # as in the command
    yield from _many_entries(scale)  # first, so that the memory is its own
    yield from _years(scale)
    yield from _flatness(scale)


@contextmanager
def office_of(retainers: int, entries: int, days: int) -> Iterator[Office]:
    """Give a store with so many retainers and entries, evenly over so many days."""
    with TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/honorar.db", TENANT) as store:
        office = Office(store, terms_of(retainers))
        fill(office, entries, days)
        yield office


def _many_entries(scale: Scale) -> Iterator[Finding]:
    retainers, entries = scale.of(RETAINERS), scale.of(MANY_ENTRIES)
    with office_of(retainers, entries, YEAR_DAYS) as office:
        spent = _december(scale, office, FIRST_YEAR)
    yield _within(f"December of {retainers} retainers, {entries:,} entries in the year", spent, MOST_SECONDS_OF_MANY)
    peak = peak_megabytes()
    yield Finding("… memory of the whole process", f"{peak:.0f} MB", f"≤ {MOST_MEGABYTES} MB", MOST_MEGABYTES / peak)


def _years(scale: Scale) -> Iterator[Finding]:
    retainers, entries = scale.of(RETAINERS), scale.of(ENTRIES_OF_A_YEAR)
    with office_of(retainers, entries, YEAR_DAYS) as office:
        spent = _december(scale, office, FIRST_YEAR)
        yield _within(f"December of {retainers} retainers, {entries:,} entries in the year", spent, MOST_SECONDS)
        office.change_late()
        late = fastest(scale, partial(seconds, partial(office.plan, _after(FIRST_YEAR))))[0]
        yield _times("… after late changes of 1 %", late, spent, MOST_TIMES_AFTER_LATE_CHANGES)
    with office_of(retainers, entries * YEARS, YEAR_DAYS * YEARS) as office:
        for year in range(FIRST_YEAR, FIRST_YEAR + YEARS - 1):
            office.bill(_after(year))
        aged = _december(scale, office, FIRST_YEAR + YEARS - 1)
        yield _times(f"… of the {YEARS}th year, with as many entries in each", aged, spent, YEARS)


def _december(scale: Scale, office: Office, year: int) -> float:
    """Return the seconds for a plan of December, all months before it having been billed."""
    office.bill(date(year, 12, 1))
    return fastest(scale, partial(seconds, partial(office.plan, _after(year))))[0]


def _after(year: int) -> date:
    return date(year + 1, 1, 1)


def _flatness(scale: Scale) -> Iterator[Finding]:
    few, many = (_per_retainer(scale, scale.of(size)) for size in (FEW, MANY))
    name = f"A month of one of {scale.of(MANY):,} retainers"
    told = f"of {scale.of(FEW)}: {few * 1e6:,.0f} µs"
    yield Finding(name, f"{many * 1e6:,.0f} µs", f"≤ {1 / FLATNESS:.2f} ×", few / many / FLATNESS, told, many / few)


def _per_retainer(scale: Scale, retainers: int) -> float:
    """Return the seconds per retainer of a plan of the first month of so many."""
    with office_of(retainers, retainers * 10, 31) as office:
        return fastest(scale, partial(seconds, partial(office.plan, date(FIRST_YEAR, 2, 1))))[0] / retainers


def _times(what: str, spent: float, plain: float, most: float) -> Finding:
    shown = f"plain: {milliseconds(plain)}"
    return Finding(what, milliseconds(spent), f"≤ {most:g} ×", most * plain / spent, shown, spent / plain)


def _within(what: str, spent: float, most: float) -> Finding:
    return Finding(what, milliseconds(spent), f"≤ {milliseconds(most)}", most / spent)


def terms_of(retainers: int) -> Terms:
    """Return the terms of so many retainers, each on a project of its own."""
    agreements = [retainer(number) for number in range(retainers)]
    numbers = NumberFormat.parse("RE-{year}-{number:05}")
    return Terms(
        TENANT, seller(), 14, agreements, rules(), approve_at_once=False, number_format=numbers, config_hash=""
    )


def retainer(number: int) -> Agreement:
    """Return the retainer of domain 4.6, with time in quarters of an hour."""
    beyond = Overage(tiers=(Tier(Decimal(130)),))
    hours = Item("hours", "Hours", ItemUnit.HOURS, 20 * SECONDS_PER_HOUR, beyond, Rollover(10 * SECONDS_PER_HOUR, 2))
    version = TermsVersion(date(FIRST_YEAR, 1, 1), Money.of(2400, "EUR"), (hours,))
    terms = RetainerTerms("Retainer", (version,), rounding=TimeRounding(15, RoundingMode.UP))
    return replace(agreement(id_=f"retainer-{number}", project=f"P{number}"), terms=terms, feeds=(Feed("hours"),))


def fill(office: Office, entries: int, days: int) -> None:
    """Put customers, projects and entries into the store."""
    projects = [each.project for each in office.terms.agreements]
    with office.store.sources.pull(SOURCE) as pull:
        pull.replace("customers", [party()])
        pull.replace("projects", [project(each) for each in projects])
    told = {"count": entries, "days": days, "projects": len(projects), "people": PEOPLE}
    with office.store.database.writing() as connection:
        named = {"tenant": TENANT, "source": SOURCE, "first": date(FIRST_YEAR, 1, 1).isoformat()}
        connection.exec_driver_sql(_ENTRIES, told | named)
