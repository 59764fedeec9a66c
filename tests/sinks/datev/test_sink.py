from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.booking import Booking, RevenueAccount
from connector.core.errors import DocumentRejected, RefusedError
from connector.core.ports import BatchSink, Capabilities, Checkable, Receipt
from connector.datev.hand_over import NOTHING_TO_BOOK
from connector.datev.read import records_of
from connector.datev.records import Field
from connector.http import Transport
from connector.sinks.datev import DatevFiles, build
from tests.datev.samples import booked, export, gross_by_account, party, settings, sink
from tests.support.transports import MemoryInbox


class NoInbox(MemoryInbox):
    """Takes nothing: this sink reads nothing."""

    def keep(self, source: str, place: str, payload: bytes) -> None:
        """Refuse."""
        raise AssertionError(source, place, payload)


def names(paths: Sequence[str]) -> list[str]:
    """Return the names of the files."""
    return [Path(path).name for path in paths]


def test_the_sink_is_built_from_settings_and_the_tenants_folder(tmp_path: Path) -> None:
    """Files go to out/datev within the tenant's folder unless the settings say otherwise."""
    transport = Transport("datev", tmp_path, NoInbox())
    built = build(settings(), transport)
    assert isinstance(built, BatchSink)
    assert isinstance(built, Checkable)
    assert built.folder == tmp_path / "out" / "datev"
    assert build(settings(directory="/srv/datev"), transport).folder == Path("/srv/datev")
    assert built.capabilities == Capabilities(numbers=False, credit_notes=True, reversals=True)


def test_an_export_writes_debtors_and_documents(tmp_path: Path) -> None:
    """One file each per month, a receipt per document that names its file."""
    january, february = booked("RE-1"), booked("RE-2", on=date(2026, 2, 28), debtor="10002")
    result = sink(tmp_path).write(export(7), [february, january])
    assert names(result.files) == [
        "EXTF_Debitoren_2026-01_0007.csv",
        "EXTF_Buchungsstapel_2026-01_0007.csv",
        "EXTF_Debitoren_2026-02_0007.csv",
        "EXTF_Buchungsstapel_2026-02_0007.csv",
    ]
    assert result.receipts == (
        Receipt("key-RE-2", "EXTF_Buchungsstapel_2026-02_0007.csv"),
        Receipt("key-RE-1", "EXTF_Buchungsstapel_2026-01_0007.csv"),
    )
    assert set(result.debtors) == {"10001", "10002"}
    assert result.notices == ()
    assert sorted(str(path) for path in tmp_path.iterdir()) == sorted(result.files)


def test_a_marked_repetition_shows_in_names_and_label(tmp_path: Path) -> None:
    """The accountant must see that the rows were handed over before."""
    result = sink(tmp_path).write(export(2, repeat=True), [booked()])
    assert all("_Wiederholung.csv" in name for name in names(result.files))
    header = Path(result.files[1]).read_bytes().splitlines()[0]
    assert b'"Wiederholung 01/2026"' in header


def test_more_rows_than_a_file_takes_go_into_a_further_file(tmp_path: Path) -> None:
    """Each file holds whole documents, and the sum of all files is the sum of all documents."""
    documents = [booked(f"RE-{number}", "10.00") for number in range(1, 6)]
    result = sink(tmp_path, max_rows=2).write(export(), documents)
    assert names(result.files)[1:] == [
        "EXTF_Buchungsstapel_2026-01_0001.csv",
        "EXTF_Buchungsstapel_2026-01_0001_2.csv",
        "EXTF_Buchungsstapel_2026-01_0001_3.csv",
    ]
    assert gross_by_account(result.files) == {("10001", "8400"): Decimal("59.50")}


def test_a_document_without_amounts_is_receipted_and_not_booked(tmp_path: Path) -> None:
    """DATEV refuses 0,00; alone, it makes no file at all."""
    result = sink(tmp_path / "out").write(export(), [booked("RE-1", "0.00")])
    assert result.receipts == (Receipt("key-RE-1", NOTHING_TO_BOOK),)
    assert (result.files, result.debtors) == ((), {})
    assert not (tmp_path / "out").exists()


