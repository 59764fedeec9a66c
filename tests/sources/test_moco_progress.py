"""What MOCO tells of progress: units out of expenses, and shares out of a custom property of projects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.problems import Severity
from connector.core.readings import Reading, ReadingScope
from connector.core.share import Share
from tests.sources.moco_world import World
from tests.support.found import good, problems

END = date(2026, 6, 30)


def world_of_films() -> World:
    """Return a world in which six films were offered."""
    world = World()
    world.add_offer("A-1", world.item("Filme", quantity=6, unit="Stk", unit_price=890, net_total=5340))
    return world


def readings(world: World, as_of: date = END) -> list[Any]:
    """Return what the source tells of progress up to the day, positions called by their place."""
    return list(world.source(position_id="number").readings(as_of))


def test_expenses_called_like_a_position_count_what_was_produced() -> None:
    """The readings add up, day by day, whatever the order the expenses were written in."""
    world = world_of_films()
    world.add_expense("Filme", 2, "2026-03-31")
    world.add_expense("Filme", Decimal("0.5"), "2026-02-28")
    last = world.add_expense("Filme", Decimal("0.5"), "2026-02-28")

    first, second = good(readings(world))

    assert first == Reading(
        "P-1",
        ReadingScope.POSITION,
        "A-1/1",
        date(2026, 2, 28),
        units=Decimal(1),
        origin=f"moco: expense #{last['id']}",
    )
    assert (second.on, second.units) == (date(2026, 3, 31), Decimal(3))


@given(st.lists(st.tuples(st.decimals(0, 100, places=2), st.integers(1, 28)), min_size=1, max_size=8))
def test_the_last_reading_is_the_sum_of_all_expenses(made: list[tuple[Decimal, int]]) -> None:
    """However many expenses there are on a day, nothing is lost and nothing comes twice."""
    world = world_of_films()
    for quantity, day in made:
        world.add_expense("Filme", quantity, f"2026-02-{day:02}")

    told = good(readings(world))

    assert told[-1].units == sum(quantity for quantity, _ in made)
    assert [each.on.day for each in told] == sorted({day for _, day in made})


def test_only_expenses_that_are_billed_and_of_the_day_or_before_count() -> None:
    """What costs the agency alone is no delivery; later ones were not known."""
    world = world_of_films()
    world.add_expense("Filme", 1, "2026-02-28", billable=False)
    world.add_expense("Filme", 1, "2026-07-01")
    world.add_expense("Filme", 1, "2026-06-30")

    assert [(each.on, each.units) for each in good(readings(world))] == [(END, Decimal(1))]


def test_expenses_of_no_position_are_no_readings() -> None:
    """`check` tells them."""
    world = world_of_films()
    world.add_expense("Kurier", 1, "2026-02-28")

    assert readings(world) == []


def test_expenses_that_name_two_positions_are_told() -> None:
    """Which of the two was produced is not guessed."""
    world = world_of_films()
    world.add_offer("N-1", world.item("Filme"))
    world.add_expense("Filme", 1, "2026-02-28")

    [notice] = readings(world)

    assert (notice.code, notice.severity) == ("UnknownPosition", Severity.NOTICE)
    assert notice.place == "moco: project P-1 expense 'Filme'"


def test_a_faulty_expense_is_told() -> None:
    """The others go on."""
    world = world_of_films()
    faulty = world.add_expense("Filme", "drei", "2026-02-28")
    world.add_expense("Filme", 1, "2026-02-28")

    told = readings(world)

    assert [(each.code, each.place) for each in problems(told)] == [
        ("UnreadableRecord", f"moco: expense #{faulty['id']}")
    ]
    assert len(told) == 2


def test_units_may_be_counted_elsewhere() -> None:
    """Then expenses are not even asked for."""
    world = world_of_films()
    world.add_expense("Filme", 1, "2026-02-28")

    assert list(world.source(units_by="none").readings(END)) == []
    assert "/projects/expenses" not in world.paths()


def test_a_custom_property_tells_the_share_of_a_project() -> None:
    """It keeps its written form, and its day where a second property names it."""
    world = World()
    world.project["custom_properties"] = {"Fertig": "1 von 3", "Stand": "2026-03-31"}
    world.add_project("P-2", "Ohne", custom_properties=None)

    [told] = good(world.source(project={"share": "Fertig", "share_on": "Stand"}).readings(END))

    assert (told.project, told.scope, told.target, told.on) == ("P-1", ReadingScope.PROJECT, "", date(2026, 3, 31))
    assert (told.share, told.origin) == (Share(Fraction(1, 3), "1 von 3"), "moco: project P-1")
    assert told.share
    assert told.share.written == "1 von 3"


def test_a_share_without_a_day_is_of_the_last_change_in_local_time() -> None:
    """Half past eleven in the evening UTC is the next day in Berlin."""
    world = World()
    world.project |= {"custom_properties": {"Fertig": "33,5 %"}, "updated_at": "2026-03-30T22:30:00Z"}

    [told] = good(world.source(project={"share": "Fertig"}).readings(END))

    assert (told.on, told.share) == (date(2026, 3, 31), Share(Fraction(335, 1000), "33,5 %"))


@pytest.mark.parametrize(
    ("properties", "words"),
    [({}, "the project was changed"), ({"share_on": "Stand"}, "the share is of a day")],
)
def test_a_share_of_later_is_not_known_yet(properties: dict[str, str], words: str) -> None:
    """What it was before cannot be told, though it was read once: the notice lets that stand in."""
    world = World()
    world.project |= {
        "custom_properties": {"Fertig": "50 %", "Stand": "2026-07-01"},
        "updated_at": "2026-07-01T09:00:00Z",
    }

    told = list(world.source(project={"share": "Fertig", **properties}).readings(END))

    [notice] = problems(told)
    assert (notice.code, notice.severity, notice.place) == ("ProgressNotDated", Severity.NOTICE, "moco: project P-1")
    assert notice.message == f"{words} after {END}, and MOCO keeps no history of 'Fertig'"
    assert len(told) == 1


@pytest.mark.parametrize(
    ("custom", "words"),
    [
        ({"Fertig": "33.5 %"}, "not a share: '33.5 %'"),
        ({"Fertig": "50"}, "not a share: '50'"),
        ({"Fertig": "50 %", "Stand": "bald"}, "not a day: 'bald'"),
    ],
)
def test_what_is_no_share_is_told(custom: dict[str, str], words: str) -> None:
    """A bare number could be percent or pieces; a point is no decimal comma."""
    world = World()
    world.project["custom_properties"] = custom
    world.add_project("P-2", "Gut", custom_properties={"Fertig": "10 %", "Stand": "2026-01-31"})

    told = list(world.source(project={"share": "Fertig", "share_on": "Stand"}).readings(END))

    [problem] = problems(told)
    assert (problem.code, problem.message, problem.place) == ("UnreadableRecord", words, "moco: project P-1")
    assert len(told) == 2


def test_numbers_in_custom_properties_are_written_as_the_locale_says() -> None:
    """33.5 % is English."""
    world = World()
    world.project["custom_properties"] = {"Fertig": "33.5 %"}

    [told] = good(world.source(locale="en", project={"share": "Fertig"}).readings(END))

    assert told.share == Share(Fraction(335, 1000), "33.5 %")
