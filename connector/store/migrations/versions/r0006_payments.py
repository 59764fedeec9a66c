"""Readings of payments, and what project tools were told of documents."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, keep the readings as they are told, and take over the payments that people recorded before."""
    op.create_table(
        "payments",
        sa.Column("row", _ROW, primary_key=True),
        *(_text(name) for name in ("tenant", "document", "sink", "who", "state", "currency")),
        sa.Column("open_units", sa.BigInteger, nullable=False),
        sa.Column("paid_on", sa.Date),
        sa.Column("overdue", sa.Boolean),
        *(_text(name) for name in ("dunning", "word")),
        _instant("read_at"),
        _of_document(),
    )
    op.create_index("ix_payments_document", "payments", ["tenant", "document"])
    op.create_table(
        "write_backs",
        *(_text(name, primary_key=True) for name in ("tenant", "source", "document")),
        _text("text"),
        _instant("written_at"),
        _of_document(),
    )
    _take_over()
    _refuse("payments", "DELETE")
    _refuse("payments", "UPDATE")


def _take_over() -> None:
    """Write a reading for every document that is paid: so far only people could say so, and only the audit knows."""
    connection = op.get_bind()
    paid = sa.select(_documents).where(_documents.c.state == "paid")
    for tenant, key, currency, _ in connection.execute(paid).all():
        mine = (_audit.c.tenant == tenant, _audit.c.subject == key, _audit.c.action == "document paid")
        deed = connection.execute(sa.select(_audit).where(*mine).order_by(_audit.c.row.desc()).limit(1)).one_or_none()
        on = json.loads(deed.details).get("on") if deed else None
        row = {
            "tenant": tenant,
            "document": key,
            "sink": "",
            "who": deed.who if deed else "",
            "state": "paid",
            "currency": currency,
            "open_units": 0,
            "paid_on": date.fromisoformat(on) if on else None,
            "overdue": None,
            "dunning": "",
            "word": "",
            "read_at": deed.at if deed else datetime.now(UTC),
        }
        connection.execute(sa.insert(_payments), row)


_MOMENT = sa.DateTime(timezone=True)

_documents = sa.table("documents", *(sa.column(name) for name in ("tenant", "key", "currency", "state")))

_audit = sa.table(
    "audit", sa.column("at", _MOMENT), *(sa.column(n) for n in ("row", "tenant", "subject", "action", "who", "details"))
)

_payments = sa.table(
    "payments",
    sa.column("paid_on", sa.Date),
    sa.column("overdue", sa.Boolean),
    sa.column("read_at", _MOMENT),
    *(sa.column(name) for name in ("tenant", "document", "sink", "who", "state", "currency")),
    *(sa.column(name) for name in ("open_units", "dunning", "word")),
)


def _refuse(table: str, event: str) -> None:
    refusal = {
        "sqlite": f"BEGIN SELECT RAISE(ABORT, '{table} may not be changed'); END",
        "postgresql": "EXECUTE FUNCTION honorar_refuse()",
    }[op.get_bind().dialect.name]
    op.execute(f"CREATE TRIGGER {table}_row_no_{event.lower()} BEFORE {event} ON {table} FOR EACH ROW {refusal}")


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _instant(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _of_document() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"])
