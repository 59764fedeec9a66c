from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from connector.core.payment import Dunning, PaymentState, PaymentStatus
from connector.core.ports import Receipt
from connector.core.problems import Problem
from tests.core.builders import eur
from tests.sinks.tryton.books import NIGHT, delivered, sink
from tests.sinks.tryton_world import (
    KEY,
    document,
)
from tests.standins import Standin, serving
from tests.standins import tryton as standin_of_tryton


def test_states_are_told(there: Standin) -> None:
    """Drafts are open, what was cancelled is so, and the rest is what is left to pay."""
    made = delivered(there, 4)
    invoices = there.api.tables["account.invoice"]
    invoices[1]["state"] = "draft"
    there.api.cancel(2)
    there.api.pay(3, Decimal("5950.00"), date(2026, 2, 3))
    receipts = [Receipt(each.invoice.key, str(number)) for number, each in enumerate(made, start=1)]
    found = [each for each in sink(there).statuses(receipts, NIGHT) if isinstance(each, PaymentStatus)]
    assert [(each.state, each.open, each.paid_on, each.word) for each in found] == [
        (PaymentState.OPEN, eur("5950.00"), None, "draft"),
        (PaymentState.CANCELLED, eur("0.00"), None, "cancelled"),
        (PaymentState.PAID, eur("0.00"), date(2026, 2, 3), "paid"),
        (PaymentState.OPEN, eur("5950.00"), None, "posted"),
    ]
    assert {each.dunning for each in found} == {None}


@pytest.mark.parametrize(
    ("level", "state", "told_as"),
    [
        (1, "draft", Dunning(0, reference="1")),
        (1, "waiting", Dunning(1, "Standard", NIGHT.date(), reference="1")),
        (3, "draft", Dunning(2, "Standard", fee=eur("5.00"), reference="1")),
        (3, "waiting", Dunning(3, "Standard", NIGHT.date(), eur("10.00"), reference="1")),
    ],
)
def test_a_dunning_counts_once_it_was_processed(there: Standin, level: int, state: str, told_as: Dunning) -> None:
    """Prepared, it stands at the level before; fees are added up."""
    delivered(there, 1)
    there.api.dun(1, level, processed=state == "waiting")
    [status] = sink(there).statuses([Receipt(KEY, "1")], None)
    assert isinstance(status, PaymentStatus)
    assert status.dunning == told_as


def test_a_block_is_told(there: Standin) -> None:
    """Whatever the level."""
    delivered(there, 1)
    there.api.dun(1, 1, blocked=True)
    [status] = sink(there).statuses([Receipt(KEY, "1")], None)
    assert isinstance(status, PaymentStatus)
    assert status.dunning is not None
    assert status.dunning.blocked


def test_without_the_module_or_the_right_no_dunning_is_told(there: Standin) -> None:
    """Payments are, all the same."""
    delivered(there, 1)
    there.api.groups.discard("Dunning")
    [status] = sink(there).statuses([Receipt(KEY, "1")], None)
    assert isinstance(status, PaymentStatus)
    assert (status.state, status.dunning) == (PaymentState.OPEN, None)
    with serving(standin_of_tryton.api(now=lambda: NIGHT, dunning=False)) as bare:
        sink(bare).deliver(document())
        [status] = sink(bare).statuses([Receipt(KEY, "1")], None)
        assert isinstance(status, PaymentStatus)
        assert status.dunning is None


def test_without_the_module_of_fees_none_are_asked_for(there: Standin) -> None:
    """The field would be a fault of the server."""
    delivered(there, 1)
    there.api.dun(1, 2)
    models = there.api.tables["ir.model"]
    [fees] = [number for number, each in models.items() if each["name"] == "account.dunning.fee"]
    del models[fees]
    [status] = sink(there).statuses([Receipt(KEY, "1")], None)
    assert isinstance(status, PaymentStatus)
    assert status.dunning is not None
    assert (status.dunning.level, status.dunning.fee) == (2, None)


def test_many_are_asked_for_in_parts(there: Standin) -> None:
    """A hundred at a time; what is gone or not understood of one leaves the others alone."""
    delivered(there, 1)
    one = there.api.tables["account.invoice"][1]
    for number in range(2, 151):
        there.api.add("account.invoice", **{**one, "id": number})
    there.api.tables["account.invoice"][7]["amount_to_pay"] = None
    receipts = [Receipt(f"k-{number}", str(number), "", f"https://{number}.example") for number in range(1, 152)]
    there.asked.clear()
    found = list(sink(there).statuses(receipts, None))
    problems = [each for each in found if isinstance(each, Problem)]
    assert len(found) == 151
    assert [(each.code, each.place) for each in problems] == [
        ("PaymentNotUnderstood", "7, https://7.example"),
        ("PaymentNotUnderstood", "151, https://151.example"),
    ]
    assert there.calls("GET", "/agency/rest/model/account.invoice") == 2
