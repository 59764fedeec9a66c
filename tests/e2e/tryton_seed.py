"""What the database of Tryton has before a test begins: an agency that can sell, invoice, and dun.

A company in EUR with Tryton's German chart, fiscal years, VAT, terms of payment, a dunning procedure with fees,
products to sell, and an employee. Found again by the names below.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.tryton_server import TrytonServer

COMPANY = "Agentur Muster GmbH"
COUNTRIES = {"DE": "Deutschland", "AT": "Österreich", "CH": "Schweiz", "FR": "Frankreich"}
EMPLOYEE = "Anna Berg"
YEARS = range(2024, 2029)
TAXES = {"USt 19 %": Decimal("0.19"), "USt 7 %": Decimal("0.07")}
TERM = "14 Tage netto"
TERM_DAYS = 14
PROCEDURE = "Standard"
LEVELS = ((3, False), (14, True), (30, True))
"""Days overdue of each dunning level, and whether it costs a fee."""
FEE = "Mahngebühr"
PAYMENT_METHOD = "Bank"
CATEGORY = "Leistungen"
PRODUCTS = {
    "Beratung": ("hour", Decimal(120)),
    "Festpreis": ("unit", Decimal(1000)),
    "Illustration": ("unit", Decimal(150)),
    "Workshop": ("day", Decimal(1200)),
}
"""Services by name: the unit as Tryton's module calls it, and the price of one."""


def seed(server: TrytonServer) -> None:
    """Set the agency up."""
    _company(server)
    _chart(server)
    for year in YEARS:
        _fiscal_year(server, year)
    taxes = [_tax(server, name, rate) for name, rate in TAXES.items()]
    _payment(server)
    products(server, taxes[0])
    _dunning(server)
    _employee(server)


def account(server: TrytonServer, kind: str) -> int:
    """Return the first open account of a kind: receivable, payable, revenue, expense."""
    return server.only("account.account", [f"type.{kind}", "=", True], ["closed", "!=", True])


def _company(server: TrytonServer) -> None:
    for code, name in COUNTRIES.items():
        server.create("country.country", code=code, name=name)
    euro = server.create("currency.currency", name="Euro", symbol="€", code="EUR", rounding=Decimal("0.01"))
    server.create("currency.currency.rate", currency=euro, date=date(2000, 1, 1), rate=Decimal(1))
    party = server.create("party.party", name=COMPANY)
    server.run("company.company.config", ("add", {"company": {"party": party, "currency": euro}}), company=None)


def _chart(server: TrytonServer) -> None:
    template = server.named("account", "account_template_root_de")
    chosen = {"account": {"account_template": template, "company": server.company}}
    number, state, _ = server.call("wizard.account.create_chart.create")
    execute = "wizard.account.create_chart.execute"
    server.call(execute, number, {}, state)
    server.call(execute, number, chosen, "create_account")
    properties = {
        "company": server.company,
        "account_receivable": account(server, "receivable"),
        "account_payable": account(server, "payable"),
        "category_account_revenue": account(server, "revenue"),
        "category_account_expense": account(server, "expense"),
    }
    server.call(execute, number, {**chosen, "properties": properties}, "create_properties")


def _fiscal_year(server: TrytonServer, year: int) -> None:
    move = _sequence(server, f"Buchungen {year}", "account", "sequence_type_account_move")
    invoice = _sequence(server, f"Rechnungen {year}", "account_invoice", "sequence_type_account_invoice")
    used = dict.fromkeys(
        ("out_invoice_sequence", "in_invoice_sequence", "out_credit_note_sequence", "in_credit_note_sequence"), invoice
    )
    number = server.create(
        "account.fiscalyear", name=str(year), company=server.company, start_date=date(year, 1, 1),
        end_date=date(year, 12, 31), move_sequence=move, invoice_sequences=[["create", [used]]],
    )  # fmt: skip
    server.press("account.fiscalyear", "create_period", number)


def _sequence(server: TrytonServer, name: str, module: str, kind: str) -> int:
    return server.create(
        "ir.sequence.strict", name=name, sequence_type=server.named(module, kind), company=server.company
    )


def _tax(server: TrytonServer, name: str, rate: Decimal) -> int:
    accounts = server.find("account.account", ["code", "=", "6.3.6"]) or [account(server, "payable")]
    return server.create(
        "account.tax", name=name, description=name, type="percentage", rate=rate, company=server.company,
        invoice_account=accounts[0], credit_note_account=accounts[0],
    )  # fmt: skip


def _payment(server: TrytonServer) -> None:
    cash = server.find("account.account", ["code", "=", "1.1.1"]) or [account(server, "receivable")]
    journal = server.only("account.journal", ["type", "=", "cash"])
    server.create(
        "account.invoice.payment.method", name=PAYMENT_METHOD, company=server.company, journal=journal,
        credit_account=cash[0], debit_account=cash[0],
    )  # fmt: skip
    days = {"relativedeltas": [["create", [{"days": TERM_DAYS}]]], "type": "remainder"}
    server.create("account.invoice.payment_term", name=TERM, lines=[["create", [days]]])


def products(server: TrytonServer, tax: int) -> None:
    """Create the services, taxed so."""
    category = server.create(
        "product.category", name=CATEGORY, accounting=True, account_revenue=account(server, "revenue"),
        account_expense=account(server, "expense"), customer_taxes=[["add", [tax]]],
    )  # fmt: skip
    server.change("product.uom", server.named("product", "uom_unit"), rounding=0.01, digits=2)
    for name, (unit, price) in PRODUCTS.items():
        product(server, name, unit, price, category)


def product(server: TrytonServer, name: str, counted_in: str, price: Decimal, category: int) -> int:
    """Return the id of a new service, counted in hour, day or unit."""
    unit = server.named("product", f"uom_{counted_in}")
    template = server.create(
        "product.template", name=name, type="service", default_uom=unit, sale_uom=unit, list_price=price, salable=True,
        account_category=category, products=[["create", [{}]]],
    )  # fmt: skip
    return server.only("product.product", ["template", "=", template])


def _dunning(server: TrytonServer) -> None:
    untaxed = server.create("product.category", name=FEE, accounting=True, account_revenue=account(server, "revenue"))
    fee = server.create(
        "account.dunning.fee", name=FEE, product=product(server, FEE, "unit", Decimal(5), untaxed),
        journal=server.only("account.journal", ["type", "=", "revenue"]), compute_method="list_price",
    )  # fmt: skip
    levels = [
        {"sequence": at, "overdue": timedelta(days), "fee": fee if costs else None}
        for at, (days, costs) in enumerate(LEVELS, 1)
    ]
    server.create("account.dunning.procedure", name=PROCEDURE, levels=[["create", levels]])


def _employee(server: TrytonServer) -> None:
    server.create("company.employee", party=server.create("party.party", name=EMPLOYEE), company=server.company)
