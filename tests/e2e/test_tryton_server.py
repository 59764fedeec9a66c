"""What the other tests rely on: the agency in Tryton can sell, invoice, be paid late, and dun."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.e2e.tryton_seed import PROCEDURE, TERM, account
from tests.e2e.tryton_server import TrytonRefusedError, TrytonServer


def test_an_invoice_is_posted_and_dunned(tryton: TrytonServer) -> None:
    """An invoice of 1,190.00 gets a number and a due date, and after that day a dunning of the first level."""
    customer = tryton.create(
        "party.party",
        name="Kunde zum Mahnen",
        addresses=[["create", [{"street": "Hauptstraße 1", "postal_code": "10115", "city": "Berlin"}]]],
        customer_payment_term=tryton.only("account.invoice.payment_term", ["name", "=", TERM]),
        dunning_procedure=tryton.only("account.dunning.procedure", ["name", "=", PROCEDURE]),
    )
    invoice = tryton.create(
        "account.invoice",
        type="out",
        party=customer,
        invoice_address=tryton.only("party.address", ["party", "=", customer]),
        account=account(tryton, "receivable"),
        currency=tryton.only("currency.currency", ["code", "=", "EUR"]),
        journal=tryton.only("account.journal", ["type", "=", "revenue"]),
        payment_term=tryton.only("account.invoice.payment_term", ["name", "=", TERM]),
        invoice_date=date(2026, 1, 31),
        company=tryton.company,
        lines=[
            [
                "create",
                [
                    {
                        "type": "line",
                        "account": account(tryton, "revenue"),
                        "product": tryton.only("product.product", ["name", "=", "Festpreis"]),
                        "unit": tryton.named("product", "uom_unit"),
                        "quantity": 0.5,
                        "unit_price": Decimal(2000),
                        "taxes": [["add", [tryton.only("account.tax", ["name", "=", "USt 19 %"])]]],
                    }
                ],
            ]
        ],
    )
    tryton.press_anyway("account.invoice", "post", invoice)
    posted = tryton.read("account.invoice", invoice, "state", "number", "total_amount")
    assert (posted["state"], posted["total_amount"]) == ("posted", Decimal("1190.00"))
    assert posted["number"]

    due = {"start": {"date": date(2026, 2, 17), "companies": [tryton.company]}}
    tryton.run("account.dunning.create", ("create_", due))
    [dunning] = tryton.find("account.dunning", ["party", "=", customer])
    assert tryton.read("account.dunning", dunning, "level.sequence", "maturity_date") == {
        "id": dunning,
        "level.": {"id": tryton.find("account.dunning.level")[0], "sequence": 1},
        "maturity_date": date(2026, 2, 14),
    }


def test_a_refusal_speaks(tryton: TrytonServer) -> None:
    """What Tryton refuses comes with its words."""
    with pytest.raises(TrytonRefusedError, match=r"model\.party\.party\.nonsense"):
        tryton.call("model.party.party.nonsense")
    with pytest.raises(TrytonRefusedError, match="no party"):
        tryton.only("party.party", ["name", "=", "nobody"])
