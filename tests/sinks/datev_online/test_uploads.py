"""What becomes of the files of an export, whatever happens on the way: DATEV receives each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.core.booking import Booking
from connector.core.errors import (
    DocumentRejected,
    HonorarError,
    NotAllowed,
    RefusedError,
    TemporaryError,
    Unavailable,
    UnexpectedAnswer,
)
from connector.core.ports import BatchSink, Checkable, ExportResult
from connector.disk import replace_file
from connector.sinks.datev_online import uploads
from tests.datev.samples import booked, export
from tests.sinks.datev_online.world import SOON, Office, office_in
from tests.standins import Asked, Fault, Said
from tests.support.fate import Fate, Killed

DOCUMENTS = [booked("RE-1"), booked("RE-2", on=date(2026, 2, 1), debtor="10002")]

FILES = [
    "EXTF_Debitoren_2026-01_0001.csv",
    "EXTF_Buchungsstapel_2026-01_0001.csv",
    "EXTF_Debitoren_2026-02_0001.csv",
    "EXTF_Buchungsstapel_2026-02_0001.csv",
]

RECEIVED = [f"0123456789abcdef {name}" for name in FILES]

CALLS: dict[str, Callable[[Asked], bool]] = {
    "search": lambda asked: asked.path.endswith("/jobs"),
    "upload": lambda asked: asked.path.endswith("/import"),
    "result": lambda asked: "/jobs/" in asked.path,
}


@contextmanager
def answering(office: Office, call: str, bent: Callable[[Said], Said]) -> Iterator[None]:
    """Let DATEV answer the call otherwise than it did it."""
    answer = office.api.answer
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office.api, "answer", lambda asked: bent(answer(asked)) if CALLS[call](asked) else answer(asked))
        yield


def write(office: Office, documents: Sequence[Booking] = DOCUMENTS) -> ExportResult:
    """Write the export as a process that has just begun."""
    return office.sink().write(export(), documents)


def write_until_done(office: Office, most: int = 8) -> ExportResult:
    """Write the same export again and again, some minutes between, as the engine does while it is open."""
    for _ in range(most):
        office.clock.moment += SOON
        try:
            return write(office)
        except HonorarError:
            continue
    pytest.fail("it never came to an end")


def test_an_export_arrives_file_by_file(office: Office) -> None:
    """Debtors before documents; each is searched for once, sent once, and asked for at the pace DATEV names."""
    began = office.clock()
    result = write(office)
    assert office.api.received() == RECEIVED
    assert [Path(file).name for file in result.files] == FILES
    assert office.standin.calls("GET", "/platform/v3/clients/29098-55003/extf-files/jobs") == 1 + 2 * len(FILES)
    assert office.clock() - began == timedelta(seconds=2 * 5 * len(FILES))
    job = office.api.jobs[1]
    assert result.receipts[0].reference == f"EXTF_Buchungsstapel_2026-01_0001.csv, DATEV job {job['id']}"
    assert office.api.files[job["id"]] == Path(result.files[1]).read_bytes()


def test_received_is_not_booked(office: Office) -> None:
    """Every file's notice says so; nothing is held."""
    found = [each for each in write(office).notices if each.code == "ReceivedNotBooked"]
    assert [each.place for each in found] == FILES
    assert not any(each.holds for each in found)
    assert "it is not booked yet" in found[0].message


def test_the_sink_is_what_the_jobs_want(office: Office) -> None:
    """A sink of batches that can be checked; its numbers are ours."""
    sink = office.sink()
    assert isinstance(sink, BatchSink)
    assert isinstance(sink, Checkable)
    assert not sink.capabilities.numbers
    assert [each.code for each in sink.refusals(booked("RE 1"))] == ["DocumentNumberRefused"]


def test_a_second_writing_sends_nothing(office: Office) -> None:
    """The engine may have died before it recorded the end of the export."""
    first = write(office)
    office.standin.asked.clear()
    assert write(office) == first
    assert office.standin.asked == []


def test_what_was_sent_from_elsewhere_is_found(office: Office) -> None:
    """The folder with the notes was lost, or the run was on another machine: DATEV is searched before it is sent to."""
    write(office)
    for path in (office.folder / "out" / "datev").iterdir():
        path.unlink()
    write(office)
    assert office.api.received() == RECEIVED


def test_the_search_reads_every_page(office: Office) -> None:
    """DATEV lists a hundred jobs at a time, in an order it does not tell."""
    job = {"reference_id": "other", "filename": "x", "result": "succeeded", "timestamp": "2026-01-01T00:00:00Z"}
    write(office)
    office.api.jobs += [job | {"id": f"other-{number}"} for number in range(250)]
    office.api.jobs.reverse()
    for path in (office.folder / "out" / "datev").iterdir():
        path.unlink()
    write(office)
    assert len(office.api.jobs) == 250 + len(FILES)


