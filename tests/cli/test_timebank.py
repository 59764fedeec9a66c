"""The time bank statement as a command: what people, programs and spreadsheets read, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from connector import cli
from tests.support.commands import Ran, honorar
from tests.support.retainers import AGREEMENTS, two_retainers

APRIL = ("--as-of", "2026-04-30")

DONE, HELD, USAGE, REFUSED = 0, 1, 2, 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tenant that was pulled; no test changes it."""
    return pulled(tmp_path_factory.mktemp("timebank") / "agency")


def pulled(folder: Path, language: str = "en") -> Path:
    """Return a tenant with two retainers, its sources read."""
    made = two_retainers(folder, language)
    assert honorar("--config", made, "pull", *APRIL).code == DONE
    return made


def typed(folder: Path, *command: str) -> Ran:
    """Return what the command says."""
    return honorar("--config", folder, "timebank", *command, *APRIL)


def rows(ran: Ran) -> list[str]:
    """Return the lines with single blanks."""
    return [" ".join(line.split()) for line in ran.out.splitlines()]


def test_rule_4_6_the_statement_of_a_pooled_retainer(folder: Path) -> None:
    """Month by month, with what becomes of the overage, and every entry with its project."""
    ran = typed(folder, "care")
    assert (ran.code, ran.err) == (DONE, "")
    assert rows(ran) == [
        "Time bank statement care: Care of website and app, customer K1, as of 30 Apr 2026",
        "Time rounding: each entry in steps of 15 minutes, up",
        "",
        "Hours of care",
        "Period State Opening carried in Granted Used Lapsed Overage Closing",
        "2026-01 closed 0:00 h 0:00 h 20:00 h 14:00 h 0:00 h 0:00 h 6:00 h",
        "2026-02 closed 6:00 h 6:00 h 20:00 h 23:00 h 0:00 h 0:00 h 3:00 h",
        "2026-03 closed 3:00 h 3:00 h 20:00 h 30:00 h 0:00 h 7:00 h 0:00 h",
        "2026-04 running 0:00 h 0:00 h 20:00 h 5:00 h 0:00 h 0:00 h 15:00 h",
        "2026-03: Overage 7:00 h: billed once approved",
        "Period Date Person Project Text Id Booked Counted",
        "2026-01 Used 14:00 h",
        "12 Jan 2026 Anna Website Concept T1 8:00 h 8:00 h",
        "13 Jan 2026 Örs App Forms; protected T2 5:55 h 6:00 h",
        "2026-02 Used 23:00 h",
        "10 Feb 2026 Örs Shop of the website =Checkout T4 23:00 h 23:00 h",
        "2026-03 Used 30:00 h",
        "10 Mar 2026 Anna Website Relaunch T5 20:00 h 20:00 h",
        "11 Mar 2026 Örs App Release T10 10:00 h 10:00 h",
        "2026-04 Used 5:00 h",
        "10 Apr 2026 Anna Website Notes T6 5:00 h 5:00 h",
    ]


def test_items_in_units_and_money_have_their_own_tables(folder: Path) -> None:
    """A quarter: 9.5 of 8 posts, and 480 of 500 from hours at the rate of their role."""
    told = rows(typed(folder, "campaign", "--period", "2026-02"))
    assert "2026-Q1 closed 0 0 8 9.5 0 1.5 0" in told
    assert "31 Jan 2026 Campaign posts data/metrics.csv:2 4" in told
    assert "2026-Q1 closed 0.00 EUR 0.00 EUR 500.00 EUR 480.00 EUR 20.00 EUR 0.00 EUR 0.00 EUR" in told
    assert "2026-Q1: Used by Design: 2:30 h × 120.00 = 300.00 EUR" in told
    assert "10 Feb 2026 Anna Campaign Design Banner T7 1:40 h 1:40 h" in told
    assert not any(line.startswith("2026-Q2") for line in told)


@pytest.mark.parametrize("period", ["2026-02", "2026-02-28"])
def test_one_period_begins_as_the_last_one_ended(folder: Path, period: str) -> None:
    """Six hours are carried in, although January is not shown."""
    [item] = typed(folder, "care", "--period", period, "--json").json["items"]
    [statement] = item["periods"]
    assert (statement["period"], statement["carried_in"]) == ("2026-02", 6 * 3600)
    assert [entry["id"] for entry in statement["entries"]] == ["T4"]


def test_a_program_reads_seconds_and_every_entry(folder: Path) -> None:
    """Balanced, and with all that is behind it."""
    ran = typed(folder, "care", "--json")
    assert set(ran.json) == {"agreement", "label", "customer", "currency", "as_of", "items", "problems"}
    for each in ran.json["items"][0]["periods"]:
        assert each["opening"] + each["granted"] == each["used"] + each["lapsed"] + each["closing"] - each["overage"]
        assert sum(entry["counted"] for entry in each["entries"]) + each["rounding"] == each["used"]


