"""What becomes of the packages of an export, whatever happens on the way: each document lies there once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import requests

from connector.core.errors import (
    ConfigError,
    DocumentRejected,
    HonorarError,
    RefusedError,
    TemporaryError,
    Unavailable,
    UnexpectedAnswer,
)
from connector.core.ports import ExportResult
from connector.datev.hand_over import NOTHING_TO_BOOK
from connector.disk import replace_file
from connector.sinks.datev_online import ledger, transfers
from tests.datev.samples import booked, export
from tests.sinks.datev_online.world import SOON, Office, office_in
from tests.standins import Asked, Fault, Said
from tests.support.fate import Fate, Killed

DOCUMENTS = [booked("RE-3", on=date(2026, 2, 1)), booked("RE-2"), booked("RE-1")]
NUMBERS = ["RE-1", "RE-2", "RE-3"]

JOBS = "/platform/v2/clients/29098-55003/dxso-jobs"

CALLS: dict[str, Callable[[Asked], bool]] = {
    "begin": lambda asked: asked.method == "POST" and asked.path == JOBS,
    "attach": lambda asked: asked.path.endswith("/files"),
    "finalise": lambda asked: asked.method == "PUT",
    "status": lambda asked: asked.method == "GET",
    "cancel": lambda asked: asked.method == "DELETE",
}


@pytest.fixture
def office(stranger: Office) -> Office:
    """Return a client whose documents go into the ledger online."""
    return with_ledger(stranger)


def with_ledger(office: Office) -> Office:
    """Let the office use the ledger, and log in."""
    office.wishes["way"] = "ledger"
    office.log_in()
    office.standin.asked.clear()
    return office


def write(office: Office) -> ExportResult:
    """Write the export as a process that has just begun."""
    return office.sink().write(export(), DOCUMENTS)


def write_until_done(office: Office, most: int = 8) -> ExportResult:
    """Write the same export again and again, as the engine does while it is open."""
    for _ in range(most):
        office.clock.moment += SOON
        try:
            return write(office)
        except HonorarError:
            continue
    pytest.fail("it never came to an end")


def test_a_transfer_per_month(office: Office) -> None:
    """Begun, filled, finalised, and asked for until it has an end."""
    result = write(office)
    assert office.api.transferred() == NUMBERS
    assert [Path(file).name for file in result.files] == [
        "Rechnungsausgang_2026-01_0001.zip",
        "Rechnungsausgang_2026-02_0001.zip",
    ]
    january, february = office.api.transfers.values()
    assert (january["month"], february["month"]) == ("2026-01", "2026-02")
    assert list(january["files"]) == ["0001_RE-1.xml", "0002_RE-2.xml", "document.xml"]
    assert [receipt.key for receipt in result.receipts] == ["key-RE-3", "key-RE-2", "key-RE-1"]
    assert result.receipts[0].reference == f"Rechnungsausgang_2026-02_0001.zip, DATEV transfer {february['id']}"
    assert [each.code for each in result.notices] == ["ReceivedNotBooked"] * 2


def test_what_was_sent_is_kept_as_one_archive(office: Office) -> None:
    """DATEV takes the files one by one; the archive is what was sent, and could be imported by hand."""
    path = Path(write(office).files[0])
    january = next(iter(office.api.transfers.values()))
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == january["files"]


def test_a_second_writing_sends_nothing(office: Office) -> None:
    """The engine may have died before it recorded the end of the export."""
    first = write(office)
    office.standin.asked.clear()
    assert write(office) == first
    assert office.standin.asked == []


def test_documents_of_nothing_are_receipted(office: Office) -> None:
    """They leave no row, as in files."""
    empty = booked("RE-9", "0.00")
    result = office.sink().write(export(), [empty])
    assert [receipt.reference for receipt in result.receipts] == [NOTHING_TO_BOOK]
    assert (result.files, office.standin.asked) == ((), [])


def test_a_long_month_is_split_and_a_repeat_is_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Part by part, each a transfer; the second hand-over has the mark of one."""
    monkeypatch.setattr(ledger, "MOST_DOCUMENTS", 1)
    result = office.sink().write(export(repeat=True), DOCUMENTS)
    assert [Path(file).name for file in result.files] == [
        "Rechnungsausgang_2026-01_0001_Wiederholung.zip",
        "Rechnungsausgang_2026-01_0001_Wiederholung_2.zip",
        "Rechnungsausgang_2026-02_0001_Wiederholung.zip",
    ]
    assert office.api.transferred() == NUMBERS


