from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from pydantic import ValidationError

from connector.core.money import Money
from connector.core.offer import Offer, OfferState, Position, Project, ProjectBilling
from connector.core.party import Address, Party
from connector.core.period import Period
from connector.core.ports import (
    Checkable,
    CustomerSource,
    MetricSource,
    OfferSource,
    ProgressSource,
    ProjectSource,
    TimeSource,
)
from connector.core.problems import Problem
from connector.core.quantity import Quantity, Unit
from connector.core.readings import Metric, Reading, ReadingScope
from connector.core.share import Share
from connector.core.timesheet import TimeEntry
from connector.sources import ledger
from tests.sources.ledger_folder import bad, good, opened, written
from tests.support.transports import MemoryInbox, transport_for

JANUARY = Period(date(2026, 1, 1), date(2026, 2, 1))
ALWAYS = date.max


def test_a_customer_is_read_with_all_it_says(tmp_path: Path) -> None:
    """Every column of customers.csv finds its place, and the row's place is kept."""
    written(
        tmp_path,
        customers="""
            id;name;street;postal_code;city;country;vat_id;business;payment_days;language;email
            K1;Müller & Söhne GmbH;Am Fluß 1;01067;Dresden;DE;DE 123 456 789;ja;14;de;post@example.org
            """,
    )

    assert good(opened(tmp_path).customers()) == [
        Party(
            id="K1",
            name="Müller & Söhne GmbH",
            address=Address("Am Fluß 1", "01067", "Dresden", "DE"),
            vat_id="DE123456789",
            is_business=True,
            payment_days=14,
            language="de",
            email="post@example.org",
            origin="data/customers.csv:2",
        )
    ]


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out(tmp_path: Path) -> None:
    """Only id, name and country are needed to know a customer."""
    written(tmp_path, customers="Country ; ID;name\nAT;K2;Wien & Co KG\n")

    (customer,) = good(opened(tmp_path).customers())

    assert (customer.id, customer.address.country, customer.is_business, customer.payment_days) == (
        "K2",
        "AT",
        True,
        None,
    )


def test_a_project_is_read(tmp_path: Path) -> None:
    """A project names its customer, its parent, its dates and how it is billed."""
    written(
        tmp_path,
        projects="""
            id;name;customer;parent;start;end;billing
            P1;Neue Website;K1;;01.01.2026;2026-06-30;fixed_price
            P1a;Fotos;K1;P1;;;
            """,
    )

    assert good(opened(tmp_path).projects()) == [
        Project(
            id="P1",
            name="Neue Website",
            customer="K1",
            start=date(2026, 1, 1),
            end=date(2026, 6, 30),
            billing=ProjectBilling.FIXED_PRICE,
            origin="data/projects.csv:2",
        ),
        Project("P1a", "Fotos", "K1", "P1", origin="data/projects.csv:3"),
    ]


def test_an_offer_is_read_with_its_rate_card(tmp_path: Path) -> None:
    """Positions come in the order of the file and belong to the project of their offer."""
    written(
        tmp_path,
        offers="""
            offer;project;state;label;accepted_on;amends
            A1;P1;angenommen;Website;12.01.2026;
            N1;P1;accepted;Nachtrag;;A1
            """,
        positions="""
            offer;position;category;label;kind;quantity;unit;unit_price;currency;discount;vat_class;service;start;end;planned_hours
            A1;2;Phase 1;Umsetzung;;3;piece;3.333,333333;EUR;10 %;reduced;web;01.02.2026;31.03.2026;12,5
            N1;1;;Zusatz;position;-1;Tag;900;CHF;;;;;;
            A1;1;Phase 1;Konzept;position;1;pauschal;5.000;EUR;;;;;;
            """,
    )

    (offer, amendment) = good(opened(tmp_path).offers())

    assert (offer.id, offer.state, offer.accepted_on, offer.origin) == (
        "A1", OfferState.ACCEPTED, date(2026, 1, 12), "data/offers.csv:2",
    )  # fmt: skip
    assert offer.positions[0] == Position(
        id="2",
        offer="A1",
        project="P1",
        label="Umsetzung",
        quantity=Quantity(Decimal(3), Unit.PIECE),
        unit_price=Decimal("3333.333333"),
        currency="EUR",
        category="Phase 1",
        discount=Fraction(1, 10),
        vat_class="reduced",
        service="web",
        start=date(2026, 2, 1),
        end=date(2026, 3, 31),
        planned_seconds=45000,
        origin="data/positions.csv:2",
    )
    assert [position.key for position in offer.positions] == ["A1/2", "A1/1"]
    assert offer.positions[1].total.amount == 5000
    assert (amendment.amends, amendment.positions[0].total) == ("A1", Money.of(-900, "CHF"))


