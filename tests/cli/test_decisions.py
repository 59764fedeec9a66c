"""What a person decides, as commands: words and JSON, refusals, one tenant at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import Ran, honorar
from tests.support.down_payments import paid_ahead
from tests.support.small_tenant import small_tenant, write_ledger

JANUARY, FEBRUARY = "2026-01-31", "2026-02-28"

DONE, HELD, USAGE, REFUSED = 0, 1, 2, 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a tenant with two documents of January handed over."""
    made = small_tenant(tmp_path / "agency")
    assert honorar("--config", made, "run", "--as-of", JANUARY).code == DONE
    return made


def typed(folder: Path, *command: str) -> Ran:
    """Return what the command says to people."""
    return honorar("--config", folder, "--user", "Anna", *command)


def test_a_cancelled_draft_is_told_in_a_sentence(tmp_path: Path) -> None:
    """There is no document to show."""
    folder = small_tenant(tmp_path / "agency", approval="manual")
    typed(folder, "run", "--as-of", JANUARY)
    told = typed(folder, "cancel", "RE-2026-0001", "--reason", "typo", "--as-of", JANUARY)
    assert (told.code, told.out) == (DONE, "RE-2026-0001 is cancelled, its number is void.\n")


def test_a_correction_the_sink_refuses_holds_the_cancellation(folder: Path) -> None:
    """The document stays; the problem says why, and the exit code that something is held."""
    connector = folder / "connector.toml"
    text = connector.read_text(encoding="utf-8").replace(
        "client_number = 1\n", "client_number = 1\naccount_length = 5\n"
    )
    connector.write_text(text, encoding="utf-8")
    told = typed(folder, "cancel", "RE-2026-0001", "--reason", "typo", "--as-of", JANUARY)
    assert (told.code, "Held back [RevenueAccountRefused]" in told.out) == (HELD, True)
    as_json = typed(folder, "--json", "cancel", "RE-2026-0001", "--reason", "typo", "--as-of", JANUARY)
    assert (as_json.code, as_json.json["correction"]) == (HELD, None)
    assert {problem["code"] for problem in as_json.json["problems"]} == {
        "DebtorAccountRefused",
        "RevenueAccountRefused",
    }
    assert typed(folder, "--json", "documents").json["documents"][0]["state"] == "accepted"


def test_a_payment_is_listed_with_its_document(folder: Path) -> None:
    """The day may carry a remark; both are in the audit trail."""
    told = typed(folder, "paid", "RE-2026-0001", "--on", FEBRUARY, "--as-of", FEBRUARY, "--reason", "statement 7")
    assert told.code == DONE
    assert told.out.splitlines()[1].split()[-4:] == ["paid", "8,333.33", "9,916.66", "EUR"]
    [*_, last] = typed(folder, "--json", "audit", "RE-2026-0001").json["deeds"]
    assert last["details"] == {"why": "statement 7", "on": FEBRUARY}
    told = typed(folder, "unpaid", "RE-2026-0001", "--reason", "bounced")
    assert told.out.splitlines()[1].split()[-4] == "open"


@pytest.mark.parametrize(
    "command",
    [
        ("cancel", "RE-9", "--reason", "x"),
        ("paid", "RE-9", "--on", JANUARY, "--as-of", JANUARY),
        ("unpaid", "RE-9", "--reason", "x"),
        ("hold", "RE-9", "--reason", "x"),
        ("release", "RE-9"),
    ],
)
def test_an_unknown_document_is_refused(folder: Path, command: tuple[str, ...]) -> None:
    """In plain words."""
    told = typed(folder, *command)
    assert (told.code, "no document has the key or number 'RE-9'" in told.err) == (REFUSED, True)


@pytest.mark.parametrize("command", ["cancel", "unpaid", "hold", "accept"])
def test_a_decision_has_a_reason(folder: Path, command: str) -> None:
    """Whoever reads the trail later wants to know."""
    told = typed(folder, command, "RE-2026-0001")
    assert (told.code, "--reason" in told.err) == (USAGE, True)


def test_an_accepted_change_is_told_in_a_sentence(tmp_path: Path) -> None:
    """What the next run does about it, for a change and for a loss."""
    folder = paid_ahead(tmp_path / "agency")
    typed(folder, "run", "--as-of", FEBRUARY)
    positions = (folder / "data" / "positions.csv").read_text(encoding="utf-8")
    write_ledger(folder, "positions", positions.replace("10.000,00", "8.000,00"))
    typed(folder, "pull", "--as-of", FEBRUARY)
    told = typed(folder, "accept", "A1/2", "--reason", "agreed", "--as-of", FEBRUARY)
    assert told.out == "Changed position A1/2 accepted; the next run catches up in money.\n"
    lost = "".join(line for line in positions.splitlines(keepends=True) if ";Design;" not in line)
    write_ledger(folder, "positions", lost)
    progress = (folder / "data" / "progress.csv").read_text(encoding="utf-8")
    write_ledger(folder, "progress", "".join(row for row in progress.splitlines(keepends=True) if "A1/2" not in row))
    typed(folder, "pull", "--as-of", FEBRUARY)
    told = typed(folder, "accept", "A1/2", "--reason", "agreed", "--as-of", FEBRUARY)
    assert told.out == "Loss of position A1/2 accepted; the next run takes back what was billed of it.\n"
    refused = typed(folder, "accept", "A1/9", "--reason", "agreed")
    assert (refused.code, "nothing is billed of position 'A1/9'" in refused.err) == (REFUSED, True)


