"""The Tryton source against a running Tryton: filled by its clients' own calls, read, changed, read again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from connector.core.errors import AuthenticationFailed, RefusedError
from connector.core.offer import Position
from connector.core.period import Period
from connector.core.ports import Changes
from connector.core.timesheet import TimeEntry
from connector.jobs.pull import NamedSource, PulledSource, PullOptions, pull
from connector.sources.tryton import Settings, Tryton, build, calls
from connector.store import Store, open_store
from tests.e2e.tryton_agency import NOT_BILLABLE, Telling, settings_for
from tests.e2e.tryton_selling import Selling, Values
from tests.e2e.tryton_server import TrytonServer, tryton_server
from tests.sources import tryton_stories as stories
from tests.standins.agency import ALL_DAYS, Agency, example_agency
from tests.support.found import good, problems
from tests.support.transports import transport_for

AGENCY = example_agency()
JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
END_OF_JANUARY = JANUARY.last_day
TOMORROW = date.today() + timedelta(days=1)  # noqa: DTZ011 - whatever day the server thinks it is


def source(server: TrytonServer, key: str = "", **settings: Any) -> Tryton:  # noqa: ANN401 - settings as a configuration has them
    """Return a fresh source, with the administrator's key unless another is given."""
    return stories.source(stories.Server(server.url, server.key, "", server.database), key=key, **settings)


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    """Yield the source over a Tryton of its own that tells the example agency."""
    with tryton_server(tmp_path_factory.mktemp("agency")) as server:
        Telling(server, AGENCY).tell()
        yield build(Settings.model_validate(settings_for(server, AGENCY)), transport_for("tryton"))


def told(found: Iterable[Any]) -> list[Any]:
    """Return the values without the places they were read from; a problem fails the test."""
    return [replace(each, origin="") for each in good(found)]


def test_customers_of_the_agency(agency: Tryton) -> None:
    """Code, name, address, days to pay, language and e-mail; Tryton refuses the invented VAT ids."""
    expected = [replace(each, vat_id="", origin="") for each in AGENCY.customers]

    assert told(agency.customers()) == expected


def test_projects_of_the_agency(agency: Tryton) -> None:
    """Number, name, customer, parent and how they are billed; Tryton's projects have no days."""
    expected = [replace(each, start=None, end=None, origin="") for each in AGENCY.projects]

    assert told(agency.projects()) == expected


def priced(position: Position) -> tuple[Any, ...]:
    """Return what is billed of a position: its price after discount, which stands in the price."""
    return (
        position.offer,
        position.project,
        position.label,
        position.quantity,
        Fraction(position.net_price),
        position.total,
        position.category,
        position.vat_class,
        position.service,
        position.planned_seconds,
    )


def test_offers_of_the_agency_to_the_cent(agency: Tryton) -> None:
    """State, day and every position that can be billed; headings and options are none of Tryton's lines."""
    offers = told(agency.offers())

    assert [(each.id, each.project, each.state, each.label, each.accepted_on) for each in offers] == [
        (each.id, each.project, each.state, each.label, each.accepted_on) for each in AGENCY.offers
    ]
    assert [priced(each) for offer in offers for each in offer.positions] == [
        priced(each) for offer in AGENCY.offers for each in offer.positions if each.billable
    ]


def test_units_of_the_agency(agency: Tryton) -> None:
    """What was delivered adds up to what was counted; shares stay with the ledger."""
    labels = {each.key: each.label for offer in told(agency.offers()) for each in offer.positions}
    expected = {each.key: each.label for offer in AGENCY.offers for each in offer.positions}
    found = sorted((labels[each.target], each.on, each.units) for each in good(agency.readings(date.max)))

    assert found == sorted(
        (expected[each.target], each.on, each.units) for each in AGENCY.readings if each.units is not None
    )


def test_time_of_the_agency(agency: Tryton) -> None:
    """Whole seconds, local days, persons and positions; Tryton knows no approval, and no mark of what is billed."""
    labels = {each.key: each.label for offer in told(agency.offers()) for each in offer.positions}
    found = Counter(_bare(entry, labels) for entry in good(agency.entries(ALL_DAYS)))

    assert found == Counter(_as_in_tryton(entry, AGENCY) for entry in AGENCY.entries)


def _bare(entry: TimeEntry, labels: dict[str, str]) -> TimeEntry:
    activity = entry.activity.removesuffix(NOT_BILLABLE)
    return replace(entry, id="", changed="", origin="", position=labels.get(entry.position, ""), activity=activity)


def _as_in_tryton(entry: TimeEntry, agency: Agency) -> TimeEntry:
    labels = {each.key: each.label for offer in agency.offers for each in offer.positions}
    label = labels.get(entry.position, "") if entry.billable else ""
    activity = labels.get(entry.position, entry.activity)
    return replace(entry, id="", changed="", origin="", approved=True, position=label, activity=activity)


def test_the_check_of_the_agency_is_content(agency: Tryton) -> None:
    """Nothing is wrong with any record of the agency."""
    assert list(agency.check()) == []


def sold(tryton: TrytonServer, code: str, *lines: Values) -> tuple[Selling, list[int]]:
    """Sell a workshop, whose two tasks lie in a project of their own, and what else; return the tasks."""
    selling = Selling(tryton)
    party = selling.customer(f"C-{code}", f"Kunde {code}")
    project = selling.project(f"P-{code}", f"Projekt {code}", party)
    product = tryton.only("product.product", ["name", "=", "Workshop"])
    if not tryton.find("product.project_task", ["template.products", "=", product]):
        selling.makes_tasks(product, "Vorbereitung", "Durchführung")
    sale = selling.sale(f"S-{code}", party, "2026-01-05", [selling.line("Workshop", 2, "1200", product), *lines])
    tasks = selling.tasks_of(sale)
    for task in tasks:
        tryton.change("project.work", task, parent=project)
    return selling, tasks


