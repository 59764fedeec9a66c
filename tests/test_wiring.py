from __future__ import annotations

import getpass
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from connector import wiring
from connector.core.errors import ConfigError, DocumentRejected, NotFound, RefusedError, Unavailable
from connector.core.invoice import Invoice
from connector.core.lifecycle import DocumentState
from connector.core.ports import BatchSink
from connector.core.problems import Problem
from connector.http import Transport
from connector.jobs.pull import NamedSource
from connector.wiring import Workspace, current_user, open_workspace, split_line, tenant_folders
from tests.core.builders import eur
from tests.support.cloud import Cloud
from tests.support.small_tenant import small_tenant

JANUARY = date(2026, 1, 31)
NIGHT = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small tenant whose drafts a person approves."""
    return small_tenant(tmp_path / "agency", approval="manual")


@pytest.fixture
def space(folder: Path) -> Iterator[Workspace]:
    """Yield the tenant after January's drafts were billed, at half past eleven at night in UTC."""
    with open_workspace(folder, "anna", lambda: NIGHT) as opened:
        opened.pull(JANUARY)
        opened.bill(opened.look_ahead(JANUARY, {}))
        yield opened


def test_today_is_the_tenants(folder: Path) -> None:
    """In Berlin February has begun, in Lisbon it has not (domain 1.7)."""
    with open_workspace(folder, now=lambda: NIGHT) as space:
        assert space.today() == date(2026, 2, 1)
    text = (folder / "connector.toml").read_text(encoding="utf-8")
    (folder / "connector.toml").write_text(text.replace("Europe/Berlin", "Europe/Lisbon"), encoding="utf-8")
    with open_workspace(folder, now=lambda: NIGHT) as space:
        assert space.today() == date(2026, 1, 31)


def test_the_clock_is_that_of_the_machine_unless_said_otherwise(folder: Path) -> None:
    """In UTC, and the days follow from it."""
    with open_workspace(folder) as space:
        assert abs(space.now() - datetime.now(UTC)) < timedelta(minutes=1)
        assert space.now().tzinfo is UTC


def test_adapters_are_built_once_with_a_door_of_their_own(space: Workspace) -> None:
    """Under their names in the configuration, in the order they are laid over; the sink takes files."""
    assert [source.name for source in space.sources] == ["ledger"]
    assert space.sources is space.sources
    assert isinstance(space.sink, BatchSink)
    assert space.sink is space.sink