def test_a_selection_is_told_in_a_sentence(folder: Path) -> None:
    """What is billed from now on."""
    assert typed(folder, "select", "website", "A1/2", "Phase 1").out == "website: only A1/2; Phase 1 from now on\n"
    assert typed(folder, "select", "website", "--all").out == "website: all of it again from now on\n"


@pytest.mark.parametrize("arguments", [("website",), ("website", "A1/1", "--all")])
def test_a_selection_says_either_what_or_all(folder: Path, arguments: tuple[str, ...]) -> None:
    """Anything else is a typing error."""
    told = typed(folder, "select", *arguments)
    assert (told.code, "name the positions to bill, or give --all" in told.err) == (USAGE, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("shop", "--all"), "no agreement is called 'shop'"),
        (("website", "A1/7"), "agreement website has no position or category 'A1/7' (did you mean"),
        (("website", "Phase 3"), "agreement website has no position or category 'Phase 3' (did you mean"),
    ],
)
def test_what_is_not_there_is_not_selected(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    """With the name that was meant, perhaps."""
    told = typed(folder, "select", *arguments)
    assert (told.code, message in told.err) == (REFUSED, True)


def test_a_schedule_that_cannot_be_divided_has_nothing_to_select(folder: Path) -> None:
    """It is mended first."""
    agreements = folder / "agreements.toml"
    text = agreements.read_text(encoding="utf-8").replace("percent = 40", 'amount = "1.00"')
    agreements.write_text(text.replace("percent = 60", 'amount = "1.00"'), encoding="utf-8")
    told = typed(folder, "select", "film", "film/instalment-1")
    assert (told.code, "the instalments add up to 2.00 EUR" in told.err) == (REFUSED, True)


def test_one_selection_of_the_moment_goes_before_the_one_that_holds(folder: Path) -> None:
    """`--select` is for one run; what was selected before stays."""
    typed(folder, "select", "website", "Phase 1")
    assert typed(folder, "--json", "pull", "--as-of", FEBRUARY).code == DONE
    held_back = typed(folder, "--json", "plan", "--as-of", FEBRUARY).json["documents"]
    assert [each["agreement"] for each in held_back] == ["film"]
    now = typed(folder, "--json", "plan", "--as-of", FEBRUARY, "--select", "website:A1/2").json["documents"]
    assert [(each["agreement"], each["net"]) for each in now] == [("website", "6666.66")]


def test_the_trail_says_who_did_what_and_when(folder: Path) -> None:
    """All of it, or of one subject; in JSON with the moment."""
    typed(folder, "select", "website", "Phase 1")
    told = typed(folder, "audit", "website").out.splitlines()
    assert told[0].split() == ["Date", "by", "Deed", "Subject", "Details"]
    assert " ".join(told[1].split()).endswith('Anna positions selected website positions: ["Phase 1"]')
    deeds = typed(folder, "--json", "audit").json["deeds"]
    assert [deed["action"] for deed in deeds][-2:] == ["export finished", "positions selected"]
    assert set(deeds[0]) == {"at", "who", "action", "subject", "details"}
    assert deeds[0]["subject"] == "RE-2026-0001"


def test_a_decision_is_about_one_tenant(tmp_path: Path) -> None:
    """Two may have a document of the same number: the operator names one."""
    for name in ("north", "south"):
        made = small_tenant(tmp_path / "all" / name)
        assert honorar("--config", made, "run", "--as-of", JANUARY).code == DONE
    cancel = ("cancel", "RE-2026-0001", "--reason", "typo", "--as-of", JANUARY)
    refused = typed(tmp_path / "all", "--json", *cancel)
    assert (refused.code, refused.json["error"]) == (
        REFUSED,
        "one tenant is meant, and there are 2 (name it: --tenant)",
    )
    assert typed(tmp_path / "all", "--tenant", "south", *cancel).code == DONE
    states = {
        each["tenant"]: each["documents"][0]["state"] for each in typed(tmp_path / "all", "--json", "documents").json
    }
    assert states == {"north": "accepted", "south": "cancelled"}
