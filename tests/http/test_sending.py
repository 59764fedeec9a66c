"""What is written over a connection: what may be sent again, what is unknown, and what is refused (domain 9.2)."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
import requests
import urllib3

from connector.core.errors import (
    AuthenticationFailed,
    ConfigError,
    DocumentRejected,
    HonorarError,
    Locked,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    RefusedError,
    Unavailable,
    UnexpectedAnswer,
)
from connector.http import Transport, calls
from tests.support.transports import MemoryInbox, transport_for
from tests.support.web import Answer, web

KEY = "fedcba9876543210"
MADE = Answer(201, b'{"id": "7", "total": 119.00}')
INVOICE = {"remark": "Größe – 1 €", "net": Decimal("1.10")}


def send(transport: Transport, url: str) -> object:
    """Send the invoice."""
    return transport.send_json("POST", f"{url}/invoices", body=INVOICE, headers={"Authorization": f"Bearer {KEY}"})


def test_json_goes_out_exactly_and_the_answer_comes_back() -> None:
    """The body is UTF-8 with decimals as numbers; the answer is kept under method and address."""
    inbox = MemoryInbox()
    transport = transport_for("sink", inbox=inbox)
    with web(MADE) as server:
        assert send(transport, server.url) == {"id": "7", "total": Decimal("119.00")}
    assert server.sent == [("POST", '{"remark":"Größe – 1 €","net":1.10}'.encode())]
    [(path, headers)] = server.asked
    assert (path, headers["Content-Type"]) == ("/invoices", "application/json; charset=utf-8")
    assert inbox.kept == [("sink", f"POST {server.url}/invoices", MADE.body)]


@pytest.mark.parametrize("body", [b"", b"\r\n"])
def test_an_empty_answer_is_none(body: bytes) -> None:
    """Some vendors answer a write with nothing at all; a write without a body has no content type."""
    transport = transport_for("sink")
    with web(Answer(200, body, {})) as server:
        assert transport.send_json("DELETE", f"{server.url}/drafts/7") is None
    assert server.sent == [("DELETE", b"")]
    assert "Content-Type" not in server.asked[0][1]


def test_an_answer_with_secrets_is_not_kept() -> None:
    """`keep = False` leaves the inbox alone, for whatever is sent or asked."""
    inbox = MemoryInbox()
    transport = transport_for("sink", inbox=inbox)
    with web(*[MADE] * 3) as server:
        transport.send_json("POST", server.url, body={}, keep=False)
        transport.send_file("PUT", server.url, payload=b"", content_type="text/csv", keep=False)
        transport.ask_json(server.url, body={}, keep=False)
    assert inbox.kept == []


def test_a_content_type_of_the_vendors_goes_before_ours() -> None:
    """Some want their own kind of JSON."""
    with web(MADE) as server:
        transport_for("sink").send_json(
            "PATCH", server.url, body={"a": None}, headers={"content-type": "application/merge-patch+json"}
        )
    [(_, headers)] = server.asked
    assert [value for name, value in headers.items() if name.lower() == "content-type"] == [
        "application/merge-patch+json"
    ]
    assert server.sent == [("PATCH", b'{"a":null}')]


LOST = {
    "answer lost after it was taken": Answer(lost=True),
    "connection reset": Answer(reset=True),
    "half an answer": Answer(201, b'{"id"', announced_bytes=500),
    "half of the JSON": Answer(201, b'{"id": "7', {}),
    "a page for people": Answer(200, b"<html>", {"Content-Type": "text/html"}),
    "an answer packed wrongly": Answer(headers={"Content-Encoding": "gzip"}),
    "500": Answer(500),
    "503": Answer(503, headers={"Retry-After": "1"}),
    "504": Answer(504),
    "408": Answer(408),
    "see other": Answer(303, headers={"Location": "/invoices/7"}),
    "found at an address that is none": Answer(302, headers={"Location": "http://[::1"}),
    "found at an address in no letters": Answer(302, headers={"Location": "/\xff\xfe"}),
}


@pytest.mark.parametrize("answer", LOST.values(), ids=LOST)
def test_what_may_have_arrived_is_unknown_and_never_sent_again(answer: Answer) -> None:
    """One attempt, whatever the answer that would come next."""
    transport = transport_for("sink")
    with web(answer, MADE) as server, pytest.raises(OutcomeUnknown) as caught:
        send(transport, server.url)
    assert transport.requests == 1
    assert caught.value.place == f"sink: POST {server.url}/invoices"
    assert KEY not in str(caught.value)


def test_an_answer_that_does_not_come_in_time_leaves_it_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The request had gone out in full."""
    monkeypatch.setattr(calls, "TIMEOUTS_SECONDS", (1, 0.05))
    transport = transport_for("sink")
    with web(Answer(after_seconds=0.3), MADE) as server, pytest.raises(OutcomeUnknown):
        send(transport, server.url)
    assert transport.requests == 1


