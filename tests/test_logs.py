from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest

from connector import logs, redact

CANARY = "s3cr3t-0123456789"
LOGGER = logging.getLogger("connector")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Leave the loggers as they were found."""
    handlers, level = LOGGER.handlers[:], LOGGER.level
    yield
    LOGGER.handlers[:] = handlers
    LOGGER.setLevel(level)


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return a secret that is known by its value, for this test alone."""
    monkeypatch.setattr(redact, "_registered", set())
    redact.register(CANARY)
    return CANARY


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Log something of every level and return the lines on standard error."""
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        logging.getLogger("connector.jobs").log(level, "as %s", logging.getLevelName(level))
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err.splitlines()


def test_as_text_only_errors_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    """As a person wants to read them: without time and level."""
    logs.set_up()
    assert said(capsys) == ["as ERROR"]


def test_verbose_tells_what_is_being_done(capsys: pytest.CaptureFixture[str]) -> None:
    """With time and level."""
    logs.set_up(verbose=True)
    info, warning, error = said(capsys)
    assert info.endswith(" INFO as INFO")
    assert warning.endswith(" WARNING as WARNING")
    assert error == "as ERROR"


def test_as_json_each_event_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    """With a time in UTC, level, logger and message; what is being done is in it unasked."""
    logs.set_up("json")
    events = [json.loads(line) for line in said(capsys)]

    assert [(event["level"], event["message"]) for event in events] == [
        ("info", "as INFO"),
        ("warning", "as WARNING"),
        ("error", "as ERROR"),
    ]
    assert {tuple(event) for event in events} == {("time", "level", "logger", "message")}
    assert {event["logger"] for event in events} == {"connector.jobs"}
    assert {str(datetime.fromisoformat(event["time"]).tzinfo) for event in events} == {"UTC"}


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_secrets_are_taken_out(capsys: pytest.CaptureFixture[str], secret: str, log_format: str) -> None:
    """Of arguments as well as of the message."""
    logs.set_up(log_format, verbose=True)
    logging.getLogger("connector.http").info("asked with %s", secret)
    logging.getLogger("connector.http").error("refused: %s", secret)

    told = capsys.readouterr().err
    assert secret not in told
    assert told.count("[redacted]") == 2


def test_what_went_wrong_is_told_piece_by_piece(capsys: pytest.CaptureFixture[str]) -> None:
    """Each message is an event; a percent sign in it means nothing."""
    logs.set_up()
    logs.tell("2 faults", "write 33 %s")
    assert capsys.readouterr().err == "2 faults\nwrite 33 %s\n"


def test_set_up_twice_tells_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The later form holds."""
    logs.set_up("json")
    logs.set_up("text")
    assert said(capsys) == ["as ERROR"]
