"""A tenant so small that a run takes a moment: two agreements, one with two phases, one with instalments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

CONNECTOR = dedent("""\
    [tenant]
    id = "small"
    name = "Studio Klein"
    time_zone = "Europe/Berlin"
    language = "en"

    [seller]
    name = "Studio Klein GmbH"
    country = "DE"
    vat_id = "DE811111173"

    [defaults]
    payment_days = 14
    approval = "auto"
    number_format = "RE-{year}-{number:04}"

    [[source]]
    name = "ledger"
    type = "ledger"
    folder = "data"
    locale = "de"

    [sink]
    type = "datev"
    consultant_number = 1001
    client_number = 1
    chart = "03"
    directory = "out"
    """)

AGREEMENTS = dedent("""\
    [[agreement]]
    id = "website"
    kind = "progress"
    customer = "K1"
    project = "WEB"
    progress = "manual"
    instalments = "partial_supply"

    [[agreement]]
    id = "film"
    kind = "schedule"
    customer = "K2"
    project = "FILM"
    instalments = "partial_supply"
    [[agreement.instalment]]
    date = 2026-01-31
    percent = 40
    text = "First half"
    [[agreement.instalment]]
    date = 2026-02-28
    percent = 60
    text = "Second half"
    """)

FILM_ACCOUNT = dedent("""\

    [[revenue]]
    service = "film"
    vat_category = "S"
    rate = "19"
    account = "8400"
    automatic = true
    """)

MAPPING = dedent("""\
    [[vat]]
    country = "DE"
    category = "S"
    rate = "19"

    [[debtor]]
    customer = "K1"
    account = "10001"

    [[debtor]]
    customer = "K2"
    account = "10002"

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
        K2;Elbe KG;DE;en
        """,
    "projects": """\
        id;name;customer;start;end
        WEB;Website;K1;01.01.2026;31.03.2026
        FILM;Film;K2;01.01.2026;31.03.2026
        """,
    "offers": """\
        offer;project;state
        A1;WEB;angenommen
        A2;FILM;angenommen
        """,
    "positions": """\
        offer;position;category;label;quantity;unit;unit_price;currency;vat_class;service
        A1;1;Phase 1;Concept;1;pauschal;5.000,00;EUR;standard;web
        A1;2;Phase 2;Design;3;Stück;3.333,33;EUR;standard;web
        A2;1;Film;Film;1;pauschal;1.000,01;EUR;standard;film
        """,
    "progress": """\
        date;project;position;share
        31.01.2026;WEB;A1/1;100 %
        31.01.2026;WEB;A1/2;1 von 3
        28.02.2026;WEB;A1/2;100 %
        """,
}


def small_tenant(folder: Path, *, mapping: str = MAPPING + FILM_ACCOUNT, **settings: str) -> Path:
    """Write the tenant into the folder and return it; `settings` replace the first value of a key."""
    connector = "\n".join(_changed(line, settings) for line in CONNECTOR.splitlines())
    return write_tenant(folder, connector, AGREEMENTS, mapping, LEDGER)


def write_tenant(folder: Path, connector: str, agreements: str, mapping: str, ledger: Mapping[str, str]) -> Path:
    """Write a tenant with these files into the folder and return it."""
    (folder / "data").mkdir(parents=True)
    for name, text in (("connector", connector), ("agreements", agreements), ("mapping", mapping)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    for name, rows in ledger.items():
        write_ledger(folder, name, rows)
    return folder


def write_ledger(folder: Path, name: str, rows: str) -> None:
    """Write a file of the ledger."""
    (folder / "data" / f"{name}.csv").write_text(dedent(rows), encoding="utf-8")


def _changed(line: str, settings: dict[str, str]) -> str:
    key = line.partition(" = ")[0]
    return f'{key} = "{settings.pop(key)}"' if key in settings else line
