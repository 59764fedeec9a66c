"""What happens to a small agency at the end of a month, told command by command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from connector.cli import steps
from connector.cli.options import Options
from connector.console import Screen
from connector.datev.read import header_of, records_of
from connector.datev.records import Field
from connector.wiring import inquiry, open_workspace
from tests.support.commands import Ran, honorar
from tests.support.small_tenant import FILM_ACCOUNT, MAPPING, small_tenant

Run = Callable[..., Ran]

JANUARY, FEBRUARY = "2026-01-31", "2026-02-28"

DONE, HELD, REFUSED = 0, 1, 3


def commands_of(folder: Path) -> Run:
    """Return what runs a command on the tenant, as JSON."""
    return lambda *command: honorar("--config", folder, "--json", *command)


def numbers(documents: Sequence[dict[str, str]]) -> list[str]:
    """Return the numbers of the documents."""
    return [document["number"] for document in documents]


def filled_in(hint: str) -> str:
    """Return the lines that a hint offers, as a person completes them."""
    answers = {"account": '"10009"' if "[[debtor]]" in hint else '"8401"', "automatic": "true"}
    lines = []
    for line in hint.splitlines()[1:]:
        key, _, value = line.partition(" = ")
        wanted, empty, _ = line.partition(" =  #")
        if empty:
            lines += [f"{wanted} = {answers[wanted]}"] if wanted in answers else []
        else:
            lines.append(f"{key} = {value}" if value else line)
    return "\n".join(["", *lines, ""])


HOLES = {
    "MissingRevenueAccount": MAPPING,
    "MissingDebtor": (MAPPING + FILM_ACCOUNT).replace('[[debtor]]\ncustomer = "K2"\naccount = "10002"\n', ""),
}


@pytest.mark.parametrize("code", HOLES)
def test_a_hole_in_the_mapping_holds_one_document(tmp_path: Path, code: str) -> None:
    """The other is billed; the hint shows the lines to add, and once they are added the next run bills the rest."""
    folder = small_tenant(tmp_path / "agency", mapping=HOLES[code])
    run = commands_of(folder)

    first = run("run", "--as-of", JANUARY)
    assert first.code == HELD
    assert [(each["agreement"], each["number"]) for each in first.json["documents"]] == [("website", "RE-2026-0001")]
    [problem] = first.json["problems"]
    assert problem["code"] == code

    mapping = folder / "mapping.toml"
    mapping.write_text(mapping.read_text(encoding="utf-8") + filled_in(problem["hint"]), encoding="utf-8")
    second = run("run", "--as-of", JANUARY)
    assert second.code == DONE
    assert [(each["agreement"], each["number"]) for each in second.json["documents"]] == [("film", "RE-2026-0002")]
    assert len(second.json["pushed"]) == 1


def test_an_edited_draft_leaves_later_invoices_alone(tmp_path: Path) -> None:
    """A person grants a discount on a draft: it is invoiced so, and the next invoice is what it would have been."""
    folder = small_tenant(tmp_path / "agency", approval="manual")
    run = commands_of(folder)

    drafts = run("run", "--as-of", JANUARY).json
    assert (numbers(drafts["documents"]), drafts["pushed"]) == (["RE-2026-0001", "RE-2026-0002"], [])
    edit = ("edit", "RE-2026-0001.2", "--price", "3000.00", "--reason", "goodwill", "--as-of", JANUARY)
    assert run(*edit).json["lines"][1]["net"] == "3000.00"
    assert numbers(run("approve", "--all").json["documents"]) == ["RE-2026-0001", "RE-2026-0002"]
    [_, file] = run("push").json["files"]
    assert next(records_of(Path(file)))[Field.AMOUNT - 1] == "9520,00"

    website, _ = run("run", "--as-of", FEBRUARY).json["documents"]
    assert website["net"] == "6666.66"
    assert [each["kind"] for each in run("log", "A1/2").json["entries"]] == ["billed", "edited", "billed"]
    assert honorar("--config", folder, "log", "A1/2").out.splitlines()[-1] == (
        "Sum: computed 9,999.99 EUR, invoiced 9,666.66 EUR, deviation -333.33 EUR"
    )
    assert run("status").json["agreements"][0]["deviation"] == "-333.33"
    assert (
        "  Earlier invoices changed by hand: computed 3,333.33 EUR, invoiced 3,000.00 EUR"
        in (run("explain", "RE-2026-0003.1").json["explanation"])
    )


def test_an_approved_document_is_not_changed(tmp_path: Path) -> None:
    """Once handed over, neither an edit nor an approval touches it, and the operator is told so."""
    run = commands_of(small_tenant(tmp_path / "agency"))
    run("run", "--as-of", JANUARY)

    for command in (("edit", "RE-2026-0001.1", "--price", "1", "--reason", "x"), ("approve", "RE-2026-0001")):
        refused = run(*command)
        assert refused.code == REFUSED
        assert refused.json["error"].startswith("document RE-2026-0001 is accepted, no longer a draft")
    assert run("documents").json["documents"][0]["net"] == "8333.33"


def test_each_document_keeps_the_configuration_it_was_made_with(tmp_path: Path) -> None:
    """A comment in a file is enough: what was billed before and after it can be told apart."""
    folder = small_tenant(tmp_path / "agency")
    run = commands_of(folder)
    run("run", "--as-of", JANUARY)
    with (folder / "agreements.toml").open("a", encoding="utf-8") as file:
        file.write("# reviewed in February\n")
    run("run", "--as-of", FEBRUARY)

    with open_workspace(folder) as space:
        hashes = [document.config_hash for document in inquiry.documents(space)]
        assert hashes[2:] == [space.tenant.config_hash] * 2
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_document_is_handed_over_again_on_request(tmp_path: Path) -> None:
    """The repeat is marked in file name and label, holds the document alone, and changes nothing else."""
    folder = small_tenant(tmp_path / "agency")
    run = commands_of(folder)
    run("run", "--as-of", JANUARY)
    before = run("documents").json

    [file] = map(Path, run("push", "--again", "RE-2026-0002").json["files"])

    assert file.name == "EXTF_Buchungsstapel_2026-01_0002_Wiederholung.csv"
    assert any("Wiederholung" in cell for cell in header_of(file))
    assert [row[Field.DOCUMENT_NUMBER - 1] for row in records_of(file)] == ["RE-2026-0002"]
    assert run("documents").json == before
    assert [(each["number"], each["repeat"], each["finished"]) for each in run("outbox").json["exports"]] == [
        (1, False, True),
        (2, True, True),
    ]


def test_a_draft_cannot_be_repeated(tmp_path: Path) -> None:
    """What was never handed over is not handed over again."""
    run = commands_of(small_tenant(tmp_path / "agency", approval="manual"))
    run("run", "--as-of", JANUARY)
    refused = run("push", "--again", "RE-2026-0001")

    assert refused.code == REFUSED
    assert refused.json["error"] == (
        "document RE-2026-0001 was never handed over, so it cannot be repeated (hand it over first: honorar push)"
    )


def test_half_past_eleven_at_night_in_london_is_the_next_month_in_berlin(tmp_path: Path) -> None:
    """A run at 23:30 UTC on 31 January bills as of 1 February, the tenant's day."""
    folder = small_tenant(tmp_path / "agency")
    moment = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    with open_workspace(folder, now=lambda: moment) as space:
        outcome, code = steps.run(steps.Work(space, Screen("en"), replace(Options(), as_json=True)))
        [first, *_] = inquiry.documents(space)

    assert (code, outcome["as_of"]) == (DONE, "2026-02-01")
    assert (first.issue_date, first.created_at) == (date(2026, 2, 1), moment)


