"""The log-in at DATEV: OAuth 2, authorization code with PKCE (RFC 6749, 7636, 8252), and tokens that rotate.

A refresh token is void once it was used. So it is used by one process at a time; that a renewal is begun is on the disk
before the call, and what came of it before the new token is used. What cannot be repaired is told: where a process died
between the two, DATEV has given out a token that nobody has, and a person has to log in again.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from connector.core.errors import (
    AuthenticationFailed,
    DocumentRejected,
    HonorarError,
    NotAllowed,
    OutcomeUnknown,
    Unavailable,
    UnexpectedAnswer,
)
from connector.http import Transport
from connector.http.loopback import listening
from connector.redact import register
from connector.sinks.datev_online.settings import Settings
from connector.vault import Login, Vault

LOG_IN = "log in: honorar login datev_online"

EARLY = timedelta(seconds=60)
"""An access token is renewed so long before its end, so that it holds until the call has arrived."""

OFFLINE, ONLINE = timedelta(days=730), timedelta(hours=11)
"""How long a refresh token holds where the answer does not say it (DATEV's developer portal)."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one log-in; `now` is the clock."""

    settings: Settings
    transport: Transport
    vault: Vault
    now: Callable[[], datetime]

    def access_token(self) -> str:
        """Return a token that holds; AuthenticationFailed where somebody has to log in first."""
        login = self._kept()
        if self._holds(login):
            return login.access_token
        with self.vault.alone():
            login = self._kept()  # another run may have been faster
            return login.access_token if self._holds(login) else self._renewed(login)

    def renewed(self, refused: str) -> str:
        """Return another token than the one that was refused."""
        with self.vault.alone():
            login = self._kept()
            return self._renewed(login) if login.access_token == refused else login.access_token

    def log_in(self, show: Callable[[str], None]) -> datetime:
        """Let a person log in at the address that `show` is given; return until when the log-in holds.

        Raises TimedOut where nobody does, NotAllowed where the consent is refused.
        """
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        register(verifier)
        with listening(self.settings.redirect_url) as loopback:
            show(self._address(loopback.url, state, verifier))
            answer = loopback.answer(state, self.settings.login_seconds)
            redirect = loopback.url
        if "code" not in answer:
            message = f"DATEV gave no consent: {answer.get('error', 'no reason given')}"
            raise NotAllowed(message, place=self.transport.name, hint="log in again, and agree")
        register(answer["code"])
        form = {"grant_type": "authorization_code", "code": answer["code"]}
        login = self._granted(self._ask(form | {"redirect_uri": redirect, "code_verifier": verifier}), None)
        with self.vault.alone():
            self.vault.write(login)
        return login.valid_until

    def _address(self, redirect: str, state: str, verifier: str) -> str:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect,
            "scope": self.settings.scopes,
            "state": state,
            "nonce": secrets.token_urlsafe(32),
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
            "enableWindowsSso": "true",
        }
        return f"{self.settings.login_page}?{urlencode(asked)}"

    def _kept(self) -> Login:
        login = self.vault.read()
        if login is None:
            message = "nobody has logged in at DATEV yet"
            raise AuthenticationFailed(message, place=self.transport.name, hint=LOG_IN)
        return login

    def _holds(self, login: Login) -> bool:
        return self.now() + EARLY < login.access_until

    def _renewed(self, login: Login) -> str:
        """Renew the log-in, which nobody else may use meanwhile; return the new access token."""
        self.vault.write(replace(login, renewing=True))
        try:
            answer = self._ask({"grant_type": "refresh_token", "refresh_token": login.refresh_token})
        except OutcomeUnknown as error:
            # The next run tries the old token: where DATEV never saw it used, it still holds.
            message = f"whether DATEV renewed the log-in is not known: {error.message}"
            raise Unavailable(message, place=self.transport.name) from None
        except HonorarError as error:
            self.vault.write(login)  # nothing was given out for it
            if isinstance(error, DocumentRejected | AuthenticationFailed):
                raise self._refused(login, error) from None
            raise
        renewed = self._granted(answer, login)
        self.vault.write(renewed)
        return renewed.access_token

    def _refused(self, login: Login, error: HonorarError) -> AuthenticationFailed:
        message = f"DATEV takes the log-in no longer: {error.message}"
        if login.renewing:
            message = "the log-in was being renewed when a run broke off, and the new one was lost with it"
        return AuthenticationFailed(message, place=self.transport.name, hint=LOG_IN)

    def _ask(self, form: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON, validated by whoever takes it
        """Return what the token page answers; asked once, because it voids what it is given."""
        settings, headers = self.settings, dict[str, str]()
        if settings.client_secret:
            pair = f"{settings.client_id}:{settings.client_secret.get_secret_value()}"
            headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        body = urlencode({"client_id": settings.client_id, **form}).encode()
        page = self.transport.send_file(
            "POST",
            settings.token_page,
            payload=body,
            content_type="application/x-www-form-urlencoded",
            headers=headers,
            refusal=words,
            keep=False,
        )
        return page.json

    def _granted(self, answer: Any, before: Login | None) -> Login:  # noqa: ANN401 - whatever came
        """Return the log-in that the answer grants; UnexpectedAnswer where it grants none."""
        now = self.now()
        match answer:
            case {"access_token": str(access), "expires_in": int(seconds)}:
                refresh = answer.get("refresh_token") or (before.refresh_token if before else "")
            case _:
                refresh = ""
        if not refresh:
            message = "the answer holds no tokens"
            raise UnexpectedAnswer(message, place=self.transport.name, hint=LOG_IN)
        return Login(refresh, self._end(answer, before, now), access, now + timedelta(seconds=seconds))

    def _end(self, answer: Mapping[str, Any], before: Login | None, now: datetime) -> datetime:
        """Return until when the refresh token holds; one that took another's place does not count as longer."""
        for name in ("refresh_token_expires_in", "refresh_expires_in"):
            if isinstance(seconds := answer.get(name), int) and seconds > 0:
                return now + timedelta(seconds=seconds)
        if before:
            return before.valid_until
        return now + (OFFLINE if self.settings.offline else ONLINE)


def words(answer: Any) -> str:  # noqa: ANN401 - whatever came
    """Return what the token page says is wrong."""
    match answer:
        case {"error": str(error), **rest}:
            return " – ".join(filter(None, (error, str(rest.get("error_description") or ""))))
    return ""
