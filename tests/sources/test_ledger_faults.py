from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from connector.core.period import Period
from connector.core.problems import Problem
from tests.sources.ledger_folder import bad, faults, opened, written

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
ALWAYS = date.max

CUSTOMER = "id;name;country"
PROJECT = "id;name;customer"
OFFER = "offer;project;state"
POSITION = "offer;position;label;quantity;unit;unit_price;currency"
TIME = "id;day;project;duration"


def shown(problem: Problem) -> tuple[str, str]:
    """Return code and place."""
    return problem.code, problem.place


def test_faulty_rows_are_told_all_at_once_and_good_rows_still_come(tmp_path: Path) -> None:
    """Each cell that cannot be read is named by file, line and column; nothing stops at the first."""
    written(
        tmp_path,
        time=f"""
            {TIME};billable
            T1;2026-01-05;P1;1,5;ja
            T2;2026-02-30;P1;1.5;vielleicht
            T3;2026-01-07;P1;"2
            ";ja
            T4;;;;
            T5;2026-01-09;P1;2;
            """,
    )

    found = list(opened(tmp_path).entries(JANUARY))

    assert [value.id for value in found if not isinstance(value, Problem)] == ["T1", "T3", "T5"]
    assert [shown(problem) for problem in bad(found)] == [
        ("BadCell", "data/time.csv:3 day"),
        ("BadCell", "data/time.csv:3 duration"),
        ("BadCell", "data/time.csv:3 billable"),
        ("EmptyCell", "data/time.csv:6 day"),
        ("EmptyCell", "data/time.csv:6 project"),
        ("EmptyCell", "data/time.csv:6 duration"),
    ]


def test_a_problem_says_what_where_and_what_to_do(tmp_path: Path) -> None:
    """Message with the value, place with the column, hint with an example."""
    written(tmp_path, time=f"{TIME}\nT1;2026-01-05;P1;1.5\n")

    assert faults(tmp_path) == [
        ("BadCell", "data/time.csv:2 duration", "not a duration: '1.5'", "write hours as 1,5 or 1:30 or PT1H30M")
    ]


def test_all_faults_of_a_header_are_told_and_no_row_is_read(tmp_path: Path) -> None:
    """What stands under a misspelt column would be lost in silence, so nothing is taken."""
    written(tmp_path, time="id;day;projekt;duration;text;text;;approvd\nT1;2026-01-05;P1;1;;;;nein\n")

    found = list(opened(tmp_path).entries(JANUARY))

    assert [(each.code, each.message, each.hint) for each in bad(found)] == [
        ("UnknownColumn", "unknown column 'projekt'", "did you mean 'project'?"),
        ("DuplicateColumn", "column 'text' stands there twice", "remove or rename one"),
        (
            "UnknownColumn",
            "a column without a name",
            "known: activity, approved, billable, day, duration, id, person, position, project, text",
        ),
        ("UnknownColumn", "unknown column 'approvd'", "did you mean 'approved'?"),
        ("MissingColumn", "column 'project' is missing", "add it to the first row"),
    ]
    assert {problem.place for problem in bad(found)} == {"data/time.csv:1"}
    assert len(found) == 5


@pytest.mark.parametrize("content", ["", "\n;;\n\n"])
def test_a_file_without_a_header(tmp_path: Path, content: str) -> None:
    """An empty file is not a file of nothing."""
    written(tmp_path, customers=content.encode())

    assert [fault[:3] for fault in faults(tmp_path)] == [
        ("EmptyFile", "data/customers.csv", "the file has no header row")
    ]


def test_a_header_that_cannot_be_taken_apart(tmp_path: Path) -> None:
    """A quote that never ends leaves no header."""
    written(tmp_path, customers='id;"name;country\nK1;A;DE\n')

    assert [fault[:2] for fault in faults(tmp_path)] == [("BadQuoting", "data/customers.csv:1")]


@pytest.mark.parametrize("row", ["T1;2026-01-05;P1", "T1;2026-01-05;P1;1;5", "T1,2026-01-05,P1,1"])
def test_a_row_with_other_cells_than_the_header(tmp_path: Path, row: str) -> None:
    """A missing or surplus delimiter shifts what follows, so nothing of the row is read."""
    written(tmp_path, time=f"{TIME}\n{row}\nT2;2026-01-05;P1;1\n")

    assert [fault[:2] for fault in faults(tmp_path)] == [("CellCount", "data/time.csv:2")]


def test_quotes_that_do_not_close(tmp_path: Path) -> None:
    """A quote that swallows the rest of the file is told where it begins; text after a quote likewise."""
    written(
        tmp_path, time=f'{TIME}\n"T1"x;2026-01-05;P1;1\nT2;2026-01-05;P1;1\nT3;2026-01-05;P1;"1\nT4;2026-01-05;P1;1\n'
    )

    found = list(opened(tmp_path).entries(JANUARY))

    assert [shown(problem) for problem in bad(found)] == [
        ("BadQuoting", "data/time.csv:2"),
        ("BadQuoting", "data/time.csv:4"),
    ]
    assert len(found) == 3


