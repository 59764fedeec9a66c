from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.ledger_folder import faults, written

CUSTOMER = "id;name;country"
PROJECT = "id;name;customer"
OFFER = "offer;project;state"
POSITION = "offer;position;label;quantity;unit;unit_price;currency"
TIME = "id;day;project;duration"


def test_an_empty_duration_is_never_nothing(tmp_path: Path) -> None:
    """Domain 1.4: an empty field is a Problem, never 0."""
    written(tmp_path, time=f"{TIME}\nT1;2026-01-05;P1;\n")

    assert faults(tmp_path) == [("EmptyCell", "data/time.csv:2 duration", "duration is empty", "fill it")]


@pytest.mark.parametrize("duration", ["90", "24:01", "-1", "-PT1H", "1.500"])
def test_an_entry_has_the_time_of_one_day(tmp_path: Path, duration: str) -> None:
    """Minutes written as hours, and less than nothing, are refused."""
    written(tmp_path, time=f"{TIME}\nT1;2026-01-05;P1;{duration}\n")

    ((code, _, message, hint),) = faults(tmp_path)

    assert (code, message) == ("BadCell", f"not the time of one day: {duration!r}")
    assert "90 minutes as 1:30" in hint


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("country", "Deutschland", "not a country code: 'Deutschland'"),
        ("country", "de", "not a country code: 'de'"),
        ("business", "vielleicht", "unknown: 'vielleicht'"),
        ("payment_days", "14,5", "not a whole number: '14,5'"),
        ("payment_days", "-1", "less than nothing: '-1'"),
        ("language", "fr", "unknown: 'fr'"),
        ("name", "A\x07B", "character '\\x07' cannot be read: 'A\\x07B'"),
    ],
)
def test_a_customers_cell_that_cannot_be_read(tmp_path: Path, column: str, value: str, message: str) -> None:
    """Each kind of cell of customers.csv refuses what it does not know."""
    cells = {
        "id": "K1",
        "name": "A",
        "country": "DE",
        "business": "",
        "payment_days": "",
        "language": "",
        column: value,
    }
    written(tmp_path, customers=f"{';'.join(cells)}\n{';'.join(cells.values())}\n")

    assert [fault[:3] for fault in faults(tmp_path)] == [("BadCell", f"data/customers.csv:2 {column}", message)]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("position", "1/2", "the sign / parts offer and position: '1/2'"),
        ("kind", "überschrift", "unknown: 'überschrift'"),
        ("quantity", "1.5", "not a number: '1.5'"),
        ("unit", "Stunbe", "unknown: 'Stunbe'"),
        ("unit_price", "5.000,00 €", "not a number: '5.000,00 €'"),
        ("unit_price", "1,1234567", "too fine a price: '1,1234567'"),
        ("currency", "EURO", "unknown: 'EURO'"),
        ("discount", "10", "not a percentage: '10'"),
        ("discount", "110 %", "not a discount: '110 %'"),
        ("discount", "-10 %", "not a discount: '-10 %'"),
        ("planned_hours", "-2", "less than nothing: '-2'"),
        ("start", "12/31/2026", "not a day: '12/31/2026'"),
    ],
)
def test_a_positions_cell_that_cannot_be_read(tmp_path: Path, column: str, value: str, message: str) -> None:
    """Each kind of cell of positions.csv refuses what it does not know."""
    names = [*POSITION.split(";"), "kind", "discount", "planned_hours", "start"]
    cells = dict(zip(names, ["A1", "1", "Konzept", "1", "flat", "100", "EUR", "", "", "", ""], strict=True))
    cells[column] = value
    written(
        tmp_path,
        offers=f"{OFFER}\nA1;P1;accepted\n",
        positions=f"{';'.join(cells)}\n{';'.join(cells.values())}\n",
    )

    assert [fault[:3] for fault in faults(tmp_path)] == [("BadCell", f"data/positions.csv:2 {column}", message)]


