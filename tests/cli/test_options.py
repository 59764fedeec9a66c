"""What every command can be told, where it can be told, and what cannot be said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import honorar
from tests.support.small_tenant import small_tenant
from tests.support.web import Answer, web

DONE, HELD, FAULT, REFUSED = 0, 1, 2, 3

KEY = "k3y-0123456789abcdef"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a small tenant, away from any other."""
    monkeypatch.delenv("HONORAR_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    return small_tenant(tmp_path / "agency")


def test_options_may_stand_before_and_after_the_command(folder: Path) -> None:
    """It makes no difference."""
    given = ("--config", str(folder), "--as-of", "2026-01-31", "--json")
    before, after = honorar(*given, "plan"), honorar("plan", *given)

    assert (before.code, before.out) == (after.code, after.out)
    assert before.json["as_of"] == "2026-01-31"


def test_what_stands_after_the_command_is_laid_over_what_stands_before(folder: Path) -> None:
    """The nearer word counts; what is not said again stays."""
    ran = honorar("--config", folder, "--json", "--as-of", "2026-01-31", "plan", "--as-of", "2026-02-28")
    assert ran.json["as_of"] == "2026-02-28"


def test_the_folder_is_found_where_it_usually_lies(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the variable, here, or in ./config; what the command line says goes before all."""
    monkeypatch.setenv("HONORAR_CONFIG", "agency")
    assert honorar("check").code == DONE
    monkeypatch.setenv("HONORAR_CONFIG", "nowhere")
    assert honorar("check").code == FAULT
    assert honorar("--config", folder, "check").code == DONE
    monkeypatch.delenv("HONORAR_CONFIG")
    assert (
        honorar("check").err.startswith(f"{folder.parent / 'config'}: no tenant here") or honorar("check").code == FAULT
    )
    folder.rename(folder.parent / "config")
    assert honorar("check").code == DONE
    monkeypatch.chdir(folder.parent / "config")
    assert honorar("check").code == DONE
    assert honorar("check", "--tenant", "config").code == DONE


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("run", "--confg", "x"), "No such option '--confg'. Did you mean"),
        (("frobnicate",), "No such command 'frobnicate'."),
        (("run", "--as-of", "31.01.2026"), "'31.01.2026' does not match the format '%Y-%m-%d'."),
        (("run", "--as-of", "2026-02-30"), "'2026-02-30' does not match the format '%Y-%m-%d'."),
        (("run", "--as-of", "0026-01-31"), "a day between 2000 and 2999 is meant"),
        (("run", "--as-of", "9999-12-31"), "a day between 2000 and 2999 is meant"),
        (("plan", "--select", "website"), "'website': write AGREEMENT:POSITION or AGREEMENT:CATEGORY"),
        (("plan", "--select", ":A1/1"), "':A1/1': write AGREEMENT:POSITION or AGREEMENT:CATEGORY"),
        (("approve",), "name the documents to approve, or give --all"),
        (("approve", "RE-2026-0001", "--all"), "name the documents to approve, or give --all"),
        (("edit", "RE-2026-0001.1", "--price", "1"), "Missing option '--reason'."),
        (("edit", "RE-2026-0001.1", "--reason", "x"), "say what to change: --text, --quantity or --price"),
        (
            ("edit", "RE-2026-0001.1", "--reason", "x", "--text", ""),
            "say what to change: --text, --quantity or --price",
        ),
        (("run", "--log-format", "xml"), "'xml' is not one of 'text', 'json'."),
        (("run", "now"), "Got unexpected extra argument (now)"),
    ],
)
def test_what_is_no_command_is_told_with_its_usage(folder: Path, command: tuple[str, ...], told: str) -> None:
    """Exit code 2, before anything is opened."""
    ran = honorar("--config", folder, *command)

    assert (ran.code, ran.out) == (FAULT, "")
    assert ran.err.startswith("Usage: honorar")
    assert told.removesuffix(" Did you mean") in ran.err
    assert not (folder / "data" / "honorar.sqlite").exists()


def test_help_is_no_fault(folder: Path) -> None:
    """Of the whole, and of each command."""
    assert folder
    assert honorar("--help").code == DONE
    assert "Only this position or category (repeatable)." in honorar("bill", "-h").out
    assert honorar("--version").out.startswith("honorar, version ")


def two_tenants(root: Path) -> Path:
    """Make two tenants in one folder and return it; the second one's mapping has a hole."""
    small_tenant(root / "all" / "north", name="Studio Nord")
    south = small_tenant(root / "all" / "south", name="Studio Süd")
    mapping = (south / "mapping.toml").read_text(encoding="utf-8")
    (south / "mapping.toml").write_text(mapping.replace('"film"', '"cinema"'), encoding="utf-8")
    (root / "all" / "notes").mkdir()
    return root / "all"


def test_a_folder_of_tenants_is_worked_through(tmp_path: Path) -> None:
    """One after the other under its name, each with a store of its own; the worst exit code counts."""
    root = two_tenants(tmp_path)
    ran = honorar("--config", root, "run", "--as-of", "2026-01-31")

    assert ran.code == HELD
    assert [line for line in ran.out.splitlines() if line.startswith("==")] == ["== Studio Nord", "== Studio Süd"]
    told = honorar("--config", root, "--json", "documents")
    assert [(each["tenant"], len(each["documents"])) for each in told.json] == [("north", 2), ("south", 1)]
    assert {tuple(each) for each in told.json} == {("tenant", "documents")}


def test_one_of_the_tenants_can_be_named(tmp_path: Path) -> None:
    """By its folder; the answer is then that of one tenant."""
    root = two_tenants(tmp_path)
    ran = honorar("--config", root, "--tenant", "north", "--json", "run", "--as-of", "2026-01-31")

    assert (ran.code, len(ran.json["documents"])) == (DONE, 2)
    assert not (root / "south" / "out").exists()
    missing = honorar("--config", root, "--tenant", "west", "--json", "run")
    assert missing.code == FAULT
    assert missing.json == {
        "error": f"{root}: no tenant 'west' here: no connector.toml found "
        "(give --config DIR, or make one with: honorar init DIR)",
        "problems": [],
    }


def test_a_faulty_tenant_does_not_hinder_the_others(tmp_path: Path) -> None:
    """Its faults are told, with its folder; fixing a configuration comes before everything else."""
    root = two_tenants(tmp_path)
    (root / "north" / "connector.toml").write_text("[tenant\n", encoding="utf-8")
    ran = honorar("--config", root, "--json", "run", "--as-of", "2026-01-31")

    assert ran.code == FAULT
    north, south = ran.json
    assert (north["tenant"], set(north)) == ("north", {"tenant", "error", "problems"})
    assert north["error"].startswith(f"{root / 'north'}: ")
    assert (south["tenant"], len(south["documents"])) == ("south", 1)


def test_log_lines_are_objects_where_asked_for(folder: Path) -> None:
    """One a line on standard error: what was read, billed and handed over."""
    ran = honorar("--config", folder, "run", "--as-of", "2026-01-31", "--log-format", "json", "--json")
    events = [json.loads(line) for line in ran.err.splitlines()]
    out = folder / "out"

    assert [event["message"] for event in events] == [
        "source ledger: +8 ~0 -0",
        "document RE-2026-0001: website, 9916.66 EUR",
        "document RE-2026-0002: film, 476.00 EUR",
        f"export 1 of datev: {out / 'EXTF_Debitoren_2026-01_0001.csv'}, {out / 'EXTF_Buchungsstapel_2026-01_0001.csv'}",
    ]
    assert len(ran.json["documents"]) == 2


def test_errors_are_objects_in_a_log_of_objects(folder: Path) -> None:
    """Whoever reads the log needs no second form."""
    [event] = map(json.loads, honorar("--config", folder, "--log-format", "json", "explain", "X").err.splitlines())
    assert (event["level"], event["message"]) == ("error", "no document has the key or number 'X'")


def test_verbose_tells_what_is_being_done(folder: Path) -> None:
    """As text, on standard error."""
    quiet = honorar("--config", folder, "pull", "--as-of", "2026-01-31")
    told = honorar("--config", folder, "--verbose", "pull", "--as-of", "2026-01-31")

    assert quiet.err == ""
    assert told.err.endswith(" INFO source ledger: +0 ~0 -0\n")


def with_redmine(folder: Path, url: str, key: str) -> Path:
    """Let the tenant read a Redmine, too, whose key is written as given."""
    source = f'[[source]]\nname = "tool"\ntype = "redmine"\nurl = "{url}"\napi_key = {key}\nprojects = ["web"]\n'
    source += 'customer = { number = "No", name = "Name" }\nposition = { fixed_price = "Price" }\n'
    connector = (folder / "connector.toml").read_text(encoding="utf-8")
    (folder / "connector.toml").write_text(f"{connector}\n{source}", encoding="utf-8")
    return folder


def test_a_refused_key_is_told_but_never_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither as text, nor as JSON, nor in the log; exit code 3, and 2 where it is a check."""
    monkeypatch.setenv("TOOL_KEY", KEY)
    body = json.dumps({"error": f"invalid key {KEY}"}).encode()
    for command, code in (("run", REFUSED), ("check", FAULT)):
        for form in (("--verbose",), ("--json",), ("--log-format", "json")):
            with web(*[Answer(401, body)] * 3) as server:
                tenant = small_tenant(folder.parent / f"{command}{form[0]}{len(form)}")
                with_redmine(tenant, server.url, '{ env = "TOOL_KEY" }')
                ran = honorar("--config", tenant, command, *form)
                assert server.asked
            assert ran.code == code
            assert "the key is not accepted" in ran.out + ran.err
            assert KEY not in ran.out + ran.err
            assert "Traceback" not in ran.err


def test_a_key_in_the_file_is_refused_without_being_shown(folder: Path) -> None:
    """The message says where it belongs."""
    with_redmine(folder, "https://tool.example", f'"{KEY}"')
    for form in ((), ("--json",)):
        ran = honorar("--config", folder, *form, "check")
        assert ran.code == FAULT
        assert KEY not in ran.out + ran.err
        assert "a secret never stands in the file itself" in ran.out + ran.err


def test_commands_that_call_nobody_need_no_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents, log, explanations, outbox and status are shown without it; a run is not."""
    honorar("--config", folder, "run", "--as-of", "2026-01-31")
    with_redmine(folder, "https://tool.example", '{ env = "TOOL_KEY" }')
    monkeypatch.delenv("TOOL_KEY", raising=False)

    for command in (("documents",), ("log", "A1/1"), ("explain", "RE-2026-0001"), ("outbox",), ("status",)):
        assert honorar("--config", folder, *command).code == DONE
    ran = honorar("--config", folder, "run")
    assert ran.code == FAULT
    assert "environment variable TOOL_KEY is not set" in ran.err


def test_the_password_of_the_store_is_never_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that cannot be reached: try later, and nothing of the address but what may be seen."""
    monkeypatch.setenv("STORE_URL", f"postgresql://honorar:{KEY}@127.0.0.1:1/honorar")
    connector = (folder / "connector.toml").read_text(encoding="utf-8")
    (folder / "connector.toml").write_text(f'{connector}\n[store]\nurl = {{ env = "STORE_URL" }}\n', encoding="utf-8")
    for form in ((), ("--json",), ("--log-format", "json")):
        ran = honorar("--config", folder, *form, "status")
        assert ran.code == 75
        assert "the database of the store cannot be reached" in ran.out + ran.err
        assert KEY not in ran.out + ran.err
