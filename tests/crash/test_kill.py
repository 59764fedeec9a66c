"""Killed at any write of a run, the next run finishes the work: nothing is lost, doubled or skipped."""

from __future__ import annotations

from pathlib import Path

from tests.crash.harness import copied, done, kills, remains
from tests.support.commands import honorar
from tests.support.small_tenant import small_tenant

JANUARY = ("run", "--as-of", "2026-01-31", "--json")
FEBRUARY = ("run", "--as-of", "2026-02-28", "--json")

FEWEST_PLACES = 20
"""A run has at least so many; fewer would mean that the harness has gone blind."""


def test_a_first_run_is_finished_by_the_next(tenant: Path) -> None:
    """Documents, log, numbers and files are those of a run that nobody disturbed; one more run adds none."""
    expected = copied(tenant, tenant.with_name("undisturbed"))
    done(expected, JANUARY)

    places = 0
    for folder in kills(tenant, JANUARY):
        done(folder, JANUARY)
        assert remains(folder) == remains(expected), f"killed at place {places}"
        places += 1

    assert places >= FEWEST_PLACES
    assert done(folder, JANUARY).json["documents"] == []
    assert [number for _, number, _, _ in remains(expected).numbers] == [1, 2]
    assert list(remains(expected).files) == [
        "EXTF_Buchungsstapel_2026-01_0001.csv",
        "EXTF_Debitoren_2026-01_0001.csv",
    ]


def test_a_later_run_is_finished_by_the_next(tenant: Path) -> None:
    """With a month before it, debtors already known and a store in use, it is the same."""
    done(tenant, JANUARY)
    expected = copied(tenant, tenant.with_name("undisturbed"))
    done(expected, FEBRUARY)

    for folder in kills(tenant, FEBRUARY):
        done(folder, FEBRUARY)
        assert remains(folder) == remains(expected)

    assert [number for _, number, _, _ in remains(expected).numbers] == [1, 2, 3, 4]


def test_after_a_kill_the_next_month_goes_on(tenant: Path) -> None:
    """Nobody repeats the killed run: the run of the next month hands over what was left, under its own export."""
    undisturbed = copied(tenant, tenant.with_name("undisturbed"))
    done(undisturbed, JANUARY)
    done(undisturbed, FEBRUARY)
    total = sum(each.net.amount for each in remains(undisturbed).documents)

    for folder in kills(tenant, JANUARY):
        done(folder, FEBRUARY)
        after = remains(folder)
        numbers = [number for _, number, _, _ in after.numbers]
        assert sum(each.net.amount for each in after.documents) == total
        assert numbers == list(range(1, len(after.documents) + 1))
        assert {each.state for each in after.documents} == {"accepted"}
        assert len(after.handed_over) == len(after.documents)


def test_a_store_in_the_making_is_finished(ground: Path) -> None:
    """The tables are made as a whole; whoever comes next makes them, or finds them."""
    tenant = small_tenant(ground / "tenant")
    for folder in kills(tenant, ("status", "--json")):
        done(folder, JANUARY)
        assert len(remains(folder).documents) == 2


def test_an_approval_is_finished(ground: Path) -> None:
    """Drafts are approved one by one; each is approved or still a draft, and is handed over once."""
    tenant = small_tenant(ground / "tenant", approval="manual")
    done(tenant, JANUARY)
    approve = ("approve", "--all", "--json")
    expected = copied(tenant, tenant.with_name("undisturbed"))
    done(expected, approve)
    done(expected, ("push",))

    for folder in kills(tenant, approve):
        done(folder, approve)
        done(folder, ("push",))
        assert remains(folder).documents == remains(expected).documents
        assert remains(folder).files == remains(expected).files


def test_a_repeat_is_finished_or_never_begun(tenant: Path) -> None:
    """A marked repeat that was begun is written by the next run; it never becomes two."""
    done(tenant, JANUARY)
    again = ("push", "--again", "RE-2026-0001", "--json")
    expected = copied(tenant, tenant.with_name("undisturbed"))
    done(expected, again)

    for folder in kills(tenant, again):
        done(folder, JANUARY)
        assert remains(folder) in (remains(tenant), remains(expected))


def test_an_edit_is_there_or_not(ground: Path) -> None:
    """The line, its booking and the log change together, or not at all."""
    tenant = small_tenant(ground / "tenant", approval="manual")
    done(tenant, JANUARY)
    edit = ("edit", "RE-2026-0001.1", "--price", "4900", "--reason", "agreed by phone", "--json")
    expected = copied(tenant, tenant.with_name("undisturbed"))
    done(expected, edit)

    for folder in kills(tenant, edit):
        assert remains(folder) in (remains(tenant), remains(expected))
        assert honorar("--config", folder, "status").code == 0
