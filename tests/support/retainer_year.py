"""A tenant with one retainer on two projects, billed on the first of every month: the agency of a retainer's year."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tests.support import small_tenant
from tests.support.small_tenant import CONNECTOR, write_tenant

AGREEMENT = dedent("""\
    [[agreement]]
    id = "care"
    kind = "retainer"
    customer = "K1"
    project = "WEB"
    projects = ["APP"]
    label = "Betreuung"
    service = "care"
    billing = "in_arrears"
    time_rounding = { step_minutes = 15, mode = "up", per = "entry" }
    thresholds = []
    term = { last_day = 2026-12-20 }

    [[agreement.version]]
    valid_from = 2026-01-01
    fee = 2400

    [[agreement.version.item]]
    id = "hours"
    label = "Betreuungsstunden"
    unit = "hours"
    allowance = 20
    overage = { rule = "bill_now", price = 130 }
    rollover = { cap = 10, expires_after = 2, order = "oldest_first" }

    # Dearer and larger from the middle of September on; what is carried over may be more, but lapses sooner.
    [[agreement.version]]
    valid_from = 2026-09-16
    fee = 3000

    [[agreement.version.item]]
    id = "hours"
    label = "Betreuungsstunden"
    unit = "hours"
    allowance = 25
    overage = { rule = "bill_now", price = 135 }
    rollover = { cap = 20, expires_after = 1, order = "oldest_first" }
    """)

MAPPING = small_tenant.MAPPING.replace('"web"', '"care"')

LEDGER = {
    "customers": """\
        id;name;country;language
        K1;Möwe GmbH;DE;de
        """,
    "projects": """\
        id;name;customer
        WEB;Website;K1
        APP;App;K1
        """,
}

HEADING = "id;day;project;person;duration"


def retainer_year(folder: Path) -> Path:
    """Write the tenant without any time into the folder and return it."""
    connector = CONNECTOR.replace('language = "en"', 'language = "de"')
    connector = connector.replace("[defaults]", "[defaults]\nreread_days = 100")
    return write_tenant(folder, connector, AGREEMENT, MAPPING, {**LEDGER, "time": f"{HEADING}\n"})


def book(folder: Path, rows: str) -> None:
    """Write entries (id;day;project;person;duration); one booked before is changed, one without duration deleted."""
    file = folder / "data" / "time.csv"
    booked = {row.partition(";")[0]: row for row in (*file.read_text(encoding="utf-8").split(), *rows.split())}
    kept = (row for row in booked.values() if not row.endswith(";"))
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