def test_headings_page_breaks_and_open_options_are_never_billed(tmp_path: Path) -> None:
    """A heading needs no price; an option is billed once it is marked as accepted (domain 2)."""
    written(
        tmp_path,
        offers="offer;project;state\nA1;P1;accepted\n",
        positions="""
            offer;position;label;kind;quantity;unit;unit_price;currency
            A1;0;Phase 1;heading;;;;
            A1;1;Konzept;position;1;flat;100;EUR
            A1;2;Video;option;1;flat;100;EUR
            A1;3;Audio;Accepted Option;1;flat;100;EUR
            A1;4;-;page break;;;;
            """,
    )

    (offer,) = good(opened(tmp_path).offers())

    assert {position.id: position.billable for position in offer.positions} == {
        "0": False, "1": True, "2": False, "3": True, "4": False,
    }  # fmt: skip
    assert offer.positions[0].total.amount == 0


def test_an_offer_may_have_no_positions_yet(tmp_path: Path) -> None:
    """A head without positions is a draft in the making."""
    written(tmp_path, offers="offer;project;state\nA1;P1;Entwurf\n")

    assert good(opened(tmp_path).offers()) == [Offer("A1", "P1", OfferState.DRAFT, (), origin="data/offers.csv:2")]


def test_readings_speak_of_position_category_or_project(tmp_path: Path) -> None:
    """The narrowest thing named is what the reading is of; the note is for people."""
    written(
        tmp_path,
        progress="""
            date;project;position;category;share;units;note
            31.01.2026;P1;A1/2;;1 von 3;;Startseite fertig
            2026-01-31;P1;;Phase 1;33,5 %;;
            2026-01-31;P1;;;100 %;;
            2026-01-31;P1;A1/3;;;1.200,5;
            """,
    )

    assert good(opened(tmp_path).readings(ALWAYS)) == [
        _reading(2, ReadingScope.POSITION, "A1/2", share=Share(Fraction(1, 3), "1 von 3")),
        _reading(3, ReadingScope.CATEGORY, "Phase 1", share=Share(Fraction(67, 200), "33,5 %")),
        _reading(4, ReadingScope.PROJECT, "", share=Share(Fraction(1), "100 %")),
        _reading(5, ReadingScope.POSITION, "A1/3", units=Decimal("1200.5")),
    ]


def test_readings_after_the_day_are_left_out(tmp_path: Path) -> None:
    """A reading counts from its own day on."""
    written(tmp_path, progress="date;project;share\n2026-01-31;P1;10 %\n2026-02-01;P1;20 %\n")

    assert [reading.on for reading in good(opened(tmp_path).readings(date(2026, 1, 31)))] == [date(2026, 1, 31)]


def test_the_same_reading_twice_is_one(tmp_path: Path) -> None:
    """Two rows that say the same of the same day do not contradict each other; 2 of 6 is 1 of 3."""
    written(tmp_path, progress="date;project;share\n2026-01-31;P1;1 of 3\n31.01.2026;P1;2 of 6\n")

    assert [reading.origin for reading in good(opened(tmp_path).readings(ALWAYS))] == ["data/progress.csv:2"]


