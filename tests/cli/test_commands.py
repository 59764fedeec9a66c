"""Every command, as text for people and as JSON for programs, and how it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connector.cli import honorar as group
from tests.support.commands import Ran, honorar
from tests.support.small_tenant import FILM_ACCOUNT, MAPPING, small_tenant

DONE, HELD, FAULT, REFUSED = 0, 1, 2, 3

JANUARY = ("--as-of", "2026-01-31")

LISTED = {
    "key", "number", "agreement", "customer", "kind", "state", "issue_date", "due_date", "currency", "net", "gross",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small tenant in which nothing has happened."""
    return small_tenant(tmp_path / "agency")


@pytest.fixture(scope="module")
def billed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small tenant after January; no test changes it."""
    folder = small_tenant(tmp_path_factory.mktemp("billed") / "agency")
    assert honorar("--config", folder, "run", *JANUARY).code == DONE
    return folder


def test_the_commands_are_the_promised_ones() -> None:
    """Each with a line of help."""
    assert set(group.commands) == {
        "init", "check", "pull", "plan", "bill", "approve", "edit", "push", "reconcile", "run", "settle", "login",
        "remind", "reminded", "unreminded",
        "status", "documents", "log", "explain", "outbox", "timebank",
        "accept", "audit", "cancel", "hold", "paid", "release", "select", "unpaid",
    }  # fmt: skip
    for name, command in group.commands.items():
        assert command.get_short_help_str(), name


KEYS = {
    "check": {"problems"},
    "pull": {"sources", "problems"},
    "plan": {"as_of", "documents", "problems"},
    "bill": {"as_of", "documents", "problems"},
    "approve --all": {"documents", "problems"},
    "push": {"pushed", "files", "problems"},
    "run": {"sources", "as_of", "documents", "pushed", "files", "problems"},
    "status": {"as_of", "agreements", "documents", "receivables", "sources", "problems"},
    "documents": {"documents"},
    "documents --open": {"as_of", "items", "aging", "dso"},
    "log A1/1": {"position", "entries"},
    "explain RE-2026-0001": {"document", "explanation"},
    "outbox": {"waiting", "exports"},
    "audit": {"deeds"},
}


@pytest.mark.parametrize("command", KEYS)
def test_each_command_prints_one_object(billed: Path, command: str) -> None:
    """With exactly the promised keys, and nothing beside it."""
    ran = honorar("--config", billed, "--json", *JANUARY, *command.split())

    assert (ran.code, ran.err) == (DONE, "")
    assert set(ran.json) == KEYS[command]


@pytest.mark.parametrize("command", [each for each in KEYS if each != "push"])
def test_each_command_prints_text(billed: Path, command: str) -> None:
    """Which is no JSON, and says something."""
    ran = honorar("--config", billed, *JANUARY, *command.split())

    assert (ran.code, ran.err) == (DONE, "")
    assert ran.out.strip()
    with pytest.raises(json.JSONDecodeError):
        assert ran.json


def test_a_month_command_by_command(tmp_path: Path) -> None:
    """Check, pull, plan, bill, approve, push: what each does is what the next one finds."""
    folder = small_tenant(tmp_path / "agency", approval="manual")

    def told(*command: str) -> Ran:
        return honorar("--config", folder, "--json", *JANUARY, *command)

    assert told("check").json == {"problems": []}
    [source] = told("pull").json["sources"]
    assert (source["name"], source["taken"], source["changes"]["offers"]["added"]) == ("ledger", True, 2)
    planned = told("plan").json["documents"]
    assert [(each["agreement"], each["gross"]) for each in planned] == [("website", "9916.66"), ("film", "476.00")]
    stored = told("bill").json["documents"]
    assert [each["key"] for each in stored] == [each["key"] for each in planned]
    assert told("push").json["pushed"] == []
    assert [each["number"] for each in told("approve", "RE-2026-0002").json["documents"]] == ["RE-2026-0002"]
    [waiting] = told("outbox").json["waiting"]
    assert (set(waiting), waiting["state"], waiting["number"]) == (LISTED, "queued", "RE-2026-0002")
    assert told("push").json["pushed"] == [planned[1]["key"]]
    listed = told("documents").json["documents"]
    assert [(each["number"], each["state"]) for each in listed] == [
        ("RE-2026-0001", "draft"),
        ("RE-2026-0002", "accepted"),
    ]
    assert told("status").json["documents"] == {"draft": 1, "accepted": 1}
    [export] = told("outbox").json["exports"]
    assert (export["number"], export["documents"], export["finished"]) == (1, 1, True)


def test_a_plan_writes_nothing(folder: Path) -> None:
    """Neither document nor number nor file; the same plan comes again, byte for byte."""
    honorar("--config", folder, "pull", *JANUARY)
    first = honorar("--config", folder, "--json", "plan", *JANUARY)
    second = honorar("--config", folder, "--json", "plan", *JANUARY)

    assert first.out == second.out
    assert len(first.json["documents"]) == 2
    assert honorar("--config", folder, "--json", "documents").json == {"documents": []}
    assert not (folder / "out").exists()


def test_init_says_what_it_wrote_and_what_comes_next(tmp_path: Path) -> None:
    """And does so once."""
    target = tmp_path / "my agency"
    ran = honorar("init", "--example", target)

    assert ran.code == DONE
    *written, following = ran.out.splitlines()
    assert all(Path(path).is_file() for path in written)
    assert following == f"next: honorar check --config '{target}'"
    assert honorar("--config", target, "check").code == DONE

    again = honorar("init", "--example", target)
    assert (again.code, again.out) == (FAULT, "")
    assert again.err == f"{target}: agreements.toml is there already; nothing was written (choose a new folder)\n"


def test_a_faulty_configuration_is_told_whole(folder: Path) -> None:
    """Every fault with file, line and hint; exit code 2, whatever was asked for."""
    for name, wrong in (("connector.toml", ('"Europe/Berlin"', '"Europe/Berln"')), ("mapping.toml", ('"S"', '"Q"'))):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(*wrong, 1), encoding="utf-8")

    ran = honorar("--config", folder, "run")
    assert (ran.code, ran.out) == (FAULT, "")
    first, zone, hint, *_ = ran.err.splitlines()
    assert first == f"{folder}: 2 faults in the configuration"
    assert zone.startswith("connector.toml:4: tenant.time_zone: ")
    assert hint.startswith("  ")
    told = honorar("--config", folder, "--json", "check")
    assert told.code == FAULT
    assert (set(told.json), len(told.json["problems"])) == ({"error", "problems"}, 2)


def test_check_finds_what_adapters_find(folder: Path) -> None:
    """A folder without any file of the ledger, and one that the sink cannot write to."""
    for file in (folder / "data").iterdir():
        file.unlink()
    (folder / "out").write_text("no folder", encoding="utf-8")
    ran = honorar("--config", folder, "--json", "check")

    assert ran.code == FAULT
    assert [problem["code"] for problem in ran.json["problems"]] == ["EmptyLedger", "FolderNotWritable"]
    assert honorar("--config", folder, "check").out.splitlines()[-1] == "Checked: 2 faults."


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("explain", "RE-2026-0099"), "no document has the key or number 'RE-2026-0099'"),
        (("explain", "DOC.99"), "no document has the key or number 'DOC'"),
        (("explain", "RE-2026-0001.9"), "document RE-2026-0001 has lines 1 to 2, not 9"),
        (("explain", "RE-2026-0001.²"), "no document has the key or number 'RE-2026-0001.²'"),
        (("log", "A1/9"), "nothing was billed of position 'A1/9' (write offer/position, as the plan shows it)"),
        (("documents", "--state", "lost"), "'lost' is not a valid DocumentState (known: draft, held, "),
        (("approve", "RE-2026-0099"), "no document has the key or number 'RE-2026-0099'"),
        (("push", "--again", "RE-2026-0099"), "no document has the key or number 'RE-2026-0099'"),
        (
            ("edit", "RE-2026-0001", "--price", "1", "--reason", "x"),
            "'RE-2026-0001' names no line (write DOC.LINE, such as RE-2026-0001.2)",
        ),
        (
            ("plan", "--select", "webste:A1/1"),
            "no agreement is called 'webste' (did you mean 'website'?)",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(billed: Path, command: tuple[str, ...], told: str) -> None:
    """Exit code 3, one line on standard error, no stack trace; the same as JSON."""
    ran = honorar("--config", billed, *command)
    assert (ran.code, ran.out) == (REFUSED, "")
    assert ran.err.startswith(told)
    assert ran.err.count("\n") == 1

    as_json = honorar("--config", billed, "--json", *command)
    assert (as_json.code, as_json.json) == (REFUSED, {"error": ran.err.rstrip("\n"), "problems": []})


def test_an_error_halfway_through_a_run_hides_nothing_of_what_was_done(tmp_path: Path) -> None:
    """What was read and billed stands beside the error; the next run goes on from there."""
    folder = small_tenant(tmp_path / "agency")
    (folder / "out").write_text("in the way", encoding="utf-8")
    ran = honorar("--config", folder, "--json", "run", "--as-of", "2026-01-31")
    assert (ran.code, ran.json["error"]) == (REFUSED, ran.err.rstrip("\n"))
    assert [source["taken"] for source in ran.json["sources"]] == [True]
    assert [document["number"] for document in ran.json["documents"]] == ["RE-2026-0001", "RE-2026-0002"]

    (folder / "out").unlink()
    again = honorar("--config", folder, "--json", "run", "--as-of", "2026-01-31")
    assert (again.code, again.json["documents"], len(again.json["pushed"])) == (DONE, [], 2)


def test_drafts_are_edited_within_reason(tmp_path: Path) -> None:
    """No line 9, no number that is none, no more decimals than a price has, no credit by a price below zero."""
    folder = small_tenant(tmp_path / "agency", approval="manual")
    honorar("--config", folder, "run", *JANUARY)

    def refused(line: str, *change: str) -> str:
        ran = honorar("--config", folder, "edit", line, *change, "--reason", "x")
        assert (ran.code, ran.out) == (REFUSED, "")
        return ran.err.rstrip("\n")

    assert refused("RE-2026-0001.9", "--price", "1") == "document RE-2026-0001 has lines 1 to 2, not 9"
    assert refused("RE-2026-0001.1", "--price", "1,5") == "price: not a number: '1,5' (write 1234.5 or 1,234.5)"
    assert refused("RE-2026-0001.1", "--price", "NaN").startswith("price: not a number: 'NaN'")
    assert refused("RE-2026-0001.1", "--price", "0.0000001") == "price 0.0000001 has more than 6 decimals"
    assert refused("RE-2026-0001.1", "--quantity", "0.00001") == "quantity 0.00001 has more than 4 decimals"
    assert refused("RE-2026-0001.1", "--price=-1") == "price -1 is below zero (give a credit a negative quantity)"
    assert refused("RE-2026-0001.1", "--price", "99999999999999").startswith("amount out of bounds")


def test_an_edited_draft_is_shown(tmp_path: Path) -> None:
    """As a table, with its new sums."""
    folder = small_tenant(tmp_path / "agency", approval="manual")
    honorar("--config", folder, "run", *JANUARY)
    ran = honorar("--config", folder, "edit", "RE-2026-0002.1", "--text", "Film [cut]", "--reason", "clearer")

    assert ran.code == DONE
    assert "Film [cut]" in ran.out


def test_a_draft_that_cannot_be_booked_stays_one(tmp_path: Path) -> None:
    """Billed while the mapping had no hole; approving tells the hole that was made since, and approves the other."""
    folder = small_tenant(tmp_path / "agency", approval="manual")
    honorar("--config", folder, "run", *JANUARY)
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")

    ran = honorar("--config", folder, "--json", "approve", "--all")
    assert (ran.code, [each["number"] for each in ran.json["documents"]]) == (HELD, ["RE-2026-0001"])
    assert [problem["code"] for problem in ran.json["problems"]] == ["MissingRevenueAccount"]
    (folder / "mapping.toml").write_text(MAPPING + FILM_ACCOUNT, encoding="utf-8")
    assert honorar("--config", folder, "approve", "RE-2026-0002", "RE-2026-0002").code == DONE


def test_documents_are_chosen_by_state_and_agreement(billed: Path) -> None:
    """Either or both."""

    def numbers(*chosen: str) -> list[str]:
        documents = honorar("--config", billed, "--json", "documents", *chosen).json["documents"]
        return [document["number"] for document in documents]

    assert numbers("--state", "accepted") == ["RE-2026-0001", "RE-2026-0002"]
    assert numbers("--agreement", "film", "--state", "draft", "--state", "accepted") == ["RE-2026-0002"]
    assert numbers("--state", "draft") == []


def test_one_line_is_explained_alone(billed: Path) -> None:
    """By document and line; by key too."""
    by_number = honorar("--config", billed, "--json", "explain", "RE-2026-0001.2").json["explanation"]
    key = honorar("--config", billed, "--json", "documents").json["documents"][0]["key"]

    assert by_number[0] == "Line 2: Design – progress 33.33 % (so far 0 %): 3,333.33 EUR"
    assert honorar("--config", billed, "--json", "explain", f"{key}.2").json["explanation"] == by_number


def test_who_did_it_is_kept(tmp_path: Path) -> None:
    """The system's user, or the one named."""
    folder = small_tenant(tmp_path / "agency")
    honorar("--config", folder, "--user", "bert", "run", *JANUARY)
    entries = honorar("--config", folder, "--json", "log", "A1/1").json["entries"]

    assert [entry["who"] for entry in entries] == ["bert"]


def test_a_german_agency_reads_german(tmp_path: Path) -> None:
    """Tables, sentences and problems."""
    folder = small_tenant(tmp_path / "agency", mapping=MAPPING, language="de")
    ran = honorar("--config", folder, "run", *JANUARY)

    assert ran.code == HELD
    assert "Beleg " in ran.out
    assert "Zurückgehalten [MissingRevenueAccount]" in ran.out
    assert '  Abhilfe: in mapping.toml ergänzen:\n[[revenue]]\nservice = "film"' in ran.out
    assert "Hold" not in ran.out
