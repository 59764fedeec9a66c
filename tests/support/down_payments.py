"""A tenant with one project of 30,000.00 that is paid ahead: three phases, read at the end of four months."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tests.config.folders import DOWN_PAYMENT_RULES
from tests.support import small_tenant
from tests.support.small_tenant import CONNECTOR, write_tenant

AGREEMENT = dedent("""\
    [[agreement]]
    id = "relaunch"
    kind = "progress"
    customer = "K1"
    project = "WEB"
    progress = "manual"
    instalments = "down_payment"
    """)

MAPPING = DOWN_PAYMENT_RULES + small_tenant.MAPPING

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
    connector = CONNECTOR.replace('approval = "auto"', f'approval = "{approval}"')
    more = "".join(f'{key} = "{value}"\n' for key, value in keys.items())
    return write_tenant(folder, connector, AGREEMENT + more, MAPPING, LEDGER)
