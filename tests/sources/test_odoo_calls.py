"""Odoo is called over JSON-RPC or JSON-2; lists are walked by id, and errors mean the same over both."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.errors import (
    AuthenticationFailed,
    ConfigError,
    HonorarError,
    NotAllowed,
    RefusedError,
    UnexpectedAnswer,
)
from connector.sources.odoo import calls
from connector.sources.odoo.calls import Calls, words_of_refusal
from tests.sources.odoo_world import KEY, World, settings_of
from tests.standins.server import Asked, Said, serving
from tests.support.transports import transport_for

APIS = ("jsonrpc", "json2")


def refs(found: Calls) -> list[str]:
    """Return the references of all partners."""
    return [row["ref"] for row in found.walk("res.partner", ["ref"])]


def partners(world: World, count: int) -> World:
    """Return the world with so many partners."""
    for number in range(2, count + 1):
        world.add_partner(f"Kunde {number}", ref=f"K-{number}")
    return world


@pytest.mark.parametrize("api", APIS)
def test_all_pages_are_walked(api: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page until one is empty, in the order of ids, over either API."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 3)

    with partners(World(), 7).calls(api=api) as odoo:
        assert refs(odoo) == [f"K-{number}" for number in range(1, 8)]


def test_rows_that_go_or_come_move_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was read is deleted and one is added while the list is read: each of the others comes once."""
    monkeypatch.setattr(calls, "PAGE_ROWS", 2)
    world = partners(World(), 6)

    def change(_: Asked, said: Said) -> Said:
        if "K-1" in str(said.body):
            del world.api.rows["res.partner"][0]
            world.add_partner("Neu", ref="K-99")
        return said

    world.bend = change

    with world.calls() as odoo:
        assert refs(odoo) == ["K-1", "K-2", "K-3", "K-4", "K-5", "K-6", "K-99"]


def test_over_json_rpc_the_key_stands_in_the_body() -> None:
    """The user is asked for once; the database, its number and the key come with each call."""
    with World().running() as server:
        odoo = Calls(settings_of(server.url), transport_for("odoo"))
        refs(odoo)
        told = [asked.json()["params"] for asked in server.asked]

    assert told[0] == {
        "service": "common", "method": "authenticate", "args": ["agency", "honorar@agency.example", KEY, {}],
    }  # fmt: skip
    assert {tuple(each["args"][:3]) for each in told[1:]} == {("agency", 2, KEY)}
    assert told[-1]["args"][3:5] == ["res.partner", "search_read"]
    assert told[-1]["args"][6]["context"] == {"allowed_company_ids": [1], "active_test": False, "lang": "en_US"}


def test_over_json_2_the_key_is_a_bearer() -> None:
    """The database stands in a header, the model in the address; no login is needed."""
    with World().running() as server:
        odoo = Calls(settings_of(server.url, api="json2", login=""), transport_for("odoo"))
        refs(odoo)
        asked = server.asked[-1]

    assert asked.path == "/json/2/res.partner/search_read"
    assert (asked.headers["authorization"], asked.headers["x-odoo-database"]) == (f"bearer {KEY}", "agency")


def test_json_rpc_needs_a_login() -> None:
    """JSON-2 does without."""
    with pytest.raises(ValidationError, match="needs the login"):
        settings_of("https://agency.odoo.com", login="")


def test_login_and_key_are_proven_before_anything_else() -> None:
    """Odoo answers false to a log-in that fails, with status 200."""
    world = World()
    world.bend = lambda _asked, _said: Said(200, {"jsonrpc": "2.0", "id": 1, "result": False})

    with world.calls() as odoo, pytest.raises(AuthenticationFailed, match="login and key") as refused:
        refs(odoo)
    assert KEY not in str(refused.value)


def error(name: str, message: str) -> dict[str, Any]:
    """Return an error as JSON-RPC tells it."""
    data = {"name": name, "message": message, "debug": f"Traceback … {KEY}", "arguments": [message]}
    return {"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "Odoo Server Error", "data": data}}


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("odoo.exceptions.AccessDenied", AuthenticationFailed),
        ("odoo.exceptions.AccessError", NotAllowed),
        ("odoo.exceptions.UserError", RefusedError),
        ("builtins.ValueError", RefusedError),
    ],
)
def test_an_error_with_status_200_is_one(name: str, meaning: type[HonorarError]) -> None:
    """Its first line is told, its traceback never."""
    world = World()
    world.bend = lambda _asked, _said: Said(200, error(name, "So nicht.\n\nBitte fragen Sie …"))

    with world.calls() as odoo, pytest.raises(meaning) as refused:
        refs(odoo)
    assert type(refused.value) is meaning
    assert refused.value.message == "So nicht."


