"""One pull of a Tryton asks for every list once, and the check finds what a pull would find."""

from __future__ import annotations

from datetime import date

from connector.core.period import Period
from connector.core.problems import Severity
from connector.sources.tryton import build
from tests.sources.tryton_standin import StandIn, line, settings_of
from tests.support.transports import transport_for

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))


def filled() -> StandIn:
    """Return a stand-in with a sale and time."""
    standin = StandIn()
    standin.sale("S-1", line("Konzept"))
    standin.entry()
    return standin


def test_a_pull_asks_for_each_list_once() -> None:
    """Each list is asked for until it is empty: twice where it fits on a page, once where there is nothing."""
    standin = filled()
    source = standin.source()
    for reader in (source.customers(), source.projects(), source.offers(), source.readings(JANUARY.last_day)):
        list(reader)
    list(source.entries(JANUARY))

    assert {model: standin.asked.count(model) for model in standin.asked} == {
        "ir.model.field": 2,
        "company.company": 2,
        "project.work": 2,
        "sale.line": 2,
        "sale.sale": 2,
        "party.party": 2,
        "stock.move": 1,
        "timesheet.line": 2,
    }


def test_the_next_pull_asks_again() -> None:
    """A source that lives on sees what changed meanwhile."""
    standin = filled()
    source = standin.source()
    list(source.projects())
    standin.work("Zweites", "P-2", type="project", party=1)

    assert len(list(source.projects())) == 2


def test_a_sound_tryton_checks_out() -> None:
    """Nothing is told where nothing is wrong."""
    assert list(filled().source().check()) == []


def test_the_check_tells_what_a_pull_would() -> None:
    """Faults of every kind of record, and a key that travels in clear."""
    standin = filled()
    standin.work("Intern", "P-2", type="project")
    standin.sale("S-2", line(""), reference="P-1")
    standin.customer["code"] = ""
    found = {(each.code, each.severity) for each in standin.source(url="http://tryton.example").check()}

    assert found == {
        ("KeyInClear", Severity.NOTICE),
        ("UnreadableRecord", Severity.HOLD),
        ("CustomerMissing", Severity.NOTICE),
        ("CustomerMissing", Severity.HOLD),
        ("BadPosition", Severity.HOLD),
    }


def test_nothing_is_asked_before_something_is_wanted() -> None:
    """Building a source needs no server."""
    transport = transport_for("tryton")
    build(settings_of(url="https://nowhere.example"), transport)

    assert transport.requests == 0
