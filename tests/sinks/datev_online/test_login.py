from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from connector import vault
from connector.core.errors import (
    AuthenticationFailed,
    DocumentRejected,
    HonorarError,
    NotAllowed,
    RefusedError,
    TemporaryError,
    TimedOut,
    Unavailable,
    UnexpectedAnswer,
)
from connector.core.login import LoginAdapter
from connector.redact import redact
from connector.sinks.datev_online.login import Tokens
from tests.sinks.datev_online.world import MORNING, Office, visiting
from tests.standins import Fault, Said

TWO_YEARS = MORNING + timedelta(days=730)
AN_HOUR = timedelta(hours=1)


def tokens(office: Office) -> Tokens:
    """Return the tokens of a process that has just begun."""
    return office.sink().tokens


def is_token(asked: object) -> bool:
    """Tell whether the token page was asked."""
    return getattr(asked, "path", "") == "/token"


def test_somebody_logs_in_and_calls_carry_the_token(stranger: Office) -> None:
    """The consent comes back to this machine, the code becomes tokens, and the log-in holds for two years."""
    assert isinstance(stranger.sink(), LoginAdapter)
    assert stranger.log_in() == TWO_YEARS
    token = tokens(stranger).access_token()
    assert token in stranger.api.access
    assert stranger.standin.calls("POST", "/token") == 1
    assert [problem.code for problem in stranger.sink().check()] == []


def test_what_is_asked_for_is_the_least(stranger: Office) -> None:
    """One scope for the way chosen, a challenge of which the verifier stays here, and no secret in the address."""
    stranger.log_in()
    [asked] = stranger.api.consents
    assert asked["scope"] == "openid datev:accounting:extf-files-import offline_access datev:iam:client:29098-55003"
    assert len(asked["code_challenge"]) == 43
    assert urlsplit(asked["redirect_uri"]).hostname == "127.0.0.1"
    assert urlsplit(asked["redirect_uri"]).port != 0


@pytest.mark.parametrize(
    ("way", "scopes"),
    [
        ("extf", "openid datev:accounting:extf-files-import"),
        ("ledger", "openid accounting:dxso-jobs accounting:clients:read"),
    ],
)
def test_other_ways_ask_for_other_scopes(stranger: Office, way: str, scopes: str) -> None:
    """Without offline access a log-in holds for eleven hours."""
    assert stranger.log_in(way=way, offline=False) == MORNING + timedelta(hours=11)
    assert [granted for _, granted in stranger.api.access.values()] == [scopes]


def test_an_application_with_a_secret_names_it(stranger: Office) -> None:
    """As Basic authorisation, which no message shows."""
    stranger.api.client_secret = "sesame-4711"  # noqa: S105 - a stand-in's
    with pytest.raises(AuthenticationFailed, match="invalid_client"):
        stranger.log_in()
    assert stranger.log_in(client_secret="sesame-4711") == TWO_YEARS  # noqa: S106 - a stand-in's


