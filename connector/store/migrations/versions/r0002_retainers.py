"""Retainers: sums of time by month, notices given, charges let through."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_WORK_ORDER = ("tenant", "project", "position", "activity", "month", "person", "day")


def upgrade() -> None:
    """Let the database tell the month of an entry, and make the index of sums and the two tables."""
    month, stored = {
        "sqlite": ("substr(day, 1, 7) || '-01'", False),
        "postgresql": ("date_trunc('month', day::timestamp)::date", True),
    }[op.get_bind().dialect.name]
    op.add_column("entries", sa.Column("month", sa.Date, sa.Computed(month, persisted=stored)))
    op.create_index("ix_entries_work", "entries", [*_WORK_ORDER, "source", "billable", "approved", "seconds"])
    op.create_table(
        "notices",
        sa.Column("tenant", sa.Text, primary_key=True, nullable=False),
        sa.Column("key", sa.Text, primary_key=True, nullable=False),
        _instant("raised_at"),
    )
    op.create_table(
        "approvals",
        sa.Column("row", _ROW, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("tenant", "key", "who", "why")),
        _instant("at"),
    )
    op.create_index("ix_approvals_key", "approvals", ["tenant", "key"])
    for table in ("notices", "approvals"):
        _refuse(table, "UPDATE")
        _refuse(table, "DELETE")


def _instant(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def _refuse(table: str, event: str) -> None:
    """Let the database refuse what would change the past."""
    refusal = {
        "sqlite": f"BEGIN SELECT RAISE(ABORT, '{table} may not be changed'); END",
        "postgresql": "EXECUTE FUNCTION honorar_refuse()",
    }[op.get_bind().dialect.name]
    op.execute(f"CREATE TRIGGER {table}_row_no_{event.lower()} BEFORE {event} ON {table} FOR EACH ROW {refusal}")
