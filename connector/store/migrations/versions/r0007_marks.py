"""Time entries that were marked as billed in their project tool."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "marks",
        *(sa.Column(name, sa.Text, primary_key=True, nullable=False) for name in ("tenant", "source", "entry")),
        sa.Column("agreement", sa.Text, nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
    )