BAD_ROW = dedent("""\
    date;project;position;share
    31.01.2026;WEB;A1/1;100 %
    31.01.2026;WEB;A1/2;a third
    """)


def test_a_source_that_is_refused_stops_billing_but_not_what_was_billed(tmp_path: Path) -> None:
    """With a bad row nothing is billed from yesterday's knowledge; documents that wait are handed over all the same."""
    folder = small_tenant(tmp_path / "agency")
    run = commands_of(folder)
    run("pull", "--as-of", JANUARY)
    run("bill", "--as-of", JANUARY, "--select", "website:A1/1")
    (folder / "data" / "progress.csv").write_text(BAD_ROW, encoding="utf-8")

    ran = run("run", "--as-of", JANUARY)
    assert ran.code == HELD
    assert (ran.json["sources"][0]["taken"], ran.json["documents"], len(ran.json["pushed"])) == (False, [], 1)
    assert [problem["place"] for problem in ran.json["problems"]] == ["data/progress.csv:3 share"]
    text = honorar("--config", folder, "run", "--as-of", JANUARY)
    assert (text.code, "Not billed, because a source was not taken over." in text.out.splitlines()) == (HELD, True)


def test_a_chosen_position_is_billed_and_the_rest_stays_due(tmp_path: Path) -> None:
    """First the concept alone; the rest, other agreements too, waits for the next run (domain 3.10)."""
    run = commands_of(small_tenant(tmp_path / "agency"))
    run("pull", "--as-of", JANUARY)
    first = run("bill", "--as-of", JANUARY, "--select", "website:Phase 1").json
    rest = run("bill", "--as-of", JANUARY).json

    assert [document["net"] for document in first["documents"]] == ["5000.00"]
    assert [document["net"] for document in rest["documents"]] == ["3333.33", "400.00"]


def test_a_source_that_went_empty_is_not_believed(tmp_path: Path) -> None:
    """An emptied file stops the pull, until the operator says that it is true."""
    folder = small_tenant(tmp_path / "agency")
    run = commands_of(folder)
    run("pull", "--as-of", JANUARY)
    (folder / "data" / "progress.csv").write_text("date;project;position;share\n", encoding="utf-8")

    refused = run("run", "--as-of", JANUARY)
    assert refused.code == HELD
    assert [problem["code"] for problem in refused.json["problems"]] == ["SourceWentEmpty"]
    accepted = run("pull", "--as-of", JANUARY, "--accept-empty", "ledger")
    assert (accepted.code, accepted.json["sources"][0]["changes"]["readings"]["deleted"]) == (DONE, 2)
