"""What `check` says of a MOCO: names nobody knows there, and terms that are not read from it."""

from __future__ import annotations

import pytest

from connector.core.problems import Severity
from tests.sources.moco_world import World, problems


def test_a_sound_account_has_nothing_to_tell() -> None:
    """And without custom properties in the settings, they are not asked for."""
    world = World()
    world.add_offer("A-1", world.item("Konzept"))

    assert list(world.source().check()) == []
    assert "/account/custom_properties" not in world.paths()


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("http://agency.mocoapp.com", ["KeyInClear"]),
        ("http://127.0.0.1:8080", []),
        ("http://localhost", []),
        ("https://agency.mocoapp.com", []),
    ],
)
def test_a_key_in_clear_is_told(url: str, codes: list[str]) -> None:
    """On this machine, nobody else listens."""
    assert [each.code for each in World().source(url=url).check()] == codes


def test_a_misspelt_custom_property_is_told_with_the_nearest_name() -> None:
    """It is asked of the account itself; one of another entity does not count."""
    world = World()
    for name, entity in (("Fertig", "Project"), ("Nachtrag", "Project"), ("Unternehmen", "Customer")):
        world.api.add("/account/custom_properties", name=name, entity=entity)
    settings = {
        "project": {"share": "Fertg", "parent": "Fertig"},
        "offer": {"amends": "Nachtrag"},
        "customer": {"business": "Unternehmen"},
    }

    told = list(world.source(**settings).check())

    assert [(each.code, each.place, each.hint) for each in told] == [
        ("UnknownField", "moco: project.share", "did you mean 'Fertig'?"),
        ("UnknownField", "moco: offer.amends", told[1].hint),
    ]


def test_a_faulty_custom_property_is_told() -> None:
    """The others are still looked at."""
    world = World()
    world.api.add("/account/custom_properties", name=None, entity="Project")
    world.api.add("/account/custom_properties", name="Fertig", entity="Project")

    assert [each.code for each in world.source(project={"share": "Fertig"}).check()] == ["UnreadableRecord"]


def test_faults_of_records_are_told() -> None:
    """All kinds of records are read once."""
    world = World()
    world.api.add("/companies", identifier="K-2", name=None)
    world.add_project("P-2", "Ohne Kunden", customer=None)
    world.add_offer("A-1", world.item(None))
    world.add_expense("Filme", None, "2026-02-28")

    told = list(world.source().check())

    assert [each.code for each in told] == ["UnreadableRecord", "CustomerMissing", "BadPosition", "UnreadableRecord"]
    assert len(set(map(str, told))) == len(told)


def test_terms_that_are_agreements_are_told_as_notices() -> None:
    """A retainer, a recurring expense of no offer, a planned invoice and passed-on expenses would be billed by MOCO."""
    world = World()
    world.project |= {"retainer": True, "budget_monthly": 2400}
    world.add_recurring("Hosting XS")
    project = {"id": world.project["id"], "identifier": "P-1", "name": "Relaunch"}
    for billed in (False, True):
        world.api.add(
            "/projects/payment_schedules",
            title="Anzahlung",
            date="2026-04-05",
            net_total=1000,
            billed=billed,
            project=project,
        )
    for day in ("2026-02-27", "2026-02-28"):
        world.add_expense("Kurier", 1, day)

    told = list(world.source().check())

    assert {(each.code, each.severity, each.place) for each in told} == {
        ("TermsNotRead", Severity.NOTICE, "moco: project P-1")
    }
    assert [each.message.removesuffix("; it is not read from MOCO") for each in told] == [
        "a retainer of 2400 EUR a month",
        "a recurring expense (monthly) of no offer: 'Hosting XS'",
        "a planned invoice of 1000 on 2026-04-05: 'Anzahlung'",
        "2 billable expenses of no position: 'Kurier'",
    ]
    assert all(each.hint for each in told)


def test_what_belongs_to_a_position_is_not_told() -> None:
    """A recurring expense gives a position its days, an expense counts its units, if units are counted in MOCO."""
    world = World()
    world.add_offer("A-1", world.item("Hosting"), world.item("Filme"))
    world.add_recurring("Hosting")
    world.add_expense("Filme", 1, "2026-02-28")

    assert list(world.source().check()) == []
    world.add_expense("Kurier", 1, "2026-02-28")
    assert [each.code for each in world.source().check()] == ["TermsNotRead"]
    assert list(world.source(units_by="none").check()) == []


def test_a_faulty_payment_schedule_is_told() -> None:
    """It may be a planned invoice that nobody sees."""
    world = World()
    world.api.add("/projects/payment_schedules", date="2026-04-05", net_total="viel", project={"id": 1})

    assert [each.code for each in problems(world.source().check())] == ["UnreadableRecord"]
