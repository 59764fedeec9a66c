"""Lists of Tryton are walked by id: nothing is lost or doubled, and what is not there is asked for by nobody."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from connector.core.errors import AuthenticationFailed, ConfigError, RefusedError, Unavailable, UnexpectedAnswer
from connector.sources.tryton import calls
from connector.sources.tryton.calls import Calls, words_of_refusal
from tests.sources.tryton_standin import StandIn, settings_of
from tests.standins.server import Asked, Said, Standin, serving
from tests.support.transports import transport_for


@contextmanager
def running(standin: StandIn, **settings: str) -> Iterator[tuple[Calls, Standin]]:
    """Yield the calls to the stand-in over a real connection."""
    with serving(standin) as server:
        yield Calls(settings_of(url=server.url, **settings), transport_for("tryton")), server


def parties(standin: StandIn, count: int) -> StandIn:
    """Return the stand-in with so many parties."""
    for number in range(2, count + 1):
        standin.add("party.party", name=f"Kunde {number}", code=f"K-{number}")
    return standin


def codes(found: Calls) -> list[str]:
    """Return the codes of all parties."""
    return [row["code"] for row in found.walk("party.party", ["code"])]


def test_all_pages_are_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page until one is empty, in the order of ids."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 3)
    standin = parties(StandIn(), 7)

    assert codes(standin.calls()) == [f"K-{number}" for number in range(1, 8)]
    assert standin.asked == ["company.company", "company.company", *["party.party"] * 4]


def test_rows_that_go_or_come_move_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was read is deleted and one is added while the list is read: each of the others comes once."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 2)
    standin = parties(StandIn(), 6)

    def change(model: str) -> None:
        if model == "party.party" and standin.asked.count(model) == 1:
            del standin.rows[model][0]
            standin.add(model, id=99, name="Neu", code="K-99")

    standin.after = change

    assert codes(standin.calls()) == ["K-1", "K-2", "K-3", "K-4", "K-5", "K-6", "K-99"]


def test_the_context_names_company_and_language() -> None:
    """Inactive records come as well, and what is translated comes in English."""
    with running(StandIn()) as (tryton, server):
        codes(tryton)
        asked = server.asked[-1]

    assert json.loads(urlsafe_b64decode(asked.headers["x-tryton-context"])) == {"company": 1, "active_test": False}
    assert asked.headers["accept-language"] == "en"
    assert asked.path == "/agency/rest/model/party.party"


def test_a_wrong_key_is_told() -> None:
    """Tryton answers 401 to any question."""
    with running(StandIn(), api_key="0815-no-such-key") as (tryton, _), pytest.raises(AuthenticationFailed):
        codes(tryton)


def test_a_missing_right_is_told_in_trytons_words() -> None:
    """The operator reads what Tryton says."""
    with running(StandIn(forbidden={"sale.sale"})) as (tryton, _), pytest.raises(RefusedError, match="not allowed to"):
        list(tryton.walk("sale.sale", ["number"]))


def test_why_fields_are_asked_for_first() -> None:
    """A field that is not there is a fault of the server as far as anyone can see."""
    with running(StandIn()) as (tryton, _), pytest.raises(Unavailable):
        list(tryton.walk("sale.sale", ["nonsense"]))


def test_a_missing_module_is_named() -> None:
    """No field of a model means that its module is not active."""
    standin = StandIn()
    del standin.fields["sale.sale"]

    with pytest.raises(ConfigError, match=r"no field 'number' of sale\.sale") as refused:
        standin.calls().need("sale.sale", "number", "sale")
    assert "activate the module sale" in refused.value.hint


def test_a_misspelt_field_is_answered_with_the_nearest() -> None:
    """Which field a setting means is the operator's to say."""
    with pytest.raises(ConfigError) as refused:
        StandIn().calls().need("sale.sale", "referenz", "")

    assert "reference" in refused.value.hint


def test_the_only_company_needs_no_name() -> None:
    """Most databases have one."""
    assert StandIn().calls().company == 1


def test_one_of_several_companies_is_named() -> None:
    """What is read and billed belongs to one of them."""
    standin = StandIn()
    standin.add("company.company", party={"id": 9, "name": "Agentur Zwei GmbH"})

    assert standin.calls(company="Agentur Zwei GmbH").company == 2
    with pytest.raises(ConfigError, match="or several") as refused:
        _ = standin.calls().company
    assert refused.value.hint == "write which: company = one of Agentur Muster GmbH, Agentur Zwei GmbH"
    with pytest.raises(ConfigError, match="no company is called 'Agentur Drei'"):
        _ = standin.calls(company="Agentur Drei").company


class Odd:
    """Answers every search with the same."""

    def __init__(self, body: object) -> None:
        self.body = body

    def answer(self, _: Asked) -> Said:
        """Return the body."""
        return Said(200, self.body)


@pytest.mark.parametrize("body", [{}, None, [1], [{"id": "1"}], [{}], "text", [{"id": True}]])
def test_what_is_no_list_of_records_is_refused(body: object) -> None:
    """Whatever answers there, it is no Tryton."""
    with serving(Odd(b"null" if body is None else body)) as server:
        tryton = Calls(settings_of(url=server.url), transport_for("tryton"))
        with pytest.raises(UnexpectedAnswer, match="no list of records came"):
            _ = tryton.fields


@pytest.mark.parametrize("ids", [[1, 1], [2, 1], [0]])
def test_rows_out_of_order_are_refused(ids: list[int]) -> None:
    """A walk by id would lose or repeat some."""
    with serving(Odd([{"id": number} for number in ids])) as server:
        tryton = Calls(settings_of(url=server.url), transport_for("tryton"))
        with pytest.raises(UnexpectedAnswer, match="not in the order of ids"):
            _ = tryton.company


def test_the_words_of_a_refusal() -> None:
    """Message and description together; nothing where Tryton says nothing."""
    assert words_of_refusal({"status": 400, "message": "Nein.", "description": "Darum."}) == "Nein. Darum."
    assert words_of_refusal({"message": "Nein.", "description": ""}) == "Nein."
    assert words_of_refusal(["Nein."]) == ""