def test_the_answer_may_say_how_long_the_log_in_holds(stranger: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """What DATEV says counts."""
    answer = stranger.api.answer
    monkeypatch.setattr(stranger.api, "answer", lambda asked: told(answer(asked), refresh_token_expires_in=3600))
    assert stranger.log_in() == MORNING + AN_HOUR


def told(said: Said, **more: object) -> Said:
    """Return the answer with more in it."""
    return Said(said.status, said.body | more)


def test_who_does_not_agree_is_believed(stranger: Office) -> None:
    """The reason is told, and nothing is kept."""

    def refusing(address: str) -> str:
        state = dict(parse_qsl(urlsplit(address).query))["state"]
        redirect = dict(parse_qsl(urlsplit(address).query))["redirect_uri"]
        return f"{redirect}?error=access_denied&state={state}"

    with pytest.raises(NotAllowed, match="access_denied"), visiting(refusing) as show:
        stranger.sink().log_in(show)
    assert [problem.code for problem in stranger.sink().check()] == ["LoginMissing"]


def test_a_code_with_a_foreign_state_is_turned_away(stranger: Office) -> None:
    """Any page could call the address; the visit with the right state still counts."""
    answers: list[int] = []
    visits: list[threading.Thread] = []

    def visit(address: str) -> None:
        with suppress(requests.ConnectionError):  # it may come after the door is closed
            answers.append(requests.get(address, timeout=5).status_code)

    def twice(address: str) -> str:
        visits.append(threading.Thread(target=visit, args=(stranger.api.consent(address, state="0" * 43),)))
        visits[-1].start()
        return stranger.api.consent(address)

    with visiting(twice) as show:
        assert stranger.sink().log_in(show) == TWO_YEARS
    for each in visits:
        each.join()
    assert answers in ([400], [])


def test_a_log_in_nobody_comes_for_ends(stranger: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the seconds of the setting."""
    monkeypatch.setattr("connector.http.loopback.PAUSE_SECONDS", 0.001)
    clock = iter(range(1000))
    monkeypatch.setattr("connector.sinks.datev_online.login.listening", ticking(clock))
    with pytest.raises(TimedOut, match="within 10 seconds"):
        stranger.sink(login_seconds=10).log_in(lambda _: None)


def ticking(clock: object) -> object:
    """Return a door whose clock moves with every look at it."""
    from connector.http.loopback import listening  # noqa: PLC0415 - the one that is replaced

    return lambda url: listening(url, lambda: next(clock))  # type: ignore[call-overload]


def test_a_code_that_is_void_ends_the_log_in(stranger: Office) -> None:
    """Somebody was faster, or the verifier is not ours."""

    def used(address: str) -> str:
        where = stranger.api.consent(address)
        stranger.api.codes.clear()
        return where

    with pytest.raises(DocumentRejected, match="invalid_grant"), visiting(used) as show:
        stranger.sink().log_in(show)


@pytest.mark.parametrize("body", [{}, {"access_token": "x"}, [], {"access_token": "x", "expires_in": 900}])
def test_an_answer_without_tokens_is_no_log_in(stranger: Office, monkeypatch: pytest.MonkeyPatch, body: object) -> None:
    """Nothing is kept of it."""
    monkeypatch.setattr(stranger.api, "_granted", lambda _: Said(200, body))
    with pytest.raises(UnexpectedAnswer, match="no tokens"):
        stranger.log_in()


def test_without_a_log_in_nothing_is_called(stranger: Office) -> None:
    """It says what to type."""
    with pytest.raises(AuthenticationFailed, match="nobody has logged in") as caught:
        tokens(stranger).access_token()
    assert caught.value.hint == "log in: honorar login datev_online"
    assert stranger.standin.asked == []


def test_a_token_is_used_until_shortly_before_its_end(office: Office) -> None:
    """Then it is renewed; the old refresh token is void, the new one is kept."""
    first = tokens(office).access_token()
    office.clock.moment += timedelta(seconds=830)
    assert tokens(office).access_token() == first
    office.clock.moment += timedelta(seconds=20)
    second = tokens(office).access_token()
    assert second != first
    office.clock.moment += AN_HOUR
    assert tokens(office).access_token() != second
    assert office.standin.calls("POST", "/token") == 2
    assert tokens(office).vault.valid_until() == TWO_YEARS


def test_a_renewal_that_brings_no_refresh_token_keeps_the_old_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where tokens do not rotate."""
    monkeypatch.setattr(office.api, "_granted", lambda _: Said(200, {"access_token": "again", "expires_in": 900}))
    before = tokens(office).vault.read()
    office.clock.moment += AN_HOUR
    tokens(office).access_token()
    after = tokens(office).vault.read()
    assert before
    assert after
    assert (after.refresh_token, after.access_token) == (before.refresh_token, "again")


def test_two_runs_at_once_renew_once(office: Office) -> None:
    """The second waits, finds the new token, and uses it: the old refresh token would be void."""
    office.clock.moment += AN_HOUR
    found: list[str] = []
    runs = [threading.Thread(target=lambda: found.append(tokens(office).access_token())) for _ in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert office.standin.calls("POST", "/token") == 1


def test_a_run_that_waits_too_long_leaves(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one may hang."""
    monkeypatch.setattr(vault, "LOCK_WAIT_SECONDS", 0)
    office.clock.moment += AN_HOUR
    with tokens(office).vault.alone(), pytest.raises(TemporaryError, match="another run is renewing"):
        tokens(office).access_token()


def test_a_token_that_is_refused_is_renewed_once(office: Office) -> None:
    """DATEV may void a token before its time; the call is made again, which the refusal allows."""
    office.api.access.clear()
    assert [problem.code for problem in office.sink().check()] == []
    assert office.standin.calls("POST", "/token") == 1


def test_a_refused_token_that_another_run_has_renewed_is_not_renewed_again(office: Office) -> None:
    """It is only read."""
    old = tokens(office).access_token()
    new = tokens(office).renewed(old)
    assert tokens(office).renewed(old) == new
    assert office.standin.calls("POST", "/token") == 1


@pytest.mark.parametrize("fault", [Fault.RESET_BEFORE, Fault.SERVER_ERROR])
def test_a_renewal_that_did_not_arrive_is_made_by_the_next_run(office: Office, fault: Fault) -> None:
    """Whether it did is not known here; the old token is tried, and holds."""
    office.clock.moment += AN_HOUR
    office.standin.fail(fault, is_token)
    with pytest.raises(Unavailable, match="not known"):
        tokens(office).access_token()
    assert tokens(office).access_token() in office.api.access


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GATEWAY_TIMEOUT, Fault.TRUNCATED])
def test_a_renewal_whose_answer_is_lost_asks_for_a_new_log_in(office: Office, fault: Fault) -> None:
    """DATEV gave out a token that nobody has: the next run says so, and a log-in mends it."""
    office.clock.moment += AN_HOUR
    office.standin.fail(fault, is_token)
    with pytest.raises(Unavailable, match="not known"):
        tokens(office).access_token()
    with pytest.raises(AuthenticationFailed, match="a run broke off") as caught:
        tokens(office).access_token()
    assert caught.value.hint == "log in: honorar login datev_online"
    office.log_in()
    assert tokens(office).access_token() in office.api.access


def test_a_renewal_that_the_limit_turns_away_changes_nothing(office: Office) -> None:
    """It provably was not made; the next run makes it, without a doubt about the token."""
    office.clock.moment += AN_HOUR
    office.standin.fail(Fault.TOO_MANY, is_token, times=2)
    with pytest.raises(TemporaryError, match="too many requests"):
        tokens(office).access_token()
    login = tokens(office).vault.read()
    assert login
    assert not login.renewing
    assert tokens(office).access_token() in office.api.access


def test_a_log_in_that_was_taken_back_is_told(office: Office) -> None:
    """A person may withdraw the consent at DATEV."""
    office.api.refresh.clear()
    office.clock.moment += AN_HOUR
    for _ in range(2):  # the second run knows no other reason than the first
        with pytest.raises(AuthenticationFailed, match=r"DATEV takes the log-in no longer.*invalid_grant"):
            tokens(office).access_token()


def test_a_renewal_that_is_forbidden_changes_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy may be in the way: once it is gone, the log-in holds as before."""
    office.clock.moment += AN_HOUR
    with monkeypatch.context() as patch:
        patch.setattr(office.api, "answer", lambda _: Said(403))
        with pytest.raises(NotAllowed):
            tokens(office).access_token()
    login = tokens(office).vault.read()
    assert login
    assert not login.renewing
    assert tokens(office).access_token() in office.api.access


@pytest.mark.parametrize("place", [0, 1])
def test_killed_while_renewing_the_next_run_goes_on_or_says_why_not(
    office: Office, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """Before the call, the old token holds; after it, the new one is lost, and nothing says otherwise."""

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    office.clock.moment += AN_HOUR
    dying = tokens(office)
    with monkeypatch.context() as patch:
        patch.setattr(Tokens, ("_ask", "_granted")[place], die)
        with pytest.raises(Killed):
            dying.access_token()
    if place == 0:
        assert tokens(office).access_token() in office.api.access
    else:
        with pytest.raises(AuthenticationFailed, match="a run broke off"):
            tokens(office).access_token()


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (TWO_YEARS - timedelta(days=15), []),
        (TWO_YEARS - timedelta(days=14), ["LoginEnds"]),
        (TWO_YEARS, ["LoginEnded"]),
    ],
)
def test_the_end_of_a_log_in_is_told_two_weeks_ahead(office: Office, at: datetime, expected: list[str]) -> None:
    """Without a call, a key or a token."""
    blind = office.sink(login_key="not-resolved")
    assert [notice.code for notice in blind.login_notices(at)] == expected
    assert office.standin.asked == []


def test_no_token_stands_anywhere_in_clear(office: Office) -> None:
    """Not in the folder, not in the inbox, not in messages, not in what is printed of values."""
    office.clock.moment += AN_HOUR
    tokens(office).access_token()
    login = tokens(office).vault.read()
    assert login
    secrets = [*office.api.access, *office.api.refresh, login.refresh_token]
    texts = [path.read_text() for path in office.folder.rglob("*") if path.is_file()]
    texts += [str(office.inbox.kept), repr(login), repr(office.sink()), redact(f"it was {login.refresh_token}")]
    assert not [secret for secret in secrets for text in texts if secret in text]


def test_the_file_of_the_log_in_is_for_its_owner(office: Office) -> None:
    """Even sealed, nobody else needs it."""
    path: Path = tokens(office).vault.path
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_log_in_made_with_another_key_is_told(office: Office) -> None:
    """A key that changed opens nothing; a key that is none is told how to make one."""
    other = "x" * 43 + "="
    with pytest.raises(HonorarError, match="does not open with this key"):
        office.sink(login_key=other).tokens.access_token()
    with pytest.raises(HonorarError, match="no Fernet key"):
        office.sink(login_key="short").tokens.access_token()


def test_a_file_that_is_no_log_in_is_told(office: Office) -> None:
    """It is not taken for a missing one, which would hide that it was damaged."""
    path = tokens(office).vault.path
    for content in ("{", "[]", '{"sealed": ""}'):
        path.write_text(content)
        with pytest.raises(RefusedError, match="cannot be read"):
            tokens(office).access_token()


def test_the_port_may_be_fixed_and_taken(stranger: Office) -> None:
    """A port that another program listens on is told by its number."""
    port = int(stranger.standin.url.rpartition(":")[2])
    with pytest.raises(RefusedError, match=f"port {port} of this machine"):
        stranger.sink(redirect_url=f"http://localhost:{port}/datev").log_in(lambda _: None)


def test_tokens_are_values(office: Office) -> None:
    """A process can be given another clock."""
    later = replace(tokens(office), now=lambda: TWO_YEARS)
    assert later.now() == TWO_YEARS
