"""A tenant with one project of 30,000.00 that is paid ahead: three phases, read at the end of four months."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tests.support.small_tenant import CONNECTOR

AGREEMENT = dedent("""\
    [[agreement]]
    id = "relaunch"
    kind = "progress"
    customer = "K1"
    project = "WEB"
    progress = "manual"
    instalments = "down_payment"
    """)

MAPPING = dedent("""\
    [[vat]]
    country = "DE"
    category = "S"
    rate = "19"

    [[debtor]]
    customer = "K1"
    account = "10001"

    # What is asked for ahead: gross, its VAT is booked when it is paid.
    [[revenue]]
    document_kind = "partial"
    account = "1593"
    automatic = false
    vat_when_paid = true

    # What was paid ahead, and is deducted in the end.
    [[revenue]]
    category = "deduction"
    vat_category = "S"
    rate = "19"
    account = "1718"
    automatic = true

    [[revenue]]
    service = "web"
    vat_category = "S"
    rate = "19"
    account = "8400"
    automatic = true
    """)

LEDGER = {
    "customers": """\
        id;name;country;language
        K1;Möwe GmbH;DE;en
        """,
    "projects": """\
        id;name;customer;start;end
        WEB;Relaunch;K1;01.01.2026;30.04.2026
        """,
    "offers": """\
        offer;project;state
        A1;WEB;angenommen
        """,
    "positions": """\
        offer;position;category;label;quantity;unit;unit_price;currency;vat_class;service
        A1;1;Concept;Concept;1;pauschal;5.000,00;EUR;standard;web
        A1;2;Design;Design;1;pauschal;10.000,00;EUR;standard;web
        A1;3;Building;Building;1;pauschal;15.000,00;EUR;standard;web
        """,
    "progress": """\
        date;project;position;share
        31.01.2026;WEB;A1/1;34,21 %
        28.02.2026;WEB;A1/1;100 %
        28.02.2026;WEB;A1/2;1 von 3
        31.03.2026;WEB;A1/2;100 %
        31.03.2026;WEB;A1/3;40 %
        30.04.2026;WEB;A1/3;100 %
        """,
}


def paid_ahead(folder: Path, *, approval: str = "auto", **keys: str) -> Path:
    """Write the tenant into the folder and return it; `keys` are more keys of the agreement, such as final = "full"."""
    (folder / "data").mkdir(parents=True)
    connector = CONNECTOR.replace('approval = "auto"', f'approval = "{approval}"')
    more = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
    for name, text in (("connector", connector), ("agreements", AGREEMENT + more), ("mapping", MAPPING)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    for name, rows in LEDGER.items():
        write_ledger(folder, name, rows)
    return folder


def write_ledger(folder: Path, name: str, rows: str) -> None:
    """Write a file of the ledger."""
    (folder / "data" / f"{name}.csv").write_text(dedent(rows), encoding="utf-8")
