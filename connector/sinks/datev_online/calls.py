"""Calls of DATEV's services for one client: address, token, and what a refusal says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from connector.core.errors import AuthenticationFailed, UnexpectedAnswer
from connector.http import Lines, Page, Transport
from connector.sinks.datev_online.login import Tokens
from connector.sinks.datev_online.settings import Settings

EXTF = "accounting-extf-files", "v3"
DOCUMENTS = "accounting-documents", "v2"
TRANSFERS = "accounting-dxso-jobs", "v2"
EXCHANGE = "accounting-data-exchange", "v1"

Service = tuple[str, str]
"""Name and version, as they stand in the address."""

Answer = TypeVar("Answer")

NO_HEADERS: Mapping[str, str] = {}


class Calls:
    """Reads and writes of one client; a token that is refused is renewed once."""

    def __init__(self, settings: Settings, transport: Transport, tokens: Tokens) -> None:
        self.settings = settings
        self.transport = transport
        self._tokens = tokens

    def page(self, service: Service, path: str, **params: str | int) -> Page:
        """Return JSON and headers of what is at the path of the client."""
        url = self._url(service, path)
        return self._authorised(
            lambda headers: self.transport.get_page(url, params=params, headers=headers, refusal=words)
        )

    def lines(self, service: Service, path: str, **params: str | int) -> Lines:
        """Return the lines of what is at the path of the client (NDJSON)."""
        url = self._url(service, path)
        return self._authorised(
            lambda headers: self.transport.get_lines(url, params=params, headers=headers, refusal=words)
        )

    def send(self, method: str, service: Service, path: str, body: Any, content_type: str = "") -> Any:  # noqa: ANN401 - JSON, both ways
        """Change something, and return the answer; DocumentRejected in DATEV's words, OutcomeUnknown if it is lost."""
        url, kind = self._url(service, path), {"Content-Type": content_type} if content_type else NO_HEADERS
        return self._authorised(
            lambda headers: self.transport.send_json(method, url, body=body, headers={**headers, **kind}, refusal=words)
        )

    def upload(
        self,
        method: str,
        service: Service,
        path: str,
        payload: bytes,
        content_type: str,
        *,
        headers: Mapping[str, str] = NO_HEADERS,
        form: Mapping[str, str] = NO_HEADERS,
        filename: str = "",
        field: str = "file",
    ) -> Page:
        """Send bytes; else like `send`."""
        url = self._url(service, path)
        return self._authorised(
            lambda own: self.transport.send_file(
                method,
                url,
                payload=payload,
                content_type=content_type,
                filename=filename,
                field=field,
                form=form,
                headers={**own, **headers},
                refusal=words,
            )
        )

    def not_understood(self, path: str) -> UnexpectedAnswer:
        """Return the error of an answer that lacks what the documents promise."""
        message = "the answer is not what is documented"
        return UnexpectedAnswer(message, place=f"{self.transport.name}: {path}")

    def _url(self, service: Service, path: str) -> str:
        return f"{self.settings.service(*service)}/clients/{self.settings.client}/{path}".rstrip("/")

    def _authorised(self, call: Callable[[Mapping[str, str]], Answer]) -> Answer:
        """Make the call; where its token is refused nothing was done, so it is made once more with another."""
        token = self._tokens.access_token()
        try:
            return call(self._headers(token))
        except AuthenticationFailed:
            return call(self._headers(self._tokens.renewed(token)))

    def _headers(self, token: str) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {token}", "X-DATEV-Client-Id": self.settings.client_id}


def words(answer: Any) -> str:  # noqa: ANN401 - whatever came
    """Return what is wrong in DATEV's words, from either form of its errors."""
    match answer:
        case {"title": str()}:
            return explained(answer)
        case {"error": str(error), **rest}:
            return " ".join(filter(None, (error, str(rest.get("error_description") or ""))))
    return ""


def explained(problem: Mapping[str, Any]) -> str:
    """Return title, detail and affected elements of a problem as one sentence."""
    elements = problem.get("affected_elements") or ()
    named = [f"{each.get('name', '')}: {each.get('reason', '')}" for each in elements if isinstance(each, dict)]
    parts = (str(problem.get("title") or ""), str(problem.get("detail") or ""), "; ".join(named))
    return " – ".join(filter(None, parts))
