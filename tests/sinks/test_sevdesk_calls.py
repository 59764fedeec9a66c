from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.errors import DocumentRejected, NotFound, RefusedError, UnexpectedAnswer
from connector.sinks.sevdesk import Settings
from connector.sinks.sevdesk.calls import Calls, words_of_refusal
from tests.sinks.sevdesk_world import TOKEN, settings_for
from tests.standins import Asked, Said, Standin, serving
from tests.standins._sevdesk_texts import error
from tests.support.transports import transport_for


class Parrot:
    """Answers with what it was told."""

    def __init__(self) -> None:
        self.says: Callable[[Asked], Said] = lambda _: Said(200, {"objects": []})

    def answer(self, asked: Asked) -> Said:
        """Return the answer."""
        return self.says(asked)


@pytest.fixture
def server() -> Iterator[Standin]:
    """Yield a server that answers with what it was told."""
    with serving(Parrot()) as standin:
        yield standin


def calls(server: Standin) -> Calls:
    """Return calls of the server."""
    return Calls(Settings.model_validate(settings_for(server.url)), transport_for("sevdesk"))


def says(server: Standin, body: Any, status: int = 200) -> Calls:  # noqa: ANN401 - any JSON
    """Let the server say this; return calls of it."""
    server.api.says = lambda _: Said(status, body)
    return calls(server)


def test_the_token_goes_without_a_scheme_and_we_say_who_we_are(server: Standin) -> None:
    """As the vendor asks."""
    says(server, {"objects": {"version": "2.0"}}).get("Tools/bookkeepingSystemVersion")
    (asked,) = server.asked
    assert asked.path == "/api/v1/Tools/bookkeepingSystemVersion"
    assert (asked.headers["authorization"], asked.headers["user-agent"]) == (TOKEN, "Honorar")


@pytest.mark.parametrize("body", [[], {"object": 1}, "x", {"error": None}])
def test_an_answer_without_the_wrapper_is_not_understood(server: Standin, body: object) -> None:
    """Whatever it is."""
    with pytest.raises(UnexpectedAnswer):
        says(server, body).get("Contact")


@pytest.mark.parametrize(
    ("code", "kind"), [(151, NotFound), (390, RefusedError), (None, RefusedError)], ids=["missing", "other", "none"]
)
def test_an_error_within_status_200_is_an_error(server: Standin, code: int | None, kind: type[RefusedError]) -> None:
    """In the vendor's words, of a read and of a write."""
    server.api.says = lambda _: error(422, "Not so", code, as_status=200)
    with pytest.raises(kind, match="refused: Not so"):
        calls(server).get("Invoice/1")
    with pytest.raises(DocumentRejected, match="refused: Not so"):
        calls(server).send("PUT", "Invoice/1/sendBy", {})


def test_a_missing_record_is_not_found_whatever_the_status(server: Standin) -> None:
    """The documentation calls it a bad request; another refusal stays what it is."""
    with pytest.raises(NotFound):
        says(server, {"error": {"message": "Invoice was not found"}}, 400).one("Invoice/1")
    with pytest.raises(RefusedError) as caught:
        says(server, {"error": {"message": "No"}}, 409).one("Invoice/1")
    assert caught.value.status == 409


@pytest.mark.parametrize("objects", [[{"id": "7"}], {"id": 7}])
def test_one_record_comes_in_a_list_or_alone(server: Standin, objects: object) -> None:
    """Its id is text from then on."""
    assert says(server, {"objects": objects}).one("Invoice/7") == {"id": "7"}


@pytest.mark.parametrize("objects", [[], [None], None, [{"id": None}], [{"id": "seven"}], "x"])
def test_a_record_without_an_id_is_not_understood(server: Standin, objects: object) -> None:
    """Nothing is taken from it."""
    with pytest.raises(UnexpectedAnswer):
        says(server, {"objects": objects}).one("Invoice/7")


def test_a_list_is_read_page_by_page(server: Standin) -> None:
    """A full page is followed by another one, a short one is the last."""
    server.api.says = lambda asked: Said(
        200, {"objects": [{"id": n} for n in range(int(asked.value("offset")) + 1, 2001)][:1000]}
    )
    rows = list(calls(server).rows("Invoice", {"showAll": "true"}))
    assert (len(rows), rows[-1]) == (2000, {"id": "2000"})
    assert [(asked.value("offset"), asked.value("showAll")) for asked in server.asked] == [
        ("0", "true"),
        ("1000", "true"),
        ("2000", "true"),
    ]


def test_a_list_that_is_none_is_not_understood(server: Standin) -> None:
    """A single record is no list."""
    with pytest.raises(UnexpectedAnswer):
        list(says(server, {"objects": {"id": "1"}}).rows("Invoice"))


def test_a_list_without_an_end_is_given_up(server: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would never be read to its end."""
    monkeypatch.setattr("connector.sinks.sevdesk.calls.MOST_PAGES", 2)
    with pytest.raises(UnexpectedAnswer, match="longer than 2000 rows"):
        list(says(server, {"objects": [{"id": 1}] * 1000}).rows("Invoice"))


def test_a_write_may_be_answered_by_nothing(server: Standin) -> None:
    """Or by what is no wrapper."""
    assert says(server, b"").send("PUT", "Invoice/1/enshrine") is None
    assert says(server, []).send("PUT", "Invoice/1/enshrine") is None


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"error": {"message": "Not so", "data": []}}, "Not so"),
        ({"error": {"message": "No", "data": {"missing information": ["a", "b"]}}}, "No: a, b"),
        ({"message": "Gone", "status": 400}, "Gone"),
        ({"error": "No"}, ""),
        ([], ""),
    ],
)
def test_refusals_are_told_in_the_vendors_words(answer: object, words: str) -> None:
    """With the fields it misses."""
    assert words_of_refusal(answer) == words


def test_settings_are_held_to_what_sevdesk_knows() -> None:
    """A tax rule for expenses is none of ours, and an e-invoice names how to pay."""
    good = settings_for("https://my.sevdesk.de")
    wrong: list[dict[str, Any]] = [
        {"tax_rules": {"S": "9"}},
        {"e_invoices_for": ["K1"]},
        {"url": "https://my.sevdesk.de/api/v1"},
        {"contact_person": 0},
        {"bookkeeping": "3.0"},
    ]
    for wishes in wrong:
        with pytest.raises(ValidationError):
            Settings.model_validate(good | wishes)
    assert Settings.model_validate(good).bookkeeping is None
