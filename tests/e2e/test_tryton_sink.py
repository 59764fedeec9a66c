"""The Tryton sink against a running Tryton: faults between them, what people do there, and the whole way from Redmine.

A sequence of numbers takes no day before its last one, so each test has a fiscal year of its own, or the same day.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.core.delivery import difference
from connector.core.invoice import InvoiceLine
from connector.store import open_store
from tests.contract.desk import TENANT
from tests.core.builders import vat_decision, vat_rate
from tests.e2e import tryton_books as books
from tests.e2e.redmine_server import RedmineServer
from tests.e2e.tryton_desk import WRITES, desk_at, is_write
from tests.e2e.tryton_server import TrytonServer
from tests.sinks.tryton import stories
from tests.sinks.tryton_world import document, hours
from tests.standins import Asked, Fault, Said

CONNECTOR = """\
[tenant]
id = "e2e"
name = "Agentur im Test"
time_zone = "Europe/Berlin"

[seller]
name = "Agentur im Test GmbH"
country = "DE"
vat_id = "DE811111173"

[defaults]
payment_days = 14
approval = "auto"
number_format = "RE-{{year}}-{{number:04}}"

[[source]]
name = "redmine"
type = "redmine"
url = "{redmine}"
api_key = {{ env = "REDMINE_TEST_KEY" }}
projects = ["{project}"]
customer = {{ number = "Kundennummer", name = "Kundenname", country = "Land" }}
position = {{ fixed_price = "Festpreis", unit_price = "Stundensatz", quantity = "Menge", unit = "Einheit" }}
write_back = {{ notes = true }}

[sink]
type = "tryton"
url = "{tryton}"
api_key = {{ env = "TRYTON_TEST_KEY" }}
taxes = {{ "S 19" = "USt 19 %" }}
"""

AGREEMENTS = """\
[[agreement]]
id = "{project}"
kind = "progress"
customer = "{customer}"
project = "{project}"
progress = "manual"
instalments = "partial_supply"

[agreement.progress_by_position]
"{project}/{effort}" = "effort"
"""

MAPPING = """\
[[vat]]
country = "DE"
category = "S"
rate = "19"

[[debtor]]
customer = "{customer}"
account = "{customer}"

[[revenue]]
vat_category = "S"
rate = "19"
account = "{account}"
automatic = true
"""


@dataclass(frozen=True)
class Forwarding:
    """Passes every request on to a real Tryton."""

    url: str

    def answer(self, asked: Asked) -> Said:
        """Return what Tryton answers."""
        headers = {name: value for name, value in asked.headers.items() if name not in ("host", "content-length")}
        answer = requests.request(
            asked.method, self.url + asked.path, params=asked.query, data=asked.body, headers=headers, timeout=60
        )
        return Said(answer.status_code, answer.content, {"Content-Type": answer.headers["Content-Type"]})


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of today's tables."""
    path = tmp_path_factory.mktemp("stores") / "today.db"
    with open_store(f"sqlite:///{path}", TENANT):
        return path


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_at_every_write(tryton: TrytonServer, template: Path, fault: Fault, write: str) -> None:
    """After the next runs exactly one document stands in Tryton, posted, and the log agrees."""
    number = f"2{list(Fault).index(fault)}{list(WRITES).index(write)}00"
    with desk_at(Forwarding(tryton.url), template, number=number, issued=date(2024, 1, 31)) as desk:
        desk.wishes.update(url=f"{desk.tryton.url}/{tryton.database}", api_key=tryton.key)
        desk.tryton.fail(fault, is_write(write))

        desk.run()
        assert any(map(is_write(write), desk.tryton.asked))
        desk.run_until_quiet()

        desk.exactly_once()
        assert desk.run().documents == ()
    assert len(tryton.find(books.INVOICE, ["reference", "=", desk.keys[0]])) == 1
    assert len(tryton.find("party.party", ["code", "=", number])) == 1