@pytest.mark.parametrize(
    ("files", "places"),
    [
        ({"customers": f"{CUSTOMER}\nK1;A;DE\nK1;B;DE\n"}, ["customers.csv:2 id", "customers.csv:3 id"]),
        ({"projects": f"{PROJECT}\nP1;A;K1\nP1;A;K1\n"}, ["projects.csv:2 id", "projects.csv:3 id"]),
        ({"offers": f"{OFFER}\nA1;P1;sent\nA1;P1;lost\n"}, ["offers.csv:2 offer", "offers.csv:3 offer"]),
        (
            {
                "offers": f"{OFFER}\nA1;P1;accepted\nA2;P1;accepted\n",
                "positions": f"{POSITION}\nA1;1;A;1;flat;1;EUR\nA2;1;A;1;flat;1;EUR\nA1;1;A;1;flat;1;EUR\n",
            },
            ["positions.csv:2 position", "positions.csv:4 position"],
        ),
        (
            {"time": f"{TIME}\nT1;2026-01-05;P1;1\nT2;2026-01-05;P1;1\nT1;2026-03-05;P1;1\n"},
            ["time.csv:2 id", "time.csv:4 id"],
        ),
    ],
)
def test_an_id_that_stands_twice(tmp_path: Path, files: dict[str, str], places: list[str]) -> None:
    """Nobody can say which of the rows is meant, so both are refused."""
    written(tmp_path, **files)

    assert [fault[:2] for fault in faults(tmp_path)] == [("DuplicateId", f"data/{place}") for place in places]


def test_rows_that_speak_of_what_is_not_there(tmp_path: Path) -> None:
    """Where the ledger has the file itself, a name that is not in it is a typing error."""
    written(
        tmp_path,
        customers=f"{CUSTOMER}\nK10;A;DE\n",
        projects=f"{PROJECT};parent\nWEB;A;K10;\nSUB;A;K12;WEP\n",
        offers=f"{OFFER};amends\nA-1;WEBB;accepted;\nN-1;WEB;accepted;A-2\n",
        positions=f"{POSITION};category\nA-1;1;A;1;flat;1;EUR;Phase 1\nA-3;1;A;1;flat;1;EUR;\n",
        progress="date;project;position;category;share\n2026-01-31;WEB;A-1/2;;1 %\n2026-01-31;XXX;;Phase 2;1 %\n",
        time=f"{TIME};position\nT1;2026-01-05;WEB;1;A-1/1\nT2;2026-01-05;WEBSITE;1;A-1/9\n",
        metrics="date;project;metric;value\n2026-01-31;WE;spend;1\n",
    )

    assert {code for code, *_ in faults(tmp_path)} == {"UnknownReference"}
    assert [(place.removeprefix("data/"), message, hint) for _, place, message, hint in faults(tmp_path)] == [
        ("projects.csv:3 customer", "'K12' is not in the ledger's customers", "did you mean 'K10'?"),
        ("projects.csv:3 parent", "'WEP' is not in the ledger's projects", "did you mean 'WEB'?"),
        ("positions.csv:3 offer", "'A-3' is not in the ledger's offers", "did you mean 'A-1'?"),
        ("offers.csv:2 project", "'WEBB' is not in the ledger's projects", "did you mean 'WEB'?"),
        ("offers.csv:3 amends", "'A-2' is not in the ledger's offers", "did you mean 'A-1'?"),
        ("progress.csv:2 position", "'A-1/2' is not in the ledger's positions", "did you mean 'A-1/1'?"),
        ("progress.csv:3 project", "'XXX' is not in the ledger's projects", "known: SUB, WEB"),
        ("progress.csv:3 category", "'Phase 2' is not in the ledger's positions", "did you mean 'Phase 1'?"),
        ("time.csv:3 project", "'WEBSITE' is not in the ledger's projects", "did you mean 'WEB'?"),
        ("time.csv:3 position", "'A-1/9' is not in the ledger's positions", "did you mean 'A-1/1'?"),
        ("metrics.csv:2 project", "'WE' is not in the ledger's projects", "did you mean 'WEB'?"),
    ]


def test_a_bad_row_is_still_known_to_those_that_speak_of_it(tmp_path: Path) -> None:
    """One fault is one problem: the entries of a project with a bad row are not blamed."""
    written(
        tmp_path,
        projects=f"{PROJECT};start\nP1;A;K1;gestern\n",
        time=f"{TIME}\nT1;2026-01-05;P1;1\n",
    )

    assert [fault[:2] for fault in faults(tmp_path)] == [("BadCell", "data/projects.csv:2 start")]


