"""Attempts to deliver documents over an API, the sinks' receipts, and the numbers they issue."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0003"

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables, the column of the sink's number, and the triggers that keep it and the attempts as they were."""
    op.create_table(
        "attempts",
        sa.Column("row", _ROW, primary_key=True),
        *(_text(name) for name in ("tenant", "document", "sink")),
        _instant("begun_at"),
        _instant("ended_at", nullable=True),
        *(_text(name) for name in ("outcome", "words")),
        _of_document(),
    )
    op.create_index("ix_attempts_document", "attempts", ["tenant", "document"])
    op.create_table(
        "receipts",
        *(_text(name, primary_key=True) for name in ("tenant", "sink", "document")),
        *(_text(name) for name in ("reference", "number", "link", "version")),
        _instant("accepted_at"),
        _instant("compared_at", nullable=True),
        _of_document(),
    )
    op.create_index("ix_receipts_reference", "receipts", ["tenant", "sink", "reference"])
    op.add_column("documents", sa.Column("issued", sa.Text, nullable=False, server_default=""))
    _refuse("documents", "UPDATE", "OLD.issued <> '' AND NEW.issued <> OLD.issued", "issued")
    _refuse("attempts", "DELETE")
    _refuse("attempts", "UPDATE", "OLD.outcome <> ''")
    _refuse("receipts", "DELETE")
    _refuse("receipts", "UPDATE", "NEW.reference <> OLD.reference")


def _refuse(table: str, event: str, condition: str = "1 = 1", part: str = "row") -> None:
    refusal = {
        "sqlite": f"BEGIN SELECT RAISE(ABORT, '{table} may not be changed'); END",
        "postgresql": "EXECUTE FUNCTION honorar_refuse()",
    }[op.get_bind().dialect.name]
    name = f"{table}_{part}_no_{event.lower()}"
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW WHEN ({condition}) {refusal}")


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_document() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"])
