"""Letting through what waits for a person: overage for its approval, late changes that are held (domain 4.5, 6)."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.support.commands import Ran, honorar
from tests.support.retainers import rebook, two_retainers

JANUARY, MARCH, APRIL = ("--as-of", "2026-02-01"), ("--as-of", "2026-04-01"), ("--as-of", "2026-05-01")

OVERAGE = "care/2026-03/overage/hours"

DONE, HELD, REFUSED = 0, 1, 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a tenant whose retainer went seven hours over in March, billed until then."""
    made = two_retainers(tmp_path / "agency")
    assert typed(made, "run", *JANUARY).code == DONE
    return made


def typed(folder: Path, *command: str) -> Ran:
    """Return what the command says."""
    return honorar("--config", folder, "--user", "Anna", *command)


def billed(folder: Path, *command: str) -> dict[str, str]:
    """Return the net of every line that the command bills or would bill of the agreement 'care'."""
    documents = typed(folder, "--json", *command).json["documents"]
    lines = [line for each in documents if each["agreement"] == "care" for line in each["lines"]]
    return {line["position"]: line["net"] for line in lines}


def test_overage_waits_until_it_is_accepted(folder: Path) -> None:
    """The fees are billed without it; what the hint says is typed; then it is billed once."""
    run = typed(folder, "run", *MARCH)
    assert (run.code, "Notice [OverageWaits]" in run.out) == (DONE, True)
    assert OVERAGE not in billed(folder, "plan", *MARCH)
    [command] = re.findall(r"^honorar (accept .*)$", run.out, re.MULTILINE)
    accepted = typed(folder, *shlex.split(command), *MARCH)
    assert accepted.out == f"Hours of care ({OVERAGE}) accepted; the next run bills 910.00 EUR.\n"
    assert billed(folder, "plan", *MARCH) == {OVERAGE: "910.00"}
    assert billed(folder, "run", *MARCH) == {OVERAGE: "910.00"}
    again = typed(folder, "--json", "run", *MARCH)
    assert (again.code, again.json["documents"]) == (DONE, [])


def test_who_accepted_what_is_in_the_trail(folder: Path) -> None:
    """With the day, the reason, and the amounts before and after."""
    typed(folder, "run", *MARCH)
    accepted = typed(folder, "--json", "accept", OVERAGE, "--reason", "agreed by phone", *MARCH).json
    assert accepted == {
        "charges": [
            {
                "position": OVERAGE,
                "correction": False,
                "currency": "EUR",
                "billed": "0.00",
                "now": "910.00",
                "due": "910.00",
            }
        ]
    }
    [deed] = typed(folder, "--json", "audit", OVERAGE).json["deeds"]
    assert (deed["who"], deed["action"]) == ("Anna", "charge approved")
    assert deed["details"] == {"why": "agreed by phone", "billed": "0.00 EUR", "now": "910.00 EUR"}
    assert deed["at"]


@pytest.mark.parametrize("name", ["care/2026-03", "care"])
def test_all_that_waits_of_a_period_or_agreement_is_accepted_at_once(folder: Path, name: str) -> None:
    """For tiers, and for changes of many months."""
    typed(folder, "run", *MARCH)
    told = typed(folder, "accept", name, "--reason", "agreed", *MARCH)
    assert (told.code, OVERAGE in told.out) == (DONE, True)
    assert billed(folder, "plan", *MARCH) == {OVERAGE: "910.00"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("care/2026-0", "nothing of 'care/2026-0' waits"),
        ("care/2026-03/fee", "nothing of 'care/2026-03/fee' waits"),
        ("campaign", "nothing of 'campaign' waits"),
        ("nothing/1", "nothing is billed of position 'nothing/1'"),
    ],
)
def test_what_does_not_wait_is_not_accepted(folder: Path, name: str, message: str) -> None:
    """Not a part of a name, not what is billed already, not what is unknown; the hint says where to look."""
    typed(folder, "run", *MARCH)
    told = typed(folder, "accept", name, "--reason", "agreed", *MARCH)
    assert (told.code, message in told.err, "honorar plan" in told.err) == (REFUSED, True, True)


def test_nothing_is_accepted_twice(folder: Path) -> None:
    """Neither before the run that bills it nor after."""
    typed(folder, "run", *MARCH)
    for run in (("plan",), ("run",)):
        typed(folder, "accept", OVERAGE, "--reason", "agreed", *MARCH)
        typed(folder, *run, *MARCH)
        assert typed(folder, "accept", OVERAGE, "--reason", "agreed", *MARCH).code == REFUSED
    assert len(typed(folder, "--json", "audit", OVERAGE).json["deeds"]) == 1


def test_a_late_change_is_held_until_it_is_accepted(folder: Path) -> None:
    """Six hours less in March, so one of overage; it holds the document of April, and goes out with it."""
    typed(folder, "run", *MARCH)
    typed(folder, "accept", "care", "--reason", "agreed", *MARCH)
    typed(folder, "run", *MARCH)
    rebook(folder, "T5", "14:00")
    held = typed(folder, "run", *APRIL)
    assert (held.code, "Held back [LateChange]" in held.out) == (HELD, True)
    assert f'honorar accept "{OVERAGE}" --reason "..."' in held.out
    assert billed(folder, "plan", *APRIL) == {}
    told = typed(folder, "accept", OVERAGE, "--reason", "our mistake", *APRIL)
    assert told.out == f"Hours of care ({OVERAGE}) accepted; the next run bills -780.00 EUR.\n"
    assert billed(folder, "run", *APRIL) == {OVERAGE: "-780.00", "care/2026-04/fee": "2400.00"}
    assert billed(folder, "run", *APRIL) == {}


def test_what_changes_after_it_was_accepted_waits_again(folder: Path) -> None:
    """Nobody agreed to the eighth hour."""
    typed(folder, "run", *MARCH)
    typed(folder, "accept", "care", "--reason", "agreed", *MARCH)
    rebook(folder, "T5", "21:00")
    assert typed(folder, "pull", *MARCH).code == DONE
    plan = typed(folder, "plan", *MARCH)
    assert "1040.00 EUR of overage wait for approval" in plan.out
    typed(folder, "accept", "care", "--reason", "agreed again", *MARCH)
    assert billed(folder, "plan", *MARCH) == {OVERAGE: "1040.00"}


def test_the_hint_is_german_for_a_german_tenant(tmp_path: Path) -> None:
    """The command stands below it, ready to be copied."""
    folder = two_retainers(tmp_path / "agency", language="de")
    told = typed(folder, "run", *MARCH).out
    assert (
        f'  Abhilfe: eine andere Regel vereinbaren oder freigeben:\nhonorar accept "{OVERAGE}" --reason "..."' in told
    )
    accepted = typed(folder, "accept", OVERAGE, "--reason", "vereinbart", *MARCH)
    assert accepted.out == f"Hours of care ({OVERAGE}) freigegeben; der nächste Lauf fakturiert 910,00 EUR.\n"
