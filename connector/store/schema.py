"""The tables of the store, as they are today; `migrations` builds them and leads older stores here.

Every table carries the tenant, so that one store can hold many. Amounts are whole minor units (bigint) beside their
currency, days are dates, instants are UTC, exact values are JSON as `codec` writes it. `billed_log`, `payments` and
`audit` are append-only, `numbers` and `documents` nearly so: triggers of the database see to it. Of partial indexes
SQLite's condition is told; PostgreSQL's is the same and stands in the migration alone, because to tell it here would
load that dialect at every start.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

HEAD = "0008"
"""The revision these tables belong to: the newest one in `migrations/versions`."""


class Instant(sa.TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone, so it is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Return the moment in UTC; ValueError for one without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a moment without a time zone: {value}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        """Return the moment with its zone."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Counts rows up; SQLite does so for INTEGER alone."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _tenant(*, primary_key: bool = True) -> sa.Column[str]:
    return _text("tenant", primary_key=primary_key)


def _entry_columns() -> tuple[sa.Column[Any], ...]:
    return (
        _text("project"),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("seconds", sa.Integer),
        _text("person"),
        _text("activity"),
        _text("position"),
        sa.Column("billable", sa.Boolean, nullable=False),
        sa.Column("approved", sa.Boolean, nullable=False),
        _text("text"),
        _text("changed"),
        _text("fingerprint"),
        _text("origin"),
    )


WORK_ORDER = ("tenant", "project", "position", "activity", "month", "person", "day")
"""How the index of time entries is sorted: sums by project, position and activity, by month or by person and day too,
are read from it as they stand there, without sorting."""

