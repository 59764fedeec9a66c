"""Reminders: every attempt is on record before its call, every answer after it; and documents held (domain 9).

Of one document at most one attempt is unsettled, and each level counts once: what would break that is refused, in the
transaction that would write it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from connector.core.delivery import Attempt, Outcome
from connector.core.errors import RefusedError
from connector.core.ports import Receipt
from connector.core.reminder import Reminder
from connector.core.reminding import Given
from connector.store import audit
from connector.store.codec import decode, encode
from connector.store.engine import Database
from connector.store.schema import holds, reminders

_UNSETTLED = ("", Outcome.UNKNOWN)


class Reminders:
    """Attempts to remind, and documents of which a person said that nobody is reminded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def given(self) -> dict[str, tuple[Given, ...]]:
        """Return every attempt by the keys of the documents, oldest first."""
        found: dict[str, list[Given]] = {}
        for each in self._rows():
            found.setdefault(each.reminder.key, []).append(each)
        return {key: tuple(attempts) for key, attempts in found.items()}

    def of(self, key: str) -> tuple[Given, ...]:
        """Return every attempt to remind of the document with the key, oldest first."""
        return tuple(self._rows(reminders.c.document == key))

    def begin(self, sink: str, reminder: Reminder, *, who: str) -> None:
        """Record that the reminder is about to be written; RefusedError where it was, or may have been."""
        with self._database.writing() as connection:
            self._insert(connection, sink, reminder, who)

    def end(self, key: str, outcome: Outcome, words: str, *, who: str) -> None:
        """Record how the unsettled attempt ended, other than by being accepted."""
        with self._database.writing() as connection:
            self._close(connection, key, outcome, words)
            audit.record(self._database, connection, who, f"reminder {outcome}", key, why=words)

    def accept(self, receipt: Receipt, *, who: str, why: str = "") -> None:
        """Record that the unsettled reminder is there, by the answer, because it was found, or because a person saw."""
        with self._database.writing() as connection:
            self._close(connection, receipt.key, Outcome.ACCEPTED, why, reference=receipt.reference, link=receipt.link)
            details = {"reference": receipt.reference, "why": why}
            audit.record(self._database, connection, who, "reminder accepted", receipt.key, **details)

    def by_hand(self, reminder: Reminder, why: str, *, who: str) -> None:
        """Record that a person gave the reminder; RefusedError where it was given, or may have been."""
        with self._database.writing() as connection:
            self._insert(connection, "", reminder, who)
            self._close(connection, reminder.key, Outcome.ACCEPTED, why)
            details = {"level": str(reminder.level), "on": reminder.on.isoformat(), "why": why}
            audit.record(self._database, connection, who, "reminder accepted", reminder.key, **details)

    def take_back(self, key: str, level: int, why: str, *, who: str) -> None:
        """Let the level count as not given: it is given anew when it is due."""
        mine = (*self._of(reminders), reminders.c.document == key, reminders.c.level == level)
        with self._database.writing() as connection:
            counting = (*mine, reminders.c.outcome == Outcome.ACCEPTED)
            connection.execute(sa.update(reminders).where(*counting).values(outcome=Outcome.NOT_SENT, words=why))
            audit.record(self._database, connection, who, "reminder taken back", key, level=str(level), why=why)

    def hold(self, key: str, why: str, *, who: str) -> None:
        """Let nobody be reminded of the document from now on."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(holds).where(*self._of(holds), holds.c.document == key))
            row = {"tenant": self._database.tenant, "document": key, "why": why, "who": who}
            connection.execute(sa.insert(holds), row | {"at": self._database.now()})
            audit.record(self._database, connection, who, "reminders held", key, why=why)

    def release(self, key: str, why: str, *, who: str) -> None:
        """Let the document be reminded of again."""
        with self._database.writing() as connection:
            connection.execute(sa.delete(holds).where(*self._of(holds), holds.c.document == key))
            audit.record(self._database, connection, who, "reminders released", key, why=why)

    def held(self) -> dict[str, str]:
        """Return why nobody is reminded of a document, by key."""
        with self._database.reading() as connection:
            chosen = sa.select(holds.c.document, holds.c.why).where(*self._of(holds))
            return {row.document: row.why for row in connection.execute(chosen)}

    def _insert(self, connection: sa.Connection, sink: str, reminder: Reminder, who: str) -> None:
        mine = (*self._of(reminders), reminders.c.document == reminder.key)
        counts = sa.and_(reminders.c.outcome == Outcome.ACCEPTED, reminders.c.level >= reminder.level)
        stands = sa.or_(reminders.c.outcome.in_(_UNSETTLED), counts)
        if connection.execute(sa.select(reminders.c.row).where(*mine, stands)).first():
            message = f"level {reminder.level} was given, or may have been"
            raise RefusedError(message, place=reminder.place, hint="honorar remind shows what is not settled")
        row = {"document": reminder.key, "level": reminder.level, "sink": sink, "who": who}
        row |= {"outcome": "", "words": "", "reference": "", "link": "", "reminder": encode(reminder)}
        begun = {"tenant": self._database.tenant, "begun_at": self._database.now()}
        connection.execute(sa.insert(reminders), row | begun)

    def _close(self, connection: sa.Connection, key: str, outcome: Outcome, words: str, **answer: str) -> None:
        mine = (*self._of(reminders), reminders.c.document == key, reminders.c.outcome.in_(_UNSETTLED))
        ended = {"ended_at": self._database.now(), "outcome": outcome, "words": words, **answer}
        connection.execute(sa.update(reminders).where(*mine).values(ended))

    def _rows(self, *conditions: sa.ColumnElement[bool]) -> Iterator[Given]:
        chosen = sa.select(reminders).where(*self._of(reminders), *conditions).order_by(reminders.c.row)
        with self._database.reading() as connection:
            for row in connection.execute(chosen):
                yield _given(row)

    def _of(self, table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        return (table.c.tenant == self._database.tenant,)


def _given(row: sa.Row[Any]) -> Given:
    outcome = Outcome(row.outcome) if row.outcome else None
    attempt = Attempt(row.sink, row.begun_at, row.ended_at, outcome, row.words)
    receipt = Receipt(row.document, row.reference, link=row.link) if row.reference else None
    return Given(decode(Reminder, row.reminder), attempt, row.who, receipt)
