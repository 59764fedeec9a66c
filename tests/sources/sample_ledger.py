"""A ledger with data in it, for the contract of sources: that of the example tenant."""

from __future__ import annotations

from pathlib import Path

from connector.sources import ledger
from tests.support.transports import transport_for

EXAMPLE = Path(__file__).parents[2] / "config"


def sample() -> ledger.Ledger:
    """Return the ledger of the example tenant."""
    return ledger.build(ledger.Settings(locale="de"), transport_for("ledger", folder=EXAMPLE))