def test_progress_of_the_tasks_that_came_of_a_line(tryton: TrytonServer) -> None:
    """Their mean, exact, from the day of the last change on; before that day there is a notice."""
    _, tasks = sold(tryton, "progress")
    for task, share in zip(tasks, (1.0, 0.33), strict=True):
        tryton.change("project.work", task, progress=share)
    tryton.settle("project.work", "2026-01-20", tasks[0])
    tryton.settle("project.work", "2026-01-22", tasks[1])

    [reading] = [each for each in good(source(tryton).readings(END_OF_JANUARY)) if each.project == "P-progress"]
    assert (reading.on, reading.share and reading.share.value) == (date(2026, 1, 22), Fraction(133, 200))
    before = source(tryton).readings(date(2026, 1, 21))
    assert "tryton: sale S-progress line 1" in [each.place for each in problems(before)]


def test_tryton_counts_the_same_mean(tryton: TrytonServer) -> None:
    """Its own field rounds it to four decimals; ours does not."""
    _, tasks = sold(tryton, "mean")
    for task, share in zip(tasks, (0.5, 0.1234), strict=True):
        tryton.change("project.work", task, progress=share)
    line = int(str(tryton.read("project.work", tasks[0], "origin")["origin"]).partition(",")[2])
    [reading] = [each for each in good(source(tryton).readings(TOMORROW)) if each.project == "P-mean"]

    assert reading.share
    assert reading.share.value == Fraction(3117, 10_000)
    assert tryton.read("sale.line", line, "tasks_progress")["tasks_progress"] == Decimal("0.3117")


def test_goods_that_were_sent_are_units(tryton: TrytonServer) -> None:
    """A shipment that is done tells the day; one that is only planned tells nothing."""
    selling = Selling(tryton)
    line = selling.line("Plakate", 40, "8.5", selling.goods("Plakat"))
    sold(tryton, "sent", line)
    sold(tryton, "planned", line)
    selling.deliver(tryton.only("sale.sale", ["number", "=", "S-sent"]), "2026-01-20")

    found = [each for each in good(source(tryton).readings(TOMORROW)) if each.project in ("P-sent", "P-planned")]
    assert [(each.project, each.on, each.units) for each in found] == [("P-sent", date(2026, 1, 20), Decimal(40))]


def test_edits_and_deletions_are_seen(tryton: TrytonServer, tmp_path: Path) -> None:
    """Pulled into a store twice, what was changed in between is counted, and a third pull has nothing to say."""
    selling, tasks = sold(tryton, "edits")
    edited, deleted, _ = (selling.entry(tasks[0], "2026-01-15", 90) for _ in range(3))
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}", "e2e") as store:
        assert _pulled(tryton, store).taken
        tryton.change("timesheet.line", edited, duration=timedelta(hours=2))
        tryton.delete("timesheet.line", deleted)
        selling.entry(tasks[1], "2026-01-16", 60)
        assert _pulled(tryton, store).changes["entries"] == Changes(added=1, edited=1, deleted=1)
        assert _pulled(tryton, store).changes["entries"] == Changes()


def _pulled(tryton: TrytonServer, store: Store) -> PulledSource:
    named = NamedSource("tryton", source(tryton))
    [result] = pull([named], store.sources, PullOptions(END_OF_JANUARY, 62, datetime.now(UTC)))
    return result


def test_time_comes_with_its_position(tryton: TrytonServer) -> None:
    """Also that on a task below the one that came of the line."""
    selling, tasks = sold(tryton, "time")
    below = selling.task(tasks[0], "Unterlagen")
    booked = [selling.entry(tasks[1], "2026-01-15", 45), selling.entry(below, "2026-01-16", 20)]

    found = [each for each in good(source(tryton).entries(JANUARY)) if each.project == "P-time"]
    assert [each.id for each in found] == [str(number) for number in booked]
    assert [(each.seconds, each.position.partition("/")[0]) for each in found] == [(2700, "S-time"), (1200, "S-time")]


def test_all_pages_are_read(tryton: TrytonServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """In small pages come the same rows as in large ones."""
    selling, tasks = sold(tryton, "pages")
    selling.entries([selling.booking(tasks[0], "2026-01-10", timedelta(minutes=number)) for number in range(1, 12)])
    large = good(source(tryton).entries(JANUARY))
    monkeypatch.setattr(calls, "PAGE_ROWS", 4)

    assert good(source(tryton).entries(JANUARY)) == large


def test_a_user_of_the_group_sales_sees_all(tryton: TrytonServer) -> None:
    """What the page tells to set up is enough: every project, sale, delivery and timesheet."""
    sold(tryton, "rights")
    key = tryton.add_key(tryton.add_user("sync", ("sale", "group_sale")))

    assert stories.pulled(source(tryton, key)) == stories.pulled(source(tryton))


def test_a_wrong_key_and_a_missing_right(tryton: TrytonServer) -> None:
    """Both are told, the right in Tryton's words."""
    poor = tryton.add_key(tryton.add_user("poor"))

    with pytest.raises(AuthenticationFailed):
        list(source(tryton, "no key").entries(JANUARY))
    with pytest.raises(RefusedError, match="You are not allowed to access"):
        list(source(tryton, poor).offers())