def test_a_file_whose_header_is_bad_is_not_asked(tmp_path: Path) -> None:
    """Entries are not blamed for a projects.csv that cannot be read."""
    written(tmp_path, projects="id;name;kunde\nP1;A;K1\n", time=f"{TIME}\nT1;2026-01-05;P1;1\n")

    assert {fault[1] for fault in faults(tmp_path)} == {"data/projects.csv:1"}


def test_an_offer_with_a_bad_position_does_not_count(tmp_path: Path) -> None:
    """Shares and instalments would be taken of the wrong total; other offers are not touched."""
    written(
        tmp_path,
        offers=f"{OFFER}\nA1;P1;accepted\nA2;P1;accepted\n",
        positions=f"{POSITION}\nA1;1;A;1;flat;1;EUR\nA1;2;A;eins;flat;1;EUR\nA2;1;A;1;flat;1;EUR\n",
    )

    found = list(opened(tmp_path).offers())

    assert [offer.id for offer in found if not isinstance(offer, Problem)] == ["A2"]
    assert [shown(problem) for problem in bad(found)] == [("BadCell", "data/positions.csv:3 quantity")]


@pytest.mark.parametrize("row", ["A1;2;A;1;flat;1", ";2;A;1;flat;1;EUR"])
def test_a_position_that_could_be_anyones_holds_all_offers(tmp_path: Path, row: str) -> None:
    """Where a row cannot say whose position it holds, no offer is certain to be whole."""
    written(
        tmp_path,
        offers=f"{OFFER}\nA1;P1;accepted\n",
        positions=f"{POSITION}\nA1;1;A;1;flat;1;EUR\n{row}\n",
    )

    found = list(opened(tmp_path).offers())

    assert len(found) == 1
    assert len(bad(found)) == 1


def test_positions_without_any_offer(tmp_path: Path) -> None:
    """A rate card without heads would be billed to nobody; it is told once."""
    written(tmp_path, positions=f"{POSITION}\nA1;1;A;1;flat;1;EUR\nA1;2;A;1;flat;1;EUR\n")

    assert [fault[:3] for fault in faults(tmp_path, references="any")] == [
        ("MissingFile", "data/offers.csv", "there are positions but no offers they belong to")
    ]


def test_a_position_needs_its_head_even_where_references_are_open(tmp_path: Path) -> None:
    """Another source cannot hold the head of this ledger's rate card."""
    written(tmp_path, offers=f"{OFFER}\nA1;P1;sent\n", positions=f"{POSITION}\nA2;1;A;1;flat;1;EUR\n")

    assert [fault[:2] for fault in faults(tmp_path, references="any")] == [
        ("UnknownReference", "data/positions.csv:2 offer")
    ]


def test_readings_that_contradict_each_other_are_both_refused(tmp_path: Path) -> None:
    """Two shares of one position on one day, however they are written: a person must choose."""
    written(
        tmp_path,
        progress="""
            date;project;position;category;share;units
            2026-01-31;P1;A1/1;;33 %;
            31.01.2026;P2;A1/1;;1 of 3;
            2026-01-31;P1;;Phase 1;10 %;
            2026-01-31;P2;;Phase 1;20 %;
            2026-02-28;P1;A1/1;;50 %;
            2026-02-28;P1;A1/1;;;5
            """,
    )

    found = list(opened(tmp_path).readings(ALWAYS))

    assert [(*shown(problem), problem.message) for problem in bad(found)] == [
        ("ReadingsContradict", "data/progress.csv:2", "another value stands for the same day in data/progress.csv:3"),
        ("ReadingsContradict", "data/progress.csv:3", "another value stands for the same day in data/progress.csv:2"),
    ]
    assert len(found) == 6


def test_metrics_that_contradict_each_other_are_both_refused(tmp_path: Path) -> None:
    """Two values of one metric on one day: a person must choose."""
    written(tmp_path, metrics="date;project;metric;value\n2026-01-31;P1;spend;1\n2026-01-31;P1;spend;2\n")

    assert [fault[0] for fault in faults(tmp_path)] == ["ReadingsContradict", "ReadingsContradict"]


def test_a_file_that_the_settings_name_must_be_there(tmp_path: Path) -> None:
    """Only files that are not named may be absent."""
    written(tmp_path, customers=f"{CUSTOMER}\nK1;A;DE\n")

    assert faults(tmp_path, time="stunden.csv") == [
        (
            "MissingFile",
            "data/stunden.csv",
            "the file is named in the settings but is not there",
            "create it, or take time out of the settings",
        )
    ]


def test_a_ledger_without_any_file_is_told(tmp_path: Path) -> None:
    """A wrong folder must not look like an agency without work."""
    ((code, place, _, hint),) = faults(tmp_path)

    assert (code, place) == ("EmptyLedger", "data")
    assert hint.startswith("create any of: customers.csv, projects.csv")