def test_every_fault_is_told_before_a_byte_is_written(tmp_path: Path) -> None:
    """All documents, all fields, and nothing on the disk."""
    with pytest.raises(DocumentRejected) as caught:
        sink(tmp_path / "out").write(export(), [booked("RE 1"), booked(""), booked("RE-2", debtor="7"), booked("RE-3")])
    text = str(caught.value)
    assert "3 faults, nothing was written" in text
    assert "document RE 1 of website: field 11 Belegfeld 1" in text
    assert (
        "document of website, customer K1, 2026-01-01 to 2026-01-31: field 11 Belegfeld 1: the document has no number"
        in text
    )
    assert "document RE-2 of website: field 7 Konto: '7'" in text
    assert not (tmp_path / "out").exists()


def test_the_sink_tells_refusals_before_billing(tmp_path: Path) -> None:
    """The same rules, per document."""
    assert [problem.code for problem in sink(tmp_path).refusals(booked("", debtor="7"))] == ["DebtorAccountRefused"]


def test_notices_name_what_was_changed(tmp_path: Path) -> None:
    """In documents and in the debtors that were written."""
    result = sink(tmp_path).write(export(), [booked(text="Łódź", buyer=party("Dvořák s.r.o."))])
    assert [problem.code for problem in result.notices] == ["TextTransliterated", "TextTransliterated"]


class TestDebtors:
    """Only debtors new or changed are written."""

    def test_a_known_debtor_is_not_written_again(self, tmp_path: Path) -> None:
        """As long as nothing about it changed."""
        first = sink(tmp_path).write(export(1), [booked("RE-1")])
        second = sink(tmp_path).write(export(2, known=first.debtors), [booked("RE-2")])
        assert names(second.files) == ["EXTF_Buchungsstapel_2026-01_0002.csv"]
        assert second.debtors == {}

    def test_a_changed_debtor_is_written_again(self, tmp_path: Path) -> None:
        """With what the newest document of the file knows."""
        first = sink(tmp_path).write(export(1), [booked("RE-1")])
        moved = [
            booked("RE-2", on=date(2026, 2, 1)),
            booked("RE-3", on=date(2026, 2, 2), buyer=party(city="Potsdam", postal_code="14467")),
        ]
        second = sink(tmp_path).write(export(2, known=first.debtors), moved)
        (record,) = records_of(Path(second.files[0]))
        assert (record[0], record[18]) == ("10001", "Potsdam")
        assert second.debtors["10001"] != first.debtors["10001"]

    def test_a_debtor_is_written_once_per_export(self, tmp_path: Path) -> None:
        """In the first month that needs it, ordered by account."""
        documents = [
            booked("RE-1", debtor="10009"),
            booked("RE-2"),
            booked("RE-3"),
            booked("RE-4", on=date(2026, 2, 1)),
        ]
        result = sink(tmp_path).write(export(), documents)
        assert [record[0] for record in records_of(Path(result.files[0]))] == ["10001", "10009"]
        assert names(result.files)[2:] == ["EXTF_Buchungsstapel_2026-02_0001.csv"]