def test_a_transport_knows_folder_time_zone_and_inbox(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an adapter reads is kept in the tenant's store, and it shares the slots there."""
    made: list[Transport] = []
    told: dict[str, object] = {}

    def remember(name: str, *rest: object, **named: object) -> Transport:
        told.update(named)
        made.append(Transport(name, *rest, **named))  # type: ignore[arg-type]  # as it is called
        return made[-1]

    monkeypatch.setattr(wiring, "Transport", remember)
    space.__dict__.pop("sources", None)
    [_] = space.sources
    [transport] = made
    transport.read_file("agreements.toml")

    assert (transport.name, transport.folder) == ("ledger", space.tenant.folder)
    assert transport.time_zone == space.tenant.time_zone
    assert told["slots"] is space.store.slots
    assert "agreements.toml" in [arrival.place for arrival in space.store.inbox.arrivals("ledger")]


def test_the_terms_of_billing_are_the_tenants(space: Workspace) -> None:
    """Approved at once only where the configuration says so."""
    terms = space.terms
    assert (terms.tenant, terms.payment_days, terms.approve_at_once) == ("small", 14, False)
    assert terms.config_hash == space.tenant.config_hash
    assert replace(space, tenant=replace(space.tenant, approval="auto")).terms.approve_at_once


class Broken:
    """An adapter whose check finds something and then breaks off."""

    def check(self) -> Iterator[Problem]:
        """Yield a problem, then fail."""
        yield Problem("KeyInClear", "the key travels in clear", "tool", "use https")
        message = "no connection"
        raise Unavailable(message, hint="check the network")


def test_a_check_that_fails_does_not_hide_the_others(space: Workspace) -> None:
    """What it found counts, its failure is one more problem, and the next adapter is asked all the same."""
    space.__dict__["sources"] = [NamedSource("tool", Broken()), NamedSource("mute", object()), *space.sources]
    problems = space.check()

    assert [(problem.code, problem.place) for problem in problems] == [("KeyInClear", "tool"), ("CheckFailed", "tool")]
    assert (problems[1].message, problems[1].hint) == ("no connection", "check the network")


def test_selection_leaves_everything_else(space: Workspace) -> None:
    """Of a named agreement only what is named; of others nothing (domain 3.10)."""
    february = date(2026, 2, 28)
    assert [each.invoice.agreement for each in space.look_ahead(february, {}).ready] == ["film"]
    assert space.look_ahead(february, {"website": frozenset({"A1/2"})}).ready == ()
    with pytest.raises(RefusedError, match="no agreement is called 'webste'"):
        space.look_ahead(february, {"webste": frozenset({"A1/2"})})


def test_only_drafts_are_approved_and_all_names_are_looked_at_first(space: Workspace) -> None:
    """One wrong name among right ones, and nothing is changed."""
    for wrong in ("RE-2026-0099", "RE-2026-0002"):
        if wrong == "RE-2026-0002":
            list(space.approve([wrong]))
        with pytest.raises((NotFound, RefusedError)):
            space.approve(["RE-2026-0001", wrong])
        assert space.documents(["draft"])[0].number == "RE-2026-0001"


def test_a_name_given_twice_counts_once(space: Workspace) -> None:
    """By number and by key."""
    key = space.documents()[0].key
    approved = [each for each in space.approve(["RE-2026-0001", key]) if isinstance(each, Invoice)]
    assert [each.number for each in approved] == ["RE-2026-0001"]


def test_a_line_is_edited_by_text_quantity_and_price(space: Workspace) -> None:
    """Each by itself; numbers may have thousands marks."""
    nothing = {"text": None, "quantity": None, "price": None}
    space.edit("RE-2026-0001.1", JANUARY, nothing | {"text": "Concept and audit"}, "clearer")
    space.edit("RE-2026-0001.1", JANUARY, nothing | {"quantity": "0.5"}, "half")
    line = space.edit("RE-2026-0001.1", JANUARY, nothing | {"price": "4,000.50"}, "goodwill").lines[0]

    assert (line.text, line.quantity, line.unit_price) == ("Concept and audit", Decimal("0.5"), Decimal("4000.50"))
    assert [entry.comment for entry in space.log("A1/1")] == ["", "clearer", "half", "goodwill"]
    assert {entry.who for entry in space.log("A1/1")} == {"anna"}


def test_a_document_is_repeated_once_it_was_handed_over(space: Workspace) -> None:
    """Not before; and only it."""
    with pytest.raises(RefusedError, match="RE-2026-0001 was never handed over"):
        space.push("RE-2026-0001")
    list(space.approve([]))
    assert len(space.push().documents) == 2
    assert space.push("RE-2026-0001").documents == (space.documents()[0].key,)
    assert [document.state for document in space.documents()] == [DocumentState.ACCEPTED] * 2


def test_a_sink_behind_an_api_takes_documents_one_by_one(folder: Path) -> None:
    """Under working names until it has numbered them; what it takes once is never repeated (domain 7.6, 9)."""
    with open_workspace(folder, "anna", lambda: NIGHT) as space:
        space.__dict__["sink"] = cloud = Cloud()
        space.pull(JANUARY)
        assert [each.number for each in space.bill(space.look_ahead(JANUARY, {}))] == ["E_0001", "E_0002"]
        list(space.approve(["E_0001"]))

        (receipt,) = space.push().receipts
        assert cloud.calls == [f"deliver {receipt.key}", f"read {receipt.key}"]
        assert [document.number for document in space.documents()] == [receipt.number, "E_0002"]
        assert space.receipts() == [receipt]
        assert list(space.explain(receipt.number))[-2:] == [
            "Delivery to datev, 1 Feb 2026 00:30: accepted",
            f"In datev since 1 Feb 2026 00:30: {receipt.number} · {receipt.link}",
        ]
        with pytest.raises(RefusedError, match="takes each document once"):
            space.push(receipt.number)


def test_what_the_sink_rejected_is_released(space: Workspace) -> None:
    """It is queued again, with the reason on record."""
    space.__dict__["sink"] = Cloud(failures=[("deliver", DocumentRejected("no name"), False)])
    list(space.approve(["RE-2026-0001"]))
    assert [problem.code for problem in space.push().problems] == ["DeliveryRejected"]
    space.release("RE-2026-0001", "name entered")
    assert space.summary("RE-2026-0001").state is DocumentState.QUEUED
    assert [deed.details.get("why") for deed in space.deeds("RE-2026-0001")][-2:] == ["no name", "name entered"]
    assert len(space.push().documents) == 1


def test_documents_are_listed_by_known_states(space: Workspace) -> None:
    """An unknown one is refused with those there are."""
    assert [document.number for document in space.documents(["draft", "paid"])] == ["RE-2026-0001", "RE-2026-0002"]
    with pytest.raises(RefusedError) as caught:
        space.documents(["lost"])
    assert caught.value.hint.startswith("known: draft, held, approved")


def test_standings_are_told_as_of_a_day(space: Workspace) -> None:
    """What is done follows the day asked for, what was billed does not."""
    [website, film] = space.standings(date(2026, 2, 28))
    assert (website.share, film.share) == (Fraction(833333, 1499999), Fraction(1))
    assert (website.computed, film.computed) == (eur("8333.33"), eur("400.00"))
    assert space.standings(JANUARY)[1].share == Fraction(40000, 100001)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("RE-2026-0001", ("RE-2026-0001", None)),
        ("RE-2026-0001.2", ("RE-2026-0001", 2)),
        ("RE-2026-0001.", ("RE-2026-0001.", None)),
        ("RE-2026-0001.x", ("RE-2026-0001.x", None)),
        (".2", ("", 2)),
    ],
)
def test_documents_and_lines_are_told_apart(name: str, expected: tuple[str, int | None]) -> None:
    """The dot is no letter of a document's number."""
    assert split_line(name) == expected