def test_whatever_is_on_it_tryton_comes_to_our_amounts(tryton: TrytonServer) -> None:
    """Halves, fine prices, long counts, deductions and two rates on one document: to the cent, read back."""
    some = random.Random(7)  # noqa: S311 - the same every time
    server = stories.Server(tryton.url, tryton.database, tryton.key)
    sink = stories.sink(server)
    for number in range(20):
        lines = [_some_line(some) for _ in range(12)]
        on, due = date(2024, 1, 31), date(2024, 2, 14)
        made = document(*lines, key=f"c{number:031x}", debtor="29999", issue_date=on, due_date=due)
        delivered = sink.read(made, sink.deliver(made))
        assert difference(made.invoice, delivered) is None


def _some_line(some: random.Random) -> InvoiceLine:
    """Return a line of hours at one of two rates, every third of them below zero, many of them halves."""
    vat = vat_decision(vat_rate(some.choice((19, 7))))
    quantity = Decimal(some.choice((1, 1, -1)) * some.randint(1, 4000)) / some.choice((2, 100, 10000))
    return hours(str(quantity), str(Decimal(some.randint(1, 9999999)) / some.choice((2, 100, 10000, 100000))), vat)


@dataclass(frozen=True)
class Agency:
    """A tenant between a Redmine and a Tryton, and its commands."""

    folder: Path
    redmine: RedmineServer
    tryton: TrytonServer

    def write(self, project: str, customer: str, effort: int, account: str = "4.1.2") -> None:
        """Write the configuration."""
        places = {"project": project, "customer": customer, "effort": effort, "account": account}
        addresses = {"redmine": self.redmine.url, "tryton": f"{self.tryton.url}/{self.tryton.database}"}
        for name, text in {"connector": CONNECTOR, "agreements": AGREEMENTS, "mapping": MAPPING}.items():
            (self.folder / f"{name}.toml").write_text(text.format(**places, **addresses), "utf-8")

    def honorar(self, *words: str) -> tuple[int, Any]:
        """Run a command as a user would; return its exit code and the JSON it printed."""
        command = [str(Path(sys.executable).with_name("honorar")), *words, "--config", str(self.folder), "--json"]
        keys = {"REDMINE_TEST_KEY": self.redmine.api_key, "TRYTON_TEST_KEY": self.tryton.key}
        ended = subprocess.run(
            command, env={**os.environ, **keys}, capture_output=True, text=True, timeout=300, check=False
        )
        assert "Traceback" not in ended.stderr, ended.stderr
        assert not any(key in ended.stdout + ended.stderr for key in keys.values())
        return ended.returncode, json.loads(ended.stdout)

    def invoice(self, number: str, year: int) -> int:
        """Return the id of the invoice with the number in that year."""
        days = ["invoice_date", ">=", date(year, 1, 1)], ["invoice_date", "<=", date(year, 12, 31)]
        return self.tryton.only(books.INVOICE, ["number", "=", number], *days)

    def notes(self, issue: int) -> list[str]:
        """Return the notes on the issue."""
        journals = self.redmine.call("GET", f"/issues/{issue}.json", include="journals")["issue"]["journals"]
        return [each["notes"] for each in journals if each["notes"]]


@pytest.fixture
def agency(tmp_path: Path, redmine: RedmineServer, tryton: TrytonServer) -> Agency:
    """Return a tenant without configuration."""
    folder = tmp_path / "tenant"
    folder.mkdir()
    return Agency(folder, redmine, tryton)


def fill(redmine: RedmineServer, project: str, customer: str) -> tuple[int, int]:
    """Create a project in which 2,650.00 are due at the end of January 2025; return its two issues."""
    fields = {"Kundennummer": customer, "Kundenname": f"Kette & Söhne {customer} GmbH", "Land": "DE"}
    number = redmine.add_project(project, f"Kette {customer}", fields=fields)
    concept = redmine.add_issue(number, "Konzept", fields={"Festpreis": "5000"})
    priced = {"Stundensatz": "100", "Menge": "40", "Einheit": "h"}
    effort = redmine.add_issue(number, "Umsetzung", fields=priced, estimated_hours=40)
    for issue in (concept, effort):
        redmine.date_issue(issue, "2025-01-02")
    redmine.set_done_ratio(concept, 33, on="2025-01-20")
    redmine.add_entry("2025-01-15", "10", issue=effort)
    return concept, effort