payloads = sa.Table(
    "payloads",
    metadata,
    _tenant(),
    _text("sha256", primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

inbox = sa.Table(
    "inbox",
    metadata,
    _tenant(),
    _text("source", primary_key=True),
    _text("place", primary_key=True),
    _text("sha256", primary_key=True),
    sa.Column("arrived_at", Instant, nullable=False),
    sa.ForeignKeyConstraint(["tenant", "sha256"], ["payloads.tenant", "payloads.sha256"]),
)

pulls = sa.Table(
    "pulls",
    metadata,
    _tenant(),
    _text("source", primary_key=True),
    _text("kind", primary_key=True),
    sa.Column("seen", sa.Integer, nullable=False),
    sa.Column("pulled_at", Instant, nullable=False),
)

cursors = sa.Table(
    "cursors",
    metadata,
    _tenant(),
    _text("source", primary_key=True),
    _text("name", primary_key=True),
    _text("value"),
)

records = sa.Table(
    "records",
    metadata,
    _tenant(),
    _text("source", primary_key=True),
    _text("kind", primary_key=True),
    _text("key", primary_key=True),
    sa.Column("day", sa.Date),
    _text("body"),
    _text("fingerprint"),
)

entries = sa.Table(
    "entries",
    metadata,
    _tenant(),
    _text("source", primary_key=True),
    _text("id", primary_key=True),
    *_entry_columns(),
    sa.Column("first_seen_at", Instant, nullable=False),
    sa.Column("month", sa.Date, sa.FetchedValue()),  # the first of the month of `day`, by the database itself
    sa.Index("ix_entries_day", "tenant", "source", "day", "position", "seconds"),
    sa.Index("ix_entries_work", *WORK_ORDER, "source", "billable", "approved", "seconds"),
)

entry_changes = sa.Table(
    "entry_changes",
    metadata,
    sa.Column("row", RowId, primary_key=True),
    _tenant(primary_key=False),
    _text("source"),
    _text("id"),
    *_entry_columns(),
    _text("change"),
    sa.Column("noticed_at", Instant, nullable=False),
    sa.Index("ix_entry_changes_id", "tenant", "source", "id"),
)

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("row", RowId, primary_key=True),
    _tenant(primary_key=False),
    _text("key"),
    _text("number"),
    _text("agreement"),
    _text("customer"),
    _text("kind"),
    _text("state"),
    sa.Column("issue_date", sa.Date, nullable=False),
    sa.Column("due_date", sa.Date, nullable=False),
    _text("currency"),
    sa.Column("net_units", sa.BigInteger, nullable=False),
    sa.Column("gross_units", sa.BigInteger, nullable=False),
    _text("invoice"),
    _text("booking"),
    _text("config_hash"),
    sa.Column("created_at", Instant, nullable=False),
    _text("created_by"),
    sa.Column("issued", sa.Text, nullable=False, server_default=""),  # the number the sink gave it, '' for none
    sa.UniqueConstraint("tenant", "key"),
    sa.UniqueConstraint("tenant", "number"),
    sa.Index("ix_documents_state", "tenant", "state"),
    sa.Index("ix_documents_agreement", "tenant", "agreement"),
)

numbers = sa.Table(
    "numbers",
    metadata,
    _tenant(),
    _text("series", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    _text("document"),
    _text("void_reason"),
    sa.Column("reserved_at", Instant, nullable=False),
    sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"]),
    sa.UniqueConstraint("tenant", "document"),
)

billed_log = sa.Table(
    "billed_log",
    metadata,
    sa.Column("row", RowId, primary_key=True),
    _tenant(primary_key=False),
    _text("position"),
    _text("agreement"),
    sa.Column("document", sa.Text),
    _text("kind"),
    sa.Column("on_day", sa.Date, nullable=False),
    _text("currency"),
    sa.Column("computed_units", sa.BigInteger, nullable=False),
    sa.Column("invoiced_units", sa.BigInteger, nullable=False),
    _text("body"),
    sa.Column("logged_at", Instant, nullable=False),
    sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"]),
    sa.Index("ix_billed_log_position", "tenant", "position"),
    sa.Index("ix_billed_log_document", "tenant", "document"),
)

exports = sa.Table(
    "exports",
    metadata,
    _tenant(),
    _text("sink", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    _text("token"),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("repeat", sa.Boolean, nullable=False),
    _text("files"),
    sa.Column("finished_at", Instant),
)

sa.Index(
    "ix_exports_open",
    exports.c.tenant,
    exports.c.sink,
    unique=True,
    sqlite_where=exports.c.finished_at.is_(None),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("row", RowId, primary_key=True),
    _tenant(primary_key=False),
    _text("document"),
    sa.Column("queued_at", Instant, nullable=False),
    sa.Column("sink", sa.Text),
    sa.Column("export", sa.Integer),
    sa.Column("place", sa.Integer),
    _text("reference"),
    sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"]),
    sa.ForeignKeyConstraint(["tenant", "sink", "export"], ["exports.tenant", "exports.sink", "exports.number"]),
    sa.Index("ix_outbox_document", "tenant", "document"),
    sa.Index("ix_outbox_export", "tenant", "sink", "export", "place"),
)

sa.Index(
    "ix_outbox_waiting",
    outbox.c.tenant,
    outbox.c.document,
    unique=True,
    sqlite_where=outbox.c.export.is_(None),
)

debtors = sa.Table(
    "debtors",
    metadata,
    _tenant(),
    _text("sink", primary_key=True),
    _text("account", primary_key=True),
    _text("fingerprint"),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("row", RowId, primary_key=True),
    _tenant(primary_key=False),
    _text("document"),
    _text("sink"),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    _text("outcome"),
    _text("words"),
    sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"]),
    sa.Index("ix_attempts_document", "tenant", "document"),
)

receipts = sa.Table(
    "receipts",
    metadata,
    _tenant(),
    _text("sink", primary_key=True),
    _text("document", primary_key=True),
    *(_text(name) for name in ("reference", "number", "link", "version")),
    sa.Column("accepted_at", Instant, nullable=False),
    sa.Column("compared_at", Instant),
    sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"]),
    sa.Index("ix_receipts_reference", "tenant", "sink", "reference"),
)

payments = sa.Table(
    "payments",
    metadata,
    sa.Column("row", RowId, primary_key=True),
    _tenant(primary_key=False),
    *(_text(name) for name in ("document", "sink", "who", "state", "currency")),
    sa.Column("open_units", sa.BigInteger, nullable=False),
    sa.Column("paid_on", sa.Date),
    sa.Column("overdue", sa.Boolean),
    *(_text(name) for name in ("dunning", "word")),
    sa.Column("read_at", Instant, nullable=False),
    sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"]),
    sa.Index("ix_payments_document", "tenant", "document"),
)

write_backs = sa.Table(
    "write_backs",
    metadata,
    _tenant(),
    *(_text(name, primary_key=True) for name in ("source", "document")),
    _text("text"),
    sa.Column("written_at", Instant, nullable=False),
    sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"]),
)

marks = sa.Table(
    "marks",
    metadata,
    _tenant(),
    *(_text(name, primary_key=True) for name in ("source", "entry")),
    _text("agreement"),
    sa.Column("marked_at", Instant, nullable=False),
)

reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("row", RowId, primary_key=True),
    _tenant(primary_key=False),
    _text("document"),
    sa.Column("level", sa.Integer, nullable=False),
    *(_text(name) for name in ("sink", "who", "outcome", "words", "reference", "link", "reminder")),
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"]),
    sa.Index("ix_reminders_document", "tenant", "document"),
)

holds = sa.Table(
    "holds",
    metadata,
    _tenant(),
    _text("document", primary_key=True),
    *(_text(name) for name in ("why", "who")),
    sa.Column("at", Instant, nullable=False),
    sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"]),
)

notices = sa.Table(
    "notices",
    metadata,
    _tenant(),
    _text("key", primary_key=True),
    sa.Column("raised_at", Instant, nullable=False),
)

approvals = sa.Table(
    "approvals",
    metadata,
    sa.Column("row", RowId, primary_key=True),
    _tenant(primary_key=False),
    _text("key"),
    _text("who"),
    _text("why"),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_approvals_key", "tenant", "key"),
)

selections = sa.Table(
    "selections",
    metadata,
    _tenant(),
    _text("agreement", primary_key=True),
    _text("positions"),
    _text("who"),
    sa.Column("at", Instant, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("row", RowId, primary_key=True),
    _tenant(primary_key=False),
    sa.Column("at", Instant, nullable=False),
    _text("who"),
    _text("action"),
    _text("subject"),
    _text("details"),
    sa.Index("ix_audit_subject", "tenant", "subject"),
)
