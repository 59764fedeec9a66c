"""What `check` says of a MOCO: names nobody knows there, and terms that are not read from it."""

from __future__ import annotations

import pytest

from connector.core.problems import Severity
from tests.sources.moco_world import World


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


def test_expenses_of_no_position_are_told_as_notices() -> None:
    """MOCO would bill them."""
    world = World()
    for day in ("2026-02-27", "2026-02-28"):
        world.add_expense("Kurier", 1, day)

    [told] = world.source().check()

    assert (told.code, told.severity, told.place) == ("TermsNotRead", Severity.NOTICE, "moco: project P-1")
    assert told.message == "2 billable expenses of no position: 'Kurier'; they are not read from MOCO"


def test_what_belongs_to_a_position_is_not_told() -> None:
    """An expense counts its units, if units are counted in MOCO."""
    world = World()
    world.add_offer("A-1", world.item("Filme"))
    world.add_expense("Filme", 1, "2026-02-28")

    assert list(world.source().check()) == []
    world.add_expense("Kurier", 1, "2026-02-28")
    assert [each.code for each in world.source().check()] == ["TermsNotRead"]
    assert list(world.source(units_by="none").check()) == []