def test_an_endless_list_is_not_read_for_ever(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever answers the same page again and again is not asked more than so often, and nothing is sent."""
    monkeypatch.setattr(uploads, "MOST_PAGES", 3)
    page = [{"id": str(number), "reference_id": "x"} for number in range(100)]
    with answering(office, "search", lambda _: Said(200, page)), pytest.raises(UnexpectedAnswer, match="never ends"):
        write(office)
    assert office.api.jobs == []


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_at_every_call(office: Office, fault: Fault, call: str, times: int) -> None:
    """After the next runs each file lies there once."""
    office.standin.slow_seconds = 0.001
    office.standin.fail(fault, CALLS[call], times)
    try:
        write(office)
    except HonorarError as error:
        assert isinstance(error, TemporaryError | UnexpectedAnswer)  # noqa: PT017 - either is right
        write_until_done(office)
    assert sorted(office.api.received()) == sorted(RECEIVED)
    assert write(office).files


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GATEWAY_TIMEOUT, Fault.RESET_BEFORE, Fault.SERVER_ERROR])
def test_a_lost_answer_is_not_sent_again_before_it_had_time_to_arrive(office: Office, fault: Fault) -> None:
    """Within five minutes it is only looked for; where it is found, it is not sent again."""
    office.standin.fail(fault, CALLS["upload"])
    with pytest.raises(Unavailable, match="whether DATEV has the file is not known") as caught:
        write(office)
    assert "searched for" in caught.value.hint
    office.clock.moment += timedelta(seconds=10)
    uploads_before = office.standin.calls("POST", "/platform")
    if fault in (Fault.ANSWER_LOST, Fault.GATEWAY_TIMEOUT):
        write(office)
    else:
        with pytest.raises(Unavailable, match="not known yet"):
            write(office)
        assert office.standin.calls("POST", "/platform") == uploads_before
        office.clock.moment += SOON
        write(office)
    assert office.api.received() == RECEIVED


def test_an_upload_that_arrives_late_is_waited_for(office: Office) -> None:
    """The gateway gave up, and the file came through minutes later: who sends at once would send twice."""
    late: list[Asked] = []

    def held_up(asked: Asked) -> bool:
        late.extend([asked] if CALLS["upload"](asked) else [])
        return CALLS["upload"](asked)

    office.standin.fail(Fault.SERVER_ERROR, held_up)
    with pytest.raises(Unavailable):
        write(office)
    office.clock.moment += timedelta(seconds=200)
    with pytest.raises(Unavailable, match="not known yet"):
        write(office)
    office.api.answer(late[0])
    office.clock.moment += SOON
    write(office)
    assert sorted(office.api.received()) == sorted(RECEIVED)


def test_a_job_that_takes_long_is_asked_for_by_the_next_run(office: Office) -> None:
    """Our patience ends, DATEV's work does not; nothing is sent a second time."""
    office.api.busy_for = 30
    with pytest.raises(Unavailable, match="DATEV is still looking at the file"):
        write(office)
    assert office.standin.calls("POST", "/platform") == 1
    office.api.busy_for = 1
    write_until_done(office)
    assert office.api.received() == RECEIVED


def test_patience_may_be_none(office: Office) -> None:
    """With wait_seconds = 0 a run sends, and the next ones ask."""
    office.wishes["wait_seconds"] = 0
    office.api.busy_for = 0
    with pytest.raises(Unavailable, match="still looking"):
        write(office)
    write_until_done(office)
    assert office.api.received() == RECEIVED


@pytest.mark.parametrize(
    ("code", "error", "words", "hint"),
    [
        ("1008833", DocumentRejected, "DATEV cannot read the file", "report it"),
        ("1008834", DocumentRejected, "the file's header does not fit the client", "consultant_number"),
        ("1008836", DocumentRejected, "DATEV found a virus", "viruses"),
        ("1008837", TemporaryError, "DATEV had a fault of its own", "next run"),
        ("1008838", NotAllowed, "the right to hand data over", "tax adviser"),
        ("1009999", DocumentRejected, "DATEV refuses the file", "tax adviser"),
    ],
)
def test_what_datev_finds_wrong_is_explained(
    office: Office, code: str, error: type[HonorarError], words: str, hint: str
) -> None:
    """Its five codes, and one it may add; the file is set aside, and once the cause is mended the next run sends it."""
    office.api.fails_with = code
    with pytest.raises(error, match=words) as caught:
        write(office)
    assert caught.value.place == FILES[0]
    assert hint in caught.value.hint
    assert f"({code} Told to fail – file: by the test)" in caught.value.message
    assert f"{FILES[0]}.refused" in office.out
    office.api.fails_with = ""
    write(office)
    assert office.api.received() == RECEIVED


def test_a_failure_without_details_is_told_all_the_same(office: Office) -> None:
    """DATEV leaves out what is null."""
    failed = Said(200, {"id": "x", "result": "failed"})
    with answering(office, "result", lambda _: failed), pytest.raises(DocumentRejected) as caught:
        write(office)
    assert caught.value.message == "DATEV refuses the file"


def test_a_file_that_was_refused_may_become_another_one(office: Office) -> None:
    """The client's number was wrong: with the right one the same export writes another file, and DATEV takes it."""
    office.api.client = "29098-55004"
    office.wishes["client_number"] = 55004
    office.log_in()
    office.api.fails_with = "1008834"
    with pytest.raises(DocumentRejected, match="header"):
        write(office)
    office.api.client = "29098-55003"
    office.api.fails_with = ""
    office.wishes.clear()
    write(office)
    assert office.api.received() == RECEIVED


def test_the_right_to_hand_over_may_end(office: Office) -> None:
    """It is the adviser who grants it."""
    office.api.permitted = False
    with pytest.raises(NotAllowed, match="1008838"):
        write(office)


def test_a_foreign_file_of_the_name_stops_it_before_anything_is_sent(office: Office) -> None:
    """As with files alone."""
    folder = office.folder / "out" / "datev"
    folder.mkdir(parents=True)
    (folder / FILES[0]).write_text("mine")
    with pytest.raises(RefusedError, match="left alone"):
        write(office)
    assert office.standin.asked == []


def test_faults_of_documents_stop_it_before_anything_is_written(office: Office) -> None:
    """All of them at once."""
    with pytest.raises(DocumentRejected, match="2 faults"):
        write(office, [booked("RE 1"), booked("RE 2")])
    assert not (office.folder / "out").exists()


def test_a_file_that_is_too_large_is_not_sent(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """DATEV takes 50 MB."""
    monkeypatch.setattr(uploads, "LARGEST_FILE", 100)
    with pytest.raises(DocumentRejected, match="50 MB") as caught:
        write(office)
    assert "max_rows" in caught.value.hint
    assert office.api.jobs == []


@pytest.mark.parametrize("body", [{}, [7], [{"filename": "x"}], None])
def test_a_list_that_is_none_stops_it(office: Office, body: object) -> None:
    """Without a list, nobody knows what is there, so nothing is sent."""
    with answering(office, "search", lambda _: Said(200, body)), pytest.raises(UnexpectedAnswer):
        write(office)
    assert office.api.jobs == []


def test_a_result_that_cannot_be_understood_is_asked_for_again(office: Office) -> None:
    """It is neither received nor refused."""
    nothing = answering(office, "result", lambda _: Said(200, {}))
    with nothing, pytest.raises(UnexpectedAnswer, match="not what is documented"):
        write(office)
    write(office)
    assert office.api.received() == RECEIVED


def test_an_upload_that_names_no_job_is_searched_for(office: Office) -> None:
    """It was taken; the next run finds it by its reference."""
    nameless = answering(office, "upload", lambda said: Said(said.status))
    with nameless, pytest.raises(Unavailable, match="names no job"):
        write(office)
    write(office)
    assert office.api.received() == RECEIVED


def test_a_pace_that_cannot_be_read_is_ours(office: Office) -> None:
    """Five seconds, as DATEV's own example says."""
    began = office.clock()
    with answering(office, "upload", lambda said: replace(said, headers={**said.headers, "Retry-After": "soon"})):
        write(office)
    assert office.clock() - began == timedelta(seconds=2 * 5 * len(FILES))


@contextmanager
def dying_at(place: int) -> Iterator[None]:
    """Let the process die at the place: before a request or its answer, before or after a note is written."""
    fate = Fate(place)

    def noted(path: Path, content: bytes) -> None:
        fate.here()
        replace_file(path, content)
        fate.here()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "request", fate.around(requests.Session.request))
        patch.setattr(uploads, "replace_file", noted)
        yield


def test_killed_at_any_place_the_next_run_finishes(tmp_path: Path) -> None:
    """Every file lies there once, whatever the moment."""
    place = -1
    while True:
        place += 1
        (tmp_path / str(place)).mkdir()
        with office_in(tmp_path / str(place)) as office:
            office.log_in()
            with suppress(Killed), dying_at(place):
                write(office, DOCUMENTS[:1])
                break
            for _ in range(2):
                office.clock.moment += SOON
                write(office, DOCUMENTS[:1])
            assert sorted(office.api.received()) == sorted(RECEIVED[:2]), f"killed at place {place}"
    assert place >= 20


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(list(Fault)), st.sampled_from(list(CALLS))),
        st.tuples(st.just("wait"), st.integers(1, 400)),
        st.tuples(st.just("refuse"), st.sampled_from(["1008837", ""])),
    ),
    max_size=10,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_whatever_happens_in_whatever_order(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[object, object]]
) -> None:
    """Runs, faults and failures of DATEV in any order: in the end each file was received once."""
    with office_in(tmp_path_factory.mktemp("office")) as office:
        office.standin.slow_seconds = 0.001
        office.log_in()
        for what, value in events:
            if isinstance(what, Fault):
                office.standin.fail(what, CALLS[str(value)])
            elif what == "wait":
                office.clock.sleep(int(str(value)))
            else:
                office.api.fails_with = str(value)
            try:
                write(office)
            except (TemporaryError, UnexpectedAnswer):
                continue
        office.api.fails_with = ""
        write_until_done(office, 12)
        assert sorted(office.api.received()) == sorted(RECEIVED)
