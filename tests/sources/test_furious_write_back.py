"""What was paid is written into the invoice of the same number, once; what cannot be sure is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from connector.core.errors import DocumentRejected, OutcomeUnknown
from connector.core.payment import PaymentState
from connector.core.ports import DocumentNews, StatusWriter
from connector.core.receivables import OpenItem
from connector.sources.furious import Furious, Settings
from connector.sources.furious.calls import DeclinedError
from tests.core.builders import eur
from tests.sources.furious_standin import SETTINGS, World, codes
from tests.support.found import problems

STATES = {"open": "1", "part_paid": "2", "paid": "3", "cancelled": "9"}
FIELDS: Mapping[str, Any] = {"key": "id", "number": "cf_rechnungsnummer", "states": STATES}

DAY = date(2026, 1, 31)
OPEN = OpenItem("k-1", "RE-1", "K1", DAY, DAY, eur("119.00"), eur("119.00"), "website")
PAID = replace(OPEN, open=eur(0), state=PaymentState.PAID, paid_on=date(2026, 2, 10))


def world(**values: object) -> World:
    """Return a Furious with one invoice, open as RE-1 is."""
    made = World()
    told = {"cf_rechnungsnummer": "RE-1", "statut": "1", "project_id": made.project, "id_system": 9007}
    made.add("stand-alone-invoice", **{**told, **values})
    return made


def writer(made: World, **fields: Any) -> Furious:  # noqa: ANN401 - settings as a configuration has them
    """Return the source with these fields of write_back."""
    return made.source(write_back={**FIELDS, **fields})


def news(item: OpenItem, *projects: str) -> DocumentNews:
    """Return news of a document that bills the project, unless others are named."""
    return DocumentNews(item, f"{item.number} …", (), projects or ("100",))


def kept(made: World, at: int = 0) -> tuple[str | None, str | None]:
    """Return state and day of payment as they stand in Furious."""
    row = made.row("stand-alone-invoice", at)
    return row.get("statut"), row.get("payment_date")


def test_nothing_is_written_unless_it_is_asked_for() -> None:
    """Off by default."""
    made = world()
    source = made.source()
    assert isinstance(source, StatusWriter)
    assert not source.writes_status
    assert list(source.write_status(news(PAID))) == []
    assert made.wire.changes() == []
    assert writer(made).writes_status


def test_state_and_day_of_payment_are_written_as_the_vendor_asks_for_it() -> None:
    """One `update` with the id; only the two fields."""
    made = world()
    assert list(writer(made).write_status(news(PAID))) == [
        "furious: stand-alone-invoice #100 (statut 1 → 3, payment_date (empty) → 2026-02-10)"
    ]
    assert kept(made) == ("3", "2026-02-10")
    values = {"id": 100, "statut": "3", "payment_date": "2026-02-10"}
    assert made.wire.changes() == [{"action": "update", "data": values}]
    [change] = [each for each in made.wire.asked if each.body and b"update" in each.body]
    assert (change.method, change.path) == ("POST", "/api/v2/stand-alone-invoice/")


@pytest.mark.parametrize(
    ("statut", "paid_on", "item"),
    [
        ("1", "", OPEN),
        ("1", "0000-00-00 00:00:00", OPEN),
        ("3", "2026-02-10 00:00:00", PAID),
        ("3", "2026-02-09", replace(PAID, paid_on=None)),
    ],
    ids=["open", "no day of a database", "paid", "paid on a day nobody told"],
)
def test_what_stands_there_already_is_not_sent(statut: str, paid_on: str, item: OpenItem) -> None:
    """Read first: a second time is harmless."""
    made = world(statut=statut, payment_date=paid_on)
    assert list(writer(made).write_status(news(item))) == []
    assert made.wire.changes() == []


def test_only_what_differs_is_sent() -> None:
    """The other field stays as it is."""
    made = world(statut="3")
    list(writer(made).write_status(news(PAID)))
    assert made.wire.changes()[0]["data"] == {"id": 100, "payment_date": "2026-02-10"}


@pytest.mark.parametrize("paid_on", [None, date(2026, 2, 10)])
def test_what_is_overpaid_is_paid(paid_on: date | None) -> None:
    """What is to go back is between accounting and the customer; a day that nobody told is left alone."""
    made = world(payment_date="2026-02-09")
    item = replace(PAID, state=PaymentState.OVERPAID, open=eur("-1.00"), paid_on=paid_on)
    list(writer(made).write_status(news(item)))
    assert kept(made) == ("3", (paid_on or date(2026, 2, 9)).isoformat())


@pytest.mark.parametrize(("state", "statut"), [(PaymentState.OPEN, "1"), (PaymentState.PART_PAID, "2")])
def test_a_payment_that_was_taken_back_is_taken_back_there_and_stated(state: PaymentState, statut: str) -> None:
    """The day is emptied: while something is open, the invoice was not paid."""
    made = world(statut="3", payment_date="2026-02-10")
    item = replace(OPEN, state=state, open=eur("19.00"), paid_on=date(2026, 2, 10))
    assert list(writer(made).write_status(news(item))) == [
        f"furious: stand-alone-invoice #100 (statut 3 → {statut}, payment_date 2026-02-10 → (empty))"
    ]
    assert kept(made) == (statut, None)


def test_without_a_field_for_the_day_only_the_state_is_written() -> None:
    """Some keep the day elsewhere."""
    made = world(payment_date="2026-01-01")
    list(writer(made, paid_on="").write_status(news(PAID)))
    assert kept(made) == ("3", "2026-01-01")


def test_what_was_cancelled_gets_its_value() -> None:
    """Whatever was paid before."""
    made = world()
    list(writer(made).write_status(news(replace(OPEN, open=eur(0), cancelled=True))))
    assert kept(made) == ("9", None)


def test_a_state_without_a_value_is_told_and_not_guessed() -> None:
    """Nothing is sent."""
    made = world()
    item = replace(OPEN, state=PaymentState.WRITTEN_OFF)
    with pytest.raises(DocumentRejected, match="no value for written_off"):
        list(writer(made).write_status(news(item)))
    assert made.wire.changes() == []


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (["RE-2"], "no invoices have RE-1 in cf_rechnungsnummer"),
        (["RE-1"], "2 invoices have RE-1"),
    ],
)
def test_none_or_several_invoices_of_a_number_are_told(numbers: list[str], message: str) -> None:
    """Which one is meant is never guessed."""
    made = world(cf_rechnungsnummer="RE-1" if numbers == ["RE-1"] else "RE-0")
    for number in numbers:
        made.add("stand-alone-invoice", cf_rechnungsnummer=number)
    with pytest.raises(DocumentRejected, match=message):
        list(writer(made).write_status(news(PAID)))
    assert made.wire.changes() == []


def test_a_number_that_differs_in_case_is_another_one() -> None:
    """A database may find both."""
    made = world()
    answer = made.wire.get_json

    def loose(url: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        said = answer(url, **more)
        for row in said["data"].get("Invoices", []):
            row["cf_rechnungsnummer"] = "re-1"
        return said

    made.wire.get_json = loose  # type: ignore[method-assign]  # a database that takes it less strictly
    with pytest.raises(DocumentRejected, match="no invoices have RE-1"):
        list(writer(made).write_status(news(PAID)))


@pytest.mark.parametrize("row", [{"id": None}, {"statut": {}}], ids=["without an id", "neither text nor number"])
def test_an_invoice_that_cannot_be_read_is_not_written(row: Mapping[str, Any]) -> None:
    """It is told."""
    made = world()
    made.row("stand-alone-invoice").update(row)
    with pytest.raises(DocumentRejected, match=r"readable id|neither text nor number"):
        list(writer(made).write_status(news(PAID)))
    assert made.wire.changes() == []


def test_a_document_of_other_projects_is_not_looked_for() -> None:
    """It bills nothing of this Furious."""
    made = world()
    assert list(writer(made).write_status(news(PAID, "ELSEWHERE"))) == []
    assert made.wire.searches("stand-alone-invoice") == []


def test_the_projects_are_read_once() -> None:
    """However many documents there are news of."""
    made = world()
    source = writer(made)
    list(source.write_status(news(PAID)))
    list(source.write_status(news(OPEN)))
    assert kept(made) == ("1", None)
    assert len(made.wire.searches("project")) == 1


def test_a_refusal_with_status_200_is_one() -> None:
    """In Furious' words."""
    made = world()
    with pytest.raises(DeclinedError, match=r"refuses the change: .*Unknown id 9007"):
        list(writer(made, key="id_system").write_status(news(PAID)))
    assert kept(made) == ("1", None)


