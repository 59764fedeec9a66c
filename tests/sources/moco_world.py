"""A small MOCO for tests: one customer, one project, and what a test adds to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from connector.sources.moco import Moco, Settings, build
from connector.sources.moco.calls import Calls
from tests.sources.moco_agency import KEY
from tests.standins import moco
from tests.standins.bucket import Bucket
from tests.standins.server import Asked, Said
from tests.support.direct import Direct

Row = dict[str, Any]

URL = "https://agency.mocoapp.com"

ENOUGH = Bucket(10**9, 1, 10**9)


@dataclass
class World:
    """A stand-in and short ways to fill it.

    `after` is called with each request, to change things behind the reader; `bend` changes what goes out.
    """

    api: moco.Moco = field(default_factory=lambda: moco.Moco(ENOUGH, numbers=count(1)))
    after: Callable[[Asked], None] = lambda _asked: None
    bend: Callable[[Asked, Said], Said] = lambda _asked, said: said
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with a customer and a project."""
        self.company = self.api.add("/companies", identifier="K-1", name="Müller & Söhne GmbH")
        self.project = self.add_project("P-1", "Relaunch")

    def answer(self, asked: Asked) -> Said:
        """Answer as the stand-in does."""
        self.asked.append(asked)
        said = self.bend(asked, self.api.answer(asked))
        self.after(asked)
        return said

    def paths(self) -> list[str]:
        """Return what was asked for, without the query."""
        return [asked.path.removeprefix("/api/v1") for asked in self.asked]

    def calls(self) -> Calls:
        """Return the calls to it."""
        return Calls(Settings.model_validate({"url": URL, "api_key": KEY}), Direct("moco", self))

    def source(self, **settings: Any) -> Moco:  # noqa: ANN401 - settings as a configuration has them
        """Return a source that reads it."""
        return build(Settings.model_validate({"url": URL, "api_key": KEY, **settings}), Direct("moco", self))

    def add_project(self, identifier: str, name: str, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Add a project of the customer."""
        customer = {"id": self.company["id"], "name": self.company["name"]}
        return self.api.add("/projects", **{"identifier": identifier, "name": name, "customer": customer, **values})

    def add_task(self, name: str, **values: Any) -> None:  # noqa: ANN401 - JSON
        """Add a task to the project."""
        task = {"id": next(self.api.numbers), "name": name, "active": True, "billable": True, "budget": None}
        self.project["tasks"].append({**task, "hourly_rate": 0, **values})

    def add_offer(self, identifier: str, *items: Row, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Add an accepted offer of the project."""
        told = {"title": "Angebot", "status": "accepted", "project": {"id": self.project["id"]}, **values}
        return self.api.add("/offers", identifier=identifier, items=list(items), **told)

    def item(self, title: str | None, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Return an item of an offer: a lump sum of 1,000, unless told otherwise."""
        lump = {"quantity": None, "unit": None, "unit_price": None, "net_total": 1000, "optional": False}
        return {"id": next(self.api.numbers), "type": "item", "title": title, "description": None, **lump, **values}

    def add_activity(self, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Add an hour on 5 January 2026."""
        told = {
            "date": "2026-01-05",
            "seconds": 3600,
            "worked_seconds": 4500,
            "project": {"id": self.project["id"], "name": "Relaunch"},
            "task": {"id": 1, "name": "Entwicklung"},
            "user": {"id": 1, "firstname": "Anna", "lastname": "Berg"},
        }
        return self.api.add("/activities", **{**told, **values})

    def add_expense(self, title: str, quantity: Any, day: str, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Add an expense of the project."""
        told = {"project": {"id": self.project["id"], "name": "Relaunch"}, **values}
        return self.api.add("/projects/expenses", title=title, quantity=quantity, date=day, **told)

    def add_recurring(self, title: str, **values: Any) -> Row:  # noqa: ANN401 - JSON
        """Add a monthly expense of the project from 2026 on."""
        project = {"id": self.project["id"], "name": "Relaunch"}
        told = {"start_date": "2026-01-01", "project": project, "unit_price": 29, "price": 29, **values}
        return self.api.add("/recurring_expenses", title=title, **told)
