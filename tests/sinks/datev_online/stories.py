"""What the sink asks in each cassette; `python -m tests.sinks.datev_online.stories` records them anew.

They are recorded from the stand-in of tests/standins/datev_online.py, which was built from DATEV's OpenAPI documents:
they hold what we send, and never more of DATEV than that. Log-ins are not recorded: tokens are neither sent nor kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from connector.core.errors import DocumentRejected
from connector.core.payment import PaymentStatus
from connector.core.ports import ExportResult, Receipt
from connector.core.problems import Problem
from connector.http import Transport
from connector.sinks.datev_online import DatevOnline, build
from connector.sinks.datev_online.sink import SettlingDatevOnline
from connector.vault import Login
from tests.datev.samples import booked, export
from tests.sinks.datev_online.world import settings_of
from tests.standins import datev_online, serving
from tests.support.cassettes import Recording, recorded
from tests.support.transports import transport_for

TOLD_URL = "https://datev.example"
ORIGIN = "a stand-in built from DATEV's OpenAPI documents by tests/sinks/datev_online/stories.py"

LATER = datetime(2999, 1, 1, tzinfo=UTC)
ACCESS = "access-of-the-stories"

DOCUMENTS = [booked("RE-1"), booked("RE-2", "-40.00")]

DEBTOR = 100010000


@contextmanager
def logged_in(url: str, **wishes: Any) -> Iterator[DatevOnline]:  # noqa: ANN401 - any setting
    """Yield the sink of a client for whom somebody has logged in for good."""
    with TemporaryDirectory() as folder:
        transport: Transport = transport_for("datev_online", folder=Path(folder))
        sink = build(settings_of(url, **wishes), transport)
        sink.tokens.vault.write(Login("refresh-of-the-stories", LATER, ACCESS, LATER))
        yield sink


def upload(url: str) -> ExportResult:
    """Hand two documents over as files."""
    with logged_in(url) as sink:
        return sink.write(export(), DOCUMENTS)


def found(url: str) -> ExportResult:
    """Hand the same over from another folder: DATEV has them."""
    return upload(url)


def refused(url: str) -> str:
    """Hand over for a client whose number is not that of the log-in; return what is told."""
    with logged_in(url) as sink:
        try:
            sink.write(export(2, "fedcba9876543210"), DOCUMENTS)
        except DocumentRejected as error:
            return error.message
    return "taken"


def transfer(url: str) -> ExportResult:
    """Hand two documents over as a ledger."""
    with logged_in(url, way="ledger") as sink:
        return sink.write(export(), DOCUMENTS)


def payments(url: str) -> list[PaymentStatus | Problem]:
    """Read payments back from postings."""
    with logged_in(url, payments="exchange") as sink:
        assert isinstance(sink, SettlingDatevOnline)
        return list(sink.statuses([Receipt("key-RE-1", "file", "RE-1"), Receipt("key-RE-2", "file", "RE-2")], None))


STORIES: dict[str, Callable[[str], object]] = {
    "upload": upload,
    "found": found,
    "refused": refused,
    "transfer": transfer,
    "payments": payments,
}
"""In the order they are recorded: the later ones find what the first ones left."""


def main() -> None:
    """Record all."""
    api = datev_online.api(now=lambda: datetime(2026, 2, 2, 9, 30, tzinfo=UTC))
    scopes = (datev_online.EXTF_SCOPE, datev_online.DXSO_SCOPE, datev_online.EXCHANGE_SCOPE)
    api.access[ACCESS] = LATER, " ".join(scopes)
    api.post(20260101, DEBTOR, "RE-1", debit="119.00")
    api.post(20260101, DEBTOR, "RE-1", credit="119.00", date="2026-02-10")
    api.post(20260101, DEBTOR, "RE-2", credit="47.60")
    with serving(api) as standin:
        for name, story in STORIES.items():
            api.fails_with = "1008834" if name == "refused" else ""
            with recorded("datev_online", name, Recording(ORIGIN, standin.url, TOLD_URL)):
                story(standin.url)


if __name__ == "__main__":
    main()
