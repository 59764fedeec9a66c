"""What was recorded is sent again word for word; a changed body would find no answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from connector.core.payment import PaymentState, PaymentStatus
from tests.core.builders import eur
from tests.sinks.datev_online import stories
from tests.support.cassettes import replayed


def test_files_are_uploaded() -> None:
    """Searched for, sent and asked for, byte by byte."""
    with replayed("datev_online", "upload"):
        result = stories.upload(stories.TOLD_URL)
    assert [Path(file).name for file in result.files] == [
        "EXTF_Debitoren_2026-01_0001.csv",
        "EXTF_Buchungsstapel_2026-01_0001.csv",
    ]


def test_files_that_are_there_are_only_looked_for() -> None:
    """The same references; nothing is sent."""
    with replayed("datev_online", "upload"):
        sent = stories.upload(stories.TOLD_URL)
    with replayed("datev_online", "found"):
        assert stories.found(stories.TOLD_URL).receipts == sent.receipts


def test_a_refusal_is_explained() -> None:
    """In plain words, with DATEV's own."""
    with replayed("datev_online", "refused"):
        words = stories.refused(stories.TOLD_URL)
    assert words.startswith("the file's header does not fit the client (1008834")


def test_a_ledger_is_transferred() -> None:
    """Begun, two files and their list, finalised, asked for."""
    with replayed("datev_online", "transfer"):
        result = stories.transfer(stories.TOLD_URL)
    assert [Path(file).name for file in result.files] == ["Rechnungsausgang_2026-01_0001.zip"]


def test_payments_are_read() -> None:
    """One document is paid, of the other, a credit note, all is open."""
    with replayed("datev_online", "payments"):
        told = stories.payments(stories.TOLD_URL)
    assert told == [
        PaymentStatus("key-RE-1", PaymentState.PAID, eur("0.00"), date(2026, 2, 10), word="postings"),
        PaymentStatus("key-RE-2", PaymentState.OPEN, eur("-47.60"), word="postings"),
    ]