def test_a_time_entry_is_read(tmp_path: Path) -> None:
    """Every column of time.csv finds its place; the duration is whole seconds."""
    written(
        tmp_path,
        time="""
            id;day;project;position;person;activity;duration;billable;approved;text
            T1;31.01.2026;P1;A1/2;Jörg Weiß;Design;1,5;ja;nein;"Entwürfe; zwei Runden"
            """,
    )

    assert good(opened(tmp_path).entries(JANUARY)) == [
        TimeEntry(
            id="T1",
            project="P1",
            day=date(2026, 1, 31),
            seconds=5400,
            person="Jörg Weiß",
            activity="Design",
            position="A1/2",
            text="Entwürfe; zwei Runden",
            billable=True,
            approved=False,
            origin="data/time.csv:2",
        )
    ]


def test_only_entries_of_the_period_are_read(tmp_path: Path) -> None:
    """The period is half open: its last day is the one before its end (domain 1.7)."""
    rows = "\n".join(f"T{day};{day};P1;1" for day in ("2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"))
    written(tmp_path, time=f"id;day;project;duration\n{rows}\n")

    assert [entry.id for entry in good(opened(tmp_path).entries(JANUARY))] == ["T2026-01-01", "T2026-01-31"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1,5", 5400), ("1,5 h", 5400), ("1:30", 5400), ("01:30:00", 5400), ("PT1H30M", 5400), ("0", 0), ("24", 86400)],
)
def test_a_duration_has_many_forms(tmp_path: Path, text: str, seconds: int) -> None:
    """All the forms of domain 1.4 are read; an explicit 0 is one of them."""
    written(tmp_path, time=f"id;day;project;duration\nT1;2026-01-05;P1;{text}\n")

    assert [entry.seconds for entry in good(opened(tmp_path).entries(JANUARY))] == [seconds]


def test_metrics_are_read(tmp_path: Path) -> None:
    """A metric is a figure of a project on a day; the same one twice is one."""
    written(
        tmp_path,
        metrics="date;project;metric;value\n2026-01-31;P1;media_spend;12.500,75\n31.01.2026;P1;media_spend;12500,75\n",
    )

    assert good(opened(tmp_path).metrics()) == [
        Metric("media_spend", "P1", date(2026, 1, 31), Decimal("12500.75"), "data/metrics.csv:2")
    ]


def test_english_notation_has_points_and_iso_days(tmp_path: Path) -> None:
    """What the locale states holds for numbers, shares, durations and days of all files."""
    written(
        tmp_path,
        time="id,day,project,duration\nT1,2026-01-05,P1,1.5\n",
        progress='date,project,share\n2026-01-31,P1,"33.5 %"\n',
        metrics='date,project,metric,value\n2026-01-31,P1,spend,"1,234.5"\n',
    )
    english = opened(tmp_path, locale="en", delimiter=",")

    assert [entry.seconds for entry in good(english.entries(JANUARY))] == [5400]
    assert [reading.share for reading in good(english.readings(ALWAYS))] == [Share(Fraction(67, 200), "")]
    assert [metric.value for metric in good(english.metrics())] == [Decimal("1234.5")]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    """Excel writes one in front of UTF-8."""
    written(tmp_path, customers=b"\xef\xbb\xbfid;name;country\r\nK1;M\xc3\xbcller;DE\r\n")

    assert [customer.name for customer in good(opened(tmp_path).customers())] == ["Müller"]


def test_windows_1252_is_read_where_it_is_stated(tmp_path: Path) -> None:
    """Older programs write it; nothing is guessed from the bytes."""
    written(tmp_path, customers="id;name;country\nK1;Müller – 5 €;DE\n".encode("windows-1252"))

    assert [party.name for party in good(opened(tmp_path, encoding="windows-1252").customers())] == ["Müller – 5 €"]


def test_blank_rows_and_multi_line_cells_keep_line_numbers_right(tmp_path: Path) -> None:
    """The place is the line an editor shows: blank lines and lines within quotes count."""
    written(
        tmp_path,
        time="""
            id;day;project;duration;text

            T1;2026-01-05;P1;1;"erste
            zweite

            vierte"
            ;;;;
            T2;2026-01-05;P1;1;
            """,
    )

    first, second = good(opened(tmp_path).entries(JANUARY))

    assert (first.origin, first.text) == ("data/time.csv:3", "erste\nzweite\n\nvierte")
    assert second.origin == "data/time.csv:8"


