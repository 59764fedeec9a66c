"""A tenant with two retainers: the worked one of domain 4.6 on two pooled projects, and one of every unit."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tests.support import small_tenant
from tests.support.small_tenant import CONNECTOR, write_ledger, write_tenant

AGREEMENTS = dedent("""\
    [[agreement]]
    id = "care"
    kind = "retainer"
    customer = "K1"
    project = "WEB"
    projects = ["APP"]
    label = "Care of website and app"
    service = "care"
    thresholds = []
    time_rounding = { step_minutes = 15, mode = "up", per = "entry" }
    late = "hold"
    term = { minimum = "12 months", notice = "3 months", renewal = "12 months" }
    [[agreement.version]]
    valid_from = 2026-01-01
    fee = 2400
    [[agreement.version.item]]
    id = "hours"
    label = "Hours of care"
    unit = "hours"
    allowance = 20
    overage = { rule = "hold", price = 130 }
    rollover = { cap = 10, expires_after = 2 }

    [[agreement]]
    id = "campaign"
    kind = "retainer"
    customer = "K1"
    project = "ADS"
    label = "Campaign"
    service = "care"
    thresholds = []
    cycle = "quarter"
    time_rounding = { step_minutes = 30, mode = "up", per = "day" }
    [[agreement.version]]
    valid_from = 2026-01-01
    fee = 9000
    [[agreement.version.item]]
    id = "posts"
    label = "Posts"
    unit = "units"
    allowance = 8
    overage = { price = 145 }
    [[agreement.version.item]]
    id = "budget"
    label = "Budget"
    unit = "amount"
    allowance = 500
    role_rates = { Design = 120, Text = "90.00" }
    [[agreement.feed]]
    item = "posts"
    metric = "posts"
    [[agreement.feed]]
    item = "budget"

    [[agreement]]
    id = "hosting"
    kind = "retainer"
    customer = "K1"
    project = "HOST"
    label = "Hosting"
    service = "care"
    [[agreement.version]]
    valid_from = 2026-02-01
    fee = 60

    [[agreement]]
    id = "work"
    kind = "time_and_materials"
    customer = "K1"
    project = "WORK"
    label = "Work"
    service = "care"
    [[agreement.rate]]
    valid_from = 2026-01-01
    default = 100
    """)

MAPPING = small_tenant.MAPPING.replace('"web"', '"care"')

LEDGER = {
    "customers": """\
        id;name;country;language
        K1;Möwe GmbH;DE;en
        """,
    "projects": """\
        id;name;customer;parent
        WEB;Website;K1;
        SHOP;Shop of the website;K1;WEB
        APP;App;K1;
        ADS;Campaign;K1;
        HOST;Hosting;K1;
        WORK;Work;K1;
        """,
    "time": """\
        id;day;project;person;activity;duration;billable;text
        T1;12.01.2026;WEB;Anna;Design;8:00;ja;Concept
        T2;13.01.2026;APP;Örs;Code;5:55;ja;"Forms; protected"
        T3;14.01.2026;WEB;Anna;Design;1:00;nein;Ours
        T4;10.02.2026;SHOP;Örs;Code;23:00;ja;=Checkout
        T5;10.03.2026;WEB;Anna;Design;20:00;ja;Relaunch
        T10;11.03.2026;APP;Örs;Code;10:00;ja;Release
        T6;10.04.2026;WEB;Anna;Design;5:00;ja;Notes
        T7;10.02.2026;ADS;Anna;Design;1:40;ja;Banner
        T8;10.02.2026;ADS;Anna;Design;0:40;ja;Banner again
        T9;11.02.2026;ADS;Örs;Text;2:00;ja;Claim
        """,
    "metrics": """\
        date;project;metric;value
        31.01.2026;ADS;posts;4
        28.02.2026;ADS;posts;5,5
        """,
}


def two_retainers(folder: Path, language: str = "en") -> Path:
    """Write the tenant into the folder and return it."""
    connector = CONNECTOR.replace('language = "en"', f'language = "{language}"')
    return write_tenant(folder, connector, AGREEMENTS, MAPPING, LEDGER)


def rebook(folder: Path, entry: str, duration: str) -> None:
    """Give the time entry another duration, as somebody does behind us."""
    rows = dedent(LEDGER["time"]).splitlines()
    changed = [_with_duration(row, duration) if row.startswith(f"{entry};") else row for row in rows]
    write_ledger(folder, "time", "\n".join(changed) + "\n")


def _with_duration(row: str, duration: str) -> str:
    cells = row.split(";", 6)
    return ";".join((*cells[:5], duration, cells[6]))
