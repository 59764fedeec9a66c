from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from connector.core.payment import Dunning, PaymentState, PaymentStatus
from connector.core.ports import Receipt, StatusSource
from connector.core.problems import Problem
from connector.datev.opos import OposLists
from tests.core.builders import eur
from tests.datev.samples import settings
from tests.support.transports import transport_for

HEAD = "Konto;Name;Belegfeld 1;Datum;Betrag;Saldo;S/H;Mahnstufe;Mahndatum"

ONE = "10001;Müller GmbH;RE-1;31.01.2026;119,00;119,00;S;0;"
TWO = "10002;Meier KG;RE-2;31.01.2026;1.190,00;690,00;S;1;15.03.2026"

RECEIPTS = [Receipt(f"key-{number}", "file", f"RE-{number}") for number in (1, 2, 3)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the lists."""
    (tmp_path / "in" / "opos").mkdir(parents=True)
    return tmp_path / "in" / "opos"


def lay(folder: Path, name: str, *rows: str, head: str = HEAD, encoding: str = "cp1252") -> None:
    """Lay a list into the folder."""
    (folder / name).write_bytes("\r\n".join((head, *rows, "")).encode(encoding))


def told(folder: Path, **wishes: object) -> list[PaymentStatus | Problem]:
    """Return what the lists say of the documents."""
    reader = OposLists(settings(payments="opos", **wishes), transport_for("datev", folder=folder.parents[1]))
    assert isinstance(reader, StatusSource)
    return list(reader.statuses(RECEIPTS, None))


def states(folder: Path) -> dict[str, PaymentState]:
    """Return the states told, by key."""
    return {each.key: each.state for each in told(folder) if isinstance(each, PaymentStatus)}


def codes(folder: Path) -> list[str]:
    """Return the codes of the problems told."""
    return [each.code for each in told(folder) if isinstance(each, Problem)]


def test_a_list_tells_what_is_open(folder: Path) -> None:
    """Amount, level and day; of a document it does not have, nothing is known."""
    lay(folder, "OPOS_2026-03-31.csv", ONE, TWO)
    assert told(folder) == [
        PaymentStatus("key-1", PaymentState.OPEN, eur("119.00"), dunning=Dunning(0), word="OPOS 2026-03-31"),
        PaymentStatus(
            "key-2",
            PaymentState.PART_PAID,
            eur("690.00"),
            dunning=Dunning(1, on=date(2026, 3, 15)),
            word="OPOS 2026-03-31",
        ),
    ]


def test_what_was_seen_open_and_is_gone_is_paid(folder: Path) -> None:
    """RE-1 was on an older list; RE-3 never was on any, so nothing is concluded of it."""
    lay(folder, "OPOS_20260131.csv", ONE, TWO)
    lay(folder, "OPOS_20260331.csv", TWO)
    word = "no longer on the list of 2026-03-31"
    assert told(folder)[0] == PaymentStatus("key-1", PaymentState.PAID, eur("0.00"), word=word)
    assert states(folder) == {"key-1": PaymentState.PAID, "key-2": PaymentState.PART_PAID}


def test_what_comes_back_is_open_again(folder: Path) -> None:
    """A payment bounced: the newest list counts, whatever lies between."""
    lay(folder, "1_2026-01-31.csv", ONE, TWO)
    lay(folder, "2_2026-02-28.csv", TWO)
    lay(folder, "0_2026-03-31.csv", ONE, TWO)
    assert states(folder)["key-1"] is PaymentState.OPEN


def test_without_a_column_of_amounts_the_first_list_tells_what_was_billed(folder: Path) -> None:
    """What is less than it was is paid in part."""
    head = "Konto;Rechnungs-Nr.;Saldo"
    lay(folder, "2026-01-31.csv", "10001;RE-1;119,00", "10002;RE-2;50,00", head=head)
    lay(folder, "2026-02-28.csv", "10001;RE-1;69,00", "10002;RE-2;50,00", head=head)
    assert states(folder) == {"key-1": PaymentState.PART_PAID, "key-2": PaymentState.OPEN}


@pytest.mark.parametrize(
    ("cell", "side", "still_open"),
    [
        ("40,00", "H", "-40.00"),
        ("40,00 H", "", "-40.00"),
        ("40,00-", "", "-40.00"),
        ("-40,00", "", "-40.00"),
        ("1.240,00 S", "", "1240.00"),
        ("1240,00", "S", "1240.00"),
    ],
)
def test_sides_are_written_in_many_ways(folder: Path, cell: str, side: str, still_open: str) -> None:
    """Haben is below zero: a credit note, or money to give back."""
    lay(folder, "2026-03-31.csv", f"10001;M;RE-1;;;{cell};{side};;")
    [status] = told(folder)
    assert isinstance(status, PaymentStatus)
    assert status.open == eur(still_open)


def test_rows_of_one_item_add_up(folder: Path) -> None:
    """An uncondensed list has invoice and payment apart; the higher level counts."""
    payment = "10001;Müller GmbH;RE-1;10.02.2026;0,00;50,00;H;2;01.03.2026"
    lay(folder, "2026-03-31.csv", ONE, payment)
    [status] = told(folder)
    assert isinstance(status, PaymentStatus)
    assert (status.open, status.state) == (eur("69.00"), PaymentState.PART_PAID)
    assert status.dunning == Dunning(2, on=date(2026, 3, 1))


def test_a_supplier_may_use_our_numbers(folder: Path) -> None:
    """A list of all accounts has his open items too: that his are paid says nothing of ours."""
    lay(folder, "2026-02-28.csv", ONE, "70001;Lieferant AG;RE-3;31.01.2026;50,00;50,00;H;0;")
    assert states(folder) == {"key-1": PaymentState.OPEN}
    lay(folder, "2026-03-31.csv", ONE.replace("10001", "100010000"), ONE.replace("10001", "700010000"))
    assert states(folder) == {"key-1": PaymentState.OPEN}


def test_headings_and_sums_are_left_out(folder: Path) -> None:
    """What stands above the names of the columns, and rows without a number."""
    (folder / "2026-03-31.csv").write_text(
        f"OPOS-Liste;Musterholz\n\n{HEAD}\n{ONE}\n10001;Summe;;;;119,00;S;;\n;;;;;;;;\n", encoding="utf-8-sig"
    )
    assert states(folder) == {"key-1": PaymentState.OPEN}


def test_columns_may_have_names_of_their_own(folder: Path) -> None:
    """The setting names them, and then the usual name is not taken."""
    lay(folder, "2026-03-31.csv", "RE-1;RE-9;5,00", head="OP;Belegfeld 1;Saldo")
    assert told(folder) == []
    [status] = told(folder, opos_columns={"number": "op"})
    assert isinstance(status, PaymentStatus)
    assert status.key == "key-1"


def test_no_list_tells_nothing(folder: Path) -> None:
    """Nobody has laid one there yet; other files are none."""
    (folder / "readme.txt").write_text("lists go here")
    assert told(folder) == []
    (folder / "readme.txt").unlink()
    folder.rmdir()
    assert told(folder) == []


def test_an_empty_list_proves_nothing(folder: Path) -> None:
    """An export that went wrong would otherwise pay everything."""
    lay(folder, "2026-01-31.csv", ONE, TWO)
    lay(folder, "2026-03-31.csv")
    assert (codes(folder), states(folder)) == (["OpenItemsEmpty"], {})


@pytest.mark.parametrize("row", [ONE.replace("119,00;S", "119.00;S"), ONE.replace(";0;", ";x;"), "10001;M;RE-1"])
def test_a_row_that_cannot_be_read_keeps_absence_from_proving_anything(folder: Path, row: str) -> None:
    """It may be the very item that seems to be missing; what can be read is told."""
    lay(folder, "2026-01-31.csv", ONE, TWO)
    lay(folder, "2026-03-31.csv", row, TWO)
    assert codes(folder) == ["OpenItemUnreadable"]
    assert states(folder) == {"key-2": PaymentState.PART_PAID}
    problem = told(folder)[0]
    assert isinstance(problem, Problem)
    assert problem.place == "2026-03-31.csv, row 1"


@pytest.mark.parametrize("name", ["OPOS.csv", "OPOS_2026-13-31.csv", "OPOS_120260331.csv"])
def test_a_list_without_a_day_is_told(folder: Path, name: str) -> None:
    """Without it, nobody knows which list is the newest."""
    lay(folder, name, ONE)
    assert (codes(folder), states(folder)) == (["OpenItemsUndated"], {})


def test_two_lists_of_one_day_are_told(folder: Path) -> None:
    """Which of them counts is not guessed."""
    lay(folder, "a_2026-03-31.csv", ONE)
    lay(folder, "b_2026-03-31.CSV", TWO)
    [problem] = told(folder)
    assert isinstance(problem, Problem)
    assert "is of the same day as a_2026-03-31.csv" in problem.message


def test_a_list_without_names_of_columns_is_told(folder: Path) -> None:
    """With the columns that are needed."""
    lay(folder, "2026-03-31.csv", "1;2;3", head="a;b;c")
    [problem] = told(folder)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.hint.split(" are")[0]) == (
        "OpenItemsUnreadable",
        "the columns Belegfeld 1, Saldo",
    )
