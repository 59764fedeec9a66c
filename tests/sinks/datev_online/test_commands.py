"""The log-in and the hand-over as commands, against the stand-in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.sinks.datev_online.world import KEY, visiting
from tests.standins import datev_online, serving
from tests.support.commands import honorar
from tests.support.small_tenant import small_tenant
from tests.support.transports import let_nobody_wait

SINK = """\
[sink]
type = "datev_online"
consultant_number = 29098
client_number = 55003
chart = "03"
directory = "out"
client_id = "app-1"
login_key = {{ env = "LOGIN_KEY" }}
wait_seconds = 60
url = "{url}"
"""


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the key of the log-in, and let nobody wait."""
    monkeypatch.setenv("LOGIN_KEY", KEY)
    let_nobody_wait(monkeypatch)


def tenant(folder: Path, url: str, language: str = "en") -> Path:
    """Return a small tenant that hands over to the stand-in."""
    small_tenant(folder)
    path = folder / "connector.toml"
    text = path.read_text(encoding="utf-8").replace('language = "en"', f'language = "{language}"')
    path.write_text(re.sub(r"\[sink\].*", lambda _: SINK.format(url=url), text, flags=re.DOTALL), encoding="utf-8")
    return folder


@pytest.mark.usefixtures("secret")
def test_log_in_check_run_and_status(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person logs in once; from then on runs hand over by themselves, and each document lies there once."""
    api = datev_online.api(retry_after=1)
    with serving(api) as standin:
        folder = tenant(tmp_path / "agency", standin.url)
        missing = honorar("--config", folder, "check", "--json")
        assert (missing.code, [each["code"] for each in missing.json["problems"]]) == (2, ["LoginMissing"])

        with visiting(api.consent) as show:
            monkeypatch.setattr("webbrowser.open", show)
            logged_in = honorar("--config", folder, "login", "datev_online")
        assert logged_in.code == 0
        assert f"Log in here: {standin.url}/openid/authorize?" in logged_in.out
        assert "Logged in until 20" in logged_in.out
        assert honorar("--config", folder, "check", "--json").json["problems"] == []

        ran = honorar("--config", folder, "run", "--as-of", "2026-01-31", "--json")
        again = honorar("--config", folder, "run", "--as-of", "2026-01-31", "--json")
        status = honorar("--config", folder, "status", "--json")
    assert (ran.code, again.json["documents"], again.json["files"]) == (0, [], [])
    assert [each["code"] for each in ran.json["problems"]] == ["ReceivedNotBooked"] * 2
    assert [reference.split()[1] for reference in api.received()] == [
        "EXTF_Debitoren_2026-01_0001.csv",
        "EXTF_Buchungsstapel_2026-01_0001.csv",
    ]
    assert status.json["problems"] == []
    assert status.json["documents"] == {"accepted": 2}


@pytest.mark.usefixtures("secret")
def test_without_a_browser_the_address_is_only_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a server: with --json it goes to standard error, so that the outcome can be read by a program."""
    api = datev_online.api()
    with serving(api) as standin, visiting(api.consent) as show:
        folder = tenant(tmp_path / "agency", standin.url)
        monkeypatch.setattr("click.echo", shown_to(show))
        monkeypatch.setattr("webbrowser.open", lambda _: pytest.fail("no browser was asked for"))
        ran = honorar("--config", folder, "login", "datev_online", "--no-browser", "--json")
    assert ran.code == 0


def shown_to(show: object) -> object:
    """Return a terminal of which the address is read."""

    def echo(text: str = "", *, err: bool = False) -> None:
        if err and callable(show):
            show(text)

    return echo


@pytest.mark.usefixtures("secret")
def test_who_takes_no_log_in_is_told(tmp_path: Path) -> None:
    """With the name that was perhaps meant."""
    folder = tenant(tmp_path / "agency", "http://127.0.0.1:1")
    ran = honorar("--config", folder, "login", "datev-online")
    assert ran.code == 3
    assert "no source or sink 'datev-online' takes a log-in" in ran.err
    assert "datev_online" in ran.err


@pytest.mark.usefixtures("secret")
def test_people_read_of_the_log_in_in_their_language(tmp_path: Path) -> None:
    """In `check` and in `status`."""
    folder = tenant(tmp_path / "agency", "http://127.0.0.1:1", "de")
    for command in ("check", "status"):
        assert "Es hat sich noch niemand angemeldet." in honorar("--config", folder, command).out
