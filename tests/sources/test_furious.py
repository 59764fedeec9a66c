"""The Furious source against traffic recorded from its stand-in (tests/sources/furious_stories.py)."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

from connector.core.cycle import Cycle
from connector.core.money import Money
from connector.core.offer import Offer, Project
from connector.core.party import Address, Party
from connector.core.problems import Problem
from connector.core.readings import Metric, Reading
from connector.core.timesheet import TimeEntry
from connector.sources.furious.settings import ContractFields, InvoiceStates, WriteBack
from tests.sources import furious_stories as stories
from tests.standins import serving
from tests.support.cassettes import replayed
from tests.support.found import good


def test_a_pull_reads_everything() -> None:
    """Customer, project, three phases, progress, time of the window and what was spent, over several pages."""
    with replayed("furious", "pull"):
        pulled = stories.pull(stories.TOLD_URL)

    assert pulled.customers == [
        Party("7", "Müller & Söhne GmbH", Address("", "", "Leipzig", "DE"), origin="furious: crm #100")
    ]
    assert pulled.projects == [Project("100", "Relaunch", "7", origin="furious: project #100")]
    [offer] = pulled.offers
    assert isinstance(offer, Offer)
    assert offer.accepted_on == date(2026, 1, 5)
    assert [(each.category, str(each.total)) for each in offer.positions] == [
        ("Phase 1 – Audit", "5000.00 EUR"),
        ("Phase 2 – Konzeption", "10000.00 EUR"),
        ("Phase 3 – Entwicklung", "15000.00 EUR"),
    ]
    assert Money.total((each.total for each in offer.positions), "EUR") == Money(Decimal("30000.00"), "EUR")
    assert [(each.target, each.share and each.share.written, each.units) for each in pulled.readings] == [
        ("100/100", "100 %", None),
        ("100/101", None, 1),
        ("100/102", "0 %", None),
    ]
    assert all(isinstance(each, Reading) for each in pulled.readings)
    [entry] = pulled.entries
    assert isinstance(entry, TimeEntry)
    assert (entry.day, entry.seconds, entry.position) == (date(2026, 1, 31), 7200, "100/100")
    origin = "furious: purchase #100"
    assert pulled.metrics == [Metric("media_spend", "100", date(2026, 1, 10), Decimal("100.50"), origin)]


def test_a_field_nobody_has_is_found_by_the_check() -> None:
    """The check names the setting, and says what Furious says."""
    with replayed("furious", "check"):
        [found] = stories.check(stories.TOLD_URL)

    assert isinstance(found, Problem)
    assert (found.code, found.place) == ("UnknownField", "furious: line.label")
    assert 'Cannot query field "libelle" on type "ProposalRateCard"' in found.message


def test_a_token_that_was_withdrawn_is_renewed() -> None:
    """The search that was refused is asked again."""
    with replayed("furious", "renewed"):
        assert stories.renewed(stories.TOLD_URL) == 1


def test_a_wrong_password_is_told() -> None:
    """Status 200 says it; so does the error."""
    with replayed("furious", "wrong_password"):
        message = stories.wrong_password(stories.TOLD_URL)

    assert message == "user name or password is not accepted: Identifiants invalides"


def test_what_was_paid_is_written_once_and_taken_back() -> None:
    """Into the invoice of that number; another number is told."""
    with replayed("furious", "write_back"):
        told = stories.write_back(stories.TOLD_URL)

    invoice = "furious: stand-alone-invoice #100"
    assert told == [
        f"{invoice} (statut 1 → 3, payment_date (empty) → 2026-02-10)",
        f"{invoice} (statut 3 → 1, payment_date 2026-02-10 → (empty))",
        "no invoices have RE-2 in cf_rechnungsnummer",
    ]


def test_the_page_shows_the_tables_that_are_off_by_default() -> None:
    """The examples are valid, that of writing back is what the story is told with; every setting is explained."""
    text = (Path(__file__).parents[2] / "docs/sources/furious.md").read_text(encoding="utf-8")
    _, *more = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    tables = {name: table for each in more for name, table in tomllib.loads(each)["source"].items()}
    assert tables["write_back"] == stories.WRITE_BACK
    assert ContractFields.model_validate(tables["contract"]).cycles["mensuel"] is Cycle.MONTH
    models = (WriteBack, InvoiceStates, ContractFields)
    assert [name for model in models for name in model.model_fields if f"`{name}`" not in text] == []


def test_a_pull_asks_for_each_list_once() -> None:
    """What the readers share is read once; a second pull reads it anew."""
    api = stories.agency()
    seen: list[str] = []
    api.on_search = seen.append
    with serving(api) as running:
        furious = stories.source(running.url)
        for _ in range(2):
            good(furious.customers())
            good(furious.projects())
            good(furious.offers())
            good(furious.entries(stories.WINDOW))
    once = ["crm", "project", "proposal", "proposal-rate-card", "project-rate-card", "sprint"]
    assert seen == once * 2