@pytest.mark.parametrize("call", ["begin", "attach", "finalise", "status"])
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_at_every_call(office: Office, fault: Fault, call: str) -> None:
    """After the next runs each document lies there once."""
    office.standin.slow_seconds = 0.001
    office.standin.fail(fault, CALLS[call], 2)
    try:
        write(office)
    except HonorarError as error:
        assert isinstance(error, TemporaryError | UnexpectedAnswer)  # noqa: PT017 - either is right
        write_until_done(office)
    assert sorted(office.api.transferred()) == NUMBERS
    assert write(office).files


@pytest.mark.parametrize("remembers", [False, True])
@pytest.mark.parametrize("second", Fault)
def test_every_fault_while_an_open_transfer_is_cancelled(office: Office, second: Fault, *, remembers: bool) -> None:
    """It was never finalised; whatever becomes of its cancelling, nothing is there twice."""
    office.api.remembers_cancelled = remembers
    office.standin.slow_seconds = 0.001
    office.standin.fail(Fault.ANSWER_LOST, CALLS["attach"])
    office.standin.fail(second, CALLS["cancel"])
    with pytest.raises(Unavailable, match="what became of the transfer is not known"):
        write(office)
    write_until_done(office)
    assert sorted(office.api.transferred()) == NUMBERS


def test_a_finalisation_that_arrives_late_is_met_by_the_cancelling(office: Office) -> None:
    """The run after it cancels first: DATEV refuses the one or the other, never both and never none."""
    late: list[Asked] = []

    def held_up(asked: Asked) -> bool:
        late.extend([asked] if CALLS["finalise"](asked) else [])
        return CALLS["finalise"](asked)

    def arrives(asked: Asked) -> bool:
        if CALLS["cancel"](asked):
            office.api.answer(late[0])
        return False

    office.standin.fail(Fault.SERVER_ERROR, held_up)
    with pytest.raises(Unavailable):
        write(office)
    office.standin.fail(Fault.SLOW, arrives, 1)
    write_until_done(office)
    assert sorted(office.api.transferred()) == NUMBERS


def test_killed_at_any_place_the_next_run_finishes(tmp_path: Path) -> None:
    """Every document lies there once, whatever the moment."""
    place = -1
    while True:
        place += 1
        (tmp_path / str(place)).mkdir()
        with office_in(tmp_path / str(place)) as office:
            with_ledger(office)
            with suppress(Killed), dying_at(place):
                office.sink().write(export(), DOCUMENTS[1:])
                break
            for _ in range(2):
                office.sink().write(export(), DOCUMENTS[1:])
            assert sorted(office.api.transferred()) == NUMBERS[:2], f"killed at place {place}"
    assert place >= 20


@contextmanager
def dying_at(place: int) -> Iterator[None]:
    """Let the process die at the place: before a request or its answer, before or after something is written."""
    fate = Fate(place)

    def noted(path: Path, content: bytes) -> None:
        fate.here()
        replace_file(path, content)
        fate.here()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "request", fate.around(requests.Session.request))
        patch.setattr(transfers, "replace_file", noted)
        yield


def test_a_transfer_that_takes_long_is_asked_for_by_the_next_run(office: Office) -> None:
    """Nothing is sent a second time."""
    office.api.busy_for = 30
    with pytest.raises(Unavailable, match="still at work"):
        write(office)
    office.api.busy_for = 1
    write_until_done(office)
    assert sorted(office.api.transferred()) == NUMBERS


def test_a_package_that_is_refused_is_sent_again_once_it_is_mended(office: Office) -> None:
    """What DATEV's protocol says is told; nothing of it was taken."""
    office.api.fails_with = "3"
    with pytest.raises(DocumentRejected, match=r"took nothing of the package: 0001_RE-1.xml: Konto fehlt"):
        write(office)
    office.api.fails_with = ""
    write(office)
    assert office.api.transferred() == NUMBERS


def test_a_package_that_is_taken_in_part_is_not_sent_again(office: Office) -> None:
    """A person enters what is missing; to send all of it would double the rest."""
    office.api.fails_with = "4"
    result = write(office)
    held = [each for each in result.notices if each.holds]
    assert [each.code for each in held] == ["ReceivedInPart"] * 2
    assert "0001_RE-1.xml: Konto fehlt" in held[0].message
    office.standin.asked.clear()
    assert write(office) == result
    assert office.standin.asked == []