def test_from_redmine_to_tryton_and_back(agency: Agency, redmine: RedmineServer, tryton: TrytonServer) -> None:
    """Progress and time are posted in Tryton; a part payment and two reminders there are noted in Redmine."""
    concept, effort = fill(redmine, "kette-tryton", "30001")
    agency.write("kette-tryton", "30001", effort)

    assert agency.honorar("check")[0] == 0
    code, ran = agency.honorar("run", "--as-of", "2025-01-31")
    assert (code, ran["problems"]) == (0, [])
    [document] = agency.honorar("documents")[1]["documents"]
    invoice = agency.invoice(document["number"], 2025)
    there = tryton.read(
        books.INVOICE, invoice, "state", "untaxed_amount", "tax_amount", "total_amount", "party", "invoice_date"
    )
    assert (there["state"], there["untaxed_amount"], there["tax_amount"], there["total_amount"]) == (
        "posted", Decimal("2650.00"), Decimal("503.50"), Decimal("3153.50"),
    )  # fmt: skip
    assert there["invoice_date"] == date(2025, 1, 31)
    assert agency.honorar("run", "--as-of", "2025-01-31")[1]["documents"] == []

    books.pay(tryton, invoice, Decimal(1000), date(2025, 2, 10))
    books.dun_by(tryton, there["party"])
    for day in (date(2025, 2, 18), date(2025, 3, 1)):
        books.dun(tryton, day)
    code, settled = agency.honorar("settle")
    assert (code, settled["problems"]) == (0, [])
    [changed] = settled["settled"]["changed"]
    assert (changed["state"], changed["open"], changed["paid_on"]) == ("part_paid", "2153.50", "2025-02-10")
    assert (changed["dunning"]["level"], changed["dunning"]["fee"]) == (2, "5.00")
    for issue in (concept, effort):
        _, note = agency.notes(issue)
        assert document["number"] in note
        assert "2.153,50" in note
        assert "Mahnstufe 2" in note

    code, again = agency.honorar("settle")
    assert (code, again["settled"]["changed"], again["written"]) == (0, [], [])

    books.pay(tryton, invoice, Decimal("2153.50"), date(2025, 3, 5))
    code, settled = agency.honorar("settle")
    [changed] = settled["settled"]["changed"]
    assert (changed["state"], changed["open"], changed["paid_on"]) == ("paid", "0.00", "2025-03-05")
    assert "bezahlt am 05.03.2025" in agency.notes(concept)[-1]
    assert agency.honorar("documents", "--open")[1]["items"] == []


def test_what_tryton_refuses_is_mended_there_and_finished(agency: Agency, tryton: TrytonServer) -> None:
    """In a closed month the draft stays; once it is open again, the same draft is posted."""
    _, effort = fill(agency.redmine, "kette-zurueck", "30002")
    agency.write("kette-zurueck", "30002", effort)
    assert agency.honorar("pull", "--as-of", "2025-01-31")[0] == 0
    books.close(tryton, date(2025, 1, 1))

    code, pushed = agency.honorar("run", "--as-of", "2025-01-31")
    [problem] = pushed["problems"]
    assert (code, problem["code"]) == (1, "DeliveryRejected")
    [draft] = tryton.find(books.INVOICE, ["state", "=", "draft"])

    books.reopen(tryton, date(2025, 1, 1))
    [document] = agency.honorar("documents")[1]["documents"]
    assert agency.honorar("release", document["number"])[0] == 0
    code, pushed = agency.honorar("push")
    assert (code, pushed["problems"]) == (0, [])
    [document] = agency.honorar("documents")[1]["documents"]
    assert agency.invoice(document["number"], 2025) == draft
    assert tryton.find(books.INVOICE, ["state", "=", "draft"]) == []

    assert agency.honorar("cancel", document["number"], "--reason", "doppelt", "--as-of", "2025-01-31")[0] == 0
    assert agency.honorar("push")[0] == 0
    documents = agency.honorar("documents")[1]["documents"]
    [correction] = [each for each in documents if each["kind"] == "correction"]
    there = tryton.read(books.INVOICE, agency.invoice(correction["number"], 2025), "total_amount", "origin_invoices")
    assert (there["total_amount"], there["origin_invoices"]) == (Decimal("-3153.50"), [draft])
    code, reconciled = agency.honorar("reconcile", "--since", "2025-01-01")
    assert (code, {each["code"] for each in reconciled["problems"]} - {"UnknownInSink"}) == (0, set())
