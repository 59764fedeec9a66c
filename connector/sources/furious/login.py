"""The token of the API: asked for with name and password, and asked for again when it has run out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from connector.core.errors import AuthenticationFailed, UnexpectedAnswer
from connector.http import Transport
from connector.redact import redact, register
from connector.sources.furious.settings import Settings

EARLIER_SECONDS = 60
"""A token is given up so long before it runs out, because our clock and the way there take time too."""


class Login:
    """Holds the current token. `proven` tells that it has worked: refused later, it may have run out."""

    def __init__(
        self, settings: Settings, transport: Transport, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._clock = clock
        self._token = ""
        self._until: float | None = None
        self.proven = False
        register(settings.password.get_secret_value())

    def headers(self) -> Mapping[str, str]:
        """Return the header that lets a call in; logs in first if there is no token, or none that still holds."""
        if not self._token or (self._until is not None and self._clock() >= self._until):
            self.renew()
        return {"F-Auth-Token": self._token}

    def renew(self) -> None:
        """Log in anew; AuthenticationFailed if name or password are refused."""
        settings = self._settings
        data = {"username": settings.username, "password": settings.password.get_secret_value()}
        # The answer holds the token, so it is not kept.
        answer = self._transport.ask_json(
            f"{settings.base}/auth/", body={"action": "auth", "data": data}, refusal=words_of_refusal, keep=False
        )
        place = f"{self._transport.name}: {settings.base}"
        token = answer.get("token") if isinstance(answer, dict) and answer.get("success") is True else None
        if not isinstance(token, str) or not token:
            raise _not_let_in(answer, place)
        register(token)
        self._token, self.proven = token, False
        self._until = _end(self._clock(), answer.get("expires_in"))


def _end(now: float, expires_in: object) -> float | None:
    """Return when to renew; None where the answer does not say: then a refusal tells."""
    seconds = str(expires_in)
    return now + max(0, int(seconds) - EARLIER_SECONDS) if seconds.isascii() and seconds.isdigit() else None


def _not_let_in(answer: object, place: str) -> AuthenticationFailed | UnexpectedAnswer:
    if isinstance(answer, dict) and answer.get("success") is False:
        words = redact(words_of_refusal(answer))
        message = f"user name or password is not accepted{': ' if words else ''}{words}"
        return AuthenticationFailed(message, place=place, hint="check both; may this user use the API?")
    return UnexpectedAnswer(
        "the log-in gave no token", place=place, hint="is this a Furious, and is the address right?"
    )


def words_of_refusal(answer: Any) -> str:  # noqa: ANN401 - JSON
    """Return Furious' own words: `message` or `errors`, a text or a list of them; '' for none."""
    if not isinstance(answer, dict):
        return ""
    words = answer.get("message") or answer.get("errors") or ""
    return "; ".join(map(str, words)) if isinstance(words, list) else str(words)
