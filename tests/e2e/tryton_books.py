"""What a bookkeeper does in Tryton: payments and dunning go through wizards there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.e2e.tryton_seed import PAYMENT_METHOD, PROCEDURE
from tests.e2e.tryton_server import TrytonServer

INVOICE = "account.invoice"
DUNNING = "account.dunning"


def pay(server: TrytonServer, invoice: int, amount: Decimal, on: date) -> None:
    """Book a payment of the invoice, or of a part of it."""
    record = server.read(INVOICE, invoice, "party", "currency", "account", "amount_to_pay")
    start = {
        "payee": record["party"], "payees": [record["party"]], "currency": record["currency"], "amount": amount,
        "date": on, "company": server.company, "invoice_account": record["account"], "description": "Zahlung",
        "payment_method": server.only("account.invoice.payment.method", ["name", "=", PAYMENT_METHOD]),
    }  # fmt: skip
    at = {"active_id": invoice, "active_ids": [invoice], "active_model": INVOICE}
    number, state, _ = server.call("wizard.account.invoice.pay.create")
    execute = "wizard.account.invoice.pay.execute"
    server.call(execute, number, {}, state, **at)
    asked = server.call(execute, number, {"start": start}, "choice", **at)
    if amount != record["amount_to_pay"]:
        server.call(execute, number, {"start": start, "ask": {**_defaults(asked), "type": "partial"}}, "pay", **at)
    server.call("wizard.account.invoice.pay.delete", number)


def _defaults(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked["view"]["defaults"].items() if not name.endswith(".")}


def dun_by(server: TrytonServer, party: int) -> None:
    """Let the customer be dunned by the procedure of the set-up."""
    server.change(
        "party.party", party, dunning_procedure=server.only("account.dunning.procedure", ["name", "=", PROCEDURE])
    )


def dun(server: TrytonServer, on: date, *, process: bool = True) -> None:
    """Prepare what is to be dunned as of the day, and send it unless told otherwise."""
    server.run("account.dunning.create", ("create_", {"start": {"date": on, "companies": [server.company]}}))
    drafts = server.find(DUNNING, ["state", "=", "draft"])
    if drafts and process:
        at = {"active_id": drafts[0], "active_ids": drafts, "active_model": DUNNING}
        server.run("account.dunning.process", ("process", {"start": {}}), **at)


def close(server: TrytonServer, first: date) -> None:
    """Close the month that begins with the day."""
    server.press("account.period", "close", server.only("account.period", ["start_date", "=", first]))


def reopen(server: TrytonServer, first: date) -> None:
    """Open the month again, in every journal: closing it has closed these too."""
    month = server.only("account.period", ["start_date", "=", first])
    server.press("account.period", "reopen", month)
    for journal in server.find("account.journal.period", ["period", "=", month]):
        server.press("account.journal.period", "reopen", journal)