def test_files_and_folder_may_have_other_names(tmp_path: Path) -> None:
    """The settings name folder and files; places follow them."""
    (tmp_path / "Büro").mkdir()
    (tmp_path / "Büro/kunden.csv").write_text("id;name;country\nK1;A;DE\n", encoding="utf-8")

    (customer,) = good(opened(tmp_path, folder="Büro", customers="kunden.csv").customers())

    assert customer.origin == "Büro/kunden.csv:2"


def test_every_file_may_be_absent(tmp_path: Path) -> None:
    """A ledger of progress alone has no customers, and that is no problem."""
    written(tmp_path, progress="date;project;share\n2026-01-31;P1;10 %\n")
    source = opened(tmp_path)

    assert [
        *source.customers(),
        *source.projects(),
        *source.offers(),
        *source.entries(JANUARY),
        *source.metrics(),
    ] == []
    assert list(source.check()) == []


def test_laid_over_another_source_rows_speak_of_what_only_that_one_knows(tmp_path: Path) -> None:
    """References are held against the ledger's own files where it has them; `references = any` opens them."""
    written(
        tmp_path,
        projects="id;name;customer\nP1;Website;K-of-the-tool\n",
        progress="date;project;position;share\n2026-01-31;P-of-the-tool;A-of-the-tool/1;10 %\n",
    )

    assert [problem.place for problem in bad(opened(tmp_path).readings(ALWAYS))] == ["data/progress.csv:2 project"]
    assert len(good(opened(tmp_path, references="any").readings(ALWAYS))) == 1
    assert len(good(opened(tmp_path).projects())) == 1


def test_it_satisfies_every_port_of_a_source(tmp_path: Path) -> None:
    """One adapter, all ports."""
    ports = (CustomerSource, ProjectSource, OfferSource, ProgressSource, TimeSource, MetricSource, Checkable)

    assert [port for port in ports if not isinstance(opened(tmp_path), port)] == []


def test_the_raw_bytes_go_through_the_one_door(tmp_path: Path) -> None:
    """What was read is kept as it came."""
    inbox = MemoryInbox()
    written(tmp_path, customers="id;name;country\nK1;A;DE\n")
    transport = transport_for("hand", folder=tmp_path, inbox=inbox)

    good(ledger.build(ledger.Settings(locale="de"), transport).customers())

    assert set(inbox.kept) == {("hand", "data/customers.csv", b"id;name;country\nK1;A;DE\n")}


def test_the_locale_must_be_stated() -> None:
    """There is no default for what '1.234' means."""
    with pytest.raises(ValidationError, match="locale"):
        ledger.Settings.model_validate({})


def test_entries_stream(tmp_path: Path) -> None:
    """While entries stream, memory holds the file and a row, not the entries."""
    row = "T{0};2026-01-05;P1;Jörg Weiß;1,5;Entwürfe für die Startseite\n"
    rows = "".join(row.format(number) for number in range(5_000))
    written(tmp_path, time=f"id;day;project;person;duration;text\n{rows}")
    size = (tmp_path / "data/time.csv").stat().st_size
    entries = opened(tmp_path).entries(JANUARY)

    assert size > 250_000
    assert _growth_while_streaming(entries) < 100_000


def _growth_while_streaming(entries: Iterator[TimeEntry | Problem]) -> int:
    """Return by how many bytes memory peaks above the first entry while all others are taken."""
    tracemalloc.start()
    try:
        next(entries)
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        assert sum(isinstance(entry, TimeEntry) for entry in entries) == 4_999
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def _reading(
    line: int, scope: ReadingScope, target: str, *, share: Share | None = None, units: Decimal | None = None
) -> Reading:
    return Reading("P1", scope, target, date(2026, 1, 31), share, units, f"data/progress.csv:{line}")