def test_an_endless_answer_leaves_it_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes back without end may still mean that the invoice is there."""
    monkeypatch.setattr(calls, "LARGEST_BODY_BYTES", 1000)
    with web(Answer(201, b" " * 2000)) as server, pytest.raises(OutcomeUnknown, match="larger than"):
        send(transport_for("sink"), server.url)


class FullInbox(MemoryInbox):
    """An inbox whose store is in use."""

    def keep(self, source: str, place: str, payload: bytes) -> None:
        """Fail."""
        message = f"{source}, {place}: {len(payload)} bytes"
        raise Locked(message)


def test_an_answer_that_cannot_be_kept_leaves_it_unknown() -> None:
    """Our own fault after the vendor took it must not look as if nothing had been sent."""
    transport = Transport("sink", Path(), FullInbox())
    with web(MADE) as server, pytest.raises(OutcomeUnknown, match="taken"):
        send(transport, server.url)


def no_address(*_: object, **__: object) -> object:
    """Fail as the resolver does."""
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def no_way(*_: object, **__: object) -> object:
    """Fail as a connection does that nobody answers."""
    raise TimeoutError


@pytest.mark.parametrize(("function", "fail"), [("getaddrinfo", no_address), ("socket", no_way)])
def test_what_never_left_is_tried_again(
    function: str, fail: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that is not found and a connection that is not made in time: nothing was sent."""
    transport = transport_for("sink")
    monkeypatch.setattr(socket, function, fail)
    with pytest.raises(Unavailable):
        send(transport, "http://sink.example")
    assert transport.requests == 5


