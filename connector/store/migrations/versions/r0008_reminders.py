"""Attempts to remind of documents, and documents of which nobody is reminded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reminders",
        sa.Column("row", _ROW, primary_key=True),
        *(_text(name) for name in ("tenant", "document")),
        sa.Column("level", sa.Integer, nullable=False),
        *(_text(name) for name in ("sink", "who", "outcome", "words", "reference", "link", "reminder")),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        _of_document(),
    )
    op.create_index("ix_reminders_document", "reminders", ["tenant", "document"])
    op.create_table(
        "holds",
        *(_text(name, primary_key=True) for name in ("tenant", "document")),
        *(_text(name) for name in ("why", "who")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_document(),
    )


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _of_document() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["tenant", "document"], ["documents.tenant", "documents.key"])
