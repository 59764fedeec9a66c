"""Every ledger file and document.xml we write, held against DATEV's schemas (v060).

They lie in ../shared, or where HONORAR_SHARED says; without them these tests are skipped, in CI they fail.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.core.booking import Booking, RevenueAccount
from connector.sinks.datev_online.ledger import LIST, Package, package_of
from tests.datev.samples import booked, foreign, party, to_austria
from tests.sinks.datev_online.ledgers import amounts_in, rowed
from tests.sinks.datev_online.world import settings_of

pytestmark = pytest.mark.conformance

MADE_AT = datetime(2026, 2, 2, 9, 30, 15, 123456)  # noqa: DTZ001 - DATEV's time has no zone

FULL = RevenueAccount("8200", automatic=False, tax_key="3", cost_centre="200 A", cost_unit="3")

DOCUMENTS = [
    booked("RE-1"),
    replace(booked("RE$&%*+-/2", revenue=FULL, text="x" * 90), order_number="A-17/3.1"),
    booked("GS-3", "-40.00"),
    booked("ST-4", "-100.00", reverses="RE-1"),
    foreign(),
    foreign("1000", "JPY", rate="161.5"),
    to_austria(),
    booked("RE-5", buyer=party("Ö" * 80, city="日本 & <Co>", postal_code="")),
    booked("RE-6", buyer=party("Erika Mustermann", city="", is_business=False)),
    rowed("0.01", "-0.01", "9999999999.99"),
]


@pytest.fixture(scope="module")
def schemas() -> dict[bool, xmlschema.XMLSchema]:
    """Return DATEV's schemas: that of document.xml, and that of ledgers; without them the test is skipped."""
    shared = Path(os.environ.get("HONORAR_SHARED") or Path(__file__).parents[2] / ".." / "shared")
    folder = shared / "facts" / "datev" / "xsd"
    if not folder.is_dir():
        message = f"no schemas of DATEV in {folder}; set HONORAR_SHARED"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    names = {True: "Document_v060.xsd", False: "Belegverwaltung_online_ledger_import_v060.xsd"}
    return {is_list: xmlschema.XMLSchema(folder / name) for is_list, name in names.items()}


def faults(schemas: dict[bool, xmlschema.XMLSchema], package: Package) -> list[str]:
    """Return what the schemas find wrong with the package."""
    return [
        f"{name}: {error.reason}"
        for name, content in package.files.items()
        for error in schemas[name == LIST].iter_errors(content.decode())
    ]


def package(*bookings: Booking, folder: str = "Ausgangsrechnungen", **wishes: object) -> Package:
    """Return the package of the documents."""
    return package_of(settings_of("", **wishes), bookings, "2026-01", folder, MADE_AT)


@pytest.mark.parametrize("booking", DOCUMENTS, ids=lambda each: each.invoice.number)
def test_every_kind_of_document_is_valid(schemas: dict[bool, xmlschema.XMLSchema], booking: Booking) -> None:
    """Invoices, credits, reversals, foreign money, reverse charge, odd texts, extreme amounts."""
    assert faults(schemas, package(booking, uses_delivery_date=True)) == []


def test_a_package_of_all_is_valid(schemas: dict[bool, xmlschema.XMLSchema]) -> None:
    """The list names each of its files."""
    assert faults(schemas, package(*DOCUMENTS, folder="Ausgangsrechnungen & mehr")) == []


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cents=st.lists(st.integers(-199_999_999_999, 199_999_999_999).filter(bool), min_size=1, max_size=5),
    text=st.text(max_size=100),
    name=st.text(min_size=1, max_size=80).filter(str.strip),
)
def test_any_amounts_and_texts_are_valid(
    schemas: dict[bool, xmlschema.XMLSchema], cents: list[int], text: str, name: str
) -> None:
    """Whatever a project tool sends; and the rows add up, which the schema does not look at."""
    booking = rowed(*(f"{Decimal(each) / 100:.2f}" for each in cents))
    rows = tuple(replace(row, text=text) for row in booking.rows)
    invoice = replace(booking.invoice, buyer=party(name))
    made = package(replace(booking, invoice=invoice, rows=rows))
    assert faults(schemas, made) == []
    consolidated, amounts = amounts_in(next(iter(made.files.values())).decode())
    assert consolidated == sum(amounts)


def test_the_schemas_would_find_a_fault(schemas: dict[bool, xmlschema.XMLSchema]) -> None:
    """An account too long, a number with a blank: what the rules refuse, the schemas refuse too."""
    wrong = booked("RE 1", debtor="1234567890")
    assert len(faults(schemas, package(wrong))) >= 2
