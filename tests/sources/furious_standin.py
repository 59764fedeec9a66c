"""A small Furious for tests: one customer, project, offer with a line; asked without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connector.core.errors import AuthenticationFailed, RefusedError
from connector.http import Patience, Rate, Transport
from connector.sources.furious import Furious, Settings, build
from tests.standins import Asked
from tests.standins import furious as standin
from tests.support.found import problems
from tests.support.transports import BERLIN, MemoryInbox, no_wait

URL = "https://agency.furious.example"

SETTINGS: Mapping[str, Any] = {
    "url": URL,
    "username": "honorar",
    "password": "a password of the stand-in",
    "price_is": "unit_price",
    "proposal": {"states": {"accepted": ["3"], "lost": ["1"]}},
    "project_line": "proposal_rate_card_id",
}


class Wire(Transport):
    """Leads to the stand-in; remembers what went there, and the rate it was told to keep."""

    def __init__(self, api: standin.Furious) -> None:
        super().__init__("furious", Path(), MemoryInbox(), time_zone=BERLIN, patience=Patience(sleep=no_wait))
        self.api = api
        self.asked: list[Asked] = []
        self.kept: list[tuple[Rate, str]] = []

    def keep_to(self, rate: Rate, account: str, **_: object) -> None:
        """Remember the rate."""
        self.kept.append((rate, account))

    def get_json(self, url: str, *, params: Mapping[str, Any], headers: Mapping[str, str], **_: Any) -> Any:  # type: ignore[override]  # noqa: ANN401 - JSON
        """Return what the stand-in says to a search."""
        query = {name: [str(value)] for name, value in params.items()}
        told = {name.lower(): value for name, value in headers.items()}
        return self._said(Asked("GET", urlsplit(url).path, query, told, b""))

    def ask_json(self, url: str, *, body: Any, keep: bool, **_: Any) -> Any:  # type: ignore[override]  # noqa: ANN401 - JSON
        """Return what the stand-in says to a log-in, which must not be kept."""
        assert not keep
        return self._said(Asked("POST", urlsplit(url).path, {}, {}, json.dumps(body).encode()))

    def send_json(self, method: str, url: str, *, body: Any, headers: Mapping[str, str], **_: Any) -> Any:  # type: ignore[override]  # noqa: ANN401 - JSON
        """Return what the stand-in says to a change."""
        told = {name.lower(): value for name, value in headers.items()}
        return self._said(Asked(method, urlsplit(url).path, {}, told, json.dumps(body).encode()))

    def changes(self) -> list[Any]:
        """Return the bodies of the changes that went out, in order."""
        return [each.json() for each in self.asked if each.method == "POST" and not each.path.endswith("/auth/")]

    def logins(self) -> int:
        """Return how often a token was asked for."""
        return sum(asked.path.endswith("/auth/") for asked in self.asked)

    def searches(self, path: str = "") -> list[str]:
        """Return the queries that went out, in order; those for one resource, if it is named."""
        return [each.value("query") for each in self.asked if each.method == "GET" and path in each.path.split("/")]

    def _said(self, asked: Asked) -> Any:  # noqa: ANN401 - JSON
        self.asked.append(asked)
        said = self.api.answer(asked)
        if said.status == HTTPStatus.UNAUTHORIZED:
            raise AuthenticationFailed(asked.path)
        if said.status != HTTPStatus.OK:
            raise RefusedError(asked.path)
        return json.loads(said.payload(), parse_float=Decimal)


class World:
    """A Furious with one of each, and their ids; `add` takes more in."""

    def __init__(self, **wishes: Any) -> None:  # noqa: ANN401 - the stand-in's own
        self.api = standin.api(**wishes)
        self.wire = Wire(self.api)
        self.add = self.api.add
        self.customer = self.add("crm", company_id=7, company="Müller & Söhne GmbH", city="Leipzig", country="DE")
        self.project = self.add("project", title="Relaunch", contact_company_id=7, currency="EUR")
        self.proposal = self.add("proposal", title="Angebot", pipe="3", project_id=self.project, vat="19")
        self.line = self.add_line()
        self.project_line = self.add("project-rate-card", project_id=self.project, proposal_rate_card_id=self.line)

    def add_line(self, **values: object) -> str:
        """Add a line to the proposal."""
        usual = {"proposal_id": self.proposal, "category": "Phase 1", "quantity": 1, "unit_type": "flat"}
        return self.add("proposal-rate-card", **{**usual, "amount": 5000, "vat": 19, **values})

    def add_sprint(self, **values: object) -> str:
        """Add a validated sprint of two hours on 5 January 2026."""
        usual: dict[str, object] = {"start_date": "2026-01-05", "end_date": "2026-01-05", "time_in_hours": "2"}
        return self.add("sprint", **{"project_id": self.project, "is_validated": 1, **usual, **values})

    def row(self, path: str, at: int = 0) -> dict[str, Any]:
        """Return a record as it is kept, to be changed."""
        return self.api.tables[path][at]

    def source(self, **settings: Any) -> Furious:  # noqa: ANN401 - settings as a configuration has them
        """Return a fresh source for it."""
        return build(Settings.model_validate({**SETTINGS, **settings}), self.wire)


def codes(found: Iterable[object]) -> list[str]:
    """Return the codes of the problems alone."""
    return [problem.code for problem in problems(found)]