def test_a_transfer_that_somebody_cancelled_is_a_persons_affair(office: Office) -> None:
    """Whether it shall go out once more is not guessed."""
    office.api.fails_with = "5"
    for _ in range(2):
        with pytest.raises(RefusedError, match="somebody cancelled the transfer") as caught:
            write(office)
    assert "remove" in caught.value.hint
    assert len(office.api.transfers) == 1


def test_a_transfer_that_could_not_be_cancelled_is_there(office: Office) -> None:
    """DATEV's status 6."""
    office.api.fails_with = "6"
    assert len(write(office).files) == 2


def test_a_finalised_transfer_that_is_gone_is_a_persons_affair(office: Office) -> None:
    """DATEV forgets after two months: that is no leave to send again."""
    office.api.busy_for = 30
    with pytest.raises(Unavailable):
        write(office)
    office.api.transfers.clear()
    with pytest.raises(RefusedError, match="no longer knows the transfer"):
        write(office)
    assert office.api.transfers == {}


@pytest.mark.parametrize(
    ("folders", "named", "chosen"),
    [
        (["Ausgangsrechnungen"], "", "Ausgangsrechnungen"),
        (["Ausgang", "Export"], "Export", "Export"),
    ],
)
def test_the_ledger_folder_is_the_one_there_is_or_the_one_named(
    office: Office, folders: list[str], named: str, chosen: str
) -> None:
    """As DATEV lists them."""
    office.api.folders = folders
    office.wishes["ledger_folder"] = named
    write(office)
    january = next(iter(office.api.transfers.values()))
    assert f'value="{chosen}"'.encode() in january["files"]["document.xml"]


@pytest.mark.parametrize(
    ("folders", "named", "words"),
    [
        (["Ausgang", "Export"], "", "more than one ledger folder"),
        (["Ausgang"], "Export", "'Export' is not to be found"),
        ([], "", "more than one ledger folder"),
    ],
)
def test_a_ledger_folder_is_never_guessed(office: Office, folders: list[str], named: str, words: str) -> None:
    """The names there are stand in the hint; nothing was finalised."""
    office.api.folders = folders
    office.wishes["ledger_folder"] = named
    with pytest.raises(ConfigError, match=words) as caught:
        write(office)
    assert ", ".join(folders) in caught.value.hint
    assert office.api.transferred() == []
    office.api.folders, office.wishes["ledger_folder"] = ["Ausgang"], ""
    write(office)
    assert office.api.transferred() == NUMBERS


@pytest.mark.parametrize(
    ("call", "body"), [("begin", {}), ("begin", []), ("status", {"status": 7}), ("status", {}), ("status", [])]
)
def test_an_answer_that_cannot_be_understood_stops_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, call: str, body: object
) -> None:
    """The next run settles what became of it."""
    answer = office.api.answer
    with monkeypatch.context() as patch:
        patch.setattr(office.api, "answer", lambda asked: Said(200, body) if CALLS[call](asked) else answer(asked))
        with pytest.raises(UnexpectedAnswer, match="not what is documented"):
            write(office)
    write_until_done(office)
    assert sorted(office.api.transferred()) == NUMBERS


@pytest.mark.parametrize("body", [{}, [7], [{"type": "error"}]])
def test_a_protocol_that_says_nothing_is_no_excuse(
    office: Office, monkeypatch: pytest.MonkeyPatch, body: object
) -> None:
    """The package is refused all the same."""
    office.api.fails_with = "3"
    answer = office.api.answer
    monkeypatch.setattr(
        office.api,
        "answer",
        lambda asked: Said(200, body) if asked.path.endswith("protocol-entries") else answer(asked),
    )
    with pytest.raises(DocumentRejected, match="took nothing"):
        write(office)


def test_faults_are_told_before_anything_is_sent(office: Office) -> None:
    """Those of the format and those of the XML, together."""
    wrong = replace(booked("RE 1"), order_number="Auftrag 17")
    with pytest.raises(DocumentRejected, match="2 faults"):
        office.sink().write(export(), [wrong])
    assert [each.code for each in office.sink().refusals(wrong)] == ["DocumentNumberRefused", "OrderNumberRefused"]
    assert office.standin.asked == []


def test_check_asks_whether_there_is_a_ledger(office: Office) -> None:
    """Without one, every transfer would be refused."""
    assert list(office.sink().check()) == []
    office.api.folders = []
    assert [each.code for each in office.sink().check()] == ["LedgerNotSetUp"]
    assert not transfers.has_ledger([])
