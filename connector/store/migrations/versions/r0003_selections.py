"""Which positions a person chose per agreement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of selections."""
    op.create_table(
        "selections",
        *(sa.Column(name, sa.Text, primary_key=True, nullable=False) for name in ("tenant", "agreement")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("positions", "who")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
