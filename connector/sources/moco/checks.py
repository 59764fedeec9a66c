"""What is wrong with the connection and the names of custom properties, and which expenses no offer names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from connector.core.problems import Problem, Severity
from connector.core.suggest import did_you_mean
from connector.sources.moco.calls import Calls
from connector.sources.moco.offers import RateCard
from connector.sources.moco.progress import FIRST_DAY, ExpenseReader
from connector.sources.moco.projects import Projects
from connector.sources.moco.records import ExpenseRecord, PropertyRecord, record_of
from connector.sources.moco.settings import Settings

LAST_DAY = date(2100, 1, 1)

ENTITIES = {"customer": "Customer", "project": "Project", "offer": "Offer"}
"""What MOCO calls the things that have the custom properties of each table of the settings."""


def properties(calls: Calls, settings: Settings) -> Iterator[Problem]:
    """Yield every custom property that the settings name and the account does not know; asked only if any is named."""
    tables = {table: getattr(settings, table).model_dump() for table in ENTITIES}
    if not any(name for names in tables.values() for name in names.values()):
        return
    known: dict[str, set[str]] = {}
    for row in calls.rows("/account/custom_properties"):
        record = record_of(row, PropertyRecord, f"{calls.source}: custom property #{row['id']}")
        if isinstance(record, Problem):
            yield record
        else:
            known.setdefault(record.entity, set()).add(record.name)
    for table, names in tables.items():
        of_entity = known.get(ENTITIES[table], set())
        for key, name in names.items():
            if name and name not in of_entity:
                message = f"no custom property {name!r} of the entity {ENTITIES[table]}"
                yield Problem("UnknownField", message, f"{calls.source}: {table}.{key}", did_you_mean(name, of_entity))


def expenses(calls: Calls, projects: Projects, card: RateCard) -> Iterator[Problem]:
    """Yield a notice for billable expenses that are units of no position."""
    unmatched: Counter[tuple[int, str]] = Counter()
    for found in ExpenseReader(calls, card).expenses(FIRST_DAY, LAST_DAY):
        if isinstance(found, ExpenseRecord) and (found.project.id, found.title) not in card.titled:
            unmatched[found.project.id, found.title] += 1
    for (number, title), count in unmatched.items():
        hint = "offer it under the same title, or bill it elsewhere"
        message = f"{count} billable expenses of no position: {title!r}; they are not read from MOCO"
        yield Problem("TermsNotRead", message, projects.place(number), hint, Severity.NOTICE)