def test_tenants_are_found_below_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder itself, or those in it; by name if one is wanted, and that from within it too."""
    north = small_tenant(tmp_path / "all" / "north")
    small_tenant(tmp_path / "all" / "south")

    assert [folder.name for folder in tenant_folders(tmp_path / "all")] == ["north", "south"]
    assert tenant_folders(tmp_path / "all", "north") == [north]
    assert tenant_folders(north) == [north]
    monkeypatch.chdir(north)
    assert tenant_folders(Path(), "north") == [north]
    with pytest.raises(ConfigError, match="no tenant 'west' here"):
        tenant_folders(tmp_path / "all", "west")
    with pytest.raises(ConfigError, match="no tenant here"):
        tenant_folders(tmp_path)


@pytest.mark.parametrize(("wrong", "told"), [(1, "1 fault in"), (2, "2 faults in")])
def test_a_faulty_configuration_is_told_with_every_fault(folder: Path, wrong: int, told: str) -> None:
    """And nothing is opened."""
    text = (folder / "connector.toml").read_text(encoding="utf-8")
    text = text.replace('language = "en"', 'language = "fr"')
    text = text.replace("payment_days = 14", "payment_days = -1") if wrong > 1 else text
    (folder / "connector.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=told) as caught, open_workspace(folder):
        pass
    assert len(caught.value.problems) == wrong
    assert not (folder / "data" / "honorar.sqlite").exists()


def test_the_systems_user_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may have none."""
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    assert current_user() == "anna"

    def nobody() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert current_user() == "unknown"