class TestAgain:
    """Writing an export twice is harmless."""

    def test_the_second_time_everything_is_kept(self, tmp_path: Path) -> None:
        """Same result, same bytes, not a file touched, whatever the order of the documents."""
        documents = [booked("RE-1"), booked("RE-2", on=date(2026, 2, 1))]
        first = sink(tmp_path).write(export(), documents)
        times = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
        second = sink(tmp_path).write(export(), documents[::-1])
        assert second.files == first.files
        assert set(second.receipts) == set(first.receipts)
        assert {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == times

    def test_the_same_export_gives_the_same_bytes(self, tmp_path: Path) -> None:
        """Nothing of the hour or the order gets into the files."""
        documents = [booked(f"RE-{number}", debtor=f"1000{number}") for number in range(1, 6)]
        one = sink(tmp_path / "one").write(export(), documents)
        two = sink(tmp_path / "two").write(export(), documents[::-1])
        assert [Path(path).read_bytes() for path in one.files] == [Path(path).read_bytes() for path in two.files]

    def test_another_exports_file_is_left_alone(self, tmp_path: Path) -> None:
        """The same name with another mark: perhaps the store was restored from an old copy."""
        result = sink(tmp_path).write(export(1), [booked("RE-1")])
        before = [Path(path).read_bytes() for path in result.files]
        with pytest.raises(RefusedError, match="was not written by this export"):
            sink(tmp_path).write(export(1, "f" * 16), [booked("RE-1")])
        assert [Path(path).read_bytes() for path in result.files] == before

    def test_settings_changed_between_crash_and_next_run_are_noticed(self, tmp_path: Path) -> None:
        """Another split of the rows would double some and lose others."""
        documents = [booked(f"RE-{number}") for number in range(1, 5)]
        sink(tmp_path, max_rows=2).write(export(), documents)
        with pytest.raises(RefusedError, match="it would be another one now"):
            sink(tmp_path, max_rows=3).write(export(), documents)


class TestCheck:
    """Asked before anything is billed."""

    def test_a_folder_that_can_be_made_is_fine(self, tmp_path: Path) -> None:
        """It is not made by asking."""
        folder = tmp_path / "a" / "b"
        assert not list(DatevFiles(settings(), folder).check())
        assert not (tmp_path / "a").exists()

    def test_a_file_in_the_way_is_told(self, tmp_path: Path) -> None:
        """With the place that is wrong."""
        (tmp_path / "out").write_text("a file")
        (problem,) = sink(tmp_path / "out" / "datev").check()
        assert (problem.code, problem.place) == ("FolderNotWritable", str(tmp_path / "out"))


accounts = st.sampled_from(
    [RevenueAccount("8400", automatic=True), RevenueAccount("8200", automatic=False, tax_key="3", cost_centre="7")]
)


@st.composite
def bookings(draw: st.DrawFn) -> list[Booking]:
    """Return documents of some months: invoices, credits, reversals, and some of nothing at all."""
    cents = draw(st.lists(st.integers(-1_000_000, 1_000_000), min_size=1, max_size=12))
    return [
        booked(
            f"RE-{number}",
            str(Decimal(value).scaleb(-2)),
            on=draw(st.dates(date(2025, 11, 1), date(2026, 3, 31))),
            debtor=draw(st.sampled_from(["10001", "10002", "69999"])),
            revenue=draw(accounts),
            text=draw(st.text(max_size=80)),
            reverses=draw(st.sampled_from(["", f"ALT-{number}"])),
        )
        for number, value in enumerate(cents, start=1)
    ]


def expected(documents: Sequence[Booking]) -> dict[tuple[str, str], Decimal]:
    """Return the gross sum per debtor and revenue account, rows of nothing left out."""
    sums: dict[tuple[str, str], Decimal] = {}
    for booking in documents:
        for row in booking.rows:
            if row.gross:
                key = booking.debtor, row.revenue.account
                sums[key] = sums.get(key, Decimal(0)) + row.gross.amount
    return sums


@given(bookings(), st.integers(1, 5), st.sampled_from(["01-01", "07-01", "02-15"]))
def test_what_is_read_back_adds_up_to_what_was_booked(documents: list[Booking], most: int, start: str) -> None:
    """Whatever is exported, the files hold the same gross sums per account, each row once and within its days."""
    with TemporaryDirectory() as folder:
        result = sink(Path(folder), max_rows=most, fiscal_year_start=start).write(export(), documents)
        assert gross_by_account(result.files) == expected(documents)
        for path in result.files:
            found = list(records_of(Path(path)))
            assert 1 <= len(found) <= most
            assert {len(record) for record in found} <= {125, 254}
        written = [name for name in names(result.files) if "Buchungsstapel" in name]
        assert set(written) == {receipt.reference for receipt in result.receipts} - {NOTHING_TO_BOOK}


def test_a_reversal_keeps_both_numbers(tmp_path: Path) -> None:
    """Belegfeld 1 is that of the document reversed, so that DATEV clears the open item."""
    original = booked("RE-1")
    reversal = booked("ST-1", "-100.00", reverses="RE-1")
    result = sink(tmp_path).write(export(), [original, reversal])
    records = list(records_of(Path(result.files[1])))
    assert [record[Field.DOCUMENT_NUMBER - 1] for record in records] == ["RE-1", "RE-1"]
    assert [record[Field.REVERSAL - 1] for record in records] == ["", "1"]
    assert gross_by_account(result.files) == {("10001", "8400"): Decimal(0)}


def test_a_document_of_several_rows_leaves_out_those_of_nothing(tmp_path: Path) -> None:
    """The others are booked."""
    booking = booked("RE-1", "100.00")
    nothing = replace(booked("RE-2", "0.00").rows[0], text="Nichts")
    result = sink(tmp_path).write(export(), [replace(booking, rows=(*booking.rows, nothing))])
    assert len(list(records_of(Path(result.files[1])))) == 1
