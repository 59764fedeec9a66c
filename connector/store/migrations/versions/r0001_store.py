"""The first store: inbox, records, time entries, documents, billed log, exports, audit."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create all tables and the triggers that guard them."""
    _inbox()
    _records()
    _entries()
    _documents()
    _billed_log()
    _exports()
    _audit()
    _guard()


def _inbox() -> None:
    op.create_table(
        "payloads",
        *_keys("tenant", "sha256"),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "inbox",
        *_keys("tenant", "source", "place", "sha256"),
        _instant("arrived_at"),
        sa.ForeignKeyConstraint(["tenant", "sha256"], ["payloads.tenant", "payloads.sha256"]),
    )


def _records() -> None:
    op.create_table(
        "pulls",
        *_keys("tenant", "source", "kind"),
        sa.Column("seen", sa.Integer, nullable=False),
        _instant("pulled_at"),
    )
    op.create_table("cursors", *_keys("tenant", "source", "name"), _text("value"))
    op.create_table(
        "records",
        *_keys("tenant", "source", "kind", "key"),
        sa.Column("day", sa.Date),
        _text("body"),
        _text("fingerprint"),
    )


def _entries() -> None:
    op.create_table("entries", *_keys("tenant", "source", "id"), *_entry_columns(), _instant("first_seen_at"))
    op.create_index("ix_entries_day", "entries", ["tenant", "source", "day", "position", "seconds"])
    op.create_table(
        "entry_changes",
        _row(),
        _text("tenant"),
        _text("source"),
        _text("id"),
        *_entry_columns(),
        _text("change"),
        _instant("noticed_at"),
    )
    op.create_index("ix_entry_changes_id", "entry_changes", ["tenant", "source", "id"])


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


def _documents() -> None:
    op.create_table(
        "documents",
        _row(),
        *(_text(name) for name in ("tenant", "key", "number", "agreement", "customer", "kind", "state")),
        sa.Column("issue_date", sa.Date, nullable=False),
        sa.Column("due_date", sa.Date, nullable=False),
        _text("currency"),
        sa.Column("net_units", sa.BigInteger, nullable=False),
        sa.Column("gross_units", sa.BigInteger, nullable=False),
        *(_text(name) for name in ("invoice", "booking", "config_hash")),
        _instant("created_at"),
        _text("created_by"),
        sa.UniqueConstraint("tenant", "key"),
        sa.UniqueConstraint("tenant", "number"),
    )
    op.create_index("ix_documents_state", "documents", ["tenant", "state"])
    op.create_index("ix_documents_agreement", "documents", ["tenant", "agreement"])
    op.create_table(
        "numbers",
        *_keys("tenant", "series"),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        _text("document"),
        _text("void_reason"),
        _instant("reserved_at"),
        _of_document(),
        sa.UniqueConstraint("tenant", "document"),
    )


def _billed_log() -> None:
    op.create_table(
        "billed_log",
        _row(),
        *(_text(name) for name in ("tenant", "position", "agreement")),
        sa.Column("document", sa.Text),
        _text("kind"),
        sa.Column("on_day", sa.Date, nullable=False),
        _text("currency"),
        sa.Column("computed_units", sa.BigInteger, nullable=False),
        sa.Column("invoiced_units", sa.BigInteger, nullable=False),
        _text("body"),
        _instant("logged_at"),
        _of_document(),
    )
    op.create_index("ix_billed_log_position", "billed_log", ["tenant", "position"])
    op.create_index("ix_billed_log_document", "billed_log", ["tenant", "document"])


def _exports() -> None:
    op.create_table(
        "exports",
        *_keys("tenant", "sink"),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        _text("token"),
        _instant("made_at"),
        sa.Column("repeat", sa.Boolean, nullable=False),
        _text("files"),
        _instant("finished_at", nullable=True),
    )
    _partial_unique("ix_exports_open", "exports", ["tenant", "sink"], "finished_at IS NULL")
    op.create_table(
        "outbox",
        _row(),
        _text("tenant"),
        _text("document"),
        _instant("queued_at"),
        sa.Column("sink", sa.Text),
        sa.Column("export", sa.Integer),
        sa.Column("place", sa.Integer),
        _text("reference"),
        _of_document(),
        sa.ForeignKeyConstraint(["tenant", "sink", "export"], ["exports.tenant", "exports.sink", "exports.number"]),
    )
    op.create_index("ix_outbox_document", "outbox", ["tenant", "document"])
    op.create_index("ix_outbox_export", "outbox", ["tenant", "sink", "export", "place"])
    _partial_unique("ix_outbox_waiting", "outbox", ["tenant", "document"], "export IS NULL")
    op.create_table("debtors", *_keys("tenant", "sink", "account"), _text("fingerprint"))


def _audit() -> None:
    op.create_table(
        "audit",
        _row(),
        _text("tenant"),
        _instant("at"),
        *(_text(name) for name in ("who", "action", "subject", "details")),
    )
    op.create_index("ix_audit_subject", "audit", ["tenant", "subject"])


def _guard() -> None:
    """Let the database refuse what would change the past."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION honorar_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% may not be changed', TG_TABLE_NAME; END $$"
        )
    for table in ("billed_log", "audit"):
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")
    _refuse("numbers", "DELETE")
    _refuse("numbers", "UPDATE", f"OLD.void_reason <> '' OR {_changed('tenant', 'series', 'number', 'document')}")
    _refuse("documents", "DELETE")
    _refuse("documents", "UPDATE", _changed("tenant", "key", "number", "config_hash", "created_at", "created_by"))
    content = _changed("invoice", "booking", "issue_date", "due_date", "currency", "net_units", "gross_units")
    _refuse("documents", "UPDATE", f"OLD.state NOT IN ('draft', 'held') AND ({content})", "content")


def _refuse(table: str, event: str, condition: str = "1 = 1", part: str = "row") -> None:
    refusal = {
        "sqlite": f"BEGIN SELECT RAISE(ABORT, '{table} may not be changed'); END",
        "postgresql": "EXECUTE FUNCTION honorar_refuse()",
    }[op.get_bind().dialect.name]
    name = f"{table}_{part}_no_{event.lower()}"
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) {refusal}")


def _changed(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _keys(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text, primary_key=True, nullable=False) for name in names)


def _row() -> sa.Column[int]:
    return sa.Column("row", _ROW, primary_key=True)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_document() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"])


def _partial_unique(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)