@pytest.mark.parametrize("api", APIS)
def test_a_missing_right_is_told_in_odoos_words(api: str) -> None:
    """Over either API it means the same."""
    world = World()
    world.api.forbidden.add("sale.order")

    with world.calls(api=api) as odoo, pytest.raises(NotAllowed):
        odoo.fields("sale.order")


@pytest.mark.parametrize(
    "body",
    [
        None, [], 7, {"jsonrpc": "2.0", "id": 1}, {"error": "no"}, {"result": None}, {"result": [7]},
        {"result": [{"id": "1"}]}, {"result": {"id": 1}},
    ],
)  # fmt: skip
def test_what_is_no_answer_of_odoo_is_refused(body: object) -> None:
    """Neither a result nor an error, or a result that is no list of records."""
    world = World()

    def bend(asked: Asked, said: Said) -> Said:
        is_login = asked.json()["params"]["service"] == "common"
        return said if is_login else Said(200, b"null" if body is None else body)

    world.bend = bend
    with world.calls() as odoo, pytest.raises(UnexpectedAnswer):
        refs(odoo)


def test_an_error_without_words_is_still_one() -> None:
    """Odoo refuses it, whatever it says."""
    world = World()
    world.bend = lambda _asked, _said: Said(200, {"jsonrpc": "2.0", "id": 1, "error": {"code": 100}})

    with world.calls() as odoo, pytest.raises(RefusedError, match="Odoo refuses it"):
        refs(odoo)


class Rows:
    """Answers every search over JSON-2 with the same rows."""

    def __init__(self, *ids: int) -> None:
        self.rows = [{"id": number, "name": ""} for number in ids]

    def answer(self, _: Asked) -> Said:
        """Return the rows."""
        return Said(200, self.rows)


@pytest.mark.parametrize("ids", [(1, 1), (2, 1), (0,)])
def test_rows_out_of_order_are_refused(ids: tuple[int, ...]) -> None:
    """A walk by id would lose or repeat some."""
    with serving(Rows(*ids)) as server:
        odoo = Calls(settings_of(server.url, api="json2"), transport_for("odoo"))
        with pytest.raises(UnexpectedAnswer, match="not in the order of ids"):
            _ = odoo.company


def test_fields_that_are_no_object_are_refused() -> None:
    """Whatever answers there, it is no Odoo."""
    with serving(Rows(1)) as server:
        odoo = Calls(settings_of(server.url, api="json2"), transport_for("odoo"))
        with pytest.raises(UnexpectedAnswer, match="does not tell its fields"):
            odoo.fields("sale.order")


def test_a_misspelt_field_is_answered_with_the_nearest() -> None:
    """Fields are asked for once; which one a setting means is the operator's to say."""
    with World().calls() as odoo:
        with pytest.raises(ConfigError, match="no field 'reff' of res") as refused:
            odoo.need("res.partner", "reff")
        assert "ref" in refused.value.hint
        assert odoo.having("res.partner", "nonsense", "ref") == ("ref",)
        with pytest.raises(ConfigError, match="'eins'"):
            odoo.first_of("res.partner", "eins", "zwei")


def test_one_of_several_companies_is_named() -> None:
    """What is read and billed belongs to one of them; the only one needs no name."""
    world = World()
    with world.calls() as odoo:
        assert odoo.company == 1
    world.api.add("res.company", name="Agentur Zwei GmbH")
    with world.calls(company="Agentur Zwei GmbH") as odoo:
        assert odoo.company > 1
    with world.calls() as odoo, pytest.raises(ConfigError, match="or several"):
        _ = odoo.company
    with world.calls(company="Agentur Drei") as odoo, pytest.raises(ConfigError, match="no company is called"):
        _ = odoo.company


def test_the_words_of_a_refusal() -> None:
    """The first line of the message; nothing where there is none."""
    assert words_of_refusal({"message": "Nein.\nDarum."}) == "Nein."
    assert words_of_refusal({"name": "x"}) == ""
    assert words_of_refusal(["Nein."]) == ""