@pytest.mark.parametrize("proxied", [False, True])
def test_a_refused_connection_is_tried_again(*, proxied: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing listens, at the vendor's address or at the proxy's, nothing was taken."""
    with web() as server:
        pass
    url = server.url
    if proxied:
        monkeypatch.setenv("http_proxy", server.url)
        url = "http://sink.example"
    transport = transport_for("sink")
    with pytest.raises(Unavailable):
        send(transport, url)
    assert transport.requests == 5


def test_a_write_that_is_slowed_down_is_sent_again() -> None:
    """429 means that it was not taken."""
    transport = transport_for("sink")
    with web(Answer(429), Answer(429), MADE) as server:
        assert send(transport, server.url)
    assert [method for method, _ in server.sent] == ["POST"] * 3


REFUSALS = (
    (400, DocumentRejected),
    (401, AuthenticationFailed),
    (402, RefusedError),
    (403, NotAllowed),
    (404, NotFound),
    (405, RefusedError),
    (406, DocumentRejected),
    (409, DocumentRejected),
    (412, DocumentRejected),
    (413, DocumentRejected),
    (415, RefusedError),
    (422, DocumentRejected),
    (301, UnexpectedAnswer),
    (307, UnexpectedAnswer),
    (308, UnexpectedAnswer),
)


def words(answer: Sequence[str]) -> str:
    """Return the words of a refusal that is a list."""
    return "; ".join(answer)


@pytest.mark.parametrize(("status", "error"), REFUSALS)
def test_a_refused_write_says_status_and_words(status: int, error: type[RefusedError]) -> None:
    """What was sent is rejected, or the sender refused; either way nothing was taken, and it is not sent again."""
    transport = transport_for("sink")
    with web(Answer(status, b'["Netto fehlt"]'), MADE) as server, pytest.raises(RefusedError) as caught:
        transport.send_json("PUT", server.url, body=[], refusal=words)
    assert type(caught.value) is error
    assert caught.value.status == status
    assert ("Netto fehlt" in caught.value.message) == (status >= 400)
    assert transport.requests == 1


def failing(error: Exception) -> Callable[..., object]:
    """Return a function that raises the error."""

    def fail(*_: object, **__: object) -> object:
        raise error

    return fail


def test_a_certificate_that_is_not_trusted_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection ends before anything is sent; waiting does not cure it."""
    reason = urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed certificate"))
    wrapped = urllib3.exceptions.MaxRetryError(urllib3.HTTPSConnectionPool("sink.example"), "/", reason)
    monkeypatch.setattr(requests.Session, "request", failing(requests.exceptions.SSLError(wrapped)))
    with pytest.raises(RefusedError, match="certificate"):
        send(transport_for("sink"), "https://sink.example")


def test_encryption_that_breaks_off_leaves_it_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same class of error, but it may come after the request."""
    broken = requests.exceptions.SSLError(ssl.SSLError("decryption failed or bad record mac"))
    monkeypatch.setattr(requests.Session, "request", failing(broken))
    with pytest.raises(OutcomeUnknown):
        send(transport_for("sink"), "https://sink.example")


@pytest.mark.parametrize(("url", "key"), [("sink.example", KEY), ("http://127.0.0.1", "line\nbreak"), ("ftp://x", KEY)])
def test_what_cannot_be_sent_is_a_fault_of_the_configuration(url: str, key: str) -> None:
    """An address or key with typing errors never leaves."""
    with pytest.raises(ConfigError) as caught:
        transport_for("sink").send_json("POST", url, body={}, headers={"X-API-Key": key})
    assert key not in str(caught.value)


def test_writes_do_not_use_a_connection_that_was_kept_open() -> None:
    """One that the vendor closes while it lies idle would leave the outcome of a write unknown."""
    opened: list[requests.Session] = []
    transport = transport_for("sink")
    with web(*[MADE] * 3) as server, pytest.MonkeyPatch.context() as patch:
        new = calls._new_session  # noqa: SLF001 - sessions are counted

        def counted() -> requests.Session:
            opened.append(new())
            return opened[-1]

        patch.setattr(calls, "_new_session", counted)
        transport.get_json(server.url)
        transport.get_json(server.url)
        send(transport, server.url)
        assert len(opened) == 2


def test_a_question_by_post_is_tried_like_a_read() -> None:
    """A query changes nothing over there: asked again after a fault, its answer kept."""
    inbox = MemoryInbox()
    transport = transport_for("tool", inbox=inbox)
    with web(Answer(500), Answer(lost=True), MADE) as server:
        assert transport.ask_json(f"{server.url}/query", body={"limit": 10}) == {"id": "7", "total": Decimal("119.00")}
    assert server.sent == [("POST", b'{"limit":10}')] * 3
    assert inbox.kept == [("tool", f"POST {server.url}/query", MADE.body)]


def test_a_log_in_may_be_a_form() -> None:
    """Bytes go out as they are, under the content type that is named."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    with web(MADE) as server:
        transport_for("tool").ask_json(server.url, body=b"grant_type=refresh_token", headers=form)
    assert server.sent == [("POST", b"grant_type=refresh_token")]
    assert server.asked[0][1]["Content-Type"] == form["Content-Type"]


@pytest.mark.parametrize("status", [400, 403, 409, 500])
def test_a_password_in_a_body_does_not_come_back_in_a_message(status: int) -> None:
    """A vendor that repeats what it was sent does not make us print it."""
    body = {"user": "anna", "password": "sehr geheimes Wort"}
    transport = transport_for("tool")
    repeating = Answer(status, b'["sehr geheimes Wort ist falsch"]')
    with web(*[repeating] * 5) as server, pytest.raises(HonorarError) as asked:
        transport.ask_json(server.url, body=body, refusal=words)
    assert "geheimes" not in str(asked.value)


def test_pages_come_with_their_headers() -> None:
    """Where a vendor pages by headers, they are found in whatever case it writes them."""
    headers = {"x-PAGE": "2", "Content-Type": "application/json"}
    with web(Answer(body=b"[1.5]", headers=headers)) as server:
        page = transport_for("tool").get_page(server.url, params={"page": 2})
    assert page.json == [Decimal("1.5")]
    assert page.headers["X-Page"] == "2"
    assert server.asked[0][0] == "/?page=2"


def test_a_file_goes_out_as_it_is() -> None:
    """Without a filename the bytes are the body; the answer may be headers alone."""
    with web(Answer(202, b"", {"Location": "/jobs/7"})) as server:
        page = transport_for("sink").send_file(
            "POST", server.url, payload=b"a;b\r\n", content_type="application/octet-stream", headers={"Filename": "b"}
        )
    assert (page.json, page.headers["location"]) == (None, "/jobs/7")
    assert server.sent == [("POST", b"a;b\r\n")]
    assert server.asked[0][1]["Content-Type"] == "application/octet-stream"


def test_a_file_with_a_name_goes_out_in_a_form() -> None:
    """The texts stand before the file; the same file makes the same bytes every time."""
    with web(MADE, MADE) as server:
        for _ in range(2):
            transport_for("sink").send_file(
                "PUT", server.url, payload=b"%PDF", content_type="application/pdf", filename="Übersicht.pdf",
                field="document", form={"type": "invoice"},
            )  # fmt: skip
    (method, body), again = server.sent
    kind = server.asked[0][1]["Content-Type"]
    assert (method, body) == again
    lines = body.decode().split("\r\n")
    assert f"--{kind.partition('boundary=')[2]}" == lines[0]
    assert kind.startswith("multipart/form-data; ")
    assert lines[1:4] == ['Content-Disposition: form-data; name="type"', "", "invoice"]
    assert lines[5:9] == [
        'Content-Disposition: form-data; name="document"; filename="Übersicht.pdf"',
        "Content-Type: application/pdf",
        "",
        "%PDF",
    ]


def test_a_lost_answer_to_a_file_is_unknown() -> None:
    """Files are documents, too."""
    with web(Answer(lost=True), MADE) as server, pytest.raises(OutcomeUnknown):
        transport_for("sink").send_file("POST", server.url, payload=b"", content_type="text/csv")
    assert len(server.sent) == 1