def test_a_change_that_furious_takes_and_does_not_make_is_told() -> None:
    """Nobody documents which values it takes."""
    made = world()
    made.wire.send_json = lambda *_, **__: {"success": True}  # type: ignore[method-assign]  # it says so, no more
    with pytest.raises(DocumentRejected, match=r"says statut 1, payment_date \(empty\) in place of statut 3"):
        list(writer(made).write_status(news(PAID)))


def test_after_a_lost_answer_nothing_is_sent_twice() -> None:
    """The next run reads that it was taken."""
    made = world()
    send = made.wire.send_json

    def losing(method: str, url: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        send(method, url, **more)
        message = "no whole answer came"
        raise OutcomeUnknown(message)

    made.wire.send_json = losing  # type: ignore[method-assign]  # a line that breaks
    with pytest.raises(OutcomeUnknown):
        list(writer(made).write_status(news(PAID)))
    assert list(writer(made).write_status(news(PAID))) == []
    assert (kept(made), len(made.wire.changes())) == (("3", "2026-02-10"), 1)


def test_a_token_that_runs_out_in_between_is_renewed() -> None:
    """The change is sent with the new one."""
    made = world()
    made.api.on_search = lambda path: made.api.tokens.clear() if path == "stand-alone-invoice" else None
    list(writer(made).write_status(news(PAID)))
    assert kept(made) == ("3", "2026-02-10")


def test_the_check_asks_for_the_fields() -> None:
    """A name that Furious refuses is told with its setting."""
    made = world()
    assert list(writer(made).check()) == []
    found = problems(writer(made, number="cf_nummer", paid_on="bezahlt_am").check())
    assert codes(found) == ["UnknownField", "UnknownField"]
    assert [each.place for each in found] == ["furious: write_back.number", "furious: write_back.paid_on"]
    assert codes(writer(made, key="nummer").check()) == ["RightMissing"]


@pytest.mark.parametrize("missing", ["key", "number", "states"])
def test_what_decides_which_invoice_is_changed_has_no_default(missing: str) -> None:
    """Neither the id, nor where our number stands, nor what the states are called."""
    fields = {name: value for name, value in FIELDS.items() if name != missing}
    with pytest.raises(ValidationError, match=missing):
        Settings.model_validate({**SETTINGS, "write_back": fields})