def test_an_unknown_word_names_the_nearest(tmp_path: Path) -> None:
    """States and units are told with what was probably meant."""
    written(tmp_path, offers=f"{OFFER}\nA1;P1;acepted\n")

    assert faults(tmp_path) == [
        ("BadCell", "data/offers.csv:2 state", "unknown: 'acepted'", "did you mean 'accepted'?")
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (";Phase 1;0,33;", "not a share: '0,33'"),
        (";Phase 1;33.5 %;", "not a share: '33.5 %'"),
        (";Phase 1;-5 %;", "a share below zero: '-5 %'"),
        ("1;;33 %;", "not a position of an offer: '1'"),
        ("A1/1;;;-3", "less than nothing: '-3'"),
        ("A1/1;;;1.5", "not a number: '1.5'"),
        ("A1/1;Phase 1;33 %;", "a reading of a position and of a category: 'Phase 1'"),
        ("A1/1;;33 %;2", "a reading has either a share or units: '33 %'"),
        ("A1/1;;;", "a reading has either a share or units: ''"),
        (";Phase 1;;3", "units are counted for a position only: '3'"),
    ],
)
def test_a_reading_that_does_not_say_one_thing(tmp_path: Path, row: str, message: str) -> None:
    """Shares are never bare numbers, and a reading has one target and one value."""
    written(tmp_path, progress=f"date;project;position;category;share;units\n2026-01-31;P1;{row}\n")

    ((code, place, told, _),) = faults(tmp_path)

    assert (code, told) == ("BadCell", message)
    assert place.startswith("data/progress.csv:2")


def test_a_metric_without_a_number(tmp_path: Path) -> None:
    """A figure is read in the notation of the settings or not at all."""
    written(tmp_path, metrics="date;project;metric;value\n2026-01-31;P1;spend;12.5\n")

    assert [fault[:3] for fault in faults(tmp_path)] == [
        ("BadCell", "data/metrics.csv:2 value", "not a number: '12.5'")
    ]


def test_days_in_the_wrong_order(tmp_path: Path) -> None:
    """Projects and positions end after they start."""
    written(
        tmp_path,
        projects=f"{PROJECT};start;end\nP1;A;K1;2026-02-01;2026-01-31\n",
        offers=f"{OFFER}\nA1;P1;accepted\n",
        positions=f"{POSITION};start;end\nA1;1;Konzept;1;flat;100;EUR;2026-02-01;2026-01-31\n",
    )

    assert [fault[:3] for fault in faults(tmp_path)] == [
        ("BadCell", "data/projects.csv:2", "the end lies before the start, 2026-02-01: '2026-01-31'"),
        ("BadCell", "data/positions.csv:2", "the end lies before the start, 2026-02-01: '2026-01-31'"),
    ]


def test_an_offer_that_is_not_accepted_has_no_day_of_acceptance(tmp_path: Path) -> None:
    """One of the two is wrong, and an accepted offer would be billed."""
    written(tmp_path, offers=f"{OFFER};accepted_on\nA1;P1;sent;2026-01-05\n")

    ((code, place, message, _),) = faults(tmp_path)

    assert (code, place) == ("BadCell", "data/offers.csv:2")
    assert message.startswith("an offer that is sent has no day of acceptance")


def test_an_amount_out_of_all_bounds(tmp_path: Path) -> None:
    """Quantity times price must be an amount of money."""
    written(
        tmp_path,
        offers=f"{OFFER}\nA1;P1;accepted\n",
        positions=f"{POSITION}\nA1;1;Konzept;999999999;flat;999999999;EUR\n",
    )

    ((code, place, _, hint),) = faults(tmp_path)

    assert (code, place, hint) == ("BadCell", "data/positions.csv:2", "check quantity and unit price")


def test_bytes_of_another_encoding_name_the_cell(tmp_path: Path) -> None:
    """A file saved as Windows-1252 is not read as UTF-8; cells without umlauts are not blamed."""
    written(tmp_path, customers=f"{CUSTOMER}\nK1;Müller;DE\nK2;Meier;DE\n".encode("windows-1252"))

    ((code, place, _, hint),) = faults(tmp_path)

    assert (code, place) == ("BadCell", "data/customers.csv:2 name")
    assert hint == "save the file in the encoding of the settings (UTF-8 if none is stated)"
