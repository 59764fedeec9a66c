from __future__ import annotations

from datetime import UTC, date, datetime

JANUARY = date(2026, 1, 31)
NIGHT = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