def test_a_german_reads_german(tmp_path: Path) -> None:
    """Headings, days, numbers and remarks."""
    folder = pulled(tmp_path / "agency", "de")
    told = rows(typed(folder, "campaign"))
    assert told[0] == "Leistungsnachweis campaign: Campaign, Kunde K1, Stand 30.04.2026"
    assert "Zeitraum Stand Anfangsbestand davon Übertrag Kontingent Verbrauch Verfall Mehraufwand Endbestand" in told
    assert "2026-Q1 abgeschlossen 0,00 EUR 0,00 EUR 500,00 EUR 480,00 EUR 20,00 EUR 0,00 EUR 0,00 EUR" in told
    assert "2026-Q1: 20,00 EUR aus 2026-Q1 verfallen: kein Übertrag vereinbart" in told


def test_a_file_is_printed_byte_by_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """`> statement.csv` gets what a spreadsheet opens: its mark first, its line ends, and nothing beside it."""
    folder = pulled(tmp_path / "agency", "de")
    command = ["honorar", "--config", str(folder), "timebank", "care", "--csv", "--period", "2026-02", *APRIL]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as left:
        cli.main()
    out, err = capfdbinary.readouterr()
    assert (left.value.code, err) == (DONE, b"")
    assert out.startswith(b"\xef\xbb\xbfPosten;Zeitraum;")
    cells = list(csv.reader(out.decode("utf-8-sig").split("\r\n")[:-1], delimiter=";"))
    assert [row[3] for row in cells[1:]] == [
        "Anfangsbestand", "davon Übertrag", "Kontingent", "Eintrag", "Verbrauch", "Verfall", "Mehraufwand", "Endbestand"
    ]  # fmt: skip
    assert cells[4][9] == "'=Checkout"


def test_a_file_and_json_are_not_asked_for_at_once(folder: Path) -> None:
    """One or the other."""
    told = typed(folder, "care", "--csv", "--json")
    assert (told.code, "choose one: --csv or --json" in told.err) == (USAGE, True)


@pytest.mark.parametrize(
    ("command", "message", "hint"),
    [
        (("cares",), "no agreement is called 'cares'", "did you mean 'care'"),
        (
            ("work",),
            "agreement work has no time bank: its kind is time_and_materials",
            "time banks belong to retainers",
        ),
        (("hosting",), "agreement hosting has no time bank: it had no item", "[[agreement.version.item]]"),
        (("care", "--period", "2027-01"), "agreement care has no period '2027-01'", "there are 2026-01 to 2026-04"),
        (("care", "--period", "May"), "agreement care has no period 'May'", "name a day, month, quarter or year"),
    ],
)
def test_what_is_not_there_is_refused(folder: Path, command: tuple[str, ...], message: str, hint: str) -> None:
    """In plain words, with what to type instead."""
    told = typed(folder, *command)
    assert (told.code, message in told.err, hint in told.err) == (REFUSED, True, True)


def test_a_day_before_the_retainer_is_refused(folder: Path) -> None:
    """There is nothing to state yet."""
    told = honorar("--config", folder, "timebank", "hosting", "--as-of", "2026-01-31")
    assert (told.code, "begins on 2026-02-01, after 2026-01-31" in told.err) == (REFUSED, True)


def spoilt(folder: Path) -> Path:
    """Return the tenant with a budget that has no rate for design."""
    made = pulled(folder)
    text = AGREEMENTS.replace("{ Design = 120, Text", "{ Text")
    (made / "agreements.toml").write_text(text, encoding="utf-8")
    return made


def test_a_guess_is_not_stated(tmp_path: Path) -> None:
    """The problem is told instead, on the screen, as JSON, or beside the file that is not printed."""
    folder = spoilt(tmp_path / "agency")
    told = typed(folder, "campaign")
    assert (told.code, told.out.startswith("Held back [RoleRateMissing]")) == (HELD, True)
    as_json = typed(folder, "campaign", "--json")
    assert (as_json.code, as_json.json["items"]) == (HELD, [])
    assert [problem["code"] for problem in as_json.json["problems"]] == ["RoleRateMissing"]
    as_csv = typed(folder, "campaign", "--csv")
    assert (as_csv.code, as_csv.out, "hours of roles without a rate: 'Design'" in as_csv.err) == (HELD, "", True)


def test_what_counts_on_no_item_is_told_below(tmp_path: Path) -> None:
    """A notice: the statement is right, and somebody may have forgotten something."""
    folder = pulled(tmp_path / "agency")
    text = AGREEMENTS.replace('item = "budget"', 'item = "budget"\nactivities = ["Design"]')
    (folder / "agreements.toml").write_text(text, encoding="utf-8")
    told = typed(folder, "campaign")
    assert (told.code, "Notice [TimeFeedsNothing]" in told.out) == (DONE, True)


def test_a_statement_is_about_one_tenant(tmp_path: Path) -> None:
    """Two may have an agreement of the same name."""
    for name in ("north", "south"):
        pulled(tmp_path / "all" / name)
    told = typed(tmp_path / "all", "care")
    assert (told.code, "--tenant" in told.err) == (REFUSED, True)
    named = honorar("--config", tmp_path / "all", "--tenant", "south", "timebank", "care", *APRIL)
    assert named.code == DONE
